#include "nn/rng.h"

#include "nn/elementary.h"

#include <string.h>
#ifdef __SSE2__
#include <immintrin.h>
#endif

#ifdef __clang__
#define UNROLL
#else
#define UNROLL _Pragma("GCC unroll 4")
#endif

/* Lanes of 64 bits: a word is the lower half, the upper one is whatever a product has left there. */
#if defined __AVX512F__
enum { LANES = 8, REGISTERS = 4 };
#elif defined __AVX2__
enum { LANES = 4, REGISTERS = 2 };
#else
enum { LANES = 2, REGISTERS = 2 };
#endif
typedef uint64_t lanes __attribute__((vector_size(LANES * sizeof(uint64_t))));

/* The products of the lower halves: one instruction, which compilers do not find by themselves. */
static inline lanes multiply(lanes a, lanes b)
{
#if defined __AVX512F__
    return (lanes)_mm512_mul_epu32((__m512i)a, (__m512i)b);
#elif defined __AVX2__
    return (lanes)_mm256_mul_epu32((__m256i)a, (__m256i)b);
#elif defined __SSE2__
    return (lanes)_mm_mul_epu32((__m128i)a, (__m128i)b);
#else
    return (a & UINT32_MAX) * b;
#endif
}

enum {
    ROUNDS = 10,
    BLOCKS = REGISTERS * LANES, /* computed side by side */
    CHUNK = 4 * BLOCKS,
    SHUFFLE_WORDS = 4096 /* drawn at a time */
};

/* The words of count times BLOCKS consecutive blocks, by the bijection of the paper. */
static void philox(const uint32_t key[2], uint32_t block, const uint32_t counter[3], size_t count, uint32_t *words)
{
    const lanes zero = {0}, multiplier0 = zero + 0xD2511F53u, multiplier1 = zero + 0xCD9E8D57u;
    for (; count > 0; count--) {
        lanes c0[REGISTERS], c1[REGISTERS], c2[REGISTERS], c3[REGISTERS];
        for (unsigned r = 0; r < REGISTERS; r++) {
            uint64_t numbers[LANES];
            for (unsigned l = 0; l < LANES; l++) {
                numbers[l] = block++;
            }
            memcpy(&c0[r], numbers, sizeof numbers);
            c1[r] = zero + counter[0];
            c2[r] = zero + counter[1];
            c3[r] = zero + counter[2];
        }
        uint32_t k0 = key[0], k1 = key[1];
        for (unsigned round = 0; round < ROUNDS; round++) {
            UNROLL
            for (unsigned r = 0; r < REGISTERS; r++) {
                const lanes product0 = multiply(c0[r], multiplier0), product1 = multiply(c2[r], multiplier1);
                c0[r] = product1 >> 32 ^ c1[r] ^ k0;
                c1[r] = product1;
                c2[r] = product0 >> 32 ^ c3[r] ^ k1;
                c3[r] = product0;
            }
            k0 += 0x9E3779B9u; /* the golden ratio and sqrt(3) - 1, as the paper's Weyl sequence */
            k1 += 0xBB67AE85u;
        }
        UNROLL
        for (unsigned r = 0; r < REGISTERS; r++) {
            const lanes first = (c0[r] & UINT32_MAX) | c1[r] << 32, second = (c2[r] & UINT32_MAX) | c3[r] << 32;
            uint64_t pairs[2 * LANES]; /* of words */
            for (unsigned l = 0; l < LANES; l++) {
                pairs[2 * l] = first[l];
                pairs[2 * l + 1] = second[l];
            }
            memcpy(words, pairs, sizeof pairs);
            words += 4 * LANES;
        }
    }
}

void rng_words(struct rng_stream stream, uint32_t sample, uint32_t first_block, size_t blocks, uint32_t *words)
{
    const uint32_t key[2] = {(uint32_t)stream.seed, (uint32_t)(stream.seed >> 32)};
    const uint32_t counter[3] = {sample, (uint32_t)stream.step,
                                 (uint32_t)stream.purpose << 24 | (stream.part & 255) << 16 |
                                     ((uint32_t)(stream.step >> 32) & 65535)};
    const size_t whole = blocks / BLOCKS, rest = blocks % BLOCKS;
    philox(key, first_block, counter, whole, words);
    if (rest > 0) {
        uint32_t last[CHUNK];
        philox(key, first_block + (uint32_t)(whole * BLOCKS), counter, 1, last);
        memcpy(words + whole * CHUNK, last, 4 * rest * sizeof *words);
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
        rng_words(stream, sample, (uint32_t)(done / 4), BLOCKS, words);
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
        rng_words(stream, sample, (uint32_t)(done / 4), BLOCKS, words);
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
