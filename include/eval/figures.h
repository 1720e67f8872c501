/* The figures that say how good generated images are. */
#ifndef EVAL_FIGURES_H
#define EVAL_FIGURES_H

#include "nn/label.h"

#include <stdbool.h>
#include <stddef.h>

enum figure {
    FIGURE_FRECHET, /* Frechet distance to the test images, in the judge's features (eval/frechet.h) */
    FIGURE_COVERAGE, /* these four in the judge's features (eval/manifold.h) */
    FIGURE_RECALL,
    FIGURE_PRECISION,
    FIGURE_DENSITY,
    FIGURE_CLASSES, /* that are alive, the modes: with a tenth or more of their share in the training images */
    FIGURE_KL, /* KL divergence of the generated classes from the training images', in nats: sum p log(p / q) */
    FIGURE_ACCURACY, /* the share of images that are of the class asked for */
    FIGURE_NEAREST, /* the median distance to the nearest training image, pixels from 0 to 1 (eval/nearest.h) */
    FIGURE_PARZEN, /* mean log-likelihood of the test images, in nats (eval/parzen.h) */
    FIGURES
};

enum better { BETTER_LOWER, BETTER_HIGHER, BETTER_REAL /* as near to the real images' as can be */ };

struct figure_kind {
    const char *name; /* for machines: a column of a CSV, a member of JSON */
    const char *title; /* for people */
    const char *heading; /* the same above a narrow column */
    enum better better;
    int decimals; /* worth printing */
};

extern const struct figure_kind FIGURE_KINDS[FIGURES];

/* What was measured of one draw of images. */
struct figures {
    double values[FIGURES]; /* NAN: not measured */
    double errors[FIGURES]; /* the standard error of a value, where one draw tells it; else NAN */
    double shares[CLASSES_MAX]; /* of the classes, by the judge */
};

/* Whether a class with this share of the images, which has the share `wanted` in the training images, is dead. */
bool figures_is_dead(double share, double wanted);

/* The classes that are sure to be among `count` images of a good generator: those that are not rare, and that the judge
 * finds among as many real images, `drawn` (where these were not measured: all of them). Their shares in the training
 * images, shares [CLASSES_MAX], into expected [CLASSES_MAX]; 0 for the others. */
void figures_expect_classes(const double *shares, const struct figures *drawn, size_t count, double *expected);

/* None of them measured. */
void figures_clear(struct figures *figures);

/* A figure over several draws. */
struct figure_summary {
    double mean; /* over the draws it was measured of; NAN: none */
    double spread; /* the sample standard deviation over two draws or more, else the one draw's standard error; NAN
                    * where there is none, as of infinite values */
    size_t draws; /* it was measured of */
};

struct figure_summary figures_summarize(const struct figures *draws, size_t count, enum figure figure);

#endif
