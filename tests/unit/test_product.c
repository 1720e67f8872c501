/* The kernels of matrix products against sums made one by one, to the bit. */
#include "nn/product.h"
#include "nn/rng.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GAP = 3 }; /* behind each row of a, b and c */

static float *numbers(size_t count, uint32_t sample)
{
    float *x = malloc((count / 4 + 1) * 4 * sizeof *x);
    uint32_t words[4];
    assert_non_null(x);
    for (size_t i = 0; i <= count / 4; i++) {
        rng_words((struct rng_stream){.seed = 1, .purpose = RNG_NOISE}, sample, (uint32_t)i, 1, words);
        for (size_t j = 0; j < 4; j++) {
            x[4 * i + j] = (float)words[j] / 0x1p31F - 1;
        }
    }
    return x;
}

/* What the kernels promise: each number by fused multiply and add, in order. */
static void multiply_one_by_one(const struct product *p)
{
    for (size_t i = 0; i < p->m; i++) {
        for (size_t j = 0; j < p->n; j++) {
            float sum = 0;
            for (size_t l = 0; l < p->k; l++) {
                const float right = p->b_transposed ? p->b[j * p->b_stride + l] : p->b[l * p->b_stride + j];
                sum = fmaf(p->a[i * p->a_row + l * p->a_column], right, sum);
            }
            p->c[i * p->c_stride + j] = sum;
        }
    }
}

/* c and what lies between its rows is to be the same. */
static void check(product_kernel *kernel, size_t m, size_t n, size_t k, bool a_transposed, bool b_transposed)
{
    const size_t a_stride = (a_transposed ? m : k) + GAP, b_stride = (b_transposed ? k : n) + GAP, c_stride = n + GAP;
    float *a = numbers((a_transposed ? k : m) * a_stride, 1), *b = numbers((b_transposed ? n : k) * b_stride, 2);
    float *c = numbers(m * c_stride, 3), *wanted = numbers(m * c_stride, 3);
    struct product product = {.m = m,
                              .n = n,
                              .k = k,
                              .a = a,
                              .a_row = a_transposed ? 1 : a_stride,
                              .a_column = a_transposed ? a_stride : 1,
                              .b = b,
                              .b_stride = b_stride,
                              .b_transposed = b_transposed,
                              .c = c,
                              .c_stride = c_stride};
    kernel(&product);
    product.c = wanted;
    multiply_one_by_one(&product);
    if (memcmp(c, wanted, m * c_stride * sizeof *c) != 0) {
        fail_msg("%zu x %zu x %zu, %d, %d", m, n, k, a_transposed, b_transposed);
    }
    free(a);
    free(b);
    free(c);
    free(wanted);
}

static void sums_are_made_in_order(void **state)
{
    (void)state;
    static const size_t rows[] = {1, 6, 7, 14, 15, 29}, columns[] = {1, 16, 31, 32, 33, 80},
                        depths[] = {0, 1, 16, 37, 513};
    size_t kernels = 0;
    for (size_t which = 0; which < PRODUCT_KERNELS; which++) {
        const char *name;
        product_kernel *kernel = product_kernel_at(which, &name);
        for (size_t i = 0; kernel && i < sizeof rows / sizeof *rows; i++) {
            for (size_t j = 0; j < sizeof columns / sizeof *columns; j++) {
                for (size_t l = 0; l < sizeof depths / sizeof *depths; l++) {
                    check(kernel, rows[i], columns[j], depths[l], false, false);
                    check(kernel, rows[i], columns[j], depths[l], false, true);
                    check(kernel, rows[i], columns[j], depths[l], true, false);
                }
            }
        }
        kernels += kernel != NULL;
    }
    if (kernels == 0) {
        skip();
    }
}

static void each_number_of_rows_has_a_kernel(void **state)
{
    (void)state;
    for (size_t which = 0; which < PRODUCT_KERNELS; which++) {
        const char *name;
        product_kernel *kernel = product_kernel_at(which, &name);
        for (size_t m = 1; kernel && m <= 30; m++) {
            check(kernel, m, 40, 20, false, true);
            check(kernel, m, 40, 20, true, false);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_made_in_order),
        cmocka_unit_test(each_number_of_rows_has_a_kernel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
