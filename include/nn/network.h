/* A multilayer perceptron: a stack of layers over one block of memory for each role. How batches go through it is in
 * nn/pass.h. */
#ifndef NN_NETWORK_H
#define NN_NETWORK_H

#include "base/error.h"
#include "nn/activation.h"
#include "nn/batch_norm.h"
#include "nn/initialization.h"
#include "nn/matrix.h"

#include <stdint.h>

enum batch_norm_place { BATCH_NORM_NONE, BATCH_NORM_BEFORE, BATCH_NORM_AFTER }; /* the activation */

/* What a network is made of. */
struct network_spec {
    size_t inputs; /* features that the caller fills in */
    size_t label_classes; /* > 0: a dense layer on the one-hot label has label_outputs more for the first dense layer */
    size_t label_outputs;
    size_t outputs;
    size_t hidden_count;
    const size_t *hidden; /* [hidden_count] widths */
    struct activation hidden_activation, output_activation;
    enum batch_norm_place batch_norm_place; /* in hidden layers */
    bool batch_norm_first; /* in the first of them too */
    struct batch_norm batch_norm;
    const double *dropout; /* [hidden_count] rates; NULL: none */
    double input_dropout; /* the rate for the inputs, what labels add not among them; 0: none */
    bool bare_output; /* the last dense layer has no bias */
    bool averaged; /* moving averages of parameters and running statistics are kept, see network_average */
    bool infers_only; /* it has neither gradients nor moments: batches go through it, but it learns nothing */
};

enum layer_kind { LAYER_DENSE, LAYER_BATCH_NORM, LAYER_ACTIVATION, LAYER_MAXOUT, LAYER_DROPOUT };

/* Offsets are into the network's blocks. A dense layer is followed by layers that work feature by feature: they run on
 * a tile of columns right after the product that made it. With maxout the tile is one of units, which up to that layer
 * have a column in each of the pieces. Dropout of the inputs comes before the first dense layer. */
struct layer {
    enum layer_kind kind;
    size_t inputs, outputs;
    size_t pieces; /* columns of its output that make a unit: more than 1 where maxout follows */
    size_t weight; /* dense: [outputs][inputs]; batch norm: gamma [outputs] */
    size_t bias; /* dense: [outputs]; batch norm: beta [outputs] */
    bool has_bias; /* a dense layer right before batch norm has none: its gradient would be rounding noise */
    size_t statistics; /* batch norm: running mean [outputs], then running variance [outputs] */
    size_t buffer; /* where the layer's output lies in a pass, in padded columns; an activation's is its input's */
    size_t moments; /* batch norm: where its batch statistics lie in a pass; dropout: its mask */
    struct activation activation;
    double rate; /* of dropout */
    uint32_t number; /* of the dense layer it belongs to, from 0; INPUT_NUMBER before the first */
};

enum { INPUT_NUMBER = 255 };

struct network {
    size_t inputs, outputs;
    size_t label_classes, label_outputs; /* the first dense layer has `inputs` inputs, then label_outputs */
    size_t label_weight, label_bias; /* offsets: [label_outputs][label_classes], [label_outputs] */
    size_t layer_count;
    struct layer *layers;
    struct batch_norm batch_norm;
    size_t parameter_count; /* of the block, with the padding between tensors */
    size_t trainable_count; /* of the parameters alone */
    size_t statistic_count;
    size_t state_count; /* of what follows, but for the gradients */
    real *state; /* [state_count] all that training changes: the next five, one after another */
    real *parameters; /* [parameter_count] */
    real *first_moments; /* [parameter_count]; NULL: it only infers */
    real *second_moments; /* the same */
    real *statistics; /* [statistic_count] running means and variances */
    real *average; /* [parameter_count + statistic_count] moving averages of parameters and statistics; NULL: none */
    real *gradients; /* [parameter_count]; NULL: it only infers */
    double
        *chunk_shares; /* [chunk_count(parameter_count)] whose the parameters' chunks are (nn/team.h); NULL as above */
    size_t buffer_columns; /* of a pass */
    size_t moment_columns;
    size_t mask_columns;
    size_t widest; /* of the input and all layers' outputs */
};

/* The first dense layer. */
static inline size_t first_dense(const struct network *network)
{
    return network->layers[0].kind == LAYER_DENSE ? 0 : 1;
}

/* The dense layer after l, or the number of layers. */
static inline size_t next_dense(const struct network *network, size_t l)
{
    do {
        l++;
    } while (l < network->layer_count && network->layers[l].kind != LAYER_DENSE);
    return l;
}

static inline size_t previous_dense(const struct network *network, size_t l)
{
    do {
        l--;
    } while (network->layers[l].kind != LAYER_DENSE);
    return l;
}

/* A network with parameters of zero, gammas and running variances of 1; spec is not kept. NULL with an error. */
struct network *network_create(const struct network_spec *spec, struct error *error);
void network_free(struct network *network);

/* Draws the weights and, where bias_as_weights, the biases; otherwise these stay 0. Tensor i, counted as
 * network_tensor does, is drawn as part first_part + i. */
void network_initialize(struct network *network, struct initialization initialization, bool bias_as_weights,
                        uint64_t seed, uint32_t first_part);

/* Exponential moving averages: average = keep average + (1 - keep) what is averaged. Called by every thread of a team,
 * which share the numbers; ends with a barrier. Only for networks that have them. */
void network_average(const struct network *network, double keep);

/* A view of the network whose parameters and statistics are the averages; it owns nothing. */
struct network network_averaged(const struct network *network);

/* A named part of a network: a parameter or a running statistic. Names are those of a PyTorch nn.Sequential: the place
 * in network->layers, and "weight" or "bias", which for batch norm are gamma and beta, "running_mean" or "running_var".
 * With batch norm after the activation that makes "0.weight", "0.bias", "2.weight" ... "2.running_var", "3.weight" ...
 * The label layer's come before the stack's: "label.weight", "label.bias". */
struct tensor {
    char name[48];
    size_t rows, columns; /* [rows][columns]; a vector has one column */
    real *data;
    real *gradient; /* NULL for a running statistic, and where the network only infers */
    bool weight; /* a dense layer's weight, fan_in = columns, fan_out = rows */
    bool bias; /* a dense layer's bias, with fan_in and fan_out of its weight */
    size_t fan_in, fan_out;
};

/* Tensor number i, from 0: the label layer's, then layer by layer. False after the last. */
bool network_tensor(const struct network *network, size_t i, struct tensor *tensor);

#endif
