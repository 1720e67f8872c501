/* Random numbers that depend on what they are for, never on what was drawn before, on which thread or in which process:
 * Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
 *
 * The key is the seed (low word first). The counter is
 *     word 0  number of the block of four words within the sample, from 0
 *     word 1  sample
 *     word 2  step, low 32 bits
 *     word 3  purpose << 24 | part << 16 | bits 32 to 47 of step
 * Word w of a sample is output word w % 4 of block w / 4.
 *
 * A uniform number in (0, 1) is (word + 0.5) / 2^32; in the float build only the word's upper 24 bits are used,
 * ((word >> 8) + 0.5) / 2^24, rounded to below 1. A pair of normals comes from the words w0, w1 by Box and
 * Muller (1958), with all bits of the words:
 *     sqrt(-2 log u(w0)) cos(2 pi u(w1)), sqrt(-2 log u(w0)) sin(2 pi u(w1)). */
#ifndef NN_RNG_H
#define NN_RNG_H

#include "nn/real.h"

#include <stddef.h>
#include <stdint.h>

enum rng_purpose {
    RNG_WEIGHTS = 1, /* part: which tensor; step: attempt; sample: row of the tensor */
    RNG_NOISE = 2, /* z of training; step: which draw of z; sample: row of the batch */
    RNG_DROPOUT = 3, /* part: which layer; step: which pass; sample: row of the batch */
    RNG_SHUFFLE = 4, /* of training images; step: epoch; sample 0; word i: element i */
    RNG_GRID = 5, /* z of the grids of samples; sample: image */
    RNG_DIGITS = 6, /* the built-in digits; sample: image */
    RNG_SUBSET = 7, /* which images are measured; part: enum subset (eval/subset.h); sample 0 */
};

struct rng_stream {
    uint64_t seed;
    enum rng_purpose purpose;
    uint32_t part; /* 0 .. 255 */
    uint64_t step; /* 0 .. 2^48 - 1 */
};

/* The words of blocks first_block .. first_block + blocks - 1 of a sample; words holds [4 * blocks]. */
void rng_words(struct rng_stream stream, uint32_t sample, uint32_t first_block, size_t blocks, uint32_t *words);

/* The first count uniform numbers in (low, high) of a sample, from words 0, 1, 2 ... */
void rng_uniform(struct rng_stream stream, uint32_t sample, real low, real high, size_t count, real *out);

/* The first count standard normals of a sample, from the word pairs (0, 1), (2, 3) ... */
void rng_normal(struct rng_stream stream, uint32_t sample, size_t count, real *out);

/* The pair of standard normals that two words give. */
void rng_normal_pair(uint32_t word0, uint32_t word1, real pair[2]);

/* A permutation of 0 .. count - 1 into order [count]: Fisher and Yates over the identity, from i = count - 1 down to 1,
 * element i exchanged with element (word_i * (i + 1)) >> 32, where word_i is word i of sample 0. count < 2^32. */
void rng_permutation(struct rng_stream stream, size_t count, uint32_t *order);

#endif
