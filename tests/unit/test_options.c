/* The command line: every flag reaches its field, every bad value is refused, and nothing is silently without effect.
 */
#include "unit.h"

#include "cli/config_file.h"
#include "cli/number.h"
#include "cli/options.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 24, TEXT_MAX = 256 };

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Parses "gan-train" and the words up to NULL. */
static bool parse(struct options *options, struct error *error, const char *const *words)
{
    char *argv[WORDS_MAX + 2] = {(char *)"gan-train"};
    int argc = 1;
    for (; words[argc - 1]; argc++) {
        assert_true(argc < WORDS_MAX);
        argv[argc] = (char *)words[argc - 1];
    }
    return options_parse(argc, argv, options, error);
}

static struct options accepted(const char *const *words)
{
    struct options options;
    struct error error = {0};
    if (!parse(&options, &error, words)) {
        fail_msg("refused: %s", error.message);
    }
    return options;
}

/* Status 2, nothing held, and a message with all the parts. */
static void assert_refused(const char *const *words, const char *const *parts)
{
    static const struct options EMPTY;
    struct options options;
    struct error error = {0};
    if (parse(&options, &error, words)) {
        fail_msg("taken: %s %s", words[0], words[1] ? words[1] : "");
    }
    assert_int_equal(error.status, STATUS_USAGE);
    assert_memory_equal(&options, &EMPTY, sizeof EMPTY);
    for (; *parts; parts++) {
        if (!strstr(error.message, *parts)) {
            fail_msg("no \"%s\" in: %s", *parts, error.message);
        }
    }
}

#define REFUSED(words, ...) assert_refused(words, WORDS(__VA_ARGS__))

static bool same(const char *found, const char *wanted)
{
    return found && strcmp(found, wanted) == 0;
}

/* Lines in which two configurations differ. */
static size_t lines_that_differ(const struct options *one, const struct options *other)
{
    struct error error;
    char *texts[] = {config_file_text(one, 0, &error), config_file_text(other, 0, &error)};
    assert_non_null(texts[0]);
    assert_non_null(texts[1]);
    size_t count = 0;
    const char *a = texts[0];
    const char *b = texts[1];
    while (*a || *b) {
        size_t length_a = strcspn(a, "\n");
        size_t length_b = strcspn(b, "\n");
        count += length_a != length_b || memcmp(a, b, length_a) != 0;
        a += length_a + (a[length_a] == '\n');
        b += length_b + (b[length_b] == '\n');
    }
    free(texts[0]);
    free(texts[1]);
    return count;
}

/* The options of the words in base alone, which are given to the preset deep where they name none, and of the same with
 * --flag value (NULL: none) after them. Where the flag has a value anyway, its line of --print_config is the only one
 * that differs. */
static void parse_both(bool covered[FLAGS_MAX], const char *base, const char *name, const char *value,
                       struct options both[2])
{
    const struct flag *flag = flag_find(&GAN_TRAIN, name);
    assert_non_null(flag);
    covered[flag_index(&GAN_TRAIN, flag)] = true;
    char copy[TEXT_MAX];
    char long_name[64];
    snprintf(copy, sizeof copy, "%s", base);
    snprintf(long_name, sizeof long_name, "--%s", name);
    const char *words[WORDS_MAX] = {NULL};
    size_t count = 0;
    if (!strstr(base, "-p ")) {
        words[count++] = "-pdeep";
    }
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
        words[count++] = word;
    }
    both[0] = accepted(words);
    words[count++] = long_name;
    words[count] = value;
    both[1] = accepted(words);
    if (!flag->unset && !flag->command_line_only) {
        assert_int_equal(lines_that_differ(&both[0], &both[1]), 1);
    }
}

/* The condition on o (or c, its config) holds with the flag and not without. */
#define GIVES(condition, base, name, value)                                                                            \
    do {                                                                                                               \
        struct options both[2];                                                                                        \
        parse_both(covered, base, name, value, both);                                                                  \
        for (int given = 0; given < 2; given++) {                                                                      \
            const struct options *o = &both[given];                                                                    \
            const struct config *c = &o->config;                                                                       \
            (void)c;                                                                                                   \
            if ((condition) != given) {                                                                                \
                fail_msg("%s is %s with --%s %s", #condition, given ? "false" : "true before", name, #value);          \
            }                                                                                                          \
            options_free(&both[given]);                                                                                \
        }                                                                                                              \
    } while (0)

static void check_data_flags(bool covered[FLAGS_MAX])
{
    GIVES(same(c->data, "some"), "", "data", "some");
    GIVES(same(c->images, "a.idx"), "", "images", "a.idx");
    GIVES(same(c->labels, "b.idx"), "--images a.idx", "labels", "b.idx");
    GIVES(same(c->test_images, "t.idx"), "", "test_images", "t.idx");
    GIVES(same(c->test_images, "t.idx"), "--eval_every 3", "test_images", "t.idx");
    GIVES(c->limit_images == 4294967295, "", "limit_images", "4294967295");
    GIVES(same(c->outdir, "there"), "", "outdir", "there");
    GIVES(c->overwrite, "", "overwrite", NULL);
    GIVES(c->grid_rows == 3 && c->grid_columns == 7, "", "grid", "3x7");
    GIVES(c->sample_every == 9, "", "sample_every", "9");
    GIVES(c->eval_every == 5, "", "eval_every", "5");
    GIVES(c->eval_every == EVERY_OFF, "", "eval_every", "off");
    GIVES(c->log_every == 12, "", "log_every", "12");
    GIVES(c->no_gif, "", "no_gif", NULL);
    GIVES(c->epochs == 1, "", "epochs", "1");
    GIVES(c->max_minutes == 2.5, "", "max_minutes", "2.5");
    GIVES(c->batch_size == 1000000, "", "batch_size", "1000000");
    GIVES(c->seed == UINT64_MAX, "", "seed", "18446744073709551615");
    GIVES(c->threads == 3, "", "threads", "3");
}

static void check_checkpoint_flags(bool covered[FLAGS_MAX])
{
    GIVES(same(o->resume, "there") && o->action == ACTION_RUN, "", "resume", "there");
    GIVES(same(c->init_from, "there"), "", "init_from", "there");
    GIVES(c->checkpoint_every == 7, "", "checkpoint_every", "7");
    GIVES(c->checkpoint_minutes == 0.5, "", "checkpoint_minutes", "0.5");
    GIVES(c->keep_checkpoints == 0, "", "keep_checkpoints", "0");
    GIVES(c->rescues == 0, "", "rescues", "0");
}

static void check_net_flags(bool covered[FLAGS_MAX])
{
    GIVES(c->encoding_dims == 64, "", "encoding_dims", "64");
    GIVES(c->noise_range == 0.5, "--noise uniform", "noise_range", ".5");
    GIVES(c->conditional, "", "conditional", NULL);
    GIVES(c->generator.hidden.count == 2 && c->generator.hidden.widths[0] == 32 && c->generator.hidden.widths[1] == 64,
          "", "g_hidden", "32,64");
    GIVES(c->discriminator.hidden.count == 3 && c->discriminator.hidden.widths[0] == 8 &&
              c->discriminator.hidden.widths[2] == 65536,
          "", "d_hidden", "8,16,65536");
    GIVES(c->generator.activation.kind == ACTIVATION_LEAKY_RELU && c->generator.activation.slope == 0.1, "",
          "g_activation", "leaky_relu:0.1");
    GIVES(c->discriminator.activation.kind == ACTIVATION_TANH, "", "d_activation", "tanh");
    GIVES(c->discriminator.activation.kind == ACTIVATION_MAXOUT && c->discriminator.activation.pieces == 3, "",
          "d_activation", "maxout:3");
    GIVES(c->output == ACTIVATION_SIGMOID, "", "output", "sigmoid");
    GIVES(c->dropout.count == 2 && c->dropout.rates[0] == 0.25 && c->dropout.rates[1] == 0, "", "dropout", "0.25,0");
    GIVES(c->input_dropout == 0.2, "", "input_dropout", "0.2");
    GIVES(c->init.kind == INIT_TRUNCATED_NORMAL && c->init.scale == 0.05, "", "init", "truncated_normal:0.05");
    GIVES(c->d_init.kind == INIT_UNIFORM && c->d_init.scale == 0.005, "", "d_init", "uniform:0.005");
    GIVES(c->bias_init == BIAS_AS_WEIGHTS, "", "bias_init", "weights");
    GIVES(c->output_bias == OUTPUT_BIAS_MEAN_IMAGE, "", "output_bias", "mean_image");
    GIVES(c->generator.batch_norm == BATCH_NORM_BEFORE, "", "g_batch_norm", "before");
    GIVES(c->discriminator.batch_norm == BATCH_NORM_AFTER, "-p rmsprop-bn", "d_batch_norm", "after");
    GIVES(!c->generator.batch_norm_first, "", "g_batch_norm_first", "no");
    GIVES(!c->discriminator.batch_norm_first, "--d_batch_norm before", "d_batch_norm_first", "no");
    GIVES(c->batch_norm_momentum == 0.7, "", "batch_norm_momentum", "0.7");
    GIVES(c->batch_norm_epsilon == 1e-5, "", "batch_norm_epsilon", "1e-5");
    GIVES(c->batch_norm_variance == VARIANCE_UNBIASED, "", "batch_norm_variance", "unbiased");
}

static void check_training_flags(bool covered[FLAGS_MAX])
{
    GIVES(c->loss == LOSS_MINIMAX, "", "loss", "minimax");
    GIVES(c->d_loss_scale == 0.5, "", "d_loss_scale", "0.5");
    GIVES(c->label_smoothing == 0.5, "", "label_smoothing", "0.5");
    GIVES(c->r1 == 0.3, "", "r1", "0.3");
    GIVES(c->r2 == 0.7, "", "r2", "0.7");
    GIVES(c->learning_rate == 3e-4, "", "learning_rate", "3e-4");
    GIVES(c->generator.learning_rate == 4e-4, "", "g_learning_rate", "4E-4");
    GIVES(c->beta_1 == 0.75, "", "beta_1", "0.75");
    GIVES(c->beta_2 == 0.99, "", "beta_2", "0.99");
    GIVES(c->momentum == 0.9, "--optimizer sgd", "momentum", "0.9");
    GIVES(c->ema == 10000, "", "ema", "10000");
    GIVES(c->final_momentum == 0.7, "--optimizer sgd", "final_momentum", "0.7");
    GIVES(c->momentum_epochs == 7, "--optimizer sgd --final_momentum 0.7", "momentum_epochs", "7");
    GIVES(c->schedule_epochs == 7, "--schedule linear", "schedule_epochs", "7");
    GIVES(c->final_learning_rate == 1e-5, "--schedule linear", "final_learning_rate", "1e-5");
    GIVES(c->clip_norm == 2.5, "", "clip_norm", "2.5");
    GIVES(c->decay == 1e-6, "", "decay", "1e-6");
    GIVES(c->order == ORDER_G_THEN_D, "", "order", "g-then-d");
    GIVES(c->fakes == FAKES_SAME_NOISE, "", "fakes", "same_noise");
    GIVES(c->d_steps == 5, "", "d_steps", "5");
    GIVES(c->g_steps == 1000, "", "g_steps", "1000");
    GIVES(c->d_batch == D_BATCH_MERGED, "", "d_batch", "merged");
    GIVES(o->quiet, "", "quiet", NULL);
    GIVES(o->action == ACTION_PRINT_CONFIG, "", "print_config", NULL);
    GIVES(o->action == ACTION_LIST_PRESETS, "", "list_presets", NULL);
    GIVES(o->action == ACTION_HELP, "", "help", NULL);
    GIVES(o->action == ACTION_VERSION, "", "version", NULL);
    GIVES(o->action == ACTION_PRINT_MAN, "", "print_man", NULL);
    GIVES(o->action == ACTION_PRINT_COMPLETION && o->shell == SHELL_ZSH, "", "print_completion", "zsh");
}

/* Flags that bring others with them, so that more than their own line differs. */
static void check_wide_flags(bool covered[FLAGS_MAX])
{
    static const char *const WIDE[] = {"preset", "noise", "optimizer", "schedule",
                                       "config"}; /* config: in test_config_file */
    for (size_t i = 0; i < sizeof WIDE / sizeof *WIDE; i++) {
        covered[flag_index(&GAN_TRAIN, flag_find(&GAN_TRAIN, WIDE[i]))] = true;
    }
    struct options options = accepted(WORDS("--noise", "uniform", "--optimizer", "sgd", "--preset", "vanilla"));
    assert_int_equal(options.config.noise, NOISE_UNIFORM);
    assert_int_equal(options.config.optimizer, OPTIMIZER_SGD);
    assert_string_equal(options.config.preset, "vanilla");
    assert_int_equal(options.config.encoding_dims, 128);
    options_free(&options);
}

static void test_every_flag_reaches_its_field(void **state)
{
    (void)state;
    bool covered[FLAGS_MAX] = {false};
    check_data_flags(covered);
    check_checkpoint_flags(covered);
    check_net_flags(covered);
    check_training_flags(covered);
    check_wide_flags(covered);
    for (size_t i = 0; i < GAN_TRAIN.flag_count; i++) {
        if (!covered[i]) {
            fail_msg("--%s is in no test", GAN_TRAIN.flags[i].name);
        }
    }
}

static void test_names_and_forms(void **state)
{
    (void)state;
    struct options options =
        accepted(WORDS("-pdeep", "--batch-size=64", "--g_hidden", "8", "--g-batch_norm-first=no", "-qe5"));
    assert_int_equal(options.config.batch_size, 64);
    assert_int_equal(options.config.generator.batch_norm, BATCH_NORM_NONE); /* the one layer is left out */
    assert_true(options.quiet);
    assert_int_equal(options.config.epochs, 5);
    options_free(&options);
    options = accepted(WORDS("-p", "minimax", "-o", "--epochs-", "-b7", "-e", "3"));
    assert_string_equal(options.config.outdir, "--epochs-");
    assert_int_equal(options.config.batch_size, 7);
    options_free(&options);
    options = accepted(WORDS("-p", "pytorch_gan", "--no_gif=yes", "--quiet=no"));
    assert_string_equal(options.config.preset, "pytorch-gan");
    assert_int_equal(options.config.batch_size, 64);
    assert_true(options.config.no_gif && !options.quiet);
    options_free(&options);
    options = accepted(WORDS("--conditional=no", "--preset", "conditional"));
    assert_false(options.config.conditional);
    options_free(&options);
    options = accepted(WORDS("--outdir=--epochs", "--epochs", "3"));
    assert_string_equal(options.config.outdir, "--epochs");
    options_free(&options);
    options = accepted(WORDS("--g_activation", "leaky_relu", "--dropout", "none"));
    assert_true(options.config.generator.activation.slope == 0.2);
    assert_int_equal(options.config.dropout.count, 0);
    options_free(&options);
    options = accepted(WORDS("--g_activation", "maxout", "--d_activation", "maxout:64"));
    assert_int_equal(options.config.generator.activation.pieces, 5);
    assert_int_equal(options.config.discriminator.activation.pieces, 64);
    options_free(&options);
}

static void test_unknown_words(void **state)
{
    (void)state;
    REFUSED(WORDS("--epoch", "3"), "--epoch", "did you mean --epochs?");
    REFUSED(WORDS("--batch=3"), "--batch", "did you mean --batch_size?");
    REFUSED(WORDS("--lerning-rate", "1"), "--lerning-rate", "did you mean --learning_rate?");
    REFUSED(WORDS("--g_hiden", "1"), "did you mean --g_hidden?");
    REFUSED(WORDS("-epochs", "3"), "-epochs", "did you mean --epochs?");
    REFUSED(WORDS("-x"), "-x", "--help");
    REFUSED(WORDS("--completely_else"), "--completely_else: no such flag (see gan-train --help)");
    REFUSED(WORDS("--print_me"), "--print_me: no such flag (see"); /* hidden ones are not suggested */
    REFUSED(WORDS("stray"), "'stray'", "stray word");
    REFUSED(WORDS("--epochs", "3", "4"), "'4'", "stray word");
    REFUSED(WORDS("--print_config", "stray"), "'stray'", "stray word"); /* and no action stays behind */
    REFUSED(WORDS("--"), "'--'");
    REFUSED(WORDS("-"), "'-'");
    REFUSED(WORDS(""), "''");
    REFUSED(WORDS("--epochs"), "--epochs: needs a value");
    REFUSED(WORDS("--outdir", "--epochs", "3"), "--outdir: needs a value");
    REFUSED(WORDS("-o", "-q"), "--outdir: needs a value");
    REFUSED(WORDS("--list_presets=yes"), "--list_presets: takes no value", "'yes'");
    REFUSED(WORDS("--quiet=maybe"), "--quiet: 'maybe'");
    REFUSED(WORDS("--epochs", "3", "-e4"), "--epochs: given twice", "'4'");
    REFUSED(WORDS("--batch_size", "3", "--batch-size", "3"), "--batch_size: given twice");
    REFUSED(WORDS("-qq"), "--quiet: given twice");
}

/* "--flag: 'value'" is in the refusal of each. */
static void refuse_values(const char *name, const char *const *values)
{
    for (; *values; values++) {
        char word[64];
        char part[TEXT_MAX];
        snprintf(word, sizeof word, "--%s", name);
        snprintf(part, sizeof part, "--%s: '%.60s", name, *values);
        const char *words[] = {word, *values, NULL};
        REFUSED(words, part, " is not ");
    }
}

static void test_bad_numbers(void **state)
{
    (void)state;
    static const char *const NEVER[] = {"",     " 1",     "1 ",   "x",   "1x",  "-1",       "+1",
                                        "0x10", "nan",    "inf",  "1e",  "--1", "1,1",      "1e999",
                                        "none", "1e-999", "1.1.", "1_0", ".",   "\xc2\xb2", "99999999999999999999999",
                                        NULL};
    static const char *const NEVER_WHOLE[] = {"1.0", "1e3", "18446744073709551616", NULL};
    size_t numbers = 0;
    for (size_t i = 0; i < GAN_TRAIN.flag_count; i++) {
        const struct flag *flag = &GAN_TRAIN.flags[i];
        if (flag->type == VALUE_WHOLE || flag->type == VALUE_EVERY || flag->type == VALUE_SEED ||
            flag->type == VALUE_REAL) {
            refuse_values(flag->name, NEVER);
            numbers++;
        }
        if (flag->type == VALUE_WHOLE || flag->type == VALUE_EVERY || flag->type == VALUE_SEED) {
            refuse_values(flag->name, NEVER_WHOLE);
        }
    }
    assert_in_range(numbers, 20, 40);
}

static void test_numbers_out_of_range(void **state)
{
    (void)state;
    refuse_values("epochs", WORDS("0", "1000001"));
    refuse_values("batch_size", WORDS("0", "1000001"));
    refuse_values("encoding_dims", WORDS("0", "65537"));
    refuse_values("limit_images", WORDS("0", "4294967296"));
    refuse_values("max_minutes", WORDS("-1", "1000001"));
    refuse_values("sample_every", WORDS("0"));
    refuse_values("log_every", WORDS("0"));
    refuse_values("eval_every", WORDS("0", "1000001", "Off", "off ", "on", "autos", "auto:", "yes"));
    refuse_values("threads", WORDS("0", "1025"));
    refuse_values("checkpoint_every", WORDS("0", "1000001"));
    refuse_values("checkpoint_minutes", WORDS("0", "1000001"));
    refuse_values("keep_checkpoints", WORDS("1001"));
    refuse_values("rescues", WORDS("101"));
    refuse_values("d_steps", WORDS("0", "1001"));
    refuse_values("g_steps", WORDS("0", "1001"));
    refuse_values("noise_range", WORDS("0", "1001"));
    refuse_values("learning_rate", WORDS("0", "0.0", "1001"));
    refuse_values("g_learning_rate", WORDS("0", "1001"));
    refuse_values("beta_1", WORDS("1", "1.5"));
    refuse_values("beta_2", WORDS("1"));
    refuse_values("momentum", WORDS("1"));
    refuse_values("decay", WORDS("1001"));
    refuse_values("batch_norm_momentum", WORDS("1"));
    refuse_values("batch_norm_epsilon", WORDS("0"));
    refuse_values("label_smoothing", WORDS("0.51"));
    refuse_values("d_loss_scale", WORDS("0"));
    REFUSED(WORDS("--batch_size", "12x"), "--batch_size: '12x' is not a whole number from 1 to 1000000");
    REFUSED(WORDS("--batch_size", "12\n"), "'12?' is not"); /* a message is one line */
    REFUSED(WORDS("--beta_1", "1"), "'1' is not a number from 0 to below 1");
}

static void test_a_number_of_epochs_or_a_word(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        size_t value;
    } CASES[] = {{"off", EVERY_OFF}, {"auto", EVERY_AUTO}, {"1", 1}, {"5", 5}, {"1000000", 1000000}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct options options = accepted(WORDS("--eval_every", CASES[i].word));
        assert_true(options.config.eval_every == CASES[i].value);
        options_free(&options);
    }
    struct options options = accepted(WORDS("--epochs", "3"));
    assert_true(options.config.eval_every == EVERY_AUTO);
    options_free(&options);
    REFUSED(WORDS("--eval_every", "0"), "--eval_every: '0' is not off, auto or a whole number from 1 to 1000000");
}

static void test_bad_words_and_lists(void **state)
{
    (void)state;
    static const char *const BAD_WIDTHS[] = {"",       "0",     "1,",   ",1",
                                             "1,,2",   "1;2",   "1, 2", "None",
                                             "none,1", "65537", "1.5",  "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17",
                                             NULL};
    static const char *const BAD_RATES[] = {"", "1", "0.5,", "0.5,,0.5", "-0.1", "0.5,1", "nan", "all", "0.5 ", NULL};
    static const char *const BAD_ACTIVATIONS[] = {
        "",     "relu:0.1", "leaky_relu:", "leaky_relu:1", "leaky_relu:x", "ReLU",       "leaky",    "leaky_relu:0.1:2",
        ":0.1", "tanh ",    "maxout:",     "maxout:1",     "maxout:65",    "maxout:2.5", "maxout:x", "maxout:2:2",
        NULL};
    static const char *const BAD_INITS[] = {"",
                                            "normal",
                                            "normal:",
                                            "normal:0",
                                            "normal:-1",
                                            "normal:1x",
                                            "he_normal:1",
                                            "truncated_normal",
                                            "truncated_normal:1001",
                                            "glorot",
                                            NULL};
    static const char *const BAD_CHOICES[] = {"", "Xyz", " ", "yes:", "1", "0", NULL};
    refuse_values("g_hidden", BAD_WIDTHS);
    refuse_values("d_hidden", BAD_WIDTHS);
    refuse_values("dropout", BAD_RATES);
    refuse_values("g_activation", BAD_ACTIVATIONS);
    refuse_values("d_activation", BAD_ACTIVATIONS);
    refuse_values("init", BAD_INITS);
    refuse_values("output", WORDS("leaky_relu", "", "tanh:1"));
    refuse_values("grid", WORDS("", "10", "10x", "x10", "0x5", "5x0", "101x1", "10X10", "10x10x10", "10 x 10"));
    refuse_values("outdir", WORDS("", "\xff\xfe"));
    for (size_t i = 0; i < GAN_TRAIN.flag_count; i++) {
        if (GAN_TRAIN.flags[i].type == VALUE_CHOICE || GAN_TRAIN.flags[i].type == VALUE_YES_NO ||
            GAN_TRAIN.flags[i].type == VALUE_PRESET) {
            refuse_values(GAN_TRAIN.flags[i].name, BAD_CHOICES);
        }
    }
    REFUSED(WORDS("--preset", "dep"), "--preset: 'dep'", "deep", "pytorch-gan");
    REFUSED(WORDS("--outdir", "\nx\n", "--epochs", "0"), "--epochs: '0'");
}

static void test_flags_without_effect(void **state)
{
    (void)state;
    REFUSED(WORDS("--beta_1", "0.5", "--optimizer", "sgd"), "--beta_1: has no effect without --optimizer adam");
    REFUSED(WORDS("--beta_2", "0.9", "-p", "conditional"), "--beta_2", "adam");
    REFUSED(WORDS("--momentum", "0.9"), "--momentum", "--optimizer sgd");
    REFUSED(WORDS("--noise_range", "2"), "--noise_range", "--noise uniform");
    REFUSED(WORDS("--batch_norm_momentum", "0.5", "-p", "vanilla"), "--batch_norm_momentum", "batch norm");
    REFUSED(WORDS("--batch_norm_epsilon", "0.5", "-p", "minimax"), "--batch_norm_epsilon");
    REFUSED(WORDS("--batch_norm_variance", "biased", "--g_batch_norm", "none"), "--batch_norm_variance");
    REFUSED(WORDS("-pdeep", "--batch_norm_momentum", "0.5", "--g_hidden", "none"), "--batch_norm_momentum");
    REFUSED(WORDS("-pdeep", "--batch_norm_momentum", "0.5", "--g_hidden", "9", "--g_batch_norm_first", "no"),
            "--batch_norm_momentum");
    REFUSED(WORDS("--g_batch_norm_first", "yes", "--g_batch_norm", "none"), "--g_batch_norm_first");
    REFUSED(WORDS("--d_batch_norm_first", "no"), "--d_batch_norm_first", "--d_batch_norm");
    REFUSED(WORDS("--g_batch_norm", "after", "--g_hidden", "none"), "--g_batch_norm", "hidden layer");
    REFUSED(WORDS("--g_batch_norm", "after", "--g_hidden", "9", "--g_batch_norm_first", "no"), "--g_batch_norm",
            "hidden layer");
    REFUSED(WORDS("--d_batch_norm", "after", "--d_hidden", "none"), "--d_batch_norm", "hidden layer");
    REFUSED(WORDS("--g_activation", "relu", "--g_hidden", "none"), "--g_activation", "--g_hidden");
    REFUSED(WORDS("--d_activation", "relu", "--d_hidden", "none"), "--d_activation", "--d_hidden");
    REFUSED(WORDS("--dropout", "0.5", "--d_hidden", "none"), "--dropout", "--d_hidden");
    REFUSED(WORDS("--labels", "b"), "--labels", "--images");
    REFUSED(WORDS("--test_images", "t", "--eval_every", "off"),
            "--test_images: has no effect without --eval_every auto or N");
}

static void test_contradictions(void **state)
{
    (void)state;
    REFUSED(WORDS("--images", "a", "--data", "b"), "--images", "--data");
    REFUSED(WORDS("--dropout", "0.1,0.2", "--d_hidden", "64"), "--dropout", "2 rates", "1 hidden");
    REFUSED(WORDS("-pdeep", "--d_batch", "merged", "--batch_size", "127"), "--d_batch", "--batch_size", "127", "even");
    struct options options = accepted(WORDS("-pdeep", "--d_batch", "merged", "--batch_size", "126"));
    options_free(&options);
    REFUSED(WORDS("-pdeep", "--d_batch", "merged", "--loss", "relativistic"), "--d_batch", "merged",
            "--loss relativistic");
}

static void test_schedules(void **state)
{
    (void)state;
    REFUSED(WORDS("-pdeep", "--final_learning_rate", "1e-5"),
            "--final_learning_rate: has no effect without --schedule linear");
    REFUSED(WORDS("--schedule", "cosine", "--decay", "1e-5"), "--decay: has no effect without --schedule constant");
    REFUSED(WORDS("--schedule", "linear", "--final_learning_rate", "1"), "--final_learning_rate 1: wanted at most",
            "0.001");
    REFUSED(WORDS("--clip_norm", "1e-50"),
            "--clip_norm: '1e-50' is too near to 0 to compute with; wanted a number from");
    REFUSED(WORDS("--dropout", "0.5,1e-60"), "--dropout: '0.5,1e-60' is not");
    struct options options = accepted(WORDS("--learning_rate", "1e-5")); /* a preset's, in proportion */
    assert_true(options.config.final_learning_rate == 5e-7); /* and no number of 16 digits */
    options_free(&options);
    options = accepted(WORDS("--learning_rate", "2e-38")); /* what --config would refuse is 0 */
    assert_true(options.config.final_learning_rate == 0);
    options_free(&options);
    options = accepted(WORDS("--learning_rate", "2e-3", "--final_learning_rate", "1e-4"));
    assert_true(options.config.final_learning_rate == 1e-4);
    options_free(&options);
    options = accepted(WORDS("-p", "paper", "--momentum", "0.6")); /* nothing goes along with that */
    assert_true(options.config.momentum == 0.6 && options.config.final_momentum == 0.7);
    assert_int_equal(options.config.momentum_epochs, 250);
    options_free(&options);
    REFUSED(WORDS("--schedule", "constant", "--schedule_epochs", "7"),
            "--schedule_epochs: has no effect without --schedule linear, cosine, or exponential without --decay");
    REFUSED(WORDS("-p", "paper", "--schedule_epochs", "7"), "--schedule_epochs: has no effect without");
    REFUSED(WORDS("-pdeep", "--schedule", "exponential"), "--schedule: exponential never comes to 0",
            "--final_learning_rate");
    REFUSED(WORDS("--final_momentum", "0.7"), "--final_momentum: has no effect without --optimizer sgd");
    REFUSED(WORDS("--optimizer", "sgd", "--momentum_epochs", "7"),
            "--momentum_epochs: has no effect without --final_momentum");
    options = accepted(WORDS("--schedule", "exponential", "--decay", "4e-6"));
    assert_true(options.config.decay == 4e-6);
    assert_int_equal(options.config.schedule, SCHEDULE_EXPONENTIAL);
    options_free(&options);
    options = accepted(WORDS("-p", "rmsprop-bn", "--schedule", "linear")); /* whose decay goes */
    assert_int_equal(options.config.schedule, SCHEDULE_LINEAR);
    assert_true(options.config.decay == 0);
    options_free(&options);
    options = accepted(WORDS("-p", "conditional", "--schedule", "exponential", "--final_learning_rate", "1e-5"));
    assert_true(options.config.decay == 0); /* 3e-8 would mean another thing there */
    options_free(&options);
    options = accepted(WORDS("-p", "paper", "--schedule", "constant"));
    assert_true(options.config.decay == 0);
    options_free(&options);
    options = accepted(WORDS("-p", "deep", "--decay", "1e-5", "--schedule", "constant"));
    assert_true(options.config.decay == 1e-5);
    options_free(&options);
    options = accepted(WORDS("-p", "paper", "--schedule", "exponential", "--epochs", "3")); /* its own */
    assert_true(options.config.decay == 4e-6);
    options_free(&options);
}

/* No net normalizes over a single image; what has no batch norm does not count. */
static void test_batch_norm_of_one(void **state)
{
    (void)state;
    REFUSED(WORDS("--batch_size", "1", "--g_batch_norm", "after"), "--g_batch_norm: a batch of one image",
            "wanted a --batch_size of 2 or more");
    REFUSED(WORDS("--batch_size", "2", "-p", "rmsprop-bn", "--d_batch", "merged"),
            "--g_batch_norm: a batch of one image", "wanted a --batch_size of 4 or more, or --d_batch separate");
    struct options options = accepted(WORDS("--batch_size", "4", "-p", "rmsprop-bn", "--d_batch", "merged"));
    options_free(&options);
    options = accepted(WORDS("--batch_size", "1", "-p", "rmsprop-bn", "--d_hidden", "none", "--g_hidden", "none"));
    assert_int_equal(options.config.generator.batch_norm, BATCH_NORM_NONE);
    options_free(&options);
}

/* Penalties are of a D that looks at each image by itself, along straight lines. */
static void test_penalties(void **state)
{
    (void)state;
    REFUSED(WORDS("--d_batch_norm", "after"), "--d_batch_norm: contradicts gradient penalties",
            "wanted --r1 0 --r2 0, or");
    REFUSED(WORDS("--r2", "1", "-p", "rmsprop-bn"), "--d_batch_norm: contradicts",
            "wanted --r2 0, or no batch norm in D");
    REFUSED(WORDS("--r2", "0", "--d_activation", "tanh"), "--d_activation: tanh contradicts gradient penalties",
            "wanted --r1 0, or linear, relu, leaky_relu or maxout");
    REFUSED(WORDS("--d_activation", "sigmoid"), "--d_activation: sigmoid contradicts",
            "wanted --r1 0 --r2 0, or linear");
    const char *const kinds[] = {"linear", "relu", "leaky_relu:0.1", "maxout:2"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct options options = accepted(WORDS("--r1", "1", "--r2", "2", "--d_activation", (char *)kinds[i]));
        options_free(&options);
    }
    struct options options = accepted(WORDS("--r1", "0", "--r2", "0", "--d_batch_norm", "after")); /* none */
    options_free(&options);
    options = accepted(WORDS("--r1", "1", "-p", "rmsprop-bn", "--d_hidden", "none"));
    options_free(&options);
}

/* Both nets at once: from the same images, once. */
static void test_simultaneous(void **state)
{
    (void)state;
    struct options options = accepted(WORDS("--order", "simultaneous", "--fakes", "same_images"));
    assert_int_equal(options.config.order, ORDER_SIMULTANEOUS);
    options_free(&options);
    REFUSED(WORDS("--order", "simultaneous"), "--order: simultaneous", "wanted --fakes same_images");
    REFUSED(WORDS("-p", "paper", "--fakes", "same_noise"), "--order: simultaneous", "wanted --fakes same_images");
    REFUSED(WORDS("-p", "paper", "--d_steps", "2"), "--order: simultaneous", "wanted --d_steps 1");
    REFUSED(WORDS("-p", "paper", "--g_steps", "2"), "--order: simultaneous", "wanted --g_steps 1");
    REFUSED(WORDS("-p", "paper", "--d_batch", "merged"), "--order: simultaneous", "wanted --d_batch separate");
}

/* What each word of --loss is, and that those without labels refuse to smooth them. */
static void test_losses(void **state)
{
    (void)state;
    static const char *const WORDS_OF[] = {
        [LOSS_NON_SATURATING] = "non-saturating", [LOSS_MINIMAX] = "minimax",
        [LOSS_LEAST_SQUARES] = "least_squares",   [LOSS_HINGE] = "hinge",
        [LOSS_RELATIVISTIC] = "relativistic",
    };
    struct options other = accepted(WORDS("--loss", "least-squares")); /* '-' and '_' are the same in values, too */
    assert_int_equal(other.config.loss, LOSS_LEAST_SQUARES);
    options_free(&other);
    for (enum loss loss = LOSS_NON_SATURATING; loss <= LOSS_RELATIVISTIC; loss++) {
        struct options options = accepted(WORDS("--loss", (char *)WORDS_OF[loss]));
        assert_int_equal(options.config.loss, loss);
        options_free(&options);
        if (loss <= LOSS_LEAST_SQUARES) {
            options = accepted(WORDS("--loss", (char *)WORDS_OF[loss], "--label_smoothing", "0.1"));
            assert_true(options.config.label_smoothing == 0.1);
            options_free(&options);
        } else {
            REFUSED(WORDS("--loss", (char *)WORDS_OF[loss], "--label_smoothing", "0.1"),
                    "--label_smoothing: has no effect without --loss non-saturating, minimax or least_squares");
        }
    }
}

static void test_layers_left_out_take_their_settings_along(void **state)
{
    (void)state;
    struct options options = accepted(WORDS("-pdeep", "--d_hidden", "64", "--g_hidden", "none"));
    assert_int_equal(options.config.dropout.count, 1);
    assert_true(options.config.dropout.rates[0] == 0.3);
    assert_int_equal(options.config.generator.batch_norm, BATCH_NORM_NONE);
    options_free(&options);
    options = accepted(WORDS("-p", "rmsprop-bn", "--d_hidden", "8")); /* its first layer has no batch norm */
    assert_int_equal(options.config.discriminator.batch_norm, BATCH_NORM_NONE);
    options_free(&options);
    options = accepted(WORDS("-pdeep", "--d_hidden", "none"));
    assert_int_equal(options.config.dropout.count, 0);
    options_free(&options);
}

static void test_actions_win(void **state)
{
    (void)state;
    struct options options = accepted(WORDS("--print_config", "-q", "--help", "--no-such", "stray"));
    assert_int_equal(options.action, ACTION_HELP);
    options_free(&options);
    REFUSED(WORDS("--no-such", "--help"), "--no-such");
    options = accepted(WORDS("--print_config", "--epochs", "3"));
    assert_int_equal(options.action, ACTION_PRINT_CONFIG);
    assert_int_equal(options.config.epochs, 3);
    options_free(&options);
    options = accepted((const char *const[]){NULL});
    assert_int_equal(options.action, ACTION_RUN);
    assert_string_equal(options.config.preset, "best");
    assert_string_equal(options.config.outdir, "out");
    assert_null(options.config.data);
    options_free(&options);
}

static void test_numbers_print_shortest(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } CASES[] = {{0.0002, "0.0002"},
                 {3e-8, "3e-08"},
                 {1e5, "100000"},
                 {0.1 + 0.2, "0.30000000000000004"},
                 {0, "0"},
                 {0.999, "0.999"},
                 {1.0 / 3, "0.3333333333333333"}};
    char text[NUMBER_TEXT];
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        number_print(CASES[i].value, text);
        assert_string_equal(text, CASES[i].text);
    }
    uint64_t bits = 1;
    for (int i = 0; i < 20000; i++) {
        bits = bits * 6364136223846793005 + 1442695040888963407;
        double value;
        double back;
        memcpy(&value, &bits, sizeof value);
        value = fabs(value);
        if (isnormal(value)) {
            number_print(value, text);
            const char *end = number_scan_real(text, &back);
            assert_non_null(end);
            assert_int_equal(*end, '\0');
            assert_true(back == value);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_flag_reaches_its_field),
        cmocka_unit_test(test_names_and_forms),
        cmocka_unit_test(test_unknown_words),
        cmocka_unit_test(test_bad_numbers),
        cmocka_unit_test(test_numbers_out_of_range),
        cmocka_unit_test(test_a_number_of_epochs_or_a_word),
        cmocka_unit_test(test_bad_words_and_lists),
        cmocka_unit_test(test_flags_without_effect),
        cmocka_unit_test(test_contradictions),
        cmocka_unit_test(test_simultaneous),
        cmocka_unit_test(test_losses),
        cmocka_unit_test(test_batch_norm_of_one),
        cmocka_unit_test(test_penalties),
        cmocka_unit_test(test_schedules),
        cmocka_unit_test(test_layers_left_out_take_their_settings_along),
        cmocka_unit_test(test_actions_win),
        cmocka_unit_test(test_numbers_print_shortest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
