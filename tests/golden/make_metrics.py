#!/usr/bin/env python3
"""Makes metrics.txt: what the measures of generated images must give on small inputs. See README.md."""

import argparse
import contextlib
import io
import pathlib
import sys

import numpy as np
import scipy.linalg
import scipy.special
from prdc import compute_prdc

PATH = pathlib.Path(__file__).resolve().parent / "metrics.txt"
TOLERANCE = 1e-11  # of a line's numbers, between two computers
SIGMAS = np.logspace(-1, 0, 10)


def words(number, rows, columns):
    """Random words of 32 bits, [rows][columns], of set `number`."""
    def multiplied(x, factor):
        return x * np.uint64(factor) & np.uint64(0xFFFFFFFF)

    i, c = np.meshgrid(np.arange(rows, dtype=np.uint64), np.arange(columns, dtype=np.uint64), indexing="ij")
    x = (multiplied(i, 2654435761) + multiplied(c, 2246822519) + np.uint64(number * 3266489917)) & np.uint64(0xFFFFFFFF)
    x = multiplied(x ^ x >> np.uint64(15), 2246822519)
    x = multiplied(x ^ x >> np.uint64(13), 3266489917)
    return x ^ x >> np.uint64(16)


def bells(number, rows, columns):
    """Sums of the four bytes of each word, which are spread much as a Gaussian: in steps of 1/256 around 0."""
    x = words(number, rows, columns)
    return (sum(x >> np.uint64(8 * i) & np.uint64(255) for i in range(4)).astype(float) - 510) / 256


# ---- Frechet distance ----

def features(kind, number, rows, columns):
    bell = bells(number, rows, columns + 1)
    column = np.arange(columns)
    x = bell[:, :-1] + bell[:, 1:] / 2
    if kind == "plain":
        return x
    if kind == "scaled":
        return x * (1 + (column + number) % 3 / 4) + number * column / 128
    if kind == "dead":
        return np.where(column % 3 == 0, column / 4, x)
    if kind == "constant":
        return np.zeros_like(x) + column / 4
    assert kind == "decaying"
    return x * 2.0 ** -column


FRECHET = [  # kinds and numbers of both sets, their rows, columns
    ("plain", 1, "plain", 2, 60, 50, 12),
    ("plain", 1, "scaled", 2, 60, 50, 12),
    ("plain", 1, "plain", 1, 60, 60, 12),
    ("plain", 1, "scaled", 2, 2, 2, 1),
    ("plain", 1, "scaled", 2, 8, 9, 20),  # fewer rows than columns
    ("plain", 1, "scaled", 2, 8, 60, 20),
    ("scaled", 1, "plain", 2, 60, 8, 20),
    ("plain", 1, "plain", 1, 8, 8, 20),
    ("dead", 1, "dead", 2, 40, 50, 10),
    ("plain", 1, "dead", 2, 40, 50, 10),
    ("constant", 1, "dead", 2, 40, 50, 10),
    ("constant", 1, "constant", 2, 40, 50, 10),
    ("decaying", 1, "decaying", 2, 80, 90, 30),
    ("decaying", 1, "decaying", 1, 80, 80, 30),
    ("plain", 1, "decaying", 2, 80, 90, 30),
    ("scaled", 1, "scaled", 2, 1500, 1100, 70),
    ("scaled", 1, "plain", 2, 120, 300, 150),
]


def frechet(a, b):
    """By the singular values of A B', A and B being the centred features: the trace is their sum. Nothing is squared,
    so that small ones are as precise as large ones, and singular covariances are nothing special."""
    mean_a, mean_b = a.mean(axis=0), b.mean(axis=0)
    root_a, root_b = (a - mean_a) / np.sqrt(len(a) - 1), (b - mean_b) / np.sqrt(len(b) - 1)
    root_a, root_b = (np.linalg.qr(root, mode="r") if len(root) > root.shape[1] else root for root in (root_a, root_b))
    trace = np.linalg.svd(root_a @ root_b.T, compute_uv=False).sum()
    return ((mean_a - mean_b) ** 2).sum() + (root_a ** 2).sum() + (root_b ** 2).sum() - 2 * trace


def frechet_by_formula(a, b):
    """As it stands in the paper, by SciPy's root of a matrix, which is less precise where that is singular."""
    cov_a, cov_b = (np.atleast_2d(np.cov(x, rowvar=False)) for x in (a, b))
    root_a = scipy.linalg.sqrtm(cov_a).real
    root = scipy.linalg.sqrtm(root_a @ cov_b @ root_a).real
    return ((a.mean(axis=0) - b.mean(axis=0)) ** 2).sum() + np.trace(cov_a) + np.trace(cov_b) - 2 * np.trace(root)


def frechet_lines():
    for kind_a, number_a, kind_b, number_b, rows_a, rows_b, columns in FRECHET:
        a, b = features(kind_a, number_a, rows_a, columns), features(kind_b, number_b, rows_b, columns)
        distance = 0 if a is b or np.array_equal(a, b) else frechet(a, b)
        if min(rows_a, rows_b) > columns and kind_a in ("plain", "scaled") and kind_b in ("plain", "scaled"):
            assert abs(frechet_by_formula(a, b) - distance) < 1e-9 * (1 + distance), (kind_a, kind_b, rows_a)
        yield f"frechet {kind_a} {number_a} {kind_b} {number_b} {rows_a} {rows_b} {columns}", [distance]


# ---- precision, recall, density, coverage ----

def points(number, rows, columns, distinct, levels, offset):
    """Points with whole numbers of so many levels, of which the first `distinct` come again and again."""
    return (words(number, distinct, columns) % np.uint64(levels)).astype(float)[np.arange(rows) % distinct] + offset


MANIFOLD = [  # k, columns, levels, offset; number, rows and distinct rows of the real ones, and of the generated ones
    (1, 4, 4096, 0, 1, 60, 60, 2, 50, 50),
    (3, 4, 4096, 0, 1, 60, 60, 2, 50, 50),
    (5, 4, 4096, 0, 1, 50, 50, 2, 60, 60),
    (3, 5, 3, 0, 1, 90, 90, 2, 80, 80),  # ties
    (5, 5, 4, 1000, 1, 90, 90, 2, 80, 80),
    (5, 12, 64, 0, 1, 60, 60, 1, 60, 60),  # the same set
    (3, 12, 64, 0, 1, 60, 60, 1, 25, 25),  # a part of it
    (3, 12, 64, 0, 1, 60, 60, 1, 60, 10),  # ten of them again and again
    (3, 12, 64, 0, 1, 60, 10, 1, 60, 10),
    (3, 12, 64, 0, 1, 60, 10, 1, 60, 60),
    (7, 12, 64, 50000, 1, 60, 10, 2, 60, 10),  # more neighbours than copies
    (2, 3, 1, 5, 1, 20, 20, 2, 20, 20),  # all the same
    (18, 3, 256, 0, 1, 20, 20, 2, 20, 20),
    (5, 20, 1024, 100, 1, 700, 700, 2, 600, 600),  # several blocks
    (5, 5, 40, 0, 1, 1100, 900, 2, 1030, 800),
]


def prdc_by_integers(real, fake, k):
    """The same from the definitions, in whole numbers."""
    def between(x, y):
        return ((x[:, None, :] - y[None, :, :]) ** 2).sum(axis=2).astype(np.int64)

    radius_real, radius_fake = (np.sort(between(x, x), axis=1)[:, k] for x in (real, fake))
    distance = between(real, fake)
    in_real = distance < radius_real[:, None]
    return [in_real.any(axis=0).mean(), (distance < radius_fake[None, :]).any(axis=1).mean(),
            in_real.sum() / k / len(fake), in_real.any(axis=1).mean()]


def manifold_lines():
    for k, columns, levels, offset, number_a, rows_a, distinct_a, number_b, rows_b, distinct_b in MANIFOLD:
        real = points(number_a, rows_a, columns, distinct_a, levels, offset)
        fake = points(number_b, rows_b, columns, distinct_b, levels, offset)
        with contextlib.redirect_stdout(io.StringIO()):
            figures = compute_prdc(real, fake, k)
        numbers = [figures[name] for name in ("precision", "recall", "density", "coverage")]
        assert np.allclose(numbers, prdc_by_integers(real, fake, k), rtol=1e-12, atol=0), (k, columns, levels)
        yield (f"manifold {k} {columns} {levels} {offset} {number_a} {rows_a} {distinct_a} {number_b} {rows_b} "
               f"{distinct_b}"), numbers


# ---- Parzen windows ----

PARZEN = [  # pixels, generated, validation and test images
    (1, 3, 2, 2),
    (12, 70, 30, 20),
    (30, 5, 7, 9),
    (40, 1100, 30, 150),
]


def images(number, rows, pixels):
    """Bytes around one of four greys for each image."""
    return ((words(number, rows, pixels) % np.uint64(96)).astype(int) + np.arange(rows)[:, None] % 4 * 53) / 255


def log_likelihoods(generated, x, sigma):
    squared = ((x[:, None, :] - generated[None, :, :]) ** 2).sum(axis=2)
    return scipy.special.logsumexp(-squared / (2 * sigma ** 2), axis=1) - np.log(len(generated)) \
        - x.shape[1] * np.log(sigma * np.sqrt(2 * np.pi))


def parzen_lines():
    for pixels, generated_count, validation_count, test_count in PARZEN:
        generated, validation, test = (images(number, rows, pixels) for number, rows in
                                       ((1, generated_count), (2, validation_count), (3, test_count)))
        means = [log_likelihoods(generated, validation, sigma).mean() for sigma in SIGMAS]
        sigma = SIGMAS[np.argmax(means)]
        found = log_likelihoods(generated, test, sigma)
        error = found.std(ddof=1) / np.sqrt(len(found))
        yield f"parzen {pixels} {generated_count} {validation_count} {test_count}", \
            [sigma, found.mean(), error] + means


# ---- the file ----

def computed():
    return [*frechet_lines(), *manifold_lines(), *parzen_lines()]


def text_of(lines):
    return "".join(f"{head} {' '.join(f'{number:.17g}' for number in numbers)}\n" for head, numbers in lines)


def write():
    PATH.write_text(text_of(computed()), encoding="ascii")
    return 0


def check():
    found = PATH.read_text(encoding="ascii").splitlines() if PATH.exists() else []
    expected = computed()
    if len(found) != len(expected):
        print(f"{PATH.name}: {len(found)} lines instead of {len(expected)}")
        return 1
    failed = 0
    for line, (head, numbers) in zip(found, expected):
        rest = line[len(head):].split()
        good = line.startswith(head + " ") and len(rest) == len(numbers) and \
            np.allclose([float(word) for word in rest], numbers, rtol=TOLERANCE, atol=TOLERANCE)
        if not good:
            print(f"{PATH.name}: {line!r} instead of {head} {numbers}")
        failed += not good
    print(f"{PATH.name}: {f'{failed} lines are wrong' if failed else 'as computed'}")
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", dest="action", action="store_const", const=check, default=write,
                        help="compute the file anew and compare, writing nothing")
    return parser.parse_args().action()


if __name__ == "__main__":
    sys.exit(main())
