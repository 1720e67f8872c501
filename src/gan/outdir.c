#include "gan/outdir.h"
#include "base/memory.h"
#include "io/folder.h"
#include "io/lock.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char LOCK[] = ".gan-train.lock";

struct outdir {
    struct lock *lock;
};

/* A kind of file of which a run writes several. */
struct series {
    const char *folder, *beginning, *ending;
    int digits; /* of the number, at least */
};

static const struct series SERIES[] = {
    [SERIES_SAMPLES] = {"samples", "epoch_", ".png", 4},
    [SERIES_CHECKPOINTS] = {"checkpoints", "step_", ".safetensors", 8},
};
enum { SERIES_NAME = 64 };

static void print_name(const struct series *series, size_t number, char name[SERIES_NAME])
{
    snprintf(name, SERIES_NAME, "%s%0*zu%s", series->beginning, series->digits, number, series->ending);
}

/* Whether a file is one of the series; then *number is its own. */
static bool is_of_series(const struct series *series, const char *file, size_t *number)
{
    const size_t length = strlen(series->beginning);
    char name[SERIES_NAME];
    if (strncmp(file, series->beginning, length) != 0 || strspn(file + length, "0123456789") == 0) {
        return false;
    }
    *number = strtoull(file + length, NULL, 10);
    print_name(series, *number, name);
    return strcmp(file, name) == 0;
}

static bool is_sample(const char *name)
{
    size_t number;
    return is_of_series(&SERIES[SERIES_SAMPLES], name, &number);
}

static bool is_checkpoint(const char *name)
{
    size_t number;
    return strcmp(name, "latest.safetensors") == 0 || is_of_series(&SERIES[SERIES_CHECKPOINTS], name, &number);
}

/* What a run writes beside these. */
static bool is_run_file(const char *name)
{
    static const char *const NAMES[] = {"config.json",  "losses.csv", "steps.csv",   "events.csv",
                                        "training.gif", "losses.svg", "networks.svg"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (strcmp(name, NAMES[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Where a run's files are and which they are; the folder "" is the outdir itself. In the order in which they are
 * removed: without checkpoints and config.json what is left is no run to go on with. */
static const struct place {
    const char *folder;
    bool (*ours)(const char *name);
} PLACES[] = {{"checkpoints", is_checkpoint}, {"", is_run_file}, {"samples", is_sample}};
enum { PLACE_COUNT = sizeof PLACES / sizeof *PLACES };

/* Opens the folder of a place; NULL in *directory where there is none. */
static bool open_place(const char *folder, DIR **directory, struct error *error)
{
    *directory = opendir(folder);
    return *directory || errno == ENOENT || errno == ENOTDIR ||
           error_set(error, error_blame(errno), "--outdir: %s: cannot be read: %s", folder, strerror(errno));
}

/* Removes the files of a place, or only what a killed run left of writing such. */
static bool clear_place(const char *outdir, const struct place *place, bool leftovers_alone, struct error *error)
{
    char *folder = path_join(outdir, place->folder, error);
    DIR *directory = NULL;
    bool good = folder && open_place(folder, &directory, error);
    for (struct dirent *entry; good && directory && (entry = readdir(directory));) {
        if (path_is_leftover(entry->d_name, place->ours) || (!leftovers_alone && place->ours(entry->d_name))) {
            char *path = path_join(folder, entry->d_name, error);
            good = path && path_remove(path, error);
            free(path);
        }
    }
    if (directory) {
        closedir(directory);
    }
    free(folder);
    return good;
}

/* The checkpoints first: should the machine fail on the way, nobody takes what is left for a run that can go on. */
static bool remove_config(const char *outdir, struct error *error)
{
    char *path = path_join(outdir, "config.json", error);
    bool good = path && path_remove(path, error);
    free(path);
    return good;
}

static bool clear(const char *outdir, bool leftovers_alone, struct error *error)
{
    if (!leftovers_alone && !remove_config(outdir, error)) {
        return false;
    }
    for (size_t i = PLACE_COUNT; i-- > 0;) {
        if (!clear_place(outdir, &PLACES[i], leftovers_alone, error)) {
            return false;
        }
    }
    return true;
}

/* The first file of a place into *found, to be freed with free(); NULL: there is none. */
static bool find_in_place(const char *outdir, const struct place *place, char **found, struct error *error)
{
    char *folder = path_join(outdir, place->folder, error);
    DIR *directory = NULL;
    bool good = folder && open_place(folder, &directory, error);
    for (struct dirent *entry; good && directory && !*found && (entry = readdir(directory));) {
        if (place->ours(entry->d_name)) {
            *found = path_join(folder, entry->d_name, error);
            good = *found;
        }
    }
    if (directory) {
        closedir(directory);
    }
    free(folder);
    return good;
}

/* A file of a run in outdir, to be freed with free(); NULL: it holds no run. */
static bool find_run(const char *outdir, char **found, struct error *error)
{
    *found = NULL;
    for (size_t i = 0; i < PLACE_COUNT && !*found; i++) {
        if (!find_in_place(outdir, &PLACES[i], found, error)) {
            return false;
        }
    }
    return true;
}

bool outdir_check(const char *path, bool overwrite, struct error *error)
{
    struct stat status;
    if (stat(path, &status) == 0 && !S_ISDIR(status.st_mode)) {
        return error_set(error, STATUS_USAGE, "--outdir: %s is a file; wanted a folder, or a name that is free", path);
    }
    char *found = NULL;
    if (!overwrite && !find_run(path, &found, error)) {
        return false;
    }
    if (found) {
        error_set(error, STATUS_USAGE,
                  "--outdir: %s holds a run already (%s); wanted another folder, --resume to go on with it, or "
                  "--overwrite to remove it",
                  path, found);
        free(found);
        return false;
    }
    return true;
}

static struct outdir *hold(const char *path, struct error *error)
{
    struct outdir *outdir = memory_allocate(1, sizeof *outdir, "the outdir", error);
    char *lock = outdir ? path_join(path, LOCK, error) : NULL;
    if (!lock || !(outdir->lock = lock_take(lock, path, error))) {
        free(outdir);
        outdir = NULL;
    }
    free(lock);
    return outdir;
}

static bool make_folders(const char *path, struct error *error)
{
    bool good = true;
    for (size_t i = PLACE_COUNT; good && i-- > 0;) {
        char *folder = path_join(path, PLACES[i].folder, error);
        good = folder && folder_make(folder, error);
        free(folder);
    }
    return good;
}

struct outdir *outdir_begin(const char *path, bool overwrite, struct error *error)
{
    if (!outdir_check(path, overwrite, error) || !folder_make(path, error)) {
        return NULL;
    }
    struct outdir *outdir = hold(path, error);
    /* once more, now that nobody else writes there */
    if (outdir && (!outdir_check(path, overwrite, error) || (overwrite && !clear(path, false, error)) ||
                   !make_folders(path, error))) {
        outdir_release(outdir);
        return NULL;
    }
    return outdir;
}

struct outdir *outdir_resume(const char *path, struct error *error)
{
    char *found;
    if (!find_run(path, &found, error)) {
        return NULL;
    }
    if (!found) {
        error_set(error, STATUS_USAGE, "--resume: %s holds no run; wanted a folder that gan-train has written", path);
        return NULL;
    }
    free(found);
    struct outdir *outdir = hold(path, error);
    if (outdir && (!clear(path, true, error) || !make_folders(path, error))) {
        outdir_release(outdir);
        return NULL;
    }
    return outdir;
}

void outdir_release(struct outdir *outdir)
{
    if (outdir) {
        lock_release(outdir->lock);
        free(outdir);
    }
}

char *outdir_path(const char *outdir, enum outdir_series series, size_t number, struct error *error)
{
    char name[SERIES_NAME], path[2 * SERIES_NAME];
    print_name(&SERIES[series], number, name);
    snprintf(path, sizeof path, "%s/%s", SERIES[series].folder, name);
    return path_join(outdir, path, error);
}

static int compare_numbers(const void *a, const void *b)
{
    const size_t first = *(const size_t *)a, second = *(const size_t *)b;
    return (first > second) - (first < second);
}

/* The numbers in an open folder into *numbers, in any order. */
static bool read_numbers(DIR *directory, const struct series *series, size_t **numbers, size_t *count,
                         struct error *error)
{
    size_t capacity = 0, number;
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (!is_of_series(series, entry->d_name, &number)) {
            continue;
        }
        size_t *more = memory_grow(*numbers, &capacity, *count, sizeof *more, "a list of files", error);
        if (!more) {
            return false;
        }
        *numbers = more;
        (*numbers)[(*count)++] = number;
    }
    return true;
}

bool outdir_numbers(const char *outdir, enum outdir_series series, size_t **numbers, size_t *count, struct error *error)
{
    *numbers = NULL;
    *count = 0;
    char *folder = path_join(outdir, SERIES[series].folder, error);
    DIR *directory = folder ? opendir(folder) : NULL;
    bool good = directory ? read_numbers(directory, &SERIES[series], numbers, count, error)
                          : folder && (errno == ENOENT || error_set(error, STATUS_FAILED, "%s: cannot be read: %s",
                                                                    folder, strerror(errno)));
    if (directory) {
        closedir(directory);
    }
    free(folder);
    if (good && *count) {
        qsort(*numbers, *count, sizeof **numbers, compare_numbers);
    } else if (!good) {
        free(*numbers);
        *numbers = NULL;
    }
    return good;
}
