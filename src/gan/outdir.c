#include "gan/outdir.h"
#include "base/memory.h"
#include "io/folder.h"
#include "io/series.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char LOCK[] = ".gan-train.lock";

/* The files of which a run writes several, and where. */
static const struct numbered {
    const char *folder;
    struct series names;
} NUMBERED[] = {
    [SERIES_SAMPLES] = {"samples", {"epoch_", ".png", 4}},
    [SERIES_CHECKPOINTS] = {"checkpoints", {"step_", ".safetensors", 8}},
    [SERIES_BEST] = {"checkpoints", {"best_", ".safetensors", 8}},
};

static bool is_numbered(const char *name, enum outdir_series series)
{
    size_t number;
    return series_number(&NUMBERED[series].names, name, &number);
}

static bool is_sample(const char *name)
{
    return is_numbered(name, SERIES_SAMPLES);
}

static bool is_checkpoint(const char *name)
{
    return strcmp(name, "latest.safetensors") == 0 || is_numbered(name, SERIES_CHECKPOINTS) ||
           is_numbered(name, SERIES_BEST);
}

/* What a run writes beside these. */
static bool is_run_file(const char *name)
{
    static const char *const NAMES[] = {"config.json", "losses.csv",   "steps.csv",  "events.csv",  "metrics.csv",
                                        "metrics.svg", "training.gif", "losses.svg", "networks.svg"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (strcmp(name, NAMES[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Where a run's files are and which they are; the folder "" is the outdir itself. In the order in which they are
 * removed: should the machine fail on the way, nobody goes on from a checkpoint whose tables and pictures are gone. */
static const struct place {
    const char *folder;
    bool (*ours)(const char *name);
} PLACES[] = {{"checkpoints", is_checkpoint}, {"", is_run_file}, {"samples", is_sample}};
enum { PLACE_COUNT = sizeof PLACES / sizeof *PLACES };

/* What clear_one needs to know. */
struct clearing {
    const struct place *place;
    bool leftovers_alone;
};

static bool clear_one(const char *folder, const char *name, void *context, struct error *error)
{
    const struct clearing *clearing = context;
    const struct place *place = clearing->place;
    const bool wanted = path_is_leftover(name, place->ours) || (!clearing->leftovers_alone && place->ours(name));
    return !wanted || folder_remove(folder, name, error);
}

/* Removes the files of a place, or only what a killed run left of writing such. */
static bool clear_place(const char *outdir, const struct place *place, bool leftovers_alone, struct error *error)
{
    struct clearing clearing = {place, leftovers_alone};
    char *folder = path_join(outdir, place->folder, error);
    bool good = folder && folder_visit(folder, clear_one, &clearing, error);
    free(folder);
    return good;
}

static bool clear(const char *outdir, bool leftovers_alone, struct error *error)
{
    bool good = true;
    for (size_t i = 0; good && i < PLACE_COUNT; i++) {
        good = clear_place(outdir, &PLACES[i], leftovers_alone, error);
    }
    return good;
}

/* What note_first needs and finds. */
struct finding {
    const struct place *place;
    char *found; /* the first file, to be freed with free(); NULL: none yet */
};

static bool note_first(const char *folder, const char *name, void *context, struct error *error)
{
    struct finding *finding = context;
    return finding->found || !finding->place->ours(name) || (finding->found = path_join(folder, name, error));
}

/* A file of a run in outdir, to be freed with free(); NULL: it holds no run. */
static bool find_run(const char *outdir, char **found, struct error *error)
{
    *found = NULL;
    bool good = true;
    for (size_t i = 0; i < PLACE_COUNT && good && !*found; i++) {
        struct finding finding = {.place = &PLACES[i]};
        char *folder = path_join(outdir, PLACES[i].folder, error);
        good = folder && folder_visit(folder, note_first, &finding, error);
        free(folder);
        *found = finding.found;
    }
    return good;
}

/* Whether none of the folders' names is taken by a file. */
static bool check_folders(const char *outdir, struct error *error)
{
    bool good = true;
    for (size_t i = 0; good && i < PLACE_COUNT; i++) {
        struct stat status;
        char *folder = path_join(outdir, PLACES[i].folder, error);
        good = folder && (stat(folder, &status) != 0 || S_ISDIR(status.st_mode) ||
                          error_set(error, STATUS_USAGE, "%s: is a file; a folder was wanted", folder));
        free(folder);
    }
    return good;
}

bool outdir_check(const char *path, bool overwrite, struct error *error)
{
    struct stat status;
    if (stat(path, &status) == 0 && !S_ISDIR(status.st_mode)) {
        return error_set(error, STATUS_USAGE, "--outdir: %s is a file; wanted a folder, or a name that is free", path);
    }
    char *found = NULL;
    if (!check_folders(path, error) || (!overwrite && !find_run(path, &found, error))) {
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

static struct lock *hold(const char *path, struct error *error)
{
    char *name = path_join(path, LOCK, error);
    struct lock *lock = name ? lock_take(name, path, error) : NULL;
    free(name);
    return lock;
}

static bool make_folders(const char *path, struct error *error)
{
    bool good = true;
    for (size_t i = 0; good && i < PLACE_COUNT; i++) {
        char *folder = path_join(path, PLACES[i].folder, error);
        good = folder && folder_make(folder, error);
        free(folder);
    }
    return good;
}

struct lock *outdir_begin(const char *path, bool overwrite, struct error *error)
{
    if (!outdir_check(path, overwrite, error) || !folder_make(path, error)) {
        return NULL;
    }
    struct lock *lock = hold(path, error);
    /* once more, now that nobody else writes there */
    if (lock && (!outdir_check(path, overwrite, error) || (overwrite && !clear(path, false, error)) ||
                 !make_folders(path, error))) {
        lock_release(lock);
        return NULL;
    }
    return lock;
}

struct lock *outdir_resume(const char *path, struct error *error)
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
    struct lock *lock = hold(path, error);
    if (lock && (!clear(path, true, error) || !make_folders(path, error))) {
        lock_release(lock);
        return NULL;
    }
    return lock;
}

char *outdir_path(const char *outdir, enum outdir_series series, size_t number, struct error *error)
{
    const struct numbered *numbered = &NUMBERED[series];
    char name[SERIES_NAME], path[2 * SERIES_NAME];
    series_name(&numbered->names, number, name);
    snprintf(path, sizeof path, "%s/%s", numbered->folder, name);
    return path_join(outdir, path, error);
}

bool outdir_remove(const char *outdir, enum outdir_series series, size_t number, struct error *error)
{
    char *path = outdir_path(outdir, series, number, error);
    bool good = path && path_remove(path, error);
    free(path);
    return good;
}

static int compare_numbers(const void *a, const void *b)
{
    const size_t first = *(const size_t *)a, second = *(const size_t *)b;
    return (first > second) - (first < second);
}

/* What note_number needs and finds. */
struct numbering {
    const struct series *series;
    size_t *numbers, count, capacity;
};

static bool note_number(const char *folder, const char *name, void *context, struct error *error)
{
    struct numbering *n = context;
    size_t number;
    (void)folder;
    if (!series_number(n->series, name, &number)) {
        return true;
    }
    size_t *more = memory_grow(n->numbers, &n->capacity, n->count, sizeof *more, "a list of files", error);
    if (more) {
        n->numbers = more;
        n->numbers[n->count++] = number;
    }
    return more;
}

bool outdir_numbers(const char *outdir, enum outdir_series series, size_t **numbers, size_t *count, struct error *error)
{
    struct numbering found = {.series = &NUMBERED[series].names};
    char *folder = path_join(outdir, NUMBERED[series].folder, error);
    bool good = folder && folder_visit(folder, note_number, &found, error);
    free(folder);
    if (!good) {
        free(found.numbers);
        found.numbers = NULL;
        found.count = 0;
    } else if (found.count) {
        qsort(found.numbers, found.count, sizeof *found.numbers, compare_numbers);
    }
    *numbers = found.numbers;
    *count = found.count;
    return good;
}
