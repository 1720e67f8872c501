/* What the user asked gan-train for: the command line, over a configuration file, over a preset, over the defaults. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/error.h"
#include "gan/config.h"

#include <stdbool.h>

enum action {
    ACTION_TRAIN,
    ACTION_PRINT_CONFIG,
    ACTION_LIST_PRESETS,
    ACTION_HELP,
    ACTION_VERSION,
    ACTION_PRINT_MAN,
    ACTION_PRINT_COMPLETION, /* for options.shell */
};

enum shell { SHELL_BASH, SHELL_ZSH };

/* Strings are the options' own, NULL where not given; a struct of zeros is empty. */
struct options {
    struct config config;
    enum action action;
    enum shell shell;
    bool quiet;
    char *config_file;
};

/* Reads a command line. What holds is, from the weakest: the flags' own defaults, the preset, the file of --config, the
 * command line, whatever the order of the flags; the preset is the command line's, else the file's, else the default
 * one. Each flag that the file or the command line gives must have an effect, the file's by itself, the command line's
 * on the whole: the command line may overrule a file as it may a preset.
 *
 * --help, --version, --list_presets and the hidden --print_man and --print_completion end the reading where they stand:
 * then action (and shell) alone are set. Otherwise all of options is, and whether the data have labels, enough images
 * or the machine enough cores is still to be seen.
 *
 * false with STATUS_USAGE and the flag, the value found and what was wanted, or with STATUS_FAILED when memory is
 * short; options is empty then. */
bool options_parse(int argc, char **argv, struct options *options, struct error *error);

/* The flags' own defaults under the named preset (NULL: the default one) into empty options. Errors as above. */
bool options_defaults(const char *preset, struct options *options, struct error *error);

/* Frees what options holds and empties it. */
void options_free(struct options *options);

#endif
