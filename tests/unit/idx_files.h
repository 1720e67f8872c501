/* Files for the tests of data/: made in a folder of their own, which is the working folder while they run. */
#ifndef TESTS_IDX_FILES_H
#define TESTS_IDX_FILES_H

#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static char files_folder[] = "/tmp/gan-test-XXXXXX";

static int files_setup(void **state)
{
    (void)state;
    return mkdtemp(files_folder) && chdir(files_folder) == 0 ? 0 : -1;
}

static void files_remove(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder) {
        unlink(path);
        return;
    }
    assert_int_equal(chdir(path), 0);
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            files_remove(entry->d_name);
        }
    }
    assert_int_equal(chdir(".."), 0);
    closedir(folder);
    rmdir(path);
}

static int files_teardown(void **state)
{
    (void)state;
    files_remove(files_folder);
    return 0;
}

static void write_bytes(const char *path, const void *bytes, size_t count)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    assert_int_equal(fclose(file), 0);
}

/* Mode "wb" makes a file of one gzip member, "ab" adds a member. */
static void write_gzip(const char *path, const char *mode, const void *bytes, size_t count)
{
    gzFile file = gzopen(path, mode);
    assert_non_null(file);
    assert_int_equal(gzwrite(file, bytes, (unsigned)count), (int)count);
    assert_int_equal(gzclose(file), Z_OK);
}

/* An IDX header of unsigned bytes into header; its length. */
static size_t put_header(unsigned char *header, unsigned char dimensions, const uint32_t *sizes)
{
    memcpy(header, (unsigned char[]){0, 0, 8, dimensions}, 4);
    for (size_t d = 0; d < dimensions; d++) {
        for (size_t b = 0; b < 4; b++) {
            header[4 + 4 * d + b] = (unsigned char)(sizes[d] >> (24 - 8 * b));
        }
    }
    return 4 + 4 * (size_t)dimensions;
}

#endif
