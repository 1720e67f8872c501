/* The flags of gan-train. */
#include "cli/options.h"
#include "cli/presets.h"
#include "cli/values.h"

#define OPTIONS struct options
#include "cli/flag_rows.h"

static const char *const NOISES[] = {[NOISE_NORMAL] = "normal", [NOISE_UNIFORM] = "uniform", NULL};
static const char *const ACTIVATIONS[] = {
    [ACTIVATION_LINEAR] = "linear",
    [ACTIVATION_RELU] = "relu",
    [ACTIVATION_LEAKY_RELU] = "leaky_relu",
    [ACTIVATION_TANH] = "tanh",
    [ACTIVATION_SIGMOID] = "sigmoid",
    [ACTIVATION_MAXOUT] = "maxout",
    NULL,
};
static const char *const OUTPUTS[] = {
    [ACTIVATION_LINEAR] = "linear", [ACTIVATION_RELU] = "relu",       [ACTIVATION_LEAKY_RELU] = "",
    [ACTIVATION_TANH] = "tanh",     [ACTIVATION_SIGMOID] = "sigmoid", NULL,
};
static const char *const PLACES[] = {
    [BATCH_NORM_NONE] = "none", [BATCH_NORM_BEFORE] = "before", [BATCH_NORM_AFTER] = "after", NULL};
static const char *const VARIANCES[] = {[VARIANCE_BIASED] = "biased", [VARIANCE_UNBIASED] = "unbiased", NULL};
static const char *const INITIALIZATIONS[] = {
    [INIT_NONE] = "",
    [INIT_GLOROT_UNIFORM] = "glorot_uniform",
    [INIT_HE_NORMAL] = "he_normal",
    [INIT_NORMAL] = "normal",
    [INIT_TRUNCATED_NORMAL] = "truncated_normal",
    [INIT_UNIFORM] = "uniform",
    [INIT_LECUN_UNIFORM] = "lecun_uniform",
    NULL,
};
static const char *const BIAS_INITS[] = {[BIAS_ZERO] = "zero", [BIAS_AS_WEIGHTS] = "weights", NULL};
static const char *const LOSSES[] = {
    [LOSS_NON_SATURATING] = "non-saturating", [LOSS_MINIMAX] = "minimax",
    [LOSS_LEAST_SQUARES] = "least_squares",   [LOSS_HINGE] = "hinge",
    [LOSS_RELATIVISTIC] = "relativistic",     NULL,
};
static const char *const OPTIMIZERS[] = {
    [OPTIMIZER_ADAM] = "adam", [OPTIMIZER_RMSPROP] = "rmsprop", [OPTIMIZER_SGD] = "sgd", NULL};
static const char *const SCHEDULES[] = {
    [SCHEDULE_CONSTANT] = "constant",
    [SCHEDULE_LINEAR] = "linear",
    [SCHEDULE_COSINE] = "cosine",
    [SCHEDULE_EXPONENTIAL] = "exponential",
    NULL,
};
static const char *const OUTPUT_BIASES[] = {[OUTPUT_BIAS_SAME] = "same", [OUTPUT_BIAS_MEAN_IMAGE] = "mean_image", NULL};
static const char *const ORDERS[] = {
    [ORDER_D_THEN_G] = "d-then-g", [ORDER_G_THEN_D] = "g-then-d", [ORDER_SIMULTANEOUS] = "simultaneous", NULL};
static const char *const FAKES[] = {
    [FAKES_FRESH] = "fresh", [FAKES_SAME_NOISE] = "same_noise", [FAKES_SAME_IMAGES] = "same_images", NULL};
static const char *const D_BATCHES[] = {[D_BATCH_SEPARATE] = "separate", [D_BATCH_MERGED] = "merged", NULL};

static const struct config *config_of(const void *options)
{
    return &((const struct options *)options)->config;
}

static bool has_images(const void *options)
{
    return config_of(options)->images;
}

static bool measures(const void *options)
{
    return config_of(options)->eval_every != EVERY_OFF;
}

static bool is_uniform(const void *options)
{
    return config_of(options)->noise == NOISE_UNIFORM;
}

static bool is_adam(const void *options)
{
    return config_of(options)->optimizer == OPTIMIZER_ADAM;
}

static bool is_sgd(const void *options)
{
    return config_of(options)->optimizer == OPTIMIZER_SGD;
}

static bool has_ramp(const void *options)
{
    return is_sgd(options) && config_of(options)->final_momentum > 0;
}

static bool has_floor(const void *options)
{
    return config_of(options)->schedule != SCHEDULE_CONSTANT;
}

static bool has_schedule_epochs(const void *options)
{
    return config_has_schedule_epochs(config_of(options));
}

static bool may_decay(const void *options)
{
    const enum schedule schedule = config_of(options)->schedule;
    return schedule == SCHEDULE_CONSTANT || schedule == SCHEDULE_EXPONENTIAL;
}

static bool has_labels(const void *options)
{
    return objective_has_labels(config_of(options)->loss);
}

static bool g_is_hidden(const void *options)
{
    return config_of(options)->generator.hidden.count > 0;
}

static bool d_is_hidden(const void *options)
{
    return config_of(options)->discriminator.hidden.count > 0;
}

/* Whether batch norm in this place would find a layer: the first one may be left out. */
static bool can_normalize(const struct net_config *net)
{
    bool first_is_out = net->batch_norm != BATCH_NORM_NONE && !net->batch_norm_first;
    return net->hidden.count > (first_is_out ? 1 : 0);
}

static bool g_can_normalize(const void *options)
{
    return can_normalize(&config_of(options)->generator);
}

static bool d_can_normalize(const void *options)
{
    return can_normalize(&config_of(options)->discriminator);
}

static bool g_has_place(const void *options)
{
    return g_is_hidden(options) && config_of(options)->generator.batch_norm != BATCH_NORM_NONE;
}

static bool d_has_place(const void *options)
{
    return d_is_hidden(options) && config_of(options)->discriminator.batch_norm != BATCH_NORM_NONE;
}

static bool normalizes(const void *options)
{
    return (g_has_place(options) && g_can_normalize(options)) || (d_has_place(options) && d_can_normalize(options));
}

#define WIDTHS(member) .type = VALUE_WIDTHS, FIELD(member), RANGE(1, 65536)
#define ACTIVATION(member)                                                                                             \
    .type = VALUE_ACTIVATION, FIELD(member), .choices = ACTIVATIONS, RANGE(0, 1), .below_max = true
#define BATCH_NORM "batch norm (--g_batch_norm, --d_batch_norm)"

/* In the order of --help and --print_config: name, letter, name of the value, and the rest as struct flag has it. Those
 * without .initial and .unset are what makes a recipe: every preset has a value for each of them. */
/* clang-format off */
static const struct flag FLAGS[] = {
    {"preset", 'p', "NAME", .type = VALUE_PRESET, FIELD(config.preset), .initial = PRESET_DEFAULT, .group = GROUP_RECIPE,
     .help = "the recipe, a set of values for these flags; those that are given overrule it"},
    {"config", 0, "FILE", PATH(config_file), .unset = "none", .command_line_only = true, .group = GROUP_RECIPE,
     .help = "flags from a file, as --print_config or a run's config.json has them; the command line overrules it"},
    {"print_config", 0, NULL, ACTION(ACTION_PRINT_CONFIG), .resumable = true, .group = GROUP_RECIPE,
     .help = "print what all these flags come to, as a file for --config, and exit"},
    {"list_presets", 0, NULL, ACTION(ACTION_LIST_PRESETS), .group = GROUP_RECIPE,
     .help = "list the recipes and exit"},

    {"data", 0, "FOLDER", PATH(config.data), .unset = "$GAN_DATA, else data/mnist, else digits", .resumable = true, .group = GROUP_DATA,
     .help = "a folder of IDX files under their usual names (train-images-idx3-ubyte ...), plain or .gz, or `digits' "
             "for the built-in drawn ones"},
    {"images", 0, "FILE", PATH(config.images), .unset = "none", .resumable = true, .group = GROUP_DATA,
     .help = "an IDX file of images instead of --data"},
    {"labels", 0, "FILE", PATH(config.labels), .unset = "none", NEEDS(has_images, "--images"), .resumable = true,
     .group = GROUP_DATA, .help = "an IDX file of their labels"},
    {"test_images", 0, "FILE", PATH(config.test_images), .unset = "beside the training images", NEEDS(measures, "--eval_every auto or N"),
     .resumable = true, .group = GROUP_DATA, .help = "an IDX file of test images, which generated ones are measured against"},
    {"limit_images", 0, "N", WHOLE(config.limit_images, 1, UINT32_MAX), .unset = "all", .group = GROUP_DATA,
     .help = "train on the first N images"},

    {"outdir", 'o', "FOLDER", PATH(config.outdir), .initial = "out", .group = GROUP_OUTPUT,
     .help = "where everything is written"},
    {"overwrite", 0, NULL, SWITCH(config.overwrite), .command_line_only = true, .group = GROUP_OUTPUT,
     .help = "remove what an earlier run wrote there, and nothing else"},
    {"grid", 0, "ROWSxCOLUMNS", .type = VALUE_GRID, FIELD(config.grid_rows), RANGE(1, 100), .initial = "10x10",
     .resumable = true, .group = GROUP_OUTPUT, .help = "generated images in a picture"},
    {"sample_every", 0, "N", WHOLE(config.sample_every, 1, 1e6), .initial = "1", .resumable = true,
     .group = GROUP_OUTPUT, .help = "epochs from one picture to the next"},
    {"eval_every", 0, "N", .type = VALUE_EVERY, FIELD(config.eval_every), RANGE(1, 1e6), .choices = EVERY_WORDS,
     .initial = "auto", .resumable = true, .group = GROUP_OUTPUT,
     .help = "epochs from one row of metrics.csv to the next: figures of 2,000 images, as gan-eval has them; auto: as "
             "often as they take less than 2 % of the time, where the data have labels and test images; it never "
             "changes what is trained"},
    {"log_every", 0, "N", WHOLE(config.log_every, 1, 1e9), .initial = "100", .resumable = true,
     .group = GROUP_OUTPUT, .help = "steps from one row of steps.csv to the next"},
    {"no_gif", 0, NULL, SWITCH(config.no_gif), .resumable = true, .group = GROUP_OUTPUT,
     .help = "make no training.gif of the pictures"},

    {"epochs", 'e', "N", WHOLE(config.epochs, 1, 1e6), .resumable = true, .names_run = true, .in_recipe = true, .group = GROUP_LENGTH,
     .help = "passes over the images"},
    {"max_minutes", 0, "X", REAL(config.max_minutes, 0, 1e6), .unset = "no limit",
     .resumable = true, .group = GROUP_LENGTH, .help = "stop after this time, or after --epochs if that is sooner; 0 for no limit"},
    {"batch_size", 'b', "N", WHOLE(config.batch_size, 1, 1e6), .in_recipe = true, .group = GROUP_LENGTH,
     .help = "images in an update of a net"},

    {"resume", 0, "PATH", PATH(resume), .unset = "none", .command_line_only = true, .resumable = true,
     .group = GROUP_CHECKPOINTS,
     .help = "go on with the run in this folder, or from a file of its checkpoints, with its recorded flags; --epochs "
             "and what is written may be changed"},
    {"init_from", 0, "PATH", PATH(config.init_from), .unset = "none", .group = GROUP_CHECKPOINTS,
     .help = "begin with the weights of another run (its folder, or a file of its checkpoints), or of any safetensors file that names them so"},
    {"checkpoint_every", 0, "N", WHOLE(config.checkpoint_every, 1, 1e6), .initial = "1", .resumable = true,
     .group = GROUP_CHECKPOINTS, .help = "epochs from one checkpoint to the next"},
    {"checkpoint_minutes", 0, "X", REAL(config.checkpoint_minutes, 0, 1e6), .above_min = true, .initial = "5",
     .resumable = true, .group = GROUP_CHECKPOINTS,
     .help = "write one within an epoch too when so many minutes have passed"},
    {"keep_checkpoints", 0, "N", WHOLE(config.keep_checkpoints, 0, 1000), .initial = "1", .resumable = true,
     .group = GROUP_CHECKPOINTS, .help = "older checkpoints that are kept beside the latest and, where images are measured, the one with the lowest "
             "Frechet distance"},
    {"rescues", 0, "N", WHOLE(config.rescues, 0, 100), .initial = "3", .resumable = true, .names_run = true, .group = GROUP_CHECKPOINTS,
     .help = "times that a training which diverges is taken back to the last good state"},

    {"encoding_dims", 0, "N", WHOLE(config.encoding_dims, 1, 65536), .group = GROUP_NETS,
     .help = "width of z, the noise that G makes an image of"},
    {"noise", 0, "KIND", CHOICE(config.noise, NOISES), .initial = "normal", .group = GROUP_NETS,
     .help = "z ~ N(0, 1) or U(-R, R)"},
    {"noise_range", 0, "R", REAL(config.noise_range, 0, 1000), .above_min = true, .initial = "1",
     NEEDS(is_uniform, "--noise uniform"), .group = GROUP_NETS, .help = "the R of uniform noise"},
    {"conditional", 0, NULL, SWITCH(config.conditional), .group = GROUP_NETS,
     .help = "give both nets the labels: one-hot beside z in G; through a dense layer, beside the image in D"},
    {"g_hidden", 0, "WIDTHS", WIDTHS(config.generator.hidden), .group = GROUP_NETS,
     .help = "hidden layers of the generator G"},
    {"d_hidden", 0, "WIDTHS", WIDTHS(config.discriminator.hidden), .group = GROUP_NETS,
     .help = "hidden layers of the discriminator D"},
    {"g_activation", 0, "KIND", ACTIVATION(config.generator.activation),
     NEEDS(g_is_hidden, "hidden layers in G (--g_hidden)"), .group = GROUP_NETS, .help = "of G's hidden layers"},
    {"d_activation", 0, "KIND", ACTIVATION(config.discriminator.activation),
     NEEDS(d_is_hidden, "hidden layers in D (--d_hidden)"), .group = GROUP_NETS, .help = "of D's hidden layers"},
    {"output", 0, "KIND", CHOICE(config.output, OUTPUTS), .group = GROUP_NETS,
     .help = "activation of G's output; tanh takes images in [-1, 1], the others in [0, 1]"},
    {"dropout", 0, "RATES", .type = VALUE_RATES, FIELD(config.dropout), RANGE(0, 1), .below_max = true,
     .initial = "none", NEEDS(d_is_hidden, "hidden layers in D (--d_hidden)"), .group = GROUP_NETS,
     .help = "after each hidden layer of D, the last rate repeated"},
    {"input_dropout", 0, "RATE", REAL(config.input_dropout, 0, 1), .below_max = true, .initial = "0",
     .group = GROUP_NETS, .help = "of the images on their way into D, not of labels"},
    {"init", 0, "KIND", .type = VALUE_INITIALIZATION, FIELD(config.init), .choices = INITIALIZATIONS, RANGE(0, 1000),
     .above_min = true, .in_recipe = true, .group = GROUP_NETS, .help = "how weights begin"},
    {"d_init", 0, "KIND", .type = VALUE_INITIALIZATION, FIELD(config.d_init), .choices = INITIALIZATIONS, RANGE(0, 1000),
     .above_min = true, .unset = "the same", .in_recipe = true, .group = GROUP_NETS, .help = "how D's weights begin"},
    {"bias_init", 0, "KIND", CHOICE(config.bias_init, BIAS_INITS), .initial = "zero", .in_recipe = true, .group = GROUP_NETS,
     .help = "how biases begin: at zero, or drawn as the weights are"},
    {"output_bias", 0, "KIND", CHOICE(config.output_bias, OUTPUT_BIASES), .initial = "same", .in_recipe = true, .group = GROUP_NETS,
     .help = "how those of G's output begin, where no --init_from has them: as the others, or so that they alone make the mean "
             "of the images"},

    {"g_batch_norm", 0, "PLACE", CHOICE(config.generator.batch_norm, PLACES), .initial = "none",
     NEEDS(g_can_normalize, "a hidden layer of G to normalize (--g_hidden, --g_batch_norm_first)"),
     .group = GROUP_BATCH_NORM, .help = "in G's hidden layers, before or after the activation"},
    {"d_batch_norm", 0, "PLACE", CHOICE(config.discriminator.batch_norm, PLACES), .initial = "none",
     NEEDS(d_can_normalize, "a hidden layer of D to normalize (--d_hidden, --d_batch_norm_first)"),
     .group = GROUP_BATCH_NORM, .help = "in D's hidden layers, before or after the activation"},
    {"g_batch_norm_first", 0, "yes|no", .type = VALUE_YES_NO, FIELD(config.generator.batch_norm_first),
     .initial = "yes", NEEDS(g_has_place, "--g_batch_norm before or after and a hidden layer"),
     .group = GROUP_BATCH_NORM, .help = "whether G's first hidden layer has it too"},
    {"d_batch_norm_first", 0, "yes|no", .type = VALUE_YES_NO, FIELD(config.discriminator.batch_norm_first),
     .initial = "yes", NEEDS(d_has_place, "--d_batch_norm before or after and a hidden layer"),
     .group = GROUP_BATCH_NORM, .help = "whether D's first hidden layer has it too"},
    {"batch_norm_momentum", 0, "X", REAL(config.batch_norm_momentum, 0, 1), .below_max = true, .initial = "0.99",
     NEEDS(normalizes, BATCH_NORM), .group = GROUP_BATCH_NORM,
     .help = "what running statistics keep at an update, as in Keras (PyTorch's is 1 less this)"},
    {"batch_norm_epsilon", 0, "X", REAL(config.batch_norm_epsilon, 0, 1000), .above_min = true, .initial = "0.001",
     NEEDS(normalizes, BATCH_NORM), .group = GROUP_BATCH_NORM, .help = "added to the variance"},
    {"batch_norm_variance", 0, "KIND", CHOICE(config.batch_norm_variance, VARIANCES), .initial = "biased",
     NEEDS(normalizes, BATCH_NORM), .group = GROUP_BATCH_NORM,
     .help = "the one that running statistics keep: Keras' (biased) or PyTorch's"},

    {"loss", 0, "KIND", CHOICE(config.loss, LOSSES), .initial = "non-saturating", .group = GROUP_OBJECTIVE,
     .help = "what D and G minimize; with least_squares and hinge D's output is no probability, with relativistic D "
             "says which of two images is the more real"},
    {"d_loss_scale", 0, "X", REAL(config.d_loss_scale, 0, 1000), .above_min = true, .initial = "1",
     .group = GROUP_OBJECTIVE, .help = "multiplies D's loss"},
    {"label_smoothing", 0, "S", REAL(config.label_smoothing, 0, 0.5), .initial = "0",
     NEEDS(has_labels, "--loss non-saturating, minimax or least_squares"), .group = GROUP_OBJECTIVE,
     .help = "real images count as 1 - S"},
    {"r1", 0, "GAMMA", REAL(config.r1, 0, 1e6), .initial = "0", .group = GROUP_OBJECTIVE,
     .help = "adds GAMMA / 2 times the mean square of D's gradient by real images to D's loss; needs a D without batch "
             "norm, of linear, relu, leaky_relu or maxout layers"},
    {"r2", 0, "GAMMA", REAL(config.r2, 0, 1e6), .initial = "0", .group = GROUP_OBJECTIVE,
     .help = "the same of generated images"},

    {"optimizer", 0, "KIND", CHOICE(config.optimizer, OPTIMIZERS), .group = GROUP_OPTIMIZER,
     .help = "of both nets"},
    {"learning_rate", 0, "X", REAL(config.learning_rate, 0, 1000), .above_min = true, .group = GROUP_OPTIMIZER,
     .help = "of both nets"},
    {"g_learning_rate", 0, "X", REAL(config.generator.learning_rate, 0, 1000), .above_min = true,
     .unset = "the same", .group = GROUP_OPTIMIZER, .help = "of G alone"},
    {"beta_1", 0, "X", REAL(config.beta_1, 0, 1), .below_max = true, .initial = "0.9",
     NEEDS(is_adam, "--optimizer adam"), .group = GROUP_OPTIMIZER, .help = "what Adam's first moment keeps"},
    {"beta_2", 0, "X", REAL(config.beta_2, 0, 1), .below_max = true, .initial = "0.999",
     NEEDS(is_adam, "--optimizer adam"), .group = GROUP_OPTIMIZER, .help = "what Adam's second moment keeps"},
    {"momentum", 0, "X", REAL(config.momentum, 0, 1), .below_max = true, .initial = "0",
     NEEDS(is_sgd, "--optimizer sgd"), .group = GROUP_OPTIMIZER, .help = "of stochastic gradient descent"},
    {"final_momentum", 0, "X", REAL(config.final_momentum, 0, 1), .above_min = true, .below_max = true, .unset = "the same",
     NEEDS(is_sgd, "--optimizer sgd"), .group = GROUP_OPTIMIZER,
     .help = "what momentum comes to, evenly"},
    {"momentum_epochs", 0, "N", WHOLE(config.momentum_epochs, 1, 1e6), .unset = "those the run is begun for",
     NEEDS(has_ramp, "--final_momentum"), .group = GROUP_OPTIMIZER, .help = "after how many epochs it has come to that"},
    {"schedule", 0, "KIND", CHOICE(config.schedule, SCHEDULES), .initial = "constant", .group = GROUP_OPTIMIZER,
     .help = "how the learning rates come from --learning_rate to --final_learning_rate; "
             "exponential with a --decay X divides them by 1 + X at each update instead"},
    {"schedule_epochs", 0, "N", WHOLE(config.schedule_epochs, 1, 1e6), .unset = "those the run is begun for",
     NEEDS(has_schedule_epochs, "--schedule linear, cosine, or exponential without --decay"), .group = GROUP_OPTIMIZER,
     .help = "epochs after which the learning rates have come to --final_learning_rate"},
    {"final_learning_rate", 0, "X", REAL(config.final_learning_rate, 0, 1000), .initial = "0",
     NEEDS(has_floor, "--schedule linear, cosine or exponential"), .group = GROUP_OPTIMIZER,
     .help = "what the learning rate does not fall below; G's own in proportion, and a preset's to another --learning_rate"},
    {"decay", 0, "X", REAL(config.decay, 0, 1000), .initial = "0",
     NEEDS(may_decay, "--schedule constant or exponential"), .group = GROUP_OPTIMIZER,
     .help = "after t updates the learning rate is divided by 1 + X t, with --schedule exponential by (1 + X)^t"},
    {"clip_norm", 0, "X", REAL(config.clip_norm, 0, 1e6), .initial = "0", .group = GROUP_OPTIMIZER,
     .help = "scales a net's gradient down where its norm is larger; 0: never"},

    {"ema", 0, "IMAGES", WHOLE(config.ema, 0, 1e9), .initial = "0", .group = GROUP_OPTIMIZER,
     .help = "draw samples with a moving average of G's weights, in which an update's share is halved every IMAGES (in the "
             "beginning, every twentieth of those so far); 0: with G itself"},

    {"order", 0, "ORDER", CHOICE(config.order, ORDERS), .group = GROUP_STEP,
     .help = "which net is updated first in a step; simultaneous: both, from one pass of the images through them, which "
             "needs --fakes same_images and leaves no other choice in this group"},
    {"fakes", 0, "WHICH", CHOICE(config.fakes, FAKES), .group = GROUP_STEP,
     .help = "what a step's second update works on: a new z; the first one's z through the nets as they are by then; "
             "the very images of the first"},
    {"d_steps", 0, "N", WHOLE(config.d_steps, 1, 1000), .initial = "1", .group = GROUP_STEP,
     .help = "updates of D in a step, each on other real images"},
    {"g_steps", 0, "N", WHOLE(config.g_steps, 1, 1000), .initial = "1", .group = GROUP_STEP,
     .help = "updates of G in a step"},
    {"d_batch", 0, "KIND", CHOICE(config.d_batch, D_BATCHES), .initial = "separate", .group = GROUP_STEP,
     .help = "an update of D takes a full real and a full generated batch, or half of each in one"},

    {"seed", 0, "N", .type = VALUE_SEED, FIELD(config.seed), .initial = "0", .in_recipe = true, .group = GROUP_PROGRAM,
     .help = "of all that is random: the same seed gives the same bytes"},
    {"threads", 0, "N", WHOLE(config.threads, 1, 1024), .unset = "the cores this process may use",
     .resumable = true, .group = GROUP_PROGRAM, .help = "computing threads; their number never changes a bit"},
    {"quiet", 'q', NULL, SWITCH(quiet), .command_line_only = true, .resumable = true, .group = GROUP_PROGRAM,
     .help = "plain lines alone, as into a pipe"},
    LAST_ROWS,
};
/* clang-format on */
_Static_assert(sizeof FLAGS / sizeof *FLAGS <= FLAGS_MAX, "more flags than FLAGS_MAX");
_Static_assert(offsetof(struct config, grid_columns) == offsetof(struct config, grid_rows) + sizeof(size_t),
               "VALUE_GRID is two sizes");

const struct command GAN_TRAIN = {
    .name = "gan-train",
    .texts = &TRAIN_TEXTS,
    .flags = FLAGS,
    .flag_count = sizeof FLAGS / sizeof *FLAGS,
    .options_size = sizeof(struct options),
};
