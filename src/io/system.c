#include "io/system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

bool system_open(const char *path, int flags, mode_t mode, int *descriptor)
{
    do {
        *descriptor = open(path, flags | O_CLOEXEC, mode);
    } while (*descriptor < 0 && errno == EINTR);
    return *descriptor >= 0;
}

bool system_write(int descriptor, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t written = write(descriptor, bytes, count);
        if (written > 0) {
            bytes += written;
            count -= (size_t)written;
        } else if (written == 0) {
            errno = EIO; /* no file takes nothing for ever and is well */
            return false;
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

bool system_sync(int descriptor)
{
    while (fsync(descriptor) != 0) {
        if (errno == EINVAL || errno == ENOTSUP) {
            return true; /* a device, or a folder where the system has no sync for one: nothing more can be done */
        }
        if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

bool system_close(int *descriptor)
{
    int closing = *descriptor;
    *descriptor = -1;
    return close(closing) == 0 || errno == EINTR; /* interrupted or not, Linux has closed it */
}

bool system_rename(const char *from, const char *to)
{
    return rename(from, to) == 0;
}

bool system_link(const char *path, const char *other)
{
    return link(path, other) == 0;
}

bool system_remove(const char *path)
{
    return unlink(path) == 0;
}

bool system_cut(int descriptor, off_t bytes)
{
    int failed;
    do {
        failed = ftruncate(descriptor, bytes);
    } while (failed && errno == EINTR);
    return !failed;
}

bool system_lock(int descriptor)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(descriptor, F_SETLK, &whole) == 0;
}

bool system_make_folder(const char *path)
{
    return mkdir(path, 0777) == 0;
}

bool system_may_use_folder(const char *path)
{
    return access(path, R_OK | W_OK | X_OK) == 0;
}

bool system_sync_folder(const char *folder)
{
    int descriptor;
    if (!system_open(folder, O_RDONLY | O_DIRECTORY, 0, &descriptor)) {
        return errno ==
               EACCES; /* it may be written but not read, as shared ones may: then there is no way to sync it */
    }
    bool synced = system_sync(descriptor);
    int reason = errno;
    bool closed = system_close(&descriptor);
    if (!synced) {
        errno = reason;
    }
    return synced && closed;
}
