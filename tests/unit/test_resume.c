/* A run that is resumed: what it recorded comes back, and the command line changes what may be changed and nothing
 * else.
 */
#include "unit.h"

#include "cli/config_file.h"
#include "cli/number.h"
#include "cli/options.h"
#include "cli/recorded.h"
#include "cli/summary.h"
#include "cli/values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 24 };

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NO_WORDS ((const char *const[]){NULL})

static int vector_of(const char *const *words, char *argv[WORDS_MAX + 2])
{
    int argc = 1;
    argv[0] = (char *)"gan-train";
    for (; words[argc - 1]; argc++) {
        assert_true(argc < WORDS_MAX);
        argv[argc] = (char *)words[argc - 1];
    }
    argv[argc] = NULL;
    return argc;
}

/* The config.json of a run with these flags on the built-in digits, to be freed. */
static char *record(const char *const *words)
{
    char *argv[WORDS_MAX + 2];
    int argc = vector_of(words, argv);
    struct options options;
    struct error error;
    if (!options_parse(argc, argv, &options, &error)) {
        fail_msg("%s", error.message);
    }
    const struct dataset dataset = {.count = 60000, .height = 28, .width = 28, .classes = 10, .built_in = true};
    char *text = summary_config_json(&options, &dataset, &error);
    assert_non_null(text);
    options_free(&options);
    return text;
}

/* Both calls of a program that is given --resume "there" and the words. */
static bool resume(const char *config_json, const char *const *words, struct options *options, struct error *error)
{
    const char *all[WORDS_MAX] = {"--resume", "there"};
    for (size_t i = 0; words[i]; i++) {
        assert_true(i + 3 < WORDS_MAX);
        all[i + 2] = words[i];
    }
    char *argv[WORDS_MAX + 2];
    int argc = vector_of(all, argv);
    const struct recorded_run run = {"there", "there/config.json", config_json};
    if (!options_parse(argc, argv, options, error)) {
        return false;
    }
    assert_string_equal(options->resume, "there");
    assert_null(options->config.outdir);
    return options_resume(argc, argv, &run, options, error);
}

static struct options resumed(const char *config_json, const char *const *words)
{
    struct options options;
    struct error error;
    if (!resume(config_json, words, &options, &error)) {
        fail_msg("refused: %s", error.message);
    }
    return options;
}

static void refused(const char *config_json, const char *const *words, const char *message)
{
    static const struct options EMPTY;
    struct options options;
    struct error error = {0};
    if (resume(config_json, words, &options, &error)) {
        fail_msg("taken: %s", words[0]);
    }
    assert_int_equal(error.status, STATUS_USAGE);
    assert_memory_equal(&options, &EMPTY, sizeof EMPTY);
    if (!strstr(error.message, message)) {
        fail_msg("no \"%s\" in: %s", message, error.message);
    }
}

static void test_the_record_comes_back(void **state)
{
    (void)state;
    const char *const *words = WORDS("--preset", "vanilla", "--epochs", "7", "--seed", "18446744073709551615", "-o",
                                     "elsewhere", "--data", "d", "--g_hidden", "8", "--max_minutes", "2");
    char *text = record(words);
    struct options options = resumed(text, NO_WORDS);
    assert_string_equal(options.config.preset, "vanilla");
    assert_int_equal(options.config.encoding_dims, 128);
    assert_int_equal(options.config.epochs, 7);
    assert_true(options.config.seed == UINT64_MAX);
    assert_string_equal(options.config.data, "d");
    assert_int_equal(options.config.generator.hidden.widths[0], 8);
    assert_true(options.config.max_minutes == 0);
    assert_string_equal(options.config.outdir, "there"); /* the folder may have been moved */
    assert_string_equal(options.resume, "there");
    assert_false(options.config.overwrite);
    assert_int_equal(options.action, ACTION_RUN);
    options_free(&options);
    const struct recorded_run run = {"there", "there/config.json", text};
    struct error error;
    assert_true(options_recorded(&run, &options, &error));
    assert_string_equal(options.config.outdir, "there");
    assert_int_equal(options.config.epochs, 7);
    options_free(&options);
    free(text);
}

static void check_lengths(const char *config_json, const char *const *words, size_t schedule, size_t momentum)
{
    struct options options = resumed(config_json, words);
    assert_int_equal(options.config.schedule_epochs, schedule);
    assert_int_equal(options.config.momentum_epochs, momentum);
    options_free(&options);
}

/* Schedules over a run's length stay as long as it was begun for, and are recorded so. */
static void test_schedules_keep_their_length(void **state)
{
    (void)state;
    char *text = record(WORDS("--epochs", "7", "--optimizer", "sgd", "--final_momentum", "0.7"));
    check_lengths(text, NO_WORDS, 0, 0);
    check_lengths(text, WORDS("--epochs", "9"), 7, 7);
    check_lengths(text, WORDS("--epochs", "5"), 7, 7);
    free(text);
    text = record(WORDS("--epochs", "7", "--schedule_epochs", "3"));
    check_lengths(text, WORDS("--epochs", "9"), 3, 0);
    check_lengths(text, WORDS("--epochs", "3"), 0, 0);
    refused(text, WORDS("--schedule_epochs", "4"), "--schedule_epochs: the run in there has 3");
    free(text);
    text = record(WORDS("-p", "paper", "--epochs", "7"));
    check_lengths(text, WORDS("--epochs", "9"), 0, 250);
    free(text);
}

static void test_what_may_be_changed(void **state)
{
    (void)state;
    char *text = record(WORDS("--epochs", "7", "--images", "a", "--labels", "b"));
    struct options options =
        resumed(text, WORDS("--epochs", "9", "--max_minutes", "3", "--threads", "2", "-q", "--log_every", "5",
                            "--sample_every", "6", "--grid", "2x3", "--no_gif", "--checkpoint_every", "4"));
    assert_int_equal(options.config.epochs, 9);
    assert_true(options.config.max_minutes == 3);
    assert_int_equal(options.config.threads, 2);
    assert_true(options.quiet);
    assert_int_equal(options.config.log_every, 5);
    assert_int_equal(options.config.sample_every, 6);
    assert_int_equal(options.config.grid_columns, 3);
    assert_true(options.config.no_gif);
    assert_int_equal(options.config.checkpoint_every, 4);
    assert_string_equal(options.config.labels, "b");
    options_free(&options);
    options = resumed(text, WORDS("--checkpoint_minutes", "1", "--keep_checkpoints", "8", "--rescues", "9", "--images",
                                  "moved", "--print_config"));
    assert_true(options.config.checkpoint_minutes == 1);
    assert_int_equal(options.config.keep_checkpoints, 8);
    assert_int_equal(options.config.rescues, 9);
    assert_string_equal(options.config.images, "moved");
    assert_null(options.config.labels); /* they went with the images they belong to */
    assert_int_equal(options.action, ACTION_PRINT_CONFIG);
    options_free(&options);
    free(text);
    text = record(WORDS("--test_images", "t", "--eval_every", "3"));
    options = resumed(text, WORDS("--eval_every", "off")); /* and so the file is of no use */
    assert_true(options.config.eval_every == EVERY_OFF);
    options_free(&options);
    options = resumed(text, WORDS("--test_images", "moved", "--eval_every", "auto"));
    assert_true(options.config.eval_every == EVERY_AUTO);
    assert_string_equal(options.config.test_images, "moved");
    options_free(&options);
    options = resumed(text, NO_WORDS);
    assert_int_equal(options.config.eval_every, 3);
    assert_string_equal(options.config.test_images, "t");
    options_free(&options);
    free(text);
}

static void test_what_may_not(void **state)
{
    (void)state;
    char *text = record(WORDS("--epochs", "7", "--g_hidden", "8,9"));
    refused(text, WORDS("--batch_size", "64"),
            "--batch_size: the run in there has 128, which cannot be changed on --resume");
    refused(text, WORDS("--seed", "1"), "--seed: the run in there has 0,");
    refused(text, WORDS("--preset", "vanilla"), "--preset: the run in there has best,");
    refused(text, WORDS("--g_hidden", "8,9,10"), "--g_hidden: the run in there has 8,9,");
    refused(text, WORDS("--conditional"), "--conditional: the run in there has no,");
    refused(text, WORDS("--limit_images", "5"), "--limit_images: the run in there has no value for it,");
    refused(text, WORDS("--momentum", "0.5"), "--momentum: has no effect without --optimizer sgd");
    refused(text, WORDS("--batch_size", "0"), "--batch_size: '0' is not");
    refused(text, WORDS("--epochs", "0"), "--epochs: '0' is not");
    refused(text, WORDS("--images", "a", "--data", "b"), "--images: says where the images are");
    struct options options = resumed(text, WORDS("--batch_size", "128", "-p", "best", "--g_hidden", "8,9", "--seed",
                                                 "0", "--g_activation", "leaky_relu"));
    assert_int_equal(options.config.batch_size, 128);
    options_free(&options);
    free(text);
}

/* Each number of the table, set to the end of its range. */
static void test_every_number_is_kept_or_taken(void **state)
{
    (void)state;
    char *text = record(WORDS("--epochs", "7"));
    struct options options = resumed(text, NO_WORDS);
    size_t kept = 0, taken = 0;
    for (size_t i = 0; i < GAN_TRAIN.flag_count; i++) {
        const struct flag *flag = &GAN_TRAIN.flags[i];
        if ((flag->type != VALUE_WHOLE && flag->type != VALUE_REAL) || !flag_applies(flag, &options)) {
            continue;
        }
        char name[64], value[NUMBER_TEXT], part[128];
        char *recorded = value_text(flag, &options);
        snprintf(name, sizeof name, "--%s", flag->name);
        snprintf(part, sizeof part, "--%s: the run in there has ", flag->name);
        if (flag->type == VALUE_WHOLE) {
            snprintf(value, sizeof value, "%.0f", flag->max);
        } else {
            number_print(flag->below_max ? flag->max / 4 : flag->max, value);
        }
        assert_string_not_equal(value, recorded);
        if (flag->resumable) {
            struct options changed = resumed(text, WORDS(name, value));
            char *shown = value_text(flag, &changed);
            assert_string_not_equal(shown, recorded);
            free(shown);
            options_free(&changed);
            taken++;
        } else {
            refused(text, WORDS(name, value), part);
            kept++;
        }
        free(recorded);
    }
    assert_true(kept > 8);
    assert_int_equal(taken, 9);
    options_free(&options);
    free(text);
}

static void test_contradictions(void **state)
{
    (void)state;
    char *text = record(NO_WORDS);
    refused(text, WORDS("--outdir", "there"), "--outdir: contradicts --resume, which goes on in the run's own folder");
    refused(text, WORDS("--overwrite"), "--overwrite: contradicts --resume");
    refused(text, WORDS("--config", "x"), "--config: contradicts --resume");
    refused(text, WORDS("--init_from", "x"), "--init_from: contradicts --resume");
    free(text);
}

static void test_records_that_are_none(void **state)
{
    (void)state;
    refused("", NO_WORDS, "there/config.json:1: ");
    refused("{", NO_WORDS, "there/config.json:1: ");
    refused("[]", NO_WORDS, "there/config.json: is not a JSON object");
    refused("{\"options\": {}}", NO_WORDS, "there/config.json: has \"options\", but not \"program\"");
    refused("{\"program\": \"gan-train\",\n\"options\": {\"epochs\": 0}}", NO_WORDS,
            "there/config.json:2: epochs: '0' is not");
    refused("{\"program\": \"gan-train\", \"options\": {\"epoch\": 1}}", NO_WORDS, "epoch: no such flag");
}

static void test_recorded_data_round_trip(void **state)
{
    (void)state;
    struct error error;
    struct recorded_data data;
    char *text = record(NO_WORDS);
    assert_true(recorded_data_read(text, "there", &data, &error));
    assert_true(data.built_in);
    assert_null(data.images);
    assert_null(data.labels);
    assert_int_equal(data.count, 60000);
    assert_int_equal(data.classes, 10);
    recorded_data_free(&data);
    free(text);

    char images[] = "a \"b\"/\xc3\xa9", labels[] = "c";
    const struct dataset dataset = {.count = 5,
                                    .height = 2,
                                    .width = 3,
                                    .images_path = images,
                                    .labels_path = labels,
                                    .classes = 0,
                                    .checksum = 0x00c0ffee};
    struct options options = {0};
    assert_true(options_defaults(NULL, &options, &error));
    text = summary_config_json(&options, &dataset, &error);
    assert_non_null(text);
    assert_true(recorded_data_read(text, "there", &data, &error));
    assert_false(data.built_in);
    assert_string_equal(data.images, images);
    assert_string_equal(data.labels, labels);
    assert_int_equal(data.count, 5);
    assert_int_equal(data.height, 2);
    assert_int_equal(data.width, 3);
    assert_int_equal(data.classes, 0);
    assert_int_equal(data.checksum, 0x00c0ffee);
    recorded_data_free(&data);
    free(text);

    unsigned char numbers[] = {3, 1, 3, 1, 1};
    struct dataset gaps = dataset;
    gaps.labels = numbers;
    gaps.classes = 5;
    text = summary_config_json(&options, &gaps, &error);
    assert_true(recorded_data_read(text, "there", &data, &error));
    assert_int_equal(data.classes, 5);
    for (size_t c = 0; c < CLASSES_MAX; c++) {
        assert_int_equal(data.absent[c], c == 0 || c == 2 || c == 4);
    }
    recorded_data_free(&data);
    options_free(&options);
    free(text);
}

/* A record whose "data" is this is refused with this message. */
static void bad_data(const char *object, const char *message)
{
    char text[512];
    struct error error = {0};
    struct recorded_data data;
    snprintf(text, sizeof text, "{\"program\": \"gan-train\", \"options\": {}%s%s}", *object ? ", \"data\": " : "",
             object);
    if (recorded_data_read(text, "there", &data, &error)) {
        fail_msg("taken: %s", object);
    }
    assert_int_equal(error.status, STATUS_USAGE);
    assert_null(data.images);
    assert_string_equal(error.message, message);
}

static void test_recorded_data_is_read_strictly(void **state)
{
    (void)state;
    bad_data("", "there: has no object \"data\" as gan-train's runs write");
    bad_data("[]", "there: has no object \"data\" as gan-train's runs write");
    bad_data("{\"images\": 3}", "there: its \"data\" has no \"images\" that is a path");
    bad_data("{\"images\": \"a\", \"labels\": null}", "there: its \"data\" has no \"labels\" that is a path");
    bad_data("{\"images\": \"a\"}", "there: its \"data\" has no \"count\" that is a whole number above 0");
    bad_data("{\"count\": 0}", "there: its \"data\" has no \"count\" that is a whole number above 0");
    bad_data("{\"count\": 1, \"height\": \"1\"}",
             "there: its \"data\" has no \"height\" that is a whole number above 0");
    bad_data("{\"count\": 1, \"height\": 1, \"width\": 4294967296}",
             "there: its \"data\" has no \"width\" that is a whole number above 0");
    bad_data("{\"count\": 1, \"height\": 1, \"width\": 1, \"classes\": -1}",
             "there: its \"data\" has no \"classes\" that is a whole number");
    bad_data("{\"count\": 1, \"height\": 1, \"width\": 1, \"classes\": 257}",
             "there: its \"data\" has no \"classes\" that is a whole number up to 256");
    static const char *const ABSENT[] = {"0", "[3]", "[-1]", "[\"0\"]"};
    for (size_t i = 0; i < sizeof ABSENT / sizeof *ABSENT; i++) {
        char object[256];
        snprintf(object, sizeof object,
                 "{\"count\": 1, \"height\": 1, \"width\": 1, \"classes\": 3, \"absent_classes\": %s}", ABSENT[i]);
        bad_data(object, "there: its \"data\" has no \"absent_classes\" that is a list of some of its classes");
    }
    static const char *const CHECKSUMS[] = {"3",           "\"\"", "\"0000000\"", "\"000000000\"", "\"0000000g\"",
                                            "\"0x000000\""};
    for (size_t i = 0; i < sizeof CHECKSUMS / sizeof *CHECKSUMS; i++) {
        char object[256];
        snprintf(object, sizeof object, "{\"count\": 1, \"height\": 1, \"width\": 1, \"classes\": 0, \"checksum\": %s}",
                 CHECKSUMS[i]);
        bad_data(object, "there: its \"data\" has no \"checksum\" that is eight hexadecimal digits");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_record_comes_back),
        cmocka_unit_test(test_schedules_keep_their_length),
        cmocka_unit_test(test_what_may_be_changed),
        cmocka_unit_test(test_what_may_not),
        cmocka_unit_test(test_every_number_is_kept_or_taken),
        cmocka_unit_test(test_contradictions),
        cmocka_unit_test(test_records_that_are_none),
        cmocka_unit_test(test_recorded_data_round_trip),
        cmocka_unit_test(test_recorded_data_is_read_strictly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
