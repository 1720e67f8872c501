/* How parameters begin. */
#ifndef NN_INITIALIZATION_H
#define NN_INITIALIZATION_H

#include "nn/real.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum initialization_kind {
    INIT_NONE, /* not given */
    INIT_GLOROT_UNIFORM, /* U(-a, a), a = sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010) */
    INIT_HE_NORMAL, /* N(0, s) redrawn outside 2 s, of variance 2 / fan_in (He et al. 2015, as in Keras) */
    INIT_NORMAL, /* N(0, scale) */
    INIT_TRUNCATED_NORMAL, /* N(0, scale) redrawn outside 2 scale */
    INIT_UNIFORM, /* U(-scale, scale) */
    INIT_LECUN_UNIFORM, /* U(-a, a), a = 1 / sqrt(fan_in), PyTorch's default for dense layers */
};

struct initialization {
    enum initialization_kind kind;
    double scale; /* of the kinds that take one: the standard deviation of normal ones, the bound of the uniform one */
};

/* Whether the kind takes a scale. */
static inline bool initialization_takes_scale(enum initialization_kind kind)
{
    return kind == INIT_NORMAL || kind == INIT_TRUNCATED_NORMAL || kind == INIT_UNIFORM;
}

/* Draws a tensor [rows][columns] for a layer of fan_in inputs and fan_out outputs, from purpose RNG_WEIGHTS and the
 * given part (which tensor). Row r is sample r; redrawn elements use steps 1, 2 ... and block = column. */
void initialize_tensor(struct initialization initialization, uint64_t seed, uint32_t part, size_t fan_in,
                       size_t fan_out, size_t rows, size_t columns, real *tensor);

#endif
