/* Distances between images are exact, also where the products' sums come as high as they can, and in runs of pixels. */
#include "eval/distances.h"
#include "nn/matmul.h"
#include "unit.h"

#include <string.h>

enum { PIXELS_MAX = 2500, ROWS = DISTANCE_ROWS, COLUMNS = DISTANCE_COLUMNS };

static unsigned char row_bytes[ROWS * PIXELS_MAX], column_bytes[COLUMNS * PIXELS_MAX];

static double plain_distance(const unsigned char *a, const unsigned char *b, size_t pixels)
{
    int64_t sum = 0;
    for (size_t p = 0; p < pixels; p++) {
        sum += (a[p] - b[p]) * (a[p] - b[p]);
    }
    return (double)sum;
}

/* Whole and smaller blocks of images of so many pixels, against the plain sums. */
static void compare(size_t pixels, size_t rows, size_t columns)
{
    struct error error;
    struct distance_block *block = distances_create(1, pixels, &error);
    assert_non_null(block);
    const struct image_set some = {row_bytes, rows, pixels}, others = {column_bytes, columns, pixels};
    distances_compute(block, some, some); /* which leaves nothing behind */
    distances_compute(block, some, others);
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < columns; c++) {
            const double wanted = plain_distance(row_bytes + r * pixels, column_bytes + c * pixels, pixels);
            if (block->squared[r * DISTANCE_COLUMNS + c] != wanted) {
                fail_msg("%zu pixels, images %zu and %zu: %.17g, not %.17g", pixels, r, c,
                         block->squared[r * DISTANCE_COLUMNS + c], wanted);
            }
        }
    }
    distances_free(block, 1);
}

static void compare_lengths(void)
{
    static const size_t lengths[] = {1, 17, 1023, 1024, 1025, PIXELS_MAX};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        compare(lengths[i], 3, 5);
        compare(lengths[i], 1, 1);
    }
    compare(33, ROWS, COLUMNS);
}

static void of_any_bytes(void **state)
{
    (void)state;
    uint32_t random = 1;
    for (size_t i = 0; i < sizeof column_bytes; i++) {
        random = random * 1664525 + 1013904223;
        column_bytes[i] = (unsigned char)(random >> 24);
        row_bytes[i % sizeof row_bytes] = (unsigned char)(random >> 16);
    }
    compare_lengths();
}

/* Black and nearly black images: the sum of a run's products is 2^24, and what is below it ends in 1. */
static void of_the_largest_products(void **state)
{
    (void)state;
    memset(row_bytes, 0, sizeof row_bytes);
    memset(column_bytes, 0, sizeof column_bytes);
    for (size_t i = 0; i < sizeof column_bytes; i += 997) {
        column_bytes[i] = (unsigned char)(i % 256);
    }
    compare_lengths();
    memset(row_bytes, 255, sizeof row_bytes);
    compare_lengths();
}

static void parts_of_a_set(void **state)
{
    (void)state;
    const struct image_set set = {row_bytes, 10, 7};
    assert_int_equal(distance_blocks(10, 4), 3);
    assert_int_equal(distance_blocks(8, 4), 2);
    assert_int_equal(distance_part(set, 1, 4).count, 4);
    assert_ptr_equal(distance_part(set, 2, 4).bytes, row_bytes + 56);
    assert_int_equal(distance_part(set, 2, 4).count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_any_bytes),
        cmocka_unit_test(of_the_largest_products),
        cmocka_unit_test(parts_of_a_set),
    };
    matmul_prepare();
    return cmocka_run_group_tests_name("distances", tests, NULL, NULL);
}
