/* Which images are taken where not all of a set are: a permutation, whose first ones they are. A set's first images may
 * be its easiest. */
#ifndef EVAL_SUBSET_H
#define EVAL_SUBSET_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum subset {
    SUBSET_TEST, /* test images that make a manifold */
    SUBSET_TRAINING, /* training images that are measured beside generated ones */
    SUBSET_CLASSES, /* training images whose classes a conditional generator is asked for */
};

/* The order of `count` images, a permutation of 0 .. count - 1 into order [count]. Depends on its arguments alone. */
void subset_order(enum subset subset, uint64_t seed, size_t count, uint32_t *order);

/* The classes that a conditional generator is asked for in its images first .. first + count - 1, into asked [count]:
 * those of training images, with labels [training], in the order of SUBSET_CLASSES, again from the beginning where
 * there are no more. So there are as many of each as a draw of training images has. STATUS_FAILED where memory is
 * short. */
bool subset_classes(uint64_t seed, const unsigned char *labels, size_t training, size_t first, size_t count,
                    unsigned char *asked, struct error *error);

#endif
