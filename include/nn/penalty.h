/* Zero-centred gradient penalties (Mescheder, Geiger and Nowozin 2018; both together, Huang et al. 2024): of a network
 * with one output d, (gamma / 2) mean |dd/dx|^2 over some of a batch's images x. R1 is that of real images, R2 that of
 * generated ones.
 *
 * Exact, and without automatic differentiation: with layers h_l = phi(a_l), a_l = h_(l-1) W_l' + b_l of piecewise
 * linear phi, d is linear around x. With delta_l = dd/da_l (a seed of 1 at d, backwards), dd/dx = delta_1 W_1; with the
 * tangent t_0 = (gamma / n) dd/dx of each of the n images, forwards through the same slopes, t_l = (t_(l-1) W_l')
 * phi'(a_l); and with s_i = dL/dd_i of the loss,
 *
 *     dW_l = sum_i delta_(l,i)' (s_i h_(l-1,i) + t_(l-1,i)),     db_l = sum_i s_i delta_(l,i)
 *
 * is the gradient of loss and penalties. Dropout's masks are slopes, too. */
#ifndef NN_PENALTY_H
#define NN_PENALTY_H

#include "nn/pass.h"

/* Memory for it. */
struct penalty {
    size_t capacity; /* rows */
    real *deltas, *tangents; /* [capacity * buffer_columns] as a pass has its buffers: delta_l, t_l */
    real *inputs; /* [capacity][input_stride] t_0 */
    real *ones; /* [capacity] delta of the output */
    size_t input_stride;
};

/* For batches of up to capacity rows of a network of one output, whose hidden layers have no batch norm and activations
 * made of straight lines. NULL with an error. */
struct penalty *penalty_create(const struct network *network, size_t capacity, struct error *error);
void penalty_free(struct penalty *penalty);

/* Rows begin .. begin + count - 1 of a batch, and their gamma. */
struct penalty_part {
    size_t begin, count;
    double gamma;
};

enum { PENALTY_PARTS = 2 };

/* After network_forward of the same batch, instead of network_backward: the parameters' gradients of a loss with the
 * derivatives `loss_gradient` [rows] by the outputs, and of the penalties of the parts: rows that follow each other; a
 * gamma of 0 is none. What a label layer adds to the input has no part in x. Called by every thread of a team, as
 * nn/pass.h has it. */
void network_backward_penalized(const struct network *network, const struct pass *pass, const struct penalty *penalty,
                                const struct batch *batch, const real *loss_gradient,
                                const struct penalty_part parts[PENALTY_PARTS]);

#endif
