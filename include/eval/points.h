/* Distances between points, which are rows of features, a block of them at a time: which ones are below a limit is told
 * by products of matrices where these can tell, and by the distance itself where they cannot.
 *
 * Distances are squared. The one that counts is points_distance: the sum of squared differences in double, which is
 * exactly 0 for equal points, the same both ways round, and depends on nothing else. A product gives bounds on it. */
#ifndef EVAL_POINTS_H
#define EVAL_POINTS_H

#include "base/error.h"
#include "nn/matrix.h"

struct point_set {
    struct matrix features; /* [points][dimensions]: the caller's, and to stay until point_set_free */
    real *centred; /* [points][dimensions]: less a centre, so that products are rounded less */
    double *squares; /* [points]: of the centred points' lengths */
};

/* A set around a centre [dimensions], which is any point near the middle of the sets that are compared, and the same
 * for all. False with nothing to free: STATUS_FAILED where a feature is not finite (or a point's length is beyond
 * 9e18), or memory is short. */
bool point_set_create(struct matrix features, const double *centre, struct point_set *set, struct error *error);

void point_set_free(struct point_set *set);

/* How many points of each of two sets a block is made of, at most. */
enum { POINT_ROWS = 128, POINT_COLUMNS = 512 };

/* Some points of a set. */
struct points {
    const struct point_set *set;
    size_t first, count;
};

/* How many blocks cover a set, in blocks of `size`, and number `index` of them, the last of which may be smaller. */
size_t points_blocks(const struct point_set *set, size_t size);
struct points points_part(const struct point_set *set, size_t index, size_t size);

/* The products of at most POINT_ROWS points with at most POINT_COLUMNS, [POINT_ROWS][POINT_COLUMNS]. */
void points_multiply(struct points rows, struct points columns, real *products);

/* Bounds on the distances of a point: 0 <= low <= distance <= high. */
struct point_bounds {
    double low[POINT_COLUMNS], high[POINT_COLUMNS];
};

/* Bounds of row r's distances to all columns. */
void points_bound(struct points rows, size_t r, struct points columns, const real *products,
                  struct point_bounds *bounds);

/* The distance of row r and column c, squared. */
double points_distance(struct points rows, size_t r, struct points columns, size_t c);

#endif
