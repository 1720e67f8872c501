/* What the user asked gan-eval for. */
#ifndef CLI_EVAL_OPTIONS_H
#define CLI_EVAL_OPTIONS_H

#include "base/error.h"
#include "cli/command_line.h"

#include <stdint.h>

/* What holds where it is not said; macros, so that --help has them as text. */
#define EVAL_COUNT 10000
#define EVAL_DRAWS 5

/* Strings are the options' own, NULL where not given; a struct of zeros is empty. */
struct eval_options {
    enum action action;
    enum shell shell;
    const char *runs[OPERANDS_MAX]; /* runs' folders, or checkpoints, in argv */
    size_t run_count; /* 0: images are given */
    char *images, *labels; /* any images, and the classes that were asked for */
    size_t count; /* images in a draw; 0: it is not said, and EVAL_COUNT */
    size_t draws; /* 0: it is not said, and EVAL_DRAWS */
    bool no_ema; /* G's own weights, not their averages */
    uint64_t seed;
    bool has_seed; /* else the run's */
    size_t neighbours; /* k; 0: it is not said, and YARDSTICK_NEIGHBOURS */
    char *data; /* the real images: a folder */
    char *train_images, *train_labels, *test_images, *test_labels;
    bool json;
    bool quiet;
    size_t threads; /* 0: the cores this process may use */
};

extern const struct texts EVAL_TEXTS;
extern const struct command GAN_EVAL; /* whose flags are fields of struct eval_options */

/* Reads a command line. --help, --version and the hidden --print_man and --print_completion end the reading where they
 * stand: then action (and shell) alone are set. false with STATUS_USAGE and the flag, the value found and what was
 * wanted, or with STATUS_FAILED when memory is short; options is empty then. */
bool eval_options_parse(int argc, char **argv, struct eval_options *options, struct error *error);

/* Frees what options holds and empties it. */
void eval_options_free(struct eval_options *options);

#endif
