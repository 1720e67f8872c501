#include "nn/rng.h"

#include "nn/elementary.h"

enum {
    ROUNDS = 10,
    LANES = 16, /* blocks computed side by side: one vector register of the widest kind */
    CHUNK = 4 * LANES,
    SHUFFLE_WORDS = 4096 /* drawn at a time */
};

/* The words of LANES consecutive blocks: the bijection of the paper, each line over all lanes so that it becomes
 * vector code. words [LANES][4]. */
static void philox_lanes(const uint32_t key[2], uint32_t first_block, const uint32_t counter[3], uint32_t *words)
{
    uint32_t c0[LANES], c1[LANES], c2[LANES], c3[LANES];
    for (uint32_t l = 0; l < LANES; l++) {
        c0[l] = first_block + l;
        c1[l] = counter[0];
        c2[l] = counter[1];
        c3[l] = counter[2];
    }
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < ROUNDS; round++) {
#pragma omp simd
        for (int l = 0; l < LANES; l++) {
            uint64_t product0 = (uint64_t)0xD2511F53u * c0[l];
            uint64_t product1 = (uint64_t)0xCD9E8D57u * c2[l];
            uint32_t n0 = (uint32_t)(product1 >> 32) ^ c1[l] ^ k0;
            uint32_t n2 = (uint32_t)(product0 >> 32) ^ c3[l] ^ k1;
            c0[l] = n0;
            c1[l] = (uint32_t)product1;
            c2[l] = n2;
            c3[l] = (uint32_t)product0;
        }
        k0 += 0x9E3779B9u; /* the golden ratio and sqrt(3) - 1, as the paper's Weyl sequence */
        k1 += 0xBB67AE85u;
    }
    for (int l = 0; l < LANES; l++) {
        words[4 * l + 0] = c0[l];
        words[4 * l + 1] = c1[l];
        words[4 * l + 2] = c2[l];
        words[4 * l + 3] = c3[l];
    }
}

void rng_words(struct rng_stream stream, uint32_t sample, uint32_t first_block, size_t blocks, uint32_t *words)
{
    const uint32_t key[2] = {(uint32_t)stream.seed, (uint32_t)(stream.seed >> 32)};
    const uint32_t counter[3] = {sample, (uint32_t)stream.step,
                                 (uint32_t)stream.purpose << 24 | (stream.part & 255) << 16 |
                                     ((uint32_t)(stream.step >> 32) & 65535)};
    for (; blocks >= LANES; blocks -= LANES, first_block += LANES, words += CHUNK) {
        philox_lanes(key, first_block, counter, words);
    }
    if (blocks) {
        uint32_t last[CHUNK];
        philox_lanes(key, first_block, counter, last);
        for (size_t i = 0; i < 4 * blocks; i++) {
            words[i] = last[i];
        }
    }
}

#ifdef GAN_DOUBLE

static inline real uniform(uint32_t word)
{
    return ((real)word + 0.5) * 0x1p-32;
}

#else

/* From the upper 24 bits. The greatest of them and a half have no float of their own: they round to 1, which is kept
 * out. */
static inline real uniform(uint32_t word)
{
    const real u = ((real)(word >> 8) + 0.5f) * 0x1p-24f;
    return u < 1 ? u : 1 - 0x1p-24f;
}

#endif

/* In (0, 1], as fine near 0 as real is: what a logarithm wants. */
static inline real uniform_fine(uint32_t word)
{
    return (real)word * (real)0x1p-32 + (real)0x1p-33;
}

void rng_uniform(struct rng_stream stream, uint32_t sample, real low, real high, size_t count, real *out)
{
    uint32_t words[CHUNK];
    for (size_t done = 0; done < count; done += CHUNK) {
        rng_words(stream, sample, (uint32_t)(done / 4), LANES, words);
        size_t n = count - done < CHUNK ? count - done : CHUNK;
        for (size_t i = 0; i < n; i++) {
            out[done + i] = low + (high - low) * uniform(words[i]);
        }
    }
}

/* Box and Muller's pair. */
static inline void normal_pair(uint32_t word0, uint32_t word1, real *first, real *second)
{
    real sine, cosine;
    real radius = real_sqrt(-2 * real_log(uniform_fine(word0)));
    real_sincos_turns(uniform_fine(word1), &sine, &cosine);
    *first = radius * cosine;
    *second = radius * sine;
}

void rng_normal_pair(uint32_t word0, uint32_t word1, real pair[2])
{
    normal_pair(word0, word1, &pair[0], &pair[1]);
}

void rng_normal(struct rng_stream stream, uint32_t sample, size_t count, real *out)
{
    uint32_t words[CHUNK];
    real normals[CHUNK];
    for (size_t done = 0; done < count; done += CHUNK) {
        rng_words(stream, sample, (uint32_t)(done / 4), LANES, words);
        for (size_t i = 0; i < CHUNK; i += 2) {
            normal_pair(words[i], words[i + 1], &normals[i], &normals[i + 1]);
        }
        size_t n = count - done < CHUNK ? count - done : CHUNK;
        for (size_t i = 0; i < n; i++) {
            out[done + i] = normals[i];
        }
    }
}

void rng_permutation(struct rng_stream stream, size_t count, uint32_t *order)
{
    uint32_t words[SHUFFLE_WORDS];
    for (size_t i = 0; i < count; i++) {
        order[i] = (uint32_t)i;
    }
    size_t end = count; /* elements end, end + 1 ... are done */
    while (end > 1) {
        const size_t begin = (end - 1) / SHUFFLE_WORDS * SHUFFLE_WORDS;
        rng_words(stream, 0, (uint32_t)(begin / 4), SHUFFLE_WORDS / 4, words);
        for (size_t i = end - 1; i >= begin && i > 0; i--) {
            const size_t j = (size_t)(((uint64_t)words[i - begin] * (i + 1)) >> 32);
            const uint32_t exchanged = order[i];
            order[i] = order[j];
            order[j] = exchanged;
        }
        end = begin;
    }
}
