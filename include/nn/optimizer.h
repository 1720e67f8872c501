/* Optimizers: one update of all of a network's parameters. */
#ifndef NN_OPTIMIZER_H
#define NN_OPTIMIZER_H

#include "nn/network.h"

#include <stddef.h>
#include <stdint.h>

enum optimizer_kind {
    OPTIMIZER_ADAM, /* Kingma and Ba 2015, with bias correction and epsilon 1e-8 */
    OPTIMIZER_RMSPROP, /* Tieleman and Hinton 2012: rho .9, epsilon 1e-7, as in Keras */
    OPTIMIZER_SGD, /* v = momentum v + g, p -= rate v */
};

/* The learning rate of update t, from 0, as a share of the first one; x = t / horizon, at most 1. */
enum schedule {
    SCHEDULE_CONSTANT, /* 1 / (1 + decay t), as in Keras */
    SCHEDULE_LINEAR, /* floor + (1 - floor) (1 - x) */
    SCHEDULE_COSINE, /* floor + (1 - floor) (1 + cos(pi x)) / 2 (Loshchilov and Hutter 2017) */
    SCHEDULE_EXPONENTIAL, /* floor^x, or, where there is a decay, (1 + decay)^-t, not below floor */
};

struct optimizer {
    enum optimizer_kind kind;
    double learning_rate;
    double beta_1, beta_2; /* of Adam */
    double momentum; /* of SGD */
    double final_momentum; /* the same where it does not change */
    double momentum_horizon; /* updates after which momentum has come to the final one, evenly */
    enum schedule schedule;
    double decay, floor;
    double horizon; /* updates; > 0 where the schedule goes by it */
};

/* The learning rate of update t. */
double optimizer_rate(const struct optimizer *optimizer, uint64_t t);

/* Sums of squares over a chunk of a block: of the gradients, and of the parameters after the update. */
struct optimizer_squares {
    double gradients, parameters;
};

/* The squares of a network's gradients alone, before an update: shared and ended as an update is. */
void optimizer_sum_squares(const struct network *network, struct optimizer_squares *squares);

/* Update t, from 0, of a network's parameters by its gradients times `scale`; its moments are zero before update 0
 * (RMSprop, and Adam with a beta_1 of 0, use the second alone, SGD the first alone). squares
 * [chunk_count(parameter_count)] (nn/team.h) receives the sums, those of gradients as they are without the scale, chunk
 * by chunk, the same for any number of threads. Called by every thread of a team, which share the chunks; ends without
 * a barrier. */
void optimizer_update(const struct optimizer *optimizer, uint64_t t, const struct network *network, double scale,
                      struct optimizer_squares *squares);

#endif
