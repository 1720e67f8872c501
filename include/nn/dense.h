/* A dense layer, y = x W' + b, with W [out][in] and b [out], a tile of columns at a time. */
#ifndef NN_DENSE_H
#define NN_DENSE_H

#include "nn/matrix.h"

/* Columns begin .. begin + count - 1 of y = x W' + b. x [rows][in], w [out][in], y [rows][out]; bias [out] or NULL. */
void dense_forward(struct matrix x, struct matrix w, const real *bias, struct matrix y, size_t begin, size_t count);

/* Rows begin .. begin + count - 1 of dW = dy' x, and as many elements of db, the sums of dy's columns. dw [out][in],
 * dbias [out] or NULL. */
void dense_backward_parameters(struct matrix dy, struct matrix x, struct matrix dw, real *dbias, size_t begin,
                               size_t count);

/* Columns begin .. begin + count - 1 of dx = dy W, written to dx, [rows][count]. */
void dense_backward_input(struct matrix dy, struct matrix w, size_t begin, size_t count, struct matrix dx);

#endif
