/* A view of a row-major matrix that somebody else owns: a sample a row, rows `stride` numbers apart. */
#ifndef NN_MATRIX_H
#define NN_MATRIX_H

#include "nn/real.h"

#include <stddef.h>
#include <string.h>

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

/* The numbers of x into y, of the same size. */
static inline void matrix_copy(struct matrix x, struct matrix y)
{
    for (size_t r = 0; r < x.rows; r++) {
        memcpy(y.data + r * y.stride, x.data + r * x.stride, x.columns * sizeof *x.data);
    }
}

/* How wide a tile is: a multiple of every vector register's width; wide enough that a product has more to compute than
 * to pack, narrow enough that there are some for several threads, and that a tile of a batch stays in a core's cache
 * from the product to the last elementwise operation on it. */
enum { TILE_COLUMNS = 128 };

/* The number of tiles that cover so many columns. */
static inline size_t tile_count(size_t columns)
{
    return (columns + TILE_COLUMNS - 1) / TILE_COLUMNS;
}

/* The width of tile number `tile`, the last of which may be narrower. */
static inline size_t tile_width(size_t columns, size_t tile)
{
    size_t left = columns - tile * TILE_COLUMNS;
    return left < TILE_COLUMNS ? left : TILE_COLUMNS;
}

#endif
