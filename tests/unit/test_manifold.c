/* Precision, recall, density and coverage: against the numbers of their authors' package, and against the definitions
 * with all distances one by one, where points are there twice, ties are to be ties and products are rounded. */
#include "eval/manifold.h"
#include "metrics.h"
#include "nn/matmul.h"

#include <math.h>
#include <omp.h>

static struct manifold_figures compare(struct matrix real_points, struct matrix generated, size_t neighbours)
{
    struct manifold manifold;
    struct manifold_figures figures;
    struct error error;
    assert_true(manifold_create(real_points, neighbours, (struct watch){0}, &manifold, &error));
    assert_true(manifold_compare(&manifold, generated, &figures, &error));
    manifold_free(&manifold);
    return figures;
}

static void assert_figures(struct manifold_figures found, struct manifold_figures wanted, const char *what)
{
    const double within = 1e-14;
    if (!(fabs(found.precision - wanted.precision) < within && fabs(found.recall - wanted.recall) < within &&
          fabs(found.density - wanted.density) < within && fabs(found.coverage - wanted.coverage) < within)) {
        fail_msg("%s: %.17g %.17g %.17g %.17g, not %.17g %.17g %.17g %.17g", what, found.precision, found.recall,
                 found.density, found.coverage, wanted.precision, wanted.recall, wanted.density, wanted.coverage);
    }
}

static struct matrix allocate(size_t rows, size_t columns)
{
    real *data = calloc(rows * columns, sizeof *data);
    assert_non_null(data);
    return (struct matrix){data, rows, columns, columns};
}

/* ---- golden ---- */

/* make_metrics.py's points; the caller frees them. */
static struct matrix make_points(unsigned number, size_t rows, size_t columns, size_t distinct, unsigned levels,
                                 unsigned offset)
{
    struct matrix points = allocate(rows, columns);
    for (size_t i = 0; i < rows; i++) {
        for (size_t c = 0; c < columns; c++) {
            points.data[i * columns + c] = (real)(metrics_word(number, i % distinct, c) % levels + offset);
        }
    }
    return points;
}

static void golden_case(const char *line)
{
    size_t k, columns, rows_a, distinct_a, rows_b, distinct_b;
    unsigned levels, offset, number_a, number_b;
    struct manifold_figures wanted;
    assert_int_equal(sscanf(line, "%zu %zu %u %u %u %zu %zu %u %zu %zu %lf %lf %lf %lf", &k, &columns, &levels, &offset,
                            &number_a, &rows_a, &distinct_a, &number_b, &rows_b, &distinct_b, &wanted.precision,
                            &wanted.recall, &wanted.density, &wanted.coverage),
                     14);
    struct matrix a = make_points(number_a, rows_a, columns, distinct_a, levels, offset),
                  b = make_points(number_b, rows_b, columns, distinct_b, levels, offset);
    assert_figures(compare(a, b, k), wanted, line);
    free(a.data);
    free(b.data);
}

static void golden(void **state)
{
    (void)state;
    metrics_each("manifold", golden_case);
}

/* ---- against the definitions ---- */

/* Adds up in another order than points_distance does; no ties are told apart by that, since equal differences in equal
 * order give equal sums. */
static double plain_distance(struct matrix a, size_t i, struct matrix b, size_t j)
{
    double sum = 0;
    for (size_t c = 0; c < a.columns; c++) {
        const double difference = (double)a.data[i * a.stride + c] - (double)b.data[j * b.stride + c];
        sum += difference * difference;
    }
    return sum;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double *plain_radii(struct matrix points, size_t neighbours)
{
    double *radii = malloc(points.rows * sizeof *radii), *row = malloc(points.rows * sizeof *row);
    assert_true(radii && row);
    for (size_t i = 0; i < points.rows; i++) {
        for (size_t j = 0; j < points.rows; j++) {
            row[j] = i == j ? -1 : plain_distance(points, i, points, j);
        }
        qsort(row, points.rows, sizeof *row, by_size);
        radii[i] = row[neighbours];
    }
    free(row);
    return radii;
}

static struct manifold_figures plain_figures(struct matrix a, struct matrix b, size_t neighbours)
{
    double *radii_a = plain_radii(a, neighbours), *radii_b = plain_radii(b, neighbours);
    unsigned char *inside = calloc(b.rows, 1);
    assert_non_null(inside);
    struct manifold_figures figures = {0};
    for (size_t i = 0; i < a.rows; i++) {
        bool recalled = false, covered = false;
        for (size_t j = 0; j < b.rows; j++) {
            const double distance = plain_distance(a, i, b, j);
            const bool within = distance < radii_a[i];
            figures.density += within;
            covered = covered || within;
            recalled = recalled || distance < radii_b[j];
            inside[j] |= within;
        }
        figures.recall += recalled;
        figures.coverage += covered;
    }
    for (size_t j = 0; j < b.rows; j++) {
        figures.precision += inside[j];
    }
    free(radii_a);
    free(radii_b);
    free(inside);
    return (struct manifold_figures){figures.precision / (double)b.rows, figures.recall / (double)a.rows,
                                     figures.density / (double)neighbours / (double)b.rows,
                                     figures.coverage / (double)a.rows};
}

/* Points around `offset`, whose digits a float cannot all hold; the first `distinct` come again and again. */
static struct matrix make_rounded(unsigned number, size_t rows, size_t columns, size_t distinct, double offset,
                                  double scale)
{
    struct matrix points = allocate(rows, columns);
    for (size_t i = 0; i < rows; i++) {
        for (size_t c = 0; c < columns; c++) {
            points.data[i * columns + c] = (real)(offset + scale * metrics_bell(number, i % distinct, c));
        }
    }
    return points;
}

/* Both ways round, for several k. */
static void against_definitions(struct matrix a, struct matrix b, const char *what)
{
    static const size_t neighbours[] = {1, 5, 11};
    for (size_t i = 0; i < sizeof neighbours / sizeof *neighbours; i++) {
        const size_t k = neighbours[i];
        assert_figures(compare(a, b, k), plain_figures(a, b, k), what);
        assert_figures(compare(b, a, k), plain_figures(b, a, k), what);
    }
}

static void unlike_sets(void **state)
{
    (void)state;
    struct matrix a = make_rounded(1, 300, 33, 300, 0.3, 0.1), b = make_rounded(2, 560, 33, 560, 0.31, 0.11),
                  far = make_rounded(3, 140, 33, 140, 1e6, 3), minute = make_rounded(4, 200, 33, 200, 0, 1e-22);
    against_definitions(a, b, "much the same");
    against_definitions(a, far, "far away");
    against_definitions(minute, a, "a minute one");
    against_definitions(minute, minute, "a minute one and itself");
    free(a.data);
    free(b.data);
    free(far.data);
    free(minute.data);
}

/* Ten images repeated many times, of more and of less than k + 1 copies, beside others, themselves, and copies off by a
 * last place: the products' rounding is larger than all these distances. */
static void copies(void **state)
{
    (void)state;
    struct matrix a = make_rounded(1, 300, 37, 300, 0.3, 0.1), ten = make_rounded(1, 300, 37, 10, 0.3, 0.1),
                  few = make_rounded(1, 40, 37, 10, 0.3, 0.1), near = make_rounded(1, 300, 37, 10, 0.3, 0.1);
    for (size_t i = 0; i < near.rows * near.columns; i += 5) {
        near.data[i] *= 1 + (real)(i % 3) * (real)1.2e-7;
    }
    against_definitions(a, ten, "ten of them repeated");
    against_definitions(ten, ten, "ten repeated, and themselves");
    against_definitions(few, ten, "fewer copies and more");
    against_definitions(a, few, "fewer copies");
    against_definitions(near, ten, "nearly copies");
    against_definitions(near, near, "nearly copies, and themselves");
    against_definitions(a, near, "nearly copies beside others");
    free(a.data);
    free(ten.data);
    free(few.data);
    free(near.data);
}

/* A set and itself: each point's k-th neighbour is just not in its ball, the k - 1 before and itself are. */
static void a_set_and_itself(void **state)
{
    (void)state;
    struct matrix points = make_rounded(1, 1200, 70, 1200, 5, 1);
    const struct manifold_figures one = {1, 1, 1, 1};
    assert_figures(compare(points, points, 5), one, "a set and itself");
    free(points.data);
}

/* The rows may lie apart, and a manifold serves more than once. */
static void strides_and_reuse(void **state)
{
    (void)state;
    struct matrix wide = make_rounded(1, 150, 40, 150, 1, 1), other = make_rounded(2, 90, 40, 90, 1, 1);
    struct matrix a = matrix_columns(wide, 3, 30), b = matrix_columns(other, 7, 30);
    struct manifold manifold;
    struct manifold_figures figures;
    struct error error;
    assert_true(manifold_create(a, 4, (struct watch){0}, &manifold, &error));
    for (int i = 0; i < 2; i++) {
        assert_true(manifold_compare(&manifold, b, &figures, &error));
        assert_figures(figures, plain_figures(a, b, 4), "rows apart");
        assert_true(manifold_compare(&manifold, matrix_rows(a, 20, 60), &figures, &error));
        assert_figures(figures, plain_figures(a, matrix_rows(a, 20, 60), 4), "a part");
    }
    manifold_free(&manifold);
    free(wide.data);
    free(other.data);
}

/* What the products say of distances is true, and precise even of points far from 0, in whole blocks and smaller ones.
 */
static void bounds_on_distances(void **state)
{
    (void)state;
    enum { COLUMNS = 50 };
    struct matrix features = make_rounded(1, POINT_COLUMNS + 20, COLUMNS, POINT_COLUMNS + 20, 1000, 1);
    static real products[POINT_ROWS * POINT_COLUMNS];
    double centre[COLUMNS];
    struct point_set set;
    struct error error;
    for (size_t c = 0; c < COLUMNS; c++) {
        centre[c] = 1000.1;
    }
    assert_true(point_set_create(features, centre, &set, &error));
    assert_int_equal(points_blocks(&set, POINT_COLUMNS), 2);
    for (size_t block = 0; block < 2; block++) {
        struct points rows = points_part(&set, 4, POINT_ROWS), columns = points_part(&set, block, POINT_COLUMNS);
        assert_int_equal(rows.count, 20);
        points_multiply(rows, columns, products);
        for (size_t r = 0; r < rows.count; r++) {
            struct point_bounds bounds;
            points_bound(rows, r, columns, products, &bounds);
            for (size_t c = 0; c < columns.count; c++) {
                const double distance = points_distance(rows, r, columns, c);
                assert_true(0 <= bounds.low[c] && bounds.low[c] <= distance && distance <= bounds.high[c]);
                assert_true(bounds.high[c] - bounds.low[c] < 0.01);
                const double plain = plain_distance(features, rows.first + r, features, columns.first + c);
                assert_true(fabs(distance - plain) <= 1e-12 * plain);
            }
        }
    }
    point_set_free(&set);
    free(features.data);
}

static void threads_change_nothing(void **state)
{
    (void)state;
    struct matrix a = make_rounded(1, 2000, 20, 2000, 0.3, 0.1), b = make_rounded(2, 2000, 20, 1500, 0.31, 0.11);
    struct manifold_figures first = {0};
    for (int threads = 1; threads <= 3; threads++) {
        omp_set_num_threads(threads);
        struct manifold_figures figures = compare(a, b, 5);
        if (threads == 1) {
            first = figures;
            assert_true(first.precision > 0.1 && first.precision < 0.99);
        }
        assert_memory_equal(&figures, &first, sizeof first);
    }
    free(a.data);
    free(b.data);
}

static void errors(void **state)
{
    (void)state;
    struct matrix points = make_rounded(1, 6, 3, 6, 0, 1), narrow = matrix_columns(points, 0, 2);
    struct manifold manifold;
    struct manifold_figures figures;
    struct error error;
    assert_false(manifold_create(points, 6, (struct watch){0}, &manifold, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    assert_string_equal(error.message, "6 images do not have 6 neighbours each: wanted are 7 at least");
    assert_true(manifold_create(points, 5, (struct watch){0}, &manifold, &error));
    assert_false(manifold_compare(&manifold, matrix_rows(points, 0, 5), &figures, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    assert_false(manifold_compare(&manifold, narrow, &figures, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    assert_string_equal(error.message, "features of 3 and of 2 dimensions cannot be compared");
    manifold_free(&manifold);
#ifdef GAN_DOUBLE
    const real bad[] = {(real)NAN, (real)INFINITY, (real)1e200};
#else
    const real bad[] = {(real)NAN, (real)INFINITY, (real)1e20};
#endif
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct matrix some = make_rounded(1, 6, 3, 6, 0, 1);
        some.data[4] = bad[i];
        assert_false(manifold_create(some, 2, (struct watch){0}, &manifold, &error));
        assert_int_equal(error.status, STATUS_FAILED);
        assert_string_equal(error.message, "features: not all are finite numbers, or some are too large");
        assert_null(manifold.radii);
        free(some.data);
    }
    free(points.data);
}

/* A watch ends the making, and a comparison. */
static void stopped(void **state)
{
    (void)state;
    struct matrix points = make_rounded(1, 600, 3, 6, 0, 1);
    struct manifold manifold;
    struct manifold_figures figures;
    struct error error;
    volatile sig_atomic_t stop = 1;
    assert_false(manifold_create(points, 2, (struct watch){.stop = &stop}, &manifold, &error));
    assert_int_equal(error.status, STATUS_STOPPED);
    assert_null(manifold.radii);
    stop = 0;
    assert_true(manifold_create(points, 2, (struct watch){.stop = &stop}, &manifold, &error));
    stop = 1;
    assert_false(manifold_compare(&manifold, points, &figures, &error));
    assert_int_equal(error.status, STATUS_STOPPED);
    manifold_free(&manifold);
    free(points.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden),
        cmocka_unit_test(stopped),
        cmocka_unit_test(bounds_on_distances),
        cmocka_unit_test(unlike_sets),
        cmocka_unit_test(copies),
        cmocka_unit_test(a_set_and_itself),
        cmocka_unit_test(strides_and_reuse),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(errors),
    };
    matmul_prepare();
    return cmocka_run_group_tests_name("manifold", tests, NULL, NULL);
}
