/* The training loop: epochs of steps, what is recorded of them when, and the way back from divergence. */
#ifndef GAN_TRAINER_H
#define GAN_TRAINER_H

#include "base/error.h"
#include "data/dataset.h"
#include "gan/record.h"
#include "gan/recorder.h"
#include "gan/snapshot.h"
#include "gan/trouble.h"

#include <signal.h>

/* Where the run stands; record holds the means over the epoch so far. */
struct progress {
    size_t epochs; /* asked for */
    size_t steps_per_epoch;
    size_t step_in_epoch; /* done */
    struct record record;
    double seconds_left; /* an estimate for the whole run; 0 when it ends here */
    bool last; /* the run ends with this epoch, or within it */
    const struct figures *figures; /* of the epoch that is done, where images were measured; else NULL */
};

/* Who is told; each function may be NULL. */
struct observer {
    void *context;
    void (*step_done)(void *context, const struct progress *progress);
    void (*epoch_done)(void *context, const struct progress *progress); /* after its row and pictures are written */
    void (*troubled)(void *context, const struct trouble *trouble); /* the training is not going well */
    void (*rescued)(void *context, const struct rescue *rescue, size_t rescues); /* one of so many */
};

/* What a training works with; all of it is the caller's. */
struct trainer {
    struct gan *gan;
    struct dataset *dataset; /* whose order is changed */
    struct recorder *recorder;
    struct position position; /* where it stands */
    struct snapshot *last_good; /* the state a rescue goes back to: that of position, or of its epoch's beginning; NULL:
                                 * there are no rescues */
    const struct observer *observer;
    const double *class_shares; /* [CLASSES_MAX] of the classes that may be missed, where images are measured */
    double began; /* on the clock (base/clock.h): when max_minutes began to count */
    const volatile sig_atomic_t *stop;
};

/* Trains until the epochs are done, max_minutes have passed, or *stop is not 0 (which a signal's handler may set), and
 * has the recorder write rows, pictures and checkpoints; an epoch that ends early is recorded as far as it came. A
 * training that diverges (gan/divergence.h) is taken back to the last good state, up to config.rescues times, each with
 * a lower learning rate and other random numbers. False with STATUS_STOPPED when *stop ended it, STATUS_DIVERGED when
 * nothing helped (the last good state is saved, unless there are no rescues; what was recorded stays), STATUS_FAILED
 * when something could not be written. */
bool trainer_run(struct trainer *trainer, struct error *error);

/* Refuses data with fewer images than a step takes. STATUS_USAGE. */
bool trainer_check(const struct config *config, const struct dataset *dataset, struct error *error);

#endif
