#include "cli/trained.h"

#include "base/memory.h"
#include "gan/gan.h"

#include <stdlib.h>

static bool read_checkpoint(const struct checkpoint *checkpoint, struct trained *trained, struct error *error)
{
    const char *place = checkpoint_path(checkpoint), *config_json = checkpoint_config(checkpoint);
    const struct recorded_run run = {.outdir = ".", .place = place, .config_json = config_json};
    trained->path = memory_copy_string(place, error);
    if (!trained->path || !options_recorded(&run, &trained->options, error) ||
        !recorded_data_read(config_json, place, &trained->data, error)) {
        return false;
    }
    const struct config *config = &trained->options.config;
    const struct recorded_data *data = &trained->data;
    size_t pixels;
    if (!size_multiply(data->height, data->width, &pixels) || (config->conditional && data->classes == 0)) {
        return error_set(error, STATUS_USAGE, "%s: is of no run: images of %zu x %zu, %zu classes", place, data->height,
                         data->width, data->classes);
    }
    trained->classes = config->conditional ? data->classes : 0;
    trained->generator = gan_create_generator(config, pixels, data->classes, error);
    return trained->generator && checkpoint_progress(checkpoint, &trained->progress, error) &&
           checkpoint_read_generator(checkpoint, trained->generator, error);
}

bool trained_load(const char *path, struct trained *trained, struct error *error)
{
    *trained = (struct trained){0};
    struct checkpoint *checkpoint = checkpoint_load(path, error);
    const bool read = checkpoint && read_checkpoint(checkpoint, trained, error);
    checkpoint_free(checkpoint);
    if (!read) {
        trained_free(trained);
    }
    return read;
}

void trained_free(struct trained *trained)
{
    free(trained->path);
    options_free(&trained->options);
    recorded_data_free(&trained->data);
    network_free(trained->generator);
    *trained = (struct trained){0};
}
