/* Each initial distribution: its bounds, its moments, and that a draw depends on seed, tensor, row and column alone.
 * And the biases that are not drawn. */
#include "cli/options.h"
#include "gan/gan.h"
#include "nn/initialization.h"
#include "nn/matmul.h"
#include "nn/pass.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 400, COLUMNS = 500, COUNT = ROWS * COLUMNS };

struct moments {
    double mean, deviation, kurtosis, least, greatest;
};

static real *draw(enum initialization_kind kind, double scale, uint64_t seed, uint32_t part)
{
    real *tensor = malloc(COUNT * sizeof *tensor);
    assert_non_null(tensor);
    initialize_tensor((struct initialization){kind, scale}, seed, part, COLUMNS, ROWS, ROWS, COLUMNS, tensor);
    return tensor;
}

static struct moments moments_of(enum initialization_kind kind, double scale)
{
    real *tensor = draw(kind, scale, 11, 3);
    struct moments m = {.least = HUGE_VAL, .greatest = -HUGE_VAL};
    double second = 0, fourth = 0;
    for (size_t i = 0; i < COUNT; i++) {
        m.mean += (double)tensor[i] / COUNT;
    }
    for (size_t i = 0; i < COUNT; i++) {
        const double x = (double)tensor[i], d = (x - m.mean) * (x - m.mean);
        second += d / COUNT;
        fourth += d * d / COUNT;
        m.least = fmin(m.least, x);
        m.greatest = fmax(m.greatest, x);
    }
    m.deviation = sqrt(second);
    m.kurtosis = fourth / (second * second);
    free(tensor);
    return m;
}

/* Over COUNT draws a mean strays by its deviation / sqrt(COUNT), a deviation by less than that, a kurtosis by
 * sqrt(24 / COUNT) at most; five of these are allowed. */
static void check(const struct moments *m, double deviation, double kurtosis, double bound)
{
    const double stray = 5 / sqrt(COUNT);
    assert_true(fabs(m->mean) < stray * deviation);
    assert_true(fabs(m->deviation - deviation) < stray * deviation);
    assert_true(fabs(m->kurtosis - kurtosis) < stray * sqrt(24));
    assert_true(m->least >= -bound && m->greatest <= bound);
}

/* A uniform distribution fills its bounds: COUNT draws come within bound * 20 / COUNT of each, but for e^-10. */
static void check_uniform(enum initialization_kind kind, double scale, double bound)
{
    const struct moments m = moments_of(kind, scale);
    check(&m, bound / sqrt(3), 1.8, bound * (1 + 1e-6));
    assert_true(m.least < -bound * (1 - 20.0 / COUNT) && m.greatest > bound * (1 - 20.0 / COUNT));
}

static void glorot_uniform(void **state)
{
    (void)state;
    check_uniform(INIT_GLOROT_UNIFORM, 0, sqrt(6.0 / (ROWS + COLUMNS)));
}

static void uniform(void **state)
{
    (void)state;
    check_uniform(INIT_UNIFORM, 0.05, 0.05);
}

static void lecun_uniform(void **state)
{
    (void)state;
    check_uniform(INIT_LECUN_UNIFORM, 0, 1 / sqrt(COLUMNS));
}

static void normal(void **state)
{
    (void)state;
    const struct moments m = moments_of(INIT_NORMAL, 0.01);
    check(&m, 0.01, 3, 0.07);
    assert_true(m.least < -0.04 && m.greatest > 0.04); /* 4 deviations: not cut */
}

/* A standard normal redrawn outside 2 has this deviation and, by the integral of x^4, this kurtosis. */
static const double CUT_DEVIATION = 0.8796256610342398, CUT_KURTOSIS = 2.3655367;

static void truncated_normal(void **state)
{
    (void)state;
    const struct moments m = moments_of(INIT_TRUNCATED_NORMAL, 0.1);
    check(&m, 0.1 * CUT_DEVIATION, CUT_KURTOSIS, 0.2 * (1 + 1e-6));
    assert_true(m.least < -0.199 && m.greatest > 0.199);
}

static void he_normal(void **state)
{
    (void)state;
    const double deviation = sqrt(2.0 / COLUMNS); /* after truncation */
    const struct moments m = moments_of(INIT_HE_NORMAL, 0);
    check(&m, deviation, CUT_KURTOSIS, 2 * deviation / CUT_DEVIATION * (1 + 1e-6));
}

static void draws_depend_on_seed_and_tensor(void **state)
{
    (void)state;
    real *a = draw(INIT_TRUNCATED_NORMAL, 0.1, 11, 3), *again = draw(INIT_TRUNCATED_NORMAL, 0.1, 11, 3);
    real *seed = draw(INIT_TRUNCATED_NORMAL, 0.1, 12, 3), *part = draw(INIT_TRUNCATED_NORMAL, 0.1, 11, 4);
    assert_memory_equal(a, again, COUNT * sizeof *a);
    size_t same_seed = 0, same_part = 0, same_row = 0;
    for (size_t i = 0; i < COUNT; i++) {
        same_seed += a[i] == seed[i];
        same_part += a[i] == part[i];
        same_row += i >= COLUMNS && a[i] == a[i - COLUMNS];
    }
    assert_true(same_seed < COUNT / 1000 && same_part < COUNT / 1000 && same_row < COUNT / 1000);
    free(a);
    free(again);
    free(seed);
    free(part);
}

enum { PIXELS = 3 };

/* What a G of weights zero makes once it has begun at the mean of two images, as greys of 0 to 255. */
static void mean_image(const char *output, double greys[PIXELS])
{
    unsigned char images[2][PIXELS] = {{0, 10, 255}, {0, 45, 250}};
    const struct dataset dataset = {.count = 2, .height = 1, .width = PIXELS, .images = images[0]};
    struct options options = {0};
    struct error error;
    char *argv[] = {(char *)"gan-train", (char *)"--output", (char *)output, (char *)"--ema", (char *)"100", NULL};
    assert_true(options_parse(5, argv, &options, &error));
    struct gan *gan = gan_create(&options.config, PIXELS, 0, &error);
    assert_non_null(gan);
    struct network *generator = gan->generator.network;
    memset(generator->parameters, 0, generator->parameter_count * sizeof *generator->parameters);
    assert_true(gan_begin_at_mean(gan, &dataset, &error));
    real made[PIXELS], scale, offset;
    real *latent = calloc(generator->inputs, sizeof *latent);
    const struct batch batch = {
        .input = {latent, 1, generator->inputs, generator->inputs},
        .output = {made, 1, PIXELS, PIXELS},
        .groups = 1,
    };
    network_infer(gan_sampled_generator(gan), gan->generator.pass, &batch);
    gan_pixel_range(&options.config, &scale, &offset);
    for (size_t p = 0; p < PIXELS; p++) {
        greys[p] = (double)((made[p] - offset) / scale);
    }
    free(latent);
    gan_free(gan);
    options_free(&options);
}

static void generators_may_begin_at_the_mean_image(void **state)
{
    (void)state;
    static const char *const OUTPUTS[] = {"sigmoid", "tanh", "relu", "linear"};
    for (size_t i = 0; i < sizeof OUTPUTS / sizeof *OUTPUTS; i++) {
        double greys[PIXELS];
        mean_image(OUTPUTS[i], greys);
        assert_true(fabs(greys[0]) < 1e-4 && fabs(greys[1] - 27.5) < 1e-3 && fabs(greys[2] - 252.5) < 1e-3);
    }
}

static int prepare(void **state)
{
    (void)state;
    matmul_prepare();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(glorot_uniform),
        cmocka_unit_test(lecun_uniform),
        cmocka_unit_test(uniform),
        cmocka_unit_test(normal),
        cmocka_unit_test(truncated_normal),
        cmocka_unit_test(he_normal),
        cmocka_unit_test(draws_depend_on_seed_and_tensor),
        cmocka_unit_test(generators_may_begin_at_the_mean_image),
    };
    return cmocka_run_group_tests_name("initialization", tests, prepare, NULL);
}
