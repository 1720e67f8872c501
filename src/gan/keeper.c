#include "gan/keeper.h"
#include "base/clock.h"
#include "gan/checkpoint.h"
#include "gan/outdir.h"
#include "io/folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Names the latest checkpoint by its step as well, where it is to stay when the next one takes its place. */
static bool keep_latest(const struct keeper *keeper, const char *latest, const uint64_t *best, struct error *error)
{
    const char *outdir = keeper->config->outdir;
    const size_t step = (size_t)keeper->latest_step;
    const bool is_older = keeper->config->keep_checkpoints > 0, is_best = best && *best == keeper->latest_step;
    char *older_path = outdir_path(outdir, SERIES_CHECKPOINTS, step, error);
    char *best_path = older_path ? outdir_path(outdir, SERIES_BEST, step, error) : NULL;
    /* from one to the other: a disk that knows no second names has it under the last one */
    bool kept = best_path && (!is_older || path_keep(latest, older_path, error)) &&
                (!is_best || path_keep(is_older ? older_path : latest, best_path, error));
    free(older_path);
    free(best_path);
    return kept;
}

/* Names the latest checkpoint of a run that goes on from another by its step, too, where it is later, so that it is not
 * lost before the run has come there again. One that is damaged is none to keep. */
static bool keep_later(const struct keeper *keeper, const struct gan *gan, const char *latest, struct error *error)
{
    struct run_progress progress;
    if (access(latest, F_OK) != 0) {
        return errno == ENOENT || error_set(error, error_blame(errno), "%s: %s", latest, strerror(errno));
    }
    struct checkpoint *checkpoint = checkpoint_load(latest, error);
    const bool read = checkpoint && checkpoint_progress(checkpoint, &progress, error);
    checkpoint_free(checkpoint);
    if (!read) {
        return error->status == STATUS_USAGE;
    }
    if (progress.steps <= gan->steps) {
        return true;
    }
    char *path = outdir_path(keeper->config->outdir, SERIES_CHECKPOINTS, (size_t)progress.steps, error);
    const bool kept = path && path_keep(latest, path, error);
    free(path);
    return kept;
}

/* Whether a checkpoint that was written under its step stays, whatever --keep_checkpoints says: it is of a later step,
 * from before the run went on from an earlier one, and the run will come there again; but not after a rescue. */
static bool is_to_come(const struct keeper *keeper, const struct gan *gan, size_t step)
{
    return step > gan->steps && gan->rescues == keeper->latest_rescues;
}

/* Removes the older checkpoints but for the newest `kept`, and those of steps that are not done any more. */
static bool remove_oldest(const struct keeper *keeper, const struct gan *gan, uint64_t step, size_t kept,
                          struct error *error)
{
    const char *outdir = keeper->config->outdir;
    size_t *steps, count;
    if (!outdir_numbers(outdir, SERIES_CHECKPOINTS, &steps, &count, error)) {
        return false;
    }
    bool good = true;
    for (size_t i = count; good && i-- > 0;) {
        if (steps[i] < step && kept > 0) {
            kept--;
            continue;
        }
        if (is_to_come(keeper, gan, steps[i])) {
            continue;
        }
        good = outdir_remove(outdir, SERIES_CHECKPOINTS, steps[i], error);
    }
    free(steps);
    return good;
}

/* Removes those that are not the best any more, and of steps that are not done any more. */
static bool remove_surpassed(const struct keeper *keeper, const struct gan *gan, const uint64_t *best,
                             struct error *error)
{
    const char *outdir = keeper->config->outdir;
    size_t *steps, count;
    if (!outdir_numbers(outdir, SERIES_BEST, &steps, &count, error)) {
        return false;
    }
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        const bool is_best = steps[i] < gan->steps && (!best || steps[i] == *best);
        good = is_best || is_to_come(keeper, gan, steps[i]) || outdir_remove(outdir, SERIES_BEST, steps[i], error);
    }
    free(steps);
    return good;
}

bool keeper_write(struct keeper *keeper, const struct gan *gan, const struct position *position,
                  const struct snapshot *last_good, const uint64_t *best, struct error *error)
{
    if (keeper->has_latest && keeper->latest_step == gan->steps && keeper->latest_rescues == gan->rescues) {
        return true;
    }
    const size_t kept = keeper->config->keep_checkpoints;
    char *latest = path_join(keeper->config->outdir, OUTDIR_LATEST, error);
    /* those that are too many already go first, or they would take the room that this one needs */
    bool good = latest && remove_oldest(keeper, gan, gan->steps + 1, kept, error) &&
                (!keeper->has_latest || keep_latest(keeper, latest, best, error)) &&
                (!keeper->from_other || keep_later(keeper, gan, latest, error)) &&
                checkpoint_save(latest, gan, position, last_good, keeper->config_json, error);
    free(latest);
    if (!good || !remove_oldest(keeper, gan, gan->steps, kept, error) || !remove_surpassed(keeper, gan, best, error)) {
        return false;
    }
    keeper->has_latest = true;
    keeper->from_other = false;
    keeper->latest_step = gan->steps;
    keeper->latest_rescues = gan->rescues;
    keeper->written_at = clock_seconds();
    return true;
}

bool keeper_is_late(const struct keeper *keeper)
{
    return clock_seconds() - keeper->written_at >= 60 * keeper->config->checkpoint_minutes;
}
