#include "data/locate.h"

#include "base/memory.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const struct usual_names TRAINING_IMAGES = {"train-images-idx3-ubyte", "train-images.idx3-ubyte"};
const struct usual_names TRAINING_LABELS = {"train-labels-idx1-ubyte", "train-labels.idx1-ubyte"};
const struct usual_names TEST_IMAGES = {"t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte"};
const struct usual_names TEST_LABELS = {"t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte"};

static const char PACKED[] = ".gz";

static bool may_be_a_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? !S_ISDIR(status.st_mode) : errno != ENOENT && errno != ENOTDIR;
}

bool locate(const char *folder, const struct usual_names *names, char **path, struct error *error)
{
    const size_t bytes = strlen(folder) + 1 + strlen(names->dashed) + sizeof PACKED;
    *path = memory_allocate(bytes, 1, folder, error);
    if (!*path) {
        return false;
    }
    const char *const endings[] = {"", PACKED};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const char *const both[] = {names->dashed, names->dotted};
        for (size_t n = 0; n < sizeof both / sizeof *both; n++) {
            snprintf(*path, bytes, "%s/%s%s", folder, both[n], endings[i]);
            if (may_be_a_file(*path)) {
                return true;
            }
        }
    }
    free(*path);
    *path = NULL;
    return true;
}
