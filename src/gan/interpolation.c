#include "gan/interpolation.h"
#include "gan/latent.h"

#include <math.h>

static const double SINE_MIN = 1e-5; /* of the angle between two directions that a circle is laid through */

static double dot(const real *a, const real *b, size_t width)
{
    double sum = 0;
    for (size_t i = 0; i < width; i++) {
        sum += (double)a[i] * (double)b[i];
    }
    return sum;
}

void interpolate(enum noise noise, const real *a, const real *b, double t, size_t width, real *z)
{
    double share_a = 1 - t, share_b = t;
    if (noise == NOISE_NORMAL) {
        const double cosine = dot(a, b, width) / sqrt(dot(a, a, width) * dot(b, b, width));
        const double angle = acos(fmax(-1, fmin(1, cosine)));
        const double sine = sin(angle);
        if (sine > SINE_MIN) {
            share_a = sin((1 - t) * angle) / sine;
            share_b = sin(t * angle) / sine;
        }
    }
    for (size_t i = 0; i < width; i++) {
        z[i] = (real)(share_a * (double)a[i] + share_b * (double)b[i]);
    }
}

size_t interpolation_count(const struct waypoints *waypoints, size_t steps)
{
    return (waypoints->count - 1) * steps + 1;
}

void interpolation_draw(const struct config *config, const struct waypoints *waypoints, size_t steps, real *latents)
{
    const struct rng_stream stream = {.seed = config->seed, .purpose = RNG_GRID};
    const size_t width = config->encoding_dims;
    for (size_t p = 0; p < waypoints->count; p++) {
        latent_draw(config, stream, (uint32_t)waypoints->images[p], latents + p * steps * width);
    }
    for (size_t i = 0; i < (waypoints->count - 1) * steps; i++) {
        const real *a = latents + i / steps * steps * width;
        if (i % steps != 0) {
            interpolate(config->noise, a, a + steps * width, (double)(i % steps) / (double)steps, width,
                        latents + i * width);
        }
    }
}
