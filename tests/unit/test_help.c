/* What is printed from the flag table. */
#include "unit.h"

#include "cli/eval_options.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/presets.h"
#include "cli/sample_options.h"
#include "cli/values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 80 };

static const struct command *const COMMANDS[] = {&GAN_TRAIN, &GAN_SAMPLE, &GAN_EVAL};
enum { COMMAND_COUNT = sizeof COMMANDS / sizeof *COMMANDS };

/* What the program prints of itself, to be freed. */
static char *printed(const struct command *command, enum action action, enum shell shell)
{
    char *text = NULL;
    size_t length;
    struct error error;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    assert_true(help_answer(command, action, shell, out, &error));
    assert_int_equal(fclose(out), 0);
    return text;
}

static char *printed_completion(const struct command *command, enum shell shell)
{
    return printed(command, ACTION_PRINT_COMPLETION, shell);
}

static void assert_narrow(const char *text)
{
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        if (length > COLUMNS) {
            fail_msg("%zu columns: %.*s", length, (int)length, line);
        }
        assert_true(length == 0 || line[length - 1] != ' ');
        assert_int_equal(line[length], '\n');
        line += length + 1;
    }
}

/* Whether the text has "--name" as a word of its own. */
static bool names_flag(const char *text, const char *name)
{
    char word[64];
    int length = snprintf(word, sizeof word, "--%s", name);
    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word)) {
        if (strchr(" \n=[)}'", at[length])) {
            return true;
        }
    }
    return false;
}

static void assert_names_all_flags(const struct command *command, const char *text)
{
    for (size_t i = 0; i < command->flag_count; i++) {
        const struct flag *flag = &command->flags[i];
        bool hidden = flag->group == GROUP_HIDDEN;
        if (names_flag(text, flag->name) == hidden) {
            fail_msg("%s: --%s is %s", command->name, flag->name, hidden ? "shown" : "missing");
        }
    }
}

/* Text in which any run of blanks is one. */
static char *unwrapped(const char *text)
{
    char *out = malloc(strlen(text) + 1);
    char *end = out;
    for (; *text; text++) {
        bool blank = *text == ' ' || *text == '\n';
        if (!blank || (end > out && end[-1] != ' ')) {
            *end++ = *text;
            end[-1] = blank ? ' ' : *text;
        }
    }
    *end = '\0';
    return out;
}

/* The help in one line. */
static char *flat_help(const struct command *command)
{
    char *text = printed(command, ACTION_HELP, SHELL_BASH);
    char *flat = unwrapped(text);
    free(text);
    return flat;
}

static void test_help_is_narrow_and_whole(void **state)
{
    (void)state;
    for (size_t c = 0; c < COMMAND_COUNT; c++) {
        const struct command *command = COMMANDS[c];
        assert_in_range(command->operands_max, command->operand ? 1 : 0, command->operand ? OPERANDS_MAX : 0);
        char *text = printed(command, ACTION_HELP, SHELL_BASH);
        assert_narrow(text);
        assert_names_all_flags(command, text);
        assert_null(strstr(text, "(null)"));
        free(text);
        char *flat = flat_help(command);
        for (size_t i = 0; i < command->flag_count && command->flags[i].group != GROUP_HIDDEN; i++) {
            assert_non_null(strstr(flat, command->flags[i].help));
            const char *choice;
            for (size_t j = 0; (choice = flag_choice(&command->flags[i], j)); j++) {
                assert_non_null(strstr(flat, choice));
            }
        }
        free(flat);
    }
}

static void test_help_says_defaults_and_ranges(void **state)
{
    (void)state;
    char *flat = flat_help(&GAN_TRAIN);
    assert_ptr_equal(strstr(flat, "usage: gan-train [FLAG ...] Trains a "), flat);
    assert_non_null(strstr(flat, "-e, --epochs N passes over the images: a whole number from 1 to 1000000 [50]"));
    assert_non_null(strstr(flat, "--g_hidden WIDTHS"));
    assert_non_null(strstr(flat, "[512,512,512]")); /* the default preset's */
    assert_non_null(strstr(flat, "--beta_1 X what Adam's first moment keeps: a number from 0 to below 1; needs "
                                 "--optimizer adam [0]"));
    assert_non_null(strstr(flat, "linear, relu, leaky_relu[:slope], tanh, sigmoid or maxout[:pieces], slope from 0 to "
                                 "below 1, pieces from 2 to 64; needs hidden layers in G"));
    assert_non_null(strstr(flat, "glorot_uniform, he_normal, normal:s, truncated_normal:s, uniform:s or lecun_uniform, "
                                 "s above 0 up to 1000"));
    assert_non_null(strstr(flat, "3 the training diverged beyond rescue; 130"));
    free(flat);
    flat = flat_help(&GAN_SAMPLE);
    assert_ptr_equal(strstr(flat, "usage: gan-sample [FLAG ...] RUN Draws "), flat);
    assert_non_null(strstr(
        flat,
        "where the run is --conditional: a whole number from 0 to 255 [those that the run's images have, in turn]"));
    assert_non_null(strstr(flat, "2 to 16 images' numbers from 0 to 4294967295, such as 0,7 [none]"));
    assert_non_null(strstr(flat, "[what --output ends in, else grid]"));
    assert_non_null(strstr(flat, "[about a square, and with classes one a column]"));
    free(flat);
    flat = flat_help(&GAN_EVAL);
    assert_ptr_equal(strstr(flat, "usage: gan-eval [FLAG ...] [RUN ...] Measures "), flat);
    assert_non_null(strstr(flat, "a whole number from 1000 to 4294967295 [10000, or a whole file that has fewer]"));
    assert_non_null(strstr(flat, "--test_labels FILE an IDX file of their classes; needs --test_images [none]"));
    assert_non_null(strstr(flat, "130 stopped by a signal."));
    free(flat);
}

static void test_presets_are_narrow_and_whole(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length;
    struct error error;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    assert_true(help_print_presets(out, &error));
    assert_int_equal(fclose(out), 0);
    assert_narrow(text);
    const char *line = text;
    for (size_t i = 0; i < PRESET_COUNT; i++) {
        line = strchr(line, '\n') + 1;
        assert_ptr_equal(strstr(line, PRESETS[i].name), line);
    }
    assert_non_null(strstr(text, "\npytorch-gan    200    64  "));
    free(text);
}

static void check_man_page(const struct command *command, const char *title)
{
    char *text = printed(command, ACTION_PRINT_MAN, SHELL_BASH);
    assert_ptr_equal(strstr(text, title), text);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        /* "'" or "." begins a request, and all that are used are in capitals or of two small letters */
        assert_int_not_equal(*line, '\'');
        assert_true(*line != '.' || strchr("BIPSTnf", line[1]));
    }
    for (size_t i = 0; i < command->flag_count; i++) {
        char word[64];
        snprintf(word, sizeof word, "\\fB\\-\\-%s\\fR", command->flags[i].name);
        bool shown = strstr(text, word);
        assert_int_equal(shown, command->flags[i].group != GROUP_HIDDEN);
    }
    free(text);
}

static void test_man_pages(void **state)
{
    (void)state;
    check_man_page(&GAN_TRAIN, ".TH GAN\\-TRAIN 1 ");
    check_man_page(&GAN_SAMPLE, ".TH GAN\\-SAMPLE 1 ");
    check_man_page(&GAN_EVAL, ".TH GAN\\-EVAL 1 ");
}

/* Runs the command with the text as its input; its status, or -1 where the program is not on this machine. */
static int run_on(const char *program, const char *command, const char *text)
{
    char question[128];
    snprintf(question, sizeof question, "command -v %s >/dev/null", program);
    if (system(question) != 0) {
        return -1;
    }
    FILE *pipe = popen(command, "w");
    assert_non_null(pipe);
    assert_true(fputs(text, pipe) >= 0);
    return pclose(pipe);
}

static void test_man_pages_render_without_warnings(void **state)
{
    (void)state;
    for (size_t c = 0; c < COMMAND_COUNT; c++) {
        char *text = printed(COMMANDS[c], ACTION_PRINT_MAN, SHELL_BASH);
        int status = run_on("groff", "test -z \"$(groff -man -ww -z 2>&1)\"", text);
        free(text);
        if (status == -1) {
            skip();
        }
        assert_int_equal(status, 0);
    }
}

static void test_completions_name_all_flags(void **state)
{
    (void)state;
    for (size_t c = 0; c < COMMAND_COUNT; c++) {
        char *bash = printed_completion(COMMANDS[c], SHELL_BASH);
        char *zsh = printed_completion(COMMANDS[c], SHELL_ZSH);
        assert_names_all_flags(COMMANDS[c], bash);
        assert_names_all_flags(COMMANDS[c], zsh);
        int bash_status = run_on("bash", "bash -n", bash);
        int zsh_status = run_on("zsh", "zsh -n", zsh);
        free(bash);
        free(zsh);
        assert_true(bash_status <= 0);
        assert_true(zsh_status <= 0);
    }
}

/* The words that the script offers after these, the last of which is being typed. */
static void assert_completes(const struct command *command, const char *function, const char *words,
                             const char *offered)
{
    char script[16384];
    char *bash = printed_completion(command, SHELL_BASH);
    int length = snprintf(script, sizeof script,
                          "%scompopt() { :; }\nCOMP_WORDS=(%s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
                          "%s\ntest \"${COMPREPLY[*]}\" = '%s'\n",
                          bash, words, function, offered);
    free(bash);
    assert_in_range(length, 1, sizeof script - 1);
    int status = run_on("bash", "bash -s", script);
    if (status > 0) {
        fail_msg("%s does not complete to %s", words, offered);
    }
}

static void test_bash_completes(void **state)
{
    (void)state;
    assert_completes(&GAN_TRAIN, "_gan_train", "gan-train --epo", "--epochs");
    assert_completes(&GAN_TRAIN, "_gan_train", "gan-train --preset d", "deep");
    assert_completes(&GAN_TRAIN, "_gan_train", "gan-train -p mini", "minimax");
    assert_completes(&GAN_TRAIN, "_gan_train", "gan-train --g_batch_norm_first ''", "yes no");
    assert_completes(&GAN_TRAIN, "_gan_train", "gan-train --output t", "tanh");
    assert_completes(&GAN_TRAIN, "_gan_train", "gan-train --epochs 1", "");
    assert_completes(&GAN_SAMPLE, "_gan_sample", "gan-sample --format g", "grid gif");
    assert_completes(&GAN_SAMPLE, "_gan_sample", "gan-sample Makef", "Makefile"); /* the run is a path */
    assert_completes(&GAN_SAMPLE, "_gan_sample", "gan-sample --inter", "--interpolate");
    assert_completes(&GAN_SAMPLE, "_gan_sample", "gan-sample --count 1", "");
    assert_completes(&GAN_EVAL, "_gan_eval", "gan-eval --train_i", "--train_images");
    assert_completes(&GAN_EVAL, "_gan_eval", "gan-eval Makef", "Makefile");
    assert_completes(&GAN_EVAL, "_gan_eval", "gan-eval --images Makef", "Makefile");
    assert_completes(&GAN_EVAL, "_gan_eval", "gan-eval --draws 1", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_help_is_narrow_and_whole),
        cmocka_unit_test(test_presets_are_narrow_and_whole),
        cmocka_unit_test(test_help_says_defaults_and_ranges),
        cmocka_unit_test(test_man_pages),
        cmocka_unit_test(test_man_pages_render_without_warnings),
        cmocka_unit_test(test_completions_name_all_flags),
        cmocka_unit_test(test_bash_completes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
