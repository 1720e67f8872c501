/* Configuration files: what is read, refused and written, and that what is written reads back. */
#include "unit.h"

#include "cli/config_file.h"
#include "cli/presets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WORDS_MAX = 64, PATH_MAX_LENGTH = 64 };

struct place {
    char folder[PATH_MAX_LENGTH / 2], file[PATH_MAX_LENGTH];
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    *state = place;
    snprintf(place->folder, sizeof place->folder, "/tmp/gan-config-XXXXXX");
    if (!mkdtemp(place->folder)) {
        return 1;
    }
    snprintf(place->file, sizeof place->file, "%s/run.json", place->folder);
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    unlink(place->file);
    rmdir(place->folder);
    free(place);
    return 0;
}

static void save(const struct place *place, const char *text)
{
    unlink(place->file); /* a file that is cut to nothing and written again goes to the disk at once, which is slow */
    FILE *file = fopen(place->file, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* "--config FILE" and the words up to NULL. */
static bool parse(const struct place *place, const char *const *words, struct options *options, struct error *error)
{
    char *argv[WORDS_MAX] = {(char *)"gan-train", (char *)"--config", (char *)place->file};
    int argc = 3;
    for (; words && *words; words++) {
        argv[argc++] = (char *)*words;
    }
    return options_parse(argc, argv, options, error);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static struct options accepted(const struct place *place, const char *text, const char *const *words)
{
    struct options options;
    struct error error;
    save(place, text);
    if (!parse(place, words, &options, &error)) {
        fail_msg("refused: %s", error.message);
    }
    return options;
}

static void assert_refused(const struct place *place, const char *text, const char *const *words,
                           const char *const *parts)
{
    static const struct options EMPTY;
    struct options options;
    struct error error = {0};
    save(place, text);
    if (parse(place, words, &options, &error)) {
        fail_msg("taken: %.100s", text);
    }
    assert_int_equal(error.status, STATUS_USAGE);
    assert_memory_equal(&options, &EMPTY, sizeof EMPTY);
    for (; *parts; parts++) {
        if (!strstr(error.message, *parts)) {
            fail_msg("no \"%s\" in: %s", *parts, error.message);
        }
    }
}

#define REFUSED(text, ...) assert_refused(*state, text, NULL, WORDS(__VA_ARGS__))
#define REFUSED_WITH(words, text, ...) assert_refused(*state, text, words, WORDS(__VA_ARGS__))

static void test_values_of_each_type(void **state)
{
    struct options options = accepted(
        *state,
        "{\"preset\": \"vanilla\", \"epochs\": 7.0, \"batch-size\": \"32\", \"seed\": \"18446744073709551615\",\n"
        " \"learning_rate\": 0.5, \"decay\": 1, \"clip_norm\": -0.0, \"beta_1\": \"0.25\", \"conditional\": true,\n"
        " \"g_hidden\": \"8,9\", \"g_activation\": \"leaky_relu:0.1\", \"grid\": \"2x3\", \"d_batch\": "
        "\"merged\",\n \"g_batch_norm\": \"before\", \"g_batch_norm_first\": false, \"outdir\": \"\xc3\xa9\"}",
        NULL);
    const struct config *config = &options.config;
    assert_string_equal(config->preset, "vanilla");
    assert_int_equal(config->encoding_dims, 128);
    assert_int_equal(config->epochs, 7);
    assert_int_equal(config->batch_size, 32);
    assert_true(config->seed == UINT64_MAX);
    assert_true(config->learning_rate == 0.5);
    assert_true(config->decay == 1);
    assert_true(config->beta_1 == 0.25);
    assert_true(config->conditional);
    assert_int_equal(config->generator.hidden.widths[1], 9);
    assert_true(config->generator.activation.slope == 0.1);
    assert_int_equal(config->grid_columns, 3);
    assert_int_equal(config->d_batch, D_BATCH_MERGED);
    assert_false(config->generator.batch_norm_first);
    assert_string_equal(config->outdir, "\xc3\xa9");
    assert_string_equal(options.config_file, ((struct place *)*state)->file);
    options_free(&options);
    static const struct {
        const char *text;
        size_t value;
    } EVERY[] = {{"\"off\"", EVERY_OFF}, {"\"auto\"", EVERY_AUTO}, {"7", 7}, {"\"7\"", 7}};
    for (size_t i = 0; i < sizeof EVERY / sizeof *EVERY; i++) {
        char text[64];
        snprintf(text, sizeof text, "{\"eval_every\": %s}", EVERY[i].text);
        options = accepted(*state, text, NULL);
        assert_true(options.config.eval_every == EVERY[i].value);
        struct error error;
        char *printed = config_file_text(&options, 0, &error);
        snprintf(text, sizeof text, "\n  \"eval_every\": %s,\n", i == 3 ? "7" : EVERY[i].text);
        if (!printed || !strstr(printed, text)) {
            fail_msg("no %s in %s", text, printed);
        }
        free(printed);
        options_free(&options);
    }
    options = accepted(*state, "{\"seed\": 9223372036854775807}", NULL);
    assert_true(options.config.seed == INT64_MAX);
    options_free(&options);
}

static void test_wrong_types(void **state)
{
    REFUSED("{\n\"epochs\": true}", "run.json:2: epochs: 'true' is not a whole number");
    REFUSED("{\"epochs\": 1.5}", "epochs", "'1.5' is not a whole number");
    REFUSED("{\"eval_every\": 0}", "eval_every", "'0' is not off, auto or a whole number");
    REFUSED("{\"eval_every\": false}", "eval_every", "'false' is not off, auto or a whole number");
    REFUSED("{\"eval_every\": 1.5}", "eval_every", "'1.5' is not off, auto or a whole number");
    REFUSED("{\"ema\": 1e20}", "ema", "is not a whole number");
    REFUSED("{\"seed\": 9007199254740994.0}", "seed", "is not a whole number");
    REFUSED("{\"epochs\": null}", "epochs", "'null'");
    REFUSED("{\"epochs\": [1]}", "epochs", "'[1]'");
    REFUSED("{\"epochs\": {}}", "epochs", "'{}'");
    REFUSED("{\"epochs\": -1}", "epochs", "'-1'");
    REFUSED("{\"epochs\": \"\"}", "epochs", "''");
    REFUSED("{\"epochs\": \"1 \"}", "epochs", "'1 '");
    REFUSED("{\"conditional\": \"yes\"}", "conditional", "\"yes\" is not true or false");
    REFUSED("{\"conditional\": 1}", "conditional", "1 is not true or false");
    REFUSED("{\"g_batch_norm_first\": \"no\"}", "g_batch_norm_first", "true or false");
    REFUSED("{\"g_hidden\": 256}", "g_hidden", "'256' is not none", "between quotes");
    REFUSED("{\"g_hidden\": [256, 512]}", "g_hidden", "'[256,512]'", "between quotes");
    REFUSED("{\"outdir\": 3}", "outdir", "'3' is not a path");
    REFUSED("{\"optimizer\": 0}", "optimizer", "'0' is not adam");
    REFUSED("{\"learning_rate\": -0.1}", "learning_rate", "'-0.1'");
    REFUSED("{\"learning_rate\": 0}", "learning_rate", "'0' is not a number above 0");
    REFUSED("{\"preset\": 3}", "preset", "'3'");
    REFUSED("{\"preset\":\n\"dep\"}", "run.json:1: preset: 'dep' is not best");
}

static void test_wrong_keys(void **state)
{
    REFUSED("{\n\n  \"epoch\": 3}", "run.json:3: epoch: no such flag; did you mean epochs?");
    REFUSED("{\"wholly other\": 3}", "wholly other: no such flag (see");
    REFUSED("{\"\": 3}", "no such flag");
    REFUSED("{\"a\\nb\": 3}", "a?b");
    REFUSED("{\"epochs\": 3,\n\"epochs\": 3}", "run.json:2", "duplicate", "epochs");
    REFUSED("{\"batch_size\": 3, \"batch-size\": 3}", "batch-size", "given twice");
    REFUSED("{\"overwrite\": true}", "overwrite", "command line");
    REFUSED("{\"quiet\": true}", "quiet", "command line");
    REFUSED("{\"help\": true}", "help", "command line");
    REFUSED("{\"config\": \"x\"}", "config", "command line");
    REFUSED("{\"print_man\": true}", "print_man", "no such flag");
}

static void test_wrong_syntax(void **state)
{
    REFUSED("", "run.json:1");
    REFUSED("{", "run.json:1");
    REFUSED("{\n\"epochs\": 3,\n}", "run.json:3");
    REFUSED("{\"epochs\": 3} more", "run.json:1", "end of file expected");
    REFUSED("{\"epochs\": 0x3}", "run.json:1");
    REFUSED("{\"epochs\": 3 \"seed\": 4}", "run.json:1");
    REFUSED("[1]", "run.json", "not a JSON object");
    REFUSED("3", "run.json");
    REFUSED("{\"outdir\": \"\xff\"}", "run.json:1");
    REFUSED("{\"seed\": 18446744073709551615}", "run.json:1", "too big integer", "between quotes");
    REFUSED("{\"learning_rate\": 1e999}", "run.json:1: real number overflow");
    REFUSED("epochs: 3", "run.json:1");
}

static void test_unreadable_files(void **state)
{
    struct place *place = *state;
    char *text = malloc(1000100);
    memset(text, ' ', 1000100);
    memcpy(text, "{}", 2);
    text[1000099] = '\0';
    REFUSED(text, "run.json", "larger than 1 MB");
    text[1000000] = '\0';
    struct options options = accepted(place, text, NULL);
    options_free(&options);
    free(text);
    unlink(place->file);
    struct error error;
    assert_false(parse(place, NULL, &options, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    assert_non_null(strstr(error.message, "run.json: No such file"));
    assert_int_equal(mkdir(place->file, 0700), 0);
    assert_false(parse(place, NULL, &options, &error));
    assert_non_null(strstr(error.message, "run.json: is a folder"));
    assert_int_equal(rmdir(place->file), 0);
}

static void test_precedence(void **state)
{
    static const char TEXT[] = "{\"preset\": \"vanilla\", \"epochs\": 7, \"optimizer\": \"rmsprop\"}";
    struct options options = accepted(*state, TEXT, WORDS("--epochs", "8"));
    assert_int_equal(options.config.epochs, 8); /* the command line over the file */
    assert_int_equal(options.config.optimizer, OPTIMIZER_RMSPROP); /* the file over the preset */
    assert_int_equal(options.config.batch_size, 100); /* the preset over the default one */
    assert_true(options.config.seed == 0);
    options_free(&options);
    options = accepted(*state, TEXT, WORDS("--preset", "vanilla"));
    assert_int_equal(options.config.epochs, 7);
    options_free(&options);
    options = accepted(*state, "{\"epochs\": 7}", WORDS("--preset", "minimax"));
    assert_int_equal(options.config.epochs, 7);
    assert_int_equal(options.config.loss, LOSS_MINIMAX);
    options_free(&options);
    REFUSED_WITH(WORDS("--preset", "minimax"), TEXT, "run.json:1: preset: 'vanilla'", "'minimax'");
}

static void test_flags_without_effect(void **state)
{
    REFUSED("{\"optimizer\": \"sgd\",\n\"beta_1\": 0.5}", "run.json:2: beta_1: has no effect without --optimizer adam");
    REFUSED("{\"labels\": \"b\"}", "labels", "--images");
    REFUSED("{\"images\": \"a\", \"data\": \"b\"}", "images", "--data");
    REFUSED("{\"d_hidden\": \"8\", \"dropout\": \"0.1,0.2\"}", "dropout", "2 rates", "1 hidden");
    REFUSED("{\"preset\": \"deep\", \"d_batch\": \"merged\", \"batch_size\": 5}", "merged", "5", "even");
    REFUSED_WITH(WORDS("--beta_1", "0.5"), "{\"optimizer\": \"sgd\"}", "--beta_1: has no effect");
}

/* As over a preset: what the command line overrules in a file takes along what belonged to it. */
static void test_the_command_line_overrules_a_file(void **state)
{
    struct options options = accepted(*state, "{\"optimizer\": \"adam\", \"beta_1\": 0.25, \"dropout\": \"0.1,0.2\"}",
                                      WORDS("--optimizer", "sgd", "--d_hidden", "8"));
    assert_int_equal(options.config.optimizer, OPTIMIZER_SGD);
    assert_int_equal(options.config.dropout.count, 1);
    options_free(&options);
    options = accepted(*state, "{\"data\": \"b\"}", WORDS("--images", "a"));
    assert_string_equal(options.config.images, "a");
    assert_null(options.config.data);
    options_free(&options);
    options = accepted(*state, "{\"images\": \"a\", \"labels\": \"b\"}", WORDS("--data", "c"));
    assert_string_equal(options.config.data, "c");
    assert_null(options.config.images);
    assert_null(options.config.labels);
    options_free(&options);
}

static void test_a_runs_own_file(void **state)
{
    struct options options = accepted(*state,
                                      "{\"program\": \"gan-train\", \"version\": \"9\", \"data\": {\"epochs\": 1},\n"
                                      "\"options\": {\"preset\": \"minimax\", \"epochs\": 3}}",
                                      NULL);
    assert_int_equal(options.config.epochs, 3);
    assert_int_equal(options.config.loss, LOSS_MINIMAX);
    options_free(&options);
    REFUSED("{\"program\": \"gan-train\", \"data\": {\"epochs\": 1},\n\"options\": {\n\"epochs\": 0}}",
            "run.json:3: epochs: '0'");
    REFUSED("{\"program\": \"gan-eval\", \"options\": {}}", "gan-train");
    REFUSED("{\"options\": {}}", "\"program\"");
    REFUSED("{\"program\": \"gan-train\", \"options\": 3}", "\"options\" is not a JSON object");
}

static char *text_of(const struct options *options, int indent)
{
    struct error error;
    char *text = config_file_text(options, indent, &error);
    assert_non_null(text);
    return text;
}

static void test_text(void **state)
{
    struct options options = accepted(*state, "{\"preset\": \"deep\", \"learning_rate\": 2e-4, \"outdir\": \"a\\\"b\"}",
                                      WORDS("--seed", "9223372036854775808", "--decay", "3e-8"));
    char *text = text_of(&options, 2);
    assert_ptr_equal(strstr(text, "{\n    \"preset\": \"deep\",\n"), text);
    assert_non_null(strstr(text, "\n    \"learning_rate\": 0.0002,\n"));
    assert_non_null(strstr(text, "\n    \"outdir\": \"a\\\"b\",\n"));
    assert_non_null(strstr(text, "\n    \"seed\": \"9223372036854775808\"\n  }"));
    assert_non_null(strstr(text, "\n    \"decay\": 3e-08,\n"));
    assert_null(strstr(text, "momentum\": 0,"));
    assert_null(strstr(text, "\"threads\""));
    assert_null(strstr(text, "\"overwrite\""));
    assert_null(strstr(text, "null"));
    free(text);
    options_free(&options);
}

/* The text reads back without a complaint, and to the same text. */
static void check_round_trip(const struct place *place, const struct options *options)
{
    char *text = text_of(options, 0);
    struct options again = accepted(place, text, NULL);
    char *text_again = text_of(&again, 0);
    assert_string_equal(text_again, text);
    free(text);
    free(text_again);
    options_free(&again);
}

static void test_presets_round_trip(void **state)
{
    for (size_t i = 0; i < PRESET_COUNT; i++) {
        save(*state, "{}");
        struct options options;
        struct error error;
        assert_true(parse(*state, WORDS("--preset", PRESETS[i].name), &options, &error));
        check_round_trip(*state, &options);
        options_free(&options);
    }
}

/* Values to draw flags from: some are refused together, some switch others off. */
static const char *const DRAWN[][6] = {
    {"--preset", "vanilla", "rmsprop-bn", "minimax", "pytorch-gan", "deep"},
    {"--data", "digits", "b", NULL},
    {"--images", "a", NULL},
    {"--labels", "a", NULL},
    {"--limit_images", "5", NULL},
    {"--outdir", "o", NULL},
    {"--max_minutes", "0.1", "1e5", NULL},
    {"--batch_size", "64", "3", NULL},
    {"--noise", "uniform", "normal", NULL},
    {"--noise_range", "2", NULL},
    {"--g_hidden", "none", "8", "8,9", NULL},
    {"--d_hidden", "none", "8", "8,9", NULL},
    {"--g_activation", "leaky_relu", "relu", NULL},
    {"--d_activation", "leaky_relu:0.3", "linear", NULL},
    {"--g_batch_norm", "none", "before", "after", NULL},
    {"--d_batch_norm", "none", "before", "after", NULL},
    {"--g_batch_norm_first", "yes", "no", NULL},
    {"--d_batch_norm_first", "yes", "no", NULL},
    {"--batch_norm_momentum", "0.5", NULL},
    {"--dropout", "none", "0.1", "0.1,0.2,0.3333333333333333", NULL},
    {"--init", "normal:0.1", "he_normal", NULL},
    {"--optimizer", "adam", "sgd", "rmsprop", NULL},
    {"--g_learning_rate", "3e-7", NULL},
    {"--beta_1", "0.1", NULL},
    {"--momentum", "0.9", NULL},
    {"--d_batch", "merged", "separate", NULL},
    {"--seed", "18446744073709551615", "1", NULL},
    {"--threads", "2", NULL},
};
enum { DRAWN_COUNT = sizeof DRAWN / sizeof *DRAWN };

static uint32_t draw(uint64_t *random, uint32_t count)
{
    *random = *random * 6364136223846793005 + 1442695040888963407;
    return (uint32_t)((*random >> 33) % count);
}

/* About four flags with a value each into words. */
static void draw_words(uint64_t *random, const char *words[WORDS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < DRAWN_COUNT; i++) {
        uint32_t values = 0;
        while (values < 5 && DRAWN[i][1 + values]) {
            values++;
        }
        if (draw(random, 7) == 0) {
            words[count++] = DRAWN[i][0];
            words[count++] = DRAWN[i][1 + draw(random, values)];
        }
    }
    words[count] = NULL;
}

static void test_random_flags_round_trip(void **state)
{
    uint64_t random = 1;
    size_t taken = 0;
    size_t taken_over_a_file = 0;
    for (int i = 0; i < 3000; i++) {
        const char *words[WORDS_MAX];
        struct options options;
        struct error error;
        draw_words(&random, words);
        save(*state, "{}");
        if (!parse(*state, words, &options, &error)) {
            assert_int_equal(error.status, STATUS_USAGE);
            continue;
        }
        taken++;
        check_round_trip(*state, &options);
        options_free(&options);
        draw_words(&random, words); /* over the file that the round trip left */
        if (parse(*state, words, &options, &error)) {
            taken_over_a_file++;
            check_round_trip(*state, &options);
            options_free(&options);
        }
    }
    assert_true(taken > 800);
    assert_true(taken_over_a_file > 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_values_of_each_type, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_wrong_types, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_wrong_keys, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_wrong_syntax, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unreadable_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_precedence, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_flags_without_effect, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_command_line_overrules_a_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_runs_own_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_presets_round_trip, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_random_flags_round_trip, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
