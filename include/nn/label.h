/* A dense layer on one-hot labels, e = onehot(label) W' + b, W [out][classes], beside the input x of a dense layer:
 * y = [x e] V' + a. The rows of a class have the same e, so that its part of y, and of the gradients, is computed once
 * for each class rather than for each row: from the embeddings E [classes][out], a class a row, and from the sums of dy
 * over the rows of each class. */
#ifndef NN_LABEL_H
#define NN_LABEL_H

#include "nn/matrix.h"

enum { CLASSES_MAX = 256 }; /* labels are bytes */

/* E = W' + b; bias [out]. Called by every thread of a team, which share the columns; ends without a barrier. */
void label_embed(struct matrix w, const real *bias, struct matrix embeddings);

/* Adds to each row of y [rows][columns] the row of its label of terms [classes][columns]. */
void label_add(const unsigned char *labels, struct matrix terms, struct matrix y);

/* sums [classes][columns]: of the rows of dy [rows][columns] with that label, each times its factor where there are
 * factors [rows]. */
void label_sum(const unsigned char *labels, const real *factors, struct matrix dy, struct matrix sums);

/* Rows begin .. begin + count - 1 of dW [out][classes] and as many elements of db [out] from those columns of the
 * embeddings' gradient, de [classes][count]. */
void label_backward(struct matrix de, struct matrix dw, real *dbias, size_t begin);

/* The labels themselves, one-hot, into y [rows][classes]. Called by every thread of a team, which share the rows; ends
 * without a barrier. */
void label_one_hot(const unsigned char *labels, struct matrix y);

#endif
