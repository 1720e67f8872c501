/* Ways from image to image through the space of z. */
#ifndef GAN_INTERPOLATION_H
#define GAN_INTERPOLATION_H

#include "gan/config.h"
#include "nn/real.h"

enum { WAYPOINTS_MAX = 16 };

/* Numbers of images that a way leads through, at least two. */
struct waypoints {
    size_t count;
    size_t images[WAYPOINTS_MAX];
};

/* z [width] on the way from a (t = 0) to b (t = 1). Normal noise goes along the great circle between their directions
 * (slerp: Shoemake, "Animating rotation with quaternion curves", 1985; White, "Sampling generative networks", 2016),
 * for it lies near a sphere, inside of which no z of the training was. Where there is no one circle, as between equal
 * or opposite directions, and for uniform noise, whose cube a circle would leave, the way is straight. */
void interpolate(enum noise noise, const real *a, const real *b, double t, size_t width, real *z);

/* Images on a way of so many steps (at least 1) from each waypoint to the next, ends included. */
size_t interpolation_count(const struct waypoints *waypoints, size_t steps);

/* Their z: latents [interpolation_count][encoding_dims], between those that the config's seed has for the waypoints. */
void interpolation_draw(const struct config *config, const struct waypoints *waypoints, size_t steps, real *latents);

#endif
