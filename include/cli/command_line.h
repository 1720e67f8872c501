/* A command line against a program's table of flags. */
#ifndef CLI_COMMAND_LINE_H
#define CLI_COMMAND_LINE_H

#include "base/error.h"
#include "cli/flags.h"

enum { OPERANDS_MAX = 100 };

struct command_line {
    const struct command *command;
    const char *values[FLAGS_MAX]; /* of the command's flags, in argv, "yes" for a switch; NULL: not given */
    const char *operands[OPERANDS_MAX]; /* the words beside flags, in argv */
    size_t operand_count;
    enum action action;
};

/* Takes the words apart. An action that the other flags would have no effect on (--help, --version ...) ends the
 * reading where it stands. false with STATUS_USAGE for a word that is no flag, a value too many or too few, and a flag
 * given twice; the values themselves are not looked at. */
bool command_line_read(const struct command *command, int argc, char **argv, struct command_line *line,
                       struct error *error);

/* The value of the flag of this name; NULL: not given. */
const char *command_line_value(const struct command_line *line, const char *name);

/* Puts the value of one flag, or of all that are given, into options. Errors as value_parse has them. */
bool command_line_apply_flag(const struct command_line *line, const struct flag *flag, void *options,
                             struct error *error);
bool command_line_apply(const struct command_line *line, void *options, struct error *error);

/* What an action that takes no flags needs of the line: the shell of --print_completion. */
bool command_line_apply_shell(const struct command_line *line, void *options, struct error *error);

/* Of a command without presets: the flags' own defaults into empty options, and over them the values that are given,
 * each of which must have an effect. Errors as above. */
bool command_line_resolve(const struct command_line *line, void *options, struct error *error);

/* Marks the flags that are given. */
void command_line_given(const struct command_line *line, bool given[static FLAGS_MAX]);

/* The flags' own defaults into empty options, and where the command has presets, those of the named one (NULL: the
 * default one) over them. On failure options are empty. */
bool command_defaults(const struct command *command, const char *preset, void *options, struct error *error);

/* Frees what the options hold and empties them. */
void command_free(const struct command *command, void *options);

#endif
