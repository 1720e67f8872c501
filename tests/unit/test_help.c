/* What is printed from the flag table. */
#include "unit.h"

#include "cli/help.h"
#include "cli/options.h"
#include "cli/presets.h"
#include "cli/values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 80 };

static bool print_bash(FILE *out, struct error *error)
{
    (void)error;
    help_print_completion(&GAN_TRAIN, SHELL_BASH, out);
    return true;
}

static bool print_zsh(FILE *out, struct error *error)
{
    (void)error;
    help_print_completion(&GAN_TRAIN, SHELL_ZSH, out);
    return true;
}

static bool print_help(FILE *out, struct error *error)
{
    return help_print(&GAN_TRAIN, out, error);
}

static bool print_man(FILE *out, struct error *error)
{
    return help_print_man(&GAN_TRAIN, out, error);
}

static char *printed(bool (*print)(FILE *, struct error *))
{
    char *text = NULL;
    size_t length;
    struct error error;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    assert_true(print(out, &error));
    assert_int_equal(fclose(out), 0);
    return text;
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

static void assert_names_all_flags(const char *text)
{
    for (size_t i = 0; i < GAN_TRAIN.flag_count; i++) {
        bool hidden = GAN_TRAIN.flags[i].group == GROUP_HIDDEN;
        if (names_flag(text, GAN_TRAIN.flags[i].name) == hidden) {
            fail_msg("--%s is %s", GAN_TRAIN.flags[i].name, hidden ? "shown" : "missing");
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

static void test_help_is_narrow_and_whole(void **state)
{
    (void)state;
    char *text = printed(print_help);
    assert_narrow(text);
    assert_names_all_flags(text);
    char *flat = unwrapped(text);
    for (size_t i = 0; i < GAN_TRAIN.flag_count && GAN_TRAIN.flags[i].group != GROUP_HIDDEN; i++) {
        assert_non_null(strstr(flat, GAN_TRAIN.flags[i].help));
        const char *choice;
        for (size_t j = 0; (choice = flag_choice(&GAN_TRAIN.flags[i], j)); j++) {
            assert_non_null(strstr(flat, choice));
        }
    }
    assert_non_null(strstr(flat, "-e, --epochs N passes over the images: a whole number from 1 to 1000000 [50]"));
    assert_non_null(strstr(flat, "--g_hidden WIDTHS"));
    assert_non_null(strstr(flat, "[256,512,1024]")); /* the default preset's */
    assert_non_null(strstr(flat, "--beta_1 X what Adam's first moment keeps: a number from 0 to below 1; needs "
                                 "--optimizer adam [0.5]"));
    free(flat);
    free(text);
}

static void test_presets_are_narrow_and_whole(void **state)
{
    (void)state;
    char *text = printed(help_print_presets);
    assert_narrow(text);
    const char *line = text;
    for (size_t i = 0; i < PRESET_COUNT; i++) {
        line = strchr(line, '\n') + 1;
        assert_ptr_equal(strstr(line, PRESETS[i].name), line);
    }
    assert_non_null(strstr(text, "\npytorch-gan    200    64  "));
    free(text);
}

static void test_man_page(void **state)
{
    (void)state;
    char *text = printed(print_man);
    assert_ptr_equal(strstr(text, ".TH GAN\\-TRAIN 1 "), text);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        /* "'" or "." begins a request, and all that are used are in capitals or of two small letters */
        assert_int_not_equal(*line, '\'');
        assert_true(*line != '.' || strchr("BIPSTnf", line[1]));
    }
    for (size_t i = 0; i < GAN_TRAIN.flag_count; i++) {
        char word[64];
        snprintf(word, sizeof word, "\\fB\\-\\-%s\\fR", GAN_TRAIN.flags[i].name);
        bool shown = strstr(text, word);
        assert_int_equal(shown, GAN_TRAIN.flags[i].group != GROUP_HIDDEN);
    }
    free(text);
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

static void test_man_page_renders_without_warnings(void **state)
{
    (void)state;
    char *text = printed(print_man);
    int status = run_on("groff", "test -z \"$(groff -man -ww -z 2>&1)\"", text);
    free(text);
    if (status == -1) {
        skip();
    }
    assert_int_equal(status, 0);
}

static void test_completions_name_all_flags(void **state)
{
    (void)state;
    char *bash = printed(print_bash);
    char *zsh = printed(print_zsh);
    assert_names_all_flags(bash);
    assert_names_all_flags(zsh);
    int bash_status = run_on("bash", "bash -n", bash);
    int zsh_status = run_on("zsh", "zsh -n", zsh);
    free(bash);
    free(zsh);
    assert_true(bash_status <= 0);
    assert_true(zsh_status <= 0);
}

/* The words that the script offers after these, the last of which is being typed. */
static void assert_completes(const char *words, const char *offered)
{
    char script[16384];
    char *bash = printed(print_bash);
    int length = snprintf(script, sizeof script,
                          "%sCOMP_WORDS=(%s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
                          "_gan_train\ntest \"${COMPREPLY[*]}\" = '%s'\n",
                          bash, words, offered);
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
    assert_completes("gan-train --epo", "--epochs");
    assert_completes("gan-train --preset d", "deep");
    assert_completes("gan-train -p mini", "minimax");
    assert_completes("gan-train --g_batch_norm_first ''", "yes no");
    assert_completes("gan-train --output t", "tanh");
    assert_completes("gan-train --epochs 1", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_help_is_narrow_and_whole),
        cmocka_unit_test(test_presets_are_narrow_and_whole),
        cmocka_unit_test(test_man_page),
        cmocka_unit_test(test_man_page_renders_without_warnings),
        cmocka_unit_test(test_completions_name_all_flags),
        cmocka_unit_test(test_bash_completes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
