#include "eval/judge_cache.h"
#include "base/memory.h"
#include "eval/judge_file.h"
#include "io/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The folder of caches, to be freed with free(); NULL with an error. A relative path in the variable is none, as its
 * specification has it. */
static char *cache_home(struct error *error)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache && cache[0] == '/') {
        return memory_copy_string(cache, error);
    }
    if (home && home[0] == '/') {
        return path_join(home, ".cache", error);
    }
    error_set(error, STATUS_FAILED, "there is no cache folder: neither $XDG_CACHE_HOME nor $HOME names one");
    return NULL;
}

char *judge_cache_path(const struct judge_source *source, struct error *error)
{
    char name[64];
    snprintf(name, sizeof name, "gan-train/judge-%08lx.safetensors", (unsigned long)source->checksum);
    char *home = cache_home(error);
    char *path = home ? path_join(home, name, error) : NULL;
    free(home);
    return path;
}

void judge_find_free(struct judge_find *find)
{
    free(find->path);
    *find = (struct judge_find){0};
}

struct judge *judge_cache_load(const struct judge_source *source, struct judge_find *find)
{
    *find = (struct judge_find){0};
    find->path = judge_cache_path(source, &find->why_not);
    if (!find->path || access(find->path, F_OK) != 0) {
        return NULL;
    }
    struct judge *judge = judge_load(find->path, source->shape, source->checksum, &find->why_not);
    find->damaged = !judge;
    find->kept = judge;
    return judge;
}

static bool keep(const struct judge_source *source, const struct judge *judge, const char *path, struct error *error)
{
    char *folder = path_folder(path, error);
    const bool kept = folder && folder_make(folder, error) && judge_save(path, judge, source->checksum, error);
    free(folder);
    return kept;
}

struct judge *judge_obtain(const struct judge_source *source, const struct watch *watch, struct judge_find *find,
                           struct error *error)
{
    struct judge *judge = judge_cache_load(source, find);
    if (judge) {
        return judge;
    }
    judge = judge_train(source->shape, source->training, watch, error);
    find->trained = judge;
    find->kept = judge && find->path && keep(source, judge, find->path, &find->why_not);
    return judge;
}
