/* Optimizers: one update of a whole block of parameters. */
#ifndef NN_OPTIMIZER_H
#define NN_OPTIMIZER_H

#include "nn/real.h"

#include <stddef.h>
#include <stdint.h>

enum optimizer_kind {
    OPTIMIZER_ADAM, /* Kingma and Ba 2015, with bias correction and epsilon 1e-8 */
    OPTIMIZER_RMSPROP, /* Tieleman and Hinton 2012: rho .9, epsilon 1e-7, as in Keras */
    OPTIMIZER_SGD, /* v = momentum v + g, p -= rate v */
};

struct optimizer {
    enum optimizer_kind kind;
    double learning_rate;
    double beta_1, beta_2; /* of Adam */
    double momentum; /* of SGD */
    double decay; /* update t, from 0, is made at learning_rate / (1 + decay t), as in Keras */
};

/* The learning rate of update t. */
double optimizer_rate(const struct optimizer *optimizer, uint64_t t);

/* Sums of squares over a chunk of a block: of the gradients, and of the parameters after the update. */
struct optimizer_squares {
    double gradients, parameters;
};

/* How many of them optimizer_update leaves for a block of so many parameters. */
size_t optimizer_chunks(size_t count);

/* Update t, from 0, of parameters [count] by gradients [count]; first and second [count] are the moments, zero before
 * update 0 (RMSprop uses second alone, SGD first alone). squares [optimizer_chunks(count)] receives the sums, chunk by
 * chunk, the same for any number of threads. Called by every thread of a team, which share the chunks; ends without a
 * barrier. */
void optimizer_update(const struct optimizer *optimizer, uint64_t t, size_t count, real *parameters,
                      const real *gradients, real *first, real *second, struct optimizer_squares *squares);

#endif
