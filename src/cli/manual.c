/* The manual page, in the man macros of roff. */
#include "cli/help.h"

#include "cli/presets.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Text in which roff would see no requests, and hyphens that stay what the user has to type. */
static void print_escaped(const char *text, FILE *out)
{
    if (*text == '.' || *text == '\'') {
        fputs("\\&", out);
    }
    for (; *text; text++) {
        switch (*text) {
        case '\\':
            fputs("\\e", out);
            break;
        case '-':
            fputs("\\-", out);
            break;
        case '\'':
            fputs("\\(aq", out);
            break;
        case '`':
            fputs("\\(ga", out);
            break;
        case '~':
            fputs("\\(ti", out);
            break;
        case '^':
            fputs("\\(ha", out);
            break;
        default:
            fputc(*text, out);
        }
    }
}

static void print_heading(const char *macro, const char *title, FILE *out)
{
    fprintf(out, ".%s \"", macro);
    for (; *title; title++) {
        fputc(toupper((unsigned char)*title), out);
    }
    fputs("\"\n", out);
}

static void print_flag_names(const struct flag *flag, FILE *out)
{
    fputs(".TP\n", out);
    if (flag->letter) {
        fprintf(out, "\\fB\\-%c\\fR, ", flag->letter);
    }
    fputs("\\fB\\-\\-", out);
    print_escaped(flag->name, out);
    fputs("\\fR", out);
    if (flag->value_name) {
        fputs(" \\fI", out);
        print_escaped(flag->value_name, out);
        fputs("\\fR", out);
    }
    fputc('\n', out);
}

static bool print_flag(const struct flag *flag, const struct options *defaults, FILE *out)
{
    char *text = help_paragraph(flag, defaults);
    if (!text) {
        return false;
    }
    print_flag_names(flag, out);
    print_escaped(text, out);
    fputc('\n', out);
    free(text);
    return true;
}

static bool print_flags(const struct options *defaults, FILE *out)
{
    enum flag_group group = GROUP_HIDDEN;
    for (size_t i = 0; i < FLAG_COUNT && FLAGS[i].group != GROUP_HIDDEN; i++) {
        if (FLAGS[i].group != group) {
            group = FLAGS[i].group;
            print_heading("SS", flag_group_title(group), out);
        }
        if (!print_flag(&FLAGS[i], defaults, out)) {
            return false;
        }
    }
    return true;
}

static void print_presets(FILE *out)
{
    fputs(".SH PRESETS\n", out);
    for (size_t i = 0; i < PRESET_COUNT; i++) {
        fputs(".TP\n\\fB", out);
        print_escaped(PRESETS[i].name, out);
        fputs("\\fR\n", out);
        print_escaped(PRESETS[i].description, out);
        fputc('\n', out);
    }
}

static const char BEGINNING[] =
    ".TH GAN\\-TRAIN 1 \"\" \"gan\\-train " GAN_VERSION "\" \"User Commands\"\n"
    ".SH NAME\n"
    "gan\\-train \\- train a generative adversarial network of multilayer perceptrons\n"
    ".SH SYNOPSIS\n"
    "\\fBgan\\-train\\fR [\\fIFLAG\\fR ...]\n"
    ".SH DESCRIPTION\n"
    "Trains a generative adversarial network, whose generator G and discriminator D are multilayer perceptrons, on "
    "images in IDX files such as MNIST.\n"
    "After each epoch it writes a grid of generated images and a row of losses.\n"
    "Without data it trains on digits that it draws itself.\n"
    ".PP\n"
    "The same seed gives the same bytes, with any number of threads.\n"
    ".SH OPTIONS\n"
    "In names \\- and _ are the same, and so are \\fB\\-\\-name\\fR \\fIvalue\\fR and "
    "\\fB\\-\\-name=\\fR\\fIvalue\\fR.\n"
    "A flag that would have no effect is refused.\n"
    "[In brackets] stands what holds without the flag under the default preset.\n";

static const char ENDING[] =
    ".SH CONFIGURATION FILES\n"
    "A JSON object of flags, as \\fB\\-\\-print_config\\fR prints it.\n"
    "Numbers are numbers (a seed above 2\\(ha63 \\- 1 is a string), flags without a value and those of yes and no are "
    "true or false, all others are strings.\n"
    "The \\fIconfig.json\\fR of an earlier run will do as well.\n"
    "Paths in it are relative to the folder that gan\\-train is called in.\n"
    ".PP\n"
    "The command line overrules the file, the file its preset.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n"
    ".B GAN_DATA\n"
    "The value of \\fB\\-\\-data\\fR where neither it nor \\fB\\-\\-images\\fR is given.\n"
    ".SH FILES\n"
    "In the folder of \\fB\\-\\-outdir\\fR:\n"
    ".TP\n"
    ".I config.json\n"
    "all flags as they were resolved, the version and the checksum of the data\n"
    ".TP\n"
    ".I losses.csv\n"
    "a row for each epoch\n"
    ".TP\n"
    ".I steps.csv\n"
    "a row for each \\fB\\-\\-log_every\\fR steps\n"
    ".TP\n"
    ".I samples/epoch_0000.png ...\n"
    "images from fixed noise, before training and after epochs\n"
    ".TP\n"
    ".IR training.gif \", \" losses.svg \", \" networks.svg\n"
    "those images over the epochs, the losses as curves, and the two nets\n"
    ".SH EXIT STATUS\n"
    ".TP\n"
    ".B 0\n"
    "done\n"
    ".TP\n"
    ".B 1\n"
    "failed while running: disk, memory\n"
    ".TP\n"
    ".B 2\n"
    "wrong usage or input; nothing was written\n"
    ".TP\n"
    ".B 3\n"
    "the training diverged beyond rescue\n"
    ".TP\n"
    ".B 130\n"
    "stopped by a signal after saving\n"
    ".SH EXAMPLES\n"
    ".nf\n"
    "gan\\-train \\-\\-epochs 100 \\-\\-outdir out\n"
    "gan\\-train \\-\\-preset conditional \\-\\-data data/mnist\n"
    "gan\\-train \\-\\-config out/config.json \\-\\-outdir again \\-\\-seed 1\n"
    ".fi\n";

bool help_print_man(FILE *out, struct error *error)
{
    struct options defaults = {0};
    if (!options_defaults(NULL, &defaults, error)) {
        return false;
    }
    fputs(BEGINNING, out);
    bool printed = print_flags(&defaults, out);
    options_free(&defaults);
    if (!printed) {
        return error_set(error, STATUS_FAILED, "--print_man: no memory for its text");
    }
    print_presets(out);
    fputs(ENDING, out);
    return true;
}
