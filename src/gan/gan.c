#include "gan/gan.h"
#include "base/memory.h"
#include "gan/step_work.h"
#include "nn/team.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Tensors of G are drawn as parts 0, 1 ..., those of D from here on: a net has at most 6 for each hidden layer (weight,
 * bias, four of batch norm), 2 for its output and 2 for the label layer. */
enum { DISCRIMINATOR_PARTS = 128 };
_Static_assert(6 * HIDDEN_LAYERS_MAX + 4 <= DISCRIMINATOR_PARTS, "each tensor has a part of its own");

static const double RESCUE_RATE = 0.1; /* of the learning rate stays with each rescue: see docs/reliability.md */

static const double WARM_UP = 0.05; /* of the images so far are the averages' half-life at most */

/* What the two nets' specifications share: the hidden layers. */
static struct network_spec hidden_spec(const struct config *config, const struct net_config *net)
{
    return (struct network_spec){
        .hidden_count = net->hidden.count,
        .hidden = net->hidden.widths,
        .hidden_activation = net->activation,
        .batch_norm_place = net->batch_norm,
        .batch_norm_first = net->batch_norm_first,
        .batch_norm = {config->batch_norm_momentum, config->batch_norm_epsilon,
                       config->batch_norm_variance == VARIANCE_UNBIASED},
    };
}

static size_t latent_width(const struct config *config, size_t classes)
{
    return config->encoding_dims + (config->conditional ? classes : 0);
}

static struct network_spec generator_spec(const struct config *config, size_t pixels, size_t classes)
{
    struct network_spec spec = hidden_spec(config, &config->generator);
    spec.inputs = latent_width(config, classes);
    spec.outputs = pixels;
    spec.output_activation.kind = config->output;
    return spec;
}

struct network *gan_create_generator(const struct config *config, size_t pixels, size_t classes, struct error *error)
{
    struct network_spec spec = generator_spec(config, pixels, classes);
    spec.infers_only = true;
    return network_create(&spec, error);
}

static struct network *create_discriminator(const struct config *config, size_t pixels, size_t classes,
                                            struct error *error)
{
    struct network_spec spec = hidden_spec(config, &config->discriminator);
    const struct rate_list *rates = &config->dropout;
    double dropout[HIDDEN_LAYERS_MAX] = {0};
    for (size_t i = 0; rates->count && i < spec.hidden_count; i++) {
        dropout[i] = rates->rates[i < rates->count ? i : rates->count - 1];
    }
    spec.inputs = pixels;
    spec.label_classes = classes;
    spec.label_outputs = classes ? pixels : 0;
    spec.outputs = 1;
    spec.output_activation.kind = ACTIVATION_LINEAR;
    spec.bare_output = config->loss == LOSS_RELATIVISTIC; /* a bias would cancel in each pair */
    spec.dropout = dropout;
    spec.input_dropout = config->input_dropout;
    return network_create(&spec, error);
}

static double learning_rate(const struct config *config, const struct net_config *net)
{
    return net->learning_rate > 0 ? net->learning_rate : config->learning_rate;
}

static bool prepare_player(struct player *player, const struct config *config, const struct net_config *net,
                           struct initialization init, size_t rows, uint32_t first_part, struct error *error)
{
    network_initialize(player->network, init, config->bias_init == BIAS_AS_WEIGHTS, config->seed, first_part);
    player->optimizer = (struct optimizer){
        .kind = config->optimizer,
        .learning_rate = learning_rate(config, net),
        .beta_1 = config->beta_1,
        .beta_2 = config->beta_2,
        .momentum = config->momentum,
        .final_momentum = config->final_momentum > 0 ? config->final_momentum : config->momentum,
        .schedule = config->schedule,
        .decay = config->decay,
        .floor = config->final_learning_rate / config->learning_rate, /* for both nets */
    };
    player->pass = pass_create(player->network, rows, true, error);
    player->squares = memory_allocate(chunk_count(player->network->parameter_count), sizeof *player->squares,
                                      "the gradients' norm", error);
    return player->pass && player->squares;
}

static void free_player(struct player *player)
{
    network_free(player->network);
    pass_free(player->pass);
    free(player->squares);
}

struct gan *gan_create(const struct config *config, size_t pixels, size_t classes, struct error *error)
{
    struct gan *gan = memory_allocate(1, sizeof *gan, "the GAN", error);
    if (!gan) {
        return NULL;
    }
    gan->config = config;
    gan->pixels = pixels;
    gan->classes = config->conditional ? classes : 0;
    struct network_spec spec = generator_spec(config, pixels, classes);
    spec.averaged = config->ema > 0;
    gan->generator.network = network_create(&spec, error);
    if (gan->generator.network) {
        gan->discriminator.network = create_discriminator(config, pixels, gan->classes, error);
    }
    if (!gan->generator.network || !gan->discriminator.network ||
        !prepare_player(&gan->generator, config, &config->generator, config->init, config->batch_size, 0, error) ||
        !prepare_player(&gan->discriminator, config, &config->discriminator,
                        config->d_init.kind == INIT_NONE ? config->init : config->d_init,
                        gan_real_count(config) + config->batch_size, DISCRIMINATOR_PARTS, error) ||
        !(gan->work = step_work_create(gan, error))) {
        gan_free(gan);
        return NULL;
    }
    gan_begin_averages(gan);
    return gan;
}

/* `updates` of them in an epoch. */
static void set_horizon(struct optimizer *optimizer, const struct config *config, double updates)
{
    const size_t schedule = config->schedule_epochs, momentum = config->momentum_epochs;
    optimizer->horizon = (double)(schedule > 0 ? schedule : config->epochs) * updates;
    optimizer->momentum_horizon = (double)(momentum > 0 ? momentum : config->epochs) * updates;
}

void gan_set_horizon(struct gan *gan, size_t images)
{
    const struct config *config = gan->config;
    const double steps = (double)gan_steps_per_epoch(config, images);
    set_horizon(&gan->generator.optimizer, config, steps * (double)config->g_steps);
    set_horizon(&gan->discriminator.optimizer, config, steps * (double)config->d_steps);
}

const struct network *gan_sampled_generator(const struct gan *gan)
{
    return gan->config->ema > 0 ? &gan->averaged : gan->generator.network;
}

void gan_begin_averages(struct gan *gan)
{
    const struct network *generator = gan->generator.network;
    if (gan->config->ema > 0) {
        gan->averaged = network_averaged(generator);
        memcpy(gan->averaged.parameters, generator->parameters, generator->parameter_count * sizeof(real));
        memcpy(gan->averaged.statistics, generator->statistics, generator->statistic_count * sizeof(real));
    }
}

/* What an activation makes a share of white, 0 to 1, from. */
static double before_activation(enum activation_kind kind, double share)
{
    const double edge = 1e-7, inside = fmin(fmax(share, edge), 1 - edge), logit = log(inside / (1 - inside));
    return kind == ACTIVATION_SIGMOID ? logit : kind == ACTIVATION_TANH ? logit / 2 : share;
}

bool gan_begin_at_mean(struct gan *gan, const struct dataset *dataset, struct error *error)
{
    const struct network *generator = gan->generator.network;
    const struct layer *last = &generator->layers[generator->layer_count - 2];
    double *mean = memory_allocate(gan->pixels, sizeof *mean, "the mean image", error);
    if (!mean) {
        return false;
    }
    dataset_mean(dataset, mean);
    for (size_t p = 0; p < gan->pixels; p++) {
        generator->parameters[last->bias + p] = (real)before_activation(gan->config->output, mean[p] / 255);
    }
    free(mean);
    gan_begin_averages(gan);
    return true;
}

double gan_average_keeps(const struct config *config, uint64_t updates)
{
    const double batch = (double)config->batch_size, seen = batch * (double)updates;
    return pow(0.5, batch / fmin((double)config->ema, WARM_UP * seen));
}

void gan_free(struct gan *gan)
{
    if (!gan) {
        return;
    }
    free_player(&gan->generator);
    free_player(&gan->discriminator);
    step_work_free(gan->work);
    free(gan);
}

size_t gan_real_count(const struct config *config)
{
    return config->d_batch == D_BATCH_MERGED ? config->batch_size / 2 : config->batch_size;
}

size_t gan_images_per_step(const struct config *config)
{
    return config->d_steps * gan_real_count(config);
}

size_t gan_steps_per_epoch(const struct config *config, size_t images)
{
    return images / gan_images_per_step(config);
}

/* A net forward, its weights' gradients and its input's, a penalty's tangents: once its parameters for each row. */
double gan_step_products(const struct gan *gan)
{
    const struct config *config = gan->config;
    const double g = (double)gan->generator.network->parameter_count;
    const double d = (double)gan->discriminator.network->parameter_count;
    const double batch = (double)config->batch_size, reals = (double)gan_real_count(config);
    const double judged = objective_has_pairs(config->loss) ? 3 : 2; /* a real image forward beside each */
    const double penalized = (config->r1 > 0) + (config->r2 > 0);
    const double update_d = reals * g + reals * (6 + 1.5 * penalized) * d, update_g = batch * (3 * g + judged * d);
    if (config->order == ORDER_SIMULTANEOUS) { /* what goes forward does so once */
        return update_d + batch * (2 * g + d);
    }
    return (double)config->d_steps * update_d + (double)config->g_steps * update_g;
}

void gan_pixel_range(const struct config *config, real *scale, real *offset)
{
    const bool symmetric = config->output == ACTIVATION_TANH;
    *scale = (real)(symmetric ? 1 / 127.5 : 1 / 255.0);
    *offset = symmetric ? -1 : 0;
}

void gan_set_rescues(struct gan *gan, size_t rescues)
{
    const struct config *config = gan->config;
    const double factor = pow(RESCUE_RATE, (double)rescues);
    gan->rescues = rescues;
    gan->generator.optimizer.learning_rate = factor * learning_rate(config, &config->generator);
    gan->discriminator.optimizer.learning_rate = factor * learning_rate(config, &config->discriminator);
}

uint64_t gan_stream_step(const struct gan *gan, uint64_t number)
{
    return number + ((uint64_t)gan->rescues << GAN_NUMBER_BITS);
}
