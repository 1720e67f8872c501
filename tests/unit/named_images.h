/* Images that say which class they are of, and a judge who knows: pixel c of an image of class c is white, the others
 * are dark, and the judge's features are the pixels. */
#ifndef TESTS_NAMED_IMAGES_H
#define TESTS_NAMED_IMAGES_H

#include "unit.h"

#include <stdlib.h>

#include "eval/judge.h"
#include "nn/network.h"

enum { NAMED_HEIGHT = 8, NAMED_WIDTH = 16, NAMED_PIXELS = NAMED_HEIGHT * NAMED_WIDTH, NAMED_CLASSES = NAMED_PIXELS };

/* A matrix with ones on its diagonal into a network's. */
static inline void named_set_identity(const struct judge *judge, size_t number)
{
    struct tensor tensor;
    assert_true(network_tensor(judge->network, number, &tensor));
    assert_true(tensor.weight);
    for (size_t i = 0; i < NAMED_PIXELS; i++) {
        tensor.data[i * tensor.columns + i] = 1;
    }
}

/* To be freed. */
static inline struct judge *named_judge(void)
{
    struct error error;
    struct judge *judge = judge_create((struct judge_shape){NAMED_HEIGHT, NAMED_WIDTH, NAMED_CLASSES, 0}, &error);
    assert_non_null(judge);
    assert_int_equal(JUDGE_FEATURES, NAMED_PIXELS);
    for (size_t number = 0; number < 6; number += 2) {
        named_set_identity(judge, number);
    }
    return judge;
}

/* An image of a class, whose other pixels are 0 to 100, for each `random` other ones. */
static inline void named_fill(unsigned char *image, size_t class, uint32_t random)
{
    random = random * 2654435761u + 12345;
    for (size_t p = 0; p < NAMED_PIXELS; p++) {
        random = random * 1664525 + 1013904223;
        image[p] = p == class ? 255 : (unsigned char)((random >> 24) * 100 / 255);
    }
}

/* Images of these classes [count], to be freed. */
static inline unsigned char *named_make(const unsigned char *classes, size_t count, uint32_t random)
{
    unsigned char *bytes = malloc(count * NAMED_PIXELS);
    assert_non_null(bytes);
    for (size_t i = 0; i < count; i++) {
        named_fill(bytes + i * NAMED_PIXELS, classes[i], random + (uint32_t)i);
    }
    return bytes;
}

#endif
