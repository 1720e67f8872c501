#include "nn/pass.h"
#include "base/memory.h"
#include "nn/dense.h"
#include "nn/dropout.h"
#include "nn/label.h"
#include "nn/matmul.h"
#include "nn/pass_layers.h"
#include "nn/team.h"

#include <stdlib.h>

static bool labels_create(struct label_pass *labels, const struct network *network, bool training, struct error *error)
{
    const size_t classes = network->label_classes, outputs = network->layers[first_dense(network)].outputs;
    const size_t width = network->label_outputs;
    static const char WHAT[] = "what labels add";
    return matrix_allocate(&labels->embeddings, classes, width, width, WHAT, error) &&
           matrix_allocate(&labels->terms, classes, outputs, outputs, WHAT, error) &&
           (!training || (matrix_allocate(&labels->embedding_gradients, classes, width, width, WHAT, error) &&
                          matrix_allocate(&labels->sums, classes, outputs, outputs, WHAT, error)));
}

struct pass *pass_create(const struct network *network, size_t capacity, bool training, struct error *error)
{
    struct pass *pass = memory_allocate(1, sizeof *pass, "a pass", error);
    if (!pass) {
        return NULL;
    }
    pass->capacity = capacity;
    pass->stride = row_stride(network->widest);
    /* a row's bytes are no more than a few networks', and this one is in memory: only their product needs a check */
    const size_t row = network->buffer_columns * sizeof(real), gradients = pass->stride * sizeof(real);
    bool fits = (pass->buffers = memory_allocate(capacity, row, "the activations", error));
    if (fits && training) {
        fits = (pass->moments = memory_allocate(GROUPS_MAX * network->moment_columns, sizeof(real),
                                                "the batch statistics", error)) &&
               (pass->masks = memory_allocate(capacity, network->mask_columns, "the dropout masks", error)) &&
               (pass->gradient[0] = memory_allocate(capacity, gradients, "the activations' gradients", error)) &&
               (pass->gradient[1] = memory_allocate(capacity, gradients, "the activations' gradients", error));
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
static struct batch_norm_tile norm_tile(const struct way *way, const struct layer *layer, size_t begin)
{
    const struct network *network = way->network;
    const size_t stride = row_stride(layer->outputs), first = way->batch->first_group;
    real *moments = way->pass->moments ? way->pass->moments + GROUPS_MAX * layer->moments : NULL;
    return (struct batch_norm_tile){
        .gamma = network->parameters + layer->weight + begin,
        .beta = network->parameters + layer->bias + begin,
        .running_mean = network->statistics + layer->statistics + begin,
        .running_var = network->statistics + layer->statistics + layer->outputs + begin,
        .mean = moments ? moments + first * stride + begin : NULL,
        .inverse_deviation = moments ? moments + (GROUPS_MAX + first) * stride + begin : NULL,
        .groups = way->batch->groups,
        .group_stride = stride,
    };
}

/* A tile of columns through layer l, which works feature by feature; of units where it is maxout. */
static void columns_forward(const struct way *way, size_t l, struct tile tile)
{
    const struct network *network = way->network;
    const struct layer *layer = &network->layers[l];
    const struct matrix x = matrix_columns(layer_input(way, l), tile.begin, tile.count);
    const struct matrix y = matrix_columns(layer_output(way, l), tile.begin, tile.count);
    switch (layer->kind) {
    case LAYER_ACTIVATION:
        activation_forward(layer->activation, y);
        break;
    case LAYER_BATCH_NORM:
        (way->training ? batch_norm_forward : batch_norm_infer)(network->batch_norm, norm_tile(way, layer, tile.begin),
                                                                x, y);
        break;
    case LAYER_DROPOUT:
        if (way->training) {
            const struct rng_stream stream = {way->batch->seed, RNG_DROPOUT, layer->number, way->batch->number};
            dropout_forward(layer->rate, stream, tile.begin, x, layer_mask(way, layer, tile.begin),
                            row_stride(layer->outputs), y);
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

/* A tile of units through layers begin .. end - 1; a unit has a column in each piece. */
static void features_forward(const struct way *way, size_t begin, size_t end, struct tile tile)
{
    for (size_t l = begin; l < end; l++) {
        const struct layer *layer = &way->network->layers[l];
        for (size_t piece = 0; piece < layer->pieces; piece++) {
            const size_t first = piece * (layer->outputs / layer->pieces);
            columns_forward(way, l, (struct tile){first + tile.begin, tile.count});
        }
    }
}

/* columns_forward back, on the tile that begins at `column`: dy becomes dx in place. */
static void columns_backward(const struct way *way, size_t l, size_t column, struct matrix dy)
{
    const struct network *network = way->network;
    const struct layer *layer = &network->layers[l];
    const struct matrix x = matrix_columns(layer_input(way, l), column, dy.columns);
    const struct matrix y = matrix_columns(layer_output(way, l), column, dy.columns);
    switch (layer->kind) {
    case LAYER_ACTIVATION:
        activation_backward(layer->activation, y, dy);
        break;
    case LAYER_BATCH_NORM:
        batch_norm_backward(norm_tile(way, layer, column), x, dy,
                            way->parameters ? network->gradients + layer->weight + column : NULL,
                            way->parameters ? network->gradients + layer->bias + column : NULL);
        break;
    case LAYER_DROPOUT:
        dropout_backward(layer->rate, layer_mask(way, layer, column), row_stride(layer->outputs), dy);
        break;
    case LAYER_MAXOUT:
        maxout_backward(layer_maxout(layer), x, y, dy);
        break;
    case LAYER_DENSE:
        break;
    }
}

void features_backward(const struct way *way, size_t begin, size_t end, size_t column, struct matrix dy)
{
    for (size_t l = end; l-- > begin;) {
        const struct layer *layer = &way->network->layers[l];
        for (size_t piece = 0; piece < layer->pieces; piece++) {
            const size_t first = piece * (layer->outputs / layer->pieces);
            columns_backward(way, l, first + column, matrix_columns(dy, first, dy.columns));
        }
    }
}

/* The label layer's weights, or what lies at their place in another block of the network. */
static struct matrix label_weight(const struct network *network, real *block)
{
    return (struct matrix){block + network->label_weight, network->label_outputs, network->label_classes,
                           network->label_classes};
}

/* Adds the label layer's part to a tile of the first dense layer's output. */
static void add_label_terms(const struct way *way, struct tile tile)
{
    const struct label_pass *labels = &way->pass->labels;
    const struct matrix w = label_columns(way->network, way->network->parameters);
    const struct matrix terms = matrix_columns(labels->terms, tile.begin, tile.count);
    const struct matrix y = layer_output(way, first_dense(way->network));
    matmul_transposed(labels->embeddings, matrix_rows(w, tile.begin, tile.count), terms);
    label_add(way->batch->labels, terms, matrix_columns(y, tile.begin, tile.count));
}

/* A tile of units through a dense layer and those that follow it. */
static void dense_tile_forward(const struct way *way, size_t dense, struct tile units)
{
    const struct network *network = way->network;
    const struct layer *layer = &network->layers[dense];
    const struct matrix x = layer_input(way, dense), w = layer_weight(network, dense, network->parameters);
    const real *bias = layer->has_bias ? network->parameters + layer->bias : NULL;
    for (size_t piece = 0; piece < layer->pieces; piece++) {
        const struct tile tile = {piece * (layer->outputs / layer->pieces) + units.begin, units.count};
        dense_forward(x, w, bias, layer_output(way, dense), tile.begin, tile.count);
        if (dense == first_dense(network) && network->label_classes) {
            add_label_terms(way, tile);
        }
    }
    features_forward(way, dense + 1, next_dense(network, dense), units);
}

static void forward(const struct way *way)
{
    const struct network *network = way->network;
    if (network->label_classes) {
        label_embed(label_weight(network, network->parameters), network->parameters + network->label_bias,
                    way->pass->labels.embeddings);
#pragma omp barrier
    }
    const size_t first = first_dense(network);
    if (first > 0) {
        for (struct own_tiles own = own_tiles(network->inputs); next_tile(&own);) {
            features_forward(way, 0, first, own.tile);
        }
#pragma omp barrier
    }
    for (size_t dense = first; dense < network->layer_count; dense = next_dense(network, dense)) {
        const struct layer *layer = &network->layers[dense];
        for (struct own_tiles own = own_tiles(layer->outputs / layer->pieces); next_tile(&own);) {
            dense_tile_forward(way, dense, own.tile);
        }
#pragma omp barrier
    }
}

void network_forward(const struct network *network, const struct pass *pass, const struct batch *batch)
{
    forward(&(struct way){network, pass, batch, .training = true});
}

void network_infer(const struct network *network, const struct pass *pass, const struct batch *batch)
{
    forward(&(struct way){network, pass, batch, .training = false});
}

struct matrix network_hidden(const struct network *network, const struct pass *pass, const struct batch *batch)
{
    return layer_input(&(struct way){.network = network, .pass = pass, .batch = batch},
                       previous_dense(network, network->layer_count));
}

void label_weights_backward(const struct way *way, const real *factors, struct matrix dy, struct tile tile)
{
    const struct label_pass *labels = &way->pass->labels;
    const struct matrix dw = label_columns(way->network, way->network->gradients);
    const struct matrix sums = matrix_columns(labels->sums, tile.begin, tile.count);
    label_sum(way->batch->labels, factors, matrix_columns(dy, tile.begin, tile.count), sums);
    matmul_gradient(sums, labels->embeddings, matrix_rows(dw, tile.begin, tile.count));
}

void label_layer_backward(const struct way *way)
{
    const struct network *network = way->network;
    const struct label_pass *labels = &way->pass->labels;
    const struct matrix w = label_columns(network, network->parameters);
    const struct matrix dw = label_weight(network, network->gradients), de = labels->embedding_gradients;
    for (struct own_tiles own = own_tiles(de.columns); next_tile(&own);) {
        const size_t begin = own.tile.begin, count = own.tile.count;
        const struct matrix part = matrix_columns(de, begin, count);
        dense_backward_input(labels->sums, w, begin, count, part);
        label_backward(part, dw, network->gradients + network->label_bias, begin);
    }
#pragma omp barrier
}

/* The gradients of a dense layer's parameters, from dy, that of its output. Ends without a barrier. */
static void parameters_backward(const struct way *way, size_t dense, struct matrix dy)
{
    const struct network *network = way->network;
    const struct layer *layer = &network->layers[dense];
    const struct matrix x = layer_input(way, dense), dw = layer_weight(network, dense, network->gradients);
    real *dbias = layer->has_bias ? network->gradients + layer->bias : NULL;
    for (struct own_tiles own = own_tiles(layer->outputs); next_tile(&own);) {
        dense_backward_parameters(dy, x, dw, dbias, own.tile.begin, own.tile.count);
        if (dense == first_dense(network) && network->label_classes) {
            label_weights_backward(way, NULL, dy, own.tile);
        }
    }
}

/* Back through a dense layer and then through those between it and the dense layer below, or the input: from dy, the
 * gradient of its output, to dx, that of their input. */
static void dense_backward(const struct way *way, size_t dense, struct matrix dy, struct matrix dx)
{
    const struct network *network = way->network;
    const size_t features = dense == first_dense(network) ? 0 : previous_dense(network, dense) + 1;
    const struct matrix w = layer_weight(network, dense, network->parameters);
    if (way->parameters) {
        parameters_backward(way, dense, dy);
    }
    for (struct own_tiles own = second_own_tiles(dx.columns); next_tile(&own);) {
        const size_t begin = own.tile.begin, count = own.tile.count;
        const struct matrix part = matrix_columns(dx, begin, count);
        dense_backward_input(dy, w, begin, count, part);
        features_backward(way, features, dense, begin, part);
    }
#pragma omp barrier
}

void network_backward(const struct network *network, const struct pass *pass, const struct batch *batch,
                      struct matrix output_gradient, bool parameters, struct matrix input_gradient)
{
    const struct way way = {network, pass, batch, .parameters = parameters};
    const size_t first = first_dense(network);
    size_t dense = previous_dense(network, network->layer_count);
    struct matrix dy = output_gradient;
    for (struct own_tiles own = own_tiles(dy.columns); next_tile(&own);) {
        const size_t begin = own.tile.begin;
        features_backward(&way, dense + 1, network->layer_count, begin, matrix_columns(dy, begin, own.tile.count));
    }
#pragma omp barrier
    for (int turn = 0; dense > first; turn = 1 - turn) {
        const size_t below = previous_dense(network, dense);
        real *gradient = pass->gradient[turn];
        dense_backward(&way, dense, dy,
                       (struct matrix){gradient, dy.rows, network->layers[dense].inputs, pass->stride});
        dy = (struct matrix){gradient, dy.rows, network->layers[below].outputs, pass->stride};
        dense = below;
    }
    if (!input_gradient.data) {
        input_gradient.columns = 0;
    }
    dense_backward(&way, first, dy, input_gradient);
    if (parameters && network->label_classes) {
        label_layer_backward(&way);
    }
}
