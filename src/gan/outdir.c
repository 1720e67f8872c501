#include "gan/outdir.h"
#include "io/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What a run writes, beside the pictures of samples/. */
static const char *const RUN_FILES[] = {"config.json",  "losses.csv", "steps.csv",
                                        "training.gif", "losses.svg", "networks.svg"};
enum { RUN_FILE_COUNT = sizeof RUN_FILES / sizeof *RUN_FILES };

static const char SAMPLES[] = "samples";

/* epoch_0000.png */
static bool is_sample(const char *name)
{
    size_t digits = strncmp(name, "epoch_", 6) == 0 ? strspn(name + 6, "0123456789") : 0;
    return digits >= 4 && strcmp(name + 6 + digits, ".png") == 0;
}

static bool is_run_file(const char *name)
{
    for (size_t i = 0; i < RUN_FILE_COUNT; i++) {
        if (strcmp(name, RUN_FILES[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Removes the files of a folder that `ours` knows, and what a killed run left of writing such. */
static bool remove_ours(const char *folder, bool (*ours)(const char *name), struct error *error)
{
    DIR *directory = opendir(folder);
    if (!directory) {
        return errno == ENOENT ||
               error_set(error, STATUS_USAGE, "--outdir: %s: cannot be read: %s", folder, strerror(errno));
    }
    bool good = true;
    for (struct dirent *entry; good && (entry = readdir(directory));) {
        if (!ours(entry->d_name) && !path_is_leftover(entry->d_name, ours)) {
            continue;
        }
        char *path = path_join(folder, entry->d_name, error);
        good = path && path_remove(path, error);
        free(path);
    }
    closedir(directory);
    return good;
}

static bool remove_run(const char *outdir, struct error *error)
{
    char *samples = path_join(outdir, SAMPLES, error);
    bool good = samples && remove_ours(outdir, is_run_file, error) && remove_ours(samples, is_sample, error);
    free(samples);
    return good;
}

/* The first file of a folder that `ours` knows, to be freed with free(); NULL: there is none. */
static char *find_ours(const char *folder, bool (*ours)(const char *name))
{
    char *found = NULL;
    struct error ignored;
    DIR *directory = opendir(folder);
    for (struct dirent *entry; directory && !found && (entry = readdir(directory));) {
        if (ours(entry->d_name)) {
            found = path_join(folder, entry->d_name, &ignored);
        }
    }
    if (directory) {
        closedir(directory);
    }
    return found;
}

/* A file of a run in outdir, to be freed with free(); NULL: it holds no run. */
static char *find_run(const char *outdir)
{
    struct error ignored;
    char *found = find_ours(outdir, is_run_file);
    char *samples = found ? NULL : path_join(outdir, SAMPLES, &ignored);
    if (samples) {
        found = find_ours(samples, is_sample);
    }
    free(samples);
    return found;
}

bool outdir_check(const char *outdir, bool overwrite, struct error *error)
{
    struct stat status;
    if (stat(outdir, &status) == 0 && !S_ISDIR(status.st_mode)) {
        return error_set(error, STATUS_USAGE, "--outdir: %s is a file; wanted a folder, or a name that is free",
                         outdir);
    }
    char *found = overwrite ? NULL : find_run(outdir);
    if (found) {
        error_set(error, STATUS_USAGE,
                  "--outdir: %s holds a run already (%s); wanted another folder, or --overwrite to remove it", outdir,
                  found);
        free(found);
        return false;
    }
    return true;
}

bool outdir_prepare(const char *outdir, bool overwrite, struct error *error)
{
    if (!outdir_check(outdir, overwrite, error)) {
        return false;
    }
    char *samples = path_join(outdir, SAMPLES, error);
    bool good = samples && folder_make(outdir, error) && (!overwrite || remove_run(outdir, error)) &&
                folder_make(samples, error);
    free(samples);
    return good;
}
