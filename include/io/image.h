/* Grey images: grids of them, and PNG files. */
#ifndef IO_IMAGE_H
#define IO_IMAGE_H

#include "base/error.h"

#include <stddef.h>

struct image {
    size_t height, width;
    unsigned char *pixels; /* [height][width], 0 black, 255 white; owned, freed by image_free */
};

/* A grid of rows x columns (each at least 1) images of height x width with a dark grey line of two pixels between and
 * around them, from bytes [count][height * width] in row-major order; cells past count are black, images past the last
 * cell are left out. */
bool image_grid(const unsigned char *bytes, size_t count, size_t rows, size_t columns, size_t height, size_t width,
                struct image *grid, struct error *error);
void image_free(struct image *image);

/* The image with a square of scale x scale (1 or more) for each pixel, in memory of its own. STATUS_FAILED where it
 * would be too large. */
bool image_enlarge(const struct image *image, size_t scale, struct image *enlarged, struct error *error);

typedef bool image_writer(const char *path, const struct image *image, struct error *error);

/* 8 bits of grey a pixel; equal images give equal bytes. */
image_writer image_write_png;

/* The same for one of many: see file_create_unsynced. */
image_writer image_write_png_unsynced;

/* By one of these as image_enlarge makes it. */
bool image_write_enlarged(const char *path, const struct image *image, size_t scale, image_writer *write_image,
                          struct error *error);

/* Whether an image of these sides is not too large for a PNG. */
bool image_fits_png(size_t height, size_t width);

/* How high or wide a grid of so many images is. */
size_t image_grid_side(size_t images, size_t side);

/* The image of a PNG file, colours as their grey. STATUS_USAGE where it is none, STATUS_FAILED where memory is short.
 */
bool image_read_png(const char *path, struct image *image, struct error *error);

#endif
