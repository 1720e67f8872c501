#include "io/safetensors_format.h"

#include "base/memory.h"

#include <string.h>

static const struct safetensors_type TYPES[] = {
    {"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E5M2", 1}, {"F8_E4M3", 1}, {"I16", 2}, {"U16", 2}, {"F16", 2},
    {"BF16", 2}, {"I32", 4}, {"U32", 4}, {"F32", 4},     {"I64", 8},     {"U64", 8}, {"F64", 8},
};

struct safetensors_type safetensors_type(const char *name)
{
    for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++) {
        if (strcmp(TYPES[i].name, name) == 0) {
            return TYPES[i];
        }
    }
    return (struct safetensors_type){0};
}

bool safetensors_size(const struct safetensors_tensor *tensor, size_t *bytes)
{
    *bytes = safetensors_type(tensor->type).bytes;
    for (size_t d = 0; d < tensor->rank; d++) {
        if (!size_multiply(*bytes, tensor->shape[d], bytes)) {
            return false;
        }
    }
    return true;
}
