/* Divergence: a training whose numbers are no longer finite, or larger than those of any training that works. */
#ifndef GAN_DIVERGENCE_H
#define GAN_DIVERGENCE_H

#include "gan/gan.h"

struct divergence {
    const char *what; /* "loss_d", "grad_norm_g", "weights_d" or the like */
    double value; /* of it */
};

/* Whether the last step's losses, gradients and weights are beyond those limits, and which of them first. docs/
 * reliability.md says where the limits come from. */
bool divergence_find(const struct gan *gan, struct divergence *divergence);

/* Whether anything of the state (parameters, moments, running statistics) is not finite, and which first. */
bool divergence_find_in_state(const struct gan *gan, struct divergence *divergence);

#endif
