/* Maxout (Goodfellow et al. 2013): a unit is the largest of its pieces, y_i = max_p x_(p,i), which a dense layer before
 * it has computed. The pieces lie one after another, [pieces][units] in a row, so that a tile of units is a tile of
 * columns in each of them. Where pieces are equal the first one is the largest. */
#ifndef NN_MAXOUT_H
#define NN_MAXOUT_H

#include "nn/matrix.h"

/* The pieces of a tile of units: those of piece 0 are the tile itself, the others follow `distance` columns apart. */
struct maxout {
    size_t pieces, distance; /* distance: the units of the whole layer */
};

/* y, a tile of units [rows][columns], from the pieces x, the tile of piece 0 in [rows][pieces * distance]. Not-a-number
 * is larger than any number. */
void maxout_forward(struct maxout maxout, struct matrix x, struct matrix y);

/* dy becomes dx: the tile [rows][columns] of dy is that of piece 0 in dx [rows][pieces * distance]. From x and y. */
void maxout_backward(struct maxout maxout, struct matrix x, struct matrix y, struct matrix dy);

/* The tangent dy of y along the tangent dx of x: that of the largest piece. From x and y; dx and dy as x and y. */
void maxout_tangent(struct maxout maxout, struct matrix x, struct matrix y, struct matrix dx, struct matrix dy);

#endif
