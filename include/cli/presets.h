/* The recipes: sets of values for flags, and nothing else. */
#ifndef CLI_PRESETS_H
#define CLI_PRESETS_H

#include <stddef.h>

struct preset_value {
    const char *flag, *value; /* as on the command line; "yes" for a switch */
};

struct preset {
    const char *name;
    const char *description; /* one line */
    const struct preset_value *values; /* ended by a flag NULL */
};

extern const struct preset PRESETS[];
extern const size_t PRESET_COUNT;

/* '-' and '_' are the same in a name. NULL: there is none of that name. */
const struct preset *preset_find(const char *name);

/* The name of the one that holds when none is asked for. */
extern const char PRESET_DEFAULT[];

#endif
