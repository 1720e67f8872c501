/* getopt_long is not used: it would take any unambiguous beginning for a flag's name, and hold '-' and '_' for
 * different. */
#include "cli/command_line.h"

#include "cli/presets.h"
#include "cli/values.h"

#include <stdio.h>
#include <string.h>

static bool is_given(const struct command_line *line, const struct flag *flag)
{
    return line->values[flag_index(line->command, flag)];
}

const char *command_line_value(const struct command_line *line, const char *name)
{
    return line->values[flag_index(line->command, flag_find(line->command, name))];
}

/* The flag that the word is, as "--epochs" or "-e"; NULL: none. */
static const struct flag *flag_of_word(const struct command *command, const char *word)
{
    if (word[0] != '-' || !word[1]) {
        return NULL;
    }
    if (word[1] == '-') {
        return flag_find(command, word + 2);
    }
    return word[2] ? NULL : flag_find_letter(command, word[1]);
}

static bool refuse_unknown(const struct command *command, const char *word, const char *name, struct error *error)
{
    const struct flag *nearest = flag_nearest(command, name);
    if (nearest) {
        return error_set(error, STATUS_USAGE, "%.60s: no such flag; did you mean --%s?", word, nearest->name);
    }
    return error_set(error, STATUS_USAGE, "%.60s: no such flag (see %s --help)", word, command->name);
}

/* Notes a flag whose value is attached ("--epochs=5"), else, where it takes one, in the next word, past which *next
 * then moves. */
static bool take(struct command_line *line, const struct flag *flag, const char *attached, char ***next,
                 struct error *error)
{
    const char *value = attached;
    if (!flag->value_name) {
        if (attached && flag->type != VALUE_SWITCH) {
            return error_set(error, STATUS_USAGE, "--%s: takes no value, but has '%.60s'", flag->name, attached);
        }
        value = attached ? attached : "yes"; /* "--conditional=no" takes back what a preset or a file says */
    } else if (!attached) {
        /* "--outdir --epochs 5" is a value forgotten rather than a folder of that name */
        if (!**next || flag_of_word(line->command, **next)) {
            return error_set(error, STATUS_USAGE, "--%s: needs a value: --%s %s", flag->name, flag->name,
                             flag->value_name);
        }
        value = *(*next)++;
    }
    if (is_given(line, flag)) {
        return error_set(error, STATUS_USAGE, "--%s: given twice, the second time with '%.60s'", flag->name, value);
    }
    line->values[flag_index(line->command, flag)] = value;
    if (flag->action > line->action) {
        line->action = flag->action;
    }
    return true;
}

/* "--name" or "--name=value". */
static bool take_long(struct command_line *line, const char *word, char ***next, struct error *error)
{
    char name[64];
    size_t length = strcspn(word + 2, "=");
    if (length >= sizeof name) {
        return refuse_unknown(line->command, word, word + 2, error);
    }
    memcpy(name, word + 2, length);
    name[length] = '\0';
    const struct flag *flag = flag_find(line->command, name);
    if (!flag) {
        return refuse_unknown(line->command, word, name, error);
    }
    return take(line, flag, word[2 + length] == '=' ? word + 3 + length : NULL, next, error);
}

/* "-q", "-e 5", "-e5", "-qe5". */
static bool take_short(struct command_line *line, const char *word, char ***next, struct error *error)
{
    const struct command *command = line->command;
    if (word[2] && flag_find(command, word + 1)) {
        return refuse_unknown(command, word, word + 1, error); /* "-epochs" */
    }
    for (const char *letter = word + 1; *letter; letter++) {
        const struct flag *flag = flag_find_letter(command, *letter);
        if (!flag) {
            return refuse_unknown(command, word, letter, error);
        }
        bool is_last = flag->value_name;
        if (!take(line, flag, is_last && letter[1] ? letter + 1 : NULL, next, error)) {
            return false;
        }
        if (is_last) {
            break;
        }
    }
    return true;
}

static bool take_operand(struct command_line *line, const char *word, struct error *error)
{
    const struct command *command = line->command;
    const size_t most = command->operands_max;
    if (line->operand_count < most && *word && *word != '-') {
        line->operands[line->operand_count++] = word;
        return true;
    }
    char taken[64] = "";
    if (most && line->operand_count == most) {
        snprintf(taken, sizeof taken, "%zu run%s taken, and ", most, most == 1 ? " is" : "s are");
    }
    return error_set(error, STATUS_USAGE, "'%.60s': a stray word: %seach value follows its flag (see %s --help)", word,
                     taken, command->name);
}

bool command_line_read(const struct command *command, int argc, char **argv, struct command_line *line,
                       struct error *error)
{
    *line = (struct command_line){.command = command};
    char **next = argv + (argc > 0 ? 1 : 0);
    while (*next && action_takes_flags(line->action)) {
        const char *word = *next++;
        bool is_flag = word[0] == '-' && word[1] && strcmp(word, "--") != 0;
        bool taken = is_flag ? (word[1] == '-' ? take_long : take_short)(line, word, &next, error)
                             : take_operand(line, word, error);
        if (!taken) {
            return false;
        }
    }
    return true;
}

static bool parse_word(const struct flag *flag, const char *value, void *options, struct error *error)
{
    char place[64];
    snprintf(place, sizeof place, "--%s", flag->name);
    return flag->type == VALUE_NONE || value_parse(flag, place, value, options, error);
}

bool command_line_apply_flag(const struct command_line *line, const struct flag *flag, void *options,
                             struct error *error)
{
    return parse_word(flag, line->values[flag_index(line->command, flag)], options, error);
}

bool command_line_apply(const struct command_line *line, void *options, struct error *error)
{
    for (size_t i = 0; i < line->command->flag_count; i++) {
        if (line->values[i] && !command_line_apply_flag(line, &line->command->flags[i], options, error)) {
            return false;
        }
    }
    return true;
}

bool command_line_apply_shell(const struct command_line *line, void *options, struct error *error)
{
    return line->action != ACTION_PRINT_COMPLETION ||
           command_line_apply_flag(line, flag_find(line->command, "print_completion"), options, error);
}

void command_line_given(const struct command_line *line, bool given[static FLAGS_MAX])
{
    for (size_t i = 0; i < line->command->flag_count; i++) {
        given[i] = line->values[i];
    }
}

static bool apply_preset(const struct command *command, const char *name, void *options, struct error *error)
{
    for (const struct preset_value *value = preset_find(name)->values; value->flag; value++) {
        if (!parse_word(flag_find(command, value->flag), value->value, options, error)) {
            return false;
        }
    }
    return true;
}

bool command_defaults(const struct command *command, const char *preset, void *options, struct error *error)
{
    const char *chosen = NULL;
    bool good = true;
    for (size_t i = 0; good && i < command->flag_count; i++) {
        const struct flag *flag = &command->flags[i];
        const char *value = flag->initial;
        if (flag->type == VALUE_PRESET) {
            chosen = value = preset ? preset : flag->initial;
        }
        good = !value || parse_word(flag, value, options, error);
    }
    good = good && (!chosen || apply_preset(command, chosen, options, error));
    if (!good) {
        command_free(command, options);
    }
    return good;
}

bool command_line_resolve(const struct command_line *line, void *options, struct error *error)
{
    if (!command_defaults(line->command, NULL, options, error) || !command_line_apply(line, options, error)) {
        return false;
    }
    bool given[FLAGS_MAX] = {false};
    command_line_given(line, given);
    const struct flag *idle = flag_without_effect(line->command, given, options);
    return !idle || error_set(error, STATUS_USAGE, "--%s: has no effect without %s", idle->name, idle->needs);
}

void command_free(const struct command *command, void *options)
{
    for (size_t i = 0; i < command->flag_count; i++) {
        value_free(&command->flags[i], options);
    }
    memset(options, 0, command->options_size);
}
