/* The grids of generated images that a run draws, and the animation of them. */
#ifndef GAN_PICTURES_H
#define GAN_PICTURES_H

#include "base/error.h"
#include "data/dataset.h"
#include "gan/gan.h"
#include "gan/position.h"

struct pictures;

/* Refuses a grid (or an animation of it) that would be too large. STATUS_USAGE. */
bool pictures_check(const struct config *config, size_t height, size_t width, struct error *error);

/* For a run whose outdir has its folders, and whose grid was checked. gan stays the caller's and outlives the pictures.
 * NULL with an error. */
struct pictures *pictures_create(const struct gan *gan, const struct dataset *dataset, struct error *error);
void pictures_free(struct pictures *pictures);

/* Finds what there is in samples/ for a run that goes on at a position. Pictures of later epochs are removed, and that
 * of its last epoch where it is extra. */
bool pictures_find(struct pictures *pictures, const struct position *position, struct error *error);

/* samples/epoch_NNNN.png: the grid of the fixed noise, with labels one class a column, of those that training images
 * have; where these are more than columns, one after another. */
bool pictures_draw(struct pictures *pictures, size_t epoch, struct error *error);

/* training.gif, from the files in samples/: every one of them, or every second, fourth ... so that they are at most a
 * hundred, and the newest. Those that cannot be read, or are of another size, are left out; where none is left, so is
 * the animation: what there was of it stays. */
bool pictures_animate(const struct pictures *pictures, struct error *error);

#endif
