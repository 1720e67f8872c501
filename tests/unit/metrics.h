/* The golden numbers of the measures of images (tests/golden/metrics.txt), and the numbers that their inputs are made
 * of. */
#ifndef TESTS_METRICS_H
#define TESTS_METRICS_H

#include "unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As make_metrics.py has it: word [i][c] of set `number`. */
static inline uint32_t metrics_word(unsigned number, size_t i, size_t c)
{
    uint32_t x = (uint32_t)i * 2654435761u + (uint32_t)c * 2246822519u + number * 3266489917u;
    x = (x ^ x >> 15) * 2246822519u;
    x = (x ^ x >> 13) * 3266489917u;
    return x ^ x >> 16;
}

/* About a Gaussian around 0. */
static inline double metrics_bell(unsigned number, size_t i, size_t c)
{
    const uint32_t x = metrics_word(number, i, c);
    return ((double)((x & 255) + (x >> 8 & 255) + (x >> 16 & 255) + (x >> 24)) - 510) / 256;
}

/* Calls test() with what stands behind `key` in each line that begins with it; there is one at least. */
static inline void metrics_each(const char *key, void (*test)(const char *line))
{
    char line[1024];
    size_t count = 0;
    FILE *file = fopen("tests/golden/metrics.txt", "r");
    if (!file) {
        fail_msg("tests/golden/metrics.txt cannot be read; run the tests from the project's folder");
    }
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, key, strlen(key)) == 0 && line[strlen(key)] == ' ') {
            test(line + strlen(key) + 1);
            count++;
        }
    }
    fclose(file);
    assert_true(count > 0);
}

#endif
