#include "cli/help.h"

#include "base/memory.h"
#include "cli/command_line.h"
#include "cli/options.h"
#include "cli/presets.h"
#include "cli/text.h"
#include "cli/values.h"

#include <stdlib.h>
#include <string.h>

enum { HELP_COLUMN = 28 }; /* where what a flag does begins */

static void print_paragraph(const struct flag *flag, const void *defaults, FILE *out)
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

char *help_paragraph(const struct flag *flag, const void *defaults)
{
    struct text text;
    if (text_begin(&text)) {
        print_paragraph(flag, defaults, text.out);
    }
    return text_end(&text);
}

/* The flag's names and its value's; returns how many columns they take. */
static size_t print_names(const struct flag *flag, FILE *out)
{
    char names[TEXT_COLUMNS];
    int length = snprintf(names, sizeof names, "  %c%c%c --%s%s%s", flag->letter ? '-' : ' ',
                          flag->letter ? flag->letter : ' ', flag->letter ? ',' : ' ', flag->name,
                          flag->value_name ? " " : "", flag->value_name ? flag->value_name : "");
    fputs(names, out);
    return (size_t)length;
}

static bool print_flag(const struct flag *flag, const void *defaults, FILE *out)
{
    char *text = help_paragraph(flag, defaults);
    if (!text) {
        return false;
    }
    text_print_wrapped(text, print_names(flag, out), HELP_COLUMN, out);
    free(text);
    return true;
}

static bool print_groups(const struct command *command, const void *defaults, FILE *out)
{
    enum flag_group group = GROUP_HIDDEN;
    for (size_t i = 0; i < command->flag_count && command->flags[i].group != GROUP_HIDDEN; i++) {
        if (command->flags[i].group != group) {
            group = command->flags[i].group;
            fprintf(out, "\n%s\n", flag_group_title(group));
        }
        if (!print_flag(&command->flags[i], defaults, out)) {
            return false;
        }
    }
    return true;
}

void *help_defaults(const struct command *command, struct error *error)
{
    void *defaults = memory_allocate(1, command->options_size, "the defaults", error);
    if (defaults && !command_defaults(command, NULL, defaults, error)) {
        free(defaults);
        return NULL;
    }
    return defaults;
}

void help_free_defaults(const struct command *command, void *defaults)
{
    command_free(command, defaults);
    free(defaults);
}

static void print_beginning(const struct command *command, FILE *out)
{
    const struct texts *texts = command->texts;
    fprintf(out, "usage: %s [FLAG ...]%s%s\n", command->name, command->operand ? " " : "",
            command->operand ? command->operand : "");
    for (size_t i = 0; texts->about[i]; i++) {
        text_print_wrapped(texts->about[i], 0, 0, out);
    }
    fputc('\n', out);
    for (size_t i = 0; texts->examples[i]; i++) {
        fprintf(out, "    %s\n", texts->examples[i]);
    }
    text_print_wrapped(texts->defaults, 0, 0, out);
    fputs("In names - and _ are the same, and so are --name value and --name=value.\n", out);
}

static void print_ending(const struct command *command, FILE *out)
{
    char line[512] = "Exit status:";
    for (const struct exit_status *status = command->texts->statuses; status->number; status++) {
        size_t used = strlen(line);
        snprintf(line + used, sizeof line - used, " %s %s%s", status->number, status->meaning,
                 status[1].number ? ";" : ".");
    }
    text_print_wrapped(line, 0, 0, out);
}

bool help_print(const struct command *command, FILE *out, struct error *error)
{
    void *defaults = help_defaults(command, error);
    if (!defaults) {
        return false;
    }
    print_beginning(command, out);
    bool printed = print_groups(command, defaults, out);
    help_free_defaults(command, defaults);
    if (!printed) {
        return error_set(error, STATUS_FAILED, "--help: no memory for its text");
    }
    print_ending(command, out);
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
