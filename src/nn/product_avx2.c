/* Compiled for AVX2 and FMA, whatever the machine. */
#if defined(__AVX2__) && defined(__FMA__)

#include <immintrin.h>

#define LANES 8
#define ROWS_MAX 6 /* 12 sums, two vectors of the panel and a factor: of 16 registers */

typedef __m256 vec;

#define vec_load _mm256_loadu_ps
#define vec_store _mm256_storeu_ps
#define vec_of _mm256_set1_ps
#define vec_fma _mm256_fmadd_ps
#define vec_zero _mm256_setzero_ps

#include "product_kernel.h"

/* By pairs of numbers, then of pairs, then of halves. */
static inline void transpose_block(const float *b, size_t stride, float *t)
{
    __m256 x[LANES], y[LANES];
    UNROLL
    for (size_t i = 0; i < LANES; i++) {
        x[i] = vec_load(b + i * stride);
    }
    UNROLL
    for (size_t i = 0; i < LANES; i += 2) {
        y[i] = _mm256_unpacklo_ps(x[i], x[i + 1]);
        y[i + 1] = _mm256_unpackhi_ps(x[i], x[i + 1]);
    }
    UNROLL
    for (size_t i = 0; i < LANES; i += 4) { /* x[i + j]: in half h column 4 h + j of rows i .. i + 3 */
        x[i] = _mm256_shuffle_ps(y[i], y[i + 2], 0x44);
        x[i + 1] = _mm256_shuffle_ps(y[i], y[i + 2], 0xee);
        x[i + 2] = _mm256_shuffle_ps(y[i + 1], y[i + 3], 0x44);
        x[i + 3] = _mm256_shuffle_ps(y[i + 1], y[i + 3], 0xee);
    }
    UNROLL
    for (size_t j = 0; j < 4; j++) {
        vec_store(t + j * 2 * LANES, _mm256_permute2f128_ps(x[j], x[4 + j], 0x20));
        vec_store(t + (4 + j) * 2 * LANES, _mm256_permute2f128_ps(x[j], x[4 + j], 0x31));
    }
}

void product_avx2(const struct product *product)
{
    multiply(product);
}

#endif
