#include "nn/network.h"
#include "base/memory.h"
#include "nn/team.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PADDING = 16 }; /* numbers: tensors begin at a cache line */

/* Takes `count` numbers of a block whose size so far is *size; the place where they begin. */
static size_t take(size_t *size, size_t count)
{
    size_t begin = *size;
    *size += (count + PADDING - 1) / PADDING * PADDING;
    return begin;
}

static struct layer *add_layer(struct network *network, enum layer_kind kind, size_t inputs, size_t outputs,
                               uint32_t number)
{
    struct layer *layer = &network->layers[network->layer_count++];
    *layer = (struct layer){.kind = kind, .inputs = inputs, .outputs = outputs, .pieces = 1, .number = number};
    if (outputs > network->widest) {
        network->widest = outputs;
    }
    return layer;
}

/* Room for the output of a layer in a pass. */
static void take_buffer(struct network *network, struct layer *layer)
{
    layer->buffer = network->buffer_columns;
    network->buffer_columns += row_stride(layer->outputs);
}

static void add_dense(struct network *network, size_t inputs, size_t outputs, size_t pieces, uint32_t number,
                      bool has_bias)
{
    struct layer *layer = add_layer(network, LAYER_DENSE, inputs, outputs, number);
    layer->pieces = pieces;
    layer->weight = take(&network->parameter_count, inputs * outputs);
    layer->has_bias = has_bias;
    if (has_bias) {
        layer->bias = take(&network->parameter_count, outputs);
    }
    take_buffer(network, layer);
    network->trainable_count += inputs * outputs + (has_bias ? outputs : 0);
}

/* Of `width` units, of which the layer before has all pieces. */
static void add_activation(struct network *network, size_t width, uint32_t number, struct activation activation)
{
    if (activation.kind == ACTIVATION_MAXOUT) {
        take_buffer(network, add_layer(network, LAYER_MAXOUT, activation.pieces * width, width, number));
        return;
    }
    struct layer *layer = add_layer(network, LAYER_ACTIVATION, width, width, number);
    layer->activation = activation;
    layer->buffer = layer[-1].buffer;
}

static void add_batch_norm(struct network *network, size_t width, size_t pieces, uint32_t number)
{
    struct layer *layer = add_layer(network, LAYER_BATCH_NORM, width, width, number);
    layer->pieces = pieces;
    layer->weight = take(&network->parameter_count, width);
    layer->bias = take(&network->parameter_count, width);
    layer->has_bias = true;
    layer->statistics = take(&network->statistic_count, 2 * width);
    take_buffer(network, layer);
    layer->moments = network->moment_columns;
    network->moment_columns += 2 * row_stride(layer->outputs);
    network->trainable_count += 2 * width;
}

static void add_dropout(struct network *network, size_t width, uint32_t number, double rate)
{
    struct layer *layer = add_layer(network, LAYER_DROPOUT, width, width, number);
    layer->rate = rate;
    take_buffer(network, layer);
    layer->moments = network->mask_columns;
    network->mask_columns += row_stride(layer->outputs);
}

/* How many columns of a dense layer make a hidden unit. */
static size_t hidden_pieces(const struct network_spec *spec)
{
    return spec->hidden_activation.kind == ACTIVATION_MAXOUT ? spec->hidden_activation.pieces : 1;
}

static void add_layers(struct network *network, const struct network_spec *spec)
{
    if (spec->label_classes) {
        network->label_weight = take(&network->parameter_count, spec->label_outputs * spec->label_classes);
        network->label_bias = take(&network->parameter_count, spec->label_outputs);
        network->trainable_count += spec->label_outputs * (spec->label_classes + 1);
    }
    if (spec->input_dropout > 0) {
        add_dropout(network, network->inputs, INPUT_NUMBER, spec->input_dropout);
    }
    size_t inputs = network->inputs + network->label_outputs;
    const size_t pieces = hidden_pieces(spec);
    for (uint32_t i = 0; i < spec->hidden_count; i++) {
        enum batch_norm_place place = i > 0 || spec->batch_norm_first ? spec->batch_norm_place : BATCH_NORM_NONE;
        size_t width = spec->hidden[i];
        add_dense(network, inputs, pieces * width, pieces, i, place != BATCH_NORM_BEFORE);
        if (place == BATCH_NORM_BEFORE) {
            add_batch_norm(network, pieces * width, pieces, i);
        }
        add_activation(network, width, i, spec->hidden_activation);
        if (place == BATCH_NORM_AFTER) {
            add_batch_norm(network, width, 1, i);
        }
        if (spec->dropout && spec->dropout[i] > 0) {
            add_dropout(network, width, i, spec->dropout[i]);
        }
        inputs = width;
    }
    add_dense(network, inputs, spec->outputs, 1, (uint32_t)spec->hidden_count, !spec->bare_output);
    network->buffer_columns = network->layers[network->layer_count - 1].buffer; /* the output is the caller's own */
    add_activation(network, spec->outputs, (uint32_t)spec->hidden_count, spec->output_activation);
}

/* Refuses a network whose sizes would overflow before anything is computed with them. */
static bool sizes_fit(const struct network_spec *spec, struct error *error)
{
    const size_t limit = (size_t)1 << 40; /* parameters: far beyond any machine, far below an overflow */
    size_t inputs = spec->inputs + spec->label_outputs, total = 0;
    for (size_t i = 0; i <= spec->hidden_count; i++) {
        const bool hidden = i < spec->hidden_count;
        size_t outputs = hidden ? spec->hidden[i] : spec->outputs, columns, weights;
        if (!size_multiply(outputs, hidden ? hidden_pieces(spec) : 1, &columns) ||
            !size_multiply(inputs, columns, &weights) || weights > limit || (total += weights) > limit) {
            return error_set(error, STATUS_USAGE, "layers of %zu and %zu units are too large for any machine", inputs,
                             outputs);
        }
        inputs = outputs;
    }
    return true;
}

/* A chunk is where the outputs are to which its first weights belong; what lies between weights goes along. */
static void find_shares(struct network *network)
{
    for (size_t l = first_dense(network); l < network->layer_count; l = next_dense(network, l)) {
        const struct layer *layer = &network->layers[l];
        const size_t end = layer->weight + layer->outputs * layer->inputs;
        for (size_t chunk = layer->weight / CHUNK; chunk * CHUNK < end; chunk++) {
            const size_t begin = chunk * CHUNK > layer->weight ? chunk * CHUNK - layer->weight : 0;
            const size_t row = begin / layer->inputs;
            network->chunk_shares[chunk] = (double)row / (double)layer->outputs;
        }
    }
}

static bool allocate_blocks(struct network *network, bool averaged, bool learns, struct error *error)
{
    const size_t count = network->parameter_count, averages = averaged ? count + network->statistic_count : 0;
    const size_t moments = learns ? 2 * count : 0;
    network->state_count = count + moments + network->statistic_count + averages;
    network->state = memory_allocate(network->state_count, sizeof(real), "a network's parameters", error);
    if (!network->state) {
        return false;
    }
    network->parameters = network->state;
    network->statistics = network->parameters + count + moments;
    network->average = averaged ? network->statistics + network->statistic_count : NULL;
    if (!learns) {
        return true;
    }
    network->first_moments = network->parameters + count;
    network->second_moments = network->first_moments + count;
    network->gradients = memory_allocate(count, sizeof(real), "the gradients", error);
    network->chunk_shares =
        network->gradients ? memory_allocate(chunk_count(count), sizeof(double), "the threads' shares", error) : NULL;
    if (network->chunk_shares) {
        find_shares(network);
    }
    return network->chunk_shares;
}

static void fill_ones(real *begin, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        begin[i] = 1;
    }
}

struct network *network_create(const struct network_spec *spec, struct error *error)
{
    if (!sizes_fit(spec, error)) {
        return NULL;
    }
    struct network *network = memory_allocate(1, sizeof *network, "a network", error);
    if (!network) {
        return NULL;
    }
    const size_t layers_max = 4 * spec->hidden_count + 3;
    network->layers = memory_allocate(layers_max, sizeof *network->layers, "the layers", error);
    if (!network->layers) {
        network_free(network);
        return NULL;
    }
    network->inputs = network->widest = spec->inputs;
    network->outputs = spec->outputs;
    network->label_classes = spec->label_classes;
    network->label_outputs = spec->label_outputs;
    network->batch_norm = spec->batch_norm;
    add_layers(network, spec);
    if (!allocate_blocks(network, spec->averaged, !spec->infers_only, error)) {
        network_free(network);
        return NULL;
    }
    for (size_t i = 0; i < network->layer_count; i++) {
        const struct layer *layer = &network->layers[i];
        if (layer->kind == LAYER_BATCH_NORM) {
            fill_ones(network->parameters + layer->weight, layer->outputs);
            fill_ones(network->statistics + layer->statistics + layer->outputs, layer->outputs);
        }
    }
    return network;
}

void network_free(struct network *network)
{
    if (!network) {
        return;
    }
    free(network->layers);
    free(network->state);
    free(network->gradients);
    free(network->chunk_shares);
    free(network);
}

/* The block average of a block x. */
static void average_block(real *average, const real *x, size_t count, real take)
{
    for (size_t i = 0; i < count; i++) {
        average[i] += take * (x[i] - average[i]);
    }
}

void network_average(const struct network *network, double keep)
{
    const real take = (real)(1 - keep);
    for (size_t chunk = 0; chunk < chunk_count(network->parameter_count); chunk++) {
        if (share_is_mine(network->chunk_shares[chunk])) {
            average_block(network->average + chunk * CHUNK, network->parameters + chunk * CHUNK,
                          chunk_size(network->parameter_count, chunk), take);
        }
    }
#pragma omp single
    average_block(network->average + network->parameter_count, network->statistics, network->statistic_count, take);
}

struct network network_averaged(const struct network *network)
{
    struct network view = *network;
    view.parameters = network->average;
    view.statistics = network->average + network->parameter_count;
    return view;
}

static const char *const TENSOR_PARTS[] = {"weight", "bias", "running_mean", "running_var"}; /* PyTorch's names */

static void parameter_tensor(const struct network *network, struct tensor *tensor, size_t offset, size_t rows,
                             size_t columns)
{
    tensor->rows = rows;
    tensor->columns = columns;
    tensor->data = network->parameters + offset;
    tensor->gradient = network->gradients ? network->gradients + offset : NULL;
}

static void dense_tensor(const struct network *network, struct tensor *tensor, bool bias, size_t weight_offset,
                         size_t bias_offset, size_t outputs, size_t inputs)
{
    tensor->weight = !bias;
    tensor->bias = bias;
    tensor->fan_in = inputs;
    tensor->fan_out = outputs;
    parameter_tensor(network, tensor, bias ? bias_offset : weight_offset, outputs, bias ? 1 : inputs);
}

static void batch_norm_tensor(const struct network *network, struct tensor *tensor, const struct layer *layer, size_t i)
{
    if (i < 2) {
        parameter_tensor(network, tensor, i == 0 ? layer->weight : layer->bias, layer->outputs, 1);
        return;
    }
    tensor->rows = layer->outputs;
    tensor->columns = 1;
    tensor->data = network->statistics + layer->statistics + (i - 2) * layer->outputs;
}

bool network_tensor(const struct network *network, size_t i, struct tensor *tensor)
{
    *tensor = (struct tensor){0};
    if (network->label_classes) {
        if (i < 2) {
            snprintf(tensor->name, sizeof tensor->name, "label.%s", TENSOR_PARTS[i]);
            dense_tensor(network, tensor, i == 1, network->label_weight, network->label_bias, network->label_outputs,
                         network->label_classes);
            return true;
        }
        i -= 2;
    }
    for (size_t l = 0; l < network->layer_count; l++) {
        const struct layer *layer = &network->layers[l];
        size_t tensors = layer->kind == LAYER_DENSE        ? (layer->has_bias ? 2 : 1)
                         : layer->kind == LAYER_BATCH_NORM ? 4
                                                           : 0;
        if (i >= tensors) {
            i -= tensors;
            continue;
        }
        snprintf(tensor->name, sizeof tensor->name, "%zu.%s", l, TENSOR_PARTS[i]);
        if (layer->kind == LAYER_BATCH_NORM) {
            batch_norm_tensor(network, tensor, layer, i);
        } else {
            dense_tensor(network, tensor, i == 1, layer->weight, layer->bias, layer->outputs, layer->inputs);
        }
        return true;
    }
    return false;
}

void network_initialize(struct network *network, struct initialization initialization, bool bias_as_weights,
                        uint64_t seed, uint32_t first_part)
{
    struct tensor tensor;
    for (uint32_t i = 0; network_tensor(network, i, &tensor); i++) {
        if (tensor.weight || (tensor.bias && bias_as_weights)) {
            initialize_tensor(initialization, seed, first_part + i, tensor.fan_in, tensor.fan_out, tensor.rows,
                              tensor.columns, tensor.data);
        }
    }
}
