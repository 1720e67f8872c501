#include "base/restart.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

/* Sets a variable that the user has not; *set where that was needed. False when it cannot be. */
static bool set_default(const char *name, const char *value, bool *set)
{
    if (getenv(name)) {
        return true;
    }
    *set = true;
    return setenv(name, value, 1) == 0;
}

void restart_with_settings(char **argv)
{
    bool set = false;
    if ((getenv("OMP_WAIT_POLICY") || set_default("GOMP_SPINCOUNT", "1000", &set)) &&
        set_default("OPENBLAS_NUM_THREADS", "1", &set) && set) {
        char program[PATH_MAX]; /* by its own name, which tools that list processes show */
        const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
        if (length > 0) {
            program[length] = '\0';
            execv(program, argv);
        }
    }
}
