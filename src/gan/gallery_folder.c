/* Generated images as a folder of PNG files. */
#include "base/memory.h"
#include "gan/gallery.h"
#include "io/folder.h"
#include "io/image.h"
#include "io/series.h"

#include <stdlib.h>

enum { NAME_SHOWN = 60 };

static const struct series IMAGES = {"image_", ".png", 5};

static bool is_image(const char *name)
{
    size_t number;
    return series_number(&IMAGES, name, &number);
}

/* Nobody's images are removed: those of other numbers are refused. */
static bool check_entry(const char *folder, const char *name, void *context, struct error *error)
{
    const size_t *count = context;
    size_t number;
    if (series_number(&IMAGES, name, &number) && number >= *count) {
        return error_set(
            error, STATUS_USAGE,
            "--output: %s holds %.*s, which is none of the %zu images wanted; wanted a folder that is new, "
            "or has no others",
            folder, NAME_SHOWN, name, *count);
    }
    return is_image(name) || path_is_leftover(name, is_image) ||
           error_set(error, STATUS_USAGE,
                     "--output: %s holds %.*s; wanted a folder that is new or holds images of gan-sample alone", folder,
                     NAME_SHOWN, name);
}

/* Removes what was left half written. */
static bool remove_leftover(const char *folder, const char *name, void *context, struct error *error)
{
    (void)context;
    return !path_is_leftover(name, is_image) || folder_remove(folder, name, error);
}

static bool write_one(const struct gallery *gallery, const char *folder, size_t number, unsigned char *pixels,
                      struct error *error)
{
    char name[SERIES_NAME];
    series_name(&IMAGES, number, name);
    char *path = path_join(folder, name, error);
    const struct image image = {gallery->height, gallery->width, pixels};
    bool good = path && image_write_enlarged(path, &image, gallery->scale, image_write_png_unsynced, error);
    free(path);
    return good;
}

bool gallery_write_folder(const struct gallery *gallery, const char *folder, struct error *error)
{
    const size_t pixels = gallery->height * gallery->width;
    size_t count = gallery->count;
    if (!folder_visit(folder, check_entry, &count, error) || !folder_make(folder, error)) {
        return false;
    }
    unsigned char *bytes = memory_allocate(GALLERY_BATCH, pixels, "the images", error);
    bool good = bytes;
    for (size_t i = 0; good && i < count; i++) {
        good = (i % GALLERY_BATCH != 0 ||
                gallery_draw(gallery, i, count - i < GALLERY_BATCH ? count - i : GALLERY_BATCH, bytes, error)) &&
               gallery_goes_on(gallery, error) &&
               write_one(gallery, folder, i, bytes + i % GALLERY_BATCH * pixels, error);
    }
    free(bytes);
    return good && folder_visit(folder, remove_leftover, NULL, error);
}
