/* A generator that gan-train trained, with what was recorded of its run. */
#ifndef CLI_TRAINED_H
#define CLI_TRAINED_H

#include "cli/options.h"
#include "cli/recorded.h"
#include "gan/checkpoint.h"
#include "nn/network.h"

struct trained {
    char *path; /* the checkpoint file */
    struct options options; /* of the run */
    struct recorded_data data;
    struct network *generator;
    struct run_progress progress; /* when it was as it is */
    size_t classes; /* that it is conditional on; 0: none */
};

/* From a run's folder, its newest checkpoint, or from a checkpoint file. STATUS_USAGE where it is none or damaged,
 * STATUS_FAILED when memory is short; then *trained holds nothing. */
bool trained_load(const char *path, struct trained *trained, struct error *error);
void trained_free(struct trained *trained);

#endif
