/* Judges are kept in the user's cache folder, one for each set of training images. */
#ifndef EVAL_JUDGE_CACHE_H
#define EVAL_JUDGE_CACHE_H

#include "eval/judge.h"

#include <stdint.h>

/* What a judge is trained on. */
struct judge_source {
    struct judge_shape shape;
    struct labelled_set training;
    uint32_t checksum; /* of the images and their labels */
};

/* Where the judge of so many images is kept: $XDG_CACHE_HOME/gan-train/judge-CHECKSUM.safetensors, or below ~/.cache
 * where that is not set. To be freed with free(); NULL with STATUS_FAILED where there is no such folder, or no memory.
 */
char *judge_cache_path(const struct judge_source *source, struct error *error);

/* What came of looking there. */
struct judge_find {
    char *path; /* where it is or was to be kept; NULL: nowhere */
    bool trained; /* now, since there was none */
    bool damaged; /* there was one that could not be read, or of another kind */
    bool kept; /* for the next time */
    struct error why_not; /* why it is not kept */
};

void judge_find_free(struct judge_find *find);

/* The judge that is kept, or NULL without an error where there is none that is whole and of these images. */
struct judge *judge_cache_load(const struct judge_source *source, struct judge_find *find);

/* The same, or else one that is trained now, and kept if that can be. NULL with an error. */
struct judge *judge_obtain(const struct judge_source *source, const struct watch *watch, struct judge_find *find,
                           struct error *error);

#endif
