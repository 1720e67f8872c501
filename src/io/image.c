#include "io/image.h"

#include "base/memory.h"
#include "io/file.h"

#include <gif_lib.h>
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

enum {
    LINE_WIDTH = 2, /* of a grid, in pixels */
    LINE_GREY = 72,
    GREY_BITS = 6, /* of a GIF's palette */
    GREYS = 1 << GREY_BITS,
};

size_t image_grid_side(size_t images, size_t side)
{
    return images * (side + LINE_WIDTH) + LINE_WIDTH;
}

bool image_grid(const unsigned char *bytes, size_t count, size_t rows, size_t columns, size_t height, size_t width,
                struct image *grid, struct error *error)
{
    *grid = (struct image){0};
    const size_t most = INT_MAX / 2; /* of what the libraries that write it can count */
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

static void png_write(void *file, void *bytes, int count)
{
    file_write(file, bytes, (size_t)count);
}

bool image_write_png(const char *path, const struct image *image, struct error *error)
{
    /* stb counts the bytes, and one more for each row, in an int */
    if (image->width >= INT_MAX || image->height >= INT_MAX || image->width + 1 > INT_MAX / (image->height + 1)) {
        return error_set(error, STATUS_FAILED, "%s: %zu x %zu pixels are too many for a PNG", path, image->height,
                         image->width);
    }
    struct file *file = file_create(path, error);
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

static int gif_write(GifFileType *gif, const GifByteType *bytes, int count)
{
    file_write(gif->UserData, bytes, (size_t)count);
    return count; /* file keeps a failure; giflib does not heed all of those it is told */
}

static bool gif_begin(GifFileType *gif, int width, int height)
{
    GifColorType greys[GREYS];
    for (int i = 0; i < GREYS; i++) {
        GifByteType grey = (GifByteType)(i * 255 / (GREYS - 1));
        greys[i] = (GifColorType){grey, grey, grey};
    }
    ColorMapObject *palette = GifMakeMapObject(GREYS, greys);
    if (!palette) {
        return false;
    }
    EGifSetGifVersion(gif, true);
    bool begun = EGifPutScreenDesc(gif, width, height, GREY_BITS, 0, palette) == GIF_OK;
    GifFreeMapObject(palette);
    static const char repeat[] = "NETSCAPE2.0";
    static const GifByteType forever[] = {1, 0, 0}; /* sub-block 1: the number of repetitions, 0 for no end */
    return begun && EGifPutExtensionLeader(gif, APPLICATION_EXT_FUNC_CODE) == GIF_OK &&
           EGifPutExtensionBlock(gif, sizeof repeat - 1, repeat) == GIF_OK &&
           EGifPutExtensionBlock(gif, sizeof forever, forever) == GIF_OK && EGifPutExtensionTrailer(gif) == GIF_OK;
}

/* line is room for a row of the frame's pixels. */
static bool gif_frame(GifFileType *gif, const struct image *frame, uint16_t delay_cs, GifPixelType *line)
{
    GifByteType control[4];
    const GraphicsControlBlock block = {
        .DisposalMode = DISPOSE_DO_NOT, .DelayTime = delay_cs, .TransparentColor = NO_TRANSPARENT_COLOR};
    EGifGCBToExtension(&block, control);
    int width = (int)frame->width, height = (int)frame->height;
    if (EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, sizeof control, control) != GIF_OK ||
        EGifPutImageDesc(gif, 0, 0, width, height, false, NULL) != GIF_OK) {
        return false;
    }
    for (int y = 0; y < height; y++) {
        const unsigned char *pixels = frame->pixels + (size_t)y * frame->width;
        for (int x = 0; x < width; x++) {
            line[x] = (GifPixelType)((pixels[x] * (GREYS - 1) + 127) / 255);
        }
        if (EGifPutLine(gif, line, width) != GIF_OK) {
            return false;
        }
    }
    return true;
}

/* All of the GIF; false when giflib failed. Failures to write are in file. */
static bool gif_write_all(struct file *file, const struct image *frames, size_t count, uint16_t delay_cs,
                          uint16_t last_delay_cs, GifPixelType *line)
{
    GifFileType *gif = EGifOpen(file, gif_write, NULL);
    if (!gif) {
        return false;
    }
    bool well = gif_begin(gif, (int)frames[0].width, (int)frames[0].height);
    for (size_t i = 0; well && i < count; i++) {
        well = gif_frame(gif, &frames[i], i + 1 < count ? delay_cs : last_delay_cs, line);
    }
    return (EGifCloseFile(gif, NULL) == GIF_OK) && well;
}

bool image_write_gif(const char *path, const struct image *frames, size_t count, uint16_t delay_cs,
                     uint16_t last_delay_cs, struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (frames[i].width > UINT16_MAX || frames[i].height > UINT16_MAX || frames[i].width != frames[0].width ||
            frames[i].height != frames[0].height) {
            return error_set(error, STATUS_FAILED,
                             "%s: frame %zu has %zu x %zu pixels; a GIF wants all of one size, at most 65535 x 65535",
                             path, i + 1, frames[i].height, frames[i].width);
        }
    }
    GifPixelType *line = memory_allocate(frames[0].width, 1, "a row of a GIF", error);
    struct file *file = line ? file_create(path, error) : NULL;
    if (!file) {
        free(line);
        return false;
    }
    bool packed = gif_write_all(file, frames, count, delay_cs, last_delay_cs, line);
    free(line);
    if (!packed) {
        file_abandon(file);
        return error_set(error, STATUS_FAILED, "%s: no memory to pack a GIF of %zu frames", path, count);
    }
    return file_commit(file, error);
}
