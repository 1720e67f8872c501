/* How the threads of a team share a network: each has an even share of every layer's outputs, the same one in every
 * product and in the optimizer, so that a core finds in its own cache what it wrote before. A team outside of a
 * parallel region is one thread, which has it all. */
#ifndef NN_TEAM_H
#define NN_TEAM_H

#include "nn/matrix.h"

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

/* Where the middle of a tile is among the columns: more than 0, less than 1. */
static inline double tile_place(size_t columns, size_t tile)
{
    return ((double)(tile * TILE_COLUMNS) + (double)tile_width(columns, tile) / 2) / (double)columns;
}

/* Whose of `threads` threads is what lies at a place, from 0 to below 1. */
static inline int thread_at(double place, int threads)
{
    return (int)(place * threads);
}

/* Whether it is the calling thread's. */
static inline bool place_is_mine(double place)
{
    return thread_at(place, omp_get_num_threads()) == omp_get_thread_num();
}

/* The calling thread's first tile from number `from` on, or, where it has no more, the number of tiles or beyond. */
static inline size_t own_tile(size_t columns, size_t from)
{
    while (from < tile_count(columns) && !place_is_mine(tile_place(columns, from))) {
        from++;
    }
    return from;
}

/* The same for a second product without a barrier after the first: where there are fewer tiles than threads, these are
 * counted from the last, so that tiles fall to threads that have none of the first. */
static inline size_t second_own_tile(size_t columns, size_t from)
{
    const int threads = omp_get_num_threads(), last = threads - 1;
    if (tile_count(columns) >= (size_t)threads) {
        return own_tile(columns, from);
    }
    while (from < tile_count(columns) && thread_at(tile_place(columns, from), threads) != last - omp_get_thread_num()) {
        from++;
    }
    return from;
}

#endif
