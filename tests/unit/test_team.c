/* Every tile has one thread, whatever their numbers. */
#include "unit.h"

#include "nn/team.h"

enum { THREADS_MAX = 9, COLUMNS_MAX = 5001 };

static const size_t WIDTHS[] = {1, 16, 32, 33, 127, 128, 129, 192, 256, 300, 383, 512, 784, 1024, 1200, 5000};

static void tiles_lie_side_by_side(void **state)
{
    (void)state;
    for (size_t shares = 1; shares <= THREADS_MAX; shares++) {
        for (size_t columns = 0; columns <= 3000; columns++) {
            size_t end = 0;
            for (size_t i = 0; i < tile_count(columns, shares); i++) {
                const struct tile tile = tile_at(columns, shares, i);
                assert_int_equal(tile.begin, end);
                assert_int_equal(tile.begin % TILE_BOUND, 0);
                assert_in_range(tile.count, 1, TILE_COLUMNS_MAX);
                end += tile.count;
            }
            assert_int_equal(end, columns);
        }
    }
}

/* How often each column is taken by a team of so many threads. */
static void count_takers(size_t columns, int threads, bool second, unsigned *taken)
{
#pragma omp parallel num_threads(threads)
    for (struct own_tiles own = second ? second_own_tiles(columns) : own_tiles(columns); next_tile(&own);) {
        for (size_t i = 0; i < own.tile.count; i++) {
#pragma omp atomic
            taken[own.tile.begin + i]++;
        }
    }
}

static void each_tile_is_one_threads(void **state)
{
    (void)state;
    for (size_t w = 0; w < sizeof WIDTHS / sizeof *WIDTHS; w++) {
        for (int threads = 1; threads <= THREADS_MAX; threads++) {
            for (int second = 0; second < 2; second++) {
                unsigned taken[COLUMNS_MAX] = {0};
                count_takers(WIDTHS[w], threads, second, taken);
                for (size_t i = 0; i < COLUMNS_MAX; i++) {
                    assert_int_equal(taken[i], i < WIDTHS[w]);
                }
            }
        }
    }
    unsigned none = 0;
    count_takers(0, 2, false, &none);
    assert_int_equal(none, 0);
}

static size_t most_columns_of_a_thread(size_t columns, int threads)
{
    size_t most = 0;
#pragma omp parallel num_threads(threads) reduction(max : most)
    for (struct own_tiles own = own_tiles(columns); next_tile(&own);) {
        most += own.tile.count;
    }
    return most;
}

static void shares_are_as_even_as_tiles_allow(void **state)
{
    (void)state;
    for (size_t w = 0; w < sizeof WIDTHS / sizeof *WIDTHS; w++) {
        for (int threads = 1; threads <= THREADS_MAX; threads++) {
            const size_t even = (WIDTHS[w] + (size_t)threads - 1) / (size_t)threads;
            const size_t beyond = matmul_is_divisible() ? 2 * TILE_BOUND : TILE_COLUMNS_MAX;
            assert_true(most_columns_of_a_thread(WIDTHS[w], threads) <= even + beyond);
        }
    }
    for (size_t columns = 2 * TILE_BOUND + 1; columns <= 3000; columns++) { /* two threads' middle is a tile's bound */
        assert_true(most_columns_of_a_thread(columns, 2) <= (columns + 1) / 2 + TILE_BOUND / 2);
    }
}

/* Of two products of two tiles each, which four threads make without a barrier between them. */
static void second_tiles_fall_to_threads_without_a_first(void **state)
{
    (void)state;
    int tiles[4] = {0};
#pragma omp parallel num_threads(4)
    {
        for (struct own_tiles own = own_tiles(2 * TILE_BOUND + 1); next_tile(&own);) {
            tiles[omp_get_thread_num()]++;
        }
        for (struct own_tiles own = second_own_tiles(2 * TILE_BOUND + 1); next_tile(&own);) {
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
        cmocka_unit_test(tiles_lie_side_by_side),
        cmocka_unit_test(each_tile_is_one_threads),
        cmocka_unit_test(shares_are_as_even_as_tiles_allow),
        cmocka_unit_test(second_tiles_fall_to_threads_without_a_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
