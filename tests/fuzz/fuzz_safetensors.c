/* The reader of safetensors. The bytes are a file; where they begin with '{', they are the file's header up to the
 * first 0, then its data, and the header's length is put before them. */
#include "fuzz.h"

#include "io/safetensors.h"

enum { LENGTH_BYTES = 8 };

static void look(const struct safetensors *file)
{
    size_t bytes = 0;
    for (size_t i = 0; i < safetensors_count(file); i++) {
        const struct safetensors_tensor *tensor = safetensors_tensor(file, i);
        promise(safetensors_find(file, tensor->name) == tensor, "a tensor is found by its name");
        promise(tensor->rank <= SAFETENSORS_RANK_MAX, "no more dimensions than there is room for");
        touch(tensor->type, strlen(tensor->type));
        touch(tensor->data, tensor->bytes);
        bytes += tensor->bytes;
    }
    promise(bytes <= SIZE_MAX / 2, "no more data than there is");
    const char *checksum = safetensors_metadata(file, "checksum");
    promise(!checksum || strlen(checksum) == 8, "a checksum of eight digits");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const size_t before = size > 0 && data[0] == '{' ? LENGTH_BYTES : 0;
    unsigned char *bytes = calloc(before + size + 1, 1);
    promise(bytes, "memory");
    if (size > 0) {
        memcpy(bytes + before, data, size);
    }
    const unsigned char *zero = before ? memchr(data, 0, size) : NULL;
    const size_t length = zero ? (size_t)(zero - data) : size;
    if (before) {
        for (size_t b = 0; b < LENGTH_BYTES; b++) {
            bytes[b] = (unsigned char)((uint64_t)length >> 8 * b);
        }
        memmove(bytes + before + length, bytes + before + length + (zero != NULL), size - length - (zero != NULL));
    }
    const size_t total = before + size - (zero != NULL);
    unsigned char *exact = realloc(bytes, total ? total : 1); /* so that the sanitizer sees a step beyond it */
    promise(exact, "memory");
    struct error error = {0};
    struct safetensors *file = safetensors_parse("file", exact, total, &error);
    if (file) {
        look(file);
        safetensors_free(file);
    } else {
        check_refusal(&error);
    }
    return 0;
}
