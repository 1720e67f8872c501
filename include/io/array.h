/* Arrays of unsigned bytes as files: what stands before the bytes. */
#ifndef IO_ARRAY_H
#define IO_ARRAY_H

#include "io/file.h"

/* The header of an IDX file (as MNIST's are) of 1 to 3 dimensions, each below 2^32. */
void array_begin_idx(struct file *file, const size_t *sizes, size_t dimensions);

/* The header of a file that NumPy's load() reads, format 1.0, of 1 to 3 dimensions. */
void array_begin_npy(struct file *file, const size_t *sizes, size_t dimensions);

#endif
