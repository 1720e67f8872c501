/* Times a training step of each preset beside its floor: the same matrix products alone, cut into the same tiles,
 * through the same BLAS, on the same weights, in the same process. Blocks of steps and of floors take turns, so that
 * the machine's moods fall on both; the ratio is taken within a round. So is the share of the step that looking for
 * divergence takes, and of an epoch that a measurement of --eval_every does.
 *
 *     build/bench [PRESET ...]        threads: OMP_NUM_THREADS, or all */
#include "base/clock.h"
#include "base/memory.h"
#include "base/restart.h"
#include "cli/options.h"
#include "cli/presets.h"
#include "gan/divergence.h"
#include "gan/gan.h"
#include "gan/metrics.h"
#include "gan/sampler.h"
#include "gan/snapshot.h"
#include "nn/denormals.h"
#include "nn/dense.h"
#include "nn/matmul.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 15 };

static const double BLOCK_SECONDS = 0.15; /* short, so that a round sees one mood of the machine */

/* ---- the floor ---- */

/* The products of one network's dense layers: what a batch would go through, with memory of its own. */
struct products {
    const struct network *network;
    real *activations, *gradients; /* [2][rows][stride]: each layer reads one and writes the other */
    size_t rows, stride;
    double flop; /* counted as they are made by one thread */
};

static bool products_create(struct products *products, const struct network *network, size_t rows, struct error *error)
{
    *products = (struct products){.network = network, .rows = rows, .stride = network->widest + 16};
    const size_t count = 2 * rows * products->stride;
    products->activations = memory_allocate(count, sizeof(real), "the floor", error);
    products->gradients = memory_allocate(count, sizeof(real), "the floor", error);
    return products->activations && products->gradients;
}

static struct matrix half(const struct products *products, real *block, int which, size_t rows, size_t columns)
{
    return (struct matrix){block + (size_t)which * products->rows * products->stride, rows, columns, products->stride};
}

static struct matrix weights(const struct layer *layer, real *block)
{
    return (struct matrix){block + layer->weight, layer->outputs, layer->inputs, layer->inputs};
}

static void count_flop(struct products *products, size_t rows, size_t inputs, size_t outputs)
{
#pragma omp single
    products->flop += 2.0 * (double)rows * (double)inputs * (double)outputs;
}

static void floor_forward(struct products *products, size_t rows)
{
    const struct network *network = products->network;
    int turn = 0;
    for (size_t l = 0; l < network->layer_count; l++) {
        const struct layer *layer = &network->layers[l];
        if (layer->kind != LAYER_DENSE) {
            continue;
        }
        const struct matrix x = half(products, products->activations, turn, rows, layer->inputs);
        const struct matrix y = half(products, products->activations, 1 - turn, rows, layer->outputs);
#pragma omp for schedule(dynamic)
        for (size_t tile = 0; tile < tile_count(layer->outputs); tile++) {
            const size_t begin = tile * TILE_COLUMNS, count = tile_width(layer->outputs, tile);
            matmul_transposed(x, matrix_rows(weights(layer, network->parameters), begin, count),
                              matrix_columns(y, begin, count));
        }
        count_flop(products, rows, layer->inputs, layer->outputs);
        turn = 1 - turn;
    }
}

static void floor_backward(struct products *products, size_t rows, bool parameters, size_t input_begin,
                           size_t input_columns)
{
    const struct network *network = products->network;
    int turn = 0;
    for (size_t l = network->layer_count; l-- > 0;) {
        const struct layer *layer = &network->layers[l];
        if (layer->kind != LAYER_DENSE) {
            continue;
        }
        const struct matrix x = half(products, products->activations, turn, rows, layer->inputs);
        const struct matrix dy = half(products, products->gradients, turn, rows, layer->outputs);
        const struct matrix dx = half(products, products->gradients, 1 - turn, rows, layer->inputs);
        const struct matrix w = weights(layer, network->parameters), dw = weights(layer, network->gradients);
        const bool lowest = layer->number == 0;
        const size_t first = lowest ? input_begin : 0, columns = lowest ? input_columns : layer->inputs;
        if (parameters) {
#pragma omp for schedule(dynamic) nowait
            for (size_t tile = 0; tile < tile_count(layer->outputs); tile++) {
                const size_t begin = tile * TILE_COLUMNS, count = tile_width(layer->outputs, tile);
                matmul_gradient(matrix_columns(dy, begin, count), x, matrix_rows(dw, begin, count));
            }
            count_flop(products, rows, layer->inputs, layer->outputs);
        }
#pragma omp for schedule(dynamic)
        for (size_t tile = 0; tile < tile_count(columns); tile++) {
            const size_t begin = tile * TILE_COLUMNS, count = tile_width(columns, tile);
            matmul_plain(dy, matrix_columns(w, first + begin, count), matrix_columns(dx, begin, count));
        }
        count_flop(products, rows, columns, layer->outputs);
        turn = 1 - turn;
    }
}

/* What penalties add: the images' gradients, and their tangents forward. */
static void floor_penalty(const struct gan *gan, struct products *products)
{
    const struct config *config = gan->config;
    const struct layer *layer = &products->network->layers[first_dense(products->network)];
    const size_t halves = (config->r1 > 0 ? 1u : 0u) + (config->r2 > 0 ? 1u : 0u), rows = halves * gan->real_count;
    const struct matrix dy = half(products, products->gradients, 0, rows, layer->outputs);
    const struct matrix dx = half(products, products->gradients, 1, rows, layer->inputs);
#pragma omp for schedule(dynamic)
    for (size_t tile = 0; tile < tile_count(gan->pixels); tile++) {
        const size_t begin = tile * TILE_COLUMNS, count = tile_width(gan->pixels, tile);
        matmul_plain(dy, matrix_columns(weights(layer, products->network->parameters), begin, count),
                     matrix_columns(dx, begin, count));
    }
    count_flop(products, rows, gan->pixels, layer->outputs);
    floor_forward(products, rows);
}

/* The products of one step, as gan/step.c makes them. */
static void floor_step(const struct gan *gan, struct products *generator, struct products *discriminator)
{
    const struct config *config = gan->config;
    const size_t batch = config->batch_size, reals = gan->real_count;
    const size_t labels = gan->discriminator.network->label_outputs;
    const bool shared = config->fakes != FAKES_FRESH, both = config->order == ORDER_SIMULTANEOUS;
    const bool g_made_by_g = config->order == ORDER_G_THEN_D || !shared;
    const bool g_made_by_d = config->order != ORDER_G_THEN_D || config->fakes != FAKES_SAME_IMAGES;
#pragma omp parallel
    {
        flush_denormals();
        for (size_t i = 0; i < config->d_steps; i++) {
            if (g_made_by_d || i > 0) {
                floor_forward(generator, shared ? batch : reals);
            }
            floor_forward(discriminator, 2 * reals);
            floor_backward(discriminator, 2 * reals, true, gan->pixels, labels);
            if (gan->penalty) {
                floor_penalty(gan, discriminator);
            }
        }
        for (size_t i = 0; i < config->g_steps; i++) {
            if (g_made_by_g || i > 0) {
                floor_forward(generator, batch);
            }
            if (!both && objective_has_pairs(&gan->objective)) {
                floor_forward(discriminator, batch);
            }
            if (!both) {
                floor_forward(discriminator, batch);
            }
            floor_backward(discriminator, batch, false, 0, gan->pixels);
            floor_backward(generator, batch, true, 0, 0);
        }
    }
}

/* ---- looking for divergence ---- */

enum { CHUNK = 4096 }; /* nn/optimizer.c's */

static double sum_of_squares(size_t count, const real *x)
{
    real sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t i = 0; i < count; i++) {
        sum += x[i] * x[i];
    }
    return (double)sum;
}

/* The sums over a net's parameters in so many updates. The optimizer makes one of each chunk that it has just written:
 * here of two chunks in turn, which are in the cache as well. */
static void sum_parameters(const struct player *player, size_t updates)
{
    const size_t chunks = optimizer_chunks(player->network->parameter_count);
#pragma omp for schedule(static) nowait
    for (size_t i = 0; i < updates * chunks; i++) {
        player->squares[i % chunks].parameters = sum_of_squares(CHUNK, player->network->parameters + i % 2 * CHUNK);
    }
}

/* All that a training does for rescues in so many steps: the sums and the limits of each, and for each epoch a look at
 * the whole state, and its copy. */
static void look_for_divergence(const struct gan *gan, struct snapshot *snapshot, size_t steps)
{
    struct divergence divergence;
#pragma omp parallel
    for (size_t i = 0; i < steps; i++) {
        sum_parameters(&gan->discriminator, gan->config->d_steps);
        sum_parameters(&gan->generator, gan->config->g_steps);
    }
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
        .test = {test.images, test.count},
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
    const size_t count = dataset->count < METRICS_IMAGES ? dataset->count : METRICS_IMAGES;
    struct figures figures;
    struct sampler *sampler = sampler_create(gan->config, gan->generator.network, gan->classes, error);
    if (!sampler) {
        return false;
    }
    sampler_draw(sampler, 0, METRICS_IMAGES, gan->classes ? measures->labels : NULL, measures->images);
    sampler_free(sampler);
    return yardstick_measure(&measures->yardstick, (struct image_set){dataset->images, count}, NULL, &figures, error);
}

/* ---- the rounds ---- */

struct contest {
    struct gan *gan;
    const struct measures *measures;
    struct snapshot *snapshot;
    struct dataset *dataset;
    struct products generator, discriminator;
    size_t steps; /* in a block */
};

static double time_steps(struct contest *contest)
{
    const size_t per_step = gan_images_per_step(contest->gan->config);
    const size_t per_epoch = gan_steps_per_epoch(contest->gan->config, contest->dataset->count);
    const double begin = clock_seconds();
    for (size_t i = 0; i < contest->steps; i++) {
        gan_step(contest->gan, contest->dataset, contest->gan->steps % per_epoch * per_step);
    }
    return (clock_seconds() - begin) / (double)contest->steps;
}

static double time_floor(struct contest *contest)
{
    const double begin = clock_seconds();
    for (size_t i = 0; i < contest->steps; i++) {
        floor_step(contest->gan, &contest->generator, &contest->discriminator);
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
    double steps[ROUNDS], floors[ROUNDS], ratios[ROUNDS], checks[ROUNDS], measurements[ROUNDS];
    contest->steps = 1;
    time_steps(contest); /* wakes the threads, touches the memory */
    contest->steps = (size_t)(BLOCK_SECONDS / time_steps(contest)) + 1;
    contest->generator.flop = contest->discriminator.flop = 0;
    floor_step(contest->gan, &contest->generator, &contest->discriminator);
    const double flop = contest->generator.flop + contest->discriminator.flop;
    for (size_t round = 0; round < ROUNDS; round++) {
        steps[round] = time_steps(contest);
        floors[round] = time_floor(contest);
        ratios[round] = steps[round] / floors[round];
        checks[round] = time_checks(contest) / steps[round];
        measurements[round] = time_measurement(contest, error) / ((double)per_epoch * steps[round]);
        if (measurements[round] < 0) {
            return false;
        }
    }
    qsort(steps, ROUNDS, sizeof *steps, compare);
    qsort(floors, ROUNDS, sizeof *floors, compare);
    qsort(ratios, ROUNDS, sizeof *ratios, compare);
    qsort(checks, ROUNDS, sizeof *checks, compare);
    qsort(measurements, ROUNDS, sizeof *measurements, compare);
    const double ratio = ratios[ROUNDS / 2];
    printf("%-12s %5zu %7.0f  %7.3f %7.3f  %7.3f %7.3f  %5.2f %6.1f %%  %6.2f %%  %6.2f %%\n", preset,
           contest->gan->config->batch_size, flop / 1e6, 1e3 * steps[0], 1e3 * steps[ROUNDS / 2], 1e3 * floors[0],
           1e3 * floors[ROUNDS / 2], ratio, 100 * (1 - 1 / ratio), 100 * checks[ROUNDS / 2],
           100 * measurements[ROUNDS / 2]);
    fflush(stdout);
    return true;
}

static bool bench(const char *preset, struct dataset *dataset, const struct measures *measures, struct error *error)
{
    struct options options = {0};
    struct contest contest = {.dataset = dataset, .measures = measures};
    bool good =
        options_defaults(preset, &options, error) &&
        (contest.gan = gan_create(&options.config, dataset->height * dataset->width, dataset->classes, error)) &&
        (contest.snapshot = snapshot_create(contest.gan, error)) &&
        products_create(&contest.generator, contest.gan->generator.network, options.config.batch_size, error) &&
        products_create(&contest.discriminator, contest.gan->discriminator.network, 2 * options.config.batch_size,
                        error) &&
        run_rounds(preset, &contest, error);
    free(contest.generator.activations);
    free(contest.generator.gradients);
    free(contest.discriminator.activations);
    free(contest.discriminator.gradients);
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
           "checks: what looking for divergence takes of the step; measure: what measuring 2,000 images\n"
           "takes of an epoch\n\n",
           omp_get_max_threads(), matmul_library(library), ROUNDS);
    printf("%-12s %5s %7s  %15s  %15s  %5s %8s  %8s  %8s\n%-12s %5s %7s  %7s %7s  %7s %7s  %5s %8s\n", "", "", "",
           "step", "floor", "ratio", "not", "checks", "measure", "preset", "batch", "MFLOP", "least", "median", "least",
           "median", "", "products");
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
