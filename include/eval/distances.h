/* Exact squared distances between images by products of matrices, a block of them at a time:
 * |a - b|^2 = |a|^2 + |b|^2 - 2 ab.
 *
 * A byte less 128 is a number whose products with others, summed over at most 1024 pixels, stay within 2^24: a float
 * holds each partial sum exactly, so that no order of adding and no kernel of BLAS changes them. Longer images go in
 * runs of that length, whose distances are added in double, exact up to 2^53. */
#ifndef EVAL_DISTANCES_H
#define EVAL_DISTANCES_H

#include "base/error.h"
#include "nn/real.h"

#include <stddef.h>

/* Images as bytes. */
struct image_set {
    const unsigned char *bytes; /* [count][pixels] */
    size_t count;
    size_t pixels; /* of an image */
};

/* How many images of each of the two sets a block is made of, at most. */
enum { DISTANCE_ROWS = 128, DISTANCE_COLUMNS = 512 };

/* Room for one block, 3.3 MiB at most: each thread needs one of its own. */
struct distance_block {
    double *squared; /* [DISTANCE_ROWS][DISTANCE_COLUMNS]: what distances_compute leaves, in steps of a byte, squared */
    real *rows, *columns, *products; /* the images of both sides as numbers, a run of pixels; what they give */
};

/* Room for so many threads' blocks of images of so many pixels: an array [threads], to be freed with distances_free.
 * NULL with STATUS_FAILED where there is no memory for it. */
struct distance_block *distances_create(size_t threads, size_t pixels, struct error *error);

/* Takes NULL, too. */
void distances_free(struct distance_block *blocks, size_t threads);

/* How many blocks cover so many images, in blocks of `size`. */
static inline size_t distance_blocks(size_t count, size_t size)
{
    return (count + size - 1) / size;
}

/* Block number `index` of a set, the last of which may be smaller. */
struct image_set distance_part(struct image_set set, size_t index, size_t size);

/* Distances of every image of `rows`, at most DISTANCE_ROWS, to every one of `columns`, at most DISTANCE_COLUMNS, of as
 * many pixels each, into block->squared, whose other elements stay as they are. On the calling thread alone, after
 * matmul_prepare(). */
void distances_compute(struct distance_block *block, struct image_set rows, struct image_set columns);

#endif
