/* A small training with everything in it, for the tests of trainer and checkpoints. */
#ifndef TESTS_TRAINING_H
#define TESTS_TRAINING_H

#include "base/clock.h"
#include "base/memory.h"
#include "cli/options.h"
#include "gan/outdir.h"
#include "gan/trainer.h"
#include "nn/matmul.h"
#include "scratch.h"

#include <omp.h>
#include <time.h>

enum { IMAGES = 43, SIDE = 4, PIXELS = SIDE * SIDE, CLASSES = 4, ARGUMENTS = 16 };
enum { RESCUES = 8, TROUBLES = 8 };
enum { STEPS = 5, EPOCHS = 3, ALL = STEPS * EPOCHS }; /* with 8 images a step: the last 3 are left out */

struct training {
    struct options options;
    unsigned char images[IMAGES][PIXELS], labels[IMAGES];
    uint32_t order[IMAGES];
    struct dataset dataset;
    struct gan *gan;
    char outdir[SCRATCH_PATH];
    /* what the observer sees and does */
    struct step_report reports[ALL];
    struct progress steps[ALL], epochs[EPOCHS];
    size_t step_count, epoch_count;
    uint64_t stop_at; /* step; 0: never */
    double give_up_at; /* on the clock; 0: never */
    bool dawdles;
    void (*meddle)(struct training *training); /* after each step; NULL: nobody does */
    struct rescue rescues[RESCUES];
    size_t rescue_count;
    struct metrics *metrics; /* where images are measured; the test's own, of this training's gan */
    size_t every; /* epochs from one of its measurements to the next */
    double late; /* seconds that it took from the program's beginning to the training's */
    const double *class_shares; /* for these */
    struct trouble troubles[TROUBLES];
    size_t trouble_count, measured_count; /* troubles, and measurements, that the observer was told of */
    struct position position; /* where it ended */
    volatile sig_atomic_t stop;
};

static inline void fill_dataset(struct training *training)
{
    for (unsigned i = 0; i < IMAGES; i++) {
        for (unsigned p = 0; p < PIXELS; p++) {
            training->images[i][p] = (unsigned char)((i * 37 + p * 101 + i * p * 13 + 7) % 256);
        }
        training->labels[i] = (unsigned char)(i % CLASSES);
    }
    training->dataset = (struct dataset){.count = IMAGES,
                                         .height = SIDE,
                                         .width = SIDE,
                                         .classes = CLASSES,
                                         .images = training->images[0],
                                         .labels = training->labels,
                                         .order = training->order};
}

/* Whether the flags, which end with NULL, give the one of `flag` ("--name=value"). */
static inline bool gives(const char *const *flags, const char *flag)
{
    const size_t length = strcspn(flag, "=") + 1;
    while (*flags && strncmp(*flags, flag, length) != 0) {
        flags++;
    }
    return *flags;
}

/* A small gan that takes 2 x 4 images a step, unless `flags`, which end with NULL, say otherwise. */
static inline void open_training(struct training *training, void **state, const char *const *flags)
{
    static const char *const SMALL[] = {"--preset=vanilla", "--g_hidden=16", "--d_hidden=16",      "--batch_size=4",
                                        "--d_steps=2",      "--grid=1x1",    "--encoding_dims=16", NULL};
    struct error error;
    char outdir[SCRATCH_PATH + 16];
    char *argv[ARGUMENTS] = {"gan-train", outdir};
    int argc = 2;
    *training = (struct training){0};
    scratch_path(state, "run", training->outdir);
    snprintf(outdir, sizeof outdir, "--outdir=%s", training->outdir);
    for (const char *const *flag = SMALL; *flag; flag++) {
        if (!gives(flags, *flag)) {
            argv[argc++] = (char *)*flag;
        }
    }
    for (; *flags; flags++) {
        assert_true(argc < ARGUMENTS - 1);
        argv[argc++] = (char *)*flags;
    }
    if (!options_parse(argc, argv, &training->options, &error)) {
        fail_msg("%s", error.message);
    }
    fill_dataset(training);
    training->gan = gan_create(&training->options.config, PIXELS, CLASSES, &error);
    assert_non_null(training->gan);
    gan_set_horizon(training->gan, IMAGES);
}

/* The same in a folder of the scratch folder. */
static inline void open_in(struct training *training, void **state, const char *folder, const char *const *flags)
{
    open_training(training, state, flags);
    free(training->options.config.outdir);
    struct error error;
    scratch_path(state, folder, training->outdir);
    training->options.config.outdir = memory_copy_string(training->outdir, &error);
    assert_non_null(training->options.config.outdir);
}

static inline void close_training(struct training *training)
{
    gan_free(training->gan);
    options_free(&training->options);
}

static inline void step_done(void *context, const struct progress *progress)
{
    struct training *training = context;
    if (training->step_count < ALL) {
        training->reports[training->step_count] = training->gan->report;
        training->steps[training->step_count] = *progress;
    }
    training->step_count++;
    if (training->dawdles) {
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    if (training->meddle) {
        training->meddle(training);
    }
    training->stop = training->gan->steps == training->stop_at ||
                     (training->give_up_at > 0 && clock_seconds() > training->give_up_at);
}

static inline void epoch_done(void *context, const struct progress *progress)
{
    struct training *training = context;
    if (training->epoch_count < EPOCHS) {
        training->epochs[training->epoch_count] = *progress;
    }
    training->epoch_count++;
    training->measured_count += progress->figures != NULL;
}

static inline void troubled(void *context, const struct trouble *trouble)
{
    struct training *training = context;
    assert_in_range(training->trouble_count, 0, TROUBLES - 1);
    training->troubles[training->trouble_count++] = *trouble;
}

static inline void rescued(void *context, const struct rescue *rescue, size_t rescues)
{
    struct training *training = context;
    assert_in_range(training->rescue_count, 0, RESCUES - 1);
    assert_in_range(rescue->number, 1, rescues);
    training->rescues[training->rescue_count++] = *rescue;
}

/* Trains from where the gan and position are; of a run that goes on, resumption is not NULL. */
static inline bool run_from(struct training *training, const struct position *position, struct snapshot *last_good,
                            const struct resumption *resumption, struct error *error)
{
    const struct observer observer = {training, step_done, epoch_done, troubled, rescued};
    struct error closing;
    struct lock *outdir =
        (resumption ? outdir_resume(training->outdir, error) : outdir_begin(training->outdir, false, error));
    assert_non_null(outdir);
    struct trainer trainer = {
        .gan = training->gan,
        .dataset = &training->dataset,
        .recorder = recorder_create(training->gan, &training->dataset, "{}", training->metrics, resumption, error),
        .position = *position,
        .last_good = last_good,
        .observer = &observer,
        .class_shares = training->class_shares,
        .began = clock_seconds() - training->late,
        .stop = &training->stop,
    };
    assert_non_null(trainer.recorder);
    if (training->metrics) {
        trainer.position.measured = training->every;
    }
    bool done = trainer_run(&trainer, error);
    training->position = trainer.position;
    assert_true(recorder_close(trainer.recorder, &closing));
    lock_release(outdir);
    return done;
}

/* Trains from the beginning, with rescues where the options ask for them. */
static inline bool run_training(struct training *training, struct error *error)
{
    const struct position beginning = {0};
    struct snapshot *last_good = NULL;
    if (training->options.config.rescues) {
        last_good = snapshot_create(training->gan, error);
        assert_non_null(last_good);
    }
    const bool done = run_from(training, &beginning, last_good, NULL, error);
    snapshot_free(last_good);
    return done;
}

static inline int prepare_training(void **state)
{
    (void)state;
    matmul_prepare();
    omp_set_num_threads(1); /* nets this small gain nothing from more */
    return 0;
}

#endif
