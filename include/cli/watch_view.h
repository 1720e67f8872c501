/* How far a long computation is, on a terminal. */
#ifndef CLI_WATCH_VIEW_H
#define CLI_WATCH_VIEW_H

#include "eval/watch.h"

#include <stdio.h>

/* The first five fields are the caller's to set, `run` whenever it is another, the others zero to begin with. */
struct watch_view {
    FILE *out;
    bool terminal; /* a live line, at most ten times a second; else a plain one where a judge is trained */
    bool quiet; /* neither */
    size_t run, runs; /* which of so many runs is looked at; not told where it is 0, or there are less than two */

    double drawn; /* when the line was last drawn */
    const char *what; /* that it is about; NULL: none stands */
    bool told; /* the plain line was printed */
};

/* A watch whose context is the view, which must outlive it. `stop` as in struct watch. */
struct watch watch_view_begin(struct watch_view *view, const volatile sig_atomic_t *stop);

/* Removes the line, so that what is printed next stands alone. */
void watch_view_clear(struct watch_view *view);

#endif
