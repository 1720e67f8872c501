#include "eval/subset.h"
#include "base/memory.h"
#include "nn/rng.h"

#include <stdlib.h>

void subset_order(enum subset subset, uint64_t seed, size_t count, uint32_t *order)
{
    rng_permutation((struct rng_stream){.seed = seed, .purpose = RNG_SUBSET, .part = (uint32_t)subset}, count, order);
}

bool subset_classes(uint64_t seed, const unsigned char *labels, size_t training, size_t first, size_t count,
                    unsigned char *asked, struct error *error)
{
    uint32_t *order = memory_allocate(training, sizeof *order, "the order of the classes", error);
    if (!order) {
        return false;
    }
    subset_order(SUBSET_CLASSES, seed, training, order);
    for (size_t i = 0; i < count; i++) {
        asked[i] = labels[order[(first + i) % training]];
    }
    free(order);
    return true;
}
