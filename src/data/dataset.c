#include "data/dataset.h"

#include "base/memory.h"
#include "data/digits.h"
#include "data/idx.h"
#include "nn/rng.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

enum { FILE_NAMES = 4 };

#define DIGITS "digits"
#define DEFAULT_FOLDER "data/mnist"

/* The usual names; a plain file, which is read faster, goes before its packed one. */
static const char *const IMAGES_NAMES[FILE_NAMES] = {"train-images-idx3-ubyte", "train-images.idx3-ubyte",
                                                     "train-images-idx3-ubyte.gz", "train-images.idx3-ubyte.gz"};
static const char *const LABELS_NAMES[FILE_NAMES] = {"train-labels-idx1-ubyte", "train-labels.idx1-ubyte",
                                                     "train-labels-idx1-ubyte.gz", "train-labels.idx1-ubyte.gz"};

/* The first of the names that the folder holds, its path for the caller to free; NULL in *path where it holds none.
 * A folder of that name, as some archives unpack to, is none. What cannot be looked at (permissions) is left to the
 * reader to report. */
static bool find_file(const char *folder, const char *const names[FILE_NAMES], char **path, struct error *error)
{
    for (size_t i = 0; i < FILE_NAMES; i++) {
        size_t bytes = strlen(folder) + 1 + strlen(names[i]) + 1;
        *path = memory_allocate(bytes, 1, folder, error);
        if (!*path) {
            return false;
        }
        snprintf(*path, bytes, "%s/%s", folder, names[i]);
        struct stat status;
        if (stat(*path, &status) == 0 ? !S_ISDIR(status.st_mode) : errno != ENOENT && errno != ENOTDIR) {
            return true;
        }
        free(*path);
    }
    *path = NULL;
    return true;
}

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
        return error_set(error, STATUS_USAGE,
                         "%s %s: is not a folder; wanted a folder of IDX files (--images takes a file), or " DIGITS,
                         asker, folder);
    }
    if (!find_file(folder, IMAGES_NAMES, &dataset->images_path, error)) {
        return false;
    }
    if (!dataset->images_path) {
        return !asker || error_set(error, STATUS_USAGE, "%s %s: holds no images; wanted %s or %s, plain or .gz", asker,
                                   folder, IMAGES_NAMES[0], IMAGES_NAMES[1]);
    }
    return find_file(folder, LABELS_NAMES, &dataset->labels_path, error);
}

/* Sets images_path and labels_path, or built_in. */
static bool find(const struct dataset_source *source, struct dataset *dataset, struct error *error)
{
    if (source->images && source->folder) {
        return error_set(error, STATUS_USAGE, "--images %s and --data %s contradict each other; wanted one of the two",
                         source->images, source->folder);
    }
    if (source->labels && !source->images) {
        return error_set(error, STATUS_USAGE, "--labels %s: is of no use alone; wanted its images with --images",
                         source->labels);
    }
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
                     dataset->images_path, LABELS_NAMES[0], LABELS_NAMES[1]);
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

static bool load_digits(size_t limit, struct dataset *dataset, struct error *error)
{
    if (!check_limit(limit, DIGITS_TRAIN, "the built-in digits", error)) {
        return false;
    }
    dataset->count = limit > 0 ? limit : DIGITS_TRAIN;
    dataset->height = DIGITS_HEIGHT;
    dataset->width = DIGITS_WIDTH;
    dataset->classes = DIGITS_CLASSES;
    dataset->images = memory_allocate(dataset->count, DIGITS_HEIGHT * DIGITS_WIDTH, "the built-in digits", error);
    dataset->labels = memory_allocate(dataset->count, 1, "the built-in digits' labels", error);
    if (!dataset->images || !dataset->labels) {
        return false;
    }
    digits_draw(0, dataset->count, dataset->images, dataset->labels);
    return true;
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
    /* 8 ms for MNIST; cut into slices for two threads it took no less */
    uLong checksum = crc32_z(0, dataset->images, dataset->count * dataset->height * dataset->width);
    dataset->checksum = (uint32_t)(dataset->labels ? crc32_z(checksum, dataset->labels, dataset->count) : checksum);
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
