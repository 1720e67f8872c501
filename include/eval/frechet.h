/* The Frechet distance between Gaussians fitted to two sets of features (Dowson and Landau 1982), the measure of Heusel
 * et al. 2017 ("FID" where the features are an Inception net's):
 *
 *     |m1 - m2|^2 + tr(C1 + C2 - 2 (C1^1/2 C2 C1^1/2)^1/2).
 *
 * It is in the features' unit, squared, and grows with few samples: compare only what was made of equally many. All is
 * computed in double; the OpenMP threads of the caller change no bit. After matmul_prepare(). */
#ifndef EVAL_FRECHET_H
#define EVAL_FRECHET_H

#include "base/error.h"
#include "nn/matrix.h"

struct gaussian {
    size_t dimensions;
    double *mean; /* [dimensions] */
    double *covariance; /* [dimensions][dimensions], unbiased: the sum over n - 1 */
};

/* The mean and the covariance of rows of features, [samples][dimensions], of one dimension at least; to be freed with
 * gaussian_free. False with nothing to free: STATUS_USAGE for less than 2 samples, STATUS_FAILED where one of the
 * features is not finite or memory is short. */
bool gaussian_fit(struct matrix features, struct gaussian *gaussian, struct error *error);

void gaussian_free(struct gaussian *gaussian);

/* The distance of two Gaussians of as many dimensions, which may be singular: features that are always the same, fewer
 * samples than dimensions. Never negative. It is off by some 1e-14 of the covariances' traces, and so is that of two
 * equal ones from 0. A feature (or a mixture of them) that varies, but by less than some 1e-7 of what varies most, is
 * taken for one that does not; where the other set's varies much, that can be 1e-7 of the traces. STATUS_USAGE where
 * the dimensions differ, STATUS_FAILED where memory is short or LAPACK finds no eigenvalues. Takes .4 s for 784
 * dimensions, on the calling thread. */
bool frechet_distance(const struct gaussian *a, const struct gaussian *b, double *distance, struct error *error);

#endif
