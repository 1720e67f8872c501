/* metrics.csv and metrics.svg: how good the generated images are, epoch by epoch. */
#ifndef GAN_METRICS_H
#define GAN_METRICS_H

#include "base/error.h"
#include "data/dataset.h"
#include "eval/yardstick.h"
#include "gan/gan.h"
#include "gan/position.h"

enum { METRICS_IMAGES = 2000 /* that are measured each time */ };

/* What is measured when, and what against. */
struct metrics_plan {
    const struct yardstick *yardstick; /* made for METRICS_IMAGES; the caller's, which outlives the metrics */
    struct figures real; /* of as many training images: what the curves are to come to */
    size_t every; /* epochs */
};

struct metrics;

/* A row by its Frechet distance. */
struct metrics_best {
    size_t epoch;
    uint64_t step;
    double frechet;
};

/* For a training of gan, which is the caller's and outlives the metrics. A conditional one is asked for as many images
 * of each class as a draw of the dataset's has: all training images, also where the run takes the first of them alone.
 * NULL with an error. */
struct metrics *metrics_create(const struct metrics_plan *plan, const struct gan *gan, const struct dataset *dataset,
                               struct error *error);
void metrics_free(struct metrics *metrics);

/* Opens metrics.csv in the config's outdir for a run that stands at position: rows of later epochs are cut off,
 * and that of the position's own epoch where it is extra. Closes first what is open. */
bool metrics_open(struct metrics *metrics, const struct position *position, struct error *error);
bool metrics_close(struct metrics *metrics, struct error *error);

/* The same of a training whose images are not measured any more: cuts off the same rows, where there are some. */
bool metrics_cut(const struct gan *gan, const struct position *position, struct error *error);

/* Whether images are measured at the end of this epoch, the first of which is 1. */
bool metrics_are_due(const struct metrics *metrics, size_t epoch);

/* Measures images 0 .. METRICS_IMAGES - 1 of the generator as it stands, in the epoch, and writes the row;
 * figures stay the metrics' own until the next time. NULL with an error. Changes nothing of the gan. */
const struct figures *metrics_measure(struct metrics *metrics, size_t epoch, struct error *error);

/* The row so far whose Frechet distance is the lowest, the first of such; false: there is none with a number. */
bool metrics_find_best(const struct metrics *metrics, struct metrics_best *best);

/* Makes the rows written so far outlast a power cut. */
bool metrics_sync(struct metrics *metrics, struct error *error);

/* Draws metrics.svg of the rows so far, where there are any. */
bool metrics_draw(const struct metrics *metrics, struct error *error);

#endif
