/* Files of one folder whose names differ by a number alone, such as epoch_0012.png. */
#ifndef IO_SERIES_H
#define IO_SERIES_H

#include <stdbool.h>
#include <stddef.h>

struct series {
    const char *beginning, *ending;
    int digits; /* of the number, at least */
};
enum { SERIES_NAME = 64 };

/* The name of one of them; beginning and ending must leave room for a number in it. */
void series_name(const struct series *series, size_t number, char name[SERIES_NAME]);

/* Whether a name is exactly that of one of them; then *number is its own. */
bool series_number(const struct series *series, const char *name, size_t *number);

#endif
