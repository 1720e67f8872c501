#include "nn/dense.h"
#include "nn/matmul.h"

#include <string.h>

/* A layer with one output, as D's last, is less work than to bring its input into the order that products want. */

static real dot(size_t count, const real *x, const real *y)
{
    real sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t i = 0; i < count; i++) {
        sum += x[i] * y[i];
    }
    return sum;
}

/* y [rows][1] = x w', w [1][in]. */
static void forward_to_one(struct matrix x, const real *w, struct matrix y)
{
    for (size_t r = 0; r < x.rows; r++) {
        y.data[r * y.stride] = dot(x.columns, x.data + r * x.stride, w);
    }
}

/* dw [1][in] = dy' x, dy [rows][1]. */
static void gradient_of_one(struct matrix dy, struct matrix x, real *restrict dw)
{
    memset(dw, 0, x.columns * sizeof *dw);
    for (size_t r = 0; r < x.rows; r++) {
        const real factor = dy.data[r * dy.stride], *row = x.data + r * x.stride;
        for (size_t i = 0; i < x.columns; i++) {
            dw[i] += factor * row[i];
        }
    }
}

/* dx [rows][count] = dy w, dy [rows][1], w [1][count]. */
static void backward_from_one(struct matrix dy, const real *w, struct matrix dx)
{
    for (size_t r = 0; r < dx.rows; r++) {
        const real factor = dy.data[r * dy.stride];
        real *row = dx.data + r * dx.stride;
        for (size_t i = 0; i < dx.columns; i++) {
            row[i] = factor * w[i];
        }
    }
}

void dense_forward(struct matrix x, struct matrix w, const real *bias, struct matrix y, size_t begin, size_t count)
{
    struct matrix tile = matrix_columns(y, begin, count);
    if (w.rows == 1) { /* y = x W' */
        forward_to_one(x, w.data, tile);
    } else {
        matmul_transposed(x, matrix_rows(w, begin, count), tile);
    }
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
    if (dw.rows == 1) { /* dW = dy' x */
        gradient_of_one(dy, x, dw.data);
    } else {
        matmul_gradient(tile, x, matrix_rows(dw, begin, count));
    }
}

void dense_backward_input(struct matrix dy, struct matrix w, size_t begin, size_t count, struct matrix dx)
{
    if (w.rows == 1) { /* dx = dy W */
        backward_from_one(dy, w.data + begin, dx);
    } else {
        matmul_plain(dy, matrix_columns(w, begin, count), dx);
    }
}
