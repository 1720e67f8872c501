/* What the user asked gan-train for: the command line, over a configuration file, over a preset, over the defaults. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/error.h"
#include "cli/flags.h"
#include "gan/config.h"

#include <stdbool.h>

/* Strings are the options' own, NULL where not given; a struct of zeros is empty. */
struct options {
    struct config config;
    enum action action;
    enum shell shell;
    bool quiet;
    char *config_file; /* the field of --config, which is read before fields are filled (options_parse) */
    char *resume;
};

extern const struct texts TRAIN_TEXTS;
extern const struct command GAN_TRAIN; /* whose flags are fields of struct options */

/* Reads a command line. What holds is, from the weakest: the flags' own defaults, the preset, the file of --config, the
 * command line, whatever the order of the flags; the preset is the command line's, else the file's, else the default
 * one. Each flag that the file or the command line gives must have an effect, the file's by itself, the command line's
 * on the whole: the command line may overrule a file as it may a preset.
 *
 * --help, --version, --list_presets and the hidden --print_man and --print_completion end the reading where they stand:
 * then action (and shell) alone are set. With --resume, action and resume alone are set, and options_resume does the
 * rest once the run's record is read. Otherwise all of options is, and whether the data have labels, enough images or
 * the machine enough cores is still to be seen.
 *
 * false with STATUS_USAGE and the flag, the value found and what was wanted, or with STATUS_FAILED when memory is
 * short; options is empty then. */
bool options_parse(int argc, char **argv, struct options *options, struct error *error);

/* A run as it was recorded. */
struct recorded_run {
    const char *outdir; /* where it is now */
    const char *place; /* the file that holds the record, for messages */
    const char *config_json; /* the text of the run's config.json */
};

/* What the run was recorded with, in outdir wherever it was then, into empty options. A record that is none is refused
 * with STATUS_USAGE, the place and what is wrong. */
bool options_recorded(const struct recorded_run *run, struct options *options, struct error *error);

/* After options_parse of the same command line has set resume: the same with the command line over it. A flag that is
 * not resumable is refused unless it says what is recorded anyway. Errors as above. */
bool options_resume(int argc, char **argv, const struct recorded_run *run, struct options *options,
                    struct error *error);

/* The flags' own defaults under the named preset (NULL: the default one) into empty options. Errors as above. */
bool options_defaults(const char *preset, struct options *options, struct error *error);

/* Gives a config with a learning rate and a schedule of its own the final rate and the decay that it has where they are
 * not given: those of `preset` go along. The final rate keeps its proportion; a decay, which means another thing under
 * another schedule, becomes 0. */
void options_take_along(const struct config *preset, struct config *config);

/* What decides about a training beyond its preset, as flags: "--r1 0 --seed 3", "" where the preset alone does. To be
 * freed with free(); NULL with STATUS_FAILED when memory is short. */
char *options_flags(const struct options *options, struct error *error);

/* Frees what options holds and empties it. */
void options_free(struct options *options);

#endif
