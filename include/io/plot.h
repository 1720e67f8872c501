/* Pictures as SVG: curves with axes, ticks and a legend, and nets as rows of labelled boxes. */
#ifndef IO_PLOT_H
#define IO_PLOT_H

#include "base/error.h"

#include <stddef.h>

struct plot_series {
    const char *name; /* for the legend; NULL: not in it */
    const char *colour; /* as SVG names it */
    bool faint; /* drawn thin and pale, as a background to another */
    size_t count;
    const double *x, *y; /* [count]; points that are not finite are left out and break the line */
};

/* One set of axes; a plot's panels stand one above the other with the same x axis. */
struct plot_panel {
    const char *title, *y_label;
    const struct plot_series *series;
    size_t count;
};

bool plot_write_svg(const char *path, const char *title, const char *x_label, const struct plot_panel *panels,
                    size_t count, struct error *error);

/* A layer of a net, or its input or output. */
struct diagram_box {
    char title[64]; /* "dense 256" */
    char lines[4][64]; /* shapes, activation, parameters; empty ones are left out */
    double size; /* the number of units: the box is drawn higher for more (on a logarithmic scale) */
};

/* One net, from left to right. */
struct diagram_row {
    char title[128]; /* "generator: 1,493,520 parameters" */
    const struct diagram_box *boxes;
    size_t count;
};

bool diagram_write_svg(const char *path, const char *title, const struct diagram_row *rows, size_t count,
                       struct error *error);

#endif
