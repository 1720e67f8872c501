"""The random numbers of include/nn/rng.h, in NumPy and double precision."""

import numpy as np

NOISE, DROPOUT, SHUFFLE, GRID = 2, 3, 4, 5  # purposes

MULTIPLIERS = 0xD2511F53, 0xCD9E8D57
KEY_STEPS = 0x9E3779B9, 0xBB67AE85
LOW_WORD = np.uint64(0xFFFFFFFF)

# counter, key, output: from Random123's tests/kat_vectors
KNOWN_ANSWERS = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def philox4x32_10(counter, key):
    """The four words of each counter [..., 4], all 32 bits in uint64, under one key of two words."""
    words = np.asarray(counter, dtype=np.uint64)
    for i in range(10):
        round_key = [np.uint64((k + i * step) & 0xFFFFFFFF) for k, step in zip(key, KEY_STEPS)]
        first = np.uint64(MULTIPLIERS[0]) * words[..., 0]
        second = np.uint64(MULTIPLIERS[1]) * words[..., 2]
        words = np.stack([(second >> np.uint64(32)) ^ words[..., 1] ^ round_key[0], second & LOW_WORD,
                          (first >> np.uint64(32)) ^ words[..., 3] ^ round_key[1], first & LOW_WORD], axis=-1)
    return words


def check_known_answers():
    """Raises AssertionError unless philox4x32_10 gives what its authors' tests want."""
    for counter, key, output in KNOWN_ANSWERS:
        counter, key, output = ([int(word, 16) for word in text.split()] for text in (counter, key, output))
        assert philox4x32_10(counter, key).tolist() == output


def words(seed, purpose, part, step, samples, count):
    """Words 0 .. count - 1 of samples 0 .. samples - 1 of a stream: [samples][count]."""
    blocks = (count + 3) // 4
    counter = np.zeros((samples, blocks, 4), dtype=np.uint64)
    counter[..., 0] = np.arange(blocks)
    counter[..., 1] = np.arange(samples)[:, None]
    counter[..., 2] = step & 0xFFFFFFFF
    counter[..., 3] = purpose << 24 | part << 16 | step >> 32
    key = seed & 0xFFFFFFFF, seed >> 32
    return philox4x32_10(counter, key).reshape(samples, 4 * blocks)[:, :count]


def to_uniform(word):
    """Words to uniform numbers in (0, 1)."""
    return (word + 0.5) / 2.0**32


def uniform(seed, purpose, step, low, high, samples, count):
    return low + (high - low) * to_uniform(words(seed, purpose, 0, step, samples, count))


def normal(seed, purpose, step, samples, count):
    """Standard normals from the word pairs (0, 1), (2, 3) ... (Box and Muller 1958): [samples][count]."""
    pairs = to_uniform(words(seed, purpose, 0, step, samples, count + count % 2)).reshape(samples, -1, 2)
    radius = np.sqrt(-2.0 * np.log(pairs[..., 0]))
    angle = 2.0 * np.pi * pairs[..., 1]
    both = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)
    return both.reshape(samples, -1)[:, :count]


def permutation(seed, epoch, count):
    """The order of an epoch's images, as dataset_shuffle of include/data/dataset.h makes it."""
    word = words(seed, SHUFFLE, 0, epoch, 1, count)[0]
    order = list(range(count))
    for i in range(count - 1, 0, -1):
        j = int(word[i]) * (i + 1) >> 32
        order[i], order[j] = order[j], order[i]
    return order
