#include "gan/latent.h"

void latent_draw(const struct config *config, struct rng_stream stream, uint32_t sample, real *z)
{
    if (config->noise == NOISE_UNIFORM) {
        const real range = (real)config->noise_range;
        rng_uniform(stream, sample, -range, range, config->encoding_dims, z);
    } else {
        rng_normal(stream, sample, config->encoding_dims, z);
    }
}
