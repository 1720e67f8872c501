/* The training loop: epochs of steps, and what is recorded of them when. */
#ifndef GAN_TRAINER_H
#define GAN_TRAINER_H

#include "base/error.h"
#include "data/dataset.h"
#include "gan/record.h"
#include "gan/recorder.h"

#include <signal.h>

/* Where the run stands; record holds the means over the epoch so far. */
struct progress {
    size_t epochs; /* asked for */
    size_t steps_per_epoch;
    size_t step_in_epoch; /* done */
    struct record record;
    double seconds_left; /* an estimate for the whole run; 0 when it ends here */
    bool last; /* the run ends with this epoch, or within it */
};

/* Who is told; each function may be NULL. */
struct observer {
    void *context;
    void (*step_done)(void *context, const struct progress *progress);
    void (*epoch_done)(void *context, const struct progress *progress); /* after its row and pictures are written */
};

/* Trains until the epochs are done, max_minutes have passed, or *stop is not 0 (which a signal's handler may set), and
 * has the recorder write rows and pictures; an epoch that ends early is recorded as far as it came. False with
 * STATUS_STOPPED when *stop ended it, STATUS_DIVERGED when a loss or a gradient is no longer finite (what was recorded
 * before stays), STATUS_FAILED when something could not be written. The data set's order is changed. */
bool trainer_run(struct gan *gan, struct dataset *dataset, struct recorder *recorder, const struct observer *observer,
                 const volatile sig_atomic_t *stop, struct error *error);

/* Refuses data with fewer images than a step takes. STATUS_USAGE. */
bool trainer_check(const struct config *config, const struct dataset *dataset, struct error *error);

#endif
