/* Nearest training images: exact, the first of equals, the same for any number of threads. */
#include "eval/nearest.h"
#include "io/image.h"
#include "nn/matmul.h"
#include "scratch.h"

#include <omp.h>

static void find(struct image_set images, struct image_set training, struct neighbour *nearest)
{
    const struct watch none = {.stop = NULL};
    struct error error;
    assert_true(nearest_find(images, training, nearest, &none, "", &error));
}

static void known_distances(void **state)
{
    (void)state;
    static const unsigned char training[4][3] = {{0, 0, 0}, {255, 255, 255}, {10, 20, 30}, {10, 20, 30}};
    static const unsigned char images[3][3] = {{10, 20, 33}, {0, 0, 1}, {250, 255, 250}};
    struct neighbour nearest[3];
    find((struct image_set){images[0], 3, 3}, (struct image_set){training[0], 4, 3}, nearest);
    assert_int_equal(nearest[0].index, 2); /* and not 3, which is as near */
    assert_int_equal(nearest[0].squared, 9);
    assert_int_equal(nearest[1].index, 0);
    assert_int_equal(nearest[1].squared, 1);
    assert_int_equal(nearest[2].index, 1);
    assert_int_equal(nearest[2].squared, 50);
    assert_true(nearest_distance((struct neighbour){0, 4 * 255 * 255}) == 2);
}

/* So many pixels, all as far apart as they can be, that 32 bits do not hold the sum. */
static void large_images(void **state)
{
    (void)state;
    enum { PIXELS = 70001 };
    static unsigned char black[PIXELS], white[2][PIXELS];
    struct neighbour nearest;
    memset(white, 255, sizeof white);
    white[1][PIXELS - 1] = 254;
    find((struct image_set){black, 1, PIXELS}, (struct image_set){white[0], 2, PIXELS}, &nearest);
    assert_int_equal(nearest.index, 1);
    assert_true(nearest.squared == (uint64_t)(PIXELS - 1) * 255 * 255 + 254 * 254);
}

enum { COUNT = 20, TRAINING = 3000, PIXELS = 37 };

static void fill(unsigned char *bytes, size_t count, uint32_t random)
{
    for (size_t i = 0; i < count; i++) {
        random = random * 1664525 + 1013904223;
        bytes[i] = (unsigned char)(random >> 24);
    }
}

static void against_the_plain_way(void **state)
{
    (void)state;
    static unsigned char images[COUNT][PIXELS], training[TRAINING][PIXELS];
    static struct neighbour nearest[COUNT];
    fill(*images, sizeof images, 1);
    fill(*training, sizeof training, 2);
    memcpy(training[2500], images[3], PIXELS); /* twice, in the blocks of two threads */
    memcpy(training[300], images[3], PIXELS);
    for (int threads = 1; threads <= 3; threads++) {
        omp_set_num_threads(threads);
        find((struct image_set){images[0], COUNT, PIXELS}, (struct image_set){training[0], TRAINING, PIXELS}, nearest);
        for (size_t i = 0; i < COUNT; i++) {
            size_t best = 0;
            long least = -1;
            for (size_t t = 0; t < TRAINING; t++) {
                long sum = 0;
                for (size_t p = 0; p < PIXELS; p++) {
                    sum += ((long)images[i][p] - training[t][p]) * ((long)images[i][p] - training[t][p]);
                }
                if (least < 0 || sum < least) {
                    least = sum;
                    best = t;
                }
            }
            assert_int_equal(nearest[i].index, best);
            assert_int_equal(nearest[i].squared, least);
        }
        assert_int_equal(nearest[3].index, 300);
    }
}

/* More images than a block has, and training images that come again in each block: the first one is wanted, whichever
 * thread is done first. */
static void copies_in_all_blocks(void **state)
{
    (void)state;
    enum { MANY = 300, DISTINCT = DISTANCE_COLUMNS, BLOCKS = 12, SIZE = 400 };
    static unsigned char images[MANY][SIZE], training[BLOCKS * DISTINCT][SIZE];
    static struct neighbour nearest[MANY];
    fill(*images, sizeof images, 3);
    fill(*training, DISTINCT * SIZE, 4);
    for (size_t t = DISTINCT; t < (size_t)BLOCKS * DISTINCT; t++) {
        memcpy(training[t], training[t % DISTINCT], SIZE);
    }
    for (size_t i = 0; i < MANY; i++) {
        memcpy(images[i], training[i], SIZE);
        images[i][5] ^= 16;
    }
    for (int threads = 1; threads <= 3; threads++) {
        omp_set_num_threads(threads);
        for (int again = 0; again < 3; again++) {
            find((struct image_set){images[0], MANY, SIZE}, (struct image_set){training[0], BLOCKS * DISTINCT, SIZE},
                 nearest);
            for (size_t i = 0; i < MANY; i++) {
                assert_int_equal(nearest[i].index, i);
                assert_int_equal(nearest[i].squared, 256);
            }
        }
    }
}

/* Two images beside their neighbours: 2 x 1 pixels each, in a row of the grid. */
static void the_grid(void **state)
{
    static const unsigned char images[2][2] = {{1, 2}, {3, 4}}, training[2][2] = {{5, 6}, {7, 8}};
    static const struct neighbour nearest[2] = {{1, 0}, {0, 0}};
    (void)state;
    struct error error;
    struct image grid;
    assert_true(nearest_grid((struct image_set){images[0], 2, 2}, (struct image_set){training[0], 2, 2}, nearest, 2, 1,
                             &grid, &error));
    assert_int_equal(grid.height, image_grid_side(2, 2)); /* a pair in each row */
    assert_int_equal(grid.width, image_grid_side(2, 1));
    static const unsigned char wanted[2][2][2] = {{{1, 2}, {7, 8}}, {{3, 4}, {5, 6}}};
    for (size_t row = 0; row < 2; row++) {
        for (size_t column = 0; column < 2; column++) {
            for (size_t y = 0; y < 2; y++) {
                const size_t top = 2 + row * 4 + y, left = 2 + column * 3;
                assert_int_equal(grid.pixels[top * grid.width + left], wanted[row][column][y]);
            }
        }
    }
    image_free(&grid);
}

struct looks {
    size_t count;
    volatile sig_atomic_t stop;
};

/* Ends it at the third look. */
static void look(void *context, const char *what, double done)
{
    struct looks *looks = context;
    assert_string_equal(what, "neighbours");
    assert_true(done == (double)looks->count * 500 / 1600);
    looks->stop = ++looks->count == 3;
}

static void a_watch_is_told_and_ends_it(void **state)
{
    (void)state;
    static unsigned char images[1600];
    static struct neighbour nearest[1600];
    struct looks looks = {0, 0};
    const struct watch watch = {look, &looks, &looks.stop};
    const struct image_set set = {images, 1600, 1};
    struct error error;
    assert_false(nearest_find(set, set, nearest, &watch, "neighbours", &error));
    assert_int_equal(error.status, STATUS_STOPPED);
    assert_int_equal(looks.count, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_distances),
        cmocka_unit_test(large_images),
        cmocka_unit_test(against_the_plain_way),
        cmocka_unit_test(copies_in_all_blocks),
        scratch_test(the_grid),
        cmocka_unit_test(a_watch_is_told_and_ends_it),
    };
    matmul_prepare();
    return cmocka_run_group_tests_name("nearest", tests, NULL, NULL);
}
