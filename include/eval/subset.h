/* Which images are taken where not all of a set are: a permutation, whose first ones they are. A set's first images may
 * be its easiest. */
#ifndef EVAL_SUBSET_H
#define EVAL_SUBSET_H

#include <stddef.h>
#include <stdint.h>

enum subset {
    SUBSET_TEST, /* test images that make a manifold */
    SUBSET_TRAINING, /* training images that are measured beside generated ones */
    SUBSET_CLASSES, /* training images whose classes a conditional generator is asked for, image i for that of order[i]
                     */
};

/* The order of `count` images, a permutation of 0 .. count - 1 into order [count]. Depends on its arguments alone. */
void subset_order(enum subset subset, uint64_t seed, size_t count, uint32_t *order);

#endif
