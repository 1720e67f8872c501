/* Batches on their way through a network, forward and back.
 *
 * The functions that compute are called by every thread of an OpenMP team, all with the same arguments: the threads
 * share the tiles and meet at barriers; each function ends with one. Outside a parallel region the one thread does it
 * all. The bits do not depend on the number of threads. */
#ifndef NN_PASS_H
#define NN_PASS_H

#include "nn/network.h"

/* Memory for batches on their way through a network. */
struct pass {
    size_t capacity; /* rows */
    size_t stride; /* of gradient */
    real *buffers; /* [capacity * buffer_columns] layers' outputs, one after another */
    real *moments; /* [GROUPS_MAX * moment_columns] batch means and inverse deviations */
    unsigned char *masks; /* [capacity * mask_columns] */
    real *gradient[2]; /* [capacity][stride] gradients of two neighbouring layers' outputs, in turn */
    struct label_pass {
        struct matrix embeddings; /* [classes][label outputs] the label layer's output, by class */
        struct matrix terms; /* [classes][outputs] what it adds to the first dense layer's */
        struct matrix embedding_gradients, sums; /* [classes] their gradients */
    } labels; /* of a network with a label layer */
};

enum { GROUPS_MAX = 2 };

/* For batches of up to capacity rows; one that does not train has no gradients and no masks. NULL with an error. */
struct pass *pass_create(const struct network *network, size_t capacity, bool training, struct error *error);
void pass_free(struct pass *pass);

/* A batch's two ends and what its way depends on. */
struct batch {
    struct matrix input; /* [rows][network.inputs] */
    struct matrix output; /* [rows][network.outputs] */
    const unsigned char *labels; /* [rows], for a label layer */
    size_t groups; /* 1 or GROUPS_MAX: batch norm takes each rows / groups rows by themselves */
    uint64_t seed, number; /* of the pass, for dropout's masks */
    size_t first_row, first_group; /* for network_backward of a part of a batch that went forward: where it begins */
};

/* input to output while training: batch statistics, which move the running ones, and dropout. */
void network_forward(const struct network *network, const struct pass *pass, const struct batch *batch);

/* input to output with running statistics and without dropout; pass may be one that does not train. */
void network_infer(const struct network *network, const struct pass *pass, const struct batch *batch);

/* What the last dense layer was given, [rows][its inputs]: the batch's features, in the pass until its next batch. */
struct matrix network_hidden(const struct network *network, const struct pass *pass, const struct batch *batch);

/* After network_forward of the same batch: output_gradient [rows][outputs] is used up; the parameters' gradients are
 * written where parameters are asked for, and the gradient of the input's first input_gradient.columns features to
 * input_gradient [rows][columns] where its data is not NULL. What is not asked for is not computed. */
void network_backward(const struct network *network, const struct pass *pass, const struct batch *batch,
                      struct matrix output_gradient, bool parameters, struct matrix input_gradient);

#endif
