/* What a training needs to measure its images as it goes: test images, a judge, and how often it is worth the time. */
#ifndef CLI_MEASURING_H
#define CLI_MEASURING_H

#include "cli/watch_view.h"
#include "data/dataset.h"
#include "eval/judge_cache.h"
#include "gan/metrics.h"

/* A struct of zeros is empty. */
struct measuring {
    struct judge *judge;
    struct judge_find find;
    struct yardstick yardstick;
    struct metrics *metrics; /* NULL: images are not measured */
    size_t every; /* epochs */
    struct figures real; /* of as many training images, where there are as many */
    double expected[CLASSES_MAX]; /* shares of the classes that are sure to be among the images of a good generator */
    struct error why_not; /* they are not measured; its message is empty where there is no reason */
};

struct measuring_source {
    const struct gan *gan;
    const struct dataset *dataset; /* that it is trained on */
    const struct position *position; /* where the training stands */
    struct watch_view *view; /* where a judge that has to be trained is told of */
    const volatile sig_atomic_t *stop;
};

/* Prepares as --eval_every of the gan's config has it. With EVERY_AUTO images are measured as often as that takes a
 * fiftieth of the run's time at most, counted in products, so that the same run is measured as often on any machine;
 * where data have no labels or no test images, or there is no time to train a judge that is not kept yet (which is the
 * one thing that depends on what was done here before), not at all; a run that goes on is measured as it was so far.
 * STATUS_USAGE where it was asked for and cannot be; STATUS_STOPPED where *stop ended it. The gan and the dataset
 * outlive the measuring. */
bool measuring_begin(struct measuring *measuring, const struct measuring_source *source, struct error *error);
void measuring_free(struct measuring *measuring);

/* How often, in epochs, images can be measured so that it takes a fiftieth of a run's products at most: of a run of so
 * many, in so many epochs, each measurement of so many, after so many to begin with. 0: never. */
size_t measuring_interval(double run, size_t epochs, double measurement, double beginning);

#endif
