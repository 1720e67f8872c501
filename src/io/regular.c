#include "io/regular.h"

#include "base/memory.h"
#include "io/system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TRANSFER_MAX = 1 << 30 }; /* Linux reads at most 2 GB in a call */

/* What is wrong with the open file; NULL: nothing. */
static const char *fault(int descriptor, size_t *size)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0) {
        return strerror(errno);
    }
    *size = (size_t)status.st_size;
    if (!S_ISREG(status.st_mode)) {
        return S_ISDIR(status.st_mode) ? "is a folder" : "is not a regular file";
    }
    return *size == 0 ? "is empty" : NULL;
}

bool regular_open(const char *path, const char *wanted, int *descriptor, size_t *size, struct error *error)
{
    /* without waiting for the other end where the path is a pipe */
    if (!system_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0, descriptor)) {
        return error_set(error, error_blame(errno), "%s: %s; wanted %s", path, strerror(errno), wanted);
    }
    const char *found = fault(*descriptor, size);
    if (found) {
        error_set(error, STATUS_USAGE, "%s: %s; wanted %s", path, found, wanted);
        system_close(descriptor);
    }
    return !found;
}

bool regular_read(const char *path, int descriptor, void *bytes, size_t wanted, size_t *got, struct error *error)
{
    *got = 0;
    while (*got < wanted) {
        size_t left = wanted - *got;
        ssize_t n = read(descriptor, (char *)bytes + *got, left < TRANSFER_MAX ? left : TRANSFER_MAX);
        if (n == 0) {
            break;
        }
        if (n > 0) {
            *got += (size_t)n;
        } else if (errno != EINTR) {
            return error_set(error, STATUS_FAILED, "%s: cannot be read: %s", path, strerror(errno));
        }
    }
    return true;
}

void *regular_load_rest(const char *path, int descriptor, const void *start, size_t begun, size_t size,
                        struct error *error)
{
    char *bytes = memory_allocate(size + 1, 1, path, error);
    if (!bytes) {
        return NULL;
    }
    memcpy(bytes, start, begun);
    size_t got;
    const bool read = regular_read(path, descriptor, bytes + begun, size - begun, &got, error);
    if (read && got == size - begun) {
        return bytes;
    }
    if (read) {
        error_set(error, STATUS_FAILED, "%s: became shorter while it was read", path);
    }
    free(bytes);
    return NULL;
}

bool regular_load(const char *path, const char *wanted, size_t limit, char **bytes, size_t *size, struct error *error)
{
    int descriptor;
    if (!regular_open(path, wanted, &descriptor, size, error)) {
        return false;
    }
    if (*size > limit) {
        error_set(error, STATUS_USAGE, "%s: has %zu bytes, which is more than %zu; wanted %s", path, *size, limit,
                  wanted);
        *bytes = NULL;
    } else {
        *bytes = regular_load_rest(path, descriptor, "", 0, *size, error);
    }
    system_close(&descriptor);
    return *bytes;
}
