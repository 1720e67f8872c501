#include "floor.h"
#include "base/memory.h"
#include "nn/denormals.h"
#include "nn/dense.h"
#include "nn/team.h"

#include <stdint.h>
#include <stdlib.h>

enum { NOISE = 2, BLOCKS = 3 }; /* the last one stays, or numbers would grow from pass to pass, or vanish */

/* Numbers of about the size that a net has, since products with zeros take a CPU less power. */
static void fill(real *numbers, size_t count)
{
    uint32_t random = 1;
    for (size_t i = 0; i < count; i++) {
        random = random * 1664525u + 1013904223u;
        numbers[i] = (real)((double)random / UINT32_MAX - 0.5);
    }
}

static bool products_create(struct products *products, const struct network *network, size_t rows, struct error *error)
{
    *products = (struct products){.network = network,
                                  .rows = rows > network->label_classes ? rows : network->label_classes,
                                  .stride = row_stride(network->widest)};
    const size_t count = BLOCKS * products->rows * products->stride;
    products->activations = memory_allocate(count, sizeof(real), "the floor", error);
    products->gradients = memory_allocate(count, sizeof(real), "the floor", error);
    if (products->activations && products->gradients) {
        fill(products->activations, count);
        fill(products->gradients, count);
    }
    return products->activations && products->gradients;
}

static struct matrix part(const struct products *products, real *block, int which, size_t rows, size_t columns)
{
    return (struct matrix){block + (size_t)which * products->rows * products->stride, rows, columns, products->stride};
}

static struct matrix weights(const struct layer *layer, real *block)
{
    return (struct matrix){block + layer->weight, layer->outputs, layer->inputs, layer->inputs};
}

/* One thread counts, and none waits for it. */
static void count_flop(struct products *products, size_t rows, size_t inputs, size_t outputs)
{
#pragma omp master
    products->flop += 2.0 * (double)rows * (double)inputs * (double)outputs;
}

/* The calling thread's part of y = x W'. */
static void own_transposed(struct products *products, struct matrix x, struct matrix w, struct matrix y)
{
    for (struct own_tiles own = own_tiles(y.columns); next_tile(&own);) {
        const size_t begin = own.tile.begin, count = own.tile.count;
        dense_forward(x, w, NULL, y, begin, count);
    }
    count_flop(products, x.rows, x.columns, y.columns);
}

/* Its part of dW = dy' x. */
static void own_gradient(struct products *products, struct matrix dy, struct matrix x, struct matrix dw)
{
    for (struct own_tiles own = own_tiles(dy.columns); next_tile(&own);) {
        const size_t begin = own.tile.begin, count = own.tile.count;
        dense_backward_parameters(dy, x, dw, NULL, begin, count);
    }
    count_flop(products, x.rows, x.columns, dy.columns);
}

/* Its part of dx = dy W. */
static void own_plain(struct products *products, struct matrix dy, struct matrix w, struct matrix dx)
{
    for (struct own_tiles own = second_own_tiles(dx.columns); next_tile(&own);) {
        const size_t begin = own.tile.begin, count = own.tile.count;
        dense_backward_input(dy, w, begin, count, matrix_columns(dx, begin, count));
    }
    count_flop(products, dy.rows, dy.columns, dx.columns);
}

/* Whether layer l has the label layer's outputs beside its input. */
static bool has_labels(const struct network *network, size_t l)
{
    return network->label_classes && l == first_dense(network);
}

/* The inputs that a batch's rows have, without what labels add. */
static size_t row_inputs(const struct network *network, size_t l)
{
    return network->layers[l].inputs - (has_labels(network, l) ? network->label_outputs : 0);
}

/* Images alone, or labels as well. */
static void floor_forward(struct products *products, size_t rows, bool with_labels)
{
    const struct network *network = products->network;
    const size_t labels = network->label_outputs;
    int from = NOISE, to = 0;
    for (size_t l = first_dense(network); l < network->layer_count; l = next_dense(network, l)) {
        const struct layer *layer = &network->layers[l];
        const size_t inputs = row_inputs(network, l);
        const struct matrix w = weights(layer, network->parameters);
        own_transposed(products, part(products, products->activations, from, rows, inputs), w,
                       part(products, products->activations, to, rows, layer->outputs));
        if (with_labels && has_labels(network, l)) {
            own_transposed(products, part(products, products->gradients, from, network->label_classes, labels),
                           matrix_columns(w, inputs, labels),
                           part(products, products->gradients, to, network->label_classes, layer->outputs));
        }
#pragma omp barrier
        from = to;
        to = 1 - from;
    }
}

/* Of the gradients of the input `input_columns` are wanted. */
static void floor_backward(struct products *products, size_t rows, bool parameters, size_t input_columns)
{
    const struct network *network = products->network;
    const size_t labels = network->label_outputs;
    int from = NOISE, to = 0;
    for (size_t l = network->layer_count; l-- > 0;) {
        const struct layer *layer = &network->layers[l];
        if (layer->kind != LAYER_DENSE) {
            continue;
        }
        const size_t inputs = row_inputs(network, l);
        const struct matrix dy = part(products, products->gradients, from, rows, layer->outputs);
        const struct matrix w = weights(layer, network->parameters), dw = weights(layer, network->gradients);
        const struct matrix sums = part(products, products->activations, to, network->label_classes, layer->outputs);
        if (parameters) {
            own_gradient(products, dy, part(products, products->activations, from, rows, inputs),
                         matrix_columns(dw, 0, inputs));
        }
        if (parameters && has_labels(network, l)) {
            own_gradient(products, sums, part(products, products->activations, from, network->label_classes, labels),
                         matrix_columns(dw, inputs, labels));
        }
        own_plain(products, dy, w,
                  part(products, products->gradients, to, rows, layer->number == 0 ? input_columns : inputs));
#pragma omp barrier
        if (parameters && has_labels(network, l)) {
            own_plain(products, sums, matrix_columns(w, inputs, labels),
                      part(products, products->gradients, to, network->label_classes, labels));
#pragma omp barrier
        }
        from = to;
        to = 1 - from;
    }
}

/* What penalties add: the images' gradients, and their tangents forward. */
static void floor_penalty(const struct gan *gan, struct products *products)
{
    const struct config *config = gan->config;
    const struct layer *layer = &products->network->layers[first_dense(products->network)];
    const size_t halves = (config->r1 > 0 ? 1u : 0u) + (config->r2 > 0 ? 1u : 0u),
                 rows = halves * gan_real_count(config);
    own_plain(products, part(products, products->gradients, 0, rows, layer->outputs),
              weights(layer, products->network->parameters), part(products, products->gradients, 1, rows, gan->pixels));
#pragma omp barrier
    floor_forward(products, rows, false);
}

bool floor_create(struct floor *floor, const struct gan *gan, struct error *error)
{
    const size_t batch = gan->config->batch_size;
    *floor = (struct floor){.gan = gan};
    return products_create(&floor->generator, gan->generator.network, batch, error) &&
           products_create(&floor->discriminator, gan->discriminator.network, 2 * batch, error);
}

static void products_free(struct products *products)
{
    free(products->activations);
    free(products->gradients);
}

void floor_free(struct floor *floor)
{
    products_free(&floor->generator);
    products_free(&floor->discriminator);
}

/* The products of one step, as gan/step.c makes them. */
void floor_step(struct floor *floor)
{
    const struct gan *gan = floor->gan;
    const struct config *config = gan->config;
    struct products *generator = &floor->generator, *discriminator = &floor->discriminator;
    const size_t batch = config->batch_size, reals = gan_real_count(config);
    const bool shared = config->fakes != FAKES_FRESH, both = config->order == ORDER_SIMULTANEOUS;
    const bool g_made_by_g = config->order == ORDER_G_THEN_D || !shared;
    const bool g_made_by_d = config->order != ORDER_G_THEN_D || config->fakes != FAKES_SAME_IMAGES;
#pragma omp parallel
    {
        flush_denormals();
        for (size_t i = 0; i < config->d_steps; i++) {
            if (g_made_by_d || i > 0) {
                floor_forward(generator, shared ? batch : reals, true);
            }
            floor_forward(discriminator, 2 * reals, true);
            floor_backward(discriminator, 2 * reals, true, 0);
            if (config_penalizes(config)) {
                floor_penalty(gan, discriminator);
            }
        }
        for (size_t i = 0; i < config->g_steps; i++) {
            if (g_made_by_g || i > 0) {
                floor_forward(generator, batch, true);
            }
            if (!both) {
                floor_forward(discriminator, objective_has_pairs(config->loss) ? 2 * batch : batch, true);
            }
            floor_backward(discriminator, batch, false, gan->pixels);
            floor_backward(generator, batch, true, 0);
        }
    }
}

double floor_flop(struct floor *floor)
{
    floor->generator.flop = floor->discriminator.flop = 0;
    floor_step(floor);
    return floor->generator.flop + floor->discriminator.flop;
}
