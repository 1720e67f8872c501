/* The training images that generated ones are nearest to: whether a generator makes images or remembers them. */
#ifndef EVAL_NEAREST_H
#define EVAL_NEAREST_H

#include "base/error.h"
#include "eval/distances.h"
#include "eval/watch.h"
#include "io/image.h"

#include <stddef.h>
#include <stdint.h>

struct neighbour {
    size_t index; /* of the training image; of equally near ones the first */
    uint64_t squared; /* Euclidean distance of the two, in steps of a byte, squared: exact */
};

/* For each of the images its nearest training image: nearest [images.count]; both have as many pixels, and one image at
 * least. Uses the OpenMP threads of the caller, whose number changes nothing. The watch is told of `what`. After
 * matmul_prepare(). False with STATUS_FAILED where memory is short (some 3 MiB a thread are wanted), STATUS_STOPPED
 * where the watch ended it. */
bool nearest_find(struct image_set images, struct image_set training, struct neighbour *nearest,
                  const struct watch *watch, const char *what, struct error *error);

/* The distance where pixels are numbers from 0 to 1. */
double nearest_distance(struct neighbour neighbour);

/* A grid in which the nearest training image stands to the right of each image, to be freed with image_free. */
bool nearest_grid(struct image_set images, struct image_set training, const struct neighbour *nearest, size_t height,
                  size_t width, struct image *grid, struct error *error);

#endif
