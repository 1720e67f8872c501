#include "nn/matmul.h"

#include <stdio.h>

/* Which BLAS it is, the Makefile says; they differ in all but the products. */
#if defined(BLAS_BLIS)

#include <blis.h>

typedef f77_int blasint;
typedef enum CBLAS_TRANSPOSE CBLAS_TRANSPOSE;

void matmul_prepare(void)
{
    bli_thread_set_num_threads(1);
}

const char *matmul_library(char text[MATMUL_LIBRARY_SIZE])
{
    snprintf(text, MATMUL_LIBRARY_SIZE, "BLIS");
    return text;
}

#elif defined(BLAS_MKL)

#include <mkl.h>

typedef MKL_INT blasint;

void matmul_prepare(void)
{
    mkl_set_num_threads(1);
}

const char *matmul_library(char text[MATMUL_LIBRARY_SIZE])
{
    snprintf(text, MATMUL_LIBRARY_SIZE, "MKL");
    return text;
}

#else

#include <cblas.h>
#include <string.h>

void matmul_prepare(void)
{
    openblas_set_num_threads(1);
}

const char *matmul_library(char text[MATMUL_LIBRARY_SIZE])
{
    const char *config = openblas_get_config(); /* "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ..." */
    const size_t name = strcspn(config, " ");
    const size_t version = config[name] ? strcspn(config + name + 1, " ") : 0;
    snprintf(text, MATMUL_LIBRARY_SIZE, "%.*s, %s kernels", (int)(name + 1 + version), config, openblas_get_corename());
    return text;
}

#endif

static void gemm(CBLAS_TRANSPOSE transpose_a, CBLAS_TRANSPOSE transpose_b, size_t k, struct matrix a, struct matrix b,
                 struct matrix c)
{
#ifdef GAN_DOUBLE
    cblas_dgemm
#else
    cblas_sgemm
#endif
        (CblasRowMajor, transpose_a, transpose_b, (blasint)c.rows, (blasint)c.columns, (blasint)k, 1, a.data,
         (blasint)a.stride, b.data, (blasint)b.stride, 0, c.data, (blasint)c.stride);
}

void matmul_transposed(struct matrix a, struct matrix b, struct matrix c)
{
    gemm(CblasNoTrans, CblasTrans, a.columns, a, b, c);
}

void matmul_plain(struct matrix a, struct matrix b, struct matrix c)
{
    gemm(CblasNoTrans, CblasNoTrans, a.columns, a, b, c);
}

void matmul_gradient(struct matrix a, struct matrix b, struct matrix c)
{
    gemm(CblasTrans, CblasNoTrans, a.rows, a, b, c);
}
