#include "eval/points.h"
#include "base/memory.h"
#include "nn/matmul.h"

#include <float.h>
#include <stdlib.h>

enum { LANES = 8 /* sums that are made beside each other, for the vectors' sake; a fixed number, so a fixed order */ };

#ifdef GAN_DOUBLE
static const double ROUNDING = DBL_EPSILON / 2, LEAST = DBL_MIN, LARGEST = DBL_MAX / 4;
#else
static const double ROUNDING = (double)FLT_EPSILON / 2, LEAST = (double)FLT_MIN, LARGEST = (double)FLT_MAX / 4;
#endif

static void centre_points(struct point_set *set, const double *centre)
{
    const struct matrix features = set->features;
#pragma omp parallel for
    for (size_t r = 0; r < features.rows; r++) {
        real *to = set->centred + r * features.columns;
        double square = 0;
        for (size_t c = 0; c < features.columns; c++) {
            to[c] = features.data[r * features.stride + c] - (real)centre[c];
            square += (double)to[c] * (double)to[c];
        }
        set->squares[r] = square;
    }
}

/* Whether all are finite, and their products, too. */
static bool check(const struct point_set *set, struct error *error)
{
    for (size_t i = 0; i < set->features.rows; i++) {
        if (!(set->squares[i] < LARGEST)) {
            return error_set(error, STATUS_FAILED, "features: not all are finite numbers, or some are too large");
        }
    }
    return true;
}

bool point_set_create(struct matrix features, const double *centre, struct point_set *set, struct error *error)
{
    *set = (struct point_set){.features = features};
    set->centred = memory_allocate(features.rows, features.columns * sizeof(real), "the features", error);
    set->squares = set->centred ? memory_allocate(features.rows, sizeof(double), "the features", error) : NULL;
    bool good = set->squares;
    if (good) {
        centre_points(set, centre);
        good = check(set, error);
    }
    if (!good) {
        point_set_free(set);
    }
    return good;
}

void point_set_free(struct point_set *set)
{
    free(set->centred);
    free(set->squares);
    *set = (struct point_set){0};
}

size_t points_blocks(const struct point_set *set, size_t size)
{
    return (set->features.rows + size - 1) / size;
}

struct points points_part(const struct point_set *set, size_t index, size_t size)
{
    const size_t first = index * size, left = set->features.rows - first;
    return (struct points){set, first, left < size ? left : size};
}

static struct matrix centred_of(struct points points)
{
    const size_t n = points.set->features.columns;
    return (struct matrix){points.set->centred + points.first * n, points.count, n, n};
}

void points_multiply(struct points rows, struct points columns, real *products)
{
    matmul_transposed(centred_of(rows), centred_of(columns),
                      (struct matrix){products, rows.count, columns.count, POINT_COLUMNS});
}

/* |x - y|^2 = |x|^2 + |y|^2 - 2xy, of n dimensions. In units of u (|x|^2 + |y|^2), u being half a real's last place, it
 * is off from the distance that counts by n at most for the product (in any order, Higham 2002, 3.1), by 5 for the
 * centring, and by 3n for squares and distances where these are no more precise. What underflows in a product adds less
 * than LEAST for each dimension. */
void points_bound(struct points rows, size_t r, struct points columns, const real *products,
                  struct point_bounds *bounds)
{
    const double n = (double)rows.set->features.columns;
    const double relative = (4 * n + 32) * ROUNDING, absolute = 4 * n * LEAST;
    const double square = rows.set->squares[rows.first + r];
    const double *squares = columns.set->squares + columns.first;
    products += r * POINT_COLUMNS;
    for (size_t c = 0; c < columns.count; c++) {
        const double sum = square + squares[c], product = 2 * (double)products[c];
        const double low = (1 - relative) * sum - product - absolute;
        bounds->low[c] = low > 0 ? low : 0; /* so that nothing is below a limit of 0, that of points which are alike */
        bounds->high[c] = (1 + relative) * sum - product + absolute;
    }
}

static const real *features_of(struct points points, size_t i)
{
    return points.set->features.data + (points.first + i) * points.set->features.stride;
}

static double square(double x)
{
    return x * x;
}

double points_distance(struct points rows, size_t r, struct points columns, size_t c)
{
    const size_t dimensions = rows.set->features.columns, whole = dimensions / LANES * LANES;
    const real *a = features_of(rows, r), *b = features_of(columns, c);
    double sums[LANES] = {0}, sum = 0;
    for (size_t i = 0; i < whole; i += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            sums[lane] += square((double)a[i + lane] - (double)b[i + lane]);
        }
    }
    for (size_t i = whole; i < dimensions; i++) {
        sums[i - whole] += square((double)a[i] - (double)b[i]);
    }
    for (size_t lane = 0; lane < LANES; lane++) {
        sum += sums[lane];
    }
    return sum;
}
