#include "cli/help.h"

#include "cli/presets.h"
#include "cli/values.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 80, TEXT_COLUMN = 28 };

/* Prints text from column `at` on, in lines that begin at column `indent` and end before COLUMNS. */
static void print_wrapped(const char *text, size_t at, size_t indent, FILE *out)
{
    if (at + 2 > indent) { /* two blanks at least keep it apart from what stands before */
        fputc('\n', out);
        at = 0;
    }
    fprintf(out, "%*s", (int)(indent - at), "");
    at = indent;
    while (*text) {
        size_t length = strcspn(text, " ");
        if (at > indent && at + 1 + length >= COLUMNS) {
            fprintf(out, "\n%*s", (int)indent, "");
            at = indent;
        } else if (at > indent) {
            fputc(' ', out);
            at++;
        }
        fwrite(text, 1, length, out);
        at += length;
        text += length + strspn(text + length, " ");
    }
    fputc('\n', out);
}

static void print_paragraph(const struct flag *flag, const struct options *defaults, FILE *out)
{
    fputs(flag->help, out);
    if (flag->value_name && flag->type != VALUE_PATH) {
        fputs(": ", out);
        value_print_wanted(flag, out);
    }
    if (flag->needs) {
        fprintf(out, "; needs %s", flag->needs);
    }
    if (flag->value_name) {
        fputs(" [", out);
        if (value_is_set(flag, defaults)) {
            value_print(flag, defaults, out);
        } else {
            fputs(flag->unset, out);
        }
        fputs("]", out);
    }
}

char *help_paragraph(const struct flag *flag, const struct options *defaults)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out) {
        return NULL;
    }
    print_paragraph(flag, defaults, out);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

/* The flag's names and its value's; returns how many columns they take. */
static size_t print_names(const struct flag *flag, FILE *out)
{
    char names[COLUMNS];
    int length = snprintf(names, sizeof names, "  %c%c%c --%s%s%s", flag->letter ? '-' : ' ',
                          flag->letter ? flag->letter : ' ', flag->letter ? ',' : ' ', flag->name,
                          flag->value_name ? " " : "", flag->value_name ? flag->value_name : "");
    fputs(names, out);
    return (size_t)length;
}

static bool print_flag(const struct flag *flag, const struct options *defaults, FILE *out)
{
    char *text = help_paragraph(flag, defaults);
    if (!text) {
        return false;
    }
    print_wrapped(text, print_names(flag, out), TEXT_COLUMN, out);
    free(text);
    return true;
}

static bool print_groups(const struct options *defaults, FILE *out)
{
    enum flag_group group = GROUP_HIDDEN;
    for (size_t i = 0; i < FLAG_COUNT && FLAGS[i].group != GROUP_HIDDEN; i++) {
        if (FLAGS[i].group != group) {
            group = FLAGS[i].group;
            fprintf(out, "\n%s\n", flag_group_title(group));
        }
        if (!print_flag(&FLAGS[i], defaults, out)) {
            return false;
        }
    }
    return true;
}

bool help_print(FILE *out, struct error *error)
{
    struct options defaults = {0};
    if (!options_defaults(NULL, &defaults, error)) {
        return false;
    }
    fputs("usage: gan-train [FLAG ...]\n"
          "\n"
          "Trains a generative adversarial network, whose generator G and discriminator D\n"
          "are multilayer perceptrons, on images in IDX files. After each epoch it writes a\n"
          "grid of generated images and a row of losses.\n"
          "\n"
          "    gan-train --epochs 100 --outdir out\n"
          "    gan-train --preset conditional --data data/mnist\n"
          "\n",
          out);
    fprintf(out,
            "[In brackets] stands what holds without the flag under the default preset, %s;\n"
            "`gan-train --preset NAME --print_config' shows another's. In names - and _ are\n"
            "the same, and so are --name value and --name=value.\n",
            PRESET_DEFAULT);
    bool printed = print_groups(&defaults, out);
    options_free(&defaults);
    if (!printed) {
        return error_set(error, STATUS_FAILED, "--help: no memory for its text");
    }
    fputs("\nExit status: 0 done; 1 failed while running; 2 wrong usage or input; 3 diverged\n"
          "beyond rescue; 130 stopped by a signal after saving.\n",
          out);
    return true;
}

bool help_print_presets(FILE *out, struct error *error)
{
    fprintf(out, "%-11s %6s %5s  %s\n", "preset", "epochs", "batch", "what it is");
    for (size_t i = 0; i < PRESET_COUNT; i++) {
        struct options options = {0};
        if (!options_defaults(PRESETS[i].name, &options, error)) {
            return false;
        }
        fprintf(out, "%-11s %6zu %5zu  %s\n", PRESETS[i].name, options.config.epochs, options.config.batch_size,
                PRESETS[i].description);
        options_free(&options);
    }
    return true;
}
