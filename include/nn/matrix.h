/* A view of a row-major matrix that somebody else owns: a sample a row, rows `stride` numbers apart. */
#ifndef NN_MATRIX_H
#define NN_MATRIX_H

#include "base/memory.h"
#include "nn/real.h"

#include <stddef.h>
#include <string.h>

struct matrix {
    real *data; /* [rows][stride], of which the first `columns` of each row are the matrix */
    size_t rows; /* samples */
    size_t columns; /* features */
    size_t stride; /* >= columns */
};

/* A matrix of zeros of one's own, for `what`; its data are to be freed with free(). False with STATUS_FAILED where
 * memory is short. */
static inline bool matrix_allocate(struct matrix *m, size_t rows, size_t columns, size_t stride, const char *what,
                                   struct error *error)
{
    *m = (struct matrix){NULL, rows, columns, stride};
    return (m->data = memory_allocate(rows, stride * sizeof *m->data, what, error));
}

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

/* Columns begin .. begin + count - 1 of a matrix. */
struct tile {
    size_t begin, count;
};

enum {
    /* How wide tiles are, more or less: wide enough that a product has more to compute than to pack, narrow enough that
     * there are some for several threads, and that a tile of a batch stays in a core's cache from the product to the
     * last elementwise operation on it. */
    TILE_COLUMNS = 128,
    TILE_COLUMNS_MAX = 208, /* at most: half as many again, and a bound */
    TILE_BOUND = 16, /* they begin at multiples of it: as wide as any vector register */
    TILE_SHARES = 2, /* for whom they are cut where results depend on it: for two threads, however many there are */
};

/* How far apart rows of so many columns are laid: whole cache lines, and one more, so that rows of a power of two do
 * not fall on the same few cache sets. */
static inline size_t row_stride(size_t columns)
{
    return (columns + TILE_BOUND - 1) / TILE_BOUND * TILE_BOUND + TILE_BOUND;
}

/* The number of tiles that so many columns are cut into: a multiple of the shares, that as many threads have equal
 * parts, unless tiles of TILE_BOUND columns are fewer. */
static inline size_t tile_count(size_t columns, size_t shares)
{
    const size_t each = (columns + shares * TILE_COLUMNS / 2) / (shares * TILE_COLUMNS);
    const size_t count = each > 0 ? shares * each : shares, most = columns > 0 ? (columns - 1) / TILE_BOUND : 0;
    return count <= most ? count : most > 0 ? most : columns > 0;
}

/* Where tile number `number` begins; the one after the last at the end. */
static inline size_t tile_begin(size_t columns, size_t shares, size_t number)
{
    const size_t count = tile_count(columns, shares);
    return number >= count ? columns : (columns * number / count + TILE_BOUND / 2) / TILE_BOUND * TILE_BOUND;
}

static inline struct tile tile_at(size_t columns, size_t shares, size_t number)
{
    const size_t begin = tile_begin(columns, shares, number);
    return (struct tile){begin, tile_begin(columns, shares, number + 1) - begin};
}

#endif
