#include "nn/label.h"

#include <string.h>

void label_embed(struct matrix w, const real *bias, struct matrix embeddings)
{
#pragma omp for schedule(static) nowait
    for (size_t i = 0; i < w.rows; i++) {
        for (size_t c = 0; c < w.columns; c++) {
            embeddings.data[c * embeddings.stride + i] = w.data[i * w.stride + c] + bias[i];
        }
    }
}

void label_add(const unsigned char *labels, struct matrix terms, struct matrix y)
{
    for (size_t r = 0; r < y.rows; r++) {
        const real *term = terms.data + labels[r] * terms.stride;
        real *row = y.data + r * y.stride;
        for (size_t i = 0; i < y.columns; i++) {
            row[i] += term[i];
        }
    }
}

void label_sum(const unsigned char *labels, const real *factors, struct matrix dy, struct matrix sums)
{
    for (size_t c = 0; c < sums.rows; c++) {
        memset(sums.data + c * sums.stride, 0, sums.columns * sizeof *sums.data);
    }
    for (size_t r = 0; r < dy.rows; r++) {
        const real *row = dy.data + r * dy.stride;
        real *sum = sums.data + labels[r] * sums.stride;
        const real factor = factors ? factors[r] : 1;
        for (size_t i = 0; i < dy.columns; i++) {
            sum[i] += factor * row[i];
        }
    }
}

void label_backward(struct matrix de, struct matrix dw, real *dbias, size_t begin)
{
    for (size_t i = 0; i < de.columns; i++) {
        real *row = dw.data + (begin + i) * dw.stride, sum = 0;
        for (size_t c = 0; c < de.rows; c++) {
            row[c] = de.data[c * de.stride + i];
            sum += row[c];
        }
        dbias[begin + i] = sum;
    }
}

void label_one_hot(const unsigned char *labels, struct matrix y)
{
#pragma omp for schedule(static) nowait
    for (size_t r = 0; r < y.rows; r++) {
        for (size_t c = 0; c < y.columns; c++) {
            y.data[r * y.stride + c] = c == labels[r];
        }
    }
}
