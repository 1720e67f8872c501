#include "gan/metrics.h"
#include "base/memory.h"
#include "eval/subset.h"
#include "gan/sampler.h"
#include "gan/tables.h"
#include "io/folder.h"
#include "io/plot.h"
#include "io/svg.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The figures of a row: those that a yardstick gives. */
enum { MEASURED = FIGURE_ACCURACY + 1, NUMBER_SIZE = 32 };

/* A row's columns: the figures come last. */
enum { COLUMN_EPOCH, COLUMN_STEP, COLUMN_FIGURES, COLUMNS = COLUMN_FIGURES + MEASURED };

/* A row of the table as it reads: so a run that reads its rows again draws the same curves. */
struct row {
    uint64_t epoch, step;
    double values[MEASURED];
};

struct metrics {
    struct metrics_plan plan;
    const struct gan *gan;
    struct sampler *sampler;
    unsigned char *images; /* [METRICS_IMAGES][pixels] */
    unsigned char *asked; /* [METRICS_IMAGES] their classes; NULL: the gan is not conditional */
    struct csv *csv;
    struct row *rows;
    size_t count, capacity;
    struct figures figures; /* the last ones */
};

/* The classes that images are asked for. */
static bool choose_classes(struct metrics *metrics, const struct dataset *dataset, struct error *error)
{
    metrics->asked = memory_allocate(METRICS_IMAGES, 1, "the classes to measure", error);
    return metrics->asked && subset_classes(metrics->gan->config->seed, dataset->labels, dataset->count, 0,
                                            METRICS_IMAGES, metrics->asked, error);
}

struct metrics *metrics_create(const struct metrics_plan *plan, const struct gan *gan, const struct dataset *dataset,
                               struct error *error)
{
    struct metrics *metrics = memory_allocate(1, sizeof *metrics, "the metrics", error);
    if (!metrics) {
        return NULL;
    }
    metrics->plan = *plan;
    metrics->gan = gan;
    if (!(metrics->sampler = sampler_create(gan->config, gan_sampled_generator(gan), gan->classes, error)) ||
        !(metrics->images = memory_allocate(METRICS_IMAGES, gan->pixels, "the images to measure", error)) ||
        (gan->classes && !choose_classes(metrics, dataset, error))) {
        metrics_free(metrics);
        return NULL;
    }
    return metrics;
}

static void forget_rows(struct metrics *metrics)
{
    free(metrics->rows);
    metrics->rows = NULL;
    metrics->count = metrics->capacity = 0;
}

void metrics_free(struct metrics *metrics)
{
    struct error ignored;
    if (metrics) {
        metrics_close(metrics, &ignored);
        sampler_free(metrics->sampler);
        free(metrics->images);
        free(metrics->asked);
        free(metrics);
    }
}

/* --- the table --- */

static bool scan_row(const char *const *text, struct row *row)
{
    double numbers[COLUMNS];
    if (!csv_scan_numbers(text, COLUMNS, numbers) || !csv_count(numbers[COLUMN_EPOCH], &row->epoch) ||
        !csv_count(numbers[COLUMN_STEP], &row->step)) {
        return false;
    }
    memcpy(row->values, numbers + COLUMN_FIGURES, sizeof row->values);
    return true;
}

/* Adds what a row says. */
static bool remember(struct metrics *metrics, struct row row, struct error *error)
{
    struct row *rows = memory_grow(metrics->rows, &metrics->capacity, metrics->count, sizeof *rows,
                                   "the history of the metrics", error);
    if (!rows) {
        return false;
    }
    metrics->rows = rows;
    metrics->rows[metrics->count++] = row;
    return true;
}

/* Up to where rows stay, and where they go. */
struct keeping {
    struct metrics *metrics; /* NULL: nowhere */
    const struct position *position;
    uint64_t step; /* the last one */
};

/* Whether a run that goes on from the position has the row too. */
static bool is_before(const struct keeping *keeping, const struct row *row)
{
    const size_t epoch = keeping->position->epoch;
    const bool extra = keeping->position->extra_metrics && row->epoch == epoch;
    return row->epoch <= epoch && row->step <= keeping->step && !extra;
}

static enum csv_verdict judge_row(void *context, const char *const *text, struct error *error)
{
    const struct keeping *keeping = context;
    struct row row;
    if (!scan_row(text, &row)) {
        return CSV_NO_ROW;
    }
    if (!is_before(keeping, &row)) {
        return CSV_GOES;
    }
    return !keeping->metrics || remember(keeping->metrics, row, error) ? CSV_STAYS : CSV_FAILED;
}

bool metrics_close(struct metrics *metrics, struct error *error)
{
    const bool closed = csv_close(metrics->csv, error);
    metrics->csv = NULL;
    forget_rows(metrics);
    return closed;
}

static const char TABLE[] = "metrics.csv";

/* The table of a gan's training that stands at position; NULL with an error. */
static struct csv *open_table(const struct gan *gan, const struct position *position, struct metrics *metrics,
                              struct error *error)
{
    const char *names[COLUMNS] = {[COLUMN_EPOCH] = "epoch", [COLUMN_STEP] = "step"};
    for (size_t f = 0; f < MEASURED; f++) {
        names[COLUMN_FIGURES + f] = FIGURE_KINDS[f].name;
    }
    struct keeping keeping = {metrics, position, gan->steps};
    const struct csv_reader reader = {.judge = judge_row, .context = &keeping};
    return table_open(gan->config->outdir, TABLE, names, COLUMNS, reader, error);
}

bool metrics_open(struct metrics *metrics, const struct position *position, struct error *error)
{
    return metrics_close(metrics, error) && (metrics->csv = open_table(metrics->gan, position, metrics, error));
}

bool metrics_cut(const struct gan *gan, const struct position *position, struct error *error)
{
    char *path = path_join(gan->config->outdir, TABLE, error);
    bool good = path;
    if (good && access(path, F_OK) != 0) {
        good = errno == ENOENT || error_set(error, error_blame(errno), "%s: %s", path, strerror(errno));
    } else if (good) {
        struct csv *csv = open_table(gan, position, NULL, error);
        good = csv && csv_close(csv, error);
    }
    free(path);
    return good;
}

static bool write_row(struct metrics *metrics, size_t epoch, struct error *error)
{
    char numbers[COLUMNS][NUMBER_SIZE];
    const char *fields[COLUMNS];
    struct row row = {0};
    snprintf(numbers[COLUMN_EPOCH], NUMBER_SIZE, "%zu", epoch);
    snprintf(numbers[COLUMN_STEP], NUMBER_SIZE, "%llu", (unsigned long long)metrics->gan->steps);
    for (size_t f = 0; f < MEASURED; f++) {
        const double value = metrics->figures.values[f];
        snprintf(numbers[COLUMN_FIGURES + f], NUMBER_SIZE, isnan(value) ? "nan" : "%.9g", value);
    }
    for (size_t i = 0; i < COLUMNS; i++) {
        fields[i] = numbers[i];
    }
    scan_row(fields, &row); /* which holds what was just printed */
    return csv_write(metrics->csv, fields, error) && remember(metrics, row, error);
}

bool metrics_find_best(const struct metrics *metrics, struct metrics_best *best)
{
    double lowest = (double)INFINITY;
    for (size_t i = 0; i < metrics->count; i++) {
        const struct row *row = &metrics->rows[i];
        if (row->values[FIGURE_FRECHET] < lowest) {
            lowest = row->values[FIGURE_FRECHET];
            *best = (struct metrics_best){(size_t)row->epoch, row->step, lowest};
        }
    }
    return isfinite(lowest);
}

bool metrics_sync(struct metrics *metrics, struct error *error)
{
    return csv_sync(metrics->csv, error);
}

/* --- measuring --- */

bool metrics_are_due(const struct metrics *metrics, size_t epoch)
{
    return epoch % metrics->plan.every == 0;
}

const struct figures *metrics_measure(struct metrics *metrics, size_t epoch, struct error *error)
{
    const struct image_set images = {metrics->images, METRICS_IMAGES, metrics->gan->pixels};
    sampler_draw(metrics->sampler, 0, METRICS_IMAGES, metrics->asked, metrics->images);
    const bool good = yardstick_measure(metrics->plan.yardstick, images, metrics->asked, &metrics->figures, error) &&
                      write_row(metrics, epoch, error);
    return good ? &metrics->figures : NULL;
}

/* --- the curves --- */

enum { SERIES_MAX = 8 };

/* The columns that curves are drawn from. */
struct drawing {
    const struct metrics *metrics;
    double *epochs; /* [rows] */
    double *values; /* [MEASURED][rows] */
    double ends[2]; /* 0 and the last epoch: of the pale lines */
    double real[MEASURED][2]; /* what real images get, at both ends */
};

/* A figure's curve, over the pale line of what real images get. */
static size_t add_series(struct plot_series *series, const struct drawing *drawing, enum figure figure,
                         const char *name, const char *colour)
{
    const size_t count = drawing->metrics->count;
    series[0] = (struct plot_series){NULL, colour, true, 2, drawing->ends, drawing->real[figure]};
    series[1] = (struct plot_series){name, colour, false, count, drawing->epochs, drawing->values + figure * count};
    return 2;
}

static bool draw(const char *path, const struct drawing *drawing, struct error *error)
{
    struct plot_series frechet[SERIES_MAX], manifold[SERIES_MAX], classes[SERIES_MAX];
    const bool has_real = !isnan(drawing->real[FIGURE_FRECHET][0]); /* there are as many training images */
    size_t count = 0;
    add_series(frechet, drawing, FIGURE_FRECHET, "Fr\u00e9chet distance", SVG_BLUE);
    count += add_series(manifold, drawing, FIGURE_COVERAGE, "coverage", SVG_GREEN);
    count += add_series(manifold + count, drawing, FIGURE_RECALL, "recall", SVG_ORANGE);
    count += add_series(manifold + count, drawing, FIGURE_PRECISION, "precision", SVG_BLUE);
    if (drawing->metrics->asked) {
        count += add_series(manifold + count, drawing, FIGURE_ACCURACY, "class accuracy", SVG_PINK);
    }
    add_series(classes, drawing, FIGURE_CLASSES, "classes alive", SVG_BLUE);
    const struct plot_panel panels[] = {
        {.title = "Fr\u00e9chet distance (FD) to the test images, lower is better",
         .y_label = "distance",
         .series = frechet,
         .count = 2,
         .logarithmic = true},
        {.title = has_real ? "Coverage, recall, precision: to come to the pale lines" : "Coverage, recall, precision",
         .y_label = "share",
         .series = manifold,
         .count = count,
         .unit_range = true},
        {.title = "Classes alive", .y_label = "classes", .series = classes, .count = 2, .unit_range = true},
    };
    char title[128];
    snprintf(title, sizeof title, "gan-train: %s", drawing->metrics->gan->config->preset);
    return plot_write_svg(path, title, has_real ? "epoch (pale: what as many real images get)" : "epoch",
                          drawing->ends[1], panels, sizeof panels / sizeof *panels, error);
}

bool metrics_draw(const struct metrics *metrics, struct error *error)
{
    const size_t count = metrics->count;
    struct drawing drawing = {.metrics = metrics};
    if (!count) {
        return true;
    }
    drawing.epochs = memory_allocate(count, sizeof *drawing.epochs, "the curves", error);
    drawing.values = memory_allocate(count, MEASURED * sizeof *drawing.values, "the curves", error);
    char *path = path_join(metrics->gan->config->outdir, "metrics.svg", error);
    const bool allocated = drawing.epochs && drawing.values && path;
    for (size_t i = 0; allocated && i < count; i++) {
        drawing.epochs[i] = (double)metrics->rows[i].epoch;
        for (size_t f = 0; f < MEASURED; f++) {
            drawing.values[f * count + i] = metrics->rows[i].values[f];
        }
    }
    for (size_t f = 0; f < MEASURED; f++) {
        drawing.real[f][0] = drawing.real[f][1] = metrics->plan.real.values[f];
    }
    drawing.ends[1] = allocated ? drawing.epochs[count - 1] : 1;
    const bool drawn = allocated && draw(path, &drawing, error);
    free(drawing.epochs);
    free(drawing.values);
    free(path);
    return drawn;
}
