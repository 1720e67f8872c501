#include "nn/dropout.h"

void dropout_forward(double rate, struct rng_stream stream, size_t begin, struct matrix x, unsigned char *mask,
                     size_t mask_stride, struct matrix y)
{
    const uint32_t threshold = (uint32_t)(rate * 0x1p32);
    const real scale = (real)(1 / (1 - rate));
    for (size_t r = 0; r < x.rows; r++) {
        uint32_t words[TILE_COLUMNS_MAX];
        rng_words(stream, (uint32_t)r, (uint32_t)(begin / 4), (x.columns + 3) / 4, words);
        for (size_t i = 0; i < x.columns; i++) {
            unsigned char keep = words[i] >= threshold;
            mask[r * mask_stride + i] = keep;
            y.data[r * y.stride + i] = keep ? scale * x.data[r * x.stride + i] : 0;
        }
    }
}

void dropout_backward(double rate, const unsigned char *mask, size_t mask_stride, struct matrix dy)
{
    const real scale = (real)(1 / (1 - rate));
    for (size_t r = 0; r < dy.rows; r++) {
        for (size_t i = 0; i < dy.columns; i++) {
            real *d = dy.data + r * dy.stride + i;
            *d = mask[r * mask_stride + i] ? scale * *d : 0;
        }
    }
}
