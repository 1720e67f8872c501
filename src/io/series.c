#include "io/series.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void series_name(const struct series *series, size_t number, char name[SERIES_NAME])
{
    snprintf(name, SERIES_NAME, "%s%0*zu%s", series->beginning, series->digits, number, series->ending);
}

bool series_number(const struct series *series, const char *name, size_t *number)
{
    const size_t length = strlen(series->beginning);
    char again[SERIES_NAME];
    if (strncmp(name, series->beginning, length) != 0) {
        return false;
    }
    *number = strtoull(name + length, NULL, 10);
    series_name(series, *number, again);
    return strcmp(name, again) == 0;
}
