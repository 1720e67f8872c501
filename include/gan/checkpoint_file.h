/* A checkpoint in memory: for gan/checkpoint.c and gan/checkpoint_load.c alone. */
#ifndef GAN_CHECKPOINT_FILE_H
#define GAN_CHECKPOINT_FILE_H

#include "gan/checkpoint.h"
#include "io/safetensors.h"

struct checkpoint {
    char *path;
    struct safetensors *file; /* NULL: a run's beginning */
    char *config; /* the text of config.json for a run's beginning, else NULL: it is in file */
};

#endif
