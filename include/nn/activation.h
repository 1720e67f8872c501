/* Activation functions, in place on a tile of columns. Each derivative is computed from the function's own result, so
 * that nothing but the result is kept. */
#ifndef NN_ACTIVATION_H
#define NN_ACTIVATION_H

#include "nn/matrix.h"

enum activation_kind {
    ACTIVATION_LINEAR,
    ACTIVATION_RELU,
    ACTIVATION_LEAKY_RELU,
    ACTIVATION_TANH,
    ACTIVATION_SIGMOID,
    ACTIVATION_MAXOUT, /* of hidden layers: not a function of one number, see nn/maxout.h */
};

enum { MAXOUT_PIECES_MAX = 64 };

struct activation {
    enum activation_kind kind;
    double slope; /* of leaky_relu for negative inputs, in [0, 1) */
    size_t pieces; /* of maxout, 2 to MAXOUT_PIECES_MAX */
};

/* y = phi(x) over x itself, of all kinds but maxout. tanh and sigmoid have an absolute error below 3e-7 in float. */
void activation_forward(struct activation activation, struct matrix x);

/* dx = dy * phi'(x) over dy itself, from y = phi(x). */
void activation_backward(struct activation activation, struct matrix y, struct matrix dy);

/* The function's name as a reader of papers knows it: "LeakyReLU". */
const char *activation_name(enum activation_kind kind);

#endif
