#include "io/image.h"

#include "base/memory.h"
#include "io/file.h"
#include "io/regular.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Packs for stb_image_write, whose own packer is slow and loose; the result is stb's, to be freed with free(). The
 * level is not the one stb asks for: from 8 on a grid of digits takes five times as long to become a twentieth
 * smaller. */
static unsigned char *pack(unsigned char *bytes, int count, int *packed_count, int level)
{
    (void)level;
    uLongf size = compressBound((uLong)count);
    unsigned char *packed = malloc(size);
    if (!packed || compress2(packed, &size, bytes, (uLong)count, Z_DEFAULT_COMPRESSION) != Z_OK || size > INT_MAX) {
        free(packed);
        return NULL;
    }
    *packed_count = (int)size;
    return packed;
}

#ifndef __clang_analyzer__ /* which would judge stb's code beside ours */
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#endif
#define STBIW_ZLIB_COMPRESS pack
#include <stb/stb_image_write.h>

#ifndef __clang_analyzer__
#define STB_IMAGE_IMPLEMENTATION
#endif
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_NO_FAILURE_STRINGS
#ifndef __clang__
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized" /* GCC 14 says so of stb's code, wrongly */
#endif
#include <stb/stb_image.h>
#ifndef __clang__
#pragma GCC diagnostic pop
#endif

enum {
    SIDE_MAX = INT_MAX / 2, /* pixels: what the libraries that write it can count */
    LINE_WIDTH = 2, /* of a grid, in pixels */
    LINE_GREY = 72,
};

size_t image_grid_side(size_t images, size_t side)
{
    return images * (side + LINE_WIDTH) + LINE_WIDTH;
}

bool image_grid(const unsigned char *bytes, size_t count, size_t rows, size_t columns, size_t height, size_t width,
                struct image *grid, struct error *error)
{
    *grid = (struct image){0};
    const size_t most = SIDE_MAX;
    size_t grid_height, grid_width;
    if (height > most || width > most || !size_multiply(rows, height + LINE_WIDTH, &grid_height) ||
        !size_multiply(columns, width + LINE_WIDTH, &grid_width) || grid_height > most || grid_width > most) {
        return error_set(error, STATUS_FAILED, "a grid of %zu x %zu images of %zu x %zu pixels is too large", rows,
                         columns, height, width);
    }
    grid_height += LINE_WIDTH;
    grid_width += LINE_WIDTH;
    unsigned char *pixels = memory_allocate(grid_height, grid_width, "a grid of images", error);
    if (!pixels) {
        return false;
    }
    *grid = (struct image){grid_height, grid_width, pixels};
    memset(pixels, LINE_GREY, grid_height * grid_width);
    for (size_t cell = 0; cell < rows * columns; cell++) {
        size_t top = LINE_WIDTH + cell / columns * (height + LINE_WIDTH);
        size_t left = LINE_WIDTH + cell % columns * (width + LINE_WIDTH);
        for (size_t y = 0; y < height; y++) {
            unsigned char *row = pixels + (top + y) * grid_width + left;
            if (cell < count) {
                memcpy(row, bytes + (cell * height + y) * width, width);
            } else {
                memset(row, 0, width);
            }
        }
    }
    return true;
}

void image_free(struct image *image)
{
    free(image->pixels);
    *image = (struct image){0};
}

bool image_enlarge(const struct image *image, size_t scale, struct image *enlarged, struct error *error)
{
    const size_t most = SIDE_MAX / scale;
    *enlarged = (struct image){0};
    if (image->height > most || image->width > most) {
        return error_set(error, STATUS_FAILED, "%zu x %zu pixels, each as %zu x %zu, are too many", image->height,
                         image->width, scale, scale);
    }
    const size_t height = image->height * scale, width = image->width * scale;
    unsigned char *pixels = memory_allocate(height, width, "an enlarged image", error);
    if (!pixels) {
        return false;
    }
    *enlarged = (struct image){height, width, pixels};
    for (size_t y = 0; y < height; y++) {
        const unsigned char *from = image->pixels + y / scale * image->width;
        for (size_t x = 0; x < width; x++) {
            pixels[y * width + x] = from[x / scale];
        }
    }
    return true;
}

static void png_write(void *file, void *bytes, int count)
{
    file_write(file, bytes, (size_t)count);
}

typedef struct file *(*create_file)(const char *path, struct error *error);

bool image_fits_png(size_t height, size_t width)
{
    /* stb counts the bytes, and one more for each row, in an int */
    return width < INT_MAX && height < INT_MAX && width + 1 <= INT_MAX / (height + 1);
}

static bool write_png(const char *path, create_file create, const struct image *image, struct error *error)
{
    if (!image_fits_png(image->height, image->width)) {
        return error_set(error, STATUS_FAILED, "%s: %zu x %zu pixels are too many for a PNG", path, image->height,
                         image->width);
    }
    struct file *file = create(path, error);
    if (!file) {
        return false;
    }
    stbi_write_force_png_filter = 0; /* grids of digits pack faster and smaller without */
    int width = (int)image->width, height = (int)image->height;
    if (!stbi_write_png_to_func(png_write, file, width, height, 1, image->pixels, width)) {
        file_abandon(file);
        return error_set(error, STATUS_FAILED, "%s: no memory to pack a PNG of %d x %d pixels", path, height, width);
    }
    return file_commit(file, error);
}

bool image_write_png(const char *path, const struct image *image, struct error *error)
{
    return write_png(path, file_create, image, error);
}

bool image_write_png_unsynced(const char *path, const struct image *image, struct error *error)
{
    return write_png(path, file_create_unsynced, image, error);
}

bool image_write_enlarged(const char *path, const struct image *image, size_t scale, image_writer *write_image,
                          struct error *error)
{
    if (scale == 1) {
        return write_image(path, image, error);
    }
    struct image enlarged;
    const bool good = image_enlarge(image, scale, &enlarged, error) && write_image(path, &enlarged, error);
    image_free(&enlarged);
    return good;
}

bool image_read_png(const char *path, struct image *image, struct error *error)
{
    *image = (struct image){0};
    char *bytes;
    size_t size;
    if (!regular_load(path, "a PNG", INT_MAX, &bytes, &size, error)) {
        return false;
    }
    int width = 0, height = 0, channels;
    image->pixels = stbi_load_from_memory((const unsigned char *)bytes, (int)size, &width, &height, &channels, 1);
    free(bytes);
    if (!image->pixels) {
        return error_set(error, STATUS_USAGE, "%s: is not a PNG that can be read", path);
    }
    image->height = (size_t)height;
    image->width = (size_t)width;
    return true;
}
