#include "cli/training.h"
#include "base/memory.h"
#include "cli/program.h"
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

/* The folder above the one of a checkpoint's path, to be freed with free(); NULL where that is not named checkpoints.
 */
static char *folder_above(const char *path, struct error *error)
{
    char *checkpoints = path_folder(path, error);
    char *folder =
        checkpoints && strcmp(path_name(checkpoints), "checkpoints") == 0 ? path_folder(checkpoints, error) : NULL;
    free(checkpoints);
    return folder;
}

/* The folder of the run that --resume names: itself, or the one above a checkpoint's. To be freed with free(). */
static char *run_folder(const char *path, struct error *error)
{
    if (is_folder(path)) {
        return memory_copy_string(path, error);
    }
    char *folder = folder_above(path, error);
    if (folder) {
        return folder;
    }
    char *whole = path_whole(path); /* it may be named from within that folder */
    folder = whole ? folder_above(whole, error) : NULL;
    if (!folder) {
        error_set(error, STATUS_USAGE,
                  "--resume: %s: %s; wanted the folder of a run, or a checkpoint in its checkpoints/", path,
                  whole ? "does not lie in a run's folder" : strerror(errno));
    }
    free(whole);
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
    return recorded_data_read(run.config_json, run.place, &training->recorded_data, error) &&
           options_recorded(&run, &training->recorded, error) && options_resume(argc, argv, &run, options, error);
}

bool training_resume(struct training *training, int argc, char **argv, struct options *options, struct error *error)
{
    char *path = memory_copy_string(options->resume, error);
    char *folder = path ? run_folder(path, error) : NULL;
    bool good = folder && (options->action != ACTION_RUN || (training->lock = outdir_resume(folder, error))) &&
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
    return last <= training->recorded.config.checkpoint_every ||
           error_set(
               error, STATUS_USAGE,
               "--resume: %s: has pictures up to epoch %zu, but no checkpoint; wanted one in its checkpoints/, or "
               "--overwrite to begin anew",
               config->outdir, last);
}

static bool is_same(const char *path, const char *other)
{
    return path && other ? strcmp(path, other) == 0 : path == other;
}

/* Whether the images of a run that goes on are to be where they were. */
static bool has_its_data(const struct training *training, const struct config *config)
{
    const struct config *recorded = &training->recorded.config;
    return training->checkpoint && is_same(config->data, recorded->data) && is_same(config->images, recorded->images) &&
           is_same(config->labels, recorded->labels);
}

static bool load_data(struct training *training, const struct config *config, struct error *error)
{
    struct dataset_source source = {.limit = config->limit_images, .labels_wanted = config->conditional};
    if (has_its_data(training, config)) {
        recorded_source(&training->recorded_data, &source); /* by its whole path, wherever this process was started */
    }
    if (!source.folder && !source.images) {
        source.folder = config->data;
        source.images = config->images;
        source.labels = config->labels;
    }
    if (dataset_load(&source, &training->dataset, error) &&
        (!training->checkpoint || recorded_check(&training->recorded_data, &training->dataset, error))) {
        return true;
    }
    if (has_its_data(training, config)) {
        recorded_advise(&training->recorded_data, "--images", error);
    }
    return false;
}

/* The weights that a run begins with are not to be removed as those of the run before. */
static bool check_weights_stay(const struct config *config, struct error *error)
{
    if (!config->init_from || !config->overwrite) {
        return true;
    }
    char *outdir = path_whole(config->outdir), *weights = path_whole(config->init_from);
    const size_t length = outdir ? strlen(outdir) : 0;
    const bool inside = outdir && weights && strncmp(weights, outdir, length) == 0 &&
                        (weights[length] == '/' || weights[length] == '\0');
    free(outdir);
    free(weights);
    return !inside ||
           error_set(error, STATUS_USAGE,
                     "--init_from: %s lies in the folder that --overwrite is to empty; wanted another --outdir",
                     config->init_from);
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
    gan_begin_averages(gan);
    checkpoint_free(checkpoint);
    return good;
}

/* Whether a checkpoint's counters are of this data set; no run of gan-train leaves others. */
static bool check_position(const struct training *training, struct error *error)
{
    const struct gan *gan = training->trainer.gan;
    const struct position *position = &training->trainer.position;
    const size_t steps = gan_steps_per_epoch(gan->config, training->dataset.count);
    return (position->step < steps && gan->steps == (uint64_t)position->epoch * steps + position->step) ||
           error_set(
               error, STATUS_USAGE,
               "%s: is of step %llu, which is not step %zu after %zu epochs of %zu; wanted a checkpoint of gan-train",
               checkpoint_path(training->checkpoint), (unsigned long long)gan->steps, position->step, position->epoch,
               steps);
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
    const bool goes_on = checkpoint && !checkpoint_is_beginning(checkpoint);
    const bool good =
        goes_on ? checkpoint_restore(checkpoint, trainer->gan, &trainer->position, trainer->last_good, error) &&
                      check_position(training, error)
                : (config->output_bias == OUTPUT_BIAS_SAME || gan_begin_at_mean(trainer->gan, dataset, error)) &&
                      (!config->init_from || take_weights(config, trainer->gan, taken, error));
    gan_set_horizon(trainer->gan, dataset->count);
    return good;
}

/* The test images are found from wherever the run goes on. Those that were named for this call are to be there even if
 * there is no time to measure anything. */
static bool name_test_images(const struct training *training, struct config *config, struct error *error)
{
    const char *recorded = training->recorded.config.test_images;
    char *whole = config->test_images ? path_whole(config->test_images) : NULL;
    if (!whole) {
        return !config->test_images || (recorded && strcmp(recorded, config->test_images) == 0) ||
               error_set(error, error_blame(errno), "--test_images: %s: %s", config->test_images, strerror(errno));
    }
    free(config->test_images);
    config->test_images = whole;
    return true;
}

static bool begin_measuring(struct training *training, struct error *error)
{
    struct trainer *trainer = &training->trainer;
    const struct measuring_source source = {
        .gan = trainer->gan,
        .dataset = &training->dataset,
        .position = &trainer->position,
        .view = &training->view,
        .stop = trainer->stop,
    };
    trainer->class_shares = training->measuring.expected;
    if (!measuring_begin(&training->measuring, &source, error)) {
        return false;
    }
    const bool measures = training->measuring.metrics, is_auto = trainer->gan->config->eval_every == EVERY_AUTO;
    if (measures || trainer->gan->steps == 0 || !is_auto) { /* else it is tried again when the run goes on again */
        trainer->position.measured = measures ? training->measuring.every : 0;
    }
    if (trainer->last_good) {
        trainer->last_good->position.measured = trainer->position.measured;
    }
    return true;
}

static bool begin_records(struct training *training, const struct config *config, struct error *error)
{
    struct trainer *trainer = &training->trainer;
    const struct checkpoint *checkpoint = training->checkpoint;
    const char *path = checkpoint ? checkpoint_path(checkpoint) : "";
    const struct resumption resumption = {
        .position = &trainer->position,
        .last_good = trainer->last_good,
        .from_latest = strcmp(path_name(path), path_name(OUTDIR_LATEST)) == 0,
        .same_config = checkpoint && strcmp(checkpoint_config(checkpoint), training->config_json) == 0,
    };
    if (!training->lock && !(training->lock = outdir_begin(config->outdir, config->overwrite, error))) {
        return false;
    }
    return (trainer->recorder = recorder_create(trainer->gan, &training->dataset, training->config_json,
                                                training->measuring.metrics, checkpoint ? &resumption : NULL, error));
}

static bool begin(struct training *training, struct options *options, size_t threads, struct weights_taken *taken,
                  struct error *error)
{
    struct config *config = &options->config;
    struct dataset *dataset = &training->dataset;
    if ((!training->lock && !outdir_check(config->outdir, config->overwrite, error)) ||
        !check_beginning(training, config, error) || !check_weights_stay(config, error) ||
        !name_test_images(training, config, error) || !load_data(training, config, error) ||
        !trainer_check(config, dataset, error) || !recorder_check(config, dataset, error) ||
        !begin_nets(training, config, taken, error) ||
        !(training->config_json = summary_config_json(options, dataset, error))) {
        return false;
    }
    training->trainer.dataset = dataset;
    training->nothing_left = training->trainer.position.epoch >= config->epochs;
    if (training->nothing_left) {
        return true;
    }
    if (!begin_measuring(training, error) || !begin_records(training, config, error) ||
        !summary_print(stdout, options, training, threads, error)) {
        return false;
    }
    summary_print_beginning(stdout, options, &training->trainer, training->checkpoint, taken);
    return true;
}

bool training_begin(struct training *training, struct options *options, size_t threads, struct error *error)
{
    struct weights_taken taken = {0};
    bool good = begin(training, options, threads, &taken, error);
    free(taken.lacking);
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
    measuring_free(&training->measuring);
    snapshot_free(training->trainer.last_good);
    gan_free(training->trainer.gan);
    dataset_free(&training->dataset);
    recorded_data_free(&training->recorded_data);
    options_free(&training->recorded);
    checkpoint_free(training->checkpoint);
    free(training->config_json);
    lock_release(training->lock);
    *training = (struct training){0};
}

void training_advise(const struct options *options, const char *called, struct error *error)
{
    struct error ignored;
    const char *outdir = options->config.outdir;
    char *latest = outdir ? path_join(outdir, OUTDIR_LATEST, &ignored) : NULL;
    if (latest && access(latest, R_OK) == 0) {
        error_append(error, "; %.*sgan-train --resume %s goes on from the last checkpoint",
                     program_folder_length(called), called, outdir);
    }
    free(latest);
}
