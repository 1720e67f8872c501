/* Log-likelihoods under Parzen windows against SciPy's numbers and the plain formula. */
#include "eval/parzen.h"
#include "metrics.h"
#include "nn/matmul.h"

#include <math.h>
#include <omp.h>

/* Of a log-likelihood, as include/eval/parzen.h has it. */
static double tolerance(size_t generated)
{
    return sizeof(real) == sizeof(float) ? 3e-7 + 6e-8 * log((double)generated) : 1e-10;
}

/* make_metrics.py's images; the caller frees them. */
static unsigned char *make_images(unsigned number, size_t count, size_t pixels)
{
    unsigned char *bytes = malloc(count * pixels);
    assert_non_null(bytes);
    for (size_t i = 0; i < count; i++) {
        for (size_t p = 0; p < pixels; p++) {
            bytes[i * pixels + p] = (unsigned char)(metrics_word(number, i, p) % 96 + i % 4 * 53);
        }
    }
    return bytes;
}

static void assert_near(double found, double wanted, double within)
{
    if (!(fabs(found - wanted) <= within)) {
        fail_msg("%.17g, not %.17g within %g", found, wanted, within);
    }
}

static void golden_case(const char *line)
{
    size_t pixels, counts[3];
    double wanted[3 + PARZEN_SIGMAS], sigmas[PARZEN_SIGMAS];
    int read;
    assert_int_equal(sscanf(line, "%zu %zu %zu %zu%n", &pixels, &counts[0], &counts[1], &counts[2], &read), 4);
    for (size_t i = 0; i < 3 + PARZEN_SIGMAS; i++) {
        char *end;
        wanted[i] = strtod(line + read, &end);
        assert_true(end > line + read);
        read = (int)(end - line);
    }
    unsigned char *bytes[3];
    struct image_set sets[3]; /* generated, for validation, for the test */
    for (unsigned i = 0; i < 3; i++) {
        bytes[i] = make_images(i + 1, counts[i], pixels);
        sets[i] = (struct image_set){bytes[i], counts[i], pixels};
    }
    const double within = tolerance(counts[0]);
    struct parzen result;
    struct error error;
    const struct parzen_windows windows = {sets[0], sigmas, PARZEN_SIGMAS};
    parzen_candidates(sigmas);
    assert_true(parzen_measure(&windows, sets[1], sets[2], &(struct watch){NULL}, &result, &error));
    assert_near(result.sigma, wanted[0], 1e-12);
    assert_near(result.mean, wanted[1], within);
    assert_near(result.standard_error, wanted[2], within);

    double *numbers = malloc(PARZEN_SIGMAS * counts[1] * sizeof *numbers);
    assert_non_null(numbers);
    assert_true(parzen_log_likelihoods(&windows, sets[1], numbers, &error));
    for (size_t s = 0; s < PARZEN_SIGMAS; s++) {
        double sum = 0;
        for (size_t i = 0; i < counts[1]; i++) {
            sum += numbers[s * counts[1] + i];
        }
        assert_near(sum / (double)counts[1], wanted[3 + s], within);
    }
    free(numbers);
    for (size_t i = 0; i < 3; i++) {
        free(bytes[i]);
    }
}

static void golden(void **state)
{
    (void)state;
    metrics_each("parzen", golden_case);
}

/* In blocks of the largest and the smallest distances, in falling and rising order: what is added up changes its scale
 * often or never, up to where an exponential of the whole is 0. */
static void far_and_near(void **state)
{
    (void)state;
    enum { PIXELS = 3, GENERATED = 1700, IMAGES = 200 };
    static unsigned char generated[GENERATED][PIXELS], images[IMAGES][PIXELS];
    static double numbers[2][IMAGES];
    const double sigmas[2] = {0.004, 0.3};
    for (size_t i = 0; i < GENERATED; i++) {
        memset(generated[i], (int)(i * 255 / (GENERATED - 1)), PIXELS);
    }
    for (size_t i = 0; i < IMAGES; i++) {
        memset(images[i], (int)(i * 255 / (IMAGES - 1)), PIXELS);
        images[i][1] ^= 8;
    }
    const struct parzen_windows windows = {{generated[0], GENERATED, PIXELS}, sigmas, 2};
    struct error error;
    assert_true(parzen_log_likelihoods(&windows, (struct image_set){images[0], IMAGES, PIXELS}, numbers[0], &error));
    for (size_t s = 0; s < 2; s++) {
        for (size_t i = 0; i < IMAGES; i++) {
            double squared[GENERATED], least = (double)INFINITY, sum = 0;
            for (size_t j = 0; j < GENERATED; j++) {
                squared[j] = 0;
                for (size_t p = 0; p < PIXELS; p++) {
                    squared[j] += pow((images[i][p] - generated[j][p]) / 255.0, 2);
                }
                least = squared[j] < least ? squared[j] : least; /* no fmin: see cross_entropy.c */
            }
            for (size_t j = 0; j < GENERATED; j++) {
                sum += exp((least - squared[j]) / (2 * sigmas[s] * sigmas[s]));
            }
            const double wanted = log(sum / GENERATED) - least / (2 * sigmas[s] * sigmas[s]) -
                                  PIXELS * log(sigmas[s] * sqrt(2 * 3.14159265358979323846));
            assert_near(numbers[s][i], wanted, tolerance(GENERATED));
        }
    }
}

static void candidates(void **state)
{
    (void)state;
    double sigmas[PARZEN_SIGMAS];
    parzen_candidates(sigmas);
    assert_near(sigmas[0], 0.1, 1e-15);
    assert_near(sigmas[PARZEN_SIGMAS - 1], 1, 1e-15);
    for (size_t i = 1; i < PARZEN_SIGMAS; i++) {
        assert_near(sigmas[i] / sigmas[i - 1], pow(10, 1.0 / 9), 1e-14);
    }
}

/* The first of equally good widths; one image has no standard error. */
static void edges(void **state)
{
    (void)state;
    const unsigned char byte = 7;
    const struct image_set one = {&byte, 1, 1};
    const double sigmas[3] = {0.5, 0.25, 0.25};
    const struct parzen_windows windows = {one, sigmas, 3};
    struct parzen result;
    struct error error;
    assert_true(parzen_measure(&windows, one, one, &(struct watch){NULL}, &result, &error));
    assert_true(result.sigma == 0.25);
    assert_near(result.mean, -log(0.25 * sqrt(2 * 3.14159265358979323846)), tolerance(1));
    assert_true(isnan(result.standard_error));
}

static void threads_change_nothing(void **state)
{
    (void)state;
    enum { PIXELS = 20, GENERATED = 1100, IMAGES = 2000, SIGMAS = 3 };
    unsigned char *generated = make_images(1, GENERATED, PIXELS), *images = make_images(2, IMAGES, PIXELS);
    static double first[SIGMAS * IMAGES], numbers[SIGMAS * IMAGES];
    const double sigmas[SIGMAS] = {0.05, 0.2, 1};
    const struct parzen_windows windows = {{generated, GENERATED, PIXELS}, sigmas, SIGMAS};
    struct error error;
    for (int threads = 1; threads <= 3; threads++) {
        omp_set_num_threads(threads);
        assert_true(parzen_log_likelihoods(&windows, (struct image_set){images, IMAGES, PIXELS},
                                           threads == 1 ? first : numbers, &error));
        if (threads > 1) {
            assert_memory_equal(numbers, first, sizeof first);
        }
    }
    free(generated);
    free(images);
}

/* However many images there are, between two looks at the watch; which ends it. */
static void a_measure_is_of_all_images(void **state)
{
    (void)state;
    enum { PIXELS = 12, GENERATED = 200, IMAGES = 2345, SIGMAS = 3 };
    unsigned char *generated = make_images(1, GENERATED, PIXELS), *images = make_images(2, IMAGES, PIXELS);
    static double numbers[SIGMAS * IMAGES];
    const struct image_set others = {images, IMAGES, PIXELS};
    const double sigmas[SIGMAS] = {0.05, 0.2, 1};
    const struct parzen_windows windows = {{generated, GENERATED, PIXELS}, sigmas, SIGMAS};
    struct error error;
    struct parzen result;
    assert_true(parzen_log_likelihoods(&windows, others, numbers, &error));
    double means[SIGMAS] = {0};
    size_t best = 0;
    for (size_t s = 0; s < SIGMAS; s++) {
        for (size_t i = 0; i < IMAGES; i++) {
            means[s] += numbers[s * IMAGES + i] / IMAGES;
        }
        best = means[s] > means[best] ? s : best;
    }
    volatile sig_atomic_t stop = 0;
    const struct watch watch = {.stop = &stop};
    assert_true(parzen_measure(&windows, others, others, &watch, &result, &error));
    assert_true(result.sigma == sigmas[best]);
    assert_near(result.mean, means[best], 1e-4); /* blocks end elsewhere, so that sums are in another order */
    stop = 1;
    assert_false(parzen_measure(&windows, others, others, &watch, &result, &error));
    assert_int_equal(error.status, STATUS_STOPPED);
    free(generated);
    free(images);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden),
        cmocka_unit_test(far_and_near),
        cmocka_unit_test(candidates),
        cmocka_unit_test(edges),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(a_measure_is_of_all_images),
    };
    matmul_prepare();
    return cmocka_run_group_tests_name("parzen", tests, NULL, NULL);
}
