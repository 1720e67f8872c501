#include "io/file.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER_BYTES = 1 << 16 };

struct file {
    char *path;
    char *temporary; /* where the bytes go until the file has its name; NULL for a growing one, or once it has */
    char *folder; /* of both */
    int descriptor; /* -1 when closed */
    off_t flushed; /* bytes that the system has taken */
    struct error error; /* the first failure; STATUS_DONE while there is none */
    size_t used; /* of the buffer */
    char buffer[BUFFER_BYTES];
};

/* The system calls of writing: each of them stands here, once, and answers false with errno. */

static bool open_file(const char *path, int flags, mode_t mode, int *descriptor)
{
    do {
        *descriptor = open(path, flags | O_CLOEXEC, mode);
    } while (*descriptor < 0 && errno == EINTR);
    return *descriptor >= 0;
}

static bool write_all(int descriptor, const char *bytes, size_t count)
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

static bool sync_to_disk(int descriptor)
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

static bool close_file(int *descriptor)
{
    int closing = *descriptor;
    *descriptor = -1;
    return close(closing) == 0 || errno == EINTR; /* interrupted or not, Linux has closed it */
}

static bool rename_file(const char *from, const char *to)
{
    return rename(from, to) == 0;
}

static bool sync_folder(const char *folder)
{
    int descriptor;
    if (!open_file(folder, O_RDONLY | O_DIRECTORY, 0, &descriptor)) {
        return errno ==
               EACCES; /* it may be written but not read, as shared ones may: then there is no way to sync it */
    }
    bool synced = sync_to_disk(descriptor);
    int reason = errno;
    bool closed = close_file(&descriptor);
    if (!synced) {
        errno = reason;
    }
    return synced && closed;
}

/* Names. */

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The folder that holds path, to be freed with free(). */
static char *folder_of(const char *path, struct error *error)
{
    char *folder = memory_allocate(strlen(path) + sizeof ".", 1, "a file name", error);
    if (folder) {
        size_t length = (size_t)(name_of(path) - path);
        while (length > 1 && path[length - 1] == '/') {
            length--; /* but the root keeps its slash */
        }
        memcpy(folder, length ? path : ".", length ? length : 1);
    }
    return folder;
}

/* ".NAME.PID.tmp" beside path, to be freed with free(). */
static char *temporary_name(const char *path, struct error *error)
{
    size_t bytes = strlen(path) + 32; /* more than a dot, a process's number and ".tmp" */
    char *temporary = memory_allocate(bytes, 1, "a file name", error);
    if (temporary) {
        const char *name = name_of(path);
        snprintf(temporary, bytes, "%.*s.%s.%ld.tmp", (int)(name - path), path, name, (long)getpid());
    }
    return temporary;
}

char *path_join(const char *folder, const char *name, struct error *error)
{
    size_t length = strlen(folder);
    size_t bytes = length + strlen(name) + 2;
    char *path = memory_allocate(bytes, 1, "a file name", error);
    if (path) {
        snprintf(path, bytes, "%s%s%s", folder, length == 0 || folder[length - 1] == '/' ? "" : "/", name);
    }
    return path;
}

/* Files. */

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
    if (write_all(file->descriptor, file->buffer, file->used)) {
        file->flushed += (off_t)file->used;
        file->used = 0;
        return;
    }
    fail(file, "write");
    if (!file->temporary && ftruncate(file->descriptor, file->flushed) != 0) {
        return; /* half a row stays, as it does in a device; the failure that is reported says enough */
    }
}

/* A file that is to be opened; frees it where that fails. */
static struct file *file_new(const char *path, struct error *error)
{
    if (*name_of(path) == '\0') {
        error_set(error, STATUS_FAILED, "%s: is no name of a file", *path ? path : "\"\"");
        return NULL;
    }
    struct file *file = memory_allocate(1, sizeof *file, "a file's buffer", error);
    if (!file) {
        return NULL;
    }
    file->descriptor = -1;
    file->path = memory_copy_string(path, error);
    file->folder = file->path ? folder_of(path, error) : NULL;
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
    free(file->temporary);
    file->temporary = NULL; /* it is not ours to remove */
    file_abandon(file);
    return NULL;
}

struct file *file_create(const char *path, struct error *error)
{
    struct stat status;
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
        /* found now rather than when all is written; and a device must not be replaced by a file */
        error_set(error, STATUS_FAILED, "%s: is a %s; a file was wanted", path,
                  S_ISDIR(status.st_mode) ? "folder" : "device or pipe");
        return NULL;
    }
    struct file *file = file_new(path, error);
    if (!file) {
        return NULL;
    }
    file->temporary = temporary_name(path, error);
    if (!file->temporary) {
        file_abandon(file);
        return NULL;
    }
    const int flags = O_WRONLY | O_CREAT | O_EXCL;
    bool well = open_file(file->temporary, flags, 0666, &file->descriptor);
    if (!well && errno == EEXIST) {
        /* this process has the number now, so whoever left the file is dead */
        well = unlink(file->temporary) == 0 && open_file(file->temporary, flags, 0666, &file->descriptor);
    }
    return opened(file, well, error);
}

struct file *file_create_growing(const char *path, struct error *error)
{
    struct file *file = file_new(path, error);
    return file ? opened(file, open_file(path, O_WRONLY | O_CREAT | O_TRUNC, 0666, &file->descriptor), error) : NULL;
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

bool file_commit(struct file *file, struct error *error)
{
    flush(file);
    if (!failed(file) && !sync_to_disk(file->descriptor)) {
        fail(file, "sync");
    }
    if (!close_file(&file->descriptor)) {
        fail(file, "close");
    }
    if (!failed(file) && file->temporary) {
        if (rename_file(file->temporary, file->path)) {
            free(file->temporary);
            file->temporary = NULL;
        } else {
            fail(file, "give the file its name");
        }
    }
    if (!failed(file) && !sync_folder(file->folder)) {
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
        close_file(&file->descriptor);
    }
    if (file->temporary) {
        unlink(file->temporary);
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

bool file_remove(const char *path, struct error *error)
{
    return unlink(path) == 0 || errno == ENOENT ||
           error_set(error, STATUS_FAILED, "%s: cannot be removed: %s", path, strerror(errno));
}

bool file_is_leftover(const char *entry, bool (*wanted)(const char *name))
{
    static const char END[] = ".tmp";
    char name[NAME_MAX + 1];
    const size_t length = strlen(entry);
    if (entry[0] != '.' || length >= sizeof name || length < sizeof END ||
        strcmp(entry + length - strlen(END), END) != 0) {
        return false;
    }
    memcpy(name, entry + 1, length - strlen(END) - 1);
    name[length - strlen(END) - 1] = '\0';
    char *pid = strrchr(name, '.');
    if (!pid || pid[1] == '\0' || pid[1 + strspn(pid + 1, "0123456789")] != '\0') {
        return false;
    }
    *pid = '\0';
    return wanted(name);
}

/* Folders. */

static bool make_one_folder(const char *path, struct error *error)
{
    bool made = mkdir(path, 0777) == 0;
    int reason = errno;
    struct stat status;
    if (!made && stat(path, &status) == 0) {
        return S_ISDIR(status.st_mode) || error_set(error, STATUS_USAGE, "%s: is a file; a folder was wanted", path);
    }
    if (!made) {
        bool machine = reason == ENOSPC || reason == EDQUOT || reason == EIO || reason == ENOMEM;
        return error_set(error, machine ? STATUS_FAILED : STATUS_USAGE, "%s: cannot make this folder: %s", path,
                         strerror(reason));
    }
    char *above = folder_of(path, error);
    bool synced = above && (sync_folder(above) ||
                            error_set(error, STATUS_FAILED, "%s: cannot sync this folder: %s", above, strerror(errno)));
    free(above);
    return synced;
}

bool folder_make(const char *path, struct error *error)
{
    char *part = memory_copy_string(path, error);
    if (!part) {
        return false;
    }
    bool made = *part || error_set(error, STATUS_USAGE, "\"\": is no name of a folder");
    for (size_t i = 1; made && i <= strlen(path); i++) {
        if (path[i] == '/' || path[i] == '\0') {
            part[i] = '\0';
            made = make_one_folder(part, error);
            part[i] = path[i];
        }
    }
    free(part);
    return made && (access(path, R_OK | W_OK | X_OK) == 0 ||
                    error_set(error, STATUS_USAGE, "%s: this folder cannot be written: %s", path, strerror(errno)));
}
