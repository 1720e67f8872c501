/* Regular files to be read. */
#ifndef IO_REGULAR_H
#define IO_REGULAR_H

#include "base/error.h"

#include <stddef.h>

/* Opens a file; its size in bytes, 1 or more, in *size; the caller closes *descriptor. STATUS_USAGE with path, reason
 * and `wanted` ("an IDX file of images") where it cannot be opened, is a folder, a pipe or a device (which is told
 * without waiting for it), or is empty; STATUS_FAILED where the machine fails; then nothing is open. */
bool regular_open(const char *path, const char *wanted, int *descriptor, size_t *size, struct error *error);

/* The next `wanted` bytes, however many calls of read() that takes; fewer, in *got, only at the end of the file.
 * STATUS_FAILED with path and reason where the disk fails. */
bool regular_read(const char *path, int descriptor, void *bytes, size_t wanted, size_t *got, struct error *error);

/* All `size` bytes of an open file, of which `start` holds the first `begun`, already read, with a 0 behind them; to be
 * freed with free(). NULL with STATUS_FAILED where the disk fails, the file became shorter or memory is short. */
void *regular_load_rest(const char *path, int descriptor, const void *start, size_t begun, size_t size,
                        struct error *error);

/* A whole file of at most `limit` bytes into memory, with a 0 behind it: *bytes, to be freed with free(), and its size.
 * Errors as above, and STATUS_USAGE where it is larger. */
bool regular_load(const char *path, const char *wanted, size_t limit, char **bytes, size_t *size, struct error *error);

#endif
