#include "base/cores.h"

#include <omp.h>
#include <stdio.h>

/* The limit of Linux' cgroup v2, "QUOTA PERIOD" in microseconds ("max" for no limit), in whole cores rounded up; 0
 * where there is none. */
static size_t control_group_cores(void)
{
    FILE *file = fopen("/sys/fs/cgroup/cpu.max", "re");
    if (!file) {
        return 0;
    }
    unsigned long quota, period;
    int read = fscanf(file, "%lu %lu", &quota, &period);
    fclose(file);
    return read == 2 && period > 0 ? (quota + period - 1) / period : 0;
}

size_t cores_available(void)
{
    const size_t allowed = (size_t)omp_get_num_procs();
    const size_t granted = control_group_cores();
    return granted > 0 && granted < allowed ? granted : allowed;
}
