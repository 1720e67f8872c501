/* The losses, on logits d: the outputs of D before any sigmoid. Those that are of probabilities are computed as
 * softplus, never through log(sigma(d)), which overflows. */
#ifndef GAN_OBJECTIVE_H
#define GAN_OBJECTIVE_H

#include "nn/real.h"

#include <stdbool.h>
#include <stddef.h>

/* Beside the first two, which share it, L_D = mean softplus(-d_real) + mean softplus(d_fake). */
enum loss {
    LOSS_NON_SATURATING, /* L_G = mean softplus(-d_fake) (Goodfellow et al. 2014, section 3) */
    LOSS_MINIMAX, /* L_G = mean log(1 - sigma(d_fake)) = -mean softplus(d_fake) (equation 1) */
    LOSS_LEAST_SQUARES, /* L_D = mean (d_real - 1)^2 / 2 + mean d_fake^2 / 2, L_G = mean (d_fake - 1)^2 / 2 (Mao et al.
                         * 2017, equation 9) */
    LOSS_HINGE, /* L_D = mean max(0, 1 - d_real) + mean max(0, 1 + d_fake), L_G = -mean d_fake (Lim and Ye 2017) */
    LOSS_RELATIVISTIC, /* over the pairs of a batch, L_D = mean softplus(-(d_real - d_fake)), L_G = mean
                        * softplus(-(d_fake - d_real)) (Jolicoeur-Martineau 2018, RSGAN) */
};

struct objective {
    enum loss loss;
    double d_loss_scale; /* multiplies L_D */
    double label_smoothing; /* real labels are 1 less this (Salimans et al. 2016), where the loss has labels */
    bool merged; /* L_D is the mean over one batch of both kinds, not the sum of two means */
};

/* Whether D is told numbers for real and for generated images, of which smoothing lowers the real ones'. */
static inline bool objective_has_labels(enum loss loss)
{
    return loss == LOSS_NON_SATURATING || loss == LOSS_MINIMAX || loss == LOSS_LEAST_SQUARES;
}

/* Whether real and generated images are compared pair by pair, in G's updates too. */
static inline bool objective_has_pairs(enum loss loss)
{
    return loss == LOSS_RELATIVISTIC;
}

/* What an update of D found. */
struct judgement {
    double loss;
    /* Means of D(x) over the real and over the generated images: probabilities sigma(d); d itself with least squares;
     * in pairs the probability that an image is more real than the other, so that the two sum to 1. */
    double d_real, d_fake;
};

/* L_D, scaled. logits [real + fake], the real ones first; gradients [real + fake] receive dL_D/dd. In pairs image i of
 * the one kind stands beside image i of the other, of which there are as many. */
struct judgement objective_discriminator(const struct objective *objective, const real *logits, size_t real_count,
                                         size_t fake_count, real *gradients);

/* L_G, from logits [count] of generated images and, in pairs, those of the real images beside them (else NULL, and not
 * looked at); gradients [count] receive dL_G/dd. */
double objective_generator(const struct objective *objective, const real *logits, const real *real_logits, size_t count,
                           real *gradients);

#endif
