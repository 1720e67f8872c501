/* Curves with axes, ticks and a legend, as SVG. */
#ifndef IO_PLOT_H
#define IO_PLOT_H

#include "base/error.h"

#include <stddef.h>

struct plot_series {
    const char *name; /* for the legend; NULL: not in it */
    const char *colour; /* as SVG names it: "#0072b2" */
    bool faint; /* drawn thin and pale, as a background to another; best before that one */
    size_t count; /* may be 0 */
    const double *x, *y; /* [count], x not falling; points that are not finite, or beyond 1e12 either way, are left
                          * out and break the line */
};

/* One set of axes; a plot's panels stand one above the other with the same x axis. */
struct plot_panel {
    const char *title, *y_label;
    const struct plot_series *series;
    size_t count;
    bool unit_range; /* the y axis has 0 to 1 at least, so that pictures can be compared */
    bool logarithmic; /* the y axis is; points that are not above 0, or below 1e-100, are left out as well */
};

/* Draws the panels, whose x axis has 0 to x_end at least (0: what the series have), and ticks at whole numbers where it
 * is 2 long or more. Of a series with more than 1000 points, runs of neighbours are drawn as their lowest and their
 * highest point: so no spike is hidden, and the file stays below 20 KB for a series. Equal input gives equal bytes,
 * whatever the locale. */
bool plot_write_svg(const char *path, const char *title, const char *x_label, double x_end,
                    const struct plot_panel *panels, size_t count, struct error *error);

#endif
