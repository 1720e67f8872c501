/* What the fuzz targets share. A target is a function that takes any bytes and must come back: libFuzzer calls it with
 * bytes that it makes up (`make fuzz`), tests/fuzz/replay.c with those kept in tests/fuzz/corpus. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memfd_create */
#endif

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program where a promise is broken: that is a find. */
static inline void promise(bool kept, const char *what)
{
    if (!kept) {
        fprintf(stderr, "broken promise: %s\n", what);
        abort();
    }
}

/* The path of a file in memory with these bytes, until the next call. */
static inline const char *fuzz_file(const void *bytes, size_t size)
{
    static char path[32];
    static int descriptor = -1;
    if (descriptor < 0) {
        descriptor = memfd_create("fuzz", 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    }
    promise(ftruncate(descriptor, 0) == 0 && pwrite(descriptor, bytes, size, 0) == (ssize_t)size, "a file in memory");
    return path;
}

/* What is refused is refused as bad input, in one line. */
static inline void check_refusal(const struct error *error)
{
    promise(error->status == STATUS_USAGE, "status 2 for bad input");
    const size_t length = strlen(error->message);
    promise(length > 0 && length < sizeof error->message, "a message");
    for (size_t i = 0; i < length; i++) {
        promise((unsigned char)error->message[i] >= ' ' && error->message[i] != 127, "a message of one line");
    }
}

/* Has the sanitizer look at each byte. */
static inline void touch(const void *bytes, size_t size)
{
    const volatile unsigned char *byte = bytes;
    for (size_t i = 0; i < size; i++) {
        (void)byte[i];
    }
}

#endif
