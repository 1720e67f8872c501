#include "nn/pass.h"
#include "base/memory.h"
#include "nn/dense.h"
#include "nn/dropout.h"
#include "nn/label.h"
#include "nn/matmul.h"
#include "nn/pass_layers.h"
#include "nn/team.h"

#include <stdlib.h>

static bool matrix_allocate(struct matrix *m, size_t rows, size_t columns, struct error *error)
{
    size_t numbers;
    *m = (struct matrix){NULL, rows, columns, columns};
    return size_multiply(rows, columns, &numbers) &&
           (m->data = memory_allocate(numbers, sizeof(real), "what labels add", error));
}

static bool labels_create(struct label_pass *labels, const struct network *network, bool training, struct error *error)
{
    const size_t classes = network->label_classes, outputs = network->layers[first_dense(network)].outputs;
    return matrix_allocate(&labels->embeddings, classes, network->label_outputs, error) &&
           matrix_allocate(&labels->terms, classes, outputs, error) &&
           (!training || (matrix_allocate(&labels->embedding_gradients, classes, network->label_outputs, error) &&
                          matrix_allocate(&labels->sums, classes, outputs, error)));
}

struct pass *pass_create(const struct network *network, size_t capacity, bool training, struct error *error)
{
    struct pass *pass = memory_allocate(1, sizeof *pass, "a pass", error);
    if (!pass) {
        return NULL;
    }
    pass->capacity = capacity;
    pass->stride = row_stride(network->widest);
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
    if (!fits || (network->label_classes && !labels_create(&pass->labels, network, training, error))) {
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
    free(pass->labels.embeddings.data);
    free(pass->labels.terms.data);
    free(pass->labels.embedding_gradients.data);
    free(pass->labels.sums.data);
    free(pass);
}

/* The tile of a batch norm layer whose first column is begin. */
static struct batch_norm_tile norm_tile(const struct network *network, const struct pass *pass,
                                        const struct batch *batch, const struct layer *layer, size_t begin)
{
    const size_t stride = row_stride(layer->outputs);
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
                            begin, x, layer_mask(pass, batch, layer, begin), row_stride(layer->outputs), y);
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
        dropout_backward(layer->rate, layer_mask(pass, batch, layer, begin), row_stride(layer->outputs), dy);
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

/* The label layer's weights, or what lies at their place in another block of the network. */
static struct matrix label_weight(const struct network *network, real *block)
{
    return (struct matrix){block + network->label_weight, network->label_outputs, network->label_classes,
                           network->label_classes};
}

/* Adds the label layer's part to columns begin .. begin + count - 1 of the first dense layer's output. */
static void add_label_terms(const struct network *network, const struct pass *pass, const struct batch *batch,
                            size_t begin, size_t count)
{
    const size_t first = first_dense(network);
    const struct matrix w = layer_weight(&network->layers[first], network->parameters);
    const struct matrix terms = matrix_columns(pass->labels.terms, begin, count);
    matmul_transposed(pass->labels.embeddings, matrix_rows(label_columns(network, w), begin, count), terms);
    label_add(batch->labels, terms, matrix_columns(layer_output(network, pass, batch, first), begin, count));
}

static void forward(const struct network *network, const struct pass *pass, const struct batch *batch, bool training)
{
    if (network->label_classes) {
        label_embed(label_weight(network, network->parameters), network->parameters + network->label_bias,
                    pass->labels.embeddings);
#pragma omp barrier
    }
    const size_t first = first_dense(network);
    if (first > 0) {
        for (struct own_tiles own = own_tiles(network->inputs); next_tile(&own);) {
            features_forward(network, pass, batch, 0, first, own.tile.begin, own.tile.count, training);
        }
#pragma omp barrier
    }
    for (size_t dense = first; dense < network->layer_count; dense = next_dense(network, dense)) {
        const struct layer *layer = &network->layers[dense];
        const size_t units = layer->outputs / layer->pieces;
        const size_t end = next_dense(network, dense);
        const real *bias = layer->has_bias ? network->parameters + layer->bias : NULL;
        for (struct own_tiles own = own_tiles(units); next_tile(&own);) {
            const size_t begin = own.tile.begin, count = own.tile.count;
            for (size_t piece = 0; piece < layer->pieces; piece++) {
                dense_forward(layer_input(network, pass, batch, dense), layer_weight(layer, network->parameters), bias,
                              layer_output(network, pass, batch, dense), piece * units + begin, count);
                if (dense == first && network->label_classes) {
                    add_label_terms(network, pass, batch, piece * units + begin, count);
                }
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

void label_weights_backward(const struct network *network, const struct pass *pass, const struct batch *batch,
                            const real *factors, struct matrix dy, size_t begin, size_t count)
{
    const struct matrix dw = layer_weight(&network->layers[first_dense(network)], network->gradients);
    const struct matrix sums = matrix_columns(pass->labels.sums, begin, count);
    label_sum(batch->labels, factors, matrix_columns(dy, begin, count), sums);
    matmul_gradient(sums, pass->labels.embeddings, matrix_rows(label_columns(network, dw), begin, count));
}

void label_layer_backward(const struct network *network, const struct pass *pass)
{
    const struct matrix de = pass->labels.embedding_gradients;
    const struct matrix w = layer_weight(&network->layers[first_dense(network)], network->parameters);
    for (struct own_tiles own = own_tiles(de.columns); next_tile(&own);) {
        const size_t begin = own.tile.begin, count = own.tile.count;
        const struct matrix part = matrix_columns(de, begin, count);
        dense_backward_input(pass->labels.sums, label_columns(network, w), begin, count, part);
        label_backward(part, label_weight(network, network->gradients), network->gradients + network->label_bias,
                       begin);
    }
#pragma omp barrier
}

void network_backward(const struct network *network, const struct pass *pass, const struct batch *batch,
                      struct matrix output_gradient, bool parameters, struct matrix input_gradient)
{
    size_t dense = previous_dense(network, network->layer_count);
    struct matrix dy = output_gradient;
    for (struct own_tiles own = own_tiles(dy.columns); next_tile(&own);) {
        const size_t begin = own.tile.begin, count = own.tile.count;
        features_backward(network, pass, batch, dense + 1, network->layer_count, begin, count, parameters,
                          matrix_columns(dy, begin, count));
    }
#pragma omp barrier
    for (int turn = 0;; turn = 1 - turn) {
        const struct layer *layer = &network->layers[dense];
        struct matrix w = layer_weight(layer, network->parameters);
        const bool first = dense == first_dense(network), labels = first && network->label_classes;
        if (parameters) {
            struct matrix dw = layer_weight(layer, network->gradients);
            real *dbias = layer->has_bias ? network->gradients + layer->bias : NULL;
            if (first) {
                dw = input_columns(network, dw);
            }
            for (struct own_tiles own = own_tiles(layer->outputs); next_tile(&own);) {
                const size_t begin = own.tile.begin, count = own.tile.count;
                dense_backward_parameters(dy, layer_input(network, pass, batch, dense), dw, dbias, begin, count);
                if (labels) {
                    label_weights_backward(network, pass, batch, NULL, dy, begin, count);
                }
            }
        }
        const size_t below = first ? 0 : previous_dense(network, dense), features = first ? 0 : below + 1;
        struct matrix dx = {pass->gradient[turn], dy.rows, layer->inputs, pass->stride};
        if (first) {
            dx = input_gradient;
            dx.columns = dx.data ? dx.columns : 0;
        }
        for (struct own_tiles own = second_own_tiles(dx.columns); next_tile(&own);) {
            const size_t begin = own.tile.begin, count = own.tile.count;
            struct matrix part = matrix_columns(dx, begin, count);
            dense_backward_input(dy, w, begin, count, part);
            features_backward(network, pass, batch, features, dense, begin, count, parameters, part);
        }
#pragma omp barrier
        if (first) {
            if (parameters && labels) {
                label_layer_backward(network, pass);
            }
            return;
        }
        dy = (struct matrix){dx.data, dx.rows, network->layers[below].outputs, dx.stride};
        dense = below;
    }
}
