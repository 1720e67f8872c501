#include "eval/nearest.h"
#include "base/memory.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { SLICE = 500 /* images between two looks at the watch */ };

static bool is_nearer(struct neighbour a, struct neighbour b)
{
    return a.squared < b.squared || (a.squared == b.squared && a.index < b.index);
}

/* The least of each row of a block of distances. */
static void least_of_rows(const struct distance_block *block, size_t rows, size_t columns, double *least)
{
    for (size_t r = 0; r < rows; r++) {
        const double *squared = block->squared + r * DISTANCE_COLUMNS;
        double row_least = squared[0];
#pragma omp simd reduction(min : row_least)
        for (size_t c = 0; c < columns; c++) {
            row_least = squared[c] < row_least ? squared[c] : row_least;
        }
        least[r] = row_least;
    }
}

/* Takes what a block says of its images, where it beats what is known of them; `first` is the first training image of
 * the block. Which image it is that is so near is looked for only then. */
static void take_nearer(const struct distance_block *block, size_t rows, const double *least, size_t first,
                        struct neighbour *nearest)
{
    for (size_t r = 0; r < rows; r++) {
        const double *squared = block->squared + r * DISTANCE_COLUMNS;
        struct neighbour other = {first, (uint64_t)least[r]};
        if (other.squared > nearest[r].squared) {
            continue;
        }
        while (squared[other.index - first] > least[r]) {
            other.index++;
        }
        nearest[r] = is_nearer(other, nearest[r]) ? other : nearest[r];
    }
}

static void find_slice(struct distance_block *blocks, struct image_set images, struct image_set training,
                       struct neighbour *nearest)
{
    const size_t rows = distance_blocks(images.count, DISTANCE_ROWS);
    const size_t columns = distance_blocks(training.count, DISTANCE_COLUMNS);
    for (size_t i = 0; i < images.count; i++) {
        nearest[i] = (struct neighbour){0, UINT64_MAX};
    }
#pragma omp parallel for collapse(2) schedule(dynamic)
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < columns; column++) {
            struct distance_block *block = &blocks[omp_get_thread_num()];
            const struct image_set some = distance_part(images, row, DISTANCE_ROWS),
                                   others = distance_part(training, column, DISTANCE_COLUMNS);
            double least[DISTANCE_ROWS];
            distances_compute(block, some, others);
            least_of_rows(block, some.count, others.count, least);
#pragma omp critical
            take_nearer(block, some.count, least, column * DISTANCE_COLUMNS, nearest + row * DISTANCE_ROWS);
        }
    }
}

bool nearest_find(struct image_set images, struct image_set training, struct neighbour *nearest,
                  const struct watch *watch, const char *what, struct error *error)
{
    const size_t threads = (size_t)omp_get_max_threads();
    struct distance_block *blocks = distances_create(threads, images.pixels, error);
    bool good = blocks;
    for (size_t first = 0, index = 0; good && first < images.count; first += SLICE, index++) {
        watch_tell(watch, what, (double)first / (double)images.count);
        good = watch_goes_on(watch, error);
        if (good) {
            find_slice(blocks, distance_part(images, index, SLICE), training, nearest + first);
        }
    }
    distances_free(blocks, threads);
    return good;
}

double nearest_distance(struct neighbour neighbour)
{
    return sqrt((double)neighbour.squared) / 255;
}

bool nearest_grid(struct image_set images, struct image_set training, const struct neighbour *nearest, size_t height,
                  size_t width, struct image *grid, struct error *error)
{
    *grid = (struct image){0};
    const size_t pixels = images.pixels;
    unsigned char *cells = memory_allocate(2 * images.count, pixels, "the images and their neighbours", error);
    if (!cells) {
        return false;
    }
    for (size_t i = 0; i < images.count; i++) {
        memcpy(cells + 2 * i * pixels, images.bytes + i * pixels, pixels);
        memcpy(cells + (2 * i + 1) * pixels, training.bytes + nearest[i].index * pixels, pixels);
    }
    const size_t pairs = (size_t)fmax(1, round(sqrt((double)images.count / 2))); /* in a row */
    const size_t rows = (images.count + pairs - 1) / pairs;
    const bool good = image_grid(cells, 2 * images.count, rows, 2 * pairs, height, width, grid, error);
    free(cells);
    return good;
}
