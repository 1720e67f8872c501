/* A dense layer on one-hot labels, y = onehot(label) W' + b, W [out][classes]: a column of W for each row. Called by
 * every thread of a team, which share the columns; each ends without a barrier. */
#ifndef NN_LABEL_H
#define NN_LABEL_H

#include "nn/matrix.h"

/* y [rows][out] from labels [rows], each below w.columns; bias [out]. */
void label_forward(const unsigned char *labels, struct matrix w, const real *bias, struct matrix y);

/* dW [out][classes] and db [out] from dy [rows][out]. */
void label_backward(const unsigned char *labels, struct matrix dy, struct matrix dw, real *dbias);

/* The labels themselves, one-hot, into y [rows][classes]. */
void label_one_hot(const unsigned char *labels, struct matrix y);

#endif
