/* Where IDX files lie in a folder: MNIST's own names, which other sets use too. */
#ifndef DATA_LOCATE_H
#define DATA_LOCATE_H

#include "base/error.h"

/* A kind of file by the two names that it usually has, plain or with .gz behind them. */
struct usual_names {
    const char *dashed, *dotted;
};

extern const struct usual_names TRAINING_IMAGES, TRAINING_LABELS, TEST_IMAGES, TEST_LABELS;

/* The file of one of these names that the folder holds, a plain one before a packed one; *path is to be freed with
 * free(), NULL where there is none. A folder of that name, as some archives unpack to, is none. What cannot be looked
 * at (permissions) is left to the reader to report. False when memory is short. */
bool locate(const char *folder, const struct usual_names *names, char **path, struct error *error);

#endif
