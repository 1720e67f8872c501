/* What the user asked gan-sample for. */
#ifndef CLI_SAMPLE_OPTIONS_H
#define CLI_SAMPLE_OPTIONS_H

#include "base/error.h"
#include "cli/flags.h"
#include "gan/interpolation.h"

#include <stdint.h>

/* Images where their number is not said; macros, so that --help has them as text. */
#define SAMPLE_COUNT 100
#define SAMPLE_COUNT_NEAREST 10

enum sample_format { FORMAT_UNSET, FORMAT_GRID, FORMAT_PNG, FORMAT_IDX, FORMAT_NPY, FORMAT_GIF };

/* Strings are the options' own, NULL where not given; a struct of zeros is empty. */
struct sample_options {
    enum action action;
    enum shell shell;
    char *run; /* a run's folder, or a checkpoint */
    size_t count; /* images */
    uint64_t seed;
    bool has_seed; /* else the run's */
    size_t label; /* the class of all images */
    bool has_label; /* else each class in turn */
    bool no_ema; /* G's own weights, not their averages */
    enum sample_format format;
    size_t grid[2]; /* rows and columns of a grid; 0: as they come out */
    size_t scale; /* a pixel's side in pictures; 0: the format's own */
    char *output; /* "-": standard output */
    struct waypoints interpolate; /* count 0: not asked for */
    size_t steps; /* from one of them to the next */
    bool nearest; /* each image beside the nearest training image */
    char *data, *images, *labels; /* where the run's training images are now */
    size_t threads; /* 0: the cores this process may use */
};

extern const struct texts SAMPLE_TEXTS;
extern const struct command GAN_SAMPLE; /* whose flags are fields of struct sample_options */

/* Reads a command line. --help, --version and the hidden --print_man and --print_completion end the reading where they
 * stand: then action (and shell) alone are set. Otherwise all of options is, format, count and output too where they
 * were not given. false with STATUS_USAGE and the flag, the value found and what was wanted, or with STATUS_FAILED when
 * memory is short; options is empty then. */
bool sample_options_parse(int argc, char **argv, struct sample_options *options, struct error *error);

/* Frees what options holds and empties it. */
void sample_options_free(struct sample_options *options);

#endif
