/* Dropout (Srivastava et al. 2014), inverted: a unit is kept with probability 1 - rate and then scaled by
 * 1 / (1 - rate), so that nothing is to be done when sampling. */
#ifndef NN_DROPOUT_H
#define NN_DROPOUT_H

#include "nn/matrix.h"
#include "nn/rng.h"

/* y = x * mask / (1 - rate) on columns begin .. begin + columns - 1 of a layer, x, y [rows][columns], mask
 * [rows][mask_stride] of 0 and 1, kept for backward. Row r is sample r of the stream, column i its word i; begin is a
 * multiple of 4. A unit is kept when its word is at least rate * 2^32. */
void dropout_forward(double rate, struct rng_stream stream, size_t begin, struct matrix x, unsigned char *mask,
                     size_t mask_stride, struct matrix y);

/* dx = dy * mask / (1 - rate), over dy itself. */
void dropout_backward(double rate, const unsigned char *mask, size_t mask_stride, struct matrix dy);

#endif
