#include "cli/real_images.h"

bool real_images_check(const struct recorded_data *recorded, const struct real_images *images, struct error *error)
{
    struct dataset first = images->training;
    const bool unlabelled = recorded->classes == 0 && first.classes > 0;
    if (unlabelled) {
        first.labels = NULL;
        first.classes = 0;
    }
    if (recorded->count < first.count || unlabelled) {
        first.count = recorded->count < first.count ? recorded->count : first.count;
        first.checksum = dataset_checksum(&first, first.count);
    }
    return recorded_check(recorded, &first, error);
}

bool real_images_check_count(const struct dataset *dataset, const char *kind, struct error *error)
{
    return dataset->count >= IMAGES_MIN ||
           error_set(error, STATUS_USAGE, "%s: holds %zu images; wanted %d %s images or more to measure against",
                     dataset->images_path, dataset->count, IMAGES_MIN, kind);
}

static bool load(const struct dataset_source *source, const char *test_images, const char *test_labels,
                 const struct recorded_data *recorded, struct real_images *images, struct error *error)
{
    struct dataset_source whole = *source;
    if (recorded) {
        recorded_source(recorded, &whole);
    }
    if (!dataset_load(&whole, &images->training, error) || (recorded && !real_images_check(recorded, images, error))) {
        if (recorded && !source->folder && !source->images) {
            recorded_advise(recorded, "--train_images", error);
        }
        return false;
    }
    if (test_labels && !real_images_are_labelled(images)) {
        return error_set(error, STATUS_USAGE,
                         "--test_labels: has no effect where the training images have no labels, "
                         "or only one class");
    }
    return real_images_check_count(&images->training, "training", error) &&
           dataset_load_test(&images->training, test_images, test_labels, &images->test, error) &&
           real_images_check_count(&images->test, "test", error);
}

bool real_images_load(const struct dataset_source *source, const char *test_images, const char *test_labels,
                      const struct recorded_data *recorded, struct real_images *images, struct error *error)
{
    *images = (struct real_images){0};
    if (!load(source, test_images, test_labels, recorded, images, error)) {
        real_images_free(images);
        return false;
    }
    return true;
}

void real_images_free(struct real_images *images)
{
    dataset_free(&images->training);
    dataset_free(&images->test);
}

bool real_images_are_labelled(const struct real_images *images)
{
    return dataset_has_classes(&images->training);
}

struct image_set real_images_of(const struct dataset *dataset)
{
    return (struct image_set){dataset->images, dataset->count, dataset->height * dataset->width};
}

struct judge_source real_images_judge_source(const struct dataset *training)
{
    return (struct judge_source){
        .shape = {.height = training->height, .width = training->width, .classes = training->classes},
        .training = {real_images_of(training), training->labels},
        .checksum = training->checksum,
    };
}

struct real_set real_images_set(const struct real_images *images, size_t remembered)
{
    const struct dataset *training = &images->training, *test = &images->test;
    return (struct real_set){
        .training = real_images_of(training),
        .test = real_images_of(test),
        .training_labels = training->labels,
        .test_labels = test->labels,
        .remembered = remembered,
    };
}
