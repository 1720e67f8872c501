#include "cli/number.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char *skip_digits(const char *text)
{
    while (*text >= '0' && *text <= '9') {
        text++;
    }
    return text;
}

const char *number_scan_whole(const char *text, uint64_t *value)
{
    const char *end = skip_digits(text);
    if (end == text) {
        return NULL;
    }
    uint64_t sum = 0;
    for (const char *digit = text; digit < end; digit++) {
        if (__builtin_mul_overflow(sum, (uint64_t)10, &sum) ||
            __builtin_add_overflow(sum, (uint64_t)(*digit - '0'), &sum)) {
            return NULL;
        }
    }
    *value = sum;
    return end;
}

/* Where the number at the beginning of text ends; NULL: there is none. */
static const char *skip_real(const char *text)
{
    const char *end = skip_digits(text);
    size_t digits = (size_t)(end - text);
    if (*end == '.') {
        const char *fraction = end + 1;
        end = skip_digits(fraction);
        digits += (size_t)(end - fraction);
    }
    if (digits == 0) {
        return NULL;
    }
    if (*end == 'e' || *end == 'E') {
        const char *exponent = end + 1 + (end[1] == '-' || end[1] == '+');
        const char *after = skip_digits(exponent);
        end = after > exponent ? after : end;
    }
    return end;
}

const char *number_scan_real(const char *text, double *value)
{
    const char *end = skip_real(text);
    if (!end) {
        return NULL;
    }
    errno = 0;
    const double number = strtod(text, NULL);
    if (errno == ERANGE) { /* it is too large or too near to 0 */
        return NULL;
    }
    *value = number;
    return end;
}

double number_in_single_precision(double value)
{
    const float single = (float)value;
    return fabsf(single) < FLT_MIN ? 0 : (double)single;
}

void number_print(double value, char text[static NUMBER_TEXT])
{
    /* %g would write 100000 as 1e+05 with the one digit that it needs */
    if (fabs(value) < 1e15 && value == floor(value)) {
        snprintf(text, NUMBER_TEXT, "%.0f", value);
        return;
    }
    int digits = 0;
    do {
        snprintf(text, NUMBER_TEXT, "%.*g", ++digits, value);
    } while (digits < DBL_DECIMAL_DIG && strtod(text, NULL) != value);
}
