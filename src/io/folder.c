#define _XOPEN_SOURCE 700 /* for realpath; NOLINT(bugprone-reserved-identifier) */
#include "io/folder.h"
#include "base/memory.h"
#include "io/system.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

char *path_folder(const char *path, struct error *error)
{
    char *folder = memory_allocate(strlen(path) + sizeof ".", 1, "a file name", error);
    if (folder) {
        size_t length = (size_t)(path_name(path) - path);
        while (length > 1 && path[length - 1] == '/') {
            length--; /* but the root keeps its slash */
        }
        memcpy(folder, length ? path : ".", length ? length : 1);
    }
    return folder;
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

char *path_whole(const char *path)
{
    return realpath(path, NULL);
}

bool path_remove(const char *path, struct error *error)
{
    return system_remove(path) || errno == ENOENT ||
           error_set(error, STATUS_FAILED, "%s: cannot be removed: %s", path, strerror(errno));
}

bool folder_remove(const char *folder, const char *name, struct error *error)
{
    char *path = path_join(folder, name, error);
    bool good = path && path_remove(path, error);
    free(path);
    return good;
}

bool path_keep(const char *path, const char *other, struct error *error)
{
    if (!path_remove(other, error)) {
        return false;
    }
    bool kept = system_link(path, other);
    if (!kept && (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS || errno == EMLINK)) {
        kept = system_rename(path, other);
    }
    return kept || error_set(error, STATUS_FAILED, "%s: cannot also be named %s: %s", path, other, strerror(errno));
}

bool path_is_leftover(const char *entry, bool (*wanted)(const char *name))
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

static bool make_one_folder(const char *path, struct error *error)
{
    bool made = system_make_folder(path);
    int reason = errno;
    struct stat status;
    if (!made && stat(path, &status) == 0) {
        return S_ISDIR(status.st_mode) || error_set(error, STATUS_USAGE, "%s: is a file; a folder was wanted", path);
    }
    if (!made) {
        return error_set(error, error_blame(reason), "%s: cannot make this folder: %s", path, strerror(reason));
    }
    char *above = path_folder(path, error);
    bool synced = above && (system_sync_folder(above) ||
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
    return made &&
           (system_may_use_folder(path) ||
            error_set(error, error_blame(errno), "%s: this folder cannot be written: %s", path, strerror(errno)));
}

static bool refuse_unread(const char *folder, struct error *error)
{
    return error_set(error, error_blame(errno), "%s: cannot be read: %s", folder, strerror(errno));
}

bool folder_visit(const char *folder,
                  bool (*visit)(const char *folder, const char *name, void *context, struct error *error),
                  void *context, struct error *error)
{
    DIR *directory = opendir(folder);
    if (!directory) {
        return errno == ENOENT || errno == ENOTDIR || refuse_unread(folder, error);
    }
    bool good = true;
    const struct dirent *entry;
    do {
        errno = 0; /* readdir() says NULL at the end and where it fails */
        entry = readdir(directory);
        if (!entry) {
            good = errno == 0 || refuse_unread(folder, error);
        } else if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            good = visit(folder, entry->d_name, context, error);
        }
    } while (entry && good);
    closedir(directory);
    return good;
}
