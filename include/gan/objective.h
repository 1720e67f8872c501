/* The losses, on logits: sigma(d) is the probability D gives to an image of being real. Computed as softplus, never
 * through log(sigma(d)), which overflows. */
#ifndef GAN_OBJECTIVE_H
#define GAN_OBJECTIVE_H

#include "nn/real.h"

#include <stdbool.h>
#include <stddef.h>

enum loss {
    LOSS_NON_SATURATING, /* L_G = mean softplus(-d_fake) (Goodfellow et al. 2014, section 3) */
    LOSS_MINIMAX, /* L_G = mean log(1 - sigma(d_fake)) = -mean softplus(d_fake) (equation 1) */
};

struct objective {
    enum loss loss;
    double d_loss_scale; /* multiplies L_D */
    double label_smoothing; /* real labels are 1 less this (Salimans et al. 2016) */
    bool merged; /* L_D is the mean over one batch of both kinds, not the sum of two means */
};

/* What an update found. */
struct judgement {
    double loss;
    double d_real, d_fake; /* mean probabilities; d_real is 0 for G's */
};

/* L_D = scale (mean over the real of (1 - s) softplus(-d) + s softplus(d), and mean over the fake of softplus(d)).
 * logits [real + fake], the real ones first; gradients [real + fake] receive dL_D/dd. */
struct judgement objective_discriminator(const struct objective *objective, const real *logits, size_t real_count,
                                         size_t fake_count, real *gradients);

/* L_G, from logits [count] of generated images; gradients [count] receive dL_G/dd. */
struct judgement objective_generator(const struct objective *objective, const real *logits, size_t count,
                                     real *gradients);

#endif
