/* What tests of files need: a folder of their own, and a disk that fills up. */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include "unit.h"

#include <stdbool.h>

#include "io/file.h"
#include "io/folder.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SCRATCH_PATH = 512 };

/* Setup and teardown of a test: *state is the folder's path. */
static inline int scratch_make(void **state)
{
    const char *above = getenv("TMPDIR");
    char *path = calloc(1, SCRATCH_PATH);
    if (!path) {
        return -1;
    }
    snprintf(path, SCRATCH_PATH, "%s/gan-test-XXXXXX", above ? above : "/tmp");
    *state = path;
    return mkdtemp(path) ? 0 : -1;
}

static inline void scratch_remove_all(const char *path)
{
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            struct error error;
            struct stat status;
            char *inner = path_join(path, entry->d_name, &error);
            if (inner && lstat(inner, &status) == 0 && S_ISDIR(status.st_mode)) {
                scratch_remove_all(inner);
            } else if (inner) {
                unlink(inner);
            }
            free(inner);
        }
    }
    if (folder) {
        closedir(folder);
    }
    rmdir(path);
}

static inline int scratch_remove(void **state)
{
    scratch_remove_all(*state);
    free(*state);
    return 0;
}

/* "scratch/name", in room for it. */
static inline const char *scratch_path(void **state, const char *name, char path[SCRATCH_PATH])
{
    snprintf(path, SCRATCH_PATH, "%s/%s", (const char *)*state, name);
    return path;
}

/* The names in the scratch folder, hidden ones included. */
static inline int scratch_count(void **state)
{
    int count = -2; /* . and .. */
    DIR *folder = opendir(*state);
    assert_non_null(folder);
    while (readdir(folder)) {
        count++;
    }
    closedir(folder);
    return count;
}

/* A whole file with a 0 behind it, to be freed; its size in *size unless NULL. */
static inline char *scratch_read(const char *path, size_t *size)
{
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    assert_int_equal(fseek(stream, 0, SEEK_END), 0);
    size_t count = (size_t)ftell(stream);
    rewind(stream);
    char *bytes = calloc(count + 1, 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, count, stream), count);
    fclose(stream);
    if (size) {
        *size = count;
    }
    return bytes;
}

static inline void scratch_put(const char *path, const char *text)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    fputs(text, stream);
    assert_int_equal(fclose(stream), 0);
}

static inline void assert_file_holds(const char *path, const char *text)
{
    char *bytes = scratch_read(path, NULL);
    assert_string_equal(bytes, text);
    free(bytes);
}

/* From here on no file may grow beyond this many bytes; the system says "File too large". */
static inline void disk_is_full_at(rlim_t bytes)
{
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* The disk has room again. */
static inline void disk_has_room(void)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

#define assert_contains(text, part)                                                                                    \
    do {                                                                                                               \
        if (!strstr(text, part)) {                                                                                     \
            fail_msg("\"%s\" does not contain \"%s\"", text, part);                                                    \
        }                                                                                                              \
    } while (0)

#define scratch_test(function) cmocka_unit_test_setup_teardown(function, scratch_make, scratch_remove)

#endif
