#include "gan/trainer.h"
#include "base/clock.h"

#include <math.h>

/* What the functions below hand to each other. */
struct run {
    struct gan *gan;
    struct dataset *dataset;
    struct recorder *recorder;
    const struct config *config;
    const struct observer *observer;
    const volatile sig_atomic_t *stop;
    size_t steps_per_epoch;
    double began; /* on the clock */
    struct record_sums epoch; /* since the epoch began */
    struct record_sums window; /* since the last row of steps.csv */
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
    return run->config->max_minutes > 0 && clock_seconds() - run->began >= 60 * run->config->max_minutes;
}

/* By the steps' mean time so far, pictures and files included. */
static double seconds_left(const struct run *run)
{
    const double elapsed = clock_seconds() - run->began, done = (double)run->gan->steps;
    const double all = (double)run->steps_per_epoch * (double)run->config->epochs;
    const double left = elapsed / done * (all - done);
    const double limit = fmax(0, 60 * run->config->max_minutes - elapsed);
    return run->config->max_minutes > 0 && limit < left ? limit : left;
}

static void tell(const struct run *run, void (*function)(void *, const struct progress *), size_t epoch, bool last)
{
    if (!function) {
        return;
    }
    const struct progress progress = {
        .epochs = run->config->epochs,
        .steps_per_epoch = run->steps_per_epoch,
        .step_in_epoch = run->epoch.steps,
        .record = record_means(&run->epoch, run->gan, epoch),
        .seconds_left = last ? 0 : seconds_left(run),
        .last = last,
    };
    function(run->observer->context, &progress);
}

/* Returns false. */
static bool report_divergence(const struct gan *gan, size_t epoch, struct error *error)
{
    return error_set(error, STATUS_DIVERGED,
                     "training diverged at step %llu, in epoch %zu: L_D %g, L_G %g, gradients of D %g, of G %g; "
                     "a lower --learning_rate may help",
                     (unsigned long long)gan->steps, epoch, gan->report.loss_d, gan->report.loss_g,
                     gan->report.grad_norm_d, gan->report.grad_norm_g);
}

/* One step, timed, added to the sums, and a row where one is due. */
static bool train_step(struct run *run, size_t epoch, size_t step, struct error *error)
{
    struct gan *gan = run->gan;
    const double begin = clock_seconds();
    gan_step(gan, run->dataset, step * gan_images_per_step(run->config));
    const double seconds = clock_seconds() - begin;
    if (!gan_is_finite(gan)) {
        return recorder_renew(run->recorder, error) && report_divergence(gan, epoch, error);
    }
    record_add(&run->epoch, &gan->report, seconds);
    record_add(&run->window, &gan->report, seconds);
    if (gan->steps % run->config->log_every == 0) {
        const struct record row = record_means(&run->window, gan, epoch);
        run->window = (struct record_sums){0};
        return recorder_step_row(run->recorder, &row, error);
    }
    return true;
}

/* An epoch, or what of it is to be done; *last says whether the run ends with it. */
static bool train_epoch(struct run *run, size_t epoch, bool *last, struct error *error)
{
    dataset_shuffle(run->dataset, run->config->seed, epoch - 1);
    run->epoch = (struct record_sums){0};
    bool ended = false;
    for (size_t step = 0; step < run->steps_per_epoch && !ended; step++) {
        if (!train_step(run, epoch, step, error)) {
            return false;
        }
        tell(run, run->observer->step_done, epoch, false);
        ended = *run->stop || time_is_up(run);
    }
    *last = ended || epoch == run->config->epochs;
    const struct record row = record_means(&run->epoch, run->gan, epoch);
    if (!recorder_epoch(run->recorder, &row, *last, error)) {
        return false;
    }
    tell(run, run->observer->epoch_done, epoch, *last);
    return true;
}

bool trainer_run(struct gan *gan, struct dataset *dataset, struct recorder *recorder, const struct observer *observer,
                 const volatile sig_atomic_t *stop, struct error *error)
{
    struct run run = {
        .gan = gan,
        .dataset = dataset,
        .recorder = recorder,
        .config = gan->config,
        .observer = observer,
        .stop = stop,
        .steps_per_epoch = gan_steps_per_epoch(gan->config, dataset->count),
        .began = clock_seconds(),
    };
    bool last = false;
    for (size_t epoch = 1; !last; epoch++) {
        if (!train_epoch(&run, epoch, &last, error)) {
            return false;
        }
    }
    if (!gan_weights_are_finite(gan)) { /* the last update's, which no step has shown yet */
        return report_divergence(gan, gan->config->epochs, error);
    }
    if (*stop && gan->steps < run.steps_per_epoch * gan->config->epochs) {
        return error_set(error, STATUS_STOPPED, "stopped by a signal after step %llu; what was trained is in %s",
                         (unsigned long long)gan->steps, gan->config->outdir);
    }
    return true;
}
