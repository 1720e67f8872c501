#include "gan/gallery.h"
#include "base/memory.h"
#include "io/array.h"
#include "io/folder.h"
#include "io/gif.h"
#include "io/image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GIF_DELAY_CS = 10 /* hundredths of a second that an image is shown */ };

static size_t pixels_of(const struct gallery *gallery)
{
    return gallery->height * gallery->width;
}

static void print_labels(const struct gallery *gallery, size_t first, size_t count, unsigned char *labels)
{
    for (size_t i = 0; i < count; i++) {
        labels[i] = gallery->classes ? gallery->turn[(first + i) % gallery->classes] : 0;
    }
}

bool gallery_goes_on(const struct gallery *gallery, struct error *error)
{
    return !*gallery->stop || error_set(error, STATUS_STOPPED, "stopped by a signal");
}

/* At most GALLERY_BATCH images. */
static void draw_batch(const struct gallery *gallery, size_t first, size_t count, unsigned char *bytes)
{
    unsigned char labels[GALLERY_BATCH];
    print_labels(gallery, first, count, labels);
    if (gallery->latents) {
        sampler_draw_latents(gallery->sampler, gallery->latents, first, count, labels, bytes);
    } else {
        sampler_draw(gallery->sampler, first, count, labels, bytes);
    }
}

bool gallery_draw(const struct gallery *gallery, size_t first, size_t count, unsigned char *bytes, struct error *error)
{
    bool good = true;
    for (size_t done = 0; good && done < count; done += GALLERY_BATCH) {
        const size_t part = count - done < GALLERY_BATCH ? count - done : GALLERY_BATCH;
        draw_batch(gallery, first + done, part, bytes + done * pixels_of(gallery));
        good = gallery_goes_on(gallery, error);
    }
    return good;
}

bool gallery_write_grid(const struct gallery *gallery, const char *path, struct error *error)
{
    const size_t pixels = pixels_of(gallery), rows = gallery->rows, columns = gallery->columns;
    size_t cells;
    if (!size_multiply(rows, columns, &cells)) {
        return error_set(error, STATUS_FAILED, "%s: a grid of %zu x %zu is too large", path, rows, columns);
    }
    unsigned char *bytes = memory_allocate(cells, pixels, "the images", error);
    if (!bytes) {
        return false;
    }
    size_t filled = 0;
    bool good = true;
    for (size_t row = 0; good && row < rows; row++) {
        const size_t first = row * gallery->row_stride, left = first < gallery->count ? gallery->count - first : 0;
        const size_t count = left < columns ? left : columns;
        good = gallery_draw(gallery, first, count, bytes + row * columns * pixels, error);
        filled += count;
    }
    struct image grid = {0};
    good = good && image_grid(bytes, filled, rows, columns, gallery->height, gallery->width, &grid, error) &&
           image_write_enlarged(path, &grid, gallery->scale, image_write_png, error);
    image_free(&grid);
    free(bytes);
    return good;
}

/* Writes what `part` makes of images first .. first + count - 1, at most GALLERY_BATCH, `size` bytes of each. */
static bool write_parts(const struct gallery *gallery, struct file *file, size_t size,
                        void (*part)(const struct gallery *gallery, size_t first, size_t count, unsigned char *bytes),
                        struct error *error)
{
    unsigned char *bytes = memory_allocate(GALLERY_BATCH, size, "the images", error);
    bool good = bytes;
    for (size_t first = 0; good && first < gallery->count; first += GALLERY_BATCH) {
        const size_t left = gallery->count - first, count = left < GALLERY_BATCH ? left : GALLERY_BATCH;
        part(gallery, first, count, bytes);
        file_write(file, bytes, count * size);
        good = gallery_goes_on(gallery, error);
    }
    free(bytes);
    return good;
}

typedef void array_beginning(struct file *file, const size_t *sizes, size_t dimensions);

static bool write_images(const struct gallery *gallery, const char *path, array_beginning *begin, struct error *error)
{
    const size_t sizes[] = {gallery->count, gallery->height, gallery->width};
    struct file *file = file_create(path, error);
    if (!file) {
        return false;
    }
    begin(file, sizes, 3);
    if (!write_parts(gallery, file, pixels_of(gallery), draw_batch, error)) {
        file_abandon(file);
        return false;
    }
    return file_commit(file, error);
}

bool gallery_write_npy(const struct gallery *gallery, const char *path, struct error *error)
{
    return write_images(gallery, path, array_begin_npy, error);
}

/* The name of the labels beside the images of path, to be freed with free(). */
static char *labels_path(const char *path, struct error *error)
{
    static const char OLD[] = "images-idx3", NEW[] = "labels-idx1", ADDED[] = "-labels";
    const size_t bytes = strlen(path) + sizeof ADDED;
    char *labels = memory_allocate(bytes, 1, "a file name", error);
    const char *name = path_name(path), *usual = strstr(name, OLD), *ending = strrchr(name, '.');
    if (labels && usual) {
        snprintf(labels, bytes, "%.*s%s%s", (int)(usual - path), path, NEW, usual + strlen(OLD));
    } else if (labels) {
        const size_t length = ending ? (size_t)(ending - path) : strlen(path);
        snprintf(labels, bytes, "%.*s%s%s", (int)length, path, ADDED, path + length);
    }
    return labels;
}

/* The labels beside the images of path, in a file yet to be committed. */
static struct file *write_labels(const struct gallery *gallery, const char *path, struct error *error)
{
    char *labels = labels_path(path, error);
    struct file *file = labels ? file_create(labels, error) : NULL;
    free(labels);
    if (!file) {
        return NULL;
    }
    array_begin_idx(file, &gallery->count, 1);
    if (!write_parts(gallery, file, 1, print_labels, error)) {
        file_abandon(file);
        return NULL;
    }
    return file;
}

bool gallery_write_idx(const struct gallery *gallery, const char *path, struct error *error)
{
    const bool labelled = gallery->classes && strcmp(path, "-") != 0;
    struct file *labels = NULL;
    if (labelled && !(labels = write_labels(gallery, path, error))) {
        return false;
    }
    if (!write_images(gallery, path, array_begin_idx, error)) {
        file_abandon(labels);
        return false;
    }
    return !labels || file_commit(labels, error);
}

static bool add_frame(const struct gallery *gallery, unsigned char *bytes, struct gif *gif, struct error *error)
{
    const struct image image = {gallery->height, gallery->width, bytes};
    struct image frame;
    const bool good = image_enlarge(&image, gallery->scale, &frame, error);
    if (good) {
        gif_add(gif, &frame, GIF_DELAY_CS);
    }
    image_free(&frame);
    return good && gallery_goes_on(gallery, error);
}

/* Through the images and back, or round. */
static bool add_frames(const struct gallery *gallery, unsigned char *bytes, struct gif *gif, struct error *error)
{
    const size_t pixels = pixels_of(gallery), last = gallery->count - 1;
    const bool is_round = last > 0 && memcmp(bytes, bytes + last * pixels, pixels) == 0;
    const size_t frames = is_round || last == 0 ? last + !is_round : 2 * last;
    bool good = true;
    for (size_t i = 0; good && i < frames; i++) {
        good = add_frame(gallery, bytes + (i <= last ? i : frames - i) * pixels, gif, error);
    }
    return good;
}

bool gallery_write_gif(const struct gallery *gallery, const char *path, struct error *error)
{
    unsigned char *bytes = memory_allocate(gallery->count, pixels_of(gallery), "the images", error);
    const size_t scale = gallery->scale;
    struct gif *gif = bytes ? gif_create(path, scale * gallery->height, scale * gallery->width, error) : NULL;
    bool good = gif && gallery_draw(gallery, 0, gallery->count, bytes, error) && add_frames(gallery, bytes, gif, error);
    if (good) {
        good = gif_commit(gif, error);
    } else {
        gif_abandon(gif);
    }
    free(bytes);
    return good;
}
