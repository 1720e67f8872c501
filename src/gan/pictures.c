#include "gan/pictures.h"
#include "base/memory.h"
#include "gan/outdir.h"
#include "gan/sampler.h"
#include "io/folder.h"
#include "io/gif.h"
#include "io/image.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    FRAMES_MAX = 100, /* of the animation */
    ANIMATION_CS = 1000, /* how long it takes, in hundredths of a second */
    LAST_FRAME_CS = 200, /* of which the last frame is held so long */
};

struct pictures {
    const struct gan *gan;
    const struct config *config;
    size_t height, width; /* of an image */
    struct sampler *sampler;
    unsigned char *labels; /* [rows * columns] of a grid's images, the same for all grids */
    unsigned char *bytes; /* [rows * columns][pixels] of the images */
    size_t *epochs; /* [count] that were drawn, rising */
    size_t count, capacity;
};

bool pictures_check(const struct config *config, size_t height, size_t width, struct error *error)
{
    size_t pixels, bytes;
    if (!size_multiply(height, width, &pixels) ||
        !size_multiply(config->grid_rows * config->grid_columns, pixels, &bytes)) {
        return error_set(error, STATUS_USAGE, "--grid: %zux%zu is too large for any machine", config->grid_rows,
                         config->grid_columns);
    }
    return config->no_gif ||
           (image_grid_side(config->grid_rows, height) <= GIF_SIDE_MAX &&
            image_grid_side(config->grid_columns, width) <= GIF_SIDE_MAX) ||
           error_set(error, STATUS_USAGE,
                     "--grid: %zux%zu images of %zu x %zu are more than a GIF's %d pixels a side; wanted a smaller "
                     "grid, or --no_gif",
                     config->grid_rows, config->grid_columns, height, width, GIF_SIDE_MAX);
}

/* The classes of a conditional grid, those that training images have: one a column, or, where columns are fewer, one
 * after another. */
static void choose_labels(const struct pictures *pictures, const struct dataset *dataset)
{
    const size_t columns = pictures->config->grid_columns, images = pictures->config->grid_rows * columns;
    unsigned char classes[CLASSES_MAX] = {0};
    bool found[CLASSES_MAX];
    size_t count = 0;
    dataset_find_classes(dataset, found);
    for (size_t c = 0; c < CLASSES_MAX; c++) {
        if (found[c]) {
            classes[count++] = (unsigned char)c;
        }
    }
    for (size_t i = 0; i < images; i++) {
        pictures->labels[i] = classes[(count > columns ? i : i % columns) % count];
    }
}

static bool prepare(struct pictures *pictures, const struct dataset *dataset, struct error *error)
{
    const struct config *config = pictures->config;
    const struct gan *gan = pictures->gan;
    const size_t images = config->grid_rows * config->grid_columns;
    pictures->labels = memory_allocate(images, 1, "the samples' labels", error);
    if (pictures->labels && gan->classes) {
        choose_labels(pictures, dataset);
    }
    return pictures->labels && (pictures->bytes = memory_allocate(images, gan->pixels, "the samples", error)) &&
           (pictures->sampler = sampler_create(config, gan_sampled_generator(gan), gan->classes, error));
}

struct pictures *pictures_create(const struct gan *gan, const struct dataset *dataset, struct error *error)
{
    struct pictures *pictures = memory_allocate(1, sizeof *pictures, "the pictures", error);
    if (!pictures) {
        return NULL;
    }
    pictures->gan = gan;
    pictures->config = gan->config;
    pictures->height = dataset->height;
    pictures->width = dataset->width;
    if (!prepare(pictures, dataset, error)) {
        pictures_free(pictures);
        return NULL;
    }
    return pictures;
}

void pictures_free(struct pictures *pictures)
{
    if (!pictures) {
        return;
    }
    sampler_free(pictures->sampler);
    free(pictures->labels);
    free(pictures->bytes);
    free(pictures->epochs);
    free(pictures);
}

/* Notes that an epoch is drawn, the latest so far. */
static bool note(struct pictures *pictures, size_t epoch, struct error *error)
{
    if (pictures->count && pictures->epochs[pictures->count - 1] == epoch) {
        return true;
    }
    size_t *epochs = memory_grow(pictures->epochs, &pictures->capacity, pictures->count, sizeof *epochs,
                                 "the list of pictures", error);
    if (!epochs) {
        return false;
    }
    pictures->epochs = epochs;
    pictures->epochs[pictures->count++] = epoch;
    return true;
}

static char *picture_path(const struct pictures *pictures, size_t epoch, struct error *error)
{
    return outdir_path(pictures->config->outdir, SERIES_SAMPLES, epoch, error);
}

bool pictures_find(struct pictures *pictures, const struct position *position, struct error *error)
{
    size_t *epochs, count;
    if (!outdir_numbers(pictures->config->outdir, SERIES_SAMPLES, &epochs, &count, error)) {
        return false;
    }
    bool good = true;
    pictures->count = 0;
    for (size_t i = 0; good && i < count; i++) {
        if (epochs[i] < position->epoch || (epochs[i] == position->epoch && !position->extra_picture)) {
            good = note(pictures, epochs[i], error);
            continue;
        }
        good = outdir_remove(pictures->config->outdir, SERIES_SAMPLES, epochs[i], error);
    }
    free(epochs);
    return good;
}

static bool draw_grid(struct pictures *pictures, struct image *grid, struct error *error)
{
    const size_t rows = pictures->config->grid_rows, columns = pictures->config->grid_columns, count = rows * columns;
    sampler_draw(pictures->sampler, 0, count, pictures->labels, pictures->bytes);
    return image_grid(pictures->bytes, count, rows, columns, pictures->height, pictures->width, grid, error);
}

bool pictures_draw(struct pictures *pictures, size_t epoch, struct error *error)
{
    char *path = picture_path(pictures, epoch, error);
    struct image grid = {0};
    bool good = path && draw_grid(pictures, &grid, error) && image_write_png(path, &grid, error);
    free(path);
    image_free(&grid);
    return good && note(pictures, epoch, error);
}

/* How far apart the pictures of the animation are. */
static size_t frame_stride(size_t count)
{
    size_t stride = 1;
    while ((count - 1) / stride + 1 + ((count - 1) % stride != 0) > FRAMES_MAX) {
        stride *= 2;
    }
    return stride;
}

/* The picture of an epoch as a frame; an empty one where it cannot be had. false when memory is short. */
static bool read_frame(const struct pictures *pictures, size_t epoch, struct image *frame, struct error *error)
{
    char *path = picture_path(pictures, epoch, error);
    if (!path) {
        return false;
    }
    bool read = image_read_png(path, frame, error);
    free(path);
    if (read && (frame->height != image_grid_side(pictures->config->grid_rows, pictures->height) ||
                 frame->width != image_grid_side(pictures->config->grid_columns, pictures->width))) {
        image_free(frame); /* of a time with another --grid */
    }
    return read || error->status == STATUS_USAGE;
}

/* Adds the frames that can be had; *none: there is none. */
static bool add_frames(const struct pictures *pictures, struct gif *gif, bool *none, struct error *error)
{
    const size_t stride = frame_stride(pictures->count), last = pictures->count - 1;
    const size_t others = (last + stride - 1) / stride; /* frames before the last */
    const uint16_t delay = (uint16_t)((ANIMATION_CS - LAST_FRAME_CS) / (others ? others : 1));
    struct image held = {0}; /* until it is known whether it is the last */
    for (size_t i = 0; i <= others; i++) {
        struct image frame = {0};
        if (!read_frame(pictures, pictures->epochs[i < others ? i * stride : last], &frame, error)) {
            image_free(&held);
            return false;
        }
        if (frame.pixels) {
            if (held.pixels) {
                gif_add(gif, &held, delay);
            }
            image_free(&held);
            held = frame;
        }
    }
    *none = !held.pixels;
    if (held.pixels) {
        gif_add(gif, &held, LAST_FRAME_CS);
    }
    image_free(&held);
    return true;
}

bool pictures_animate(const struct pictures *pictures, struct error *error)
{
    const struct config *config = pictures->config;
    if (pictures->count == 0) {
        return true; /* somebody has removed them */
    }
    char *path = path_join(config->outdir, "training.gif", error);
    struct gif *gif = path ? gif_create(path, image_grid_side(config->grid_rows, pictures->height),
                                        image_grid_side(config->grid_columns, pictures->width), error)
                           : NULL;
    free(path);
    bool none = false;
    const bool good = gif && add_frames(pictures, gif, &none, error);
    if (!good || none) {
        gif_abandon(gif);
        return good;
    }
    return gif_commit(gif, error);
}
