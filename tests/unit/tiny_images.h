/* Tiny images of three classes, which a judge learns soon (by 30 updates). */
#ifndef TESTS_TINY_IMAGES_H
#define TESTS_TINY_IMAGES_H

#include "unit.h"

#include <stdlib.h>

#include "eval/judge.h"

enum {
    TINY_HEIGHT = 4,
    TINY_WIDTH = 5,
    TINY_PIXELS = TINY_HEIGHT * TINY_WIDTH,
    TINY_CLASSES = 3,
    TINY_UPDATES = 1 /* valgrind takes a second for each */
};

static const struct judge_shape TINY_SHAPE = {TINY_HEIGHT, TINY_WIDTH, TINY_CLASSES, TINY_UPDATES};

struct tiny_images {
    unsigned char *bytes, *labels; /* [count][TINY_PIXELS], [count] */
    size_t count;
};

/* Images that differ for each `seed`: of each class every third pixel is brighter than the rest. */
static inline struct tiny_images tiny_make(size_t count, uint32_t seed)
{
    struct tiny_images tiny = {malloc(count * TINY_PIXELS), malloc(count), count};
    assert_non_null(tiny.bytes);
    assert_non_null(tiny.labels);
    uint32_t random = seed * 2654435761u + 1;
    for (size_t i = 0; i < count; i++) {
        random = random * 1664525 + 1013904223;
        tiny.labels[i] = (unsigned char)((random >> 16) % TINY_CLASSES);
        for (size_t p = 0; p < TINY_PIXELS; p++) {
            random = random * 1664525 + 1013904223;
            tiny.bytes[i * TINY_PIXELS + p] =
                (unsigned char)((random >> 24) * 3 / 5 + (p % TINY_CLASSES == tiny.labels[i] ? 100 : 0));
        }
    }
    return tiny;
}

static inline void tiny_free(struct tiny_images tiny)
{
    free(tiny.bytes);
    free(tiny.labels);
}

static inline struct image_set tiny_set(struct tiny_images tiny)
{
    return (struct image_set){tiny.bytes, tiny.count, TINY_PIXELS};
}

static inline struct labelled_set tiny_labelled(struct tiny_images tiny)
{
    return (struct labelled_set){tiny_set(tiny), tiny.labels};
}

/* A judge of them, to be freed. */
static inline struct judge *tiny_judge(struct tiny_images tiny)
{
    static const struct watch NOBODY;
    struct error error;
    struct judge *judge = judge_train(TINY_SHAPE, tiny_labelled(tiny), &NOBODY, &error);
    assert_non_null(judge);
    return judge;
}

#endif
