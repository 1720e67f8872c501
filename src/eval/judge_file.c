#include "eval/judge_file.h"
#include "base/memory.h"
#include "io/safetensors.h"
#include "nn/network.h"

#include <stdio.h>
#include <string.h>

enum {
    KIND = 1, /* to be raised with any change of what judges are or how they are trained that no number below says */
    TENSORS_MAX = 16,
    IDENTITY_SIZE = 256,
};

static const char KEY[] = "judge";

/* What a judge is and of which images: equal for judges that are the same. */
static void print_identity(struct judge_shape shape, uint32_t checksum, char identity[IDENTITY_SIZE])
{
    snprintf(identity, IDENTITY_SIZE,
             "kind %d of %zu classes of %zu x %zu images, %d-%d, dropout %g, rate %g, %zu updates of %d, seed %d, "
             "checksum %08lx",
             KIND, shape.classes, shape.height, shape.width, JUDGE_HIDDEN, JUDGE_FEATURES, JUDGE_DROPOUT,
             JUDGE_LEARNING_RATE, judge_updates(shape), JUDGE_BATCH, JUDGE_SEED, (unsigned long)checksum);
}

bool judge_save(const char *path, const struct judge *judge, uint32_t checksum, struct error *error)
{
    struct tensor tensors[TENSORS_MAX], beyond;
    struct safetensors_tensor stored[TENSORS_MAX];
    size_t count = 0;
    for (; count < TENSORS_MAX && network_tensor(judge->network, count, &tensors[count]); count++) {
        const struct tensor *tensor = &tensors[count];
        stored[count] = (struct safetensors_tensor){
            .name = tensor->name,
            .type = REAL_TYPE,
            .rank = tensor->weight ? 2 : 1,
            .shape = {tensor->rows, tensor->columns},
            .data = tensor->data,
            .bytes = tensor->rows * tensor->columns * sizeof(real),
        };
    }
    if (network_tensor(judge->network, count, &beyond)) {
        return error_set(error, STATUS_FAILED, "%s: not written: the judge has more than %d tensors", path,
                         TENSORS_MAX);
    }
    char identity[IDENTITY_SIZE];
    print_identity(judge->shape, checksum, identity);
    const struct safetensors_entry metadata[] = {
        {"format", "pt"}, {"program", "gan-eval"}, {"version", GAN_VERSION}, {KEY, identity}};
    return safetensors_save(path, metadata, sizeof metadata / sizeof *metadata, stored, count, error);
}

static bool read_tensors(const char *path, const struct safetensors *file, struct judge *judge, struct error *error)
{
    struct tensor tensor;
    for (size_t i = 0; network_tensor(judge->network, i, &tensor); i++) {
        const struct safetensors_tensor *stored = safetensors_find(file, tensor.name);
        const size_t bytes = tensor.rows * tensor.columns * sizeof(real);
        if (!stored || stored->bytes != bytes) {
            return error_set(error, STATUS_USAGE, "%s: has no %s of %zu x %zu numbers; wanted a judge of this program",
                             path, tensor.name, tensor.rows, tensor.columns);
        }
        memcpy(tensor.data, stored->data, bytes);
    }
    return true;
}

struct judge *judge_load(const char *path, struct judge_shape shape, uint32_t checksum, struct error *error)
{
    struct safetensors *file = safetensors_load(path, error);
    if (!file) {
        return NULL;
    }
    char wanted[IDENTITY_SIZE];
    print_identity(shape, checksum, wanted);
    const char *found = safetensors_metadata(file, KEY);
    struct judge *judge = NULL;
    if (!found || strcmp(found, wanted) != 0) {
        error_set(error, STATUS_USAGE, "%s: is %.200s; wanted a judge, %s", path, found ? found : "no judge", wanted);
    } else {
        judge = judge_create(shape, error);
    }
    if (judge && !read_tensors(path, file, judge, error)) {
        judge_free(judge);
        judge = NULL;
    }
    safetensors_free(file);
    return judge;
}
