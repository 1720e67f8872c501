/* A kernel for matrix products, by the vectors of the file that includes this one: it has LANES numbers in a `vec`, and
 * vec_load, vec_store, vec_of (one number in all lanes), vec_fma (x y + z), vec_zero, and
 * transpose_block(b, stride, t), which writes LANES x LANES numbers of b [LANES][stride] as t [LANES][PANEL].
 *
 * c is computed by panels of two vectors' columns. A panel of b is copied, so that its rows follow each other and stay
 * in the cache, and as many rows of c as registers hold are summed up over all of the panel's rows (Goto and van de
 * Geijn 2008). Whole rows are copied by the first such block, as it multiplies. a is read where it is: with so few rows
 * it is in the cache anyway. */
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
    DEPTH = 512, /* rows of a panel at a time: 64 kB with AVX-512, which the second nearest cache holds */
    AHEAD = 16 /* rows of b that are fetched ahead while it is copied */
};

static _Thread_local float panel[DEPTH * PANEL] __attribute__((aligned(64)));

/* Cache lines that are wanted soon: LANES of them `near` numbers apart, as many again `far` numbers on, and so on. They
 * are fetched alone, and may lie beyond what there is. */
struct lines {
    const float *first;
    size_t near, far;
};

static inline void fetch(struct lines *lines)
{
    for (size_t i = 0; i < LANES; i++) {
        __builtin_prefetch(lines->first + i * lines->near);
    }
    lines->first += lines->far;
}

/* Some rows of c, in a panel's columns. */
struct block {
    size_t rows, columns, depth;
    const float *a; /* [rows][depth] */
    size_t a_row, a_column; /* of which one is 1 */
    const float *b; /* [depth][b_stride] what is to be the panel; NULL where it is already */
    size_t b_stride;
    struct lines soon; /* depth of them */
    bool begun; /* c holds sums that are to be added to */
    float *c; /* [rows][c_stride] */
    size_t c_stride;
};

/* The block's sums, in registers, which is why it is compiled for each number of rows; for rows of a that lie side by
 * side and for those one after another, since a step of 1 is free; for a b that is copied to the panel on the way and
 * for a panel that is there; and for a panel of which one vector is wanted. */
static inline __attribute__((always_inline)) void add_rows(const struct block *block, size_t rows, bool side_by_side,
                                                           bool copies, size_t vectors)
{
    const size_t a_row = side_by_side ? 1 : block->a_row, a_column = side_by_side ? block->a_column : 1;
    const size_t b_stride = copies ? block->b_stride : PANEL, c_stride = block->c_stride;
    const float *a = block->a, *b = copies ? block->b : panel;
    struct lines soon = block->soon;
    float *c = block->c;
    vec sums[ROWS_MAX][2];
    UNROLL
    for (size_t i = 0; i < rows; i++) {
        UNROLL
        for (size_t v = 0; v < vectors; v++) {
            __builtin_prefetch(c + i * c_stride + v * LANES, 1);
            sums[i][v] = block->begun ? vec_load(c + i * c_stride + v * LANES) : vec_zero();
        }
    }
    for (size_t l = 0, end = 0; l < block->depth;) {
        fetch(&soon);
        end = end + LANES < block->depth ? end + LANES : block->depth;
        for (; l < end; l++) {
            const float *from = b + l * b_stride;
            vec row[2];
            UNROLL
            for (size_t v = 0; v < vectors; v++) {
                row[v] = vec_load(from + v * LANES);
                if (copies) {
                    vec_store(panel + l * PANEL + v * LANES, row[v]);
                    __builtin_prefetch(from + AHEAD * b_stride + v * LANES);
                }
            }
            UNROLL
            for (size_t i = 0; i < rows; i++) {
                const vec factor = vec_of(a[i * a_row + l * a_column]);
                UNROLL
                for (size_t v = 0; v < vectors; v++) {
                    sums[i][v] = vec_fma(factor, row[v], sums[i][v]);
                }
            }
        }
    }
    UNROLL
    for (size_t i = 0; i < rows; i++) {
        UNROLL
        for (size_t v = 0; v < vectors; v++) {
            vec_store(c + i * c_stride + v * LANES, sums[i][v]);
        }
    }
}

#define ROWS(N)                                                                                                        \
    case N:                                                                                                            \
        add_rows(block, N, side_by_side, copies, vectors);                                                             \
        break;

static inline __attribute__((always_inline)) void add_some_rows(const struct block *block, bool side_by_side,
                                                                bool copies, size_t vectors)
{
    switch (block->rows) {
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

static void add_block(const struct block *block)
{
    const bool side_by_side = block->a_row == 1;
    if (block->b) {
        side_by_side ? add_some_rows(block, true, true, 2) : add_some_rows(block, false, true, 2);
    } else if (block->columns > LANES) {
        side_by_side ? add_some_rows(block, true, false, 2) : add_some_rows(block, false, false, 2);
    } else {
        side_by_side ? add_some_rows(block, true, false, 1) : add_some_rows(block, false, false, 1);
    }
}

/* The panel from `columns` columns of b, which is too narrow to be read in place; the rest of it is zero. */
static void fill_panel(const float *b, size_t b_stride, size_t columns, size_t depth)
{
    for (size_t l = 0; l < depth; l++, b += b_stride) {
        memset(panel + l * PANEL, 0, PANEL * sizeof *panel);
        memcpy(panel + l * PANEL, b, columns * sizeof *panel);
    }
}

/* The same of a b that is transposed. */
static void fill_panel_transposed(const float *b, size_t b_stride, size_t columns, size_t depth)
{
    for (size_t j = 0; j < columns; j += LANES, b += LANES * b_stride) {
        struct lines soon = {b + 4 * LANES, b_stride, LANES}; /* four blocks ahead */
        size_t l = 0;
        for (; j + LANES <= columns && l + LANES <= depth; l += LANES) {
            fetch(&soon);
            transpose_block(b + l, b_stride, panel + l * PANEL + j);
        }
        for (; l < depth; l++) {
            for (size_t i = 0; i < LANES; i++) {
                panel[l * PANEL + j + i] = j + i < columns ? b[i * b_stride + l] : 0;
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

/* The rows of a after `row`, as a block goes through them. */
static struct lines rows_after(const struct product *product, size_t row, size_t first)
{
    const float *a = product->a + row * product->a_row + first * product->a_column;
    return product->a_row == 1 ? (struct lines){a, product->a_column, LANES * product->a_column}
                               : (struct lines){a, product->a_row, LANES};
}

/* One half of the lines of a panel that begins at b. */
static struct lines half_panel(const struct product *product, const float *b, size_t half)
{
    const size_t stride = product->b_stride;
    return product->b_transposed ? (struct lines){b + half * LANES * stride, stride, LANES}
                                 : (struct lines){b + half * LANES, stride, LANES * stride};
}

/* All rows of c in the panel's columns, in blocks of nearly as many rows each. What is wanted next is fetched
 * meanwhile: in the last two blocks the next panel, before that, with the first panel, a's rows for the next block. */
static void add_panel(const struct product *product, size_t column, size_t columns, size_t first, size_t depth,
                      const float *b, const float *next)
{
    const size_t blocks = (product->m + ROWS_MAX - 1) / ROWS_MAX;
    const bool whole_vectors = columns % LANES == 0;
    for (size_t i = 0; i < blocks; i++) {
        const size_t row = product->m * i / blocks, end = product->m * (i + 1) / blocks;
        float *c = product->c + row * product->c_stride + column;
        float apart[ROWS_MAX * PANEL];
        struct block block = {
            .rows = end - row,
            .columns = columns,
            .depth = depth,
            .a = product->a + row * product->a_row + first * product->a_column,
            .a_row = product->a_row,
            .a_column = product->a_column,
            .b = i == 0 ? b : NULL,
            .b_stride = product->b_stride,
            .begun = first > 0,
            .c = c,
            .c_stride = product->c_stride,
        };
        if (i + 2 >= blocks) {
            block.soon = half_panel(product, next, blocks - 1 - i);
        } else if (column == 0) {
            block.soon = rows_after(product, end, first);
        } else {
            block.soon = (struct lines){block.a, 0, 0};
        }
        if (!whole_vectors) {
            if (block.begun) {
                memset(apart, 0, sizeof apart);
                copy_rows(block.rows, columns, c, product->c_stride, apart, PANEL);
            }
            block.c = apart;
            block.c_stride = PANEL;
        }
        add_block(&block);
        if (!whole_vectors) {
            copy_rows(block.rows, columns, apart, PANEL, c, product->c_stride);
        }
    }
}

static void multiply(const struct product *product)
{
    const size_t b_row = product->b_transposed ? 1 : product->b_stride;
    const size_t b_column = product->b_transposed ? product->b_stride : 1;
    for (size_t column = 0; column < product->n; column += PANEL) {
        const size_t left = product->n - column, columns = left < PANEL ? left : PANEL;
        for (size_t first = 0; first == 0 || first < product->k; first += DEPTH) {
            const size_t rest = product->k - first, depth = rest < DEPTH ? rest : DEPTH;
            const float *top = product->b + column * b_column, *b = top + first * b_row;
            const float *next = rest > DEPTH ? b + DEPTH * b_row : top + PANEL * b_column;
            const bool in_place = !product->b_transposed && columns == PANEL;
            if (!in_place) {
                (product->b_transposed ? fill_panel_transposed : fill_panel)(b, product->b_stride, columns, depth);
            }
            add_panel(product, column, columns, first, depth, in_place ? b : NULL, next);
        }
    }
}
