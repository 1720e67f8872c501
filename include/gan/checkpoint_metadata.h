/* What a checkpoint's metadata says besides its tensors: counters, and the sums of unfinished rows. */
#ifndef GAN_CHECKPOINT_METADATA_H
#define GAN_CHECKPOINT_METADATA_H

#include "base/error.h"
#include "gan/position.h"
#include "io/safetensors.h"

enum { METADATA_ENTRIES = 24, METADATA_TEXT = 256 };

/* The counters of a state. */
struct counters {
    uint64_t steps, updates_g, updates_d;
    size_t rescues;
    struct position position;
    bool has_last_good; /* the state that a rescue goes back to, where it is another one: an epoch's beginning */
    size_t last_good_epoch;
    uint64_t last_good_steps;
    struct record_sums last_good_window;
};

/* Entries on their way into a file; the texts are metadata's own, config_json the caller's. */
struct metadata {
    struct safetensors_entry entries[METADATA_ENTRIES];
    char texts[METADATA_ENTRIES][METADATA_TEXT];
    size_t count;
};

void metadata_print(const struct counters *counters, const char *config_json, struct metadata *metadata);

/* STATUS_USAGE with the path, the key and what was wanted where one is missing, no such number or out of range
 * (gan/gan.h), or where the numbers contradict each other. */
bool metadata_scan(const struct safetensors *file, const char *path, struct counters *counters, struct error *error);

#endif
