/* Philox against its authors' own library and known answers, and the numbers made from its words. */
#include "nn/rng.h"
#include "unit.h"

#include <Random123/philox.h>
#include <math.h>
#include <stdlib.h>

static void known_answers(void **state)
{
    (void)state;
    uint32_t words[4];
    const uint32_t zeros[4] = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
    rng_words((struct rng_stream){0}, 0, 0, 1, words);
    assert_memory_equal(words, zeros, sizeof zeros);
    const uint32_t ones[4] = {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd};
    rng_words((struct rng_stream){UINT64_MAX, (enum rng_purpose)255, 255, 0xffffffffffff}, UINT32_MAX, UINT32_MAX, 1,
              words);
    assert_memory_equal(words, ones, sizeof ones);
}

/* Each field of the stream stands where the header says, for any number of blocks from any block on. */
static void every_word_is_its_counters(void **state)
{
    (void)state;
    const struct rng_stream stream = {0x0123456789abcdef, RNG_DROPOUT, 9, 0x00ab12345678};
    uint32_t words[4 * 70];
    for (uint32_t first = 0; first < 40; first += 13) {
        for (size_t blocks = 1; blocks <= 70; blocks += 3) {
            rng_words(stream, 77, first, blocks, words);
            for (uint32_t b = 0; b < blocks; b++) {
                philox4x32_ctr_t counter = {{first + b, 77, 0x12345678, 3u << 24 | 9u << 16 | 0xab}};
                philox4x32_key_t key = {{0x89abcdef, 0x01234567}};
                philox4x32_ctr_t wanted = philox4x32(counter, key);
                assert_memory_equal(words + 4 * b, wanted.v, sizeof wanted.v);
            }
        }
    }
}

enum { COUNT = 1000000 };

static real *draw(void (*fill)(struct rng_stream, uint32_t, real *), uint64_t seed)
{
    real *x = malloc(COUNT * sizeof *x);
    assert_non_null(x);
    fill((struct rng_stream){.seed = seed, .purpose = RNG_NOISE}, 0, x);
    return x;
}

static void fill_normal(struct rng_stream stream, uint32_t sample, real *x)
{
    rng_normal(stream, sample, COUNT, x);
}

static void fill_uniform(struct rng_stream stream, uint32_t sample, real *x)
{
    rng_uniform(stream, sample, -2, 3, COUNT, x);
}

/* Normals from the same words through libm, in double. */
static void normals_are_box_and_mullers(void **state)
{
    (void)state;
    real *x = draw(fill_normal, 5);
    for (uint32_t pair = 0; pair < COUNT / 2; pair += 2) {
        uint32_t words[4];
        rng_words((struct rng_stream){.seed = 5, .purpose = RNG_NOISE}, 0, pair / 2, 1, words);
        const double u0 = (words[0] + 0.5) * 0x1p-32, u1 = (words[1] + 0.5) * 0x1p-32;
        const double radius = sqrt(-2 * log(u0)), angle = 2 * 3.14159265358979323846 * u1;
        /* in float, u0 is off by 2^-25 at most, which moves the radius by that over u0 radius; the rest is rounding */
        const double tolerance = 4e-6 + 0x1p-25 / (u0 > 0.5 ? u0 * radius : 1e9);
        assert_true(fabs((double)x[2 * pair] - radius * cos(angle)) < tolerance);
        assert_true(fabs((double)x[2 * pair + 1] - radius * sin(angle)) < tolerance);
    }
    free(x);
}

static void moments(void **state)
{
    (void)state;
    real *x = draw(fill_normal, 6), *u = draw(fill_uniform, 6);
    double mean = 0, square = 0, fourth = 0, product = 0, uniform_mean = 0, uniform_square = 0;
    size_t beyond_two = 0;
    for (size_t i = 0; i < COUNT; i++) {
        const double d = (double)x[i], v = (double)u[i];
        mean += d / COUNT;
        square += d * d / COUNT;
        fourth += d * d * d * d / COUNT;
        product += i ? d * (double)x[i - 1] / COUNT : 0;
        beyond_two += fabs(d) > 2;
        uniform_mean += v / COUNT;
        uniform_square += v * v / COUNT;
        assert_true(v > -2 && v < 3);
    }
    const double stray = 5 / sqrt(COUNT); /* five deviations of a mean of unit variance */
    assert_true(fabs(mean) < stray);
    assert_true(fabs(square - 1) < stray * sqrt(2));
    assert_true(fabs(fourth - 3) < stray * sqrt(96));
    assert_true(fabs(product) < stray);
    assert_true(fabs((double)beyond_two / COUNT - 0.0455003) < stray * 0.2084);
    assert_true(fabs(uniform_mean - 0.5) < stray * 5 / sqrt(12));
    assert_true(fabs(uniform_square - (8.0 + 27) / 15) < stray * 9 / 2);
    free(x);
    free(u);
}

/* A draw of fewer numbers is the beginning of a draw of more. */
static void a_short_draw_begins_a_long_one(void **state)
{
    (void)state;
    const struct rng_stream stream = {.seed = 8, .purpose = RNG_NOISE, .step = 3};
    real all[300], some[300];
    rng_normal(stream, 4, 300, all);
    for (size_t count = 1; count < 300; count += 7) {
        rng_normal(stream, 4, count, some);
        assert_memory_equal(all, some, count * sizeof *all);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(every_word_is_its_counters),
        cmocka_unit_test(normals_are_box_and_mullers),
        cmocka_unit_test(moments),
        cmocka_unit_test(a_short_draw_begins_a_long_one),
    };
    return cmocka_run_group_tests_name("rng", tests, NULL, NULL);
}
