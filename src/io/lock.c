#include "io/lock.h"

#include "base/memory.h"
#include "io/system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct lock {
    char *path;
    int descriptor; /* to which the lock belongs: closing any other of this file in this process would let it go */
};

/* Whether the path still means the open file: whoever held it before may have removed it. */
static bool is_current(const struct lock *lock)
{
    struct stat opened, named;
    return fstat(lock->descriptor, &opened) == 0 && stat(lock->path, &named) == 0 && opened.st_dev == named.st_dev &&
           opened.st_ino == named.st_ino;
}

/* Says who holds the lock. false; true where nobody does any more, so that it is worth trying again. */
static bool refuse(const struct lock *lock, const char *what, struct error *error)
{
    const int reason = errno;
    struct flock other = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (reason != EACCES && reason != EAGAIN) {
        return error_set(error, STATUS_FAILED, "%s: cannot be locked: %s", lock->path, strerror(reason));
    }
    if (fcntl(lock->descriptor, F_GETLK, &other) == 0 && other.l_type == F_UNLCK) {
        return true;
    }
    if (other.l_pid <= 0) {
        return error_set(error, STATUS_USAGE, "%s: another process is writing there; wanted another folder, or its end",
                         what);
    }
    return error_set(error, STATUS_USAGE, "%s: process %ld is writing there; wanted another folder, or its end", what,
                     (long)other.l_pid);
}

/* Tries once; *again where it is worth another try. */
static bool try(struct lock *lock, const char *what, bool *again, struct error *error)
{
    *again = false;
    if (!system_open(lock->path, O_RDWR | O_CREAT, 0666, &lock->descriptor)) {
        return error_set(error, STATUS_FAILED, "%s: cannot be made: %s", lock->path, strerror(errno));
    }
    if (system_lock(lock->descriptor)) {
        *again = !is_current(lock);
    } else {
        *again = refuse(lock, what, error);
        if (!*again) {
            system_close(&lock->descriptor);
            return false;
        }
    }
    if (*again) {
        system_close(&lock->descriptor);
    }
    return !*again;
}

struct lock *lock_take(const char *path, const char *what, struct error *error)
{
    struct lock *lock = memory_allocate(1, sizeof *lock, "a lock", error);
    if (!lock) {
        return NULL;
    }
    lock->descriptor = -1;
    lock->path = memory_copy_string(path, error);
    bool again = lock->path, taken = false;
    while (again && !taken) {
        taken = try(lock, what, &again, error);
    }
    if (!taken) {
        free(lock->path);
        free(lock);
        return NULL;
    }
    return lock;
}

void lock_release(struct lock *lock)
{
    if (!lock) {
        return;
    }
    system_remove(lock->path); /* while it is held, so that it is nobody else's */
    system_close(&lock->descriptor);
    free(lock->path);
    free(lock);
}
