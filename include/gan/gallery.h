/* Generated images as files, with the errors of io/file.h. Where a path is "-" the file goes to standard output. */
#ifndef GAN_GALLERY_H
#define GAN_GALLERY_H

#include "base/error.h"
#include "data/dataset.h"
#include "gan/sampler.h"

#include <signal.h>

enum { GALLERY_BATCH = 256 /* images that are drawn at a time, and in memory while a long file is written */ };

/* Images 0 .. count - 1 of a sampler: by their numbers, or along a way through z. */
struct gallery {
    struct sampler *sampler; /* the caller's */
    size_t count;
    size_t height, width; /* of an image */
    const real *latents; /* [count][encoding_dims] z of the images; NULL: those that the seed has for their numbers */
    size_t classes; /* image i is of class turn[i % classes]; where the generator is not conditional, 0 */
    unsigned char turn[CLASSES_MAX];
    size_t rows, columns; /* of a grid */
    size_t row_stride; /* the grid's row r begins with image r * row_stride */
    size_t scale; /* a pixel's side in pictures and animations, at least 1 */
    const volatile sig_atomic_t *stop; /* the caller's: not 0 where a signal asks for an end */
};

/* Whether it was not stopped. STATUS_STOPPED where it was: then the file that is being written is abandoned. */
bool gallery_goes_on(const struct gallery *gallery, struct error *error);

/* Images first .. first + count - 1 into bytes [count][height * width]; false where it was stopped. */
bool gallery_draw(const struct gallery *gallery, size_t first, size_t count, unsigned char *bytes, struct error *error);

/* One picture of rows x columns of them; what is left of these is black. */
bool gallery_write_grid(const struct gallery *gallery, const char *path, struct error *error);

/* folder/image_00000.png ... The folder is made, or holds nothing but such images, which are written anew: STATUS_USAGE
 * where it holds anything else, or an image of a higher number, which would be taken for one of these. */
bool gallery_write_folder(const struct gallery *gallery, const char *folder, struct error *error);

/* An IDX file, and where images have classes another one of them beside it, whose name is path's with "labels-idx1" for
 * "images-idx3", or, where that is not in it, with "-labels" before its ending; none beside standard output. */
bool gallery_write_idx(const struct gallery *gallery, const char *path, struct error *error);

/* NumPy's format: uint8 [count][height][width]. */
bool gallery_write_npy(const struct gallery *gallery, const char *path, struct error *error);

/* An animation that goes through the images and, unless the last one is the first one again, back. */
bool gallery_write_gif(const struct gallery *gallery, const char *path, struct error *error);

#endif
