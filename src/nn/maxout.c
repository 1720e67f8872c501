#include "nn/maxout.h"

void maxout_forward(struct maxout maxout, struct matrix x, struct matrix y)
{
    for (size_t r = 0; r < y.rows; r++) {
        const real *row = x.data + r * x.stride;
        real *largest = y.data + r * y.stride;
        memcpy(largest, row, y.columns * sizeof *row);
        for (size_t p = 1; p < maxout.pieces; p++) {
            const real *piece = row + p * maxout.distance;
            for (size_t i = 0; i < y.columns; i++) {
                largest[i] = piece[i] > largest[i] || piece[i] != piece[i] ? piece[i] : largest[i];
            }
        }
    }
}

/* Which piece of each unit of a row y is its largest; x: the row's pieces. */
static void find_largest(struct maxout maxout, const real *x, const real *y, size_t columns,
                         unsigned largest[static TILE_COLUMNS_MAX])
{
    memset(largest, 0, columns * sizeof *largest);
    for (size_t p = maxout.pieces; p-- > 0;) {
        const real *piece = x + p * maxout.distance;
        for (size_t i = 0; i < columns; i++) {
            largest[i] = piece[i] == y[i] ? (unsigned)p : largest[i];
        }
    }
}

void maxout_backward(struct maxout maxout, struct matrix x, struct matrix y, struct matrix dy)
{
    unsigned largest[TILE_COLUMNS_MAX];
    for (size_t r = 0; r < y.rows; r++) {
        real *row = dy.data + r * dy.stride;
        find_largest(maxout, x.data + r * x.stride, y.data + r * y.stride, y.columns, largest);
        for (size_t p = maxout.pieces; p-- > 0;) { /* the first one, where dy is, last */
            real *piece = row + p * maxout.distance;
            for (size_t i = 0; i < y.columns; i++) {
                piece[i] = largest[i] == p ? row[i] : 0;
            }
        }
    }
}

void maxout_tangent(struct maxout maxout, struct matrix x, struct matrix y, struct matrix dx, struct matrix dy)
{
    unsigned largest[TILE_COLUMNS_MAX];
    for (size_t r = 0; r < y.rows; r++) {
        const real *row = dx.data + r * dx.stride;
        real *tangent = dy.data + r * dy.stride;
        find_largest(maxout, x.data + r * x.stride, y.data + r * y.stride, y.columns, largest);
        for (size_t i = 0; i < y.columns; i++) {
            tangent[i] = row[largest[i] * maxout.distance + i];
        }
    }
}
