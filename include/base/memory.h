/* Memory: every allocation of the library passes here, checked for overflow, aligned for vector loads, zeroed. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include "base/error.h"

#include <stddef.h>

/* a * b into *product; false where it overflows. */
bool size_multiply(size_t a, size_t b, size_t *product);

/* A zeroed block of count elements of size bytes each, aligned to 64 bytes, at least one byte long; the caller frees
 * it with free(). NULL with STATUS_FAILED and a message naming `what` ("the images") when memory is short or the
 * product overflows. */
void *memory_allocate(size_t count, size_t size, const char *what, struct error *error);

/* Room for one more element in a block of *capacity elements of size bytes, the first `count` of which are in use: the
 * block itself, or where it is full (or NULL) one of twice the capacity that takes its place. NULL as above; then the
 * block stays. */
void *memory_grow(void *block, size_t *capacity, size_t count, size_t size, const char *what, struct error *error);

/* malloc() for a library that does not survive a shortage of memory: where it is short, the program ends with
 * STATUS_FAILED and a line on standard error. To be freed with free(). */
void *memory_or_end(size_t bytes);

/* A copy of a string, to be freed with free(); NULL as above. */
char *memory_copy_string(const char *text, struct error *error);

#endif
