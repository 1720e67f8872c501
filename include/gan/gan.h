/* A generator, a discriminator, and one training step of the two. */
#ifndef GAN_GAN_H
#define GAN_GAN_H

#include "base/error.h"
#include "data/dataset.h"
#include "gan/config.h"
#include "gan/objective.h"
#include "nn/network.h"
#include "nn/optimizer.h"
#include "nn/pass.h"

#include <stdint.h>

/* A network with what its training needs. */
struct player {
    struct network *network;
    struct pass *pass;
    struct optimizer optimizer;
    uint64_t updates; /* made so far */
    double *squares; /* [optimizer_chunks] of the last gradient */
};

/* Means over a step's updates of each net. */
struct step_report {
    double loss_d, loss_g;
    double d_real, d_fake; /* in D's updates */
    double grad_norm_d, grad_norm_g;
};

struct gan {
    struct player generator, discriminator;
    struct objective objective;
    const struct config *config; /* the caller's, which outlives the gan */
    size_t pixels;
    size_t classes; /* that the nets are conditional on; 0: none */
    size_t real_count; /* real images in an update of D, which come first in its batch */
    size_t latent_width; /* of G's input: z, then the one-hot label */
    real *latents; /* [batch_size][latent_width] */
    real *images; /* [real_count + batch_size][D's inputs]: real, then generated; label columns last */
    real *image_gradient; /* [batch_size][pixels] */
    real *logits, *logit_gradients; /* [real_count + batch_size] */
    unsigned char *labels; /* [real_count + batch_size] */
    uint64_t steps; /* done so far */
    struct step_report report; /* of the last step */
};

/* The nets, initialized from the config's seed. classes is the data's number of classes, used where the config is
 * conditional. NULL with an error. */
struct gan *gan_create(const struct config *config, size_t pixels, size_t classes, struct error *error);
void gan_free(struct gan *gan);

/* Images of the data set that a step takes, and steps in an epoch of so many images; those left over at an epoch's end
 * are left out of it. */
size_t gan_images_per_step(const struct config *config);
size_t gan_steps_per_epoch(const struct config *config, size_t images);

/* How bytes b become numbers b * scale + offset for these nets: [-1, 1] beside a tanh output, else [0, 1]. */
void gan_pixel_range(const struct config *config, real *scale, real *offset);

/* One step: the updates of D and of G in the config's order, on the epoch's images from number `first` on. Uses the
 * OpenMP threads of the caller; gan->report then holds the means. */
void gan_step(struct gan *gan, const struct dataset *dataset, size_t first);

/* Whether the last step's losses and gradients are finite. */
bool gan_is_finite(const struct gan *gan);

/* Whether all parameters are. */
bool gan_weights_are_finite(const struct gan *gan);

#endif
