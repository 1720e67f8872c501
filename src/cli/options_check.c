#include "cli/options_check.h"

static bool check_merged(const struct config *config, struct error *error)
{
    if (config->d_batch == D_BATCH_MERGED && config->loss == LOSS_RELATIVISTIC) {
        return error_set(error, STATUS_USAGE,
                         "--d_batch: merged contradicts --loss relativistic, which compares as many real images with "
                         "generated ones in an update of G as in one of D: wanted another --loss");
    }
    if (config->d_batch == D_BATCH_MERGED && config->batch_size % 2 != 0) {
        return error_set(error, STATUS_USAGE,
                         "--d_batch: merged takes half of its batch from the images and half from G, but --batch_size "
                         "is %zu: an even number was wanted",
                         config->batch_size);
    }
    return true;
}

/* Whether a net that normalizes never does so over one image, of which batch norm would leave nothing. */
static bool check_batch_norm(const struct config *config, struct error *error)
{
    const bool in_g = config->generator.batch_norm != BATCH_NORM_NONE;
    const bool in_d = config->discriminator.batch_norm != BATCH_NORM_NONE;
    /* G makes half of a merged batch */
    const size_t least = in_g && config->d_batch == D_BATCH_MERGED ? 4 : in_g || in_d ? 2 : 1;
    return config->batch_size >= least ||
           error_set(error, STATUS_USAGE,
                     "--%s: a batch of one image has no variance; wanted a --batch_size of %zu or more%s",
                     in_g ? "g_batch_norm" : "d_batch_norm", least, least == 4 ? ", or --d_batch separate" : "");
}

/* Both nets' updates come from the same images and the same passes. */
static bool check_simultaneous(const struct config *config, struct error *error)
{
    const char *wanted = config->fakes != FAKES_SAME_IMAGES    ? "--fakes same_images"
                         : config->d_batch != D_BATCH_SEPARATE ? "--d_batch separate"
                         : config->d_steps != 1                ? "--d_steps 1"
                         : config->g_steps != 1                ? "--g_steps 1"
                                                               : NULL;
    return config->order != ORDER_SIMULTANEOUS || !wanted ||
           error_set(error, STATUS_USAGE,
                     "--order: simultaneous is one update of each net from the same images: wanted %s, or another "
                     "--order",
                     wanted);
}

static bool check_schedule(const struct config *config, struct error *error)
{
    if (config->schedule == SCHEDULE_CONSTANT) {
        return true;
    }
    if (config->final_learning_rate > config->learning_rate) {
        return error_set(error, STATUS_USAGE, "--final_learning_rate %g: wanted at most --learning_rate, %g",
                         config->final_learning_rate, config->learning_rate);
    }
    return config->schedule != SCHEDULE_EXPONENTIAL || config->final_learning_rate > 0 || config->decay > 0 ||
           error_set(error, STATUS_USAGE,
                     "--schedule: exponential never comes to 0: wanted a --final_learning_rate, or a --decay");
}

static bool check_penalties(const struct config *config, struct error *error)
{
    const char *none = config->r1 == 0 ? "--r2 0" : config->r2 == 0 ? "--r1 0" : "--r1 0 --r2 0";
    if (!config_penalizes(config) || config_may_penalize(config)) {
        return true;
    }
    if (config->discriminator.batch_norm != BATCH_NORM_NONE) {
        return error_set(
            error, STATUS_USAGE,
            "--d_batch_norm: contradicts gradient penalties, for it makes D's gradient by an image depend on "
            "the others: wanted %s, or no batch norm in D",
            none);
    }
    return error_set(
        error, STATUS_USAGE,
        "--d_activation: %s contradicts gradient penalties, for it is not made of straight lines: wanted %s, "
        "or linear, relu, leaky_relu or maxout",
        config->discriminator.activation.kind == ACTIVATION_TANH ? "tanh" : "sigmoid", none);
}

bool options_check(const struct config *config, struct error *error)
{
    return check_merged(config, error) && check_batch_norm(config, error) && check_simultaneous(config, error) &&
           check_schedule(config, error) && check_penalties(config, error);
}
