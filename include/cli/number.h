/* Numbers as users write them, in decimal, with a point. */
#ifndef CLI_NUMBER_H
#define CLI_NUMBER_H

#include <stdint.h>

enum { NUMBER_TEXT = 32 }; /* bytes that number_print may use */

/* Reads the digits at the beginning of text. Returns what follows them; NULL where there is none (blanks and signs are
 * not skipped) or the number is above 2^64 - 1. */
const char *number_scan_whole(const char *text, uint64_t *value);

/* Reads digits with a point and an exponent where there are ("2e-4", ".5"), no sign, no hexadecimal, no "inf" or "nan".
 * Returns what follows; NULL where there is none or the number is too large or too near to 0 for a double. */
const char *number_scan_real(const char *text, double *value);

/* What a number is once the nets compute with it, in single precision and without denormals. */
double number_in_single_precision(double value);

/* The shortest text that reads back as value, which is finite: "0.0002", "3e-08", "100000". */
void number_print(double value, char text[static NUMBER_TEXT]);

#endif
