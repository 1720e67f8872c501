#include "nn/pass.h"
#include "base/memory.h"
#include "nn/dense.h"
#include "nn/dropout.h"
#include "nn/label.h"
#include "nn/pass_layers.h"

#include <stdlib.h>

struct pass *pass_create(const struct network *network, size_t capacity, bool training, struct error *error)
{
    struct pass *pass = memory_allocate(1, sizeof *pass, "a pass", error);
    if (!pass) {
        return NULL;
    }
    pass->capacity = capacity;
    pass->stride = network->widest + 16; /* as rows of the buffers: no power of two */
    size_t numbers, gradients;
    bool fits = size_multiply(capacity, network->buffer_columns, &numbers) &&
                size_multiply(capacity, pass->stride, &gradients) &&
                (pass->buffers = memory_allocate(numbers, sizeof(real), "the activations", error));
    if (fits && training) {
        fits = (pass->moments = memory_allocate(GROUPS_MAX * network->moment_columns, sizeof(real),
                                                "the batch statistics", error)) &&
               (pass->masks = memory_allocate(capacity, network->mask_columns, "the dropout masks", error)) &&
               (pass->gradient[0] = memory_allocate(gradients, sizeof(real), "the activations' gradients", error)) &&
               (pass->gradient[1] = memory_allocate(gradients, sizeof(real), "the activations' gradients", error));
    }
    if (!fits) {
        pass_free(pass);
        return NULL;
    }
    return pass;
}

void pass_free(struct pass *pass)
{
    if (!pass) {
        return;
    }
    free(pass->buffers);
    free(pass->moments);
    free(pass->masks);
    free(pass->gradient[0]);
    free(pass->gradient[1]);
    free(pass);
}

/* The tile of a batch norm layer whose first column is begin. */
static struct batch_norm_tile norm_tile(const struct network *network, const struct pass *pass,
                                        const struct batch *batch, const struct layer *layer, size_t begin)
{
    const size_t stride = layer_stride(layer);
    real *moments = pass->moments ? pass->moments + GROUPS_MAX * layer->moments : NULL;
    return (struct batch_norm_tile){
        .gamma = network->parameters + layer->weight + begin,
        .beta = network->parameters + layer->bias + begin,
        .running_mean = network->statistics + layer->statistics + begin,
        .running_var = network->statistics + layer->statistics + layer->outputs + begin,
        .mean = moments ? moments + begin : NULL,
        .inverse_deviation = moments ? moments + GROUPS_MAX * stride + begin : NULL,
        .groups = batch->groups,
        .group_stride = stride,
    };
}

/* Columns begin .. begin + count - 1 through layer l, which works feature by feature. */
static void feature_forward(const struct network *network, const struct pass *pass, const struct batch *batch, size_t l,
                            size_t begin, size_t count, bool training)
{
    const struct layer *layer = &network->layers[l];
    struct matrix x = matrix_columns(layer_input(network, pass, batch, l), begin, count);
    struct matrix y = matrix_columns(layer_output(network, pass, batch, l), begin, count);
    switch (layer->kind) {
    case LAYER_ACTIVATION:
        activation_forward(layer->activation, y);
        break;
    case LAYER_BATCH_NORM:
        (training ? batch_norm_forward : batch_norm_infer)(network->batch_norm,
                                                           norm_tile(network, pass, batch, layer, begin), x, y);
        break;
    case LAYER_DROPOUT:
        if (training) {
            dropout_forward(layer->rate, (struct rng_stream){batch->seed, RNG_DROPOUT, layer->number, batch->number},
                            begin, x, layer_mask(pass, layer, begin), layer_stride(layer), y);
        } else {
            matrix_copy(x, y);
        }
        break;
    case LAYER_DENSE:
        break;
    }
}

/* The same columns back: dy becomes dx in place. */
static void feature_backward(const struct network *network, const struct pass *pass, const struct batch *batch,
                             size_t l, size_t begin, size_t count, bool parameters, struct matrix dy)
{
    const struct layer *layer = &network->layers[l];
    struct matrix x = matrix_columns(layer_input(network, pass, batch, l), begin, count);
    struct matrix y = matrix_columns(layer_output(network, pass, batch, l), begin, count);
    switch (layer->kind) {
    case LAYER_ACTIVATION:
        activation_backward(layer->activation, y, dy);
        break;
    case LAYER_BATCH_NORM:
        batch_norm_backward(norm_tile(network, pass, batch, layer, begin), x, dy,
                            parameters ? network->gradients + layer->weight + begin : NULL,
                            parameters ? network->gradients + layer->bias + begin : NULL);
        break;
    case LAYER_DROPOUT:
        dropout_backward(layer->rate, layer_mask(pass, layer, begin), layer_stride(layer), dy);
        break;
    case LAYER_DENSE:
        break;
    }
}

static void forward(const struct network *network, const struct pass *pass, const struct batch *batch, bool training)
{
    if (network->label_classes) {
        struct matrix w = {network->parameters + network->label_weight, network->label_outputs, network->label_classes,
                           network->label_classes};
        label_forward(batch->labels, w, network->parameters + network->label_bias,
                      matrix_columns(batch->input, network->inputs - network->label_outputs, network->label_outputs));
#pragma omp barrier
    }
    for (size_t dense = 0; dense < network->layer_count; dense = next_dense(network, dense)) {
        const struct layer *layer = &network->layers[dense];
        const size_t end = next_dense(network, dense);
        const real *bias = layer->has_bias ? network->parameters + layer->bias : NULL;
#pragma omp for schedule(dynamic)
        for (size_t tile = 0; tile < tile_count(layer->outputs); tile++) {
            size_t begin = tile * TILE_COLUMNS, count = tile_width(layer->outputs, tile);
            dense_forward(layer_input(network, pass, batch, dense), layer_weight(layer, network->parameters), bias,
                          layer_output(network, pass, batch, dense), begin, count);
            for (size_t l = dense + 1; l < end; l++) {
                feature_forward(network, pass, batch, l, begin, count, training);
            }
        }
    }
}

void network_forward(const struct network *network, const struct pass *pass, const struct batch *batch)
{
    forward(network, pass, batch, true);
}

void network_infer(const struct network *network, const struct pass *pass, const struct batch *batch)
{
    forward(network, pass, batch, false);
}

struct matrix network_hidden(const struct network *network, const struct pass *pass, const struct batch *batch)
{
    return layer_input(network, pass, batch, previous_dense(network, network->layer_count));
}

/* The layers l, l - 1 ... after the dense layer `dense`, back, on a tile of the gradient of l's output. */
static void features_backward(const struct network *network, const struct pass *pass, const struct batch *batch,
                              size_t dense, size_t l, size_t begin, size_t count, bool parameters, struct matrix dy)
{
    for (; l > dense; l--) {
        feature_backward(network, pass, batch, l, begin, count, parameters, dy);
    }
}

/* The gradients of the label layer, from that of the first dense layer's output. */
static void label_layer_backward(const struct network *network, const struct pass *pass, const struct batch *batch,
                                 struct matrix dy, real *scratch)
{
    const size_t begin = network->inputs - network->label_outputs;
    struct matrix dx = {scratch, dy.rows, network->label_outputs, pass->stride};
    struct matrix w = layer_weight(&network->layers[0], network->parameters);
#pragma omp for schedule(dynamic)
    for (size_t tile = 0; tile < tile_count(dx.columns); tile++) {
        size_t first = tile * TILE_COLUMNS, count = tile_width(dx.columns, tile);
        dense_backward_input(dy, w, begin + first, count, matrix_columns(dx, first, count));
    }
    struct matrix dw = {network->gradients + network->label_weight, network->label_outputs, network->label_classes,
                        network->label_classes};
    label_backward(batch->labels, dx, dw, network->gradients + network->label_bias);
#pragma omp barrier
}

void network_backward(const struct network *network, const struct pass *pass, const struct batch *batch,
                      struct matrix output_gradient, bool parameters, struct matrix input_gradient)
{
    size_t dense = previous_dense(network, network->layer_count);
    struct matrix dy = output_gradient;
#pragma omp for schedule(dynamic)
    for (size_t tile = 0; tile < tile_count(dy.columns); tile++) {
        size_t begin = tile * TILE_COLUMNS, count = tile_width(dy.columns, tile);
        features_backward(network, pass, batch, dense, network->layer_count - 1, begin, count, parameters,
                          matrix_columns(dy, begin, count));
    }
    for (int turn = 0;; turn = 1 - turn) {
        const struct layer *layer = &network->layers[dense];
        struct matrix w = layer_weight(layer, network->parameters);
        if (parameters) {
            real *dbias = layer->has_bias ? network->gradients + layer->bias : NULL;
#pragma omp for schedule(dynamic) nowait
            for (size_t tile = 0; tile < tile_count(layer->outputs); tile++) {
                dense_backward_parameters(dy, layer_input(network, pass, batch, dense),
                                          layer_weight(layer, network->gradients), dbias, tile * TILE_COLUMNS,
                                          tile_width(layer->outputs, tile));
            }
        }
        const bool first = dense == 0;
        const size_t below = first ? 0 : previous_dense(network, dense);
        struct matrix dx = {pass->gradient[turn], dy.rows, layer->inputs, pass->stride};
        if (first) {
            dx = input_gradient;
            dx.columns = dx.data ? dx.columns : 0;
        }
#pragma omp for schedule(dynamic)
        for (size_t tile = 0; tile < tile_count(dx.columns); tile++) {
            size_t begin = tile * TILE_COLUMNS, count = tile_width(dx.columns, tile);
            struct matrix part = matrix_columns(dx, begin, count);
            dense_backward_input(dy, w, begin, count, part);
            if (!first) {
                features_backward(network, pass, batch, below, dense - 1, begin, count, parameters, part);
            }
        }
        if (first) {
            if (parameters && network->label_classes) {
                label_layer_backward(network, pass, batch, dy, pass->gradient[turn]);
            }
            return;
        }
        dy = dx;
        dense = below;
    }
}
