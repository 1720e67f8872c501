#include "data/dataset.h"

#include "base/memory.h"
#include "data/digits.h"
#include "data/idx.h"
#include "data/locate.h"
#include "io/folder.h"
#include "nn/rng.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#define DIGITS "digits"
#define DEFAULT_FOLDER "data/mnist"

/* Finds the files in a folder that was asked for by `asker` (a flag or a variable), or in the default one (NULL), which
 * may hold none. */
static bool find_files(const char *folder, const char *asker, struct dataset *dataset, struct error *error)
{
    struct stat status;
    if (asker && stat(folder, &status) != 0) {
        return error_set(error, STATUS_USAGE, "%s %s: %s; wanted a folder of IDX files, or " DIGITS, asker, folder,
                         strerror(errno));
    }
    if (asker && !S_ISDIR(status.st_mode)) {
        return error_set(error, STATUS_USAGE, "%s %s: is not a folder; wanted a folder of IDX files, or " DIGITS, asker,
                         folder);
    }
    if (!locate(folder, &TRAINING_IMAGES, &dataset->images_path, error)) {
        return false;
    }
    if (!dataset->images_path) {
        return !asker || error_set(error, STATUS_USAGE, "%s %s: holds no images; wanted %s or %s, plain or .gz", asker,
                                   folder, TRAINING_IMAGES.dashed, TRAINING_IMAGES.dotted);
    }
    return locate(folder, &TRAINING_LABELS, &dataset->labels_path, error);
}

/* Sets images_path and labels_path, or built_in. */
static bool find(const struct dataset_source *source, struct dataset *dataset, struct error *error)
{
    if (source->images) {
        dataset->images_path = memory_copy_string(source->images, error);
        dataset->labels_path = source->labels ? memory_copy_string(source->labels, error) : NULL;
        return dataset->images_path && (dataset->labels_path || !source->labels);
    }
    const char *variable = getenv("GAN_DATA");
    const char *folder = source->folder, *asker = "--data";
    if (!folder && variable && *variable) {
        folder = variable;
        asker = "$GAN_DATA";
    }
    dataset->built_in = folder && strcmp(folder, DIGITS) == 0;
    if (dataset->built_in) {
        return true;
    }
    if (!find_files(folder ? folder : DEFAULT_FOLDER, folder ? asker : NULL, dataset, error)) {
        return false;
    }
    dataset->built_in = dataset->fallback = !dataset->images_path;
    return true;
}

static bool check_limit(size_t limit, size_t total, const char *where, struct error *error)
{
    return limit <= total ||
           error_set(error, STATUS_USAGE, "--limit_images %zu: wanted 1 to %zu, the images of %s", limit, total, where);
}

static bool check_labels_wanted(const struct dataset_source *source, const struct dataset *dataset, struct error *error)
{
    if (!source->labels_wanted || dataset->built_in || dataset->labels_path) {
        return true;
    }
    if (source->images) {
        return error_set(error, STATUS_USAGE, "--conditional needs labels: wanted --labels FILE beside --images %s",
                         source->images);
    }
    return error_set(error, STATUS_USAGE,
                     "--conditional needs labels: there are none beside %s; wanted %s or %s, plain or .gz",
                     dataset->images_path, TRAINING_LABELS.dashed, TRAINING_LABELS.dotted);
}

static bool load_files(size_t limit, struct dataset *dataset, struct error *error)
{
    struct idx images;
    if (!idx_read_images(dataset->images_path, limit, &images, error)) {
        return false;
    }
    dataset->images = images.bytes;
    dataset->count = images.count;
    dataset->height = images.height;
    dataset->width = images.width;
    if (!check_limit(limit, images.total, dataset->images_path, error)) {
        return false;
    }
    if (!dataset->labels_path) {
        return true;
    }
    struct idx labels;
    if (!idx_read_labels(dataset->labels_path, &labels, error)) {
        return false;
    }
    dataset->labels = labels.bytes;
    if (labels.total != images.total) {
        return error_set(error, STATUS_USAGE, "%s: holds %zu labels; wanted %zu, one for each image of %s",
                         dataset->labels_path, labels.total, images.total, dataset->images_path);
    }
    for (size_t i = 0; i < labels.total; i++) {
        if (labels.bytes[i] >= dataset->classes) {
            dataset->classes = labels.bytes[i] + 1u;
        }
    }
    return true;
}

/* Drawn digits first .. first + count - 1. */
static bool draw_digits(size_t first, size_t count, struct dataset *dataset, struct error *error)
{
    dataset->count = count;
    dataset->height = DIGITS_HEIGHT;
    dataset->width = DIGITS_WIDTH;
    dataset->classes = DIGITS_CLASSES;
    dataset->images = memory_allocate(count, DIGITS_HEIGHT * DIGITS_WIDTH, "the built-in digits", error);
    dataset->labels = memory_allocate(count, 1, "the built-in digits' labels", error);
    if (!dataset->images || !dataset->labels) {
        return false;
    }
    digits_draw(first, count, dataset->images, dataset->labels);
    return true;
}

static bool load_digits(size_t limit, struct dataset *dataset, struct error *error)
{
    return check_limit(limit, DIGITS_TRAIN, "the built-in digits", error) &&
           draw_digits(0, limit > 0 ? limit : DIGITS_TRAIN, dataset, error);
}

size_t dataset_find_classes(const struct dataset *dataset, bool found[static CLASSES_MAX])
{
    size_t count = 0;
    memset(found, 0, CLASSES_MAX * sizeof *found);
    for (size_t i = 0; dataset->labels && i < dataset->count; i++) {
        count += !found[dataset->labels[i]];
        found[dataset->labels[i]] = true;
    }
    return count;
}

bool dataset_has_classes(const struct dataset *dataset)
{
    bool found[CLASSES_MAX];
    return dataset_find_classes(dataset, found) > 1;
}

/* 8 ms for MNIST; cut into slices for two threads it took no less. */
uint32_t dataset_checksum(const struct dataset *dataset, size_t count)
{
    const uLong checksum = crc32_z(0, dataset->images, count * dataset->height * dataset->width);
    return (uint32_t)(dataset->labels ? crc32_z(checksum, dataset->labels, count) : checksum);
}

static bool load(const struct dataset_source *source, struct dataset *dataset, struct error *error)
{
    if (!find(source, dataset, error) || !check_labels_wanted(source, dataset, error) ||
        !(dataset->built_in ? load_digits : load_files)(source->limit, dataset, error)) {
        return false;
    }
    dataset->order = memory_allocate(dataset->count, sizeof *dataset->order, "the order of the images", error);
    if (!dataset->order) {
        return false;
    }
    for (size_t i = 0; i < dataset->count; i++) {
        dataset->order[i] = (uint32_t)i;
    }
    dataset->checksum = dataset_checksum(dataset, dataset->count);
    return true;
}

bool dataset_load(const struct dataset_source *source, struct dataset *dataset, struct error *error)
{
    *dataset = (struct dataset){0};
    if (!load(source, dataset, error)) {
        dataset_free(dataset);
        return false;
    }
    return true;
}

/* Sets images_path and labels_path of the test images of files. */
static bool find_test(const struct dataset *training, const char *images, const char *labels, struct dataset *test,
                      struct error *error)
{
    if (images) {
        test->images_path = memory_copy_string(images, error);
        test->labels_path = labels ? memory_copy_string(labels, error) : NULL;
        return test->images_path && (test->labels_path || !labels);
    }
    char *folder = path_folder(training->images_path, error);
    bool found = folder && locate(folder, &TEST_IMAGES, &test->images_path, error) &&
                 locate(folder, &TEST_LABELS, &test->labels_path, error);
    if (found && !test->images_path) {
        found = error_set(error, STATUS_USAGE,
                          "no test set: there are no test images beside %s; wanted %s or %s, plain or .gz, or "
                          "--test_images",
                          training->images_path, TEST_IMAGES.dashed, TEST_IMAGES.dotted);
    }
    free(folder);
    return found;
}

static bool load_test(const struct dataset *training, const char *images, const char *labels, struct dataset *test,
                      struct error *error)
{
    if (training->built_in && !images) {
        return draw_digits(DIGITS_TRAIN, DIGITS_TEST, test, error);
    }
    if (!find_test(training, images, labels, test, error) || !load_files(0, test, error)) {
        return false;
    }
    if (test->height != training->height || test->width != training->width) {
        return error_set(error, STATUS_USAGE, "%s: holds images of %zu x %zu; wanted %zu x %zu, as the training images",
                         test->images_path, test->height, test->width, training->height, training->width);
    }
    if (training->classes && test->classes > training->classes) {
        return error_set(error, STATUS_USAGE, "%s: holds a label %zu; wanted 0 to %zu, as among the training images",
                         test->labels_path, test->classes - 1, training->classes - 1);
    }
    return true;
}

bool dataset_load_test(const struct dataset *training, const char *images, const char *labels, struct dataset *test,
                       struct error *error)
{
    *test = (struct dataset){0};
    if (!load_test(training, images, labels, test, error)) {
        dataset_free(test);
        return false;
    }
    return true;
}

bool dataset_has_test(const struct dataset *training, struct error *error)
{
    struct dataset test = {0};
    const bool found = training->built_in || find_test(training, NULL, NULL, &test, error);
    dataset_free(&test);
    return found;
}

void dataset_free(struct dataset *dataset)
{
    free(dataset->images);
    free(dataset->labels);
    free(dataset->order);
    free(dataset->images_path);
    free(dataset->labels_path);
    *dataset = (struct dataset){0};
}

void dataset_shuffle(struct dataset *dataset, uint64_t seed, uint64_t epoch)
{
    rng_permutation((struct rng_stream){.seed = seed, .purpose = RNG_SHUFFLE, .step = epoch}, dataset->count,
                    dataset->order);
}

void dataset_mean(const struct dataset *dataset, double *mean)
{
    const size_t pixels = dataset->height * dataset->width;
    memset(mean, 0, pixels * sizeof *mean);
    for (size_t i = 0; i < dataset->count; i++) {
        const unsigned char *image = dataset->images + i * pixels;
        for (size_t p = 0; p < pixels; p++) {
            mean[p] += image[p];
        }
    }
    for (size_t p = 0; p < pixels; p++) {
        mean[p] /= (double)dataset->count;
    }
}

void dataset_gather(const struct dataset *dataset, size_t first, real scale, real offset, struct matrix out)
{
    const size_t pixels = dataset->height * dataset->width;
#pragma omp for schedule(static) nowait
    for (size_t row = 0; row < out.rows; row++) {
        const unsigned char *restrict image = dataset->images + dataset->order[first + row] * pixels;
        real *restrict x = out.data + row * out.stride; /* [pixels] */
        for (size_t i = 0; i < pixels; i++) {
            x[i] = (real)image[i] * scale + offset;
        }
    }
}
