#include "nn/matmul.h"

/* Which BLAS it is, the Makefile says; they differ in all but the products. */
#if defined(BLAS_BLIS)

#include <blis.h>

typedef f77_int blasint;
typedef enum CBLAS_TRANSPOSE CBLAS_TRANSPOSE;

void matmul_prepare(void)
{
    bli_thread_set_num_threads(1);
}

const char *matmul_library(void)
{
    return "BLIS";
}

#elif defined(BLAS_MKL)

#include <mkl.h>

typedef MKL_INT blasint;

void matmul_prepare(void)
{
    mkl_set_num_threads(1);
}

const char *matmul_library(void)
{
    return "MKL";
}

#else

#include <cblas.h>

void matmul_prepare(void)
{
    openblas_set_num_threads(1);
}

const char *matmul_library(void)
{
    return openblas_get_config();
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
