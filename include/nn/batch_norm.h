/* Batch normalization (Ioffe and Szegedy 2015) of a tile of columns: y = gamma (x - mean) / sqrt(var + epsilon) + beta,
 * the mean and the biased variance of each feature taken over each group of rows by itself. */
#ifndef NN_BATCH_NORM_H
#define NN_BATCH_NORM_H

#include "nn/matrix.h"

#include <stdbool.h>

/* running = momentum * running + (1 - momentum) * batch, as in Keras (PyTorch's momentum is 1 less ours). */
struct batch_norm {
    double momentum;
    double epsilon;
    bool unbiased; /* whether the running variance averages var * n / (n - 1), as in PyTorch, or var, as in Keras */
};

/* The arrays of a tile: each points to its first column's element. */
struct batch_norm_tile {
    const real *gamma, *beta; /* [columns] */
    real *running_mean, *running_var; /* [columns] */
    real *mean, *inverse_deviation; /* [groups][group_stride]: of the batch, for backward */
    size_t groups, group_stride; /* rows are cut into so many equal groups */
};

/* y from x while training: normalizes by the batch, keeps its mean and 1 / sqrt(var + epsilon), and moves the running
 * statistics once for each group, in order. x, y [rows][columns]. */
void batch_norm_forward(struct batch_norm norm, struct batch_norm_tile tile, struct matrix x, struct matrix y);

/* y from x by the running statistics, so that a row does not depend on its neighbours. */
void batch_norm_infer(struct batch_norm norm, struct batch_norm_tile tile, struct matrix x, struct matrix y);

/* dx over dy itself, from x as it was forward; dgamma and dbeta [columns] are written unless NULL. */
void batch_norm_backward(struct batch_norm_tile tile, struct matrix x, struct matrix dy, real *dgamma, real *dbeta);

#endif
