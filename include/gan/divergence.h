/* Divergence: a training whose numbers are no longer finite, or larger than those of any training that works, or of
 * which nothing moves any more. */
#ifndef GAN_DIVERGENCE_H
#define GAN_DIVERGENCE_H

#include "gan/gan.h"

struct divergence {
    const char *what; /* "loss_d", "grad_norm_g", "weights_d" or the like */
    double value; /* of it */
};

/* Whether the last step's losses, gradients and weights are beyond those limits, or it was the last of so many idle
 * ones that no net will move again; and which of these first, in *divergence, which is else left alone.
 * docs/reliability.md says where the limits come from. */
bool divergence_find(const struct gan *gan, size_t idle_steps, struct divergence *divergence);

/* Whether the last step was idle: the whole gradient of one net was exactly 0. That of D may be so with the hinge loss,
 * while G still moves. */
bool divergence_is_idle(const struct gan *gan);

/* Whether anything of the state (parameters, moments, running statistics) is not finite, and which first, as above. */
bool divergence_find_in_state(const struct gan *gan, struct divergence *divergence);

#endif
