/* The real images that generated ones are measured against. */
#ifndef CLI_REAL_IMAGES_H
#define CLI_REAL_IMAGES_H

#include "cli/recorded.h"
#include "data/dataset.h"
#include "eval/evaluation.h"
#include "eval/judge_cache.h"

struct real_images {
    struct dataset training, test;
};

/* Training images from `source`, of which limit is 0, and test images from files (test_images, test_labels) or, where
 * these are NULL, from beside the training images. recorded is what a run says of its data, NULL where there is none:
 * the source is where it had them unless it says otherwise, and has to have the same first images. STATUS_USAGE where
 * something is missing, does not fit, has no effect, or is too few images (eval/evaluation.h); then nothing is held. */
bool real_images_load(const struct dataset_source *source, const char *test_images, const char *test_labels,
                      const struct recorded_data *recorded, struct real_images *images, struct error *error);
/* Whether a run that recorded its data had these training images, or the first of them, with or without labels.
 * STATUS_USAGE. */
bool real_images_check(const struct recorded_data *recorded, const struct real_images *images, struct error *error);

void real_images_free(struct real_images *images);

/* Refuses a set of fewer than IMAGES_MIN images of a kind ("training", "test"). STATUS_USAGE. */
bool real_images_check_count(const struct dataset *dataset, const char *kind, struct error *error);

/* Whether there can be a judge of them: labels, of two classes or more. */
bool real_images_are_labelled(const struct real_images *images);

/* All images of a data set; they stay its own. */
struct image_set real_images_of(const struct dataset *dataset);

/* What a judge of training images is trained on; it stays the dataset's own. */
struct judge_source real_images_judge_source(const struct dataset *training);

/* The images as an evaluation measures against them, where the first so many training images are what a run had (0:
 * there is none); they stay images' own. */
struct real_set real_images_set(const struct real_images *images, size_t remembered);

#endif
