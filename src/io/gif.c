#include "io/gif.h"

#include "base/memory.h"
#include "io/file.h"

#include <gif_lib.h>
#include <stdlib.h>

enum {
    GREY_BITS = 6, /* of the palette */
    GREYS = 1 << GREY_BITS,
};

struct gif {
    char *path;
    struct file *file;
    GifFileType *encoder;
    size_t height, width;
    GifPixelType *line; /* [width] */
    bool failed; /* for this reason; what fails in writing is kept by file */
    struct error error;
};

static int write_bytes(GifFileType *encoder, const GifByteType *bytes, int count)
{
    file_write(encoder->UserData, bytes, (size_t)count);
    return count; /* file keeps a failure; giflib does not heed all of those it is told */
}

static bool begin(GifFileType *encoder, int width, int height)
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
    EGifSetGifVersion(encoder, true);
    bool begun = EGifPutScreenDesc(encoder, width, height, GREY_BITS, 0, palette) == GIF_OK;
    GifFreeMapObject(palette);
    static const char repeat[] = "NETSCAPE2.0";
    static const GifByteType forever[] = {1, 0, 0}; /* sub-block 1: the number of repetitions, 0 for no end */
    return begun && EGifPutExtensionLeader(encoder, APPLICATION_EXT_FUNC_CODE) == GIF_OK &&
           EGifPutExtensionBlock(encoder, sizeof repeat - 1, repeat) == GIF_OK &&
           EGifPutExtensionBlock(encoder, sizeof forever, forever) == GIF_OK &&
           EGifPutExtensionTrailer(encoder) == GIF_OK;
}

/* Closes the encoder, which writes the file's end. */
static void end(struct gif *gif)
{
    if (gif->encoder && EGifCloseFile(gif->encoder, NULL) != GIF_OK) {
        gif->failed = true;
    }
    gif->encoder = NULL;
}

struct gif *gif_create(const char *path, size_t height, size_t width, struct error *error)
{
    if (height > GIF_SIDE_MAX || width > GIF_SIDE_MAX) {
        error_set(error, STATUS_FAILED, "%s: %zu x %zu pixels are too many for a GIF; wanted %d a side at most", path,
                  height, width, GIF_SIDE_MAX);
        return NULL;
    }
    struct gif *gif = memory_allocate(1, sizeof *gif, "an animation", error);
    if (!gif) {
        return NULL;
    }
    gif->height = height;
    gif->width = width;
    if (!(gif->path = memory_copy_string(path, error)) ||
        !(gif->line = memory_allocate(width, 1, "a row of a GIF", error)) || !(gif->file = file_create(path, error))) {
        gif_abandon(gif);
        return NULL;
    }
    error_set(&gif->error, STATUS_FAILED, "%s: no memory to pack a GIF of %zu x %zu pixels", path, height, width);
    gif->encoder = EGifOpen(gif->file, write_bytes, NULL);
    gif->failed = !gif->encoder || !begin(gif->encoder, (int)width, (int)height);
    return gif;
}

static bool add(struct gif *gif, const struct image *frame, uint16_t delay_cs)
{
    if (frame->height != gif->height || frame->width != gif->width) {
        return error_set(&gif->error, STATUS_FAILED, "%s: a frame has %zu x %zu pixels; wanted %zu x %zu, as the first",
                         gif->path, frame->height, frame->width, gif->height, gif->width);
    }
    GifByteType control[4];
    const GraphicsControlBlock block = {
        .DisposalMode = DISPOSE_DO_NOT, .DelayTime = delay_cs, .TransparentColor = NO_TRANSPARENT_COLOR};
    EGifGCBToExtension(&block, control);
    int width = (int)frame->width, height = (int)frame->height;
    if (EGifPutExtension(gif->encoder, GRAPHICS_EXT_FUNC_CODE, sizeof control, control) != GIF_OK ||
        EGifPutImageDesc(gif->encoder, 0, 0, width, height, false, NULL) != GIF_OK) {
        return false;
    }
    for (int y = 0; y < height; y++) {
        const unsigned char *pixels = frame->pixels + (size_t)y * frame->width;
        for (int x = 0; x < width; x++) {
            gif->line[x] = (GifPixelType)((pixels[x] * (GREYS - 1) + 127) / 255);
        }
        if (EGifPutLine(gif->encoder, gif->line, width) != GIF_OK) {
            return false;
        }
    }
    return true;
}

void gif_add(struct gif *gif, const struct image *frame, uint16_t delay_cs)
{
    gif->failed = gif->failed || !add(gif, frame, delay_cs);
}

bool gif_commit(struct gif *gif, struct error *error)
{
    end(gif);
    bool done;
    if (gif->failed) {
        *error = gif->error;
        done = false;
    } else {
        done = file_commit(gif->file, error);
        gif->file = NULL;
    }
    gif_abandon(gif);
    return done;
}

void gif_abandon(struct gif *gif)
{
    if (!gif) {
        return;
    }
    end(gif);
    file_abandon(gif->file);
    free(gif->path);
    free(gif->line);
    free(gif);
}
