/* A step as a training makes it. */
#ifndef BENCH_NEXT_STEP_H
#define BENCH_NEXT_STEP_H

#include "gan/gan.h"

/* The step after gan->steps of a training without rescues: an epoch begins with its images in another order. */
static inline void next_step(struct gan *gan, struct dataset *dataset)
{
    const size_t steps = gan_steps_per_epoch(gan->config, dataset->count), step = gan->steps % steps;
    if (step == 0) {
        dataset_shuffle(dataset, gan->config->seed, gan->steps / steps);
    }
    gan_step(gan, dataset, step * gan_images_per_step(gan->config));
}

#endif
