#include "limit.h"
#include "base/clock.h"
#include "nn/product.h"

#include <string.h>

#ifdef __x86_64__

#include <immintrin.h>

enum {
    CHAINS = 12, /* more than the units have stages, fewer than there are registers */
    ROUNDS = 1 << 14, /* between two looks at the clock */
};

static const double SECONDS = 0.05;

/* ROUNDS links of each chain, x / 2 + 1, which goes to 2; their sum, so that none is left out. */
#define DEFINE_CHAINS(NAME, TARGET, VEC, SET, FMA)                                                                     \
    __attribute__((target(TARGET))) static float NAME(void)                                                            \
    {                                                                                                                  \
        const VEC half = SET(0.5F), one = SET(1);                                                                      \
        VEC chains[CHAINS], sum = one;                                                                                 \
        for (int i = 0; i < CHAINS; i++) {                                                                             \
            chains[i] = SET((float)i);                                                                                 \
        }                                                                                                              \
        for (int round = 0; round < ROUNDS; round++) {                                                                 \
            for (int i = 0; i < CHAINS; i++) {                                                                         \
                chains[i] = FMA(chains[i], half, one);                                                                 \
            }                                                                                                          \
        }                                                                                                              \
        for (int i = 0; i < CHAINS; i++) {                                                                             \
            sum = FMA(chains[i], one, sum);                                                                            \
        }                                                                                                              \
        float first;                                                                                                   \
        memcpy(&first, &sum, sizeof first);                                                                            \
        return first;                                                                                                  \
    }

DEFINE_CHAINS(chains_avx512, "avx512f", __m512, _mm512_set1_ps, _mm512_fmadd_ps)
DEFINE_CHAINS(chains_avx2, "avx2,fma", __m256, _mm256_set1_ps, _mm256_fmadd_ps)

/* As product_kernel_at counts. */
static const struct {
    float (*spin)(void);
    size_t lanes;
} KERNELS[PRODUCT_KERNELS] = {{chains_avx512, 16}, {chains_avx2, 8}};

double limit_flops(void)
{
    const char *name;
    size_t kernel = 0;
    while (kernel < PRODUCT_KERNELS && !product_kernel_at(kernel, &name)) {
        kernel++;
    }
    if (kernel == PRODUCT_KERNELS) {
        return 0;
    }
    double flops = 0;
#pragma omp parallel reduction(+ : flops)
    {
        const double begin = clock_seconds(), flop = 2.0 * CHAINS * ROUNDS * (double)KERNELS[kernel].lanes;
        double seconds = 0, done = 0;
        volatile float kept;
        while (seconds < SECONDS) {
            kept = KERNELS[kernel].spin();
            done += flop;
            seconds = clock_seconds() - begin;
        }
        (void)kept;
        flops += done / seconds;
    }
    return flops;
}

#else

double limit_flops(void)
{
    return 0;
}

#endif
