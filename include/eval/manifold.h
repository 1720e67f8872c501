/* How much of the generated images lies among the real ones, and of the real ones among the generated, by their
 * features: precision and recall (Kynkaanniemi et al. 2019), density and coverage (Naeem et al. 2020).
 *
 * A manifold is the union of balls around a set's points, each as wide as the distance to the point's k-th nearest
 * neighbour in the set, itself not counted; a point is in a ball when it is nearer than that (not when as near). So
 * does the authors' Python package prdc.
 *
 * Which of two distances is less is decided as eval/points.h has it: points that are there twice, or in both sets, are
 * at the distance 0, ties are ties, and neither threads nor the kernels of BLAS change the figures. */
#ifndef EVAL_MANIFOLD_H
#define EVAL_MANIFOLD_H

#include "eval/points.h"
#include "eval/watch.h"

/* Made once for the real images, it serves for any number of comparisons. */
struct manifold {
    struct point_set points;
    double *centre; /* [dimensions]: of the points: their mean */
    size_t neighbours; /* k */
    double *radii; /* [points]: the distance to the k-th nearest neighbour, squared */
    struct watch watch; /* which may end its making, and comparisons with it */
};

/* The manifold of features, [points][dimensions], which stay the caller's until manifold_free, with balls that reach to
 * the k-th neighbour, k = neighbours >= 1. Uses the OpenMP threads of the caller, after matmul_prepare(), and as much
 * memory as the features again, and some hundred KiB a thread. False with nothing to free: STATUS_USAGE where there are
 * not more than k points, STATUS_FAILED as point_set_create, or where memory is short, STATUS_STOPPED where the watch
 * ended it. */
bool manifold_create(struct matrix features, size_t neighbours, struct watch watch, struct manifold *manifold,
                     struct error *error);

void manifold_free(struct manifold *manifold);

/* What is better is higher, up to 1 but for density, which has no limit and is about 1 where both sets are alike. */
struct manifold_figures {
    double precision; /* the share of generated points in the real manifold */
    double recall; /* the share of real points in the generated manifold */
    double density; /* in how many of the real balls a generated point is, on the average, divided by k */
    double coverage; /* the share of real balls with a generated point in them */
};

/* Compares generated points, of as many dimensions as the real ones and more than k, with the real manifold. Errors as
 * above, and STATUS_USAGE where the dimensions differ. */
bool manifold_compare(const struct manifold *real_points, struct matrix generated, struct manifold_figures *figures,
                      struct error *error);

#endif
