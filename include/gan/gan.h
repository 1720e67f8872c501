/* A generator, a discriminator, and one training step of the two. */
#ifndef GAN_GAN_H
#define GAN_GAN_H

#include "base/error.h"
#include "data/dataset.h"
#include "gan/config.h"
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
    struct optimizer_squares *squares; /* [chunk_count(parameter_count)] of the last update */
};

/* Means over a step's updates of each net. */
struct step_report {
    double loss_d, loss_g;
    double d_real, d_fake; /* in D's updates */
    double grad_norm_d, grad_norm_g;
    double weight_d, weight_g; /* root mean squares of the parameters after the step's last update */
};

struct gan {
    struct player generator, discriminator;
    struct network averaged; /* a view of G's moving averages, where the config has some */
    const struct config *config; /* the caller's, which outlives the gan */
    size_t pixels;
    size_t classes; /* that the nets are conditional on; 0: none */
    uint64_t steps; /* done so far */
    size_t rescues; /* so far, see gan_set_rescues */
    struct step_report report; /* of the last step */
    struct step_work *work; /* what a step works on: gan_step's own */
};

/* The nets, initialized from the config's seed. classes is the data's number of classes, used where the config is
 * conditional. NULL with an error. */
struct gan *gan_create(const struct config *config, size_t pixels, size_t classes, struct error *error);
void gan_free(struct gan *gan);

/* A generator to draw images with, of parameters that are yet to be set: it learns nothing. NULL with an error. */
struct network *gan_create_generator(const struct config *config, size_t pixels, size_t classes, struct error *error);

/* Bits of a random stream's step (nn/rng.h) that say which number of its kind it is; those above count the rescues. */
enum { GAN_NUMBER_BITS = 40, GAN_RESCUES_MAX = 255 };

/* Says how many images an epoch has, from which follows after how many updates the config's schedules end. */
void gan_set_horizon(struct gan *gan, size_t images);

/* The generator that images are drawn with: the moving averages of G's weights where the config has them, else G. */
const struct network *gan_sampled_generator(const struct gan *gan);

/* Begins the averages anew, with G's weights as they are: after these were set from elsewhere. */
void gan_begin_averages(struct gan *gan);

/* Sets the biases of G's output so that they alone make the mean of the data set's images: what the output's activation
 * makes these greys from; sigmoid and tanh, which never reach black and white, stop 1e-7 of the way before. Begins the
 * averages. */
bool gan_begin_at_mean(struct gan *gan, const struct dataset *dataset, struct error *error);

/* What the averages keep in G's update number `updates`, from 1: an image's share is halved every `ema` images, or, in
 * the beginning, every twentieth of those that G has been trained on (both as in Karras et al. 2020, "Training
 * Generative Adversarial Networks with Limited Data"). */
double gan_average_keeps(const struct config *config, uint64_t updates);

/* Sets how often the training was taken back to an earlier state (gan/divergence.h), 0 to GAN_RESCUES_MAX. From here on
 * the learning rates are a tenth of the config's for each time; noise, dropout and the images' order are others. */
void gan_set_rescues(struct gan *gan, size_t rescues);

/* The step of a random stream (nn/rng.h) for number `number` of a thing in this training: below 2^GAN_NUMBER_BITS. */
uint64_t gan_stream_step(const struct gan *gan, uint64_t number);

/* Real images in an update of D. */
size_t gan_real_count(const struct config *config);

/* Images of the data set that a step takes, and steps in an epoch of so many images; those left over at an epoch's end
 * are left out of it. */
size_t gan_images_per_step(const struct config *config);
size_t gan_steps_per_epoch(const struct config *config, size_t images);

/* Multiply-adds of the matrix products in a step, about: for what is to take a share of its time. */
double gan_step_products(const struct gan *gan);

/* How bytes b become numbers b * scale + offset for these nets: [-1, 1] beside a tanh output, else [0, 1]. */
void gan_pixel_range(const struct config *config, real *scale, real *offset);

/* One step: the updates of D and of G in the config's order, on the epoch's images from number `first` on. Uses the
 * OpenMP threads of the caller; gan->report then holds the means. */
void gan_step(struct gan *gan, const struct dataset *dataset, size_t first);

#endif
