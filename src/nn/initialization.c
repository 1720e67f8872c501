#include "nn/initialization.h"
#include "nn/rng.h"

#include <math.h>

/* The standard deviation of a standard normal redrawn outside 2, by which He's variance is restored. */
static const double TRUNCATED_DEVIATION = 0.87962566103423978;

static void uniform_rows(struct rng_stream stream, double bound, size_t rows, size_t columns, real *tensor)
{
    for (size_t r = 0; r < rows; r++) {
        rng_uniform(stream, (uint32_t)r, (real)-bound, (real)bound, columns, tensor + r * columns);
    }
}

/* A normal of absolute value 2 at most; attempts 1, 2 ... are steps of the stream. */
static real redraw(struct rng_stream stream, size_t row, size_t column)
{
    for (stream.step = 1;; stream.step++) {
        uint32_t word[4];
        real pair[2];
        rng_words(stream, (uint32_t)row, (uint32_t)column, 1, word);
        rng_normal_pair(word[0], word[1], pair);
        if (pair[0] >= -2 && pair[0] <= 2) {
            return pair[0];
        }
    }
}

static void normal_rows(struct rng_stream stream, double deviation, bool truncate, size_t rows, size_t columns,
                        real *tensor)
{
    for (size_t r = 0; r < rows; r++) {
        real *row = tensor + r * columns;
        rng_normal(stream, (uint32_t)r, columns, row);
        for (size_t i = 0; i < columns; i++) {
            if (truncate && !(row[i] >= -2 && row[i] <= 2)) {
                row[i] = redraw(stream, r, i);
            }
            row[i] *= (real)deviation;
        }
    }
}

void initialize_tensor(struct initialization initialization, uint64_t seed, uint32_t part, size_t fan_in,
                       size_t fan_out, size_t rows, size_t columns, real *tensor)
{
    const struct rng_stream stream = {.seed = seed, .purpose = RNG_WEIGHTS, .part = part};
    switch (initialization.kind) {
    case INIT_NONE:
        break;
    case INIT_UNIFORM:
        uniform_rows(stream, initialization.scale, rows, columns, tensor);
        break;
    case INIT_GLOROT_UNIFORM:
        uniform_rows(stream, sqrt(6.0 / ((double)fan_in + (double)fan_out)), rows, columns, tensor);
        break;
    case INIT_LECUN_UNIFORM:
        uniform_rows(stream, 1 / sqrt((double)fan_in), rows, columns, tensor);
        break;
    case INIT_HE_NORMAL:
        normal_rows(stream, sqrt(2.0 / (double)fan_in) / TRUNCATED_DEVIATION, true, rows, columns, tensor);
        break;
    case INIT_NORMAL:
        normal_rows(stream, initialization.scale, false, rows, columns, tensor);
        break;
    case INIT_TRUNCATED_NORMAL:
        normal_rows(stream, initialization.scale, true, rows, columns, tensor);
        break;
    }
}
