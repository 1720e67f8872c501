/* gan-train: options, data, nets, training. The only file of the program that prints errors and exits. */
#include "base/clock.h"
#include "base/cores.h"
#include "base/restart.h"
#include "cli/config_file.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/summary.h"
#include "gan/outdir.h"
#include "gan/trainer.h"
#include "nn/matmul.h"

#include <fcntl.h>
#include <omp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Set by the first signal that asks for an end; the step being made is finished and what was trained is written. A
 * second one ends the program at once. */
static volatile sig_atomic_t stop_requested;

static void request_stop(int signal_number)
{
    (void)signal_number;
    if (stop_requested) {
        _exit(STATUS_STOPPED);
    }
    stop_requested = 1;
}

/* A hangup that the caller ignores, as nohup does, stays ignored. A file that may not grow and a pipe that is gone are
 * errors to be told, not reasons to die. */
static void install_signals(void)
{
    struct sigaction stop = {.sa_handler = request_stop, .sa_flags = SA_RESTART}, hangup;
    sigemptyset(&stop.sa_mask);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    if (sigaction(SIGHUP, NULL, &hangup) == 0 && hangup.sa_handler != SIG_IGN) {
        sigaction(SIGHUP, &stop, NULL);
    }
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
}

/* What a training holds; everything may be empty. */
struct training {
    struct dataset dataset;
    struct gan *gan;
    struct recorder *recorder;
    char *config_json;
};

static bool begin_training(struct training *training, const struct options *options, size_t threads,
                           struct error *error)
{
    const struct config *config = &options->config;
    const struct dataset_source source = {
        .folder = config->data,
        .images = config->images,
        .labels = config->labels,
        .limit = config->limit_images,
        .labels_wanted = config->conditional,
    };
    if (!outdir_check(config->outdir, config->overwrite, error) || !dataset_load(&source, &training->dataset, error) ||
        !trainer_check(config, &training->dataset, error)) {
        return false;
    }
    const struct dataset *dataset = &training->dataset;
    return (training->gan = gan_create(config, dataset->height * dataset->width, dataset->classes, error)) &&
           (training->config_json = summary_config_json(options, dataset, error)) &&
           (training->recorder = recorder_create(training->gan, dataset, training->config_json, error)) &&
           summary_print(stdout, options, dataset, training->gan, threads, error);
}

static bool end_training(struct training *training, struct error *error)
{
    const bool closed = recorder_close(training->recorder, error);
    gan_free(training->gan);
    dataset_free(&training->dataset);
    free(training->config_json);
    return closed;
}

/* Whether standard output can take a line back and draw it anew. */
static bool is_live_terminal(void)
{
    const char *kind = getenv("TERM");
    return isatty(STDOUT_FILENO) && !(kind && strcmp(kind, "dumb") == 0);
}

static bool train(const struct options *options, struct error *error)
{
    const struct config *config = &options->config;
    const size_t threads = config->threads ? config->threads : cores_available();
    const double began = clock_seconds();
    omp_set_num_threads((int)threads);
    matmul_prepare();
    install_signals();

    struct training training = {0};
    struct progress_view view = {.out = stdout, .terminal = !options->quiet && is_live_terminal()};
    const struct observer observer = progress_observer(&view);
    bool good = begin_training(&training, options, threads, error) &&
                trainer_run(training.gan, &training.dataset, training.recorder, &observer, &stop_requested, error);
    progress_clear(&view);
    struct error closing;
    if (!end_training(&training, &closing) && (good || error->status == STATUS_STOPPED)) {
        *error = closing; /* a run that failed before says why it did */
        good = false;
    }
    if (good) {
        const double seconds = clock_seconds() - began;
        const bool time_is_up = config->max_minutes > 0 && seconds >= 60 * config->max_minutes;
        printf("done in %.0f s%s: see samples/, losses.svg and losses.csv in %s\n", seconds,
               time_is_up ? " (--max_minutes)" : "", config->outdir);
    }
    return good;
}

static bool perform(const struct options *options, struct error *error)
{
    if (options->resume) {
        return error_set(error, STATUS_USAGE, "--resume: %s: runs have no checkpoints yet", options->resume);
    }
    switch (options->action) {
    case ACTION_RUN:
        return train(options, error);
    case ACTION_PRINT_CONFIG: {
        char *text = config_file_text(options, 0, error);
        if (text) {
            puts(text);
        }
        free(text);
        return text;
    }
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

/* A standard descriptor that is closed would be the next file to be opened, and what is printed would go into it. */
static void open_standard_descriptors(void)
{
    int descriptor = open("/dev/null", O_RDWR);
    while (descriptor >= 0 && descriptor <= STDERR_FILENO) {
        descriptor = open("/dev/null", O_RDWR);
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
}

int main(int argc, char **argv)
{
    restart_with_settings(argv);
    struct options options = {0};
    struct error error = {0};
    open_standard_descriptors();
    bool good = options_parse(argc, argv, &options, &error) && perform(&options, &error);
    if (good && fflush(stdout) != 0 && options.action != ACTION_RUN) {
        good = error_set(&error, STATUS_FAILED, "standard output cannot be written");
    }
    if (!good) {
        fflush(stdout);
        fprintf(stderr, "gan-train: %s\n", error.message);
    }
    options_free(&options);
    return good ? STATUS_DONE : (int)error.status;
}
