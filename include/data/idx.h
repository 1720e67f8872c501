/* IDX files, plain or gzip: the format of MNIST. Big-endian magic 0, 0, element type (8: unsigned byte), number of
 * dimensions; then each dimension as a 32-bit number, then the elements. */
#ifndef DATA_IDX_H
#define DATA_IDX_H

#include "base/error.h"

#include <stddef.h>

struct idx {
    size_t count; /* the first dimension, or fewer where a limit was asked for */
    size_t total; /* the first dimension as the file has it */
    size_t height, width; /* of an image; 1, 1 for labels */
    unsigned char *bytes; /* [total][height * width] for labels, [count][height * width] for images; owned, freed by
                             idx_free */
};

/* Reads a three-dimensional file of images, the first `limit` of them (0: all), or a one-dimensional file of labels.
 * Everything the file claims is checked against what it holds before memory is taken for it; the message names the
 * file, what was found and what was wanted. STATUS_USAGE for a bad file, STATUS_FAILED when memory is short. */
bool idx_read_images(const char *path, size_t limit, struct idx *images, struct error *error);
bool idx_read_labels(const char *path, struct idx *labels, struct error *error);

void idx_free(struct idx *idx);

#endif
