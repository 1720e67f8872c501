#include "nn/dense.h"
#include "nn/matmul.h"

void dense_forward(struct matrix x, struct matrix w, const real *bias, struct matrix y, size_t begin, size_t count)
{
    struct matrix tile = matrix_columns(y, begin, count);
    matmul_transposed(x, matrix_rows(w, begin, count), tile); /* y = x W' */
    if (!bias) {
        return;
    }
    for (size_t r = 0; r < tile.rows; r++) { /* + b */
        real *row = tile.data + r * tile.stride;
        for (size_t i = 0; i < count; i++) {
            row[i] += bias[begin + i];
        }
    }
}

void dense_backward_parameters(struct matrix dy, struct matrix x, struct matrix dw, real *dbias, size_t begin,
                               size_t count)
{
    struct matrix tile = matrix_columns(dy, begin, count);
    if (dbias) { /* db = 1' dy */
        real *sum = dbias + begin;
        for (size_t i = 0; i < count; i++) {
            sum[i] = 0;
        }
        for (size_t r = 0; r < tile.rows; r++) {
            const real *row = tile.data + r * tile.stride;
            for (size_t i = 0; i < count; i++) {
                sum[i] += row[i];
            }
        }
    }
    matmul_gradient(tile, x, matrix_rows(dw, begin, count)); /* dW = dy' x */
}

void dense_backward_input(struct matrix dy, struct matrix w, size_t begin, size_t count, struct matrix dx)
{
    matmul_plain(dy, matrix_columns(w, begin, count), dx); /* dx = dy W */
}
