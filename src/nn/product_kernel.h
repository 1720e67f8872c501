/* A kernel for matrix products, by the vectors of the file that includes this one: it has LANES numbers in a `vec`, and
 * vec_load, vec_store, vec_of (one number in all lanes), vec_fma (x y + z), vec_zero, and
 * transpose_block(b, stride, t), which writes LANES x LANES numbers of b [LANES][stride] as t [LANES][PANEL].
 *
 * c is computed by panels of two vectors' columns. A panel of b is copied, so that its rows follow each other and stay
 * in the cache; then as many rows of c as registers hold are summed up over all of the panel's rows (Goto and van de
 * Geijn 2008). a is read where it is: with so few rows it is in the cache anyway. */
#include "nn/product.h"

#include <string.h>

#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

static inline void transpose_block(const float *b, size_t stride, float *t);

enum {
    PANEL = 2 * LANES, /* columns */
    DEPTH = 512 /* rows of a panel at a time: 64 kB, which the second nearest cache holds */
};

static _Thread_local float panel[DEPTH * PANEL] __attribute__((aligned(64)));

/* Adds to c [rows][PANEL] the product of `depth` columns of a and the panel; where `first`, there is nothing in c yet.
 * Compiled for each number of rows, so that the sums stay in registers. */
static inline __attribute__((always_inline)) void add_rows(size_t rows, size_t depth, const float *a, size_t a_row,
                                                           size_t a_column, bool first, float *c, size_t c_stride)
{
    vec sums[ROWS_MAX][2];
    UNROLL
    for (size_t i = 0; i < rows; i++) {
        sums[i][0] = first ? vec_zero() : vec_load(c + i * c_stride);
        sums[i][1] = first ? vec_zero() : vec_load(c + i * c_stride + LANES);
    }
    for (size_t l = 0; l < depth; l++) {
        const vec left = vec_load(panel + l * PANEL), right = vec_load(panel + l * PANEL + LANES);
        UNROLL
        for (size_t i = 0; i < rows; i++) {
            const vec factor = vec_of(a[i * a_row + l * a_column]);
            sums[i][0] = vec_fma(factor, left, sums[i][0]);
            sums[i][1] = vec_fma(factor, right, sums[i][1]);
        }
    }
    UNROLL
    for (size_t i = 0; i < rows; i++) {
        vec_store(c + i * c_stride, sums[i][0]);
        vec_store(c + i * c_stride + LANES, sums[i][1]);
    }
}

#define ROWS(N)                                                                                                        \
    case N:                                                                                                            \
        add_rows(N, depth, a, a_row, a_column, first, c, c_stride);                                                    \
        break;

static inline __attribute__((always_inline)) void add_some_rows(size_t rows, size_t depth, const float *a, size_t a_row,
                                                                size_t a_column, bool first, float *c, size_t c_stride)
{
    switch (rows) {
        ROWS(1)
        ROWS(2)
        ROWS(3)
        ROWS(4)
        ROWS(5)
        ROWS(6)
#if ROWS_MAX > 6
        ROWS(7)
        ROWS(8)
        ROWS(9)
        ROWS(10)
        ROWS(11)
        ROWS(12)
        ROWS(13)
        ROWS(14)
#endif
    default:
        break;
    }
}

/* Rows of a that lie side by side, or one after another: each compiled by itself, since a step of 1 is free. */
static void add_block(const struct product *product, size_t row, size_t rows, size_t first, size_t depth, float *c,
                      size_t c_stride)
{
    const float *a = product->a + row * product->a_row + first * product->a_column;
    if (product->a_column == 1) {
        add_some_rows(rows, depth, a, product->a_row, 1, first == 0, c, c_stride);
    } else {
        add_some_rows(rows, depth, a, 1, product->a_column, first == 0, c, c_stride);
    }
}

/* Rows first .. first + depth - 1 of `columns` columns of b from `column` on, the rest of the panel being zero. */
static void fill_panel(const struct product *product, size_t column, size_t columns, size_t first, size_t depth)
{
    const float *b = product->b + first * product->b_stride + column;
    for (size_t l = 0; l < depth; l++, b += product->b_stride) {
        if (columns == PANEL) {
            vec_store(panel + l * PANEL, vec_load(b));
            vec_store(panel + l * PANEL + LANES, vec_load(b + LANES));
        } else {
            memset(panel + l * PANEL, 0, PANEL * sizeof *panel);
            memcpy(panel + l * PANEL, b, columns * sizeof *panel);
        }
    }
}

/* The same of a b that is transposed. */
static void fill_panel_transposed(const struct product *product, size_t column, size_t columns, size_t first,
                                  size_t depth)
{
    for (size_t j = 0; j < PANEL; j += LANES) {
        const float *b = product->b + (column + j) * product->b_stride + first;
        size_t l = 0;
        for (; j + LANES <= columns && l + LANES <= depth; l += LANES) {
            transpose_block(b + l, product->b_stride, panel + l * PANEL + j);
        }
        for (; l < depth; l++) {
            for (size_t i = 0; i < LANES; i++) {
                panel[l * PANEL + j + i] = j + i < columns ? b[i * product->b_stride + l] : 0;
            }
        }
    }
}

static void copy_rows(size_t rows, size_t columns, const float *x, size_t x_stride, float *y, size_t y_stride)
{
    for (size_t i = 0; i < rows; i++) {
        memcpy(y + i * y_stride, x + i * x_stride, columns * sizeof *x);
    }
}

/* All rows of the panel's columns of c, in blocks of nearly as many rows each. */
static void add_panel(const struct product *product, size_t column, size_t columns, size_t first, size_t depth)
{
    const size_t blocks = (product->m + ROWS_MAX - 1) / ROWS_MAX;
    for (size_t block = 0; block < blocks; block++) {
        const size_t row = product->m * block / blocks, rows = product->m * (block + 1) / blocks - row;
        float *c = product->c + row * product->c_stride + column;
        if (columns == PANEL) {
            add_block(product, row, rows, first, depth, c, product->c_stride);
        } else {
            float whole[ROWS_MAX * PANEL] = {0};
            if (first > 0) {
                copy_rows(rows, columns, c, product->c_stride, whole, PANEL);
            }
            add_block(product, row, rows, first, depth, whole, PANEL);
            copy_rows(rows, columns, whole, PANEL, c, product->c_stride);
        }
    }
}

static void multiply(const struct product *product)
{
    for (size_t column = 0; column < product->n; column += PANEL) {
        const size_t left = product->n - column, columns = left < PANEL ? left : PANEL;
        for (size_t first = 0; first == 0 || first < product->k; first += DEPTH) {
            const size_t rest = product->k - first, depth = rest < DEPTH ? rest : DEPTH;
            (product->b_transposed ? fill_panel_transposed : fill_panel)(product, column, columns, first, depth);
            add_panel(product, column, columns, first, depth);
        }
    }
}
