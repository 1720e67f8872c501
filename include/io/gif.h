/* Animated GIF files of grey images. */
#ifndef IO_GIF_H
#define IO_GIF_H

#include "base/error.h"
#include "io/image.h"

#include <stdint.h>

/* An animation being written, a frame at a time. */
struct gif;

enum { GIF_SIDE_MAX = 65535 }; /* pixels: GIF's header has 16 bits for each */

/* Begins an animation of frames of height x width, at most GIF_SIDE_MAX each, that is repeated for ever. GIF packs a
 * few greys far better than 256: pixels are rounded to 64 of them. Equal frames give equal bytes. NULL with an error.
 */
struct gif *gif_create(const char *path, size_t height, size_t width, struct error *error);

/* Adds a frame of the animation's size, shown for delay_cs hundredths of a second (browsers want 2 or more). After a
 * failure the rest is ignored, and gif_commit reports it. */
void gif_add(struct gif *gif, const struct image *frame, uint16_t delay_cs);

/* Ends the file, gives it its name (io/file.h) and frees gif. */
bool gif_commit(struct gif *gif, struct error *error);

/* Frees gif, which may be NULL; no file is left. */
void gif_abandon(struct gif *gif);

#endif
