/* Where the training stands, as a person or a log reads it: the trainer's observer. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "gan/trainer.h"

#include <stdio.h>

/* The first three fields are the caller's to set, the others zero to begin with. */
struct progress_view {
    FILE *out;
    bool terminal; /* a live line, at most ten times a second, and about twenty lines that stay; else a plain line an
                      epoch, without control characters */
    double (*now)(void); /* seconds of a clock that never goes back; NULL: the system's monotonic one */
    size_t columns; /* of the terminal; 0: it is asked each time */

    double first, drawn; /* when the first step was done, when the live line was last drawn */
    bool begun, timed, live; /* a step was done, an epoch's time was told, a live line stands */
};

/* An observer whose context is the view, which must outlive it. */
struct observer progress_observer(struct progress_view *view);

/* Removes the live line, so that what is printed next stands alone. To be called when the training ends or before a
 * message; the next step draws it anew. */
void progress_clear(struct progress_view *view);

#endif
