#include "gan/trainer.h"
#include "base/clock.h"
#include "gan/divergence.h"

#include <math.h>
#include <stdio.h>

/* What came of some steps. */
enum outcome { DONE, ENDED_EARLY, DIVERGED, FAILED };

/* What the functions below hand to each other. */
struct run {
    struct trainer *trainer;
    struct gan *gan;
    struct position *position;
    const struct config *config;
    size_t steps_per_epoch;
    double began; /* on the clock: its first step */
    size_t steps_made; /* since then, those of what was undone included */
    struct divergence divergence; /* of the last step, where it diverged */
    struct trouble_watch troubles;
    const struct figures *figures; /* of the epoch that just ended; NULL: not measured */
};

bool trainer_check(const struct config *config, const struct dataset *dataset, struct error *error)
{
    const size_t wanted = gan_images_per_step(config);
    if (wanted > dataset->count) {
        return error_set(
            error, STATUS_USAGE,
            "--batch_size %zu: a step takes %zu real images, and the data have %zu; wanted a smaller batch",
            config->batch_size, wanted, dataset->count);
    }
    return true;
}

static bool time_is_up(const struct run *run)
{
    return run->config->max_minutes > 0 && clock_seconds() - run->trainer->began >= 60 * run->config->max_minutes;
}

/* By the steps' mean time so far, pictures and files included. */
static double seconds_left(const struct run *run)
{
    const double now = clock_seconds(), elapsed = now - run->began;
    const double all = (double)run->steps_per_epoch * (double)run->config->epochs;
    const double left = elapsed / (double)run->steps_made * (all - (double)run->gan->steps);
    const double limit = fmax(0, run->trainer->began + 60 * run->config->max_minutes - now);
    return run->config->max_minutes > 0 && limit < left ? limit : left;
}

/* The means over the epoch that is being done. */
static struct record epoch_record(const struct run *run)
{
    return record_means(&run->position->sums, run->gan, run->position->epoch + 1);
}

static void tell(const struct run *run, void (*function)(void *, const struct progress *), bool last)
{
    if (!function) {
        return;
    }
    const struct progress progress = {
        .epochs = run->config->epochs,
        .steps_per_epoch = run->steps_per_epoch,
        .step_in_epoch = run->position->step,
        .record = epoch_record(run),
        .seconds_left = last ? 0 : seconds_left(run),
        .last = last,
        .figures = run->figures,
    };
    function(run->trainer->observer->context, &progress);
}

static bool save(const struct run *run, struct error *error)
{
    return recorder_checkpoint(run->trainer->recorder, run->position, run->trainer->last_good, error);
}

/* One step, timed, added to the sums, and a row where one is due. */
static enum outcome train_step(struct run *run, struct error *error)
{
    struct gan *gan = run->gan;
    struct position *position = run->position;
    const double begin = clock_seconds();
    gan_step(gan, run->trainer->dataset, position->step * gan_images_per_step(run->config));
    const double seconds = clock_seconds() - begin;
    run->steps_made++;
    position->idle = divergence_is_idle(gan) ? position->idle + 1 : 0;
    if (divergence_find(gan, position->idle, &run->divergence)) {
        return DIVERGED;
    }
    position->step++;
    record_add(&position->sums, &gan->report, seconds);
    record_add(&position->window, &gan->report, seconds);
    if (gan->steps % run->config->log_every == 0) {
        const struct record row = record_means(&position->window, gan, position->epoch + 1);
        position->window = (struct record_sums){0};
        return recorder_step_row(run->trainer->recorder, &row, error) ? DONE : FAILED;
    }
    return DONE;
}

/* A checkpoint within the epoch, where one is due. */
static enum outcome save_within_epoch(struct run *run, struct error *error)
{
    if (run->position->step == run->steps_per_epoch || !recorder_checkpoint_is_late(run->trainer->recorder)) {
        return DONE;
    }
    if (divergence_find_in_state(run->gan, &run->divergence)) {
        return DIVERGED;
    }
    return save(run, error) ? DONE : FAILED;
}

/* The steps of an epoch that are still to be done, up to a reason to end. */
static enum outcome train_steps(struct run *run, struct error *error)
{
    struct trainer *trainer = run->trainer;
    struct position *position = run->position;
    bool ended = false;
    if (position->step == 0 && position->idle == 0 && trainer->last_good) {
        snapshot_take(trainer->last_good, run->gan, position);
    }
    dataset_shuffle(trainer->dataset, run->config->seed, gan_stream_step(run->gan, position->epoch));
    while (position->step < run->steps_per_epoch && !ended) {
        enum outcome outcome = train_step(run, error);
        if (outcome == DONE) {
            tell(run, trainer->observer->step_done, false);
            ended = *trainer->stop || time_is_up(run);
            outcome = ended ? DONE : save_within_epoch(run, error);
        }
        if (outcome != DONE) {
            return outcome;
        }
    }
    if (divergence_find_in_state(run->gan, &run->divergence)) {
        return DIVERGED;
    }
    return position->step < run->steps_per_epoch ? ENDED_EARLY : DONE;
}

/* Tells of what does not go well in an epoch that is done. */
static void tell_troubles(struct run *run, const struct record *row)
{
    const struct observer *observer = run->trainer->observer;
    const double *wanted = run->trainer->class_shares;
    struct trouble trouble;
    if (!observer->troubled) {
        return;
    }
    if (trouble_in_epoch(&run->troubles, run->config, row, &trouble)) {
        trouble.config = run->config;
        observer->troubled(observer->context, &trouble);
    }
    if (run->figures && trouble_in_figures(&run->troubles, row->epoch, run->figures, wanted, &trouble)) {
        trouble.config = run->config;
        observer->troubled(observer->context, &trouble);
    }
}

/* Records an epoch, done or ended early; *last says whether the run ends with it. */
static bool record_epoch(struct run *run, bool done, bool *last, struct error *error)
{
    struct trainer *trainer = run->trainer;
    struct position *position = run->position;
    const struct record row = epoch_record(run);
    *last = !done || row.epoch >= run->config->epochs || *trainer->stop || time_is_up(run);
    if (!recorder_measure(trainer->recorder, row.epoch, *last, &run->figures, error) ||
        !recorder_epoch(trainer->recorder, &row, *last, error)) {
        return false;
    }
    tell(run, trainer->observer->epoch_done, *last);
    if (done) {
        tell_troubles(run, &row);
        run->figures = NULL;
        position->epoch++;
        position_find_extras(position, run->config->sample_every);
        position->step = 0;
        position->sums = (struct record_sums){0};
    }
    const bool due = *last || position->epoch % run->config->checkpoint_every == 0;
    return !(due || recorder_is_best(trainer->recorder)) || save(run, error);
}

/* Beyond rescue: the last good state is saved, where there is one. Returns false. */
static bool give_up(struct run *run, struct error *error)
{
    struct trainer *trainer = run->trainer;
    const struct divergence found = run->divergence;
    const unsigned long long step = run->gan->steps;
    const size_t epoch = run->position->epoch + 1, rescues = run->gan->rescues;
    if (!recorder_renew(trainer->recorder, error)) {
        return false;
    }
    char saved[128] = "without --rescues 0, which keeps no good state beside the checkpoints";
    if (trainer->last_good) {
        snapshot_restore(trainer->last_good, run->gan, run->position);
        if (!save(run, error)) {
            return false;
        }
        snprintf(saved, sizeof saved, "--resume with more --rescues (the last good state, of step %llu, is saved)",
                 (unsigned long long)run->gan->steps);
    }
    return error_set(
        error, STATUS_DIVERGED,
        "training diverged at step %llu, in epoch %zu: %s is %g, after %zu rescue%s; wanted a new run with a lower "
        "--learning_rate%s or a smaller --init, or %s",
        step, epoch, found.what, found.value, rescues, rescues == 1 ? "" : "s",
        config_penalizes(run->config) ? ", smaller --r1 and --r2" : "", saved);
}

/* Takes a training that diverged back to the last good state; false where that is no more to be done. */
static bool rescue(struct run *run, struct error *error)
{
    struct trainer *trainer = run->trainer;
    struct gan *gan = run->gan;
    if (!trainer->last_good || gan->rescues >= run->config->rescues) {
        return give_up(run, error);
    }
    struct rescue rescue = {
        .number = gan->rescues + 1,
        .epoch = run->position->epoch + 1,
        .step = gan->steps,
        .reason = run->divergence.what,
        .value = run->divergence.value,
    };
    snapshot_restore(trainer->last_good, gan, run->position);
    run->troubles = (struct trouble_watch){0};
    gan_set_rescues(gan, rescue.number);
    rescue.back_to_epoch = run->position->epoch;
    rescue.back_to_step = gan->steps;
    rescue.learning_rate = optimizer_rate(&gan->discriminator.optimizer, gan->discriminator.updates);
    if (!recorder_rescue(trainer->recorder, run->position, trainer->last_good, &rescue, error)) {
        return false;
    }
    if (trainer->observer->rescued) {
        trainer->observer->rescued(trainer->observer->context, &rescue, run->config->rescues);
    }
    return true;
}

bool trainer_run(struct trainer *trainer, struct error *error)
{
    const struct config *config = trainer->gan->config;
    struct run run = {
        .trainer = trainer,
        .gan = trainer->gan,
        .position = &trainer->position,
        .config = config,
        .steps_per_epoch = gan_steps_per_epoch(config, trainer->dataset->count),
        .began = clock_seconds(),
    };
    bool last = trainer->position.epoch >= config->epochs;
    while (!last) {
        const enum outcome outcome = train_steps(&run, error);
        const bool done = outcome == DONE;
        if (outcome == FAILED || (outcome == DIVERGED && !rescue(&run, error)) ||
            (outcome != DIVERGED && !record_epoch(&run, done, &last, error))) {
            return false;
        }
    }
    if (*trainer->stop && trainer->position.epoch < config->epochs) {
        return error_set(error, STATUS_STOPPED, "stopped by a signal after step %llu",
                         (unsigned long long)trainer->gan->steps);
    }
    return true;
}
