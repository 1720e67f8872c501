/* Nets drawn as rows of labelled boxes, as SVG. */
#ifndef IO_DIAGRAM_H
#define IO_DIAGRAM_H

#include "base/error.h"

#include <stddef.h>

/* A layer of a net, or the data that goes in or comes out. */
struct diagram_box {
    char title[64]; /* "dense 256" */
    char lines[4][96]; /* shapes, activation, parameters; empty ones are left out */
    double size; /* the number of units: the box is drawn higher for more (on a logarithmic scale) */
    bool data; /* no layer: drawn white */
};

/* One net, from left to right. */
struct diagram_row {
    char title[128]; /* "generator: 1,493,520 parameters" */
    const struct diagram_box *boxes;
    size_t count;
};

/* Draws the rows one below the other, each in a colour of its own (of three); boxes widen with their text, and the
 * picture with its rows. Equal input gives equal bytes. */
bool diagram_write_svg(const char *path, const char *title, const struct diagram_row *rows, size_t count,
                       struct error *error);

#endif
