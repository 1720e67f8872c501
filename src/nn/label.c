#include "nn/label.h"

void label_forward(const unsigned char *labels, struct matrix w, const real *bias, struct matrix y)
{
#pragma omp for schedule(static) nowait
    for (size_t r = 0; r < y.rows; r++) {
        for (size_t i = 0; i < y.columns; i++) {
            y.data[r * y.stride + i] = w.data[i * w.stride + labels[r]] + bias[i];
        }
    }
}

void label_backward(const unsigned char *labels, struct matrix dy, struct matrix dw, real *dbias)
{
#pragma omp for schedule(static) nowait
    for (size_t i = 0; i < dw.rows; i++) {
        real *row = dw.data + i * dw.stride;
        for (size_t c = 0; c < dw.columns; c++) {
            row[c] = 0;
        }
        dbias[i] = 0;
        for (size_t r = 0; r < dy.rows; r++) {
            real d = dy.data[r * dy.stride + i];
            row[labels[r]] += d;
            dbias[i] += d;
        }
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
