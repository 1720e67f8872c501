#include "nn/matmul.h"
#include "nn/product.h"

#include <stdio.h>

/* Which BLAS it is, the Makefile says; they differ in all but the products. describe_library writes name and version
 * into text [size], and says which of its kernels it chose, or "". */
#if defined(BLAS_BLIS)

#include <blis.h>

typedef f77_int blasint;
typedef enum CBLAS_TRANSPOSE CBLAS_TRANSPOSE;

void matmul_prepare(void)
{
    bli_thread_set_num_threads(1);
}

static void describe_library(char *text, size_t size, const char **kernels)
{
    snprintf(text, size, "BLIS %s", bli_info_get_version_str());
    *kernels = bli_arch_string(bli_arch_query_id());
}

#elif defined(BLAS_MKL)

#include <mkl.h>
#include <stdlib.h>

typedef MKL_INT blasint;

void matmul_prepare(void)
{
    /* or equal products may differ in their last bits; MKL has the strict ones for Intel's newer CPUs alone */
    if (!getenv("MKL_CBWR") && mkl_cbwr_set(MKL_CBWR_AUTO | MKL_CBWR_STRICT) != MKL_CBWR_SUCCESS) {
        mkl_cbwr_set(MKL_CBWR_AUTO);
    }
    mkl_set_num_threads(1);
}

static void describe_library(char *text, size_t size, const char **kernels)
{
    MKLVersion version;
    mkl_get_version(&version);
    snprintf(text, size, "MKL %d.%d", version.MajorVersion, version.UpdateVersion);
    *kernels = "";
}

#else

#include "base/memory.h"

#include <cblas.h>
#include <stdlib.h>
#include <string.h>

enum {
    BUFFER_BYTES = (32 << 22) + 4096, /* that OpenBLAS takes for each thread within a product, at most */
    BUFFERS_MAX = 512, /* of them at once: it says on standard output that these are too many, of more */
};

/* OpenBLAS' own, which its products call; it keeps what was taken once. Weak: a version without them is not asked. */
void *blas_memory_alloc(int place) __attribute__((weak));
void blas_memory_free(void *buffer) __attribute__((weak));

void matmul_prepare(void)
{
    openblas_set_num_threads(1);
}

/* Takes `threads` blocks at once by take() and gives them back; false where there are not as many. */
static bool take_all(size_t threads, void **blocks, void *(*take)(void), void (*give_back)(void *))
{
    size_t count = 0;
    while (count < threads && (blocks[count] = take())) {
        count++;
    }
    for (size_t i = 0; i < count; i++) {
        give_back(blocks[i]);
    }
    return count == threads;
}

/* Not touched, so that it is address space alone. */
static void *take_buffer(void)
{
    return malloc(BUFFER_BYTES);
}

static void *take_from_blas(void)
{
    return blas_memory_alloc(0);
}

bool matmul_reserve(size_t threads, struct error *error)
{
    threads = threads < BUFFERS_MAX ? threads : BUFFERS_MAX;
    void **blocks = memory_allocate(threads, sizeof *blocks, "the buffers of products", error);
    if (!blocks) {
        return false;
    }
    if (!blas_memory_alloc || !blas_memory_free) {
        free(blocks);
        return true;
    }
    const bool fit = take_all(threads, blocks, take_buffer, free);
    if (fit) {
        take_all(threads, blocks, take_from_blas, blas_memory_free);
    }
    free(blocks);
    return fit || error_set(error, STATUS_FAILED,
                            "the buffers of products: no memory for %d bytes for each of %zu threads; fewer --threads "
                            "need less",
                            BUFFER_BYTES, threads);
}

static void describe_library(char *text, size_t size, const char **kernels)
{
    const char *config = openblas_get_config(); /* "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ..." */
    const size_t name = strcspn(config, " ");
    const size_t version = config[name] ? strcspn(config + name + 1, " ") : 0;
    snprintf(text, size, "%.*s", (int)(name + 1 + version), config);
    *kernels = openblas_get_corename();
}

#endif

#if defined(BLAS_BLIS) || defined(BLAS_MKL)

bool matmul_reserve(size_t threads, struct error *error)
{
    (void)threads;
    (void)error;
    return true; /* they take what they need with each product; where there is none, BLIS ends the program */
}

#endif

const char *matmul_library(char text[MATMUL_LIBRARY_SIZE])
{
    char library[MATMUL_LIBRARY_SIZE / 2];
    const char *kernels, *own;
    describe_library(library, sizeof library, &kernels);
    if (product_kernel_here(&own)) {
        snprintf(text, MATMUL_LIBRARY_SIZE, "own %s kernels, %s", own, library);
    } else {
        snprintf(text, MATMUL_LIBRARY_SIZE, *kernels ? "%s, %s kernels" : "%s", library, kernels);
    }
    return text;
}

bool matmul_is_divisible(void)
{
#ifdef GAN_DOUBLE
    return false;
#else
    const char *name;
    return product_kernel_here(&name);
#endif
}

static void gemm(CBLAS_TRANSPOSE transpose_a, CBLAS_TRANSPOSE transpose_b, size_t k, struct matrix a, struct matrix b,
                 struct matrix c)
{
#ifndef GAN_DOUBLE
    const char *name;
    product_kernel *own = product_kernel_here(&name);
    if (own) {
        const bool transposed = transpose_a == CblasTrans;
        own(&(struct product){
            .m = c.rows,
            .n = c.columns,
            .k = k,
            .a = a.data,
            .a_row = transposed ? 1 : a.stride,
            .a_column = transposed ? a.stride : 1,
            .b = b.data,
            .b_stride = b.stride,
            .b_transposed = transpose_b == CblasTrans,
            .c = c.data,
            .c_stride = c.stride,
        });
        return;
    }
#endif
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

void double_matmul_transposed(struct double_matrix a, struct double_matrix b, struct double_matrix c)
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (blasint)c.rows, (blasint)c.columns, (blasint)a.columns, 1,
                a.data, (blasint)a.stride, b.data, (blasint)b.stride, 0, c.data, (blasint)c.stride);
}

void double_matmul_add_gradient(struct double_matrix a, struct double_matrix b, struct double_matrix c)
{
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (blasint)c.rows, (blasint)c.columns, (blasint)a.rows, 1,
                a.data, (blasint)a.stride, b.data, (blasint)b.stride, 1, c.data, (blasint)c.stride);
}
