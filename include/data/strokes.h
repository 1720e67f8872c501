/* How the built-in digits are written: for each digit some styles, each a sequence of pen strokes. */
#ifndef DATA_STROKES_H
#define DATA_STROKES_H

enum {
    STROKE_HANDS = 3, /* a style is given as three people write it; what lies between them is that style too */
    STROKE_POINTS = 11 /* of a style, at most */
};

struct style {
    unsigned share; /* of the digit's samples, in per cent */
    /* What the pen does at each point: '-' passes smoothly, '^' turns sharply, '|' ends a stroke. */
    const char *pen;
    /* The points the pen passes: x to the right, y downwards, in a box of 100 x 100. */
    struct {
        signed char x, y;
    } hands[STROKE_HANDS][STROKE_POINTS];
};

/* The style of a digit (0 to 9) that covers per cent `percent` (0 to 99) of its samples. */
const struct style *stroke_style(unsigned digit, unsigned percent);

#endif
