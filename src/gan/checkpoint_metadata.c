#include "gan/checkpoint_metadata.h"
#include "gan/gan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SUMS = 6 };

static const uint64_t NUMBER_MAX = ((uint64_t)1 << GAN_NUMBER_BITS) - 1; /* of steps, updates, epochs */

static void add_text(struct metadata *metadata, const char *key, const char *value)
{
    metadata->entries[metadata->count++] = (struct safetensors_entry){key, value};
}

static void add_number(struct metadata *metadata, const char *key, uint64_t number)
{
    char *text = metadata->texts[metadata->count];
    snprintf(text, METADATA_TEXT, "%" PRIu64, number);
    add_text(metadata, key, text);
}

/* The number of steps and the sums over them, each as the shortest text that is sure to read back as the same. */
static void add_sums(struct metadata *metadata, const char *key, const struct record_sums *sums)
{
    const struct step_report *s = &sums->sum;
    char *text = metadata->texts[metadata->count];
    snprintf(text, METADATA_TEXT, "%zu %.17g %.17g %.17g %.17g %.17g %.17g", sums->steps, s->loss_d, s->loss_g,
             s->d_real, s->d_fake, s->grad_norm_d, s->grad_norm_g);
    add_text(metadata, key, text);
}

static void add_seconds(struct metadata *metadata, const struct counters *counters)
{
    char *text = metadata->texts[metadata->count];
    snprintf(text, METADATA_TEXT, "%.9f %.9f %.9f", counters->position.sums.seconds, counters->position.window.seconds,
             counters->last_good_window.seconds);
    add_text(metadata, "seconds", text);
}

void metadata_print(const struct counters *counters, const char *config_json, struct metadata *metadata)
{
    const struct position *position = &counters->position;
    metadata->count = 0;
    add_text(metadata, "format", "pt");
    add_text(metadata, "program", "gan-train");
    add_text(metadata, "version", GAN_VERSION);
    add_number(metadata, "epoch", position->epoch);
    add_number(metadata, "step_in_epoch", position->step);
    add_number(metadata, "extra_picture", position->extra_picture);
    add_number(metadata, "idle_steps", position->idle);
    add_number(metadata, "measured_epochs", position->measured);
    add_number(metadata, "extra_metrics", position->extra_metrics);
    add_number(metadata, "steps", counters->steps);
    add_number(metadata, "generator_updates", counters->updates_g);
    add_number(metadata, "discriminator_updates", counters->updates_d);
    add_number(metadata, "rescues", counters->rescues);
    add_sums(metadata, "epoch_sums", &position->sums);
    add_sums(metadata, "window_sums", &position->window);
    if (counters->has_last_good) {
        add_number(metadata, "last_good_epoch", counters->last_good_epoch);
        add_number(metadata, "last_good_steps", counters->last_good_steps);
        add_sums(metadata, "last_good_window_sums", &counters->last_good_window);
    }
    add_seconds(metadata, counters);
    add_text(metadata, "config", config_json);
}

/* Where the numbers come from. */
struct source {
    const struct safetensors *file;
    const char *path;
    struct error *error;
};

static bool has(const struct source *source, const char *key)
{
    return safetensors_metadata(source->file, key);
}

static bool refuse(const struct source *source, const char *key, const char *wanted)
{
    return error_set(source->error, STATUS_USAGE,
                     "%s: its metadata has no %s that is %s; wanted a checkpoint of gan-train", source->path, key,
                     wanted);
}

static bool scan_number(const struct source *source, const char *key, uint64_t limit, uint64_t *number)
{
    const char *text = safetensors_metadata(source->file, key);
    if (!text || !*text || strspn(text, "0123456789") != strlen(text) || strlen(text) > 19) {
        return refuse(source, key, "a number");
    }
    *number = strtoull(text, NULL, 10);
    return *number <= limit || refuse(source, key, "small enough");
}

static bool scan_size(const struct source *source, const char *key, size_t *size)
{
    uint64_t number = 0;
    const bool good = scan_number(source, key, NUMBER_MAX, &number);
    *size = (size_t)number;
    return good;
}

/* `count` numbers with blanks between. */
static bool scan_reals(const struct source *source, const char *key, size_t count, double *numbers)
{
    const char *text = safetensors_metadata(source->file, key);
    for (size_t i = 0; i < count; i++) {
        char *end = NULL;
        numbers[i] = text ? strtod(text, &end) : 0;
        if (!text || end == text || *end != (i + 1 < count ? ' ' : '\0')) {
            return refuse(source, key, "made of numbers");
        }
        text = end + 1;
    }
    return true;
}

static bool scan_sums(const struct source *source, const char *key, struct record_sums *sums)
{
    double n[1 + SUMS];
    if (!scan_reals(source, key, 1 + SUMS, n)) {
        return false;
    }
    if (!(n[0] >= 0 && n[0] <= (double)NUMBER_MAX)) {
        return refuse(source, key, "of a number of steps");
    }
    *sums = (struct record_sums){
        .steps = (size_t)n[0],
        .sum =
            {.loss_d = n[1], .loss_g = n[2], .d_real = n[3], .d_fake = n[4], .grad_norm_d = n[5], .grad_norm_g = n[6]},
    };
    return true;
}

static bool scan_last_good(const struct source *source, struct counters *counters)
{
    counters->has_last_good = has(source, "last_good_steps");
    return !counters->has_last_good ||
           (scan_size(source, "last_good_epoch", &counters->last_good_epoch) &&
            scan_number(source, "last_good_steps", counters->steps, &counters->last_good_steps) &&
            scan_sums(source, "last_good_window_sums", &counters->last_good_window));
}

bool metadata_scan(const struct safetensors *file, const char *path, struct counters *counters, struct error *error)
{
    const struct source source = {file, path, error};
    struct position *position = &counters->position;
    uint64_t extra_picture = 0, extra_metrics = 0, rescues = 0;
    double seconds[3] = {0};
    *counters = (struct counters){0};
    if (!scan_size(&source, "epoch", &position->epoch) || !scan_size(&source, "step_in_epoch", &position->step) ||
        !scan_number(&source, "extra_picture", 1, &extra_picture) ||
        !scan_size(&source, "idle_steps", &position->idle) ||
        /* a run from before there were measurements has neither */
        (has(&source, "measured_epochs") && !scan_size(&source, "measured_epochs", &position->measured)) ||
        (has(&source, "extra_metrics") && !scan_number(&source, "extra_metrics", 1, &extra_metrics)) ||
        !scan_number(&source, "steps", NUMBER_MAX, &counters->steps) ||
        !scan_number(&source, "generator_updates", NUMBER_MAX, &counters->updates_g) ||
        !scan_number(&source, "discriminator_updates", NUMBER_MAX, &counters->updates_d) ||
        !scan_number(&source, "rescues", GAN_RESCUES_MAX, &rescues) ||
        !scan_sums(&source, "epoch_sums", &position->sums) || !scan_sums(&source, "window_sums", &position->window) ||
        !scan_last_good(&source, counters) || !scan_reals(&source, "seconds", 3, seconds)) {
        return false;
    }
    position->extra_picture = extra_picture;
    position->extra_metrics = extra_metrics;
    counters->rescues = (size_t)rescues;
    position->sums.seconds = seconds[0];
    position->window.seconds = seconds[1];
    counters->last_good_window.seconds = seconds[2];
    return position->sums.steps == position->step || refuse(&source, "epoch_sums", "over step_in_epoch steps");
}
