/* Grey images: grids of them, PNG files, animated GIF files. */
#ifndef IO_IMAGE_H
#define IO_IMAGE_H

#include "base/error.h"

#include <stddef.h>

struct image {
    size_t height, width;
    unsigned char *pixels; /* [height][width], 0 black, 255 white; owned, freed by image_free */
};

/* A grid of rows x columns images of height x width with a narrow mid-dark line between and around them, from bytes
 * [count][height * width] in row-major order; cells past count are left dark. */
bool image_grid(const unsigned char *bytes, size_t count, size_t rows, size_t columns, size_t height, size_t width,
                struct image *grid, struct error *error);
void image_free(struct image *image);

bool image_write_png(const char *path, const struct image *image, struct error *error);

/* Frames of one size, each shown for delay_cs hundredths of a second, the last for last_delay_cs, for ever. */
bool image_write_gif(const char *path, const struct image *frames, size_t count, unsigned delay_cs,
                     unsigned last_delay_cs, struct error *error);

#endif
