/* A view of a row-major matrix that somebody else owns: a sample a row, rows `stride` numbers apart. */
#ifndef NN_MATRIX_H
#define NN_MATRIX_H

#include "nn/real.h"

#include <stddef.h>

struct matrix {
    real *data; /* [rows][stride], of which the first `columns` of each row are the matrix */
    size_t rows; /* samples */
    size_t columns; /* features */
    size_t stride; /* >= columns */
};

/* The rows begin .. begin + count - 1 of m. */
static inline struct matrix matrix_rows(struct matrix m, size_t begin, size_t count)
{
    return (struct matrix){m.data + begin * m.stride, count, m.columns, m.stride};
}

/* The columns begin .. begin + count - 1 of m. */
static inline struct matrix matrix_columns(struct matrix m, size_t begin, size_t count)
{
    return (struct matrix){m.data + begin, m.rows, count, m.stride};
}

#endif
