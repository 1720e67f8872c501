#include "eval/nearest.h"
#include "base/memory.h"
#include "io/image.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK = 256, /* training images that a thread takes at a time */
    RUN = 32768, /* pixels whose squared differences 32 bits hold the sum of */
};
_Static_assert((uint64_t)RUN * 255 * 255 <= UINT32_MAX, "a run's sum fits");

static uint64_t squared_distance(const unsigned char *a, const unsigned char *b, size_t pixels)
{
    uint64_t sum = 0;
    for (size_t begin = 0; begin < pixels; begin += RUN) {
        const size_t end = pixels - begin < RUN ? pixels : begin + RUN;
        uint32_t part = 0;
        for (size_t i = begin; i < end; i++) {
            const int difference = a[i] - b[i];
            part += (uint32_t)(difference * difference);
        }
        sum += part;
    }
    return sum;
}

static bool is_nearer(struct neighbour a, struct neighbour b)
{
    return a.squared < b.squared || (a.squared == b.squared && a.index < b.index);
}

/* The nearest of training images first .. end - 1. */
static struct neighbour nearest_of(const unsigned char *image, struct image_set training, size_t first, size_t end,
                                   size_t pixels)
{
    struct neighbour best = {0, UINT64_MAX};
    for (size_t t = first; t < end; t++) {
        const struct neighbour other = {t, squared_distance(image, training.bytes + t * pixels, pixels)};
        best = is_nearer(other, best) ? other : best;
    }
    return best;
}

void nearest_find(struct image_set images, struct image_set training, size_t pixels, struct neighbour *nearest)
{
    for (size_t i = 0; i < images.count; i++) {
        nearest[i] = (struct neighbour){0, UINT64_MAX};
    }
#pragma omp parallel for schedule(dynamic)
    for (size_t first = 0; first < training.count; first += BLOCK) {
        const size_t end = training.count - first < BLOCK ? training.count : first + BLOCK;
        for (size_t i = 0; i < images.count; i++) {
            const struct neighbour best = nearest_of(images.bytes + i * pixels, training, first, end, pixels);
#pragma omp critical
            nearest[i] = is_nearer(best, nearest[i]) ? best : nearest[i];
        }
    }
}

double nearest_distance(struct neighbour neighbour)
{
    return sqrt((double)neighbour.squared) / 255;
}

bool nearest_write(const char *path, struct image_set images, struct image_set training,
                   const struct neighbour *nearest, size_t height, size_t width, struct error *error)
{
    const size_t pixels = height * width;
    unsigned char *cells = memory_allocate(2 * images.count, pixels, "the images and their neighbours", error);
    if (!cells) {
        return false;
    }
    for (size_t i = 0; i < images.count; i++) {
        memcpy(cells + 2 * i * pixels, images.bytes + i * pixels, pixels);
        memcpy(cells + (2 * i + 1) * pixels, training.bytes + nearest[i].index * pixels, pixels);
    }
    const size_t pairs = (size_t)fmax(1, round(sqrt((double)images.count / 2))); /* in a row */
    struct image grid;
    bool good = image_grid(cells, 2 * images.count, (images.count + pairs - 1) / pairs, 2 * pairs, height, width, &grid,
                           error) &&
                image_write_png(path, &grid, error);
    image_free(&grid);
    free(cells);
    return good;
}
