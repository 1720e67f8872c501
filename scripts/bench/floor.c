#include "floor.h"
#include "base/memory.h"
#include "nn/denormals.h"
#include "nn/dense.h"
#include "nn/matmul.h"
#include "nn/team.h"

#include <stdlib.h>

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
        for (size_t tile = own_tile(layer->outputs, 0); tile < tile_count(layer->outputs);
             tile = own_tile(layer->outputs, tile + 1)) {
            const size_t begin = tile * TILE_COLUMNS, count = tile_width(layer->outputs, tile);
            matmul_transposed(x, matrix_rows(weights(layer, network->parameters), begin, count),
                              matrix_columns(y, begin, count));
        }
#pragma omp barrier
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
            for (size_t tile = own_tile(layer->outputs, 0); tile < tile_count(layer->outputs);
                 tile = own_tile(layer->outputs, tile + 1)) {
                const size_t begin = tile * TILE_COLUMNS, count = tile_width(layer->outputs, tile);
                matmul_gradient(matrix_columns(dy, begin, count), x, matrix_rows(dw, begin, count));
            }
            count_flop(products, rows, layer->inputs, layer->outputs);
        }
        for (size_t tile = second_own_tile(columns, 0); tile < tile_count(columns);
             tile = second_own_tile(columns, tile + 1)) {
            const size_t begin = tile * TILE_COLUMNS, count = tile_width(columns, tile);
            matmul_plain(dy, matrix_columns(w, first + begin, count), matrix_columns(dx, begin, count));
        }
#pragma omp barrier
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
    for (size_t tile = own_tile(gan->pixels, 0); tile < tile_count(gan->pixels);
         tile = own_tile(gan->pixels, tile + 1)) {
        const size_t begin = tile * TILE_COLUMNS, count = tile_width(gan->pixels, tile);
        matmul_plain(dy, matrix_columns(weights(layer, products->network->parameters), begin, count),
                     matrix_columns(dx, begin, count));
    }
#pragma omp barrier
    count_flop(products, rows, gan->pixels, layer->outputs);
    floor_forward(products, rows);
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

double floor_flop(struct floor *floor)
{
    floor->generator.flop = floor->discriminator.flop = 0;
    floor_step(floor);
    return floor->generator.flop + floor->discriminator.flop;
}
