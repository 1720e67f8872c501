#include "eval/manifold.h"
#include "base/memory.h"
#include "eval/features.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

/* What each thread has. */
struct room {
    real *products; /* [POINT_ROWS][POINT_COLUMNS] */
    double *nearest; /* [POINT_ROWS][neighbours]: of each point the smallest distances so far, from the smallest on */
};

static void free_rooms(struct room *rooms, size_t threads)
{
    for (size_t i = 0; rooms && i < threads; i++) {
        free(rooms[i].products);
        free(rooms[i].nearest);
    }
    free(rooms);
}

static struct room *create_rooms(size_t threads, size_t neighbours, struct error *error)
{
    static const char what[] = "distances between features";
    struct room *rooms = memory_allocate(threads, sizeof *rooms, what, error);
    bool good = rooms;
    for (size_t i = 0; good && i < threads; i++) {
        good = (rooms[i].products = memory_allocate(POINT_ROWS * POINT_COLUMNS, sizeof(real), what, error)) &&
               (rooms[i].nearest = memory_allocate(neighbours, POINT_ROWS * sizeof(double), what, error));
    }
    if (!good) {
        free_rooms(rooms, threads);
        return NULL;
    }
    return rooms;
}

/* ---- radii ---- */

/* Puts a distance in its place among the nearest; the last one goes. */
static void insert(double *nearest, size_t count, double squared)
{
    size_t i = count - 1;
    for (; i > 0 && nearest[i - 1] > squared; i--) {
        nearest[i] = nearest[i - 1];
    }
    nearest[i] = squared;
}

/* Looks for nearer neighbours of row r among the columns. */
static void take_nearer(struct points rows, size_t r, struct points columns, const struct point_bounds *bounds,
                        size_t neighbours, double *nearest)
{
    const double *limit = &nearest[neighbours - 1];
    for (size_t c = 0; c < columns.count; c++) {
        if (bounds->low[c] < *limit && columns.first + c != rows.first + r) {
            const double squared = points_distance(rows, r, columns, c);
            if (squared < *limit) {
                insert(nearest, neighbours, squared);
            }
        }
    }
}

/* The radii of block number `index`, which no other thread looks at. */
static void find_radii_of(struct manifold *manifold, size_t index, struct room room)
{
    const struct points rows = points_part(&manifold->points, index, POINT_ROWS);
    const size_t k = manifold->neighbours;
    for (size_t i = 0; i < rows.count * k; i++) {
        room.nearest[i] = (double)INFINITY;
    }
    for (size_t column = 0; column < points_blocks(&manifold->points, POINT_COLUMNS); column++) {
        const struct points columns = points_part(&manifold->points, column, POINT_COLUMNS);
        points_multiply(rows, columns, room.products);
        for (size_t r = 0; r < rows.count; r++) {
            struct point_bounds bounds;
            points_bound(rows, r, columns, room.products, &bounds);
            take_nearer(rows, r, columns, &bounds, k, room.nearest + r * k);
        }
    }
    for (size_t r = 0; r < rows.count; r++) {
        manifold->radii[rows.first + r] = room.nearest[r * k + k - 1];
    }
}

static bool find_radii(struct manifold *manifold, struct error *error)
{
    const size_t threads = (size_t)omp_get_max_threads();
    struct room *rooms = create_rooms(threads, manifold->neighbours, error);
    if (!rooms) {
        return false;
    }
#pragma omp parallel for schedule(dynamic)
    for (size_t row = 0; row < points_blocks(&manifold->points, POINT_ROWS); row++) {
        if (!watch_has_ended(&manifold->watch)) {
            find_radii_of(manifold, row, rooms[omp_get_thread_num()]);
        }
    }
    free_rooms(rooms, threads);
    return watch_goes_on(&manifold->watch, error);
}

/* Points around a centre, their own mean where that is NULL, and their radii. */
static bool create(struct matrix features, size_t neighbours, const double *centre, struct watch watch,
                   struct manifold *manifold, struct error *error)
{
    *manifold = (struct manifold){.neighbours = neighbours, .watch = watch};
    if (features.rows <= neighbours) {
        error_set(error, STATUS_USAGE, "%zu images do not have %zu neighbours each: wanted are %zu at least",
                  features.rows, neighbours, neighbours + 1);
        return false; /* which clang-tidy does not know of error_set */
    }
    bool good = (manifold->radii = memory_allocate(features.rows, sizeof(double), "the features", error)) &&
                (manifold->centre = memory_allocate(features.columns, sizeof(double), "the features", error));
    if (good) {
        features_mean(features, manifold->centre);
        good = point_set_create(features, centre ? centre : manifold->centre, &manifold->points, error) &&
               find_radii(manifold, error);
    }
    if (!good) {
        manifold_free(manifold);
    }
    return good;
}

bool manifold_create(struct matrix features, size_t neighbours, struct watch watch, struct manifold *manifold,
                     struct error *error)
{
    return create(features, neighbours, NULL, watch, manifold, error);
}

void manifold_free(struct manifold *manifold)
{
    point_set_free(&manifold->points);
    free(manifold->centre);
    free(manifold->radii);
    *manifold = (struct manifold){0};
}

/* ---- a comparison ---- */

/* What is counted. */
struct counts {
    size_t pairs; /* of a real ball and a generated point in it */
    size_t covered; /* real balls with such a point */
    size_t recalled; /* real points in a generated ball */
};

/* Whether row r and column c are nearer than a radius, squared. */
static bool is_within(double radius, struct points rows, size_t r, struct points columns, size_t c,
                      const struct point_bounds *bounds)
{
    return bounds->low[c] < radius && (bounds->high[c] < radius || points_distance(rows, r, columns, c) < radius);
}

/* Counts for a real point's ball the generated points in it, marking them in `inside`, and tells whether the point is
 * in one of their balls. Other threads may mark the same. */
static size_t count_pairs(struct points rows, size_t r, double radius, struct points columns, const double *radii,
                          const struct point_bounds *bounds, unsigned char *inside, bool *recalled)
{
    size_t pairs = 0;
    for (size_t c = 0; c < columns.count; c++) {
        if (is_within(radius, rows, r, columns, c, bounds)) {
            pairs++;
#pragma omp atomic write
            inside[c] = 1;
        }
        *recalled = *recalled || is_within(radii[c], rows, r, columns, c, bounds);
    }
    return pairs;
}

/* Block number `index` of the real points against all generated ones. */
static struct counts compare_block(const struct manifold *real_points, const struct manifold *generated, size_t index,
                                   struct room room, unsigned char *inside)
{
    const struct points rows = points_part(&real_points->points, index, POINT_ROWS);
    size_t pairs[POINT_ROWS] = {0};
    bool recalled[POINT_ROWS] = {0};
    for (size_t column = 0; column < points_blocks(&generated->points, POINT_COLUMNS); column++) {
        const struct points columns = points_part(&generated->points, column, POINT_COLUMNS);
        points_multiply(rows, columns, room.products);
        for (size_t r = 0; r < rows.count; r++) {
            struct point_bounds bounds;
            points_bound(rows, r, columns, room.products, &bounds);
            pairs[r] += count_pairs(rows, r, real_points->radii[rows.first + r], columns,
                                    generated->radii + columns.first, &bounds, inside + columns.first, &recalled[r]);
        }
    }
    struct counts counts = {0};
    for (size_t r = 0; r < rows.count; r++) {
        counts.pairs += pairs[r];
        counts.covered += pairs[r] > 0;
        counts.recalled += recalled[r];
    }
    return counts;
}

/* All counts are whole numbers, so that the order of adding them up is of no account. */
static struct manifold_figures compare(const struct manifold *real_points, const struct manifold *generated,
                                       struct room *rooms, unsigned char *inside)
{
    const size_t real_count = real_points->points.features.rows, count = generated->points.features.rows;
    size_t pairs = 0, covered = 0, recalled = 0, precise = 0;
#pragma omp parallel for schedule(dynamic) reduction(+ : pairs, covered, recalled)
    for (size_t row = 0; row < points_blocks(&real_points->points, POINT_ROWS); row++) {
        if (watch_has_ended(&real_points->watch)) {
            continue;
        }
        const struct counts counts = compare_block(real_points, generated, row, rooms[omp_get_thread_num()], inside);
        pairs += counts.pairs;
        covered += counts.covered;
        recalled += counts.recalled;
    }
    for (size_t i = 0; i < count; i++) {
        precise += inside[i];
    }
    return (struct manifold_figures){
        .precision = (double)precise / (double)count,
        .recall = (double)recalled / (double)real_count,
        .density = (double)pairs / (double)real_points->neighbours / (double)count,
        .coverage = (double)covered / (double)real_count,
    };
}

bool manifold_compare(const struct manifold *real_points, struct matrix generated, struct manifold_figures *figures,
                      struct error *error)
{
    const size_t threads = (size_t)omp_get_max_threads(), dimensions = real_points->points.features.columns;
    if (generated.columns != dimensions) {
        return error_set(error, STATUS_USAGE, "features of %zu and of %zu dimensions cannot be compared", dimensions,
                         generated.columns);
    }
    struct manifold other;
    if (!create(generated, real_points->neighbours, real_points->centre, real_points->watch, &other, error)) {
        return false;
    }
    struct room *rooms = create_rooms(threads, real_points->neighbours, error);
    unsigned char *inside = rooms ? memory_allocate(generated.rows, 1, "the features", error) : NULL;
    if (inside) {
        *figures = compare(real_points, &other, rooms, inside);
    }
    const bool good = inside && watch_goes_on(&real_points->watch, error);
    free(inside);
    free_rooms(rooms, threads);
    manifold_free(&other);
    return good;
}
