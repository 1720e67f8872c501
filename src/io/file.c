#include "io/file.h"

#include "base/memory.h"
#include "io/folder.h"
#include "io/system.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BUFFER_BYTES = 1 << 16,
    NAMES_TRIED = 1000, /* for a temporary file */
};

struct file {
    char *path;
    char *temporary; /* where the bytes go until the file has its name; NULL for a growing one, or once it has */
    char *folder; /* of both; NULL for standard output */
    int descriptor; /* -1 when closed */
    bool unsynced;
    off_t flushed; /* bytes that the system has taken */
    struct error error; /* the first failure; STATUS_DONE while there is none */
    size_t used; /* of the buffer */
    char buffer[BUFFER_BYTES];
};

/* Opens a file that is not there yet, as ".NAME.NUMBER.tmp" beside the final path, and notes its name; false with
 * errno. The number is this process's, or one after it: on a disk that is shared, or from within a container, another
 * process of the same number may be writing. */
static bool open_temporary(struct file *file)
{
    const size_t bytes = strlen(file->path) + 32; /* more than a dot, a number and ".tmp" */
    const char *name = path_name(file->path);
    char *temporary = malloc(bytes);
    bool well = false;
    if (!temporary) {
        return false;
    }
    for (long i = 0; i < NAMES_TRIED && !well && (i == 0 || errno == EEXIST); i++) {
        snprintf(temporary, bytes, "%.*s.%s.%ld.tmp", (int)(name - file->path), file->path, name, (long)getpid() + i);
        well = system_open(temporary, O_WRONLY | O_CREAT | O_EXCL, 0666, &file->descriptor);
    }
    if (well) {
        file->temporary = temporary;
    } else {
        const int reason = errno;
        free(temporary);
        errno = reason;
    }
    return well;
}

static bool failed(const struct file *file)
{
    return file->error.status != STATUS_DONE;
}

/* Keeps the first failure, with errno as its reason. */
static void fail(struct file *file, const char *what)
{
    if (!failed(file)) {
        error_set(&file->error, STATUS_FAILED, "%s: cannot %s: %s", file->path, what, strerror(errno));
    }
}

static void flush(struct file *file)
{
    if (failed(file) || file->used == 0) {
        return;
    }
    if (system_write(file->descriptor, file->buffer, file->used)) {
        file->flushed += (off_t)file->used;
        file->used = 0;
        return;
    }
    fail(file, "write");
    if (!file->temporary && file->folder) {
        /* where that fails, too, half a row stays, as it does in a device; the failure that is reported says enough */
        system_cut(file->descriptor, file->flushed);
    }
}

/* A file that is to be opened; frees it where that fails. */
static struct file *file_new(const char *path, struct error *error)
{
    if (*path_name(path) == '\0') {
        error_set(error, STATUS_USAGE, "%s: is no name of a file", *path ? path : "\"\"");
        return NULL;
    }
    struct file *file = memory_allocate(1, sizeof *file, "a file's buffer", error);
    if (!file) {
        return NULL;
    }
    file->descriptor = -1;
    file->path = memory_copy_string(path, error);
    file->folder = file->path ? path_folder(path, error) : NULL;
    if (!file->folder) {
        file_abandon(file);
        return NULL;
    }
    return file;
}

/* Ends a beginning: file where it is opened, else NULL with an error. */
static struct file *opened(struct file *file, bool well, struct error *error)
{
    if (well) {
        return file;
    }
    error_set(error, STATUS_FAILED, "%s: cannot create this file in %s: %s", file->path, file->folder, strerror(errno));
    file_abandon(file);
    return NULL;
}

static struct file *open_standard_output(struct error *error)
{
    struct file *file = memory_allocate(1, sizeof *file, "a file's buffer", error);
    if (!file) {
        return NULL;
    }
    file->path = memory_copy_string("standard output", error);
    file->descriptor = file->path ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0) : -1;
    if (file->descriptor < 0) {
        if (file->path) {
            error_set(error, STATUS_FAILED, "standard output: %s", strerror(errno));
        }
        file_abandon(file);
        return NULL;
    }
    return file;
}

static struct file *create(const char *path, bool synced, struct error *error)
{
    if (strcmp(path, "-") == 0) {
        return open_standard_output(error);
    }
    struct stat status;
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
        /* found now rather than when all is written; and a device must not be replaced by a file */
        error_set(error, STATUS_USAGE, "%s: is a %s; a file was wanted", path,
                  S_ISDIR(status.st_mode) ? "folder" : "device or pipe");
        return NULL;
    }
    struct file *file = file_new(path, error);
    if (!file) {
        return NULL;
    }
    file->unsynced = !synced;
    return opened(file, open_temporary(file), error);
}

struct file *file_create(const char *path, struct error *error)
{
    return create(path, true, error);
}

struct file *file_create_unsynced(const char *path, struct error *error)
{
    return create(path, false, error);
}

struct file *file_open_growing(const char *path, size_t kept, struct error *error)
{
    struct file *file = file_new(path, error);
    if (!file) {
        return NULL;
    }
    file->flushed = (off_t)kept;
    bool well = system_open(path, O_WRONLY | O_CREAT | O_APPEND, 0666, &file->descriptor) &&
                system_sync_folder(file->folder) && /* or a new one might not outlast a power cut */
                (system_cut(file->descriptor, file->flushed) || errno == EINVAL); /* a device has no length */
    return opened(file, well, error);
}

void file_write(struct file *file, const void *bytes, size_t count)
{
    const char *next = bytes;
    while (count > 0 && !failed(file)) {
        size_t room = BUFFER_BYTES - file->used;
        size_t part = count < room ? count : room;
        memcpy(file->buffer + file->used, next, part);
        file->used += part;
        next += part;
        count -= part;
        if (file->used == BUFFER_BYTES) {
            flush(file);
        }
    }
}

void file_print(struct file *file, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(file->buffer + file->used, BUFFER_BYTES - file->used, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= BUFFER_BYTES - file->used) {
        flush(file); /* and try again with the whole buffer */
        va_start(arguments, format);
        length = vsnprintf(file->buffer + file->used, BUFFER_BYTES - file->used, format, arguments);
        va_end(arguments);
    }
    if (length < 0 || (size_t)length >= BUFFER_BYTES - file->used) {
        errno = EOVERFLOW;
        fail(file, "write a text");
    } else if (!failed(file)) {
        file->used += (size_t)length;
    }
}

bool file_flush(struct file *file, struct error *error)
{
    flush(file);
    if (failed(file)) {
        *error = file->error;
    }
    return !failed(file);
}

bool file_sync(struct file *file, struct error *error)
{
    flush(file);
    if (!failed(file) && !system_sync(file->descriptor)) {
        fail(file, "sync");
    }
    return file_flush(file, error);
}

bool file_commit(struct file *file, struct error *error)
{
    flush(file);
    if (!failed(file) && !file->unsynced && !system_sync(file->descriptor)) {
        fail(file, "sync");
    }
    if (!system_close(&file->descriptor)) {
        fail(file, "close");
    }
    if (!failed(file) && file->temporary) {
        if (system_rename(file->temporary, file->path)) {
            free(file->temporary);
            file->temporary = NULL;
        } else {
            fail(file, "give the file its name");
        }
    }
    if (!failed(file) && file->folder && !file->unsynced && !system_sync_folder(file->folder)) {
        fail(file, "sync its folder");
    }
    bool done = !failed(file);
    if (!done) {
        *error = file->error;
    }
    file_abandon(file);
    return done;
}

void file_abandon(struct file *file)
{
    if (!file) {
        return;
    }
    if (file->descriptor >= 0) {
        system_close(&file->descriptor);
    }
    if (file->temporary) {
        system_remove(file->temporary);
    }
    free(file->path);
    free(file->temporary);
    free(file->folder);
    free(file);
}

bool file_save(const char *path, const void *bytes, size_t count, struct error *error)
{
    struct file *file = file_create(path, error);
    if (!file) {
        return false;
    }
    file_write(file, bytes, count);
    return file_commit(file, error);
}
