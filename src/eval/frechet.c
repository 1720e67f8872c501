#include "eval/frechet.h"
#include "base/memory.h"
#include "eval/features.h"
#include "nn/matmul.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 1024 /* samples that are centred at a time */ };

/* LAPACK, in Fortran: all by address, matrices column by column (to which a symmetric one is indifferent), and the
 * lengths of the texts behind everything. */
void dsyev_(const char *job, const char *triangle, const int *n, double *a, const int *stride, double *eigenvalues,
            double *work, const int *work_size, int *info, size_t job_length, size_t triangle_length);

/* Rows first .. first + rows - 1 less the mean. */
static void centre_rows(struct matrix features, size_t first, size_t rows, const double *mean, double *centred)
{
#pragma omp for
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < features.columns; c++) {
            centred[r * features.columns + c] = (double)features.data[(first + r) * features.stride + c] - mean[c];
        }
    }
}

/* Adds the products of some rows: a thread has a tile's rows of the covariance, from the diagonal on. */
static void add_products(double *centred, size_t rows, size_t columns, double *covariance)
{
#pragma omp for schedule(dynamic)
    for (size_t number = 0; number < tile_count(columns, TILE_SHARES); number++) {
        const struct tile tile = tile_at(columns, TILE_SHARES, number);
        const size_t first = tile.begin, width = tile.count;
        const struct double_matrix some = {centred + first, rows, width, columns},
                                   others = {centred + first, rows, columns - first, columns},
                                   sums = {covariance + first * columns + first, width, columns - first, columns};
        double_matmul_add_gradient(some, others, sums);
    }
}

/* The whole matrix from sums of products at and above the diagonal. */
static void finish_covariance(double *covariance, size_t columns, size_t rows)
{
    for (size_t i = 0; i < columns; i++) {
        for (size_t j = i; j < columns; j++) {
            covariance[i * columns + j] /= (double)(rows - 1);
            covariance[j * columns + i] = covariance[i * columns + j];
        }
    }
}

/* Means and covariance into the fields, `centred` being room for ROWS rows. */
static void fit(struct matrix features, double *centred, const struct gaussian *gaussian)
{
    features_mean(features, gaussian->mean);
    for (size_t first = 0; first < features.rows; first += ROWS) {
        const size_t rows = features.rows - first < ROWS ? features.rows - first : ROWS;
#pragma omp parallel
        {
            centre_rows(features, first, rows, gaussian->mean, centred);
            add_products(centred, rows, features.columns, gaussian->covariance);
        }
    }
    finish_covariance(gaussian->covariance, features.columns, features.rows);
}

static double trace_of(const struct gaussian *gaussian)
{
    double trace = 0;
    for (size_t i = 0; i < gaussian->dimensions; i++) {
        trace += gaussian->covariance[i * gaussian->dimensions + i];
    }
    return trace;
}

bool gaussian_fit(struct matrix features, struct gaussian *gaussian, struct error *error)
{
    const size_t dimensions = features.columns;
    if (features.rows < 2) {
        return error_set(error, STATUS_USAGE, "a covariance of %zu image%s: wanted are 2 at least", features.rows,
                         features.rows == 1 ? "" : "s");
    }
    *gaussian = (struct gaussian){.dimensions = dimensions};
    double *centred = memory_allocate(ROWS, dimensions * sizeof *centred, "the features", error);
    bool good =
        centred && (gaussian->mean = memory_allocate(dimensions, sizeof(double), "a mean", error)) &&
        (gaussian->covariance = memory_allocate(dimensions, dimensions * sizeof(double), "a covariance", error));
    if (good) {
        fit(features, centred, gaussian);
        good = isfinite(trace_of(gaussian)) || /* which a feature that is not finite spoils */
               error_set(error, STATUS_FAILED, "features: not all are finite numbers");
    }
    free(centred);
    if (!good) {
        gaussian_free(gaussian);
    }
    return good;
}

void gaussian_free(struct gaussian *gaussian)
{
    free(gaussian->mean);
    free(gaussian->covariance);
    *gaussian = (struct gaussian){0};
}

/* The eigenvalues of a symmetric matrix [size][size], from the smallest on; the matrix is lost, or with `vectors`
 * becomes their eigenvectors, one a row. By its upper triangle as Fortran sees it: dsyev then begins with the last row,
 * and where the large numbers are there, the small eigenvalues are not lost in their rounding. */
static bool decompose(double *matrix, size_t size, bool vectors, double *eigenvalues, struct error *error)
{
    const char *job = vectors ? "V" : "N";
    const int n = (int)size, ask = -1;
    int info;
    double wanted;
    dsyev_(job, "U", &n, matrix, &n, eigenvalues, &wanted, &ask, &info, 1, 1);
    const int work_size = (int)wanted;
    double *work = memory_allocate((size_t)work_size, sizeof *work, "the eigenvalues", error);
    if (!work) {
        return false;
    }
    dsyev_(job, "U", &n, matrix, &n, eigenvalues, work, &work_size, &info, 1, 1);
    free(work);
    return info == 0 ||
           error_set(error, STATUS_FAILED, "the eigenvalues of a covariance were not found (dsyev: %d)", info);
}

/* How many of a covariance's eigenvalues, which are in order, are 0 or nothing but rounding. */
static size_t count_zeros(const double *eigenvalues, size_t size)
{
    size_t zeros = 0;
    while (zeros < size && eigenvalues[zeros] <= (double)size * DBL_EPSILON * eigenvalues[size - 1]) {
        zeros++;
    }
    return zeros;
}

/* What the trace is computed in. */
struct room {
    double *root, *half, *product; /* [dimensions][dimensions] each */
    double *eigenvalues; /* [dimensions] */
};

/* The eigenvalues of C = Q' L Q, and how many of them are 0; with `vectors`, Q into room.root. */
static bool find_zeros(const struct gaussian *gaussian, bool vectors, struct room room, size_t *zeros,
                       struct error *error)
{
    const size_t n = gaussian->dimensions;
    memcpy(room.root, gaussian->covariance, n * n * sizeof *room.root);
    if (!decompose(room.root, n, vectors, room.eigenvalues, error)) {
        return false;
    }
    *zeros = count_zeros(room.eigenvalues, n);
    return true;
}

/* L^1/2 Q into room.root, of which the rows from *zeros on count: those before belong to eigenvalues 0. */
static bool take_root(const struct gaussian *gaussian, struct room room, size_t *zeros, struct error *error)
{
    const size_t n = gaussian->dimensions;
    if (!find_zeros(gaussian, true, room, zeros, error)) {
        return false;
    }
    for (size_t i = *zeros; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            room.root[i * n + j] *= sqrt(room.eigenvalues[i]);
        }
    }
    return true;
}

/* tr (C1^1/2 C2 C1^1/2)^1/2: the sum of the roots of the eigenvalues of (L^1/2 Q) C2 (L^1/2 Q)', C1 being Q' L Q. No
 * more of them are not 0 than of either covariance; the others are rounding, of which the roots would be large. */
static bool trace_of_root(const struct gaussian *a, const struct gaussian *b, struct room room, double *trace,
                          struct error *error)
{
    const size_t n = a->dimensions;
    size_t zeros, other_zeros;
    *trace = 0;
    if (!find_zeros(b, false, room, &other_zeros, error) || !take_root(a, room, &zeros, error)) {
        return false;
    }
    const size_t rank = n - zeros;
    if (rank == 0) {
        return true;
    }
    const struct double_matrix root = {room.root + zeros * n, rank, n, n}, other = {b->covariance, n, n, n},
                               half = {room.half, rank, n, n}, product = {room.product, rank, rank, rank};
    double_matmul_transposed(root, other, half);
    double_matmul_transposed(half, root, product);
    if (!decompose(room.product, rank, false, room.eigenvalues, error)) {
        return false;
    }
    for (size_t i = other_zeros > zeros ? other_zeros - zeros : 0; i < rank; i++) {
        *trace += sqrt(fmax(0, room.eigenvalues[i]));
    }
    return true;
}

static double squared_between(const double *a, const double *b, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum;
}

bool frechet_distance(const struct gaussian *a, const struct gaussian *b, double *distance, struct error *error)
{
    static const char what[] = "the Frechet distance";
    const size_t n = a->dimensions, row = n * sizeof(double);
    if (n != b->dimensions) {
        return error_set(error, STATUS_USAGE, "features of %zu and of %zu dimensions cannot be compared", n,
                         b->dimensions);
    }
    struct room room = {0};
    double root = 0;
    const bool good =
        (room.root = memory_allocate(n, row, what, error)) && (room.half = memory_allocate(n, row, what, error)) &&
        (room.product = memory_allocate(n, row, what, error)) &&
        (room.eigenvalues = memory_allocate(1, row, what, error)) && trace_of_root(a, b, room, &root, error);
    free(room.root);
    free(room.half);
    free(room.product);
    free(room.eigenvalues);
    *distance = fmax(0, squared_between(a->mean, b->mean, n) + trace_of(a) + trace_of(b) - 2 * root);
    return good;
}
