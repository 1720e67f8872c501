/* Going through a network layer by layer, and where the parts of a batch lie in a pass: for nn/pass.c and
 * nn/penalty.c. */
#ifndef NN_PASS_LAYERS_H
#define NN_PASS_LAYERS_H

#include "nn/maxout.h"
#include "nn/pass.h"

/* A batch on its way through a network: what the functions that go through it hand to each other. */
struct way {
    const struct network *network;
    const struct pass *pass;
    const struct batch *batch;
    bool training; /* forward: with batch statistics and dropout */
    bool parameters; /* back: the parameters' gradients are written */
};

/* Where layer l puts what it computes: the last dense layer and its activation straight into the batch's output. */
static inline struct matrix layer_output(const struct way *way, size_t l)
{
    const struct layer *layer = &way->network->layers[l];
    if (l + 2 >= way->network->layer_count) {
        return way->batch->output;
    }
    const size_t stride = row_stride(layer->outputs);
    return (struct matrix){way->pass->buffers + way->pass->capacity * layer->buffer + way->batch->first_row * stride,
                           way->batch->input.rows, layer->outputs, stride};
}

static inline struct matrix layer_input(const struct way *way, size_t l)
{
    return l == 0 ? way->batch->input : layer_output(way, l - 1);
}

/* A dense layer's weights, or what lies at their place in another block of the network; of the first one those columns
 * that are the input's. */
static inline struct matrix layer_weight(const struct network *network, size_t dense, real *block)
{
    const struct layer *layer = &network->layers[dense];
    const size_t inputs = dense == first_dense(network) ? network->inputs : layer->inputs;
    return (struct matrix){block + layer->weight, layer->outputs, inputs, layer->inputs};
}

/* The others of the first one, which are the label layer's. */
static inline struct matrix label_columns(const struct network *network, real *block)
{
    const struct layer *layer = &network->layers[first_dense(network)];
    return (struct matrix){block + layer->weight + network->inputs, layer->outputs, network->label_outputs,
                           layer->inputs};
}

/* A dropout layer's mask from column begin on. */
static inline unsigned char *layer_mask(const struct way *way, const struct layer *layer, size_t begin)
{
    return way->pass->masks + way->pass->capacity * layer->moments +
           way->batch->first_row * row_stride(layer->outputs) + begin;
}

/* The columns of a maxout layer's pieces. */
static inline struct maxout layer_maxout(const struct layer *layer)
{
    return (struct maxout){layer->inputs / layer->outputs, layer->outputs};
}

/* Back through layers begin .. end - 1, which work feature by feature: dy, a tile of the gradient of their output that
 * begins at `column`, becomes that of their input in place. With maxout among them the tile is one of units, and then
 * of as many columns in each piece. */
void features_backward(const struct way *way, size_t begin, size_t end, size_t column, struct matrix dy);

/* The rows `tile` of the gradient of the first dense layer's weights of what the label layer gives it, from the
 * gradient of its output, each row of it times its factor where there are factors. */
void label_weights_backward(const struct way *way, const real *factors, struct matrix dy, struct tile tile);

/* After that for all rows, and a barrier: the label layer's own gradients. Called by every thread of a team; ends with
 * a barrier. */
void label_layer_backward(const struct way *way);

#endif
