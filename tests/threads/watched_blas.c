/* BLAS for ThreadSanitizer: the library's code is not compiled to be watched, so before each product what it reads and
 * writes is told. The linker leads the calls here (--wrap). */
#include <cblas.h>

#include <stdbool.h>
#include <stddef.h>

/* Of ThreadSanitizer's library, which has no header for them. */
void __tsan_read_range(const void *begin, unsigned long bytes);
void __tsan_write_range(const void *begin, unsigned long bytes);

/* Each row of a matrix: rows x columns elements of `size` bytes, `stride` elements from one row to the next. */
static void tell(void (*range)(const void *begin, unsigned long bytes), const void *matrix, blasint rows,
                 blasint columns, blasint stride, size_t size)
{
    for (blasint row = 0; row < rows; row++) {
        range((const char *)matrix + (size_t)row * (size_t)stride * size, (size_t)columns * size);
    }
}

/* A product of m x k and k x n, row by row in memory, as this project asks for. */
#define WATCHED_GEMM(name, number)                                                                                     \
    void __real_##name(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE transpose_a, enum CBLAS_TRANSPOSE transpose_b,     \
                       blasint m, blasint n, blasint k, number alpha, const number *a, blasint lda, const number *b,   \
                       blasint ldb, number beta, number *c, blasint ldc);                                              \
    void __wrap_##name(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE transpose_a, enum CBLAS_TRANSPOSE transpose_b,     \
                       blasint m, blasint n, blasint k, number alpha, const number *a, blasint lda, const number *b,   \
                       blasint ldb, number beta, number *c, blasint ldc);                                              \
    void __wrap_##name(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE transpose_a, enum CBLAS_TRANSPOSE transpose_b,     \
                       blasint m, blasint n, blasint k, number alpha, const number *a, blasint lda, const number *b,   \
                       blasint ldb, number beta, number *c, blasint ldc)                                               \
    {                                                                                                                  \
        const bool a_lies = transpose_a == CblasTrans, b_lies = transpose_b == CblasTrans;                             \
        tell(__tsan_read_range, a, a_lies ? k : m, a_lies ? m : k, lda, sizeof *a);                                    \
        tell(__tsan_read_range, b, b_lies ? n : k, b_lies ? k : n, ldb, sizeof *b);                                    \
        tell(__tsan_write_range, c, m, n, ldc, sizeof *c);                                                             \
        __real_##name(order, transpose_a, transpose_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);                  \
    }

WATCHED_GEMM(cblas_sgemm, float)
WATCHED_GEMM(cblas_dgemm, double)
