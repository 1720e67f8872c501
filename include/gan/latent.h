/* Latent vectors: z, what G makes its images from. */
#ifndef GAN_LATENT_H
#define GAN_LATENT_H

#include "gan/config.h"
#include "nn/rng.h"

/* z of one sample of a stream, as the config's noise is: z [encoding_dims]. */
void latent_draw(const struct config *config, struct rng_stream stream, uint32_t sample, real *z);

#endif
