#include "nn/pass.h"
#include "base/memory.h"
#include "nn/dense.h"
#include "nn/dropout.h"
#include "nn/label.h"
#include "nn/pass_layers.h"
#include "nn/team.h"

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
        .mean = moments ? moments + batch->first_group * stride + begin : NULL,
        .inverse_deviation = moments ? moments + (GROUPS_MAX + batch->first_group) * stride + begin : NULL,
        .groups = batch->groups,
        .group_stride = stride,
    };
}

/* Columns begin .. begin + count - 1 through layer l, which works feature by feature; of units where it is maxout. */
static void columns_forward(const struct network *network, const struct pass *pass, const struct batch *batch, size_t l,
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
                            begin, x, layer_mask(pass, batch, layer, begin), layer_stride(layer), y);
        } else {
            matrix_copy(x, y);
        }
        break;
    case LAYER_MAXOUT:
        maxout_forward(layer_maxout(layer), x, y);
        break;
    case LAYER_DENSE:
        break;
    }
}

/* Layers begin .. end - 1 on `count` columns from `column` on, or as many units, which have that in each piece. */
static void features_forward(const struct network *network, const struct pass *pass, const struct batch *batch,
                             size_t begin, size_t end, size_t column, size_t count, bool training)
{
    for (size_t l = begin; l < end; l++) {
        const struct layer *layer = &network->layers[l];
        for (size_t piece = 0; piece < layer->pieces; piece++) {
            columns_forward(network, pass, batch, l, column + piece * (layer->outputs / layer->pieces), count,
                            training);
        }
    }
}

/* The columns of columns_forward back: dy becomes dx in place. */
static void columns_backward(const struct network *network, const struct pass *pass, const struct batch *batch,
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
        dropout_backward(layer->rate, layer_mask(pass, batch, layer, begin), layer_stride(layer), dy);
        break;
    case LAYER_MAXOUT:
        maxout_backward(layer_maxout(layer), x, y, dy);
        break;
    case LAYER_DENSE:
        break;
    }
}

void features_backward(const struct network *network, const struct pass *pass, const struct batch *batch, size_t begin,
                       size_t end, size_t column, size_t count, bool parameters, struct matrix dy)
{
    for (size_t l = end; l-- > begin;) {
        const struct layer *layer = &network->layers[l];
        for (size_t piece = 0; piece < layer->pieces; piece++) {
            const size_t first = piece * (layer->outputs / layer->pieces);
            columns_backward(network, pass, batch, l, column + first, count, parameters,
                             matrix_columns(dy, first, count));
        }
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
    const size_t first = first_dense(network);
    if (first > 0) {
        for (size_t tile = own_tile(network->inputs, 0); tile < tile_count(network->inputs);
             tile = own_tile(network->inputs, tile + 1)) {
            features_forward(network, pass, batch, 0, first, tile * TILE_COLUMNS, tile_width(network->inputs, tile),
                             training);
        }
#pragma omp barrier
    }
    for (size_t dense = first; dense < network->layer_count; dense = next_dense(network, dense)) {
        const struct layer *layer = &network->layers[dense];
        const size_t units = layer->outputs / layer->pieces;
        const size_t end = next_dense(network, dense);
        const real *bias = layer->has_bias ? network->parameters + layer->bias : NULL;
        for (size_t tile = own_tile(units, 0); tile < tile_count(units); tile = own_tile(units, tile + 1)) {
            size_t begin = tile * TILE_COLUMNS, count = tile_width(units, tile);
            for (size_t piece = 0; piece < layer->pieces; piece++) {
                dense_forward(layer_input(network, pass, batch, dense), layer_weight(layer, network->parameters), bias,
                              layer_output(network, pass, batch, dense), piece * units + begin, count);
            }
            features_forward(network, pass, batch, dense + 1, end, begin, count, training);
        }
#pragma omp barrier
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

/* The gradients of the label layer, from that of the first dense layer's output. */
static void label_layer_backward(const struct network *network, const struct pass *pass, const struct batch *batch,
                                 struct matrix dy, real *scratch)
{
    const size_t begin = network->inputs - network->label_outputs;
    struct matrix dx = {scratch, dy.rows, network->label_outputs, pass->stride};
    const size_t dense = first_dense(network);
    struct matrix w = layer_weight(&network->layers[dense], network->parameters);
    for (size_t tile = own_tile(dx.columns, 0); tile < tile_count(dx.columns); tile = own_tile(dx.columns, tile + 1)) {
        const size_t first = tile * TILE_COLUMNS, count = tile_width(dx.columns, tile);
        const struct matrix part = matrix_columns(dx, first, count);
        dense_backward_input(dy, w, begin + first, count, part);
        features_backward(network, pass, batch, 0, dense, begin + first, count, true, part);
    }
#pragma omp barrier
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
    for (size_t tile = own_tile(dy.columns, 0); tile < tile_count(dy.columns); tile = own_tile(dy.columns, tile + 1)) {
        size_t begin = tile * TILE_COLUMNS, count = tile_width(dy.columns, tile);
        features_backward(network, pass, batch, dense + 1, network->layer_count, begin, count, parameters,
                          matrix_columns(dy, begin, count));
    }
#pragma omp barrier
    for (int turn = 0;; turn = 1 - turn) {
        const struct layer *layer = &network->layers[dense];
        struct matrix w = layer_weight(layer, network->parameters);
        if (parameters) {
            real *dbias = layer->has_bias ? network->gradients + layer->bias : NULL;
            for (size_t tile = own_tile(layer->outputs, 0); tile < tile_count(layer->outputs);
                 tile = own_tile(layer->outputs, tile + 1)) {
                dense_backward_parameters(dy, layer_input(network, pass, batch, dense),
                                          layer_weight(layer, network->gradients), dbias, tile * TILE_COLUMNS,
                                          tile_width(layer->outputs, tile));
            }
        }
        const bool first = dense == first_dense(network);
        const size_t below = first ? 0 : previous_dense(network, dense), features = first ? 0 : below + 1;
        struct matrix dx = {pass->gradient[turn], dy.rows, layer->inputs, pass->stride};
        if (first) {
            dx = input_gradient;
            dx.columns = dx.data ? dx.columns : 0;
        }
        for (size_t tile = second_own_tile(dx.columns, 0); tile < tile_count(dx.columns);
             tile = second_own_tile(dx.columns, tile + 1)) {
            size_t begin = tile * TILE_COLUMNS, count = tile_width(dx.columns, tile);
            struct matrix part = matrix_columns(dx, begin, count);
            dense_backward_input(dy, w, begin, count, part);
            features_backward(network, pass, batch, features, dense, begin, count, parameters, part);
        }
#pragma omp barrier
        if (first) {
            if (parameters && network->label_classes) {
                label_layer_backward(network, pass, batch, dy, pass->gradient[turn]);
            }
            return;
        }
        dy = (struct matrix){dx.data, dx.rows, network->layers[below].outputs, dx.stride};
        dense = below;
    }
}
