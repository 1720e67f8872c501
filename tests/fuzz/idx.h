/* Reading one file in each way that there is. */
#ifndef TESTS_FUZZ_IDX_H
#define TESTS_FUZZ_IDX_H

#include "fuzz.h"

#include "data/idx.h"

/* Checks what a reading left; whether it took the file. */
static inline bool check_idx(bool taken, const struct idx *idx, const struct error *error)
{
    if (taken) {
        promise(idx->count > 0 && idx->count <= idx->total, "a count of 1 or more");
        promise(idx->height > 0 && idx->width > 0, "a size of 1 or more");
        touch(idx->bytes, idx->count * idx->height * idx->width);
    } else {
        promise(!idx->bytes, "nothing held after a refusal");
        check_refusal(error);
    }
    return taken;
}

/* Reads images and labels; whether the file was taken for images, which *images then holds, or for labels. */
static inline bool read_idx(const char *path, struct idx *images)
{
    struct error error = {0};
    struct idx labels, some;
    const bool has_labels = check_idx(idx_read_labels(path, &labels, &error), &labels, &error);
    const bool has_some = check_idx(idx_read_images(path, 2, &some, &error), &some, &error);
    const bool has_images = check_idx(idx_read_images(path, 0, images, &error), images, &error);
    promise(has_images == has_some, "the whole file is checked under a limit");
    promise(!has_images || memcmp(images->bytes, some.bytes, some.count * some.height * some.width) == 0,
            "the first images under a limit");
    promise(!(has_images && has_labels), "images are not labels");
    idx_free(&labels);
    idx_free(&some);
    return has_images || has_labels;
}

#endif
