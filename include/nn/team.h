/* How the threads of a team share a network: each has an even share of every layer's outputs, the same one in every
 * product and in the optimizer, so that a core finds in its own cache what it wrote before. A team outside of a
 * parallel region is one thread, which has it all. */
#ifndef NN_TEAM_H
#define NN_TEAM_H

#include "nn/matmul.h"

#include <omp.h>
#include <stdbool.h>

enum {
    CHUNK = 4096 /* numbers of a block of parameters that are worked on together: they fit a core's nearest cache */
};

/* The number of chunks that a block of so many numbers has. */
static inline size_t chunk_count(size_t numbers)
{
    return (numbers + CHUNK - 1) / CHUNK;
}

/* How many numbers chunk number `chunk` has; the last may have fewer. */
static inline size_t chunk_size(size_t numbers, size_t chunk)
{
    const size_t left = numbers - chunk * CHUNK;
    return left < CHUNK ? left : CHUNK;
}

/* Whose of `threads` threads a share of the work is, by where in the work it lies: from 0 to below 1. */
static inline int thread_of(double share, int threads)
{
    return (int)(share * threads);
}

/* Whether it is the calling thread's. */
static inline bool share_is_mine(double share)
{
    return thread_of(share, omp_get_num_threads()) == omp_get_thread_num();
}

/* A thread's tiles of so many columns, one after another:
 *
 *     for (struct own_tiles own = own_tiles(columns); next_tile(&own);) {... own.tile ...} */
struct own_tiles {
    size_t columns, shares, count; /* of tiles, all threads' */
    size_t number; /* of the next tile to look at */
    int thread, threads;
    struct tile tile;
};

static inline bool next_tile(struct own_tiles *own)
{
    while (own->number < own->count) {
        const size_t number = own->number++;
        if (thread_of(((double)number + 0.5) / (double)own->count, own->threads) == own->thread) {
            own->tile = tile_at(own->columns, own->shares, number);
            return true;
        }
    }
    return false;
}

/* Those of the calling thread, cut for the team where that leaves the bits as they are. */
static inline struct own_tiles own_tiles(size_t columns)
{
    const int threads = omp_get_num_threads();
    const size_t shares = matmul_is_divisible() ? (size_t)threads : TILE_SHARES;
    return (struct own_tiles){.columns = columns,
                              .shares = shares,
                              .count = tile_count(columns, shares),
                              .thread = omp_get_thread_num(),
                              .threads = threads};
}

/* The same for a second product without a barrier after the first: where there are fewer tiles than threads, these are
 * counted from the last, so that tiles fall to threads that have none of the first. */
static inline struct own_tiles second_own_tiles(size_t columns)
{
    struct own_tiles own = own_tiles(columns);
    if (own.count < (size_t)own.threads) {
        own.thread = own.threads - 1 - own.thread;
    }
    return own;
}

#endif
