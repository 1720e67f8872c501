/* Compiled for AVX-512, whatever the machine. */
#ifdef __AVX512F__

#include <immintrin.h>

#define LANES 16
#define ROWS_MAX 14 /* 28 sums, two vectors of the panel and a factor: of 32 registers */

typedef __m512 vec;

#define vec_load _mm512_loadu_ps
#define vec_store _mm512_storeu_ps
#define vec_of _mm512_set1_ps
#define vec_fma _mm512_fmadd_ps
#define vec_zero _mm512_setzero_ps

#include "product_kernel.h"

/* By pairs of numbers, then of pairs, then of quarters, then of halves. */
static inline void transpose_block(const float *b, size_t stride, float *t)
{
    __m512 x[LANES], y[LANES];
    UNROLL
    for (size_t i = 0; i < LANES; i++) {
        x[i] = vec_load(b + i * stride);
    }
    UNROLL
    for (size_t i = 0; i < LANES; i += 2) {
        y[i] = _mm512_unpacklo_ps(x[i], x[i + 1]);
        y[i + 1] = _mm512_unpackhi_ps(x[i], x[i + 1]);
    }
    UNROLL
    for (size_t i = 0; i < LANES; i += 4) { /* x[i + j]: in quarter q column 4 q + j of rows i .. i + 3 */
        x[i] = _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(y[i]), _mm512_castps_pd(y[i + 2])));
        x[i + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(y[i]), _mm512_castps_pd(y[i + 2])));
        x[i + 2] = _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(y[i + 1]), _mm512_castps_pd(y[i + 3])));
        x[i + 3] = _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(y[i + 1]), _mm512_castps_pd(y[i + 3])));
    }
    UNROLL
    for (size_t j = 0; j < 4; j++) { /* quarters 0 and 2, and 1 and 3, of two x each */
        y[j] = _mm512_shuffle_f32x4(x[j], x[4 + j], 0x88);
        y[4 + j] = _mm512_shuffle_f32x4(x[j], x[4 + j], 0xdd);
        y[8 + j] = _mm512_shuffle_f32x4(x[8 + j], x[12 + j], 0x88);
        y[12 + j] = _mm512_shuffle_f32x4(x[8 + j], x[12 + j], 0xdd);
    }
    UNROLL
    for (size_t j = 0; j < 8; j++) { /* columns j and 8 + j */
        vec_store(t + j * 2 * LANES, _mm512_shuffle_f32x4(y[j], y[8 + j], 0x88));
        vec_store(t + (8 + j) * 2 * LANES, _mm512_shuffle_f32x4(y[j], y[8 + j], 0xdd));
    }
}

void product_avx512(const struct product *product)
{
    multiply(product);
}

#endif
