#include "gan/recorder.h"
#include "base/clock.h"
#include "base/memory.h"
#include "gan/describe.h"
#include "gan/outdir.h"
#include "gan/sampler.h"
#include "io/csv.h"
#include "io/diagram.h"
#include "io/file.h"
#include "io/folder.h"
#include "io/image.h"
#include "io/plot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FRAMES_MAX = 100, /* of the animation */
    ANIMATION_CS = 1000, /* how long it takes, in hundredths of a second */
    LAST_FRAME_CS = 200, /* of which the last frame is held so long */
    RENEWAL_COST_LIMIT = 100, /* renewing the animation and the curves takes at most a hundredth of the time */
    CSV_COLUMNS = 11,
    NUMBER_SIZE = 32,
};

static const char *const COLUMN_NAMES[CSV_COLUMNS] = {"epoch",         "step",    "loss_d",           "loss_g",
                                                      "d_real",        "d_fake",  "grad_norm_d",      "grad_norm_g",
                                                      "learning_rate", "seconds", "images_per_second"};

/* The grids the animation is made of: every stride-th of those sampled, and the newest. */
struct animation {
    struct image frames[FRAMES_MAX];
    size_t count;
    size_t sampled; /* grids seen so far */
    size_t stride;
    bool newest_is_extra; /* the last frame is there only for being the newest */
};

struct recorder {
    const struct gan *gan;
    const struct dataset *dataset;
    const struct config *config;
    struct sampler *sampler;
    struct csv *losses, *steps;
    size_t steps_per_epoch;
    struct history epochs, windows; /* the rows of losses.csv and of steps.csv */
    struct animation animation;
    unsigned char *labels, *bytes; /* of a grid's images: [rows * columns], [rows * columns][pixels] */
    double renewed_at, renewal_cost;
};

/* A path in the outdir; NULL with an error. */
static char *out_path(const struct recorder *recorder, const char *name, struct error *error)
{
    return path_join(recorder->config->outdir, name, error);
}

static struct csv *open_csv(const struct recorder *recorder, const char *name, struct error *error)
{
    char *path = out_path(recorder, name, error);
    struct csv *csv = path ? csv_create(path, COLUMN_NAMES, CSV_COLUMNS, error) : NULL;
    free(path);
    return csv;
}

static bool write_row(struct csv *csv, const struct record *r, struct error *error)
{
    char numbers[CSV_COLUMNS][NUMBER_SIZE];
    const char *text[CSV_COLUMNS];
    const double means[] = {r->loss_d,      r->loss_g,      r->d_real,       r->d_fake,
                            r->grad_norm_d, r->grad_norm_g, r->learning_rate};
    snprintf(numbers[0], NUMBER_SIZE, "%zu", r->epoch);
    snprintf(numbers[1], NUMBER_SIZE, "%llu", (unsigned long long)r->step);
    for (size_t i = 0; i < sizeof means / sizeof *means; i++) {
        snprintf(numbers[2 + i], NUMBER_SIZE, "%.9g", means[i]);
    }
    snprintf(numbers[9], NUMBER_SIZE, "%.6f", r->seconds);
    snprintf(numbers[10], NUMBER_SIZE, "%.1f", r->images_per_second);
    for (size_t i = 0; i < CSV_COLUMNS; i++) {
        text[i] = numbers[i];
    }
    return csv_write(csv, text, error);
}

static bool write_config(const struct recorder *recorder, const char *config_json, struct error *error)
{
    char *path = out_path(recorder, "config.json", error);
    bool good = path && file_save(path, config_json, strlen(config_json), error);
    free(path);
    return good;
}

static bool write_networks(const struct recorder *recorder, struct error *error)
{
    struct description *description = memory_allocate(1, sizeof *description, "the picture of the nets", error);
    char *path = description ? out_path(recorder, "networks.svg", error) : NULL;
    bool good = false;
    if (path) {
        describe_gan(recorder->gan, recorder->dataset->height, recorder->dataset->width, description);
        good = diagram_write_svg(path, "The two nets", description->rows, DESCRIBE_NETS, error);
    }
    free(path);
    free(description);
    return good;
}

/* The grid of the fixed noise; with labels, one class a column. */
static bool draw_grid(struct recorder *recorder, struct image *grid, struct error *error)
{
    const size_t rows = recorder->config->grid_rows, columns = recorder->config->grid_columns, count = rows * columns;
    for (size_t i = 0; i < count; i++) {
        recorder->labels[i] = (unsigned char)(recorder->gan->classes ? i % columns % recorder->gan->classes : 0);
    }
    sampler_draw(recorder->sampler, 0, count, recorder->labels, recorder->bytes);
    return image_grid(recorder->bytes, count, rows, columns, recorder->dataset->height, recorder->dataset->width, grid,
                      error);
}

/* Takes over the grid. When the frames are full, every second one goes. */
static void add_frame(struct animation *animation, struct image grid)
{
    if (animation->newest_is_extra) {
        image_free(&animation->frames[--animation->count]);
    }
    if (animation->count == FRAMES_MAX) {
        size_t kept = 0;
        for (size_t i = 0; i < animation->count; i++) {
            if (i % 2 == 0) {
                animation->frames[kept++] = animation->frames[i];
            } else {
                image_free(&animation->frames[i]);
            }
        }
        animation->count = kept;
        animation->stride *= 2;
    }
    animation->newest_is_extra = animation->sampled % animation->stride != 0;
    animation->frames[animation->count++] = grid;
    animation->sampled++;
}

/* samples/epoch_NNNN.png, and a frame of the animation. */
static bool write_sample(struct recorder *recorder, size_t epoch, struct error *error)
{
    char name[64];
    snprintf(name, sizeof name, "samples/epoch_%04zu.png", epoch);
    char *path = out_path(recorder, name, error);
    struct image grid = {0};
    bool good = path && draw_grid(recorder, &grid, error) && image_write_png(path, &grid, error);
    free(path);
    if (!good || recorder->config->no_gif) {
        image_free(&grid);
        return good;
    }
    add_frame(&recorder->animation, grid);
    return true;
}

static bool write_animation(const struct recorder *recorder, struct error *error)
{
    const struct animation *animation = &recorder->animation;
    char *path = out_path(recorder, "training.gif", error);
    const size_t others = animation->count > 1 ? animation->count - 1 : 1;
    bool good = path && image_write_gif(path, animation->frames, animation->count,
                                        (uint16_t)((ANIMATION_CS - LAST_FRAME_CS) / others), LAST_FRAME_CS, error);
    free(path);
    return good;
}

/* The four curves of losses.svg, as columns of one block: x, then L_D, L_G, D(x), D(G(z)). */
enum { CURVE_X, CURVE_LOSS_D, CURVE_LOSS_G, CURVE_D_REAL, CURVE_D_FAKE, CURVES };

static double *curves_of(const struct history *history, size_t steps_per_epoch, struct error *error)
{
    double *curves = memory_allocate(CURVES * history->count, sizeof *curves, "the curves", error);
    for (size_t i = 0; curves && i < history->count; i++) {
        const struct record *r = &history->records[i];
        const double middle = (double)r->step - (double)r->steps / 2; /* of the steps it is the mean of */
        const double values[CURVES] = {middle / (double)steps_per_epoch, r->loss_d, r->loss_g, r->d_real, r->d_fake};
        for (size_t c = 0; c < CURVES; c++) {
            curves[c * history->count + i] = values[c];
        }
    }
    return curves;
}

static bool windows_are_finer(const struct recorder *recorder)
{
    return recorder->config->log_every < recorder->steps_per_epoch;
}

/* One curve twice: the rows of steps.csv as a pale background, if they are finer than epochs, and the epochs' means on
 * top. */
static void curve_series(struct plot_series series[2], const char *name, const char *colour, size_t curve,
                         const struct recorder *recorder, const double *windows, const double *epochs)
{
    const size_t window_count = recorder->windows.count, epoch_count = recorder->epochs.count;
    const size_t shown = windows_are_finer(recorder) ? window_count : 0;
    series[0] = (struct plot_series){NULL, colour, true, shown, windows, windows + curve * window_count};
    series[1] = (struct plot_series){name, colour, false, epoch_count, epochs, epochs + curve * epoch_count};
}

static bool write_curves(const struct recorder *recorder, struct error *error)
{
    static const char BLUE[] = "#0072b2", ORANGE[] = "#d55e00";
    double *windows = curves_of(&recorder->windows, recorder->steps_per_epoch, error);
    double *epochs = windows ? curves_of(&recorder->epochs, recorder->steps_per_epoch, error) : NULL;
    char *path = epochs ? out_path(recorder, "losses.svg", error) : NULL;
    bool good = false;
    if (path) {
        struct plot_series losses[4], probabilities[4];
        curve_series(&losses[0], "L_D", BLUE, CURVE_LOSS_D, recorder, windows, epochs);
        curve_series(&losses[2], "L_G", ORANGE, CURVE_LOSS_G, recorder, windows, epochs);
        curve_series(&probabilities[0], "D(x)", BLUE, CURVE_D_REAL, recorder, windows, epochs);
        curve_series(&probabilities[2], "D(G(z))", ORANGE, CURVE_D_FAKE, recorder, windows, epochs);
        const struct plot_panel panels[] = {
            {"Losses of discriminator and generator", "loss (nats)", losses, 4, false},
            {"Probability that D gives to real images, D(x), and to generated ones, D(G(z))", "probability",
             probabilities, 4, true},
        };
        char title[128], x_label[128];
        snprintf(title, sizeof title, "gan-train: %s", recorder->config->preset);
        snprintf(x_label, sizeof x_label,
                 windows_are_finer(recorder) ? "epoch (bold: means over an epoch; pale: over %zu steps)" : "epoch",
                 recorder->config->log_every);
        good = plot_write_svg(path, title, x_label, panels, 2, error);
    }
    free(windows);
    free(epochs);
    free(path);
    return good;
}

bool recorder_renew(struct recorder *recorder, struct error *error)
{
    const double begin = clock_seconds();
    if ((!recorder->config->no_gif && !write_animation(recorder, error)) || !write_curves(recorder, error)) {
        return false;
    }
    recorder->renewed_at = clock_seconds();
    recorder->renewal_cost = recorder->renewed_at - begin;
    return true;
}

static bool renewal_is_due(const struct recorder *recorder)
{
    return clock_seconds() - recorder->renewed_at >= RENEWAL_COST_LIMIT * recorder->renewal_cost;
}

static bool animation_fits(const struct recorder *recorder)
{
    const struct config *config = recorder->config;
    return image_grid_side(config->grid_rows, recorder->dataset->height) <= IMAGE_GIF_SIDE_MAX &&
           image_grid_side(config->grid_columns, recorder->dataset->width) <= IMAGE_GIF_SIDE_MAX;
}

static bool begin_recording(struct recorder *recorder, const char *config_json, struct error *error)
{
    const struct config *config = recorder->config;
    size_t images, bytes;
    if (!size_multiply(config->grid_rows, config->grid_columns, &images) ||
        !size_multiply(images, recorder->gan->pixels, &bytes)) {
        return error_set(error, STATUS_USAGE, "--grid: %zux%zu is too large for any machine", config->grid_rows,
                         config->grid_columns);
    }
    if (!config->no_gif && !animation_fits(recorder)) {
        return error_set(error, STATUS_USAGE,
                         "--grid: %zux%zu images of %zu x %zu are more than a GIF's %d pixels a side; wanted a smaller "
                         "grid, or --no_gif",
                         config->grid_rows, config->grid_columns, recorder->dataset->height, recorder->dataset->width,
                         IMAGE_GIF_SIDE_MAX);
    }
    return (recorder->labels = memory_allocate(images, 1, "the samples' labels", error)) &&
           (recorder->bytes = memory_allocate(bytes, 1, "the samples", error)) &&
           (recorder->sampler =
                sampler_create(config, recorder->gan->generator.network, recorder->gan->classes, error)) &&
           outdir_prepare(config->outdir, config->overwrite, error) && write_config(recorder, config_json, error) &&
           write_networks(recorder, error) && (recorder->losses = open_csv(recorder, "losses.csv", error)) &&
           (recorder->steps = open_csv(recorder, "steps.csv", error)) && write_sample(recorder, 0, error);
}

struct recorder *recorder_create(const struct gan *gan, const struct dataset *dataset, const char *config_json,
                                 struct error *error)
{
    struct recorder *recorder = memory_allocate(1, sizeof *recorder, "the recorder", error);
    if (!recorder) {
        return NULL;
    }
    recorder->gan = gan;
    recorder->dataset = dataset;
    recorder->config = gan->config;
    recorder->steps_per_epoch = gan_steps_per_epoch(gan->config, dataset->count);
    recorder->animation.stride = 1;
    if (!begin_recording(recorder, config_json, error)) {
        struct error ignored; /* what failed first is told */
        recorder_close(recorder, &ignored);
        return NULL;
    }
    return recorder;
}

bool recorder_close(struct recorder *recorder, struct error *error)
{
    if (!recorder) {
        return true;
    }
    struct error second;
    const bool losses = csv_close(recorder->losses, error);
    const bool steps = csv_close(recorder->steps, losses ? error : &second);
    for (size_t i = 0; i < recorder->animation.count; i++) {
        image_free(&recorder->animation.frames[i]);
    }
    history_free(&recorder->epochs);
    history_free(&recorder->windows);
    sampler_free(recorder->sampler);
    free(recorder->labels);
    free(recorder->bytes);
    free(recorder);
    return losses && steps;
}

bool recorder_step_row(struct recorder *recorder, const struct record *record, struct error *error)
{
    return write_row(recorder->steps, record, error) && history_add(&recorder->windows, record, error);
}

bool recorder_epoch(struct recorder *recorder, const struct record *record, bool last, struct error *error)
{
    if (!write_row(recorder->losses, record, error) || !history_add(&recorder->epochs, record, error)) {
        return false;
    }
    const bool sample = last || record->epoch % recorder->config->sample_every == 0;
    if (sample && !write_sample(recorder, record->epoch, error)) {
        return false;
    }
    return !(last || renewal_is_due(recorder)) || recorder_renew(recorder, error);
}
