/* gan-sample's command line: every flag reaches its field, what is not given is told by the rest, and what makes no
 * sense is refused in one line. */
#include "cli/sample_options.h"

#define OPTIONS struct sample_options
#define PARSE sample_options_parse
#define PROGRAM "gan-sample"
#include "words.h"

#include <stdio.h>
#include <string.h>

static void test_fields(void **state)
{
    (void)state;
    struct sample_options options = accepted(
        WORDS("--count", "7", "out", "--seed=9", "--class", "0", "--format", "npy", "--output", "a", "--threads", "3"));
    assert_int_equal(options.action, ACTION_RUN);
    assert_string_equal(options.run, "out");
    assert_int_equal(options.count, 7);
    assert_true(options.has_seed);
    assert_int_equal(options.seed, 9);
    assert_true(options.has_label);
    assert_int_equal(options.label, 0);
    assert_int_equal(options.format, FORMAT_NPY);
    assert_string_equal(options.output, "a");
    assert_int_equal(options.threads, 3);
    sample_options_free(&options);
    options = accepted(WORDS("out", "--interpolate", "3,4294967295,3", "--steps", "4"));
    assert_int_equal(options.interpolate.count, 3);
    assert_int_equal(options.interpolate.images[1], 4294967295);
    assert_int_equal(options.steps, 4);
    assert_int_equal(options.count, 9);
    sample_options_free(&options);
    options = accepted(WORDS("out", "--nearest", "--data", "d"));
    assert_true(options.nearest);
    assert_string_equal(options.data, "d");
    sample_options_free(&options);
    options = accepted(WORDS("out", "--nearest", "--images", "i", "--labels", "l"));
    assert_string_equal(options.images, "i");
    assert_string_equal(options.labels, "l");
    sample_options_free(&options);
}

static void check_defaults(const char *const *words, size_t count, enum sample_format format, const char *output)
{
    struct sample_options options = accepted(words);
    assert_int_equal(options.count, count);
    assert_int_equal(options.format, format);
    assert_string_equal(options.output, output);
    assert_false(options.has_seed);
    assert_false(options.has_label);
    sample_options_free(&options);
}

static void test_what_is_not_given(void **state)
{
    (void)state;
    check_defaults(WORDS("out"), 100, FORMAT_GRID, "samples.png");
    check_defaults(WORDS("out", "--nearest"), 10, FORMAT_GRID, "nearest.png");
    check_defaults(WORDS("out", "--grid", "3x4"), 12, FORMAT_GRID, "samples.png");
    check_defaults(WORDS("out", "--grid", "3x4", "--count", "11"), 11, FORMAT_GRID, "samples.png");
    check_defaults(WORDS("out", "--format", "png"), 100, FORMAT_PNG, "samples");
    check_defaults(WORDS("out", "--format", "idx"), 100, FORMAT_IDX, "samples-images-idx3-ubyte");
    check_defaults(WORDS("out", "--format", "npy"), 100, FORMAT_NPY, "samples.npy");
    check_defaults(WORDS("out", "--interpolate", "0,1"), 11, FORMAT_GRID, "interpolation.png");
    check_defaults(WORDS("out", "--interpolate", "0,1", "--format", "gif"), 11, FORMAT_GIF, "interpolation.gif");
    check_defaults(WORDS("out", "--interpolate", "0,1", "--format", "png"), 11, FORMAT_PNG, "interpolation");
    check_defaults(WORDS("out", "-o", "a.png"), 100, FORMAT_GRID, "a.png");
    check_defaults(WORDS("out", "-o", "a.npy"), 100, FORMAT_NPY, "a.npy");
    check_defaults(WORDS("out", "-o", "a.idx"), 100, FORMAT_IDX, "a.idx");
    check_defaults(WORDS("out", "-o", "a-idx3-ubyte"), 100, FORMAT_IDX, "a-idx3-ubyte");
    check_defaults(WORDS("out", "-o", "a.idx3-ubyte"), 100, FORMAT_IDX, "a.idx3-ubyte");
    check_defaults(WORDS("out", "-o", "a.gif", "--interpolate", "0,1"), 11, FORMAT_GIF, "a.gif");
    check_defaults(WORDS("out", "-o", "other"), 100, FORMAT_GRID, "other");
    check_defaults(WORDS("out", "-o", "-"), 100, FORMAT_GRID, "-");
    check_defaults(WORDS("out", "-o", "a.bytes", "--format", "idx"), 100, FORMAT_IDX, "a.bytes");
}

static void test_refusals(void **state)
{
    (void)state;
    assert_refused((const char *const[]){NULL}, "no run is named");
    REFUSED("--output: what 'a.jpg' ends in names no format", "out", "-o", "a.jpg");
    REFUSED("names no format", "out", "-o", "images-idx3-ubyte.gz");
    REFUSED("'again': a stray word", "out", "again");
    REFUSED("'': a stray word", "");
    REFUSED("'-': a stray word", "-");
    REFUSED("--cuont: no such flag; did you mean --count?", "--cuont", "3");
    REFUSED("--else_where: no such flag (see gan-sample --help)", "--else_where");
    REFUSED("--count: '0' is not", "out", "--count", "0");
    REFUSED("--class: '256' is not", "out", "--class", "256");
    REFUSED("--format: 'jpeg' is not grid, png, idx, npy or gif", "out", "--format", "jpeg");
    REFUSED("--format: '' is not", "out", "--format", "");
    REFUSED("--interpolate: '3' is not 2 to 16 images' numbers from 0 to 4294967295", "out", "--interpolate", "3");
    REFUSED("--interpolate: '3,' is not", "out", "--interpolate", "3,");
    REFUSED("--interpolate: 'none' is not", "out", "--interpolate", "none");
    REFUSED("--interpolate: '0,4294967296' is not", "out", "--interpolate", "0,4294967296");
    REFUSED("--interpolate: '1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17' is not", "out", "--interpolate",
            "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17");
    REFUSED("--steps: '1001' is not", "out", "--steps", "1001");
    REFUSED("--steps: has no effect without --interpolate", "out", "--steps", "3");
    REFUSED("--data: has no effect without --nearest", "out", "--data", "d");
    REFUSED("--images: has no effect without --nearest", "out", "--images", "d");
    REFUSED("--labels: has no effect without --images", "out", "--nearest", "--labels", "d");
    REFUSED("--images: says where the images are, and so does --data", "out", "--nearest", "--images", "i", "--data",
            "d");
    REFUSED("--count: contradicts --interpolate", "out", "--count", "3", "--interpolate", "0,1");
    REFUSED("--nearest: contradicts --interpolate", "out", "--nearest", "--interpolate", "0,1");
    REFUSED("--format: gif shows a way", "out", "--format", "gif");
    REFUSED("--output: gif shows a way", "out", "-o", "a.gif");
    REFUSED("--format: --nearest draws a grid", "out", "--nearest", "--format", "idx");
    REFUSED("--output: --nearest draws a grid", "out", "--nearest", "-o", "a.npy");
    REFUSED("--output: - is one file", "out", "--format", "png", "-o", "-");
    REFUSED("--grid: '3' is not ROWSxCOLUMNS, each from 1 to 1000", "out", "--grid", "3");
    REFUSED("--grid: 2x3 has room for 6 images; wanted for 7, as --count says", "out", "--grid", "2x3", "-n", "7");
    REFUSED("alone; wanted --format grid, or --output with .png", "out", "--grid", "2x3", "--format", "png");
    REFUSED("alone; wanted no --nearest", "out", "--grid", "2x3", "--nearest");
    REFUSED("alone; wanted no --interpolate", "out", "--grid", "2x3", "--interpolate", "0,1");
    REFUSED("--scale: '0' is not a whole number from 1 to 100", "out", "--scale", "0");
    REFUSED("--scale: has an effect on pictures alone", "out", "--scale", "2", "-o", "a.npy");
    REFUSED("--scale: has an effect on pictures alone", "out", "--scale", "2", "--format", "idx");
}

static void test_actions(void **state)
{
    (void)state;
    struct sample_options options = accepted(WORDS("--help", "--no-such"));
    assert_int_equal(options.action, ACTION_HELP);
    sample_options_free(&options);
    options = accepted(WORDS("--version"));
    assert_int_equal(options.action, ACTION_VERSION);
    options = accepted(WORDS("--print_completion", "zsh"));
    assert_int_equal(options.action, ACTION_PRINT_COMPLETION);
    assert_int_equal(options.shell, SHELL_ZSH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_what_is_not_given),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_actions),
    };
    return cmocka_run_group_tests_name("sample_options", tests, NULL, NULL);
}
