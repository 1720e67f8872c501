/* Numbers of things, for people to read. */
#ifndef BASE_COUNT_H
#define BASE_COUNT_H

#include <stddef.h>

enum { COUNT_TEXT = 32 }; /* bytes that count_print may use */

/* "1,493,520": a number with commas between its thousands into text; returns text. */
const char *count_print(size_t number, char text[static COUNT_TEXT]);

#endif
