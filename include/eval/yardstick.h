/* The real images that generated ones are measured against, as the judge sees them: made once for any number of
 * measurements. */
#ifndef EVAL_YARDSTICK_H
#define EVAL_YARDSTICK_H

#include "eval/figures.h"
#include "eval/frechet.h"
#include "eval/judge.h"
#include "eval/manifold.h"

/* k, where nobody asks for another (Naeem et al. 2020); a macro, to be printed in texts. */
#define YARDSTICK_NEIGHBOURS 5

struct yardstick {
    const struct judge *judge;
    struct gaussian gaussian; /* of all test images' features */
    struct matrix features; /* [some test images][JUDGE_FEATURES] */
    struct manifold manifold; /* of these */
    double shares[CLASSES_MAX]; /* of the classes in the training labels */
    unsigned char *test_classes; /* [test images] as the judge has them; owned */
};

/* How it is made. */
struct yardstick_source {
    const struct judge *judge; /* the caller's, which outlives the yardstick */
    struct image_set test;
    const unsigned char *training_labels; /* [training_count] */
    size_t training_count;
    size_t count; /* of the images that will be measured: as many test images, if there are, make the manifold */
    size_t neighbours; /* k of the manifolds */
    struct watch watch; /* which may end its making, and measurements against it */
};

/* False with an error, and then with nothing to free. */
bool yardstick_create(const struct yardstick_source *source, struct yardstick *yardstick, struct error *error);
void yardstick_free(struct yardstick *yardstick);

/* Multiply-adds of the products in making a yardstick of so many test images, or in measuring as many images, with
 * manifolds of `count` points; what else these take is counted as if it were products. */
double yardstick_products(struct judge_shape shape, size_t images, size_t count);

/* Measures images, more than k, of which `asked` [count] are the classes that were asked for (NULL: none were): all
 * figures but the two of pixels, FIGURE_NEAREST and FIGURE_PARZEN, which become NAN. Uses the OpenMP threads of the
 * caller, whose number changes nothing. */
bool yardstick_measure(const struct yardstick *yardstick, struct image_set images, const unsigned char *asked,
                       struct figures *figures, struct error *error);

#endif
