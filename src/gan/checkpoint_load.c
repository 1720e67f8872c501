/* Which file a checkpoint is loaded from, and what is said where none is whole. */
#include "base/memory.h"
#include "gan/checkpoint_file.h"
#include "gan/outdir.h"
#include "io/folder.h"
#include "io/regular.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { CONFIG_LIMIT = 1000000 /* bytes of a config.json */ };

void checkpoint_free(struct checkpoint *checkpoint)
{
    if (!checkpoint) {
        return;
    }
    safetensors_free(checkpoint->file);
    free(checkpoint->config);
    free(checkpoint->path);
    free(checkpoint);
}

static bool load_file(struct checkpoint *checkpoint, const char *path, struct error *error)
{
    checkpoint->path = memory_copy_string(path, error);
    checkpoint->file = checkpoint->path ? safetensors_load(path, error) : NULL;
    return checkpoint->file;
}

/* The newest of the older checkpoints of a run, or of those that can be loaded, to be freed with free(); NULL: there is
 * none. */
static char *find_older(const char *outdir, bool whole)
{
    struct error ignored;
    size_t *steps, count;
    char *found = NULL;
    if (!outdir_numbers(outdir, SERIES_CHECKPOINTS, &steps, &count, &ignored)) {
        return NULL;
    }
    while (!found && count-- > 0) {
        found = outdir_path(outdir, SERIES_CHECKPOINTS, steps[count], &ignored);
        struct checkpoint *checkpoint = found && whole ? checkpoint_load(found, &ignored) : NULL;
        if (whole && !checkpoint) {
            free(found);
            found = NULL;
        }
        checkpoint_free(checkpoint);
    }
    free(steps);
    return found;
}

/* Adds to a refusal the checkpoint that is still there. Returns false. */
static bool offer_older(const char *outdir, struct error *error)
{
    char *older = error->status == STATUS_USAGE ? find_older(outdir, true) : NULL;
    if (older) {
        error_append(error, "; the checkpoint before it is whole: %s", older);
        free(older);
    }
    return false;
}

static bool is_there(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0;
}

/* A folder that is no run's, though it may lie in one. */
static bool refuse_folder(const char *folder, struct error *error)
{
    char *latest = path_join(folder, path_name(OUTDIR_LATEST), error);
    if (!latest) {
        return false;
    }
    const bool inner = is_there(latest);
    free(latest);
    return error_set(error, STATUS_USAGE,
                     inner
                         ? "%s: is where a run's checkpoints are; wanted the run's folder, which is the one above, or "
                           "a checkpoint"
                         : "%s: holds neither a checkpoint nor a config.json; wanted a run's folder",
                     folder);
}

static bool load_beginning(struct checkpoint *checkpoint, const char *outdir, struct error *error)
{
    size_t size;
    checkpoint->path = path_join(outdir, "config.json", error);
    if (!checkpoint->path) {
        return false;
    }
    if (!is_there(checkpoint->path)) {
        return refuse_folder(outdir, error);
    }
    return regular_load(checkpoint->path, "a run's config.json", CONFIG_LIMIT, &checkpoint->config, &size, error);
}

static bool load_run(struct checkpoint *checkpoint, const char *outdir, struct error *error)
{
    char *latest = path_join(outdir, OUTDIR_LATEST, error);
    if (!latest) {
        return false;
    }
    bool loaded;
    char *older = NULL;
    if (is_there(latest)) {
        loaded = load_file(checkpoint, latest, error) || offer_older(outdir, error);
    } else if ((older = find_older(outdir, false))) {
        loaded = load_file(checkpoint, older, error) || offer_older(outdir, error);
    } else {
        loaded = load_beginning(checkpoint, outdir, error);
    }
    free(latest);
    free(older);
    return loaded;
}

struct checkpoint *checkpoint_load(const char *path, struct error *error)
{
    struct checkpoint *checkpoint = checkpoint_load_weights(path, error);
    if (checkpoint && !checkpoint_config(checkpoint)) {
        error_set(error, STATUS_USAGE, "%s: is a safetensors file, but no checkpoint of gan-train", path);
        checkpoint_free(checkpoint);
        return NULL;
    }
    return checkpoint;
}

struct checkpoint *checkpoint_load_weights(const char *path, struct error *error)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        error_set(error, STATUS_USAGE, "%s: %s; wanted the folder of a run, or a checkpoint", path, strerror(errno));
        return NULL;
    }
    struct checkpoint *checkpoint = memory_allocate(1, sizeof *checkpoint, "a checkpoint", error);
    if (!checkpoint) {
        return NULL;
    }
    if (!(S_ISDIR(status.st_mode) ? load_run : load_file)(checkpoint, path, error)) {
        checkpoint_free(checkpoint);
        return NULL;
    }
    return checkpoint;
}

const char *checkpoint_path(const struct checkpoint *checkpoint)
{
    return checkpoint->path;
}

const char *checkpoint_config(const struct checkpoint *checkpoint)
{
    return checkpoint->file ? safetensors_metadata(checkpoint->file, "config") : checkpoint->config;
}

bool checkpoint_is_beginning(const struct checkpoint *checkpoint)
{
    return !checkpoint->file;
}
