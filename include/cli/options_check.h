/* What flags that are good one by one may not be together. */
#ifndef CLI_OPTIONS_CHECK_H
#define CLI_OPTIONS_CHECK_H

#include "base/error.h"
#include "gan/config.h"

/* Whether a configuration, whichever flags it comes from, does not contradict itself. STATUS_USAGE with the flag, why,
 * and what would go with the others. */
bool options_check(const struct config *config, struct error *error);

#endif
