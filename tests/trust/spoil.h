/* Real images spoiled in ways whose harm is known, the more the higher the level. The same bytes each time. */
#ifndef TESTS_SPOIL_H
#define TESTS_SPOIL_H

#include "data/dataset.h"
#include "data/digits.h"
#include "nn/rng.h"

#include <math.h>
#include <string.h>

enum {
    COUNT = 3000, /* images in a set */
    PIXELS_MAX = 28 * 28,
    BLUR_RADIUS_MAX = 12,
};

/* What sets are made of. */
struct originals {
    const struct dataset *images; /* labelled, of PIXELS_MAX pixels at most */
    const uint32_t *order; /* [images->count] in which they are taken */
    size_t height, width, pixels;
};

/* Makes COUNT images into bytes [COUNT][pixels]. */
typedef void spoiler(const struct originals *originals, double level, unsigned char *bytes);

static inline const unsigned char *spoil_original(const struct originals *originals, size_t i)
{
    return originals->images->images + originals->order[i] * originals->pixels;
}

static inline unsigned char spoil_byte(double value)
{
    return (unsigned char)lrint(fmin(255, fmax(0, value)));
}

/* Not spoiled: set number `level`, which shares no image with the others. */
static inline void spoil_not(const struct originals *originals, double level, unsigned char *bytes)
{
    for (size_t i = 0; i < COUNT; i++) {
        memcpy(bytes + i * originals->pixels, spoil_original(originals, (size_t)level * COUNT + i), originals->pixels);
    }
}

/* Gaussian noise of a standard deviation of so many steps of a byte. */
static inline void spoil_by_noise(const struct originals *originals, double level, unsigned char *bytes)
{
    real noise[PIXELS_MAX];
    spoil_not(originals, 0, bytes);
    for (size_t i = 0; i < COUNT; i++) {
        unsigned char *image = bytes + i * originals->pixels;
        rng_normal((struct rng_stream){.purpose = RNG_NOISE}, (uint32_t)i, originals->pixels, noise);
        for (size_t p = 0; p < originals->pixels; p++) {
            image[p] = spoil_byte(image[p] + level * (double)noise[p]);
        }
    }
}

/* Weights of 2 radius + 1 pixels around one, for a Gaussian blur. */
struct blur {
    int radius;
    double weights[2 * BLUR_RADIUS_MAX + 1];
};

/* A line of pixels that lie `stride` apart, dark beyond its ends. */
static inline void spoil_blur_line(const struct blur *blur, const double *in, size_t length, size_t stride, double *out)
{
    for (int i = 0; i < (int)length; i++) {
        double sum = 0;
        for (int d = -blur->radius; d <= blur->radius; d++) {
            if (i + d >= 0 && i + d < (int)length) {
                sum += blur->weights[d + blur->radius] * in[(size_t)(i + d) * stride];
            }
        }
        out[(size_t)i * stride] = sum;
    }
}

static inline void spoil_blur_image(const struct blur *blur, size_t height, size_t width, unsigned char *image)
{
    double sharp[PIXELS_MAX], half[PIXELS_MAX];
    for (size_t p = 0; p < height * width; p++) {
        sharp[p] = image[p];
    }
    for (size_t r = 0; r < height; r++) {
        spoil_blur_line(blur, sharp + r * width, width, 1, half + r * width);
    }
    for (size_t c = 0; c < width; c++) {
        spoil_blur_line(blur, half + c, height, width, sharp + c);
    }
    for (size_t p = 0; p < height * width; p++) {
        image[p] = spoil_byte(sharp[p]);
    }
}

/* A Gaussian blur of a standard deviation of so many pixels, up to a third of BLUR_RADIUS_MAX. */
static inline void spoil_by_blur(const struct originals *originals, double level, unsigned char *bytes)
{
    struct blur blur = {.radius = (int)ceil(3 * level)};
    double sum = 0;
    for (int d = -blur.radius; d <= blur.radius; d++) {
        sum += blur.weights[d + blur.radius] = exp(-d * d / (2 * level * level));
    }
    for (int d = 0; d <= 2 * blur.radius; d++) {
        blur.weights[d] /= sum;
    }
    spoil_not(originals, 0, bytes);
    for (size_t i = 0; i < COUNT; i++) {
        spoil_blur_image(&blur, originals->height, originals->width, bytes + i * originals->pixels);
    }
}

/* Without the last `level` classes. */
static inline void spoil_by_missing_classes(const struct originals *originals, double level, unsigned char *bytes)
{
    const struct dataset *images = originals->images;
    for (size_t i = 0, made = 0; made < COUNT; i++) {
        if (images->labels[originals->order[i]] < images->classes - (size_t)level) {
            memcpy(bytes + made++ * originals->pixels, spoil_original(originals, i), originals->pixels);
        }
    }
}

/* So few different images, again and again. */
static inline void spoil_by_repetition(const struct originals *originals, double level, unsigned char *bytes)
{
    for (size_t i = 0; i < COUNT; i++) {
        memcpy(bytes + i * originals->pixels, spoil_original(originals, i % (size_t)level), originals->pixels);
    }
}

/* ---- images of another kind: a share of `level` of them, the others as they were ---- */

static inline void spoil_swap(unsigned char *a, unsigned char *b)
{
    const unsigned char old = *a;
    *a = *b;
    *b = old;
}

/* Left for right. */
static inline void spoil_by_mirroring(const struct originals *originals, double level, unsigned char *bytes)
{
    const size_t width = originals->width;
    spoil_not(originals, 0, bytes);
    for (size_t row = 0; row < (size_t)(level * COUNT) * originals->height; row++) {
        for (size_t x = 0; x < width / 2; x++) {
            spoil_swap(bytes + row * width + x, bytes + row * width + width - 1 - x);
        }
    }
}

/* Black for white. */
static inline void spoil_by_inverting(const struct originals *originals, double level, unsigned char *bytes)
{
    spoil_not(originals, 0, bytes);
    for (size_t p = 0; p < (size_t)(level * COUNT) * originals->pixels; p++) {
        bytes[p] = (unsigned char)(255 - bytes[p]);
    }
}

/* The drawn digits. */
static inline void spoil_by_drawing(const struct originals *originals, double level, unsigned char *bytes)
{
    unsigned char labels[COUNT];
    spoil_not(originals, 0, bytes);
    digits_draw(0, (size_t)(level * COUNT), bytes, labels);
}

/* The largest of a pixel and its neighbours, on a line of pixels that lie `stride` apart. */
static inline void spoil_thicken_line(unsigned char *line, size_t length, size_t stride)
{
    unsigned char before = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char *here = line + i * stride, old = *here, after = i + 1 < length ? here[stride] : 0;
        *here = before > old ? before : old;
        *here = after > *here ? after : *here;
        before = old;
    }
}

/* All of them with strokes `level` pixels wider on each side. */
static inline void spoil_by_thickening(const struct originals *originals, double level, unsigned char *bytes)
{
    const size_t height = originals->height, width = originals->width;
    spoil_not(originals, 0, bytes);
    for (size_t i = 0; i < COUNT * (size_t)level; i++) {
        unsigned char *image = bytes + i % COUNT * originals->pixels;
        for (size_t r = 0; r < height; r++) {
            spoil_thicken_line(image + r * width, width, 1);
        }
        for (size_t c = 0; c < width; c++) {
            spoil_thicken_line(image + c, height, width);
        }
    }
}

#endif
