/* Each preset against its recipe, typed anew field by field, and runs as what they have beyond theirs. */
#include "unit.h"

#include "cli/options.h"
#include "cli/presets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct net {
    size_t widths[5]; /* ended by 0 */
    enum activation_kind activation;
    double argument; /* the slope, or the pieces */
    enum batch_norm_place batch_norm;
    bool batch_norm_first;
};

struct recipe {
    const char *name;
    size_t limit_images, epochs, batch_size, encoding_dims;
    double noise_range; /* 0: normal noise */
    struct net generator, discriminator;
    enum activation_kind output;
    double batch_norm_momentum, batch_norm_epsilon;
    enum batch_norm_variance variance;
    double dropout[4]; /* ended by -1 */
    double input_dropout;
    struct initialization init, d_init;
    enum bias_init bias_init;
    enum output_bias output_bias;
    enum loss loss;
    double d_loss_scale, r1, r2;
    enum optimizer_kind optimizer;
    double learning_rate, beta_1, beta_2, momentum, final_momentum, decay;
    size_t momentum_epochs;
    enum schedule schedule;
    double final_learning_rate;
    size_t ema;
    enum order order;
    enum fakes fakes;
    bool conditional;
};

#define NONE                                                                                                           \
    {                                                                                                                  \
        -1                                                                                                             \
    }

static const struct recipe RECIPES[] = {
    {
        .name = "best",
        .epochs = 50,
        .batch_size = 128,
        .encoding_dims = 64,
        .generator = {{512, 512, 512}, ACTIVATION_LEAKY_RELU, 0.2, BATCH_NORM_NONE, true},
        .discriminator = {{512, 512, 512}, ACTIVATION_LEAKY_RELU, 0.2, BATCH_NORM_NONE, true},
        .output = ACTIVATION_TANH,
        .batch_norm_momentum = 0.99,
        .batch_norm_epsilon = 1e-3,
        .variance = VARIANCE_BIASED,
        .dropout = NONE,
        .init = {INIT_HE_NORMAL, 0},
        .bias_init = BIAS_ZERO,
        .loss = LOSS_RELATIVISTIC,
        .d_loss_scale = 1,
        .r1 = 1,
        .r2 = 1,
        .optimizer = OPTIMIZER_ADAM,
        .learning_rate = 1e-3,
        .beta_1 = 0,
        .beta_2 = 0.99,
        .schedule = SCHEDULE_COSINE,
        .final_learning_rate = 5e-5,
        .ema = 100000,
        .order = ORDER_D_THEN_G,
        .fakes = FAKES_FRESH,
        .conditional = false,
    },
    {
        .name = "vanilla",
        .epochs = 100,
        .batch_size = 100,
        .encoding_dims = 128,
        .generator = {{256}, ACTIVATION_RELU, 0, BATCH_NORM_NONE, true},
        .discriminator = {{256}, ACTIVATION_RELU, 0, BATCH_NORM_NONE, true},
        .output = ACTIVATION_SIGMOID,
        .batch_norm_momentum = 0.99,
        .batch_norm_epsilon = 1e-3,
        .variance = VARIANCE_BIASED,
        .dropout = NONE,
        .init = {INIT_GLOROT_UNIFORM, 0},
        .bias_init = BIAS_ZERO,
        .loss = LOSS_NON_SATURATING,
        .d_loss_scale = 1,
        .optimizer = OPTIMIZER_ADAM,
        .learning_rate = 1e-4,
        .beta_1 = 0.9,
        .beta_2 = 0.999,
        .decay = 0,
        .order = ORDER_D_THEN_G,
        .fakes = FAKES_SAME_IMAGES,
        .conditional = false,
    },
    {
        .name = "rmsprop-bn",
        .epochs = 150,
        .batch_size = 128,
        .encoding_dims = 100,
        .generator = {{256, 512, 1024}, ACTIVATION_RELU, 0, BATCH_NORM_BEFORE, true},
        .discriminator = {{512, 256}, ACTIVATION_RELU, 0, BATCH_NORM_BEFORE, false},
        .output = ACTIVATION_TANH,
        .batch_norm_momentum = 0.99,
        .batch_norm_epsilon = 1e-3,
        .variance = VARIANCE_BIASED,
        .dropout = NONE,
        .init = {INIT_HE_NORMAL, 0},
        .bias_init = BIAS_ZERO,
        .loss = LOSS_NON_SATURATING,
        .d_loss_scale = 1,
        .optimizer = OPTIMIZER_RMSPROP,
        .learning_rate = 1e-3,
        .beta_1 = 0.9,
        .beta_2 = 0.999,
        .decay = 3e-8,
        .order = ORDER_D_THEN_G,
        .fakes = FAKES_FRESH,
        .conditional = false,
    },
    {
        .name = "conditional",
        .epochs = 150,
        .batch_size = 128,
        .encoding_dims = 100,
        .generator = {{256, 512}, ACTIVATION_RELU, 0, BATCH_NORM_BEFORE, true},
        .discriminator = {{512, 256}, ACTIVATION_RELU, 0, BATCH_NORM_NONE, true},
        .output = ACTIVATION_SIGMOID,
        .batch_norm_momentum = 0.99,
        .batch_norm_epsilon = 1e-3,
        .variance = VARIANCE_BIASED,
        .dropout = NONE,
        .init = {INIT_HE_NORMAL, 0},
        .bias_init = BIAS_ZERO,
        .loss = LOSS_NON_SATURATING,
        .d_loss_scale = 1,
        .optimizer = OPTIMIZER_RMSPROP,
        .learning_rate = 1e-3,
        .beta_1 = 0.9,
        .beta_2 = 0.999,
        .decay = 3e-8,
        .order = ORDER_D_THEN_G,
        .fakes = FAKES_FRESH,
        .conditional = true,
    },
    {
        .name = "minimax",
        .epochs = 100,
        .batch_size = 100,
        .encoding_dims = 128,
        .generator = {{256}, ACTIVATION_RELU, 0, BATCH_NORM_NONE, true},
        .discriminator = {{256}, ACTIVATION_RELU, 0, BATCH_NORM_NONE, true},
        .output = ACTIVATION_RELU,
        .batch_norm_momentum = 0.99,
        .batch_norm_epsilon = 1e-3,
        .variance = VARIANCE_BIASED,
        .dropout = NONE,
        .init = {INIT_NORMAL, 0.01},
        .bias_init = BIAS_ZERO,
        .loss = LOSS_MINIMAX,
        .d_loss_scale = 1,
        .optimizer = OPTIMIZER_ADAM,
        .learning_rate = 2e-4,
        .beta_1 = 0.9,
        .beta_2 = 0.999,
        .decay = 0,
        .order = ORDER_D_THEN_G,
        .fakes = FAKES_SAME_IMAGES,
        .conditional = false,
    },
    {
        .name = "deep",
        .epochs = 50,
        .batch_size = 128,
        .encoding_dims = 100,
        .generator = {{256, 512, 1024}, ACTIVATION_LEAKY_RELU, 0.2, BATCH_NORM_AFTER, true},
        .discriminator = {{1024, 512, 256}, ACTIVATION_LEAKY_RELU, 0.2, BATCH_NORM_NONE, true},
        .output = ACTIVATION_TANH,
        .batch_norm_momentum = 0.8,
        .batch_norm_epsilon = 1e-3,
        .variance = VARIANCE_BIASED,
        .dropout = {0.3, 0.3, 0, -1},
        .init = {INIT_GLOROT_UNIFORM, 0},
        .bias_init = BIAS_ZERO,
        .loss = LOSS_NON_SATURATING,
        .d_loss_scale = 1,
        .optimizer = OPTIMIZER_ADAM,
        .learning_rate = 2e-4,
        .beta_1 = 0.5,
        .beta_2 = 0.999,
        .decay = 0,
        .order = ORDER_D_THEN_G,
        .fakes = FAKES_FRESH,
        .conditional = false,
    },
    {
        .name = "truncnorm",
        .epochs = 100,
        .batch_size = 100,
        .encoding_dims = 128,
        .generator = {{256}, ACTIVATION_RELU, 0, BATCH_NORM_NONE, true},
        .discriminator = {{256}, ACTIVATION_RELU, 0, BATCH_NORM_NONE, true},
        .output = ACTIVATION_SIGMOID,
        .batch_norm_momentum = 0.99,
        .batch_norm_epsilon = 1e-3,
        .variance = VARIANCE_BIASED,
        .dropout = NONE,
        .init = {INIT_TRUNCATED_NORMAL, 0.1},
        .bias_init = BIAS_AS_WEIGHTS,
        .loss = LOSS_NON_SATURATING,
        .d_loss_scale = 1,
        .optimizer = OPTIMIZER_ADAM,
        .learning_rate = 2e-4,
        .beta_1 = 0.9,
        .beta_2 = 0.999,
        .decay = 0,
        .order = ORDER_G_THEN_D,
        .fakes = FAKES_SAME_NOISE,
        .conditional = false,
    },
    {
        .name = "pytorch-gan",
        .epochs = 200,
        .batch_size = 64,
        .encoding_dims = 100,
        .generator = {{128, 256, 512, 1024}, ACTIVATION_LEAKY_RELU, 0.2, BATCH_NORM_BEFORE, false},
        .discriminator = {{512, 256}, ACTIVATION_LEAKY_RELU, 0.2, BATCH_NORM_NONE, true},
        .output = ACTIVATION_TANH,
        .batch_norm_momentum = 0.9,
        .batch_norm_epsilon = 0.8,
        .variance = VARIANCE_UNBIASED,
        .dropout = NONE,
        .init = {INIT_LECUN_UNIFORM, 0},
        .bias_init = BIAS_AS_WEIGHTS,
        .loss = LOSS_NON_SATURATING,
        .d_loss_scale = 0.5,
        .optimizer = OPTIMIZER_ADAM,
        .learning_rate = 2e-4,
        .beta_1 = 0.5,
        .beta_2 = 0.999,
        .decay = 0,
        .order = ORDER_G_THEN_D,
        .fakes = FAKES_SAME_IMAGES,
        .conditional = false,
    },
    {
        .name = "paper",
        .limit_images = 50000,
        .epochs = 250,
        .batch_size = 100,
        .encoding_dims = 100,
        .noise_range = 1.7320508075688772,
        .generator = {{1200, 1200}, ACTIVATION_RELU, 0, BATCH_NORM_NONE, true},
        .discriminator = {{240, 240}, ACTIVATION_MAXOUT, 5, BATCH_NORM_NONE, true},
        .output = ACTIVATION_SIGMOID,
        .batch_norm_momentum = 0.99,
        .batch_norm_epsilon = 1e-3,
        .variance = VARIANCE_BIASED,
        .dropout = {0.5, -1},
        .input_dropout = 0.2,
        .init = {INIT_UNIFORM, 0.05},
        .d_init = {INIT_UNIFORM, 0.005},
        .bias_init = BIAS_ZERO,
        .output_bias = OUTPUT_BIAS_MEAN_IMAGE,
        .loss = LOSS_NON_SATURATING,
        .d_loss_scale = 0.5,
        .optimizer = OPTIMIZER_SGD,
        .learning_rate = 0.1,
        .beta_1 = 0.9,
        .beta_2 = 0.999,
        .momentum = 0.5,
        .final_momentum = 0.7,
        .momentum_epochs = 250,
        .decay = 4e-6,
        .schedule = SCHEDULE_EXPONENTIAL,
        .final_learning_rate = 1e-6,
        .order = ORDER_SIMULTANEOUS,
        .fakes = FAKES_SAME_IMAGES,
        .conditional = false,
    },
};

static void check_net(const struct net_config *found, const struct net *wanted)
{
    size_t count = 0;
    for (; wanted->widths[count]; count++) {
        assert_true(count < found->hidden.count);
        assert_int_equal(found->hidden.widths[count], wanted->widths[count]);
    }
    assert_int_equal(found->hidden.count, count);
    assert_int_equal(found->activation.kind, wanted->activation);
    const bool maxout = found->activation.kind == ACTIVATION_MAXOUT;
    assert_true((maxout ? (double)found->activation.pieces : found->activation.slope) == wanted->argument);
    assert_int_equal(found->batch_norm, wanted->batch_norm);
    assert_int_equal(found->batch_norm_first, wanted->batch_norm_first);
    assert_true(found->learning_rate == 0);
}

static void check_training(const struct config *found, const struct recipe *wanted)
{
    assert_int_equal(found->epochs, wanted->epochs);
    assert_int_equal(found->batch_size, wanted->batch_size);
    assert_int_equal(found->encoding_dims, wanted->encoding_dims);
    assert_int_equal(found->noise, wanted->noise_range > 0 ? NOISE_UNIFORM : NOISE_NORMAL);
    assert_true(found->noise == NOISE_NORMAL || fabs(found->noise_range - wanted->noise_range) < 1e-15);
    assert_int_equal(found->limit_images, wanted->limit_images);
    assert_int_equal(found->init.kind, wanted->init.kind);
    assert_true(found->init.scale == wanted->init.scale);
    assert_int_equal(found->d_init.kind, wanted->d_init.kind);
    assert_true(found->d_init.scale == wanted->d_init.scale);
    assert_int_equal(found->bias_init, wanted->bias_init);
    assert_int_equal(found->output_bias, wanted->output_bias);
    assert_int_equal(found->loss, wanted->loss);
    assert_true(found->d_loss_scale == wanted->d_loss_scale);
    assert_true(found->label_smoothing == 0);
    assert_true(found->r1 == wanted->r1 && found->r2 == wanted->r2);
    assert_true(found->clip_norm == 0);
    assert_int_equal(found->schedule, wanted->schedule);
    assert_true(found->final_learning_rate == wanted->final_learning_rate);
    assert_int_equal(found->ema, wanted->ema);
    assert_int_equal(found->optimizer, wanted->optimizer);
    assert_true(found->learning_rate == wanted->learning_rate);
    assert_true(found->beta_1 == wanted->beta_1);
    assert_true(found->beta_2 == wanted->beta_2);
    assert_true(found->momentum == wanted->momentum && found->final_momentum == wanted->final_momentum);
    assert_int_equal(found->momentum_epochs, wanted->momentum_epochs);
    assert_true(found->decay == wanted->decay);
    assert_int_equal(found->order, wanted->order);
    assert_int_equal(found->fakes, wanted->fakes);
    assert_int_equal(found->d_steps, 1);
    assert_int_equal(found->g_steps, 1);
    assert_int_equal(found->d_batch, D_BATCH_SEPARATE);
    assert_int_equal(found->conditional, wanted->conditional);
    assert_int_equal(found->seed, 0);
}

static void check_nets(const struct config *found, const struct recipe *wanted)
{
    check_net(&found->generator, &wanted->generator);
    check_net(&found->discriminator, &wanted->discriminator);
    assert_int_equal(found->output, wanted->output);
    assert_true(found->batch_norm_momentum == wanted->batch_norm_momentum);
    assert_true(found->batch_norm_epsilon == wanted->batch_norm_epsilon);
    assert_int_equal(found->batch_norm_variance, wanted->variance);
    size_t count = 0;
    for (; wanted->dropout[count] >= 0; count++) {
        assert_true(found->dropout.rates[count] == wanted->dropout[count]);
    }
    assert_int_equal(found->dropout.count, count);
    assert_true(found->input_dropout == wanted->input_dropout);
}

static void test_presets_are_the_recipes(void **state)
{
    (void)state;
    assert_int_equal(PRESET_COUNT, sizeof RECIPES / sizeof *RECIPES);
    for (size_t i = 0; i < PRESET_COUNT; i++) {
        struct options options;
        struct error error;
        char *argv[] = {(char *)"gan-train", (char *)"--preset", (char *)RECIPES[i].name, NULL};
        assert_true(options_parse(3, argv, &options, &error));
        assert_string_equal(options.config.preset, RECIPES[i].name);
        check_nets(&options.config, &RECIPES[i]);
        check_training(&options.config, &RECIPES[i]);
        options_free(&options);
    }
}

/* A flag without a default of its own would otherwise stay zero in silence. */
static void test_presets_give_all_that_makes_a_recipe(void **state)
{
    (void)state;
    for (size_t i = 0; i < PRESET_COUNT; i++) {
        for (size_t j = 0; j < GAN_TRAIN.flag_count; j++) {
            bool given =
                GAN_TRAIN.flags[j].initial || GAN_TRAIN.flags[j].unset || GAN_TRAIN.flags[j].type == VALUE_NONE;
            for (const struct preset_value *value = PRESETS[i].values; value->flag; value++) {
                given = given || strcmp(value->flag, GAN_TRAIN.flags[j].name) == 0;
            }
            if (!given) {
                fail_msg("preset %s: no --%s", PRESETS[i].name, GAN_TRAIN.flags[j].name);
            }
        }
    }
}

/* A value that has no effect, or stands twice, is a mistake in the table. */
static void test_presets_give_nothing_in_vain(void **state)
{
    (void)state;
    for (size_t i = 0; i < PRESET_COUNT; i++) {
        struct options options = {0};
        struct error error;
        assert_true(options_defaults(PRESETS[i].name, &options, &error));
        bool given[FLAGS_MAX] = {false};
        for (const struct preset_value *value = PRESETS[i].values; value->flag; value++) {
            const struct flag *flag = flag_find(&GAN_TRAIN, value->flag);
            assert_non_null(flag);
            assert_true(flag_applies(flag, &options));
            assert_false(given[flag_index(&GAN_TRAIN, flag)]);
            given[flag_index(&GAN_TRAIN, flag)] = true;
        }
        options_free(&options);
    }
}

/* With the preset, such flags make the same run: also what goes along with others. They are taken apart. */
static void check_replay(const struct config *config, char *flags)
{
    struct options again;
    struct error error;
    char *argv[24] = {(char *)"gan-train", (char *)"--preset", config->preset};
    int argc = 3;
    char *rest = NULL;
    for (char *word = strtok_r(flags, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        assert_true(argc < 24);
        argv[argc++] = word;
    }
    assert_true(options_parse(argc, argv, &again, &error));
    assert_true(again.config.learning_rate == config->learning_rate);
    assert_true(again.config.final_learning_rate == config->final_learning_rate);
    assert_int_equal(again.config.schedule, config->schedule);
    assert_int_equal(again.config.epochs, config->epochs);
    assert_int_equal(again.config.schedule_epochs, config->schedule_epochs);
    assert_int_equal(again.config.momentum_epochs, config->momentum_epochs);
    assert_int_equal(again.config.rescues, config->rescues);
    assert_true(again.config.decay == config->decay);
    assert_true(again.config.momentum == config->momentum && again.config.final_momentum == config->final_momentum);
    options_free(&again);
}

/* What is trained, and neither where it is written nor how it is shown. */
static void test_flags_beyond_a_preset(void **state)
{
    (void)state;
    static const struct {
        const char *words[16], *flags;
    } RUNS[] = {
        {{"--preset", "paper"}, ""},
        {{"--preset", "conditional"}, ""},
        {{"-p", "deep", "-e", "50", "--dropout", "0.3,0.3,0", "--seed", "0"}, ""},
        {{"-o", "there", "--data", "digits", "--sample_every", "2", "--eval_every", "3", "--threads", "5"}, ""},
        {{"-e", "3", "--seed", "7", "--threads", "2"}, "--epochs 3 --seed 7"},
        {{"--r1", "0", "--limit_images", "100", "--conditional", "--init_from", "run"},
         "--limit_images 100 --init_from run --conditional --r1 0"},
        {{"--preset", "conditional", "--conditional=no"}, "--conditional=no"},
        {{"--d_init", "normal:0.02", "--g_learning_rate", "1e-4"}, "--d_init normal:0.02 --g_learning_rate 0.0001"},
        {{"--learning_rate", "0.0005", "--schedule", "constant"}, /* where the last rate has no effect any more */
         "--learning_rate 0.0005 --schedule constant"},
        {{"--g_batch_norm", "after", "--g_batch_norm_first", "no"}, "--g_batch_norm after --g_batch_norm_first no"},
        {{"--learning_rate", "0.0005"}, "--learning_rate 0.0005 --final_learning_rate 2.5e-05"}, /* which goes along */
        {{"--learning_rate", "0.0005", "--final_learning_rate", "0.00005"}, /* and not where it is the preset's own */
         "--learning_rate 0.0005 --final_learning_rate 5e-05"},
        {{"-p", "paper", "--schedule", "constant", "--decay", "4e-6"}, "--schedule constant --decay 4e-06"},
        {{"-p", "paper", "--momentum", "0.6"}, "--momentum 0.6"},
        {{"--epochs", "4", "--schedule_epochs", "2", "--rescues", "7"}, "--epochs 4 --rescues 7 --schedule_epochs 2"},
    };
    for (size_t i = 0; i < sizeof RUNS / sizeof *RUNS; i++) {
        struct options options;
        struct error error;
        char *argv[18] = {(char *)"gan-train"};
        int argc = 1;
        for (; RUNS[i].words[argc - 1]; argc++) {
            argv[argc] = (char *)RUNS[i].words[argc - 1];
        }
        assert_true(options_parse(argc, argv, &options, &error));
        char *flags = options_flags(&options, &error);
        assert_string_equal(flags, RUNS[i].flags);
        check_replay(&options.config, flags);
        free(flags);
        options_free(&options);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_presets_are_the_recipes),
        cmocka_unit_test(test_presets_give_all_that_makes_a_recipe),
        cmocka_unit_test(test_presets_give_nothing_in_vain),
        cmocka_unit_test(test_flags_beyond_a_preset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
