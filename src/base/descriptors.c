#include "base/descriptors.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

void descriptors_open_standard(void)
{
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
        struct stat status;
        if (fstat(descriptor, &status) != 0) { /* open() gives the lowest that is free, which is this one */
            (void)open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}
