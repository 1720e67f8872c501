/* A generator that gan-train saved, with what was recorded of its run. */
#ifndef CLI_SAVED_GENERATOR_H
#define CLI_SAVED_GENERATOR_H

#include "cli/options.h"
#include "cli/recorded.h"
#include "gan/checkpoint.h"
#include "nn/network.h"

struct saved_generator {
    char *path; /* the checkpoint file */
    struct options options; /* of the run */
    struct recorded_data data;
    struct network *generator; /* which only infers */
    bool averaged; /* whether its weights are moving averages of those that were trained */
    struct run_progress progress; /* when it was as it is */
    size_t classes; /* that it is conditional on; 0: none */
};

/* From a run's folder, its newest checkpoint, or from a checkpoint file: G's averages where the run has some and no_ema
 * does not say otherwise, else G. STATUS_USAGE where it is none or damaged, STATUS_FAILED when memory is short; then
 * *saved holds nothing. */
bool saved_generator_load(const char *path, bool no_ema, struct saved_generator *saved, struct error *error);
/* Whether the run has averages that --no_ema can do without. STATUS_USAGE. */
bool saved_generator_check_ema(const struct saved_generator *saved, struct error *error);

void saved_generator_free(struct saved_generator *saved);

#endif
