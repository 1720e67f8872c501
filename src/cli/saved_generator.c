#include "cli/saved_generator.h"

#include "base/memory.h"
#include "gan/gan.h"

#include <stdlib.h>

static bool read_checkpoint(const struct checkpoint *checkpoint, bool no_ema, struct saved_generator *saved,
                            struct error *error)
{
    const char *place = checkpoint_path(checkpoint), *config_json = checkpoint_config(checkpoint);
    const struct recorded_run run = {.outdir = ".", .place = place, .config_json = config_json};
    saved->path = memory_copy_string(place, error);
    if (!saved->path || !options_recorded(&run, &saved->options, error) ||
        !recorded_data_read(config_json, place, &saved->data, error)) {
        return false;
    }
    const struct config *config = &saved->options.config;
    const struct recorded_data *data = &saved->data;
    size_t pixels;
    if (!size_multiply(data->height, data->width, &pixels) || (config->conditional && data->classes == 0)) {
        return error_set(error, STATUS_USAGE, "%s: is of no run: images of %zu x %zu, %zu classes", place, data->height,
                         data->width, data->classes);
    }
    saved->averaged = config->ema > 0 && !no_ema;
    saved->classes = config->conditional ? data->classes : 0;
    saved->generator = gan_create_generator(config, pixels, data->classes, error);
    return saved->generator && checkpoint_progress(checkpoint, &saved->progress, error) &&
           checkpoint_read_generator(checkpoint, saved->averaged, saved->generator, error);
}

bool saved_generator_load(const char *path, bool no_ema, struct saved_generator *saved, struct error *error)
{
    *saved = (struct saved_generator){0};
    struct checkpoint *checkpoint = checkpoint_load(path, error);
    const bool read = checkpoint && read_checkpoint(checkpoint, no_ema, saved, error);
    checkpoint_free(checkpoint);
    if (!read) {
        saved_generator_free(saved);
    }
    return read;
}

bool saved_generator_check_ema(const struct saved_generator *saved, struct error *error)
{
    return saved->options.config.ema > 0 ||
           error_set(error, STATUS_USAGE, "--no_ema: has no effect on %s, whose run has no averages of G's weights",
                     saved->path);
}

void saved_generator_free(struct saved_generator *saved)
{
    free(saved->path);
    options_free(&saved->options);
    recorded_data_free(&saved->data);
    network_free(saved->generator);
    *saved = (struct saved_generator){0};
}
