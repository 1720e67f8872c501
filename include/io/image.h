/* Grey images: grids of them, PNG files, animated GIF files. */
#ifndef IO_IMAGE_H
#define IO_IMAGE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

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

/* 8 bits of grey a pixel; equal images give equal bytes. */
bool image_write_png(const char *path, const struct image *image, struct error *error);

/* How high or wide a grid of so many images is. */
size_t image_grid_side(size_t images, size_t side);

enum { IMAGE_GIF_SIDE_MAX = 65535 }; /* pixels: GIF's header has 16 bits for each */

/* An animation of count (at least 1) frames of one size, at most IMAGE_GIF_SIDE_MAX pixels high or wide, each shown for
 * delay_cs hundredths of a second (browsers want 2 or more), the last for last_delay_cs, repeated for ever. GIF packs a
 * few greys far better than 256: pixels are rounded to 64 of them. Equal frames give equal bytes. */
bool image_write_gif(const char *path, const struct image *frames, size_t count, uint16_t delay_cs,
                     uint16_t last_delay_cs, struct error *error);

#endif
