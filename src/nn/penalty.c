#include "nn/penalty.h"
#include "base/memory.h"
#include "nn/dense.h"
#include "nn/matmul.h"
#include "nn/pass_layers.h"
#include "nn/team.h"

#include <stdlib.h>

struct penalty *penalty_create(const struct network *network, size_t capacity, struct error *error)
{
    static const char WHAT[] = "the gradient penalties";
    struct penalty *penalty = memory_allocate(1, sizeof *penalty, WHAT, error);
    if (!penalty) {
        return NULL;
    }
    const size_t row = network->buffer_columns * sizeof(real); /* in bytes, as pass_create has it */
    penalty->capacity = capacity;
    penalty->input_stride = row_stride(network->inputs);
    if (!(penalty->deltas = memory_allocate(capacity, row, WHAT, error)) ||
        !(penalty->tangents = memory_allocate(capacity, row, WHAT, error)) ||
        !(penalty->inputs = memory_allocate(capacity, penalty->input_stride * sizeof(real), WHAT, error)) ||
        !(penalty->ones = memory_allocate(capacity, sizeof(real), WHAT, error))) {
        penalty_free(penalty);
        return NULL;
    }
    for (size_t r = 0; r < capacity; r++) {
        penalty->ones[r] = 1;
    }
    return penalty;
}

void penalty_free(struct penalty *penalty)
{
    if (penalty) {
        free(penalty->deltas);
        free(penalty->tangents);
        free(penalty->inputs);
        free(penalty->ones);
        free(penalty);
    }
}

/* What the functions below hand to each other. */
struct work {
    const struct penalty *penalty;
    struct way all; /* the batch's */
    struct way penalized; /* of the rows of it that have a penalty */
};

/* A layer's output's place in a block that is laid out as a pass' buffers are. */
static struct matrix place(const struct work *work, real *block, size_t l)
{
    const struct layer *layer = &work->all.network->layers[l];
    return (struct matrix){block + work->penalty->capacity * layer->buffer, work->all.batch->input.rows, layer->outputs,
                           row_stride(layer->outputs)};
}

static struct matrix penalized_rows(const struct work *work, struct matrix m)
{
    return matrix_rows(m, work->penalized.batch->first_row, work->penalized.batch->input.rows);
}

/* dd/da of a dense layer's output. */
static struct matrix delta_of(const struct work *work, size_t dense)
{
    if (next_dense(work->all.network, dense) == work->all.network->layer_count) {
        return (struct matrix){work->penalty->ones, work->all.batch->input.rows, 1, 1};
    }
    return place(work, work->penalty->deltas, dense);
}

/* The tangent of a dense layer's input. */
static struct matrix tangent_of(const struct work *work, size_t dense)
{
    if (dense == first_dense(work->all.network)) {
        return (struct matrix){work->penalty->inputs, work->all.batch->input.rows, work->all.network->inputs,
                               work->penalty->input_stride};
    }
    return place(work, work->penalty->tangents, dense - 1);
}

/* All deltas, from the output back to the first dense layer. */
static void find_deltas(const struct work *work)
{
    const struct network *network = work->all.network;
    for (size_t dense = previous_dense(network, network->layer_count); dense > first_dense(network);) {
        const size_t below = previous_dense(network, dense);
        const struct matrix w = layer_weight(network, dense, network->parameters);
        const struct matrix dy = delta_of(work, dense), dx = delta_of(work, below);
        for (struct own_tiles own = own_tiles(w.columns); next_tile(&own);) {
            const size_t begin = own.tile.begin, count = own.tile.count;
            const struct matrix part = matrix_columns(dx, begin, count);
            dense_backward_input(dy, w, begin, count, part);
            features_backward(&work->all, below + 1, dense, begin, part); /* times their slopes */
        }
#pragma omp barrier
        dense = below;
    }
}

static void scale_rows(struct matrix x, real factor)
{
    for (size_t r = 0; r < x.rows; r++) {
        real *row = x.data + r * x.stride;
        for (size_t i = 0; i < x.columns; i++) {
            row[i] *= factor;
        }
    }
}

/* t_0, as the first dense layer has it: once through the inputs' dropout for dd/dx, and once for its way back. */
static void begin_tangents(const struct work *work, const struct penalty_part parts[PENALTY_PARTS])
{
    const struct network *network = work->all.network;
    const size_t dense = first_dense(network), inputs = network->inputs;
    const struct matrix w = layer_weight(network, dense, network->parameters);
    for (struct own_tiles own = own_tiles(inputs); next_tile(&own);) {
        const size_t begin = own.tile.begin, count = own.tile.count;
        const struct matrix columns = matrix_columns(tangent_of(work, dense), begin, count);
        const struct matrix tangents = penalized_rows(work, columns);
        dense_backward_input(penalized_rows(work, delta_of(work, dense)), w, begin, count, tangents);
        features_backward(&work->penalized, 0, dense, begin, tangents);
        features_backward(&work->penalized, 0, dense, begin, tangents);
        for (size_t p = 0; p < PENALTY_PARTS; p++) {
            if (parts[p].gamma > 0) {
                scale_rows(matrix_rows(columns, parts[p].begin, parts[p].count),
                           (real)(parts[p].gamma / (double)parts[p].count));
            }
        }
    }
#pragma omp barrier
}

/* A tile of units of the tangents y, from column `begin` of a hidden layer on, from those of its input. */
static void tangents_forward(const struct work *work, size_t dense, struct matrix x, struct matrix w, size_t begin,
                             struct matrix y)
{
    const struct network *network = work->all.network;
    const struct layer *layer = &network->layers[dense];
    size_t features = dense + 1;
    if (layer->pieces == 1) {
        matmul_transposed(x, matrix_rows(w, begin, y.columns), y);
    } else {
        const struct layer *maxout = layer + 1;
        const struct matrix all = place(work, work->penalty->tangents, dense);
        const struct matrix pieces = penalized_rows(work, matrix_columns(all, begin, y.columns));
        for (size_t piece = 0; piece < layer->pieces; piece++) {
            const size_t column = piece * maxout->outputs;
            matmul_transposed(x, matrix_rows(w, column + begin, y.columns), matrix_columns(pieces, column, y.columns));
        }
        maxout_tangent(layer_maxout(maxout), matrix_columns(layer_output(&work->penalized, dense), begin, y.columns),
                       matrix_columns(layer_output(&work->penalized, dense + 1), begin, y.columns), pieces, y);
        features++;
    }
    features_backward(&work->penalized, features, next_dense(network, dense), begin, y);
}

/* t_1 to the last hidden layer's. */
static void find_tangents(const struct work *work)
{
    const struct network *network = work->all.network;
    for (size_t dense = first_dense(network); next_dense(network, dense) < network->layer_count;
         dense = next_dense(network, dense)) {
        const struct matrix w = layer_weight(network, dense, network->parameters);
        const struct matrix x = penalized_rows(work, tangent_of(work, dense));
        const struct matrix y = penalized_rows(work, tangent_of(work, next_dense(network, dense)));
        for (struct own_tiles own = own_tiles(y.columns); next_tile(&own);) {
            tangents_forward(work, dense, x, w, own.tile.begin, matrix_columns(y, own.tile.begin, own.tile.count));
        }
#pragma omp barrier
    }
}

/* s h + t over t, in a row; without a penalty there is no t. */
static void combine_row(real s, const real *h, size_t columns, bool penalized, real *t)
{
    for (size_t i = 0; i < columns; i++) {
        t[i] = s * h[i] + (penalized ? t[i] : 0);
    }
}

/* s h + t of a dense layer's input, in the tangent's place. */
static void combine(const struct work *work, size_t dense, const real *loss_gradient)
{
    const struct matrix h = layer_input(&work->all, dense), t = tangent_of(work, dense);
    const size_t begin = work->penalized.batch->first_row, end = begin + work->penalized.batch->input.rows;
#pragma omp for schedule(static)
    for (size_t r = 0; r < h.rows; r++) {
        combine_row(loss_gradient[r], h.data + r * h.stride, h.columns, r >= begin && r < end, t.data + r * t.stride);
    }
}

/* Elements begin .. of db = sum_i s_i delta_i. */
static void find_bias_gradient(struct matrix delta, const real *loss_gradient, real *dbias)
{
    for (size_t i = 0; i < delta.columns; i++) {
        dbias[i] = 0;
    }
    for (size_t r = 0; r < delta.rows; r++) {
        const real *row = delta.data + r * delta.stride;
        for (size_t i = 0; i < delta.columns; i++) {
            dbias[i] += loss_gradient[r] * row[i];
        }
    }
}

/* The gradients of a dense layer's parameters; s h + t takes its tangent's place. */
static void find_gradients(const struct work *work, size_t dense, const real *loss_gradient)
{
    const struct network *network = work->all.network;
    const struct layer *layer = &network->layers[dense];
    const struct matrix delta = delta_of(work, dense);
    const struct matrix dw = layer_weight(network, dense, network->gradients);
    combine(work, dense, loss_gradient);
    for (struct own_tiles own = own_tiles(layer->outputs); next_tile(&own);) {
        const size_t begin = own.tile.begin, count = own.tile.count;
        dense_backward_parameters(delta, tangent_of(work, dense), dw, NULL, begin, count);
        if (dense == first_dense(network) && network->label_classes) {
            label_weights_backward(&work->all, loss_gradient, delta, own.tile);
        }
        if (layer->has_bias) {
            find_bias_gradient(matrix_columns(delta, begin, count), loss_gradient,
                               network->gradients + layer->bias + begin);
        }
    }
#pragma omp barrier
}

void network_backward_penalized(const struct network *network, const struct pass *pass, const struct penalty *penalty,
                                const struct batch *batch, const real *loss_gradient,
                                const struct penalty_part parts[PENALTY_PARTS])
{
    size_t begin = 0, count = 0;
    for (size_t p = 0; p < PENALTY_PARTS; p++) {
        if (parts[p].gamma > 0) {
            begin = count ? begin : parts[p].begin;
            count += parts[p].count;
        }
    }
    struct batch penalized = *batch;
    penalized.first_row = begin;
    penalized.input = matrix_rows(batch->input, begin, count);
    const struct work work = {
        penalty, {network, pass, batch, .parameters = false}, {network, pass, &penalized, .parameters = false}};
    find_deltas(&work);
    begin_tangents(&work, parts);
    find_tangents(&work);
    for (size_t dense = first_dense(network); dense < network->layer_count; dense = next_dense(network, dense)) {
        find_gradients(&work, dense, loss_gradient);
    }
    if (network->label_classes) {
        label_layer_backward(&work.all);
    }
}
