#include "cli/subject.h"

#include "base/memory.h"
#include "data/idx.h"
#include "eval/subset.h"
#include "gan/sampler.h"

#include <stdlib.h>
#include <string.h>

static bool load_labels(const char *path, struct subject *subject, struct error *error)
{
    struct idx labels;
    if (!idx_read_labels(path, &labels, error)) {
        return false;
    }
    subject->labels = labels.bytes;
    return labels.count == subject->available ||
           error_set(error, STATUS_USAGE, "%s: holds %zu labels; wanted %zu, one for each image of %s", path,
                     labels.count, subject->available, subject->name);
}

static bool load_file(const struct eval_options *options, struct subject *subject, struct error *error)
{
    struct idx images;
    if (!idx_read_images(options->images, 0, &images, error)) {
        return false;
    }
    subject->name = options->images;
    subject->bytes = images.bytes;
    subject->available = images.count;
    subject->height = images.height;
    subject->width = images.width;
    subject->seed = options->seed;
    if (images.count < IMAGES_MIN || images.count < options->count) {
        return error_set(error, STATUS_USAGE, "%s: holds %zu images; wanted %zu or more%s", options->images,
                         images.count, options->count ? options->count : (size_t)IMAGES_MIN,
                         options->count ? ", as --count says" : "");
    }
    return !options->labels || load_labels(options->labels, subject, error);
}

/* Says of what was refused as a run that it is a file of images, where it is. */
static void advise(const char *path, struct error *error)
{
    struct idx images;
    struct error ignored;
    if (error->status == STATUS_USAGE && idx_read_images(path, 1, &images, &ignored)) {
        idx_free(&images);
        error_set(error, STATUS_USAGE, "%s: is an IDX file of images; wanted a run, or, by itself, --images %s", path,
                  path);
    }
}

static bool load_run(const struct eval_options *options, const char *run, struct subject *subject, struct error *error)
{
    struct saved_generator *saved = &subject->saved;
    if (!saved_generator_load(run, options->no_ema, saved, error)) {
        advise(run, error);
        return false;
    }
    if (!(subject->flags = options_flags(&saved->options, error))) {
        return false;
    }
    if (options->has_seed) {
        saved->options.config.seed = options->seed;
    }
    subject->name = saved->path;
    subject->height = saved->data.height;
    subject->width = saved->data.width;
    subject->seed = saved->options.config.seed;
    subject->sampler = sampler_create(&saved->options.config, saved->generator, saved->classes, error);
    return subject->sampler;
}

bool subject_load(const struct eval_options *options, const char *run, struct subject *subject, struct error *error)
{
    *subject = (struct subject){.name = ""};
    if (!(run ? load_run(options, run, subject, error) : load_file(options, subject, error))) {
        subject_free(subject);
        return false;
    }
    return true;
}

void subject_free(struct subject *subject)
{
    saved_generator_free(&subject->saved);
    free(subject->flags);
    sampler_free(subject->sampler);
    free(subject->bytes);
    free(subject->labels);
    *subject = (struct subject){.name = ""};
}

/* The greatest of bytes [count]. */
static unsigned greatest(const unsigned char *bytes, size_t count)
{
    unsigned most = 0;
    for (size_t i = 0; i < count; i++) {
        most = bytes[i] > most ? bytes[i] : most;
    }
    return most;
}

static bool check_file(const struct subject *subject, const struct dataset *training, struct error *error)
{
    const size_t pixels = training->height * training->width;
    const unsigned most = greatest(subject->bytes, subject->available * pixels);
    const unsigned wanted = greatest(training->images, training->count * pixels);
    if (most == 1 && wanted > 1) {
        return error_set(error, STATUS_USAGE, "%s: has no pixel above 1; wanted bytes from 0 (black) to 255 (white)",
                         subject->name);
    }
    if (most > 1 && wanted == 1) {
        return error_set(error, STATUS_USAGE, "%s: has pixels up to %u; wanted 0 and 1 alone, as in the real images",
                         subject->name, most);
    }
    if (subject->labels && !dataset_has_classes(training)) {
        return error_set(error, STATUS_USAGE,
                         "--labels: has no effect where the real images have no labels, or only "
                         "one class");
    }
    const unsigned label = subject->labels ? greatest(subject->labels, subject->available) : 0;
    return !subject->labels || label < training->classes ||
           error_set(error, STATUS_USAGE, "--labels: asks for a class %u; wanted 0 to %zu, as the training images have",
                     label, training->classes - 1);
}

bool subject_prepare(struct subject *subject, const struct dataset *training, struct error *error)
{
    subject->training = training;
    if (subject->height != training->height || subject->width != training->width) {
        return error_set(error, STATUS_USAGE, "%s: has images of %zu x %zu; wanted %zu x %zu, as the real images",
                         subject->name, subject->height, subject->width, training->height, training->width);
    }
    return !subject->bytes || check_file(subject, training, error);
}

static bool draw(void *context, size_t first, size_t count, unsigned char *bytes, unsigned char *asked,
                 struct error *error)
{
    const struct subject *subject = context;
    const struct dataset *training = subject->training;
    const size_t pixels = subject->height * subject->width;
    if (subject->bytes) {
        memcpy(bytes, subject->bytes + first * pixels, count * pixels);
        if (asked) {
            memcpy(asked, subject->labels + first, count);
        }
        return true;
    }
    if (asked && !subset_classes(subject->seed, training->labels, training->count, first, count, asked, error)) {
        return false;
    }
    sampler_draw(subject->sampler, first, count, asked, bytes);
    return true;
}

struct image_source subject_source(struct subject *subject)
{
    return (struct image_source){draw, subject, subject->labels || subject->saved.classes};
}
