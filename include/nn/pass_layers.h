/* Where the parts of a batch lie in a pass: for those who go through a network layer by layer (nn/pass.c,
 * nn/penalty.c). */
#ifndef NN_PASS_LAYERS_H
#define NN_PASS_LAYERS_H

#include "nn/maxout.h"
#include "nn/pass.h"

/* Where layer l puts what it computes: the last dense layer and its activation straight into the batch's output. */
static inline struct matrix layer_output(const struct network *network, const struct pass *pass,
                                         const struct batch *batch, size_t l)
{
    const struct layer *layer = &network->layers[l];
    if (l + 2 >= network->layer_count) {
        return batch->output;
    }
    const size_t stride = row_stride(layer->outputs);
    return (struct matrix){pass->buffers + pass->capacity * layer->buffer + batch->first_row * stride,
                           batch->input.rows, layer->outputs, stride};
}

static inline struct matrix layer_input(const struct network *network, const struct pass *pass,
                                        const struct batch *batch, size_t l)
{
    return l == 0 ? batch->input : layer_output(network, pass, batch, l - 1);
}

/* A dense layer's weights, or what lies at their place in another block of the network. */
static inline struct matrix layer_weight(const struct layer *layer, real *block)
{
    return (struct matrix){block + layer->weight, layer->outputs, layer->inputs, layer->inputs};
}

/* The columns of the first dense layer's weights that are the input's, and those that are the label layer's. */
static inline struct matrix input_columns(const struct network *network, struct matrix w)
{
    return matrix_columns(w, 0, network->inputs);
}

static inline struct matrix label_columns(const struct network *network, struct matrix w)
{
    return matrix_columns(w, network->inputs, network->label_outputs);
}

/* A dropout layer's mask from column begin on. */
static inline unsigned char *layer_mask(const struct pass *pass, const struct batch *batch, const struct layer *layer,
                                        size_t begin)
{
    return pass->masks + pass->capacity * layer->moments + batch->first_row * row_stride(layer->outputs) + begin;
}

/* The columns of a maxout layer's pieces. */
static inline struct maxout layer_maxout(const struct layer *layer)
{
    return (struct maxout){layer->inputs / layer->outputs, layer->outputs};
}

/* Back through layers begin .. end - 1, which work feature by feature, on `count` columns (units, with maxout) from
 * column `column` on: dy, that tile of the gradient of their output, becomes the gradient of their input in place; with
 * maxout among them, the tile of each piece. The parameters' gradients are written where parameters are asked for. */
void features_backward(const struct network *network, const struct pass *pass, const struct batch *batch, size_t begin,
                       size_t end, size_t column, size_t count, bool parameters, struct matrix dy);

/* Rows begin .. begin + count - 1 of the gradient of the first dense layer's weights of what the label layer gives it,
 * from the gradient of its output, each row of it times its factor where there are factors. */
void label_weights_backward(const struct network *network, const struct pass *pass, const struct batch *batch,
                            const real *factors, struct matrix dy, size_t begin, size_t count);

/* After that for all rows, and a barrier: the label layer's own gradients. Called by every thread of a team; ends with
 * a barrier. */
void label_layer_backward(const struct network *network, const struct pass *pass);

#endif
