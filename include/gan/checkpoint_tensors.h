/* The tensors of a checkpoint: which there are, under which names, and where their numbers are in memory. */
#ifndef GAN_CHECKPOINT_TENSORS_H
#define GAN_CHECKPOINT_TENSORS_H

#include "base/error.h"
#include "nn/network.h"
#include "nn/optimizer.h"

enum { STORED_NAME = 128 };

struct stored_tensor {
    char name[STORED_NAME];
    size_t rank; /* 1 or 2 */
    size_t rows, columns; /* columns is 1 for rank 1 */
    real *data; /* [rows][columns], the network's or a copy's own */
};

/* A struct of zeros is empty. */
struct stored_tensors {
    struct stored_tensor *tensors; /* [count], owned */
    size_t count, capacity;
};

/* Adds the parameters and running statistics of a network, "PREFIX" "NET.0.weight", whose numbers are in `state`, laid
 * out as network->state, which it may be. */
bool stored_tensors_add_network(struct stored_tensors *list, const char *prefix, const char *net,
                                const struct network *network, real *state, struct error *error);

/* Adds the moments that an optimizer of this kind has, "PREFIX" "optimizer.NET.0.weight.exp_avg". */
bool stored_tensors_add_moments(struct stored_tensors *list, const char *prefix, const char *net,
                                const struct network *network, real *state, enum optimizer_kind optimizer,
                                struct error *error);

void stored_tensors_free(struct stored_tensors *list);

#endif
