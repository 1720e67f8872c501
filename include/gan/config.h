/* Everything that a run depends on: what the options, presets and configuration files fill in. */
#ifndef GAN_CONFIG_H
#define GAN_CONFIG_H

#include "gan/objective.h"
#include "nn/activation.h"
#include "nn/initialization.h"
#include "nn/network.h"
#include "nn/optimizer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HIDDEN_LAYERS_MAX = 16 };

struct width_list {
    size_t count;
    size_t widths[HIDDEN_LAYERS_MAX];
};

struct rate_list {
    size_t count;
    double rates[HIDDEN_LAYERS_MAX];
};

/* What is done every so many epochs may be done never, or as often as it costs little. */
#define EVERY_OFF ((size_t)0)
#define EVERY_AUTO SIZE_MAX

enum noise { NOISE_NORMAL, NOISE_UNIFORM };
enum bias_init { BIAS_ZERO, BIAS_AS_WEIGHTS };
enum batch_norm_variance { VARIANCE_BIASED, VARIANCE_UNBIASED }; /* that the running variance averages */
enum output_bias { OUTPUT_BIAS_SAME, OUTPUT_BIAS_MEAN_IMAGE };
enum order { ORDER_D_THEN_G, ORDER_G_THEN_D, ORDER_SIMULTANEOUS };
enum fakes { FAKES_FRESH, FAKES_SAME_NOISE, FAKES_SAME_IMAGES };
enum d_batch { D_BATCH_SEPARATE, D_BATCH_MERGED };

/* What is chosen for each of the two nets by itself. */
struct net_config {
    struct width_list hidden;
    struct activation activation; /* of the hidden layers */
    enum batch_norm_place batch_norm;
    bool batch_norm_first; /* whether the first hidden layer has it too */
    double learning_rate; /* 0: config.learning_rate */
};

/* Strings are the config's own, NULL where not given. */
struct config {
    char *preset;

    char *data, *images, *labels;
    char *test_images; /* to measure against; NULL: those beside the training images */
    size_t limit_images; /* 0: all */

    char *outdir;
    bool overwrite;
    size_t epochs;
    double max_minutes; /* 0: no limit */

    char *init_from; /* a checkpoint, or the folder of a run, whose weights are the first ones */
    size_t checkpoint_every; /* epochs */
    double checkpoint_minutes; /* since the last one, within an epoch */
    size_t keep_checkpoints; /* older ones beside the latest */
    size_t rescues; /* returns from divergence to the last good state */

    size_t batch_size;
    size_t encoding_dims;
    enum noise noise;
    double noise_range; /* z ~ U(-noise_range, noise_range) */

    struct net_config generator, discriminator;
    enum activation_kind output; /* of G */
    double batch_norm_momentum; /* running = momentum * running + (1 - momentum) * batch, as in Keras */
    double batch_norm_epsilon;
    enum batch_norm_variance batch_norm_variance;
    struct rate_list dropout; /* of D's hidden layers, the last one repeated; empty: none */
    double input_dropout; /* of D's input */
    struct initialization init, d_init; /* of both nets; of D, where it is another one */
    enum bias_init bias_init;
    enum output_bias output_bias; /* how the biases of G's output begin: as the others, or with gan_begin_at_mean */

    enum loss loss;
    double d_loss_scale;
    double label_smoothing;
    double r1, r2; /* gamma of D's gradient penalties on real and on generated images (nn/penalty.h); 0: none */
    enum optimizer_kind optimizer;
    double learning_rate, beta_1, beta_2, momentum, decay;
    double final_momentum; /* 0: the same */
    size_t momentum_epochs; /* after which it is the final one; 0: `epochs` */
    enum schedule schedule;
    size_t schedule_epochs; /* that a schedule goes over; 0: `epochs` */
    double final_learning_rate; /* that a schedule ends at */
    double clip_norm; /* of a net's gradient; 0: none */
    size_t ema; /* images after which G's weights count half in the average that samples are drawn with; 0: none */
    enum order order;
    enum fakes fakes;
    size_t d_steps, g_steps;
    enum d_batch d_batch;
    bool conditional;

    uint64_t seed;
    size_t threads; /* 0: the cores this process may use */
    size_t grid_rows, grid_columns;
    size_t sample_every; /* epochs */
    size_t eval_every; /* epochs, EVERY_OFF or EVERY_AUTO */
    size_t log_every; /* steps */
    bool no_gif;
};

/* Whether the learning rates go by how many epochs there are, rather than by each update done. */
static inline bool config_has_schedule_epochs(const struct config *config)
{
    return config->schedule != SCHEDULE_CONSTANT && !(config->schedule == SCHEDULE_EXPONENTIAL && config->decay > 0);
}

/* Whether D is held back by gradient penalties. */
static inline bool config_penalizes(const struct config *config)
{
    return config->r1 > 0 || config->r2 > 0;
}

/* Whether gradient penalties of this config's D are exact (nn/penalty.h). */
static inline bool config_may_penalize(const struct config *config)
{
    const struct net_config *net = &config->discriminator;
    const bool smooth = net->activation.kind == ACTIVATION_TANH || net->activation.kind == ACTIVATION_SIGMOID;
    return net->batch_norm == BATCH_NORM_NONE && !(smooth && net->hidden.count > 0);
}

#endif
