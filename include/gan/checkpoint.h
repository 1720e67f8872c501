/* Checkpoints: all that determines what comes next in a training, in one safetensors file (docs/checkpoints.md). */
#ifndef GAN_CHECKPOINT_H
#define GAN_CHECKPOINT_H

#include "base/error.h"
#include "gan/gan.h"
#include "gan/position.h"
#include "gan/snapshot.h"

/* Writes the state of gan, which stands at position, whole or not at all. last_good, the state that a rescue would go
 * back to, is written beside it where it is another one; NULL: there are no rescues. config_json is the text of
 * the run's config.json. */
bool checkpoint_save(const char *path, const struct gan *gan, const struct position *position,
                     const struct snapshot *last_good, const char *config_json, struct error *error);

/* A checkpoint in memory, checked. */
struct checkpoint;

/* Loads a file; or, where path is the folder of a run, its latest checkpoint, and where it has none yet, what its
 * config.json says: a checkpoint of the run's beginning. NULL with STATUS_USAGE and the reason where it is damaged, and
 * with the name of the newest older one that is whole; STATUS_FAILED where memory is short or the disk fails. */
struct checkpoint *checkpoint_load(const char *path, struct error *error);
void checkpoint_free(struct checkpoint *checkpoint);

/* The same for checkpoint_read_weights alone, for which any safetensors file will do. */
struct checkpoint *checkpoint_load_weights(const char *path, struct error *error);

/* The file that it came from, and the text of its run's config.json. Both are the checkpoint's own. */
const char *checkpoint_path(const struct checkpoint *checkpoint);
const char *checkpoint_config(const struct checkpoint *checkpoint);

/* Whether it is of a run that has written none yet. */
bool checkpoint_is_beginning(const struct checkpoint *checkpoint);

/* How far a run had come: whole epochs done, times that it was rescued, steps. */
struct run_progress {
    size_t epochs, rescues;
    uint64_t steps;
};

/* The checkpoint's. STATUS_USAGE where its metadata does not say. */
bool checkpoint_progress(const struct checkpoint *checkpoint, struct run_progress *progress, struct error *error);

/* Puts the state into a gan made for the checkpoint's config, into position, and into last_good unless NULL. Of a run's
 * beginning nothing is to be put. STATUS_USAGE with the tensor's name where the file does not fit the gan. */
bool checkpoint_restore(const struct checkpoint *checkpoint, struct gan *gan, struct position *position,
                        struct snapshot *last_good, struct error *error);

/* The generator's parameters and running statistics, or their averages, which there are where the config has an ema,
 * into one made for the checkpoint's config. Errors as above, and where it is a run's beginning. */
bool checkpoint_read_generator(const struct checkpoint *checkpoint, bool averaged, struct network *generator,
                               struct error *error);

/* What checkpoint_read_weights took. */
struct weights_taken {
    size_t generator, discriminator; /* tensors of each net that came from the file */
    size_t wanted; /* tensors that the nets have */
    char *lacking; /* names of those that did not come, with blanks between, to be freed with free(); NULL: all came */
};

/* Parameters and running statistics of both nets, as far as the file has them under their names, or, where dropout has
 * moved its layers to other places, the first dense one for the first and so on: a beginning for another training.
 * STATUS_USAGE with the tensor's name where a shape differs, and where none is there. */
bool checkpoint_read_weights(const struct checkpoint *checkpoint, struct gan *gan, struct weights_taken *taken,
                             struct error *error);

#endif
