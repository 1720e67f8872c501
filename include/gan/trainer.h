/* The training loop: epochs of steps, what is recorded of them, and what is saved when. */
#ifndef GAN_TRAINER_H
#define GAN_TRAINER_H

#include "base/error.h"
#include "data/dataset.h"
#include "gan/config.h"

#include <signal.h>

/* Means over some steps: a row of losses.csv or steps.csv. */
struct record {
    size_t epoch; /* from 1 */
    uint64_t step; /* steps done since the run began */
    double loss_d, loss_g;
    double d_real, d_fake; /* mean probabilities D gives to real and to generated images in its own updates */
    double grad_norm_d, grad_norm_g;
    double learning_rate; /* of D's last update, after decay */
    double seconds; /* of the updates alone */
    double images_per_second;
};

/* Where the run stands; record holds the means over the epoch so far. */
struct progress {
    size_t epochs; /* asked for */
    size_t steps_per_epoch;
    size_t step_in_epoch; /* done */
    struct record record;
    double seconds_left; /* an estimate for the whole run; NaN while unknown */
};

/* Who is told; each function may be NULL. */
struct observer {
    void *context;
    void (*step_done)(void *context, const struct progress *progress);
    void (*epoch_done)(void *context, const struct progress *progress); /* after its row and pictures are written */
};

struct trainer;

#endif
