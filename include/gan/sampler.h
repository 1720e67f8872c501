/* Images from a generator as it stands: running statistics, no dropout, in blocks of one fixed size in which each image
 * has its place, so that it depends on the weights, the seed, its number and its class alone. */
#ifndef GAN_SAMPLER_H
#define GAN_SAMPLER_H

#include "base/error.h"
#include "gan/config.h"
#include "nn/network.h"

struct sampler;

/* The generator and the config stay the caller's and outlive the sampler. classes: those the generator is conditional
 * on, or 0. NULL with an error. */
struct sampler *sampler_create(const struct config *config, const struct network *generator, size_t classes,
                               struct error *error);
void sampler_free(struct sampler *sampler);

/* Images first .. first + count - 1 of the config's seed into bytes [count][generator's outputs], 0 black, 255 white.
 * labels [count], each below classes, where the generator is conditional. Uses the OpenMP threads of the caller. */
void sampler_draw(struct sampler *sampler, size_t first, size_t count, const unsigned char *labels,
                  unsigned char *bytes);

/* The same of images that have any z [first + count][encoding_dims] rather than their numbers'. */
void sampler_draw_latents(struct sampler *sampler, const real *z, size_t first, size_t count,
                          const unsigned char *labels, unsigned char *bytes);

#endif
