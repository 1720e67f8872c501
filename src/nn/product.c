#include "nn/product.h"

product_kernel *product_kernel_at(size_t i, const char **name)
{
#ifdef __x86_64__
    if (i == 0 && __builtin_cpu_supports("avx512f")) {
        *name = "AVX-512";
        return product_avx512;
    }
    if (i == 1 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        *name = "AVX2";
        return product_avx2;
    }
#endif
    (void)i;
    (void)name;
    return NULL;
}

product_kernel *product_kernel_here(const char **name)
{
#ifndef PRODUCTS_BLAS
    for (size_t i = 0; i < PRODUCT_KERNELS; i++) {
        product_kernel *kernel = product_kernel_at(i, name);
        if (kernel) {
            return kernel;
        }
    }
#endif
    (void)name;
    return NULL;
}
