/* Every tile has one thread, whatever their numbers. */
#include "unit.h"

#include "nn/team.h"

enum { THREADS_MAX = 9, TILES_MAX = 64 };

static const size_t WIDTHS[] = {1, 16, 127, 128, 129, 256, 512, 784, 1024, 5000};

/* How often each tile of so many columns is taken by a team of so many threads. */
static void count_takers(size_t columns, int threads, bool second, unsigned taken[static TILES_MAX])
{
    assert_true(tile_count(columns) <= TILES_MAX);
#pragma omp parallel num_threads(threads)
    for (size_t tile = second ? second_own_tile(columns, 0) : own_tile(columns, 0); tile < tile_count(columns);
         tile = second ? second_own_tile(columns, tile + 1) : own_tile(columns, tile + 1)) {
#pragma omp atomic
        taken[tile]++;
    }
}

static void each_tile_is_one_threads(void **state)
{
    (void)state;
    for (size_t w = 0; w < sizeof WIDTHS / sizeof *WIDTHS; w++) {
        for (int threads = 1; threads <= THREADS_MAX; threads++) {
            for (int second = 0; second < 2; second++) {
                unsigned taken[TILES_MAX] = {0};
                count_takers(WIDTHS[w], threads, second, taken);
                for (size_t tile = 0; tile < TILES_MAX; tile++) {
                    assert_int_equal(taken[tile], tile < tile_count(WIDTHS[w]));
                }
            }
        }
    }
}

static size_t most_columns_of_a_thread(size_t columns, int threads)
{
    size_t most = 0;
#pragma omp parallel num_threads(threads) reduction(max : most)
    {
        size_t own = 0;
        for (size_t tile = own_tile(columns, 0); tile < tile_count(columns); tile = own_tile(columns, tile + 1)) {
            own += tile_width(columns, tile);
        }
        most = own;
    }
    return most;
}

static void shares_are_as_even_as_tiles_allow(void **state)
{
    (void)state;
    for (size_t w = 0; w < sizeof WIDTHS / sizeof *WIDTHS; w++) {
        for (int threads = 1; threads <= THREADS_MAX; threads++) {
            const size_t even = (WIDTHS[w] + (size_t)threads - 1) / (size_t)threads;
            assert_true(most_columns_of_a_thread(WIDTHS[w], threads) <= even + TILE_COLUMNS);
        }
    }
    assert_int_equal(most_columns_of_a_thread(512, 2), 256);
    assert_int_equal(most_columns_of_a_thread(784, 2), 400);
}

/* Of two products of two tiles each, which four threads make without a barrier between them. */
static void second_tiles_fall_to_threads_without_a_first(void **state)
{
    (void)state;
    int tiles[4] = {0};
#pragma omp parallel num_threads(4)
    {
        for (size_t tile = own_tile(256, 0); tile < tile_count(256); tile = own_tile(256, tile + 1)) {
            tiles[omp_get_thread_num()]++;
        }
        for (size_t tile = second_own_tile(256, 0); tile < tile_count(256); tile = second_own_tile(256, tile + 1)) {
            tiles[omp_get_thread_num()]++;
        }
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(tiles[i], 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_tile_is_one_threads),
        cmocka_unit_test(shares_are_as_even_as_tiles_allow),
        cmocka_unit_test(second_tiles_fall_to_threads_without_a_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
