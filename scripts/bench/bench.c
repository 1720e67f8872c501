/* Times a training step of each preset beside its floor: the same matrix products alone, cut into the same tiles,
 * by the same kernels or BLAS, on the same weights, in the same process. Blocks of steps and of floors take turns, so
 * that the machine's moods fall on both; the ratio is taken within a round. So is what the step is of what the CPU can
 * do at all, and the share of the step that looking for divergence takes, and of an epoch that a measurement of
 * --eval_every does.
 *
 *     build/bench [PRESET ...]        threads: OMP_NUM_THREADS, or all */
#include "base/clock.h"
#include "base/memory.h"
#include "base/restart.h"
#include "cli/options.h"
#include "cli/presets.h"
#include "cli/real_images.h"
#include "floor.h"
#include "gan/divergence.h"
#include "gan/gan.h"
#include "gan/metrics.h"
#include "gan/sampler.h"
#include "gan/snapshot.h"
#include "gan/trainer.h"
#include "limit.h"
#include "next_step.h"
#include "nn/matmul.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 15 };

static const double BLOCK_SECONDS = 0.15; /* short, so that a round sees one mood of the machine */

/* ---- looking for divergence ---- */

/* What a training does for rescues in so many steps beside what the optimizers sum on their way: the limits of each,
 * and for each epoch a look at the whole state, and its copy. */
static void look_for_divergence(const struct gan *gan, struct snapshot *snapshot, size_t steps)
{
    struct divergence divergence;
    for (size_t i = 0; i < steps; i++) {
        divergence_find(gan, 0, &divergence);
    }
    divergence_find_in_state(gan, &divergence);
    snapshot_take(snapshot, gan, &(struct position){0});
}

/* ---- measuring ---- */

/* What measurements go by. The judge is a random net: it takes as long as a trained one. */
struct measures {
    struct judge *judge;
    struct yardstick yardstick;
    unsigned char *labels; /* [METRICS_IMAGES] that images are asked for */
    unsigned char *images; /* [METRICS_IMAGES][pixels] */
};

static bool measures_create(struct measures *measures, const struct dataset *dataset, struct error *error)
{
    struct dataset test;
    *measures = (struct measures){.judge = NULL};
    if (!dataset_load_test(dataset, NULL, NULL, &test, error)) {
        return false;
    }
    const struct judge_shape shape = {.height = dataset->height, .width = dataset->width, .classes = dataset->classes};
    struct yardstick_source source = {
        .test = real_images_of(&test),
        .training_labels = dataset->labels,
        .training_count = dataset->count,
        .count = METRICS_IMAGES,
        .neighbours = 5,
    };
    bool good =
        (measures->labels = memory_allocate(METRICS_IMAGES, 1, "labels", error)) &&
        (measures->images = memory_allocate(METRICS_IMAGES, dataset->height * dataset->width, "images", error)) &&
        (measures->judge = judge_create(shape, error));
    if (good) {
        network_initialize(measures->judge->network, (struct initialization){INIT_HE_NORMAL, 0}, false, 1, 0);
        source.judge = measures->judge;
        good = yardstick_create(&source, &measures->yardstick, error);
    }
    dataset_free(&test);
    return good;
}

static void measures_free(struct measures *measures)
{
    yardstick_free(&measures->yardstick);
    judge_free(measures->judge);
    free(measures->labels);
    free(measures->images);
}

/* A measurement: images are drawn, and as many real ones measured in their place. An untrained generator's are nearly
 * the same, which takes longer than those of one that learns. */
static bool measure(const struct measures *measures, const struct gan *gan, const struct dataset *dataset,
                    struct error *error)
{
    struct image_set real_images = real_images_of(dataset);
    struct figures figures;
    struct sampler *sampler = sampler_create(gan->config, gan->generator.network, gan->classes, error);
    if (!sampler) {
        return false;
    }
    sampler_draw(sampler, 0, METRICS_IMAGES, gan->classes ? measures->labels : NULL, measures->images);
    sampler_free(sampler);
    real_images.count = real_images.count < METRICS_IMAGES ? real_images.count : METRICS_IMAGES;
    return yardstick_measure(&measures->yardstick, real_images, NULL, &figures, error);
}

/* ---- the rounds ---- */

struct contest {
    struct gan *gan;
    const struct measures *measures;
    struct snapshot *snapshot;
    struct dataset *dataset;
    struct floor floor;
    size_t steps; /* in a block */
};

static double time_steps(struct contest *contest)
{
    const double begin = clock_seconds();
    for (size_t i = 0; i < contest->steps; i++) {
        next_step(contest->gan, contest->dataset);
    }
    return (clock_seconds() - begin) / (double)contest->steps;
}

static double time_floor(struct contest *contest)
{
    const double begin = clock_seconds();
    for (size_t i = 0; i < contest->steps; i++) {
        floor_step(&contest->floor);
    }
    return (clock_seconds() - begin) / (double)contest->steps;
}

/* An epoch's, by the step. */
static double time_checks(struct contest *contest)
{
    const size_t per_epoch = gan_steps_per_epoch(contest->gan->config, contest->dataset->count);
    const double begin = clock_seconds();
    look_for_divergence(contest->gan, contest->snapshot, per_epoch);
    return (clock_seconds() - begin) / (double)per_epoch;
}

/* In seconds; negative where it fails. */
static double time_measurement(const struct contest *contest, struct error *error)
{
    const double begin = clock_seconds();
    return measure(contest->measures, contest->gan, contest->dataset, error) ? clock_seconds() - begin : -1;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool run_rounds(const char *preset, struct contest *contest, struct error *error)
{
    const size_t per_epoch = gan_steps_per_epoch(contest->gan->config, contest->dataset->count);
    double steps[ROUNDS], floors[ROUNDS], ratios[ROUNDS], limits[ROUNDS], checks[ROUNDS], measurements[ROUNDS];
    contest->steps = 1;
    time_steps(contest); /* wakes the threads, touches the memory */
    contest->steps = (size_t)(BLOCK_SECONDS / time_steps(contest)) + 1;
    const double flop = floor_flop(&contest->floor);
    for (size_t round = 0; round < ROUNDS; round++) {
        steps[round] = time_steps(contest);
        floors[round] = time_floor(contest);
        ratios[round] = steps[round] / floors[round];
        const double limit = limit_flops();
        limits[round] = limit > 0 ? flop / steps[round] / limit : 0;
        checks[round] = time_checks(contest) / steps[round];
        measurements[round] = time_measurement(contest, error) / ((double)per_epoch * steps[round]);
        if (measurements[round] < 0) {
            return false;
        }
    }
    qsort(steps, ROUNDS, sizeof *steps, compare);
    qsort(floors, ROUNDS, sizeof *floors, compare);
    qsort(ratios, ROUNDS, sizeof *ratios, compare);
    qsort(limits, ROUNDS, sizeof *limits, compare);
    qsort(checks, ROUNDS, sizeof *checks, compare);
    qsort(measurements, ROUNDS, sizeof *measurements, compare);
    const double ratio = ratios[ROUNDS / 2];
    printf("%-12s %5zu %7.0f  %7.3f %7.3f  %7.3f %7.3f  %5.2f  %5.1f %%  %2.0f %%  %5.2f %%  %5.2f %%\n", preset,
           contest->gan->config->batch_size, flop / 1e6, 1e3 * steps[0], 1e3 * steps[ROUNDS / 2], 1e3 * floors[0],
           1e3 * floors[ROUNDS / 2], ratio, 100 * (1 - 1 / ratio), 100 * limits[ROUNDS / 2], 100 * checks[ROUNDS / 2],
           100 * measurements[ROUNDS / 2]);
    fflush(stdout);
    return true;
}

static bool bench(const char *preset, struct dataset *dataset, const struct measures *measures, struct error *error)
{
    struct options options = {0};
    struct contest contest = {.dataset = dataset, .measures = measures};
    bool good =
        options_defaults(preset, &options, error) && trainer_check(&options.config, dataset, error) &&
        (contest.gan = gan_create(&options.config, dataset->height * dataset->width, dataset->classes, error)) &&
        (contest.snapshot = snapshot_create(contest.gan, error)) && floor_create(&contest.floor, contest.gan, error) &&
        run_rounds(preset, &contest, error);
    floor_free(&contest.floor);
    snapshot_free(contest.snapshot);
    gan_free(contest.gan);
    options_free(&options);
    return good;
}

int main(int argc, char **argv)
{
    restart_with_settings(argv);
    struct dataset dataset;
    struct measures measures;
    struct error error;
    if (!dataset_load(&(struct dataset_source){.labels_wanted = true}, &dataset, &error)) {
        fprintf(stderr, "bench: %s\n", error.message);
        return STATUS_USAGE;
    }
    matmul_prepare();
    char library[MATMUL_LIBRARY_SIZE];
    printf("%d threads, %s\n%d rounds of short blocks in turn; milliseconds a step; floor: its products alone;\n"
           "limit: what the step's products are of what the CPU could multiply and add in its time;\n"
           "checks: what looking for divergence takes of the step; measure: what measuring 2,000 images\n"
           "takes of an epoch\n\n",
           omp_get_max_threads(), matmul_library(library), ROUNDS);
    printf("%-12s %5s %7s  %15s  %15s  %5s %8s %5s  %7s  %7s\n%-12s %5s %7s  %7s %7s  %7s %7s  %5s %8s %5s\n", "", "",
           "", "step", "floor", "ratio", "not", "of", "checks", "measure", "preset", "batch", "MFLOP", "least",
           "median", "least", "median", "", "products", "limit");
    bool good = measures_create(&measures, &dataset, &error);
    for (int i = 1; good && i < argc; i++) {
        good = bench(argv[i], &dataset, &measures, &error);
    }
    for (size_t i = 0; good && argc == 1 && i < PRESET_COUNT; i++) {
        good = bench(PRESETS[i].name, &dataset, &measures, &error);
    }
    if (!good) {
        fprintf(stderr, "bench: %s\n", error.message);
    }
    measures_free(&measures);
    dataset_free(&dataset);
    return good ? STATUS_DONE : (int)error.status;
}
