/* What a step works on: for gan/gan.c and gan/step.c alone. */
#ifndef GAN_STEP_WORK_H
#define GAN_STEP_WORK_H

#include "gan/gan.h"
#include "gan/objective.h"
#include "nn/penalty.h"

struct step_work {
    struct objective objective;
    struct penalty *penalty; /* of D's gradient; NULL: none */
    struct matrix latents; /* [batch_size] rows of z, then the one-hot label */
    struct matrix images; /* [reals + batch_size][pixels]: real ones (gan_real_count), then generated ones */
    struct matrix image_gradient; /* [batch_size][pixels] */
    struct matrix logits, logit_gradients; /* [reals + batch_size][1] */
    unsigned char *labels; /* [reals + batch_size] */
};

/* For a gan that has its nets. NULL with an error. */
struct step_work *step_work_create(const struct gan *gan, struct error *error);
void step_work_free(struct step_work *work);

#endif
