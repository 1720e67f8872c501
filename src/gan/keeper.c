#include "gan/keeper.h"
#include "base/clock.h"
#include "gan/checkpoint.h"
#include "gan/outdir.h"
#include "io/folder.h"

#include <stdlib.h>

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

/* Removes the older checkpoints but for the newest `kept`, and those of steps that are not done (any more). */
static bool remove_oldest(const struct keeper *keeper, uint64_t step, size_t kept, struct error *error)
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
        good = outdir_remove(outdir, SERIES_CHECKPOINTS, steps[i], error);
    }
    free(steps);
    return good;
}

/* Removes those that are not the best any more, and of steps that are not done (any more). */
static bool remove_surpassed(const struct keeper *keeper, uint64_t step, const uint64_t *best, struct error *error)
{
    const char *outdir = keeper->config->outdir;
    size_t *steps, count;
    if (!outdir_numbers(outdir, SERIES_BEST, &steps, &count, error)) {
        return false;
    }
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        good = (steps[i] < step && (!best || steps[i] == *best)) || outdir_remove(outdir, SERIES_BEST, steps[i], error);
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
    bool good = latest && remove_oldest(keeper, gan->steps + 1, kept, error) &&
                (!keeper->has_latest || keep_latest(keeper, latest, best, error)) &&
                checkpoint_save(latest, gan, position, last_good, keeper->config_json, error);
    free(latest);
    if (!good) {
        return false;
    }
    keeper->has_latest = true;
    keeper->latest_step = gan->steps;
    keeper->latest_rescues = gan->rescues;
    keeper->written_at = clock_seconds();
    return remove_oldest(keeper, gan->steps, kept, error) && remove_surpassed(keeper, gan->steps, best, error);
}

bool keeper_is_late(const struct keeper *keeper)
{
    return clock_seconds() - keeper->written_at >= 60 * keeper->config->checkpoint_minutes;
}
