#include "eval/parzen.h"
#include "base/memory.h"
#include "nn/elementary.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum {
    SLICE = 1000, /* images between two looks at the watch */
    LANES = 16 /* sums that are made beside each other, for the vectors' sake; a fixed number, so a fixed order */
};

void parzen_candidates(double sigmas[PARZEN_SIGMAS])
{
    for (int i = 0; i < PARZEN_SIGMAS; i++) {
        sigmas[i] = pow(10, (double)i / (PARZEN_SIGMAS - 1) - 1);
    }
}

/* What a squared distance in steps of a byte is to be multiplied by: 1 / (2 sigma^2), of pixels from 0 to 1. */
static double scale_of(double sigma)
{
    return 1 / (2 * sigma * sigma * 255 * 255);
}

/* The sum of exp((least - squared) scale). */
static double sum_exponentials(const double *squared, size_t count, double least, double scale)
{
    double sums[LANES] = {0}, sum = 0;
    const size_t whole = count / LANES * LANES;
    for (size_t c = 0; c < whole; c += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            sums[lane] += (double)real_exp((real)((least - squared[c + lane]) * scale));
        }
    }
    for (size_t c = whole; c < count; c++) {
        sums[c - whole] += (double)real_exp((real)((least - squared[c]) * scale));
    }
    for (size_t lane = 0; lane < LANES; lane++) {
        sum += sums[lane];
    }
    return sum;
}

static double least_of(const double *squared, size_t count, double least)
{
#pragma omp simd reduction(min : least)
    for (size_t c = 0; c < count; c++) {
        least = squared[c] < least ? squared[c] : least;
    }
    return least;
}

/* What is asked for. While a block of images goes through the generated ones, `sums` holds, instead of the
 * log-likelihoods, the sums of exp((least - squared) scale), least being an image's smallest distance so far. */
struct task {
    const struct parzen_windows *windows;
    struct image_set images;
    double *sums; /* [sigma_count][images.count] */
};

/* Adds an image's distances to some more generated ones; a smaller least makes the old sums smaller. */
static void add_distances(const struct task *task, size_t image, const double *squared, size_t count, double *least)
{
    const struct parzen_windows *windows = task->windows;
    const double before = *least;
    *least = least_of(squared, count, before);
    for (size_t s = 0; s < windows->sigma_count; s++) {
        const double scale = scale_of(windows->sigmas[s]);
        double *sum = task->sums + s * task->images.count + image;
        const double old = *least < before ? *sum * exp((*least - before) * scale) : *sum;
        *sum = old + sum_exponentials(squared, count, *least, scale);
    }
}

static void finish(const struct task *task, size_t image, double least)
{
    const struct parzen_windows *windows = task->windows;
    const double root_two_pi = 2.50662827463100050242;
    for (size_t s = 0; s < windows->sigma_count; s++) {
        const double sigma = windows->sigmas[s];
        double *sum = task->sums + s * task->images.count + image;
        *sum = log(*sum) - least * scale_of(sigma) - log((double)windows->generated.count) -
               (double)windows->generated.pixels * log(sigma * root_two_pi);
    }
}

/* Block number `row` of the images, which no other thread looks at. */
static void measure_block(const struct task *task, size_t row, struct distance_block *block)
{
    const struct parzen_windows *windows = task->windows;
    const struct image_set some = distance_part(task->images, row, DISTANCE_ROWS);
    const size_t first = row * DISTANCE_ROWS;
    const size_t columns = distance_blocks(windows->generated.count, DISTANCE_COLUMNS);
    double least[DISTANCE_ROWS];
    for (size_t i = 0; i < some.count; i++) {
        least[i] = (double)INFINITY;
        for (size_t s = 0; s < windows->sigma_count; s++) {
            task->sums[s * task->images.count + first + i] = 0;
        }
    }
    for (size_t column = 0; column < columns; column++) {
        const struct image_set others = distance_part(windows->generated, column, DISTANCE_COLUMNS);
        distances_compute(block, some, others);
        for (size_t i = 0; i < some.count; i++) {
            add_distances(task, first + i, block->squared + i * DISTANCE_COLUMNS, others.count, &least[i]);
        }
    }
    for (size_t i = 0; i < some.count; i++) {
        finish(task, first + i, least[i]);
    }
}

bool parzen_log_likelihoods(const struct parzen_windows *windows, struct image_set images, double *log_likelihoods,
                            struct error *error)
{
    const struct task task = {windows, images, log_likelihoods};
    const size_t threads = (size_t)omp_get_max_threads();
    const size_t rows = distance_blocks(images.count, DISTANCE_ROWS);
    struct distance_block *blocks = distances_create(threads, images.pixels, error);
    if (!blocks) {
        return false;
    }
#pragma omp parallel for schedule(dynamic)
    for (size_t row = 0; row < rows; row++) {
        measure_block(&task, row, &blocks[omp_get_thread_num()]);
    }
    distances_free(blocks, threads);
    return true;
}

/* The same of some images after others, so that a watch can end it. log_likelihoods [sigma_count][images.count]. */
static bool measure_slices(const struct parzen_windows *windows, struct image_set images, const struct watch *watch,
                           double *log_likelihoods, struct error *error)
{
    const size_t sigma_count = windows->sigma_count;
    double *numbers = memory_allocate(sigma_count, SLICE * sizeof *numbers, "the log-likelihoods", error);
    bool good = numbers;
    for (size_t first = 0; good && first < images.count; first += SLICE) {
        const struct image_set slice = distance_part(images, first / SLICE, SLICE);
        good = watch_goes_on(watch, error) && parzen_log_likelihoods(windows, slice, numbers, error);
        for (size_t s = 0; good && s < sigma_count; s++) {
            memcpy(log_likelihoods + s * images.count + first, numbers + s * slice.count,
                   slice.count * sizeof *numbers);
        }
    }
    free(numbers);
    return good;
}

static double mean_of(const double *numbers, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += numbers[i];
    }
    return sum / (double)count;
}

static double standard_error_of(const double *numbers, size_t count, double mean)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += (numbers[i] - mean) * (numbers[i] - mean);
    }
    return count > 1 ? sqrt(sum / (double)(count - 1) / (double)count) : (double)NAN;
}

/* The width with the best mean log-likelihood of the validation images. */
static bool choose_sigma(const struct parzen_windows *windows, struct image_set validation, const struct watch *watch,
                         double *sigma, struct error *error)
{
    double *numbers =
        memory_allocate(windows->sigma_count, validation.count * sizeof *numbers, "the log-likelihoods", error);
    if (!numbers || !measure_slices(windows, validation, watch, numbers, error)) {
        free(numbers);
        return false;
    }
    double best = -(double)INFINITY;
    *sigma = windows->sigmas[0];
    for (size_t s = 0; s < windows->sigma_count; s++) {
        const double mean = mean_of(numbers + s * validation.count, validation.count);
        if (mean > best) {
            best = mean;
            *sigma = windows->sigmas[s];
        }
    }
    free(numbers);
    return true;
}

bool parzen_measure(const struct parzen_windows *windows, struct image_set validation, struct image_set test,
                    const struct watch *watch, struct parzen *result, struct error *error)
{
    const struct parzen_windows best = {windows->generated, &result->sigma, 1};
    double *numbers = memory_allocate(test.count, sizeof *numbers, "the log-likelihoods", error);
    const bool good = numbers && choose_sigma(windows, validation, watch, &result->sigma, error) &&
                      measure_slices(&best, test, watch, numbers, error);
    if (good) {
        result->mean = mean_of(numbers, test.count);
        result->standard_error = standard_error_of(numbers, test.count, result->mean);
    }
    free(numbers);
    return good;
}
