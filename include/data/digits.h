/* The built-in digits: handwriting-like, drawn by the program itself, for machines without MNIST and without a
 * network. 60,000 to train on and 10,000 to test on, the same bytes on every machine. */
#ifndef DATA_DIGITS_H
#define DATA_DIGITS_H

#include <stddef.h>

enum {
    DIGITS_HEIGHT = 28,
    DIGITS_WIDTH = 28,
    DIGITS_CLASSES = 10,
    DIGITS_TRAIN = 60000, /* digits 0 .. 59,999 are for training */
    DIGITS_TEST = 10000 /* digits 60,000 .. 69,999 are for testing */
};

/* Draws digits first .. first + count - 1, all below 2^32, into images [count][28 * 28] (0 the background, 255 the ink)
 * and their classes (0 to 9) into labels [count]. Digit i is the same whatever is drawn beside it. Among the digits
 * 10 i .. 10 i + 9 each class comes once, in a random order. Uses OpenMP's threads. */
void digits_draw(size_t first, size_t count, unsigned char *images, unsigned char *labels);

#endif
