/* IDX files, plain or gzip: the format of MNIST. Big-endian magic 0, 0, element type (8: unsigned byte), number of
 * dimensions; then each dimension as a 32-bit number, then the elements. */
#ifndef DATA_IDX_H
#define DATA_IDX_H

#include "base/error.h"

#include <stddef.h>

struct idx {
    size_t count; /* images or labels in bytes: the first dimension, or fewer where a limit was asked for */
    size_t total; /* the first dimension as the file has it */
    size_t height, width; /* of an image; 1, 1 for labels */
    unsigned char *bytes; /* [count][height * width]; owned, freed by idx_free */
};

/* Reads a three-dimensional file of images, the first `limit` of them (0, or more than there are: all), or a
 * one-dimensional file of labels. gzip is told by its first bytes, not by the name; several gzip members in a row are
 * one file. The whole file is checked even when a limit keeps little of it, and memory is taken for what the file
 * holds, never for what its header merely claims.
 * STATUS_USAGE for a bad file, with the file, what was found and what was wanted; STATUS_FAILED when memory is short
 * or the disk fails. Then *idx holds nothing. */
bool idx_read_images(const char *path, size_t limit, struct idx *images, struct error *error);
bool idx_read_labels(const char *path, struct idx *labels, struct error *error);

void idx_free(struct idx *idx);

#endif
