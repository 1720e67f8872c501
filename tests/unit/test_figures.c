/* The figures' kinds, and what several draws of one come to. */
#include "unit.h"

#include "eval/figures.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

static void kinds(void **state)
{
    (void)state;
    for (size_t f = 0; f < FIGURES; f++) {
        const struct figure_kind *kind = &FIGURE_KINDS[f];
        assert_non_null(kind->name);
        assert_in_range(strlen(kind->title), 1, 23); /* the table's column */
        for (const char *c = kind->name; *c; c++) {
            assert_true(islower((unsigned char)*c) || *c == '_');
        }
        for (size_t other = 0; other < f; other++) {
            assert_string_not_equal(kind->name, FIGURE_KINDS[other].name);
        }
    }
}

static void cleared(void **state)
{
    (void)state;
    struct figures figures;
    memset(&figures, 1, sizeof figures);
    figures_clear(&figures);
    for (size_t f = 0; f < FIGURES; f++) {
        assert_true(isnan(figures.values[f]) && isnan(figures.errors[f]));
    }
    for (size_t c = 0; c < CLASSES_MAX; c++) {
        assert_true(figures.shares[c] == 0);
    }
}

/* The draws' values of one figure, while another figure has others. */
static struct figure_summary summarize(const double *values, const double *errors, size_t count)
{
    static struct figures draws[4];
    for (size_t i = 0; i < count; i++) {
        figures_clear(&draws[i]);
        draws[i].values[FIGURE_RECALL] = values[i];
        draws[i].errors[FIGURE_RECALL] = errors ? errors[i] : (double)NAN;
        draws[i].values[FIGURE_DENSITY] = 77;
    }
    return figures_summarize(draws, count, FIGURE_RECALL);
}

/* NAN equals NAN. */
static bool are_equal(double found, double wanted)
{
    return isnan(wanted) ? isnan(found) : found == wanted || fabs(found - wanted) <= 1e-14 * fabs(wanted);
}

static void assert_summary(struct figure_summary found, double mean, double spread, size_t draws)
{
    if (!are_equal(found.mean, mean) || !are_equal(found.spread, spread) || found.draws != draws) {
        fail_msg("%.17g +- %.17g of %zu; wanted %.17g +- %.17g of %zu", found.mean, found.spread, found.draws, mean,
                 spread, draws);
    }
}

static void summaries(void **state)
{
    (void)state;
    const double nan = (double)NAN;
    assert_summary(summarize((const double[]){1, 2, 4}, NULL, 3), 7.0 / 3, sqrt(7.0 / 3), 3);
    assert_summary(summarize((const double[]){3, 3}, (const double[]){5, 5}, 2), 3, 0, 2);
    assert_summary(summarize((const double[]){1e8 + 1, 1e8 + 3}, NULL, 2), 1e8 + 2, sqrt(2), 2); /* nothing cancels */
    /* one draw: its own standard error, where it has one */
    assert_summary(summarize((const double[]){3}, (const double[]){0.5}, 1), 3, 0.5, 1);
    assert_summary(summarize((const double[]){3}, NULL, 1), 3, nan, 1);
    /* where it was not measured of all, or of none */
    assert_summary(summarize((const double[]){3, nan, nan}, (const double[]){0.5, nan, nan}, 3), 3, 0.5, 1);
    assert_summary(summarize((const double[]){nan, 3, nan}, (const double[]){nan, 0.5, 7}, 3), 3, 0.5, 1);
    assert_summary(summarize((const double[]){1, nan, 2}, NULL, 3), 1.5, sqrt(0.5), 2);
    assert_summary(summarize((const double[]){nan, nan}, NULL, 2), nan, nan, 0);
    assert_summary(summarize(NULL, NULL, 0), nan, nan, 0);
}

/* A class that the data do not have makes a KL divergence infinite: so is its mean, and there is no spread to tell. */
static void infinite(void **state)
{
    (void)state;
    const double inf = (double)INFINITY, nan = (double)NAN;
    assert_summary(summarize((const double[]){inf}, NULL, 1), inf, nan, 1);
    assert_summary(summarize((const double[]){inf, 1}, NULL, 2), inf, nan, 2);
    assert_summary(summarize((const double[]){inf, inf}, NULL, 2), inf, nan, 2);
}

/* Of 2,000 images: a class of 9 may be missed, one of 10 not; nor may one that the judge does not know. */
static void expected_classes(void **state)
{
    (void)state;
    static const double shares[CLASSES_MAX] = {0.5, 9.0 / 2000, 0.3, 10.0 / 2000, 0.19};
    double expected[CLASSES_MAX];
    struct figures drawn;
    figures_clear(&drawn);
    figures_expect_classes(shares, &drawn, 2000, expected);
    static const double all[CLASSES_MAX] = {0.5, 0, 0.3, 10.0 / 2000, 0.19};
    assert_memory_equal(expected, all, sizeof all);
    drawn.values[FIGURE_CLASSES] = 4;
    drawn.shares[0] = 0.6;
    drawn.shares[2] = 0.029; /* less than a tenth of its share */
    drawn.shares[3] = 0.001;
    drawn.shares[4] = 0.37;
    figures_expect_classes(shares, &drawn, 2000, expected);
    static const double seen[CLASSES_MAX] = {0.5, 0, 0, 10.0 / 2000, 0.19};
    assert_memory_equal(expected, seen, sizeof seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds),    cmocka_unit_test(cleared),          cmocka_unit_test(summaries),
        cmocka_unit_test(infinite), cmocka_unit_test(expected_classes),
    };
    return cmocka_run_group_tests_name("figures", tests, NULL, NULL);
}
