/* The errors that nn/elementary.h and nn/activation.h state, measured against libm in double. */
#include "nn/activation.h"
#include "nn/elementary.h"
#include "unit.h"

#include <math.h>

static void exponential(void **state)
{
    (void)state;
    double worst = 0;
    for (double x = -87; x < 88; x += 0.00037) {
        const real f = (real)x;
        worst = fmax(worst, fabs((double)real_exp(f) / exp((double)f) - 1));
    }
    assert_true(worst < 3e-7);
    assert_true(real_exp(-1000) >= 0 && real_exp(-1000) < 1e-37f);
    assert_true(isfinite(real_exp(1000)) && real_exp(1000) > 1e38f);
    assert_true(isnan(real_exp(NAN)));
}

static void logarithm(void **state)
{
    (void)state;
    for (double x = 1e-30; x < 1e30; x *= 1.00037) {
        const real f = (real)x;
        const double wanted = log((double)f);
        assert_true(fabs((double)real_log(f) - wanted) < 3e-7 + 2e-7 * fabs(wanted));
    }
}

static void sine_and_cosine(void **state)
{
    (void)state;
    for (double turns = 0; turns <= 1; turns += 0.0000137) {
        const real f = (real)turns;
        real sine, cosine;
        real_sincos_turns(f, &sine, &cosine);
        const double angle = 2 * 3.14159265358979323846 * (double)f;
        assert_true(fabs((double)sine - sin(angle)) < 3e-7);
        assert_true(fabs((double)cosine - cos(angle)) < 3e-7);
    }
}

static real activated(enum activation_kind kind, real x)
{
    activation_forward((struct activation){.kind = kind, .slope = 0.2}, (struct matrix){&x, 1, 1, 1});
    return x;
}

static void activations(void **state)
{
    (void)state;
    for (double x = -120; x < 120; x += 0.0037) {
        const double f = (double)(real)x;
        assert_true(fabs((double)activated(ACTIVATION_TANH, (real)x) - tanh(f)) < 3e-7);
        assert_true(fabs((double)activated(ACTIVATION_SIGMOID, (real)x) - 1 / (1 + exp(-f))) < 3e-7);
        assert_true(activated(ACTIVATION_RELU, (real)x) == (real)fmax(f, 0));
        assert_true(activated(ACTIVATION_LEAKY_RELU, (real)x) == (f < 0 ? (real)0.2 * (real)x : (real)x));
        assert_true(activated(ACTIVATION_LINEAR, (real)x) == (real)x);
    }
}

static void not_a_number_stays_visible(void **state)
{
    (void)state;
    for (int kind = ACTIVATION_LINEAR; kind <= ACTIVATION_SIGMOID; kind++) {
        assert_true(isnan(activated((enum activation_kind)kind, (real)NAN)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exponential),
        cmocka_unit_test(logarithm),
        cmocka_unit_test(sine_and_cosine),
        cmocka_unit_test(activations),
        cmocka_unit_test(not_a_number_stays_visible),
    };
    return cmocka_run_group_tests_name("elementary", tests, NULL, NULL);
}
