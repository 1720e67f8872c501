/* A training as the user asked for it, begun or resumed: its folder, data, nets and records. */
#ifndef CLI_TRAINING_H
#define CLI_TRAINING_H

#include "cli/measuring.h"
#include "cli/options.h"
#include "cli/recorded.h"
#include "gan/checkpoint.h"
#include "gan/outdir.h"
#include "gan/trainer.h"

/* A struct of zeros is empty. */
struct training {
    struct lock *lock; /* of its folder */
    struct checkpoint *checkpoint; /* that the training goes on from; NULL: it begins */
    struct recorded_data recorded_data; /* those that it was begun on */
    struct options recorded; /* what it was asked for until now */
    struct dataset dataset;
    char *config_json;
    struct trainer trainer; /* observer and stop are left to the caller */
    struct watch_view view; /* of what comes before the first step; left to the caller */
    struct measuring measuring;
    bool nothing_left; /* a resumed run that has done its epochs: nothing was written */
};

/* For --resume: holds the folder of the run, loads its checkpoint, and puts the command line over what was recorded
 * into options. With --print_config no folder is held. The others follow, whether this one fails or not. */
bool training_resume(struct training *training, int argc, char **argv, struct options *options, struct error *error);

/* Prepares a training, as far as the folder's first files, and prints the first screen; threads are for that alone.
 * STATUS_USAGE where data, flags and folder do not go together; then nothing was written. options outlive training;
 * their path of test images becomes a whole one, so that the run can go on wherever that is started. */
bool training_begin(struct training *training, struct options *options, size_t threads, struct error *error);

/* Closes the records. False where they cannot be written to their end. */
bool training_close(struct training *training, struct error *error);

/* Frees all, and lets go of the folder. */
void training_free(struct training *training);

/* Adds to a failure or a stop how the run can go on, where it has left a checkpoint; `called` is argv[0]. */
void training_advise(const struct options *options, const char *called, struct error *error);

#endif
