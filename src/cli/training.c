#include "cli/training.h"
#include "base/memory.h"
#include "cli/summary.h"
#include "io/folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* The folder of the run that --resume names: itself, or the one above a checkpoint's. To be freed with free(). */
static char *run_folder(const char *path, struct error *error)
{
    if (is_folder(path)) {
        return memory_copy_string(path, error);
    }
    char *checkpoints = path_folder(path, error);
    char *folder = NULL;
    if (checkpoints && strcmp(path_name(checkpoints), "checkpoints") == 0) {
        folder = path_folder(checkpoints, error);
    } else if (checkpoints) {
        error_set(error, STATUS_USAGE,
                  "--resume: %s: %s; wanted the folder of a run, or a checkpoint in its checkpoints/", path,
                  access(path, F_OK) == 0 ? "is none" : strerror(errno));
    }
    free(checkpoints);
    return folder;
}

/* What was recorded, into options, and what of it a command line may hide, into training. */
static bool read_record(struct training *training, int argc, char **argv, const char *folder, struct options *options,
                        struct error *error)
{
    const struct recorded_run run = {
        .outdir = folder,
        .place = checkpoint_path(training->checkpoint),
        .config_json = checkpoint_config(training->checkpoint),
    };
    struct options recorded = {0};
    if (!recorded_data_read(run.config_json, run.place, &training->recorded, error) ||
        !options_recorded(&run, &recorded, error)) {
        return false;
    }
    training->recorded_sample_every = recorded.config.sample_every;
    options_free(&recorded);
    return options_resume(argc, argv, &run, options, error);
}

bool training_resume(struct training *training, int argc, char **argv, struct options *options, struct error *error)
{
    char *path = memory_copy_string(options->resume, error);
    char *folder = path ? run_folder(path, error) : NULL;
    bool good = folder && (options->action != ACTION_RUN || (training->outdir = outdir_resume(folder, error))) &&
                (training->checkpoint = checkpoint_load(path, error)) &&
                read_record(training, argc, argv, folder, options, error);
    free(path);
    free(folder);
    return good;
}

/* A run without checkpoints begins anew, with the same bytes; but where it has come so far that there were some, they
 * are not simply to be trained over. */
static bool check_beginning(const struct training *training, const struct config *config, struct error *error)
{
    size_t *epochs, count;
    if (!training->checkpoint || !checkpoint_is_beginning(training->checkpoint)) {
        return true;
    }
    if (!outdir_numbers(config->outdir, SERIES_SAMPLES, &epochs, &count, error)) {
        return false;
    }
    const size_t last = count ? epochs[count - 1] : 0;
    free(epochs);
    return last <= config->checkpoint_every ||
           error_set(error, STATUS_USAGE,
                     "--resume: %s: has pictures up to epoch %zu, but no checkpoint; wanted the one in checkpoints/",
                     config->outdir, last);
}

/* Where the images are: where the flags say, else, of a run that goes on, where they were. */
static struct dataset_source source_of(const struct training *training, const struct config *config)
{
    struct dataset_source source = {
        .folder = config->data,
        .images = config->images,
        .labels = config->labels,
        .limit = config->limit_images,
        .labels_wanted = config->conditional,
    };
    if (training->checkpoint) {
        recorded_source(&training->recorded, &source);
    }
    return source;
}

static bool take_weights(const struct config *config, struct gan *gan, struct weights_taken *taken, struct error *error)
{
    struct checkpoint *checkpoint = checkpoint_load_weights(config->init_from, error);
    bool good = checkpoint && checkpoint_read_weights(checkpoint, gan, taken, error);
    if (!good) {
        char reason[sizeof error->message];
        memcpy(reason, error->message, sizeof reason);
        error_set(error, error->status, "--init_from: %s", reason);
    }
    checkpoint_free(checkpoint);
    return good;
}

/* The nets' first state: drawn, of another run, or of the checkpoint. */
static bool begin_nets(struct training *training, const struct config *config, struct weights_taken *taken,
                       struct error *error)
{
    struct trainer *trainer = &training->trainer;
    const struct dataset *dataset = &training->dataset;
    const struct checkpoint *checkpoint = training->checkpoint;
    trainer->gan = gan_create(config, dataset->height * dataset->width, dataset->classes, error);
    if (!trainer->gan || (config->rescues > 0 && !(trainer->last_good = snapshot_create(trainer->gan, error)))) {
        return false;
    }
    trainer->position.horizon = config->epochs;
    if (checkpoint && !checkpoint_is_beginning(checkpoint)) {
        return checkpoint_restore(checkpoint, trainer->gan, &trainer->position, trainer->last_good, error);
    }
    return !config->init_from || take_weights(config, trainer->gan, taken, error);
}

static bool begin_records(struct training *training, const struct config *config, struct error *error)
{
    struct trainer *trainer = &training->trainer;
    const struct checkpoint *checkpoint = training->checkpoint;
    const char *path = checkpoint ? checkpoint_path(checkpoint) : "";
    const struct resumption resumption = {
        .position = &trainer->position,
        .last_good = trainer->last_good,
        .sample_every = training->recorded_sample_every,
        .is_latest = checkpoint && strcmp(path_name(path), path_name(OUTDIR_LATEST)) == 0 &&
                     strcmp(checkpoint_config(checkpoint), training->config_json) == 0,
    };
    if (!training->outdir && !(training->outdir = outdir_begin(config->outdir, config->overwrite, error))) {
        return false;
    }
    return (trainer->recorder = recorder_create(trainer->gan, &training->dataset, training->config_json,
                                                checkpoint ? &resumption : NULL, error));
}

static bool begin(struct training *training, const struct options *options, size_t threads, struct weights_taken *taken,
                  struct error *error)
{
    const struct config *config = &options->config;
    const struct dataset_source source = source_of(training, config);
    struct dataset *dataset = &training->dataset;
    if ((!training->outdir && !outdir_check(config->outdir, config->overwrite, error)) ||
        !check_beginning(training, config, error) || !dataset_load(&source, dataset, error) ||
        (training->checkpoint && !recorded_check(&training->recorded, dataset, error)) ||
        !trainer_check(config, dataset, error) || !begin_nets(training, config, taken, error) ||
        !(training->config_json = summary_config_json(options, dataset, error))) {
        return false;
    }
    training->trainer.dataset = dataset;
    training->nothing_left = training->trainer.position.epoch >= config->epochs;
    if (training->nothing_left) {
        return true;
    }
    if (!begin_records(training, config, error) ||
        !summary_print(stdout, options, dataset, training->trainer.gan, threads, error)) {
        return false;
    }
    summary_print_beginning(stdout, options, &training->trainer, training->checkpoint, taken);
    return true;
}

bool training_begin(struct training *training, const struct options *options, size_t threads, struct error *error)
{
    struct weights_taken taken = {0};
    bool good = begin(training, options, threads, &taken, error);
    free(taken.names);
    checkpoint_free(training->checkpoint); /* no longer needed, and as large as the nets */
    training->checkpoint = NULL;
    return good;
}

bool training_close(struct training *training, struct error *error)
{
    struct recorder *recorder = training->trainer.recorder;
    training->trainer.recorder = NULL;
    return recorder_close(recorder, error);
}

void training_free(struct training *training)
{
    struct error ignored;
    training_close(training, &ignored);
    snapshot_free(training->trainer.last_good);
    gan_free(training->trainer.gan);
    dataset_free(&training->dataset);
    recorded_data_free(&training->recorded);
    checkpoint_free(training->checkpoint);
    free(training->config_json);
    outdir_release(training->outdir);
    *training = (struct training){0};
}

void training_advise(const struct options *options, struct error *error)
{
    struct error ignored;
    const char *outdir = options->config.outdir;
    char *latest = outdir ? path_join(outdir, OUTDIR_LATEST, &ignored) : NULL;
    if (latest && access(latest, R_OK) == 0) {
        char reason[sizeof error->message];
        memcpy(reason, error->message, sizeof reason);
        error_set(error, error->status, "%.800s; gan-train --resume %s goes on from the last checkpoint", reason,
                  outdir);
    }
    free(latest);
}
