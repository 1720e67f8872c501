/* The training images: found, loaded, shuffled, handed out in batches. They stay bytes in memory. */
#ifndef DATA_DATASET_H
#define DATA_DATASET_H

#include "base/error.h"
#include "nn/label.h"
#include "nn/matrix.h"

#include <stdint.h>

/* Where the images come from; NULL or 0 for what was not asked for. */
struct dataset_source {
    const char *folder; /* of IDX files under their usual names, or "digits" for the built-in ones */
    const char *images; /* one's own files; not beside a folder */
    const char *labels; /* only beside images */
    size_t limit; /* train on the first `limit` images, which there must be; 0: all */
    bool labels_wanted; /* without labels the data is refused */
};

struct dataset {
    size_t count; /* images to train on */
    size_t height, width; /* of an image */
    size_t classes; /* the largest label of the whole file and 1; 0 without labels */
    unsigned char *images; /* [count][height * width] */
    unsigned char *labels; /* [count]; NULL without labels */
    uint32_t *order; /* [count] the epoch's permutation: image order[i] comes i-th; at first the identity; NULL for test
                      * images */
    bool built_in; /* the drawn digits */
    bool fallback; /* the drawn digits because nothing else was asked for or found */
    char *images_path, *labels_path; /* the files; NULL for the built-in digits, or without labels */
    uint32_t checksum; /* dataset_checksum of all; 0 for test images */
};

/* Finds and loads. With no folder and no images named: $GAN_DATA where it is set and not empty (it may also say
 * "digits"), else data/mnist where that holds images, else the built-in digits. A folder holds train-images-idx3-ubyte
 * or train-images.idx3-ubyte, plain or .gz, and maybe train-labels-idx1-ubyte or train-labels.idx1-ubyte; its labels
 * are loaded where they are, and must then be as many as the images. STATUS_USAGE with a message for bad input,
 * STATUS_FAILED when memory is short; then nothing is held. */
bool dataset_load(const struct dataset_source *source, struct dataset *dataset, struct error *error);
void dataset_free(struct dataset *dataset);

/* The test images that belong to a set of training images: a file and its labels (NULL: none), or, with images NULL,
 * the drawn digits of 60,000 on beside drawn ones, and t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte or their other
 * usual names beside files. STATUS_USAGE as above, and where there are none, their size is another one, or a label is
 * above the largest of the training images'. To be freed with dataset_free. */
bool dataset_load_test(const struct dataset *training, const char *images, const char *labels, struct dataset *test,
                       struct error *error);

/* Whether test images belong to a set of training images, as dataset_load_test looks for them; false with an error. */
bool dataset_has_test(const struct dataset *training, struct error *error);

/* Marks the classes that images have, and returns how many these are; 0 without labels. */
size_t dataset_find_classes(const struct dataset *dataset, bool found[static CLASSES_MAX]);

/* Whether there are labels, of two classes or more. */
bool dataset_has_classes(const struct dataset *dataset);

/* CRC-32 of the bytes of the first `count` images, then of their labels. */
uint32_t dataset_checksum(const struct dataset *dataset, size_t count);

/* The order of epoch `epoch`: the permutation of stream {seed, RNG_SHUFFLE, 0, epoch} (nn/rng.h). Depends on seed,
 * epoch and count alone. */
void dataset_shuffle(struct dataset *dataset, uint64_t seed, uint64_t epoch);

/* Images first .. first + out.rows - 1 of the epoch's order into out [rows][height * width], a byte b as
 * b * scale + offset. Called by every thread of a team, which share the rows; ends without a barrier. */
void dataset_gather(const struct dataset *dataset, size_t first, real scale, real offset, struct matrix out);

/* The mean of all images, each pixel 0 to 255, into mean [height * width]. */
void dataset_mean(const struct dataset *dataset, double *mean);

/* The class of the image that comes i-th in the epoch's order. */
static inline unsigned dataset_label(const struct dataset *dataset, size_t i)
{
    return dataset->labels[dataset->order[i]];
}

#endif
