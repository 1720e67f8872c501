#include "eval/distances.h"
#include "base/memory.h"
#include "nn/matmul.h"

#include <stdint.h>
#include <stdlib.h>

enum {
    RUN = 1024, /* pixels whose products' sum a float holds */
    MIDDLE = 128, /* what is taken off a byte */
};
_Static_assert(RUN *MIDDLE *MIDDLE <= 1 << 24, "a run's product is exact in float");

static size_t run_length(size_t pixels)
{
    return pixels < RUN ? pixels : RUN;
}

struct distance_block *distances_create(size_t threads, size_t pixels, struct error *error)
{
    static const char what[] = "distances between images";
    const size_t run = run_length(pixels);
    struct distance_block *blocks = memory_allocate(threads, sizeof *blocks, what, error);
    bool good = blocks;
    for (size_t i = 0; good && i < threads; i++) {
        struct distance_block *block = &blocks[i];
        good = (block->squared = memory_allocate(DISTANCE_ROWS * DISTANCE_COLUMNS, sizeof(double), what, error)) &&
               (block->rows = memory_allocate(DISTANCE_ROWS * run, sizeof(real), what, error)) &&
               (block->columns = memory_allocate(DISTANCE_COLUMNS * run, sizeof(real), what, error)) &&
               (block->products = memory_allocate(DISTANCE_ROWS * DISTANCE_COLUMNS, sizeof(real), what, error));
    }
    if (!good) {
        distances_free(blocks, threads);
        return NULL;
    }
    return blocks;
}

void distances_free(struct distance_block *blocks, size_t threads)
{
    for (size_t i = 0; blocks && i < threads; i++) {
        free(blocks[i].squared);
        free(blocks[i].rows);
        free(blocks[i].columns);
        free(blocks[i].products);
    }
    free(blocks);
}

struct image_set distance_part(struct image_set set, size_t index, size_t size)
{
    const size_t first = index * size, left = set.count - first;
    return (struct image_set){set.bytes + first * set.pixels, left < size ? left : size, set.pixels};
}

/* Bytes as numbers; returns the sum of their squares, which is at most RUN * MIDDLE^2. */
static double convert(const unsigned char *bytes, size_t count, real *numbers)
{
    int32_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        const int32_t value = bytes[i] - MIDDLE;
        numbers[i] = (real)value;
        sum += value * value;
    }
    return sum;
}

/* Pixels first .. first + numbers.columns - 1 of the images into the rows of `numbers`, and their squares' sums. */
static void convert_all(struct image_set set, size_t first, struct matrix numbers, double *squares)
{
    for (size_t i = 0; i < set.count; i++) {
        squares[i] = convert(set.bytes + i * set.pixels + first, numbers.columns, numbers.data + i * numbers.stride);
    }
}

/* Adds a run's distances to those of the runs before it, or begins with them. */
static void add_run(struct matrix products, const double *row_squares, const double *column_squares, bool begin,
                    double *squared)
{
    for (size_t r = 0; r < products.rows; r++) {
        const real *product = products.data + r * products.stride;
        double *to = squared + r * DISTANCE_COLUMNS;
        for (size_t c = 0; c < products.columns; c++) {
            const double distance = row_squares[r] + column_squares[c] - 2 * (double)product[c];
            to[c] = begin ? distance : to[c] + distance;
        }
    }
}

void distances_compute(struct distance_block *block, struct image_set rows, struct image_set columns)
{
    double row_squares[DISTANCE_ROWS], column_squares[DISTANCE_COLUMNS];
    for (size_t first = 0; first < rows.pixels; first += RUN) {
        const size_t run = run_length(rows.pixels - first);
        const struct matrix a = {block->rows, rows.count, run, run}, b = {block->columns, columns.count, run, run},
                            products = {block->products, rows.count, columns.count, DISTANCE_COLUMNS};
        convert_all(rows, first, a, row_squares);
        convert_all(columns, first, b, column_squares);
        matmul_transposed(a, b, products);
        add_run(products, row_squares, column_squares, first == 0, block->squared);
    }
}
