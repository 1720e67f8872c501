/* The three products of a dense layer, by our own kernels (nn/product.h) where the CPU has what they need, else by
 * BLAS. The only file that calls BLAS, which is kept to one thread: the threads are the caller's, who cuts the work
 * into tiles (nn/matrix.h), so that the bits do not depend on their number. */
#ifndef NN_MATMUL_H
#define NN_MATMUL_H

#include "base/error.h"
#include "nn/matrix.h"

/* Keeps BLAS to one thread, and to equal bits for equal products. Once, before any product. */
void matmul_prepare(void);

/* Has BLAS take the memory that it needs for products in so many threads at once. STATUS_FAILED where there is not as
 * much: OpenBLAS would look for it for ever. */
bool matmul_reserve(size_t threads, struct error *error);

enum { MATMUL_LIBRARY_SIZE = 96 };

/* What multiplies, "own AVX2 kernels, OpenBLAS 0.3.21" or "OpenBLAS 0.3.21, Haswell kernels", into text; returns text.
 */
const char *matmul_library(char text[MATMUL_LIBRARY_SIZE]);

/* Whether a number of a product has the same bits whatever the part that it is computed in, as with our own kernels, so
 * that a product may be cut for the threads there are. */
bool matmul_is_divisible(void);

/* c [m][n] = a [m][k] times b' , b [n][k]: a layer forward, y = x W'. */
void matmul_transposed(struct matrix a, struct matrix b, struct matrix c);

/* c [m][n] = a [m][k] times b [k][n]: the gradient of a layer's input, dx = dy W. */
void matmul_plain(struct matrix a, struct matrix b, struct matrix c);

/* c [m][n] = a' times b, a [k][m], b [k][n]: the gradient of a layer's weights, dW = dy' x. */
void matmul_gradient(struct matrix a, struct matrix b, struct matrix c);

/* A view like struct matrix, of numbers in double whatever `real` is: for what is measured rather than trained. */
struct double_matrix {
    double *data; /* [rows][stride], of which the first `columns` of each row are the matrix */
    size_t rows, columns, stride;
};

/* c [m][n] = a [m][k] times b' , b [n][k]. */
void double_matmul_transposed(struct double_matrix a, struct double_matrix b, struct double_matrix c);

/* c [m][n] += a' times b, a [k][m], b [k][n]. */
void double_matmul_add_gradient(struct double_matrix a, struct double_matrix b, struct double_matrix c);

#endif
