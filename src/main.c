/* gan-train: options, data, nets, training. The only file of the program that exits. */
#include "base/clock.h"
#include "cli/config_file.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/program.h"
#include "cli/progress.h"
#include "cli/training.h"
#include "eval/evaluation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The checkpoint with the lowest Frechet distance, where that is not the latest. */
static void print_best(const char *outdir, uint64_t last_step, const struct metrics_best *best)
{
    struct error ignored;
    char *path = best->step < last_step ? outdir_path(outdir, SERIES_BEST, (size_t)best->step, &ignored) : NULL;
    if (path && access(path, R_OK) == 0) {
        printf("FD was lowest after epoch %zu, %.3g: that checkpoint is kept, %s\n", best->epoch, best->frechet, path);
    }
    free(path);
}

/* How it ended, of a program called as argv[0]; best may be NULL. */
static void print_end(const struct options *options, const char *called, const struct training *training,
                      const struct metrics_best *best, double seconds)
{
    const struct config *config = &options->config;
    const int folder = program_folder_length(called);
    if (training->nothing_left) {
        printf("nothing left to do: %zu of %zu epochs are done; --epochs with more goes on\n",
               training->trainer.position.epoch, config->epochs);
        return;
    }
    printf("done in %.0f s: see samples/, losses.svg%s and losses.csv in %s\n", seconds,
           training->measuring.metrics ? ", metrics.svg" : "", config->outdir);
    if (best) {
        print_best(config->outdir, training->trainer.gan->steps, best);
    }
    struct error none;
    const bool enough =
        config->limit_images || training->dataset.count >= IMAGES_MIN; /* of real images, for gan-eval */
    if (enough && !training->measuring.metrics &&
        (config->test_images || dataset_has_test(&training->dataset, &none))) {
        printf("%.*sgan-eval %s says how good the images are\n", folder, called, config->outdir);
    }
    if (training->trainer.position.epoch < config->epochs) {
        printf("--max_minutes ended it with %zu of %zu epochs done:\n%.*sgan-train --resume %s goes on\n",
               training->trainer.position.epoch, config->epochs, folder, called, config->outdir);
    }
}

/* A training whose options are known. */
static bool train(struct training *training, const char *called, struct options *options, struct error *error)
{
    const struct config *config = &options->config;
    const double began = training->trainer.began = clock_seconds();
    struct progress_view view = {.out = stdout, .terminal = !options->quiet && program_is_terminal(STDOUT_FILENO)};
    const struct observer observer = progress_observer(&view);
    training->trainer.observer = &observer;
    training->view = (struct watch_view){.out = view.out, .terminal = view.terminal, .quiet = options->quiet};
    training->trainer.stop = program_catch_signals();
    const size_t threads = program_start_threads(config->threads, error);
    bool good = threads && training_begin(training, options, threads, error) &&
                (training->nothing_left || trainer_run(&training->trainer, error));
    progress_clear(&view);
    struct metrics_best best;
    const bool has_best = training->measuring.metrics && metrics_find_best(training->measuring.metrics, &best);
    struct error closing;
    if (!training_close(training, &closing) && (good || error->status == STATUS_STOPPED)) {
        *error = closing; /* a run that failed before says why it did */
        good = false;
    }
    if (good) {
        print_end(options, called, training, has_best ? &best : NULL, clock_seconds() - began);
    }
    return good;
}

static bool print_config(const struct options *options, struct error *error)
{
    char *text = config_file_text(options, 0, error);
    const bool made = text;
    if (made) {
        puts(text);
    }
    free(text);
    return made;
}

/* Training, or the configuration of one. */
static bool train_or_print(int argc, char **argv, struct options *options, struct error *error)
{
    struct training training = {0};
    const char *called = argc > 0 ? argv[0] : "";
    bool good = (!options->resume || training_resume(&training, argc, argv, options, error)) &&
                (options->action == ACTION_PRINT_CONFIG ? print_config(options, error)
                                                        : train(&training, called, options, error));
    const bool held = training.lock; /* and so a checkpoint in it is of this run */
    training_free(&training);
    if (!good && held && (error->status == STATUS_FAILED || error->status == STATUS_STOPPED)) {
        training_advise(options, called, error);
    }
    return good;
}

static bool perform(int argc, char **argv, struct options *options, struct error *error)
{
    switch (options->action) {
    case ACTION_RUN:
    case ACTION_PRINT_CONFIG:
        return train_or_print(argc, argv, options, error);
    case ACTION_LIST_PRESETS:
        return help_print_presets(stdout, error);
    case ACTION_HELP:
    case ACTION_VERSION:
    case ACTION_PRINT_MAN:
    case ACTION_PRINT_COMPLETION:
        return help_answer(&GAN_TRAIN, options->action, options->shell, stdout, error);
    }
    return true;
}

int main(int argc, char **argv)
{
    program_begin(argv);
    struct options options = {0};
    struct error error = {0};
    const bool good = options_parse(argc, argv, &options, &error) && perform(argc, argv, &options, &error);
    /* what a training made is in its folder: it is done, even if nobody could read what it said on the way */
    const bool trained = good && options.action == ACTION_RUN;
    const int status = trained ? STATUS_DONE : program_finish("gan-train", good, &error);
    options_free(&options);
    return status;
}
