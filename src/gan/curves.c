#include "gan/curves.h"
#include "base/memory.h"
#include "io/plot.h"
#include "io/svg.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* What is drawn, and the columns that it is drawn from. */
struct curves {
    const struct config *config;
    size_t steps_per_epoch;
    const struct history *epochs, *windows;
    double *epoch_columns, *window_columns; /* [CURVES][count] */
};

/* The four curves, as columns of one block: x, then L_D, L_G, D(x), D(G(z)). */
enum { CURVE_X, CURVE_LOSS_D, CURVE_LOSS_G, CURVE_D_REAL, CURVE_D_FAKE, CURVES };

static double *columns_of(const struct history *history, size_t steps_per_epoch, struct error *error)
{
    double *columns = memory_allocate(CURVES * history->count, sizeof *columns, "the curves", error);
    for (size_t i = 0; columns && i < history->count; i++) {
        const struct record *r = &history->records[i];
        const double middle = (double)r->step - (double)r->steps / 2; /* of the steps it is the mean of */
        const double values[CURVES] = {middle / (double)steps_per_epoch, r->loss_d, r->loss_g, r->d_real, r->d_fake};
        for (size_t c = 0; c < CURVES; c++) {
            columns[c * history->count + i] = values[c];
        }
    }
    return columns;
}

static bool windows_are_finer(const struct curves *curves)
{
    return curves->config->log_every < curves->steps_per_epoch;
}

/* One curve twice: the windows as a pale background, if they are finer than epochs, and the epochs' means on top. */
static void add_series(struct plot_series series[2], const char *name, const char *colour, size_t curve,
                       const struct curves *curves)
{
    const size_t window_count = curves->windows->count, epoch_count = curves->epochs->count;
    const double *windows = curves->window_columns, *epochs = curves->epoch_columns;
    const size_t shown = windows_are_finer(curves) ? window_count : 0;
    series[0] = (struct plot_series){NULL, colour, true, shown, windows, windows + curve * window_count};
    series[1] = (struct plot_series){name, colour, false, epoch_count, epochs, epochs + curve * epoch_count};
}

static const char NATS[] = "loss (nats)", PROBABILITY[] = "probability",
                  OF_AN_IMAGE[] = "Probability that D gives to real images, D(x), and to generated ones, D(G(z))";

/* What the losses' and D's numbers are. */
static const struct meaning {
    const char *loss_unit, *output, *output_unit;
} MEANINGS[] = {
    [LOSS_NON_SATURATING] = {NATS, OF_AN_IMAGE, PROBABILITY},
    [LOSS_MINIMAX] = {NATS, OF_AN_IMAGE, PROBABILITY},
    [LOSS_LEAST_SQUARES] = {"loss", "What D says of real images, D(x), and of generated ones, D(G(z))", "D's number"},
    [LOSS_HINGE] = {"loss", "Sigmoid of what D says of real images, D(x), and of generated ones, D(G(z))", "sigmoid"},
    [LOSS_RELATIVISTIC] = {NATS, "Probability of being the more real of a pair: real, D(x); generated, D(G(z))",
                           PROBABILITY},
};

/* The end of the last row, in epochs. */
static double epochs_done(const struct curves *curves)
{
    const struct history *windows = curves->windows, *epochs = curves->epochs;
    const double window_end = windows->count ? (double)windows->records[windows->count - 1].step : 0;
    const double epoch_end = epochs->count ? (double)epochs->records[epochs->count - 1].step : 0;
    return fmax(window_end, epoch_end) / (double)curves->steps_per_epoch;
}

static bool write_svg(const char *path, const struct curves *curves, struct error *error)
{
    const struct meaning *meaning = &MEANINGS[curves->config->loss];
    struct plot_series losses[4], outputs[4];
    add_series(&losses[0], "L_D", SVG_BLUE, CURVE_LOSS_D, curves);
    add_series(&losses[2], "L_G", SVG_ORANGE, CURVE_LOSS_G, curves);
    add_series(&outputs[0], "D(x)", SVG_BLUE, CURVE_D_REAL, curves);
    add_series(&outputs[2], "D(G(z))", SVG_ORANGE, CURVE_D_FAKE, curves);
    const struct plot_panel panels[] = {
        {"Losses of discriminator and generator", meaning->loss_unit, losses, 4, false, false},
        {meaning->output, meaning->output_unit, outputs, 4, true, false},
    };
    char title[128], x_label[128];
    snprintf(title, sizeof title, "gan-train: %s", curves->config->preset);
    snprintf(x_label, sizeof x_label,
             windows_are_finer(curves) ? "epoch (bold: means over an epoch, at its middle; pale: over %zu steps)"
                                       : "epoch (means over an epoch, at its middle)",
             curves->config->log_every);
    return plot_write_svg(path, title, x_label, epochs_done(curves), panels, 2, error);
}

bool curves_write(const char *path, const struct config *config, size_t steps_per_epoch, const struct history *epochs,
                  const struct history *windows, struct error *error)
{
    struct curves curves = {config, steps_per_epoch, epochs, windows, NULL, NULL};
    bool good = (curves.window_columns = columns_of(windows, steps_per_epoch, error)) &&
                (curves.epoch_columns = columns_of(epochs, steps_per_epoch, error)) && write_svg(path, &curves, error);
    free(curves.window_columns);
    free(curves.epoch_columns);
    return good;
}
