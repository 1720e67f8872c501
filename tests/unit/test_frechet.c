/* The Frechet distance against NumPy's numbers, whatever is singular; its errors; threads. */
#include "eval/frechet.h"
#include "metrics.h"
#include "nn/matmul.h"

#include <math.h>
#include <omp.h>

enum { WORD = 16 };

/* make_metrics.py's features of a kind; the caller frees them. */
static struct matrix make_features(const char *kind, unsigned number, size_t rows, size_t columns)
{
    real *data = malloc(rows * columns * sizeof *data);
    assert_non_null(data);
    for (size_t i = 0; i < rows; i++) {
        for (size_t c = 0; c < columns; c++) {
            double x = metrics_bell(number, i, c) + metrics_bell(number, i, c + 1) / 2;
            if (strcmp(kind, "scaled") == 0) {
                x = x * (1 + (double)((c + number) % 3) / 4) + (double)(number * c) / 128;
            } else if (strcmp(kind, "dead") == 0) {
                x = c % 3 == 0 ? (double)c / 4 : x;
            } else if (strcmp(kind, "constant") == 0) {
                x = (double)c / 4;
            } else if (strcmp(kind, "decaying") == 0) {
                x = ldexp(x, -(int)c);
            } else {
                assert_string_equal(kind, "plain");
            }
            data[i * columns + c] = (real)x;
            assert_true((double)data[i * columns + c] == x); /* the same in float */
        }
    }
    return (struct matrix){data, rows, columns, columns};
}

static struct gaussian fit(struct matrix features)
{
    struct gaussian gaussian;
    struct error error;
    assert_true(gaussian_fit(features, &gaussian, &error));
    return gaussian;
}

static double trace_of(const struct gaussian *gaussian)
{
    double trace = 0;
    for (size_t i = 0; i < gaussian->dimensions; i++) {
        trace += gaussian->covariance[i * (gaussian->dimensions + 1)];
    }
    return trace;
}

/* Within 1e-12 of the traces, which is what is subtracted from each other; both ways round. Within 1e-8 where one set
 * varies by less and less from column to column, as far as what its covariance cannot hold, and the other does not. */
static void golden_case(const char *line)
{
    char kind_a[WORD], kind_b[WORD];
    unsigned number_a, number_b;
    size_t rows_a, rows_b, columns;
    double wanted, distance, back;
    assert_int_equal(sscanf(line, "%15s %u %15s %u %zu %zu %zu %lf", kind_a, &number_a, kind_b, &number_b, &rows_a,
                            &rows_b, &columns, &wanted),
                     8);
    struct matrix features_a = make_features(kind_a, number_a, rows_a, columns),
                  features_b = make_features(kind_b, number_b, rows_b, columns);
    struct gaussian a = fit(features_a), b = fit(features_b);
    struct error error;
    assert_true(frechet_distance(&a, &b, &distance, &error));
    assert_true(frechet_distance(&b, &a, &back, &error));
    const bool uneven = (strcmp(kind_a, "decaying") == 0) != (strcmp(kind_b, "decaying") == 0);
    const double tolerance = (uneven ? 1e-8 : 1e-12) * (trace_of(&a) + trace_of(&b));
    if (!(fabs(distance - wanted) <= tolerance && fabs(back - wanted) <= tolerance && distance >= 0 && back >= 0)) {
        fail_msg("%s: %.17g and %.17g, tolerance %g", line, distance, back, tolerance);
    }
    gaussian_free(&a);
    gaussian_free(&b);
    free(features_a.data);
    free(features_b.data);
}

static void golden(void **state)
{
    (void)state;
    metrics_each("frechet", golden_case);
}

/* Of numbers that can be checked by hand, in rows that lie apart. */
static void mean_and_covariance(void **state)
{
    (void)state;
    real data[3][4] = {{1, 2, 99, 99}, {3, 2, 99, 99}, {5, 8, 99, 99}};
    struct gaussian gaussian = fit((struct matrix){data[0], 3, 2, 4});
    const double covariance[4] = {4, 6, 6, 12};
    assert_int_equal(gaussian.dimensions, 2);
    assert_true(gaussian.mean[0] == 3 && gaussian.mean[1] == 4);
    for (size_t i = 0; i < 4; i++) {
        assert_true(gaussian.covariance[i] == covariance[i]);
    }
    gaussian_free(&gaussian);
}

/* Far from 0 and of small variance, beyond a block's 1024 rows and a tile's 64 columns. */
static void covariance_far_away(void **state)
{
    (void)state;
    enum { ROWS = 2100, COLUMNS = 67 };
    static real data[ROWS][COLUMNS];
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t c = 0; c < COLUMNS; c++) {
            data[i][c] = (real)(65536 + (double)(metrics_word(1, i, c) % 3) / 128);
        }
    }
    struct gaussian gaussian = fit((struct matrix){data[0], ROWS, COLUMNS, COLUMNS});
    for (size_t a = 0; a < COLUMNS; a++) {
        for (size_t b = 0; b < COLUMNS; b++) {
            double sum = 0, sum_a = 0, sum_b = 0;
            for (size_t i = 0; i < ROWS; i++) {
                const double x = (double)data[i][a] - 65536, y = (double)data[i][b] - 65536;
                sum += x * y;
                sum_a += x;
                sum_b += y;
            }
            const double wanted = (sum - sum_a * sum_b / ROWS) / (ROWS - 1);
            assert_true(fabs(gaussian.covariance[a * COLUMNS + b] - wanted) < 1e-14);
            assert_true(gaussian.covariance[a * COLUMNS + b] == gaussian.covariance[b * COLUMNS + a]);
        }
    }
    gaussian_free(&gaussian);
}

static void threads_change_nothing(void **state)
{
    (void)state;
    enum { ROWS = 1300, COLUMNS = 150 };
    struct matrix features = make_features("scaled", 1, ROWS, COLUMNS), others = make_features("plain", 2, 70, COLUMNS);
    struct error error;
    struct gaussian first = {0};
    double first_distance = 0;
    for (int threads = 1; threads <= 3; threads++) {
        omp_set_num_threads(threads);
        struct gaussian a = fit(features), b = fit(others);
        double distance;
        assert_true(frechet_distance(&a, &b, &distance, &error));
        gaussian_free(&b);
        if (threads == 1) {
            first = a;
            first_distance = distance;
            continue;
        }
        assert_memory_equal(a.mean, first.mean, COLUMNS * sizeof *a.mean);
        assert_memory_equal(a.covariance, first.covariance, COLUMNS * COLUMNS * sizeof *a.covariance);
        assert_memory_equal(&distance, &first_distance, sizeof distance);
        gaussian_free(&a);
    }
    gaussian_free(&first);
    free(features.data);
    free(others.data);
}

static void errors(void **state)
{
    (void)state;
    real data[3][2] = {{1, 2}, {3, 4}, {5, 7}};
    struct gaussian gaussian, other;
    struct error error;
    double distance;
    assert_false(gaussian_fit((struct matrix){data[0], 1, 2, 2}, &gaussian, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    assert_string_equal(error.message, "a covariance of 1 image: wanted are 2 at least");
    gaussian = fit((struct matrix){data[0], 3, 2, 2});
    other = fit((struct matrix){data[0], 3, 1, 2});
    assert_false(frechet_distance(&gaussian, &other, &distance, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    assert_string_equal(error.message, "features of 2 and of 1 dimensions cannot be compared");
    gaussian_free(&gaussian);
    gaussian_free(&other);
    const real bad[] = {(real)NAN, (real)INFINITY, -(real)INFINITY};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        data[1][1] = bad[i];
        assert_false(gaussian_fit((struct matrix){data[0], 3, 2, 2}, &gaussian, &error));
        assert_int_equal(error.status, STATUS_FAILED);
        assert_string_equal(error.message, "features: not all are finite numbers");
        assert_null(gaussian.covariance);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden),
        cmocka_unit_test(mean_and_covariance),
        cmocka_unit_test(covariance_far_away),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(errors),
    };
    matmul_prepare();
    return cmocka_run_group_tests_name("frechet", tests, NULL, NULL);
}
