/* Matrix products by kernels of our own, for CPUs that have AVX-512, or AVX2 and FMA.
 *
 * Each number of c is summed up by fused multiply and add over k in order, whatever the shape, the part of a matrix
 * that it is computed in, and the kernel: so its bits depend on its row of a and its column of b alone. */
#ifndef NN_PRODUCT_H
#define NN_PRODUCT_H

#include <stdbool.h>
#include <stddef.h>

/* c [m][n] = a [m][k] times b [k][n]; c overlaps neither. */
struct product {
    size_t m, n, k;
    const float *a; /* number (i, l) at i * a_row + l * a_column */
    size_t a_row, a_column;
    const float *b; /* [k][b_stride], or, where b is transposed, [n][b_stride] */
    size_t b_stride;
    bool b_transposed;
    float *c; /* [m][c_stride] */
    size_t c_stride;
};

typedef void product_kernel(const struct product *product);

product_kernel product_avx512, product_avx2;

enum { PRODUCT_KERNELS = 2 };

/* Kernel number i, the fastest first, and its name; NULL where this CPU does not have what it needs. */
product_kernel *product_kernel_at(size_t i, const char **name);

/* The fastest one; NULL where there is none, or none is wanted (make PRODUCTS=blas). */
product_kernel *product_kernel_here(const char **name);

#endif
