/* The folder of a run: which files gan-train writes there, and what an earlier run left. */
#ifndef GAN_OUTDIR_H
#define GAN_OUTDIR_H

#include "base/error.h"

#include <stdbool.h>

/* Makes the folder and its samples folder. One that holds a run is refused, or, with overwrite, emptied of what
 * gan-train writes and nothing else. STATUS_USAGE where it cannot be written, is a file or holds a run. */
bool outdir_prepare(const char *outdir, bool overwrite, struct error *error);

/* Whether outdir_prepare would refuse; changes nothing. For a check before the data are loaded. */
bool outdir_check(const char *outdir, bool overwrite, struct error *error);

#endif
