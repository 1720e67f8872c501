#include "eval/subset.h"
#include "nn/rng.h"

void subset_order(enum subset subset, uint64_t seed, size_t count, uint32_t *order)
{
    rng_permutation((struct rng_stream){.seed = seed, .purpose = RNG_SUBSET, .part = (uint32_t)subset}, count, order);
}
