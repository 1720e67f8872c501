/* gan-eval's command line: every flag reaches its field, what is not given stays so, and what makes no sense is refused
 * in one line. */
#include "cli/eval_options.h"

#define OPTIONS struct eval_options
#define PARSE eval_options_parse
#define PROGRAM "gan-eval"
#include "words.h"

#include <stdio.h>
#include <string.h>

static void test_fields(void **state)
{
    (void)state;
    struct eval_options options = accepted(WORDS("--count", "2000", "out", "--seed=18446744073709551615", "--draws",
                                                 "7", "--k", "9", "--data", "d", "--json", "-q", "--threads", "3"));
    assert_int_equal(options.action, ACTION_RUN);
    assert_int_equal(options.run_count, 1);
    assert_string_equal(options.runs[0], "out");
    assert_null(options.images);
    assert_int_equal(options.count, 2000);
    assert_true(options.has_seed);
    assert_true(options.seed == UINT64_MAX);
    assert_int_equal(options.draws, 7);
    assert_int_equal(options.neighbours, 9);
    assert_string_equal(options.data, "d");
    assert_true(options.json);
    assert_true(options.quiet);
    assert_int_equal(options.threads, 3);
    eval_options_free(&options);
    options = accepted(WORDS("--images", "i", "--labels", "l", "--train_images", "a", "--train_labels", "b",
                             "--test_images", "c", "--test-labels", "d", "-n", "1000"));
    assert_int_equal(options.run_count, 0);
    assert_string_equal(options.images, "i");
    assert_string_equal(options.labels, "l");
    assert_string_equal(options.train_images, "a");
    assert_string_equal(options.train_labels, "b");
    assert_string_equal(options.test_images, "c");
    assert_string_equal(options.test_labels, "d");
    assert_int_equal(options.count, 1000);
    eval_options_free(&options);
    assert_null(options.images);
}

static void test_runs(void **state)
{
    (void)state;
    const char *words[OPERANDS_MAX + 2] = {NULL};
    for (size_t i = 0; i < OPERANDS_MAX; i++) {
        words[i] = i % 2 ? "odd" : "even";
    }
    struct eval_options options = accepted(words);
    assert_int_equal(options.run_count, OPERANDS_MAX);
    assert_string_equal(options.runs[0], "even");
    assert_string_equal(options.runs[OPERANDS_MAX - 1], "odd");
    eval_options_free(&options);
    words[OPERANDS_MAX] = "more";
    assert_refused(words, "'more': a stray word: 100 runs are taken, and each value follows its flag");
}

static void test_what_is_not_given(void **state)
{
    (void)state;
    struct eval_options options = accepted(WORDS("out"));
    assert_int_equal(options.count, 0);
    assert_int_equal(options.draws, 0);
    assert_int_equal(options.neighbours, 0);
    assert_int_equal(options.seed, 0);
    assert_false(options.has_seed);
    assert_false(options.json);
    assert_false(options.quiet);
    assert_int_equal(options.threads, 0);
    assert_null(options.images);
    assert_null(options.labels);
    assert_null(options.data);
    assert_null(options.train_images);
    assert_null(options.train_labels);
    assert_null(options.test_images);
    assert_null(options.test_labels);
    eval_options_free(&options);
    options = accepted(WORDS("out", "--seed", "0")); /* which is not the run's own */
    assert_true(options.has_seed);
    eval_options_free(&options);
    /* test images of one's own go with any training images */
    options = accepted(WORDS("out", "--data", "d", "--test_images", "i"));
    eval_options_free(&options);
}

static void test_refusals(void **state)
{
    (void)state;
    assert_refused((const char *const[]){NULL}, "nothing is named that could be measured");
    REFUSED("nothing is named that could be measured", "--data", "d");
    REFUSED("'': a stray word", "");
    REFUSED("--cuont: no such flag; did you mean --count?", "--cuont", "3");
    REFUSED("--else_where: no such flag (see gan-eval --help)", "--else_where");
    REFUSED("--count: '999' is not a whole number from 1000", "out", "--count", "999");
    REFUSED("--count: '4294967296' is not", "out", "-n", "4294967296");
    REFUSED("--draws: '0' is not a whole number from 1 to 100", "out", "--draws", "0");
    REFUSED("--draws: '101' is not", "out", "--draws", "101");
    REFUSED("--k: '0' is not a whole number from 1 to 100", "out", "--k", "0");
    REFUSED("--k: '101' is not", "out", "--k", "101");
    REFUSED("--seed: '-1' is not", "out", "--seed", "-1");
    REFUSED("--threads: '0' is not", "out", "--threads", "0");
    REFUSED("--images: '' is not", "--images", "");
    REFUSED("--labels: has no effect without --images", "out", "--labels", "l");
    REFUSED("--train_labels: has no effect without --train_images", "out", "--train_labels", "l");
    REFUSED("--train_labels: has no effect without --train_images", "out", "--data", "d", "--train_labels", "l");
    REFUSED("--test_labels: has no effect without --test_images", "out", "--test_labels", "l");
    REFUSED("--images: contradicts out, a run whose images are drawn: leave one out", "out", "--images", "i");
    REFUSED("--train_images: says where the real images are, and so does --data", "out", "--data", "d",
            "--train_images", "i");
}

static void test_actions(void **state)
{
    (void)state;
    struct eval_options options = accepted(WORDS("--help", "--no-such"));
    assert_int_equal(options.action, ACTION_HELP);
    eval_options_free(&options);
    options = accepted(WORDS("--version"));
    assert_int_equal(options.action, ACTION_VERSION);
    options = accepted(WORDS("--print_completion", "zsh"));
    assert_int_equal(options.action, ACTION_PRINT_COMPLETION);
    assert_int_equal(options.shell, SHELL_ZSH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),   cmocka_unit_test(test_runs),    cmocka_unit_test(test_what_is_not_given),
        cmocka_unit_test(test_refusals), cmocka_unit_test(test_actions),
    };
    return cmocka_run_group_tests_name("eval_options", tests, NULL, NULL);
}
