/* The floor of a training step: the same matrix products alone, cut into the same tiles (but where maxout has pieces),
 * by the same kernels or BLAS, on the same weights. */
#ifndef BENCH_FLOOR_H
#define BENCH_FLOOR_H

#include "gan/gan.h"

/* The products of one network's dense layers: what a batch would go through, with memory of its own. */
struct products {
    const struct network *network;
    real *activations, *gradients; /* [3][rows][stride]: a layer reads one and writes another; the third is noise */
    size_t rows, stride;
    double flop; /* counted as they are made by one thread */
};

struct floor {
    const struct gan *gan;
    struct products generator, discriminator;
};

/* For a GAN that outlives it. Ended by floor_free, also where it fails. */
bool floor_create(struct floor *floor, const struct gan *gan, struct error *error);
void floor_free(struct floor *floor);

/* The products of one step, as gan/step.c makes them, by the threads that OpenMP has. What they are made from and come
 * to is without meaning. */
void floor_step(struct floor *floor);

/* Floating point operations of one step: made once, and counted. */
double floor_flop(struct floor *floor);

#endif
