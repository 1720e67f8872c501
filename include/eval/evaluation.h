/* All figures of a generator, or of any images, beside those of real ones. */
#ifndef EVAL_EVALUATION_H
#define EVAL_EVALUATION_H

#include "eval/judge.h"
#include "eval/yardstick.h"

#include <stdint.h>

enum {
    DRAWS_MAX = 100,
    IMAGES_MIN = 1000, /* to be measured, and to be measured against: figures of fewer say little */
};

/* Where the images come from that are to be measured. */
struct image_source {
    /* Images first .. first + count - 1 into bytes [count][pixels], and their classes into asked [count] where the
     * source has any. */
    bool (*draw)(void *context, size_t first, size_t count, unsigned char *bytes, unsigned char *asked,
                 struct error *error);
    void *context;
    bool has_classes; /* which were asked for */
};

/* Real images of as many pixels; of both kinds IMAGES_MIN or more. */
struct real_set {
    struct image_set training, test;
    const unsigned char *training_labels, *test_labels; /* NULL: there are none */
    size_t remembered; /* the first so many training images are those that the generator may have seen; 0: all */
};

struct evaluation_plan {
    struct image_source source;
    struct real_set real;
    const struct judge *judge; /* NULL: the figures that need one are left out */
    size_t count; /* images in a draw; draw d has images d * count ... of the source */
    size_t draws, real_draws; /* 1 .. DRAWS_MAX, of real ones as many as there are disjoint ones */
    size_t neighbours; /* k of precision, recall, density and coverage */
    uint64_t seed; /* of which training images are drawn */
    const struct evaluation *beside; /* one of another source by the same real images, judge, numbers and seed, from
                                      * which the figures of real images are taken; NULL: they are measured */
};

/* What was measured. The pixels' figures, FIGURE_NEAREST and FIGURE_PARZEN, are of the first draw. */
struct evaluation {
    size_t draws, real_draws; /* of generated images, and of training images that share none */
    size_t real_count; /* training images in a draw: as many as generated ones, or all that may be drawn */
    struct figures generated[DRAWS_MAX], real[DRAWS_MAX];
    double shares[CLASSES_MAX]; /* of the classes in the training labels; all 0 without labels */
    double judge_accuracy; /* the share of test images that it knows; NAN without it or their labels */
    double parzen_sigma, real_parzen_sigma;
    size_t remembered; /* the plan's: where the nearest training images were sought */
    double copied, real_copied; /* shares of the first draw, and of the test images, that are training images */
    double test_copied; /* of the first draw's first thousand images the share that are test images */
};

/* The classes that the training images have: those a generator should have. */
size_t evaluation_classes(const struct evaluation *evaluation);

/* Measures everything. Uses the OpenMP threads of the caller, whose number changes nothing. False with an error:
 * STATUS_STOPPED where the watch ended it. */
bool evaluation_run(const struct evaluation_plan *plan, const struct watch *watch, struct evaluation *evaluation,
                    struct error *error);

#endif
