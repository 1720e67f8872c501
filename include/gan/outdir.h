/* The folder of a run: which files gan-train writes there, what an earlier run left, and that one process at a time
 * writes it. */
#ifndef GAN_OUTDIR_H
#define GAN_OUTDIR_H

#include "base/error.h"
#include "io/lock.h"

#include <stddef.h>

/* Makes the folder with those in it, and holds it until lock_release. One that holds a run is refused, or, with
 * overwrite, emptied of what gan-train writes and nothing else. NULL with STATUS_USAGE where it cannot be written, is a
 * file, holds a run or is held by another process. */
struct lock *outdir_begin(const char *path, bool overwrite, struct error *error);

/* Holds the folder of a run that is to go on, and removes what a killed process left half written. Errors as above, and
 * where it holds no run. */
struct lock *outdir_resume(const char *path, struct error *error);

/* Whether outdir_begin would refuse for what the folder holds; changes nothing. For a check before the data are
 * loaded. */
bool outdir_check(const char *path, bool overwrite, struct error *error);

/* The newest checkpoint, in the outdir. */
#define OUTDIR_LATEST "checkpoints/latest.safetensors"

/* The files of a run that are numbered. */
enum outdir_series {
    SERIES_SAMPLES, /* samples/epoch_0000.png */
    SERIES_CHECKPOINTS, /* checkpoints/step_00000000.safetensors */
    SERIES_BEST, /* checkpoints/best_00000000.safetensors: of the lowest Frechet distance, by its step as well */
};

/* The path of one of them, to be freed with free(); NULL when memory is short. */
char *outdir_path(const char *outdir, enum outdir_series series, size_t number, struct error *error);

/* Removes one of them; one that is not there is none to remove. */
bool outdir_remove(const char *outdir, enum outdir_series series, size_t number, struct error *error);

/* The numbers of those that are there, rising: *numbers [*count], to be freed with free(). */
bool outdir_numbers(const char *outdir, enum outdir_series series, size_t **numbers, size_t *count,
                    struct error *error);

#endif
