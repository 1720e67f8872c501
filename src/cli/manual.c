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

static void print_capitals(const char *text, FILE *out)
{
    for (; *text; text++) {
        fputs(*text == '-' ? "\\" : "", out);
        fputc(toupper((unsigned char)*text), out);
    }
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

static bool print_flag(const struct flag *flag, const void *defaults, FILE *out)
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

static bool print_flags(const struct command *command, const void *defaults, FILE *out)
{
    enum flag_group group = GROUP_HIDDEN;
    for (size_t i = 0; i < command->flag_count && command->flags[i].group != GROUP_HIDDEN; i++) {
        if (command->flags[i].group != group) {
            group = command->flags[i].group;
            fputs(".SS \"", out);
            print_capitals(flag_group_title(group), out);
            fputs("\"\n", out);
        }
        if (!print_flag(&command->flags[i], defaults, out)) {
            return false;
        }
    }
    return true;
}

/* A tagged paragraph. */
static void print_term(const char *term, const char *text, FILE *out)
{
    fputs(".TP\n\\fB", out);
    print_escaped(term, out);
    fputs("\\fR\n", out);
    print_escaped(text, out);
    fputc('\n', out);
}

static void print_presets(const struct command *command, FILE *out)
{
    for (size_t i = 0; i < command->flag_count; i++) {
        if (command->flags[i].type == VALUE_PRESET) {
            fputs(".SH PRESETS\n", out);
            for (size_t j = 0; j < PRESET_COUNT; j++) {
                print_term(PRESETS[j].name, PRESETS[j].description, out);
            }
        }
    }
}

static void print_beginning(const struct command *command, FILE *out)
{
    const struct texts *texts = command->texts;
    fputs(".TH ", out);
    print_capitals(command->name, out);
    fputs(" 1 \"\" \"", out);
    print_escaped(command->name, out);
    fputs(" " GAN_VERSION "\" \"User Commands\"\n.SH NAME\n", out);
    print_escaped(command->name, out);
    fputs(" \\- ", out);
    print_escaped(texts->summary, out);
    fputs("\n.SH SYNOPSIS\n\\fB", out);
    print_escaped(command->name, out);
    fprintf(out, "\\fR [\\fIFLAG\\fR ...]%s%s\n.SH DESCRIPTION\n", command->operand ? " " : "",
            command->operand ? command->operand : "");
    for (size_t i = 0; texts->about[i]; i++) {
        fputs(i ? ".PP\n" : "", out);
        print_escaped(texts->about[i], out);
        fputc('\n', out);
    }
    fputs(".SH OPTIONS\n"
          "In names \\- and _ are the same, and so are \\fB\\-\\-name\\fR \\fIvalue\\fR and "
          "\\fB\\-\\-name=\\fR\\fIvalue\\fR.\n"
          "A flag that would have no effect is refused.\n",
          out);
    print_escaped(texts->defaults, out);
    fputc('\n', out);
}

static void print_ending(const struct command *command, FILE *out)
{
    const struct texts *texts = command->texts;
    print_presets(command, out);
    fputs(texts->manual, out);
    fputs(".SH EXIT STATUS\n", out);
    for (const struct exit_status *status = texts->statuses; status->number; status++) {
        print_term(status->number, status->meaning, out);
    }
    fputs(".SH EXAMPLES\n.nf\n", out);
    for (size_t i = 0; texts->examples[i]; i++) {
        print_escaped(texts->examples[i], out);
        fputc('\n', out);
    }
    fputs(".fi\n", out);
}

bool help_print_man(const struct command *command, FILE *out, struct error *error)
{
    void *defaults = help_defaults(command, error);
    if (!defaults) {
        return false;
    }
    print_beginning(command, out);
    bool printed = print_flags(command, defaults, out);
    help_free_defaults(command, defaults);
    if (!printed) {
        return error_set(error, STATUS_FAILED, "--print_man: no memory for its text");
    }
    print_ending(command, out);
    return true;
}
