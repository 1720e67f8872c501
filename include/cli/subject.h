/* What gan-eval measures: the images of a run's generator, or those of a file. */
#ifndef CLI_SUBJECT_H
#define CLI_SUBJECT_H

#include "cli/eval_options.h"
#include "cli/saved_generator.h"
#include "data/dataset.h"
#include "eval/evaluation.h"

#include <stdint.h>

struct subject {
    const char *name; /* the checkpoint or the file, of the options or the subject's own */
    struct saved_generator saved; /* of a run */
    char *flags; /* that the run had beyond its preset (options_flags) */
    struct sampler *sampler;
    unsigned char *bytes, *labels; /* of a file: [available][pixels], [available] or NULL */
    size_t available; /* images of a file; 0: of a run, any number */
    size_t height, width;
    const struct dataset *training; /* whose classes a conditional run is asked for */
    uint64_t seed;
};

/* Loads a run, or where that is NULL the file of images that the options name. Errors as saved_generator_load and
 * idx_read_images have them, and STATUS_USAGE where a file has too few images; then nothing is held. */
bool subject_load(const struct eval_options *options, const char *run, struct subject *subject, struct error *error);
void subject_free(struct subject *subject);

/* Makes it ready to be measured against real images, whose training images outlive it. STATUS_USAGE where it does not
 * fit them: another size, another range, other classes, or classes where they have none. */
bool subject_prepare(struct subject *subject, const struct dataset *training, struct error *error);

/* Its images; the subject outlives the source. */
struct image_source subject_source(struct subject *subject);

#endif
