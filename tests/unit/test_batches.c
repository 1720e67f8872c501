/* What dataset.h says of the order of the images and of a batch. */
#include "data/dataset.h"

#include "unit.h"

#include <stdlib.h>

/* A data set of `count` elements for shuffling alone; free its order. */
static struct dataset elements(size_t count)
{
    struct dataset dataset = {.count = count, .order = malloc(count * sizeof *dataset.order)};
    assert_non_null(dataset.order);
    return dataset;
}

static void a_shuffle_is_a_permutation(void **state)
{
    (void)state;
    static const size_t COUNTS[] = {1, 2, 3, 4095, 4096, 4097, 60000};
    for (size_t i = 0; i < sizeof COUNTS / sizeof COUNTS[0]; i++) {
        struct dataset dataset = elements(COUNTS[i]);
        bool *seen = calloc(COUNTS[i], 1);
        assert_non_null(seen);
        dataset_shuffle(&dataset, 3, 9);
        for (size_t e = 0; e < COUNTS[i]; e++) {
            assert_true(dataset.order[e] < COUNTS[i]);
            assert_false(seen[dataset.order[e]]);
            seen[dataset.order[e]] = true;
        }
        free(seen);
        free(dataset.order);
    }
}

/* One round function, one word at a time, one element at a time: as the headers define it. */
static uint32_t philox_word(uint64_t seed, uint64_t step, uint32_t word)
{
    uint32_t c[4] = {word / 4, 0, (uint32_t)step, 4u << 24 | (uint32_t)(step >> 32)};
    uint32_t k[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    for (int round = 0; round < 10; round++) {
        uint64_t a = (uint64_t)0xD2511F53 * c[0], b = (uint64_t)0xCD9E8D57 * c[2];
        c[0] = (uint32_t)(b >> 32) ^ c[1] ^ k[0];
        c[1] = (uint32_t)b;
        c[2] = (uint32_t)(a >> 32) ^ c[3] ^ k[1];
        c[3] = (uint32_t)a;
        k[0] += 0x9E3779B9;
        k[1] += 0xBB67AE85;
    }
    return c[word % 4];
}

static void a_shuffle_is_fisher_and_yates_over_philox(void **state)
{
    (void)state;
    static const struct {
        uint64_t seed, epoch;
        size_t count;
    } CASES[] = {{0, 0, 60000}, {1, 0, 10007}, {7, 3, 8192}, {(5ull << 32) + 7, (1ull << 33) + 3, 4097}};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct dataset dataset = elements(CASES[i].count), expected = elements(CASES[i].count);
        for (size_t e = 0; e < expected.count; e++) {
            expected.order[e] = (uint32_t)e;
        }
        for (size_t e = expected.count - 1; e > 0; e--) {
            size_t other = philox_word(CASES[i].seed, CASES[i].epoch, (uint32_t)e) * (e + 1) >> 32;
            uint32_t element = expected.order[e];
            expected.order[e] = expected.order[other];
            expected.order[other] = element;
        }
        dataset_shuffle(&dataset, CASES[i].seed, CASES[i].epoch);
        assert_memory_equal(dataset.order, expected.order, dataset.count * sizeof *dataset.order);
        free(dataset.order);
        free(expected.order);
    }
}

/* Numbers from a program in another language: a run started today must go on after any later version. */
static void a_shuffle_keeps_its_numbers(void **state)
{
    (void)state;
    static const uint32_t SMALL[] = {1, 8, 5, 3, 10, 4, 0, 6, 2, 9, 7, 11};
    static const uint32_t LARGE[] = {36579, 57314, 36658, 7867, 19357, 59715};
    struct dataset dataset = elements(12);
    dataset_shuffle(&dataset, 7, 3);
    assert_memory_equal(dataset.order, SMALL, sizeof SMALL);
    free(dataset.order);
    dataset = elements(60000);
    dataset_shuffle(&dataset, 0, 0);
    assert_memory_equal(dataset.order, LARGE, sizeof LARGE);
    free(dataset.order);
}

static void a_shuffle_depends_on_seed_and_epoch_alone(void **state)
{
    (void)state;
    enum { COUNT = 1000 };
    struct dataset a = elements(COUNT), b = elements(COUNT);
    size_t bytes = COUNT * sizeof *a.order;
    dataset_shuffle(&a, 1, 1);
    dataset_shuffle(&b, 1, 2);
    assert_memory_not_equal(a.order, b.order, bytes);
    dataset_shuffle(&b, 2, 1);
    assert_memory_not_equal(a.order, b.order, bytes);
    dataset_shuffle(&b, 1, 1); /* whatever came before */
    assert_memory_equal(a.order, b.order, bytes);
    free(a.order);
    free(b.order);
}

enum { GATHER_IMAGES = 100, GATHER_PIXELS = 35, GATHER_STRIDE = 40, GATHER_ROWS = 61, GATHER_FIRST = 39 };

static void gather_once(const struct dataset *dataset, real *out, bool team)
{
    const struct matrix m = {out, GATHER_ROWS, GATHER_PIXELS, GATHER_STRIDE};
    for (size_t i = 0; i < GATHER_ROWS * GATHER_STRIDE; i++) {
        out[i] = -7;
    }
    if (!team) {
        dataset_gather(dataset, GATHER_FIRST, (real)2 / 255, -1, m);
        return;
    }
#pragma omp parallel num_threads(3)
    dataset_gather(dataset, GATHER_FIRST, (real)2 / 255, -1, m);
}

static void gather_scales_the_rows_of_the_order(void **state)
{
    (void)state;
    unsigned char images[GATHER_IMAGES * GATHER_PIXELS];
    uint32_t order[GATHER_IMAGES];
    for (size_t i = 0; i < sizeof images; i++) {
        images[i] = (unsigned char)(i * 73 % 256);
    }
    struct dataset dataset = {
        .count = GATHER_IMAGES, .height = 5, .width = GATHER_PIXELS / 5, .images = images, .order = order};
    dataset_shuffle(&dataset, 1, 1);
    static real serial[GATHER_ROWS * GATHER_STRIDE], team[GATHER_ROWS * GATHER_STRIDE];
    gather_once(&dataset, serial, false);
    gather_once(&dataset, team, true);
    assert_memory_equal(serial, team, sizeof serial);
    for (size_t row = 0; row < GATHER_ROWS; row++) {
        const unsigned char *image = images + order[GATHER_FIRST + row] * GATHER_PIXELS;
        for (size_t i = 0; i < GATHER_STRIDE; i++) {
            double expected = i < GATHER_PIXELS ? image[i] * 2 / 255.0 - 1 : -7;
            double difference = (double)serial[row * GATHER_STRIDE + i] - expected;
            assert_true(difference < 1e-6 && difference > -1e-6);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shuffle_is_a_permutation),
        cmocka_unit_test(a_shuffle_is_fisher_and_yates_over_philox),
        cmocka_unit_test(a_shuffle_keeps_its_numbers),
        cmocka_unit_test(a_shuffle_depends_on_seed_and_epoch_alone),
        cmocka_unit_test(gather_scales_the_rows_of_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
