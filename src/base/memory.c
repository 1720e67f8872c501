#include "base/memory.h"

#include <err.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64 };

bool size_multiply(size_t a, size_t b, size_t *product)
{
    return !__builtin_mul_overflow(a, b, product);
}

void *memory_allocate(size_t count, size_t size, const char *what, struct error *error)
{
    size_t bytes;
    if (!size_multiply(count, size, &bytes) || bytes > PTRDIFF_MAX - ALIGNMENT) {
        error_set(error, STATUS_FAILED, "%s: %zu x %zu bytes are more than this machine can address", what, count,
                  size);
        return NULL;
    }
    size_t rounded = (bytes + ALIGNMENT) / ALIGNMENT * ALIGNMENT; /* a multiple, as C11 wants; never 0 */
    void *block = aligned_alloc(ALIGNMENT, rounded);
    if (!block) {
        error_set(error, STATUS_FAILED, "%s: no memory for %zu bytes", what, bytes);
        return NULL;
    }
    return memset(block, 0, rounded);
}

void *memory_grow(void *block, size_t *capacity, size_t count, size_t size, const char *what, struct error *error)
{
    if (count < *capacity) {
        return block;
    }
    const size_t more = *capacity ? 2 * *capacity : 64;
    void *larger = memory_allocate(more, size, what, error);
    if (larger) {
        if (count) {
            memcpy(larger, block, count * size);
        }
        free(block);
        *capacity = more;
    }
    return larger;
}

void *memory_or_end(size_t bytes)
{
    void *block = malloc(bytes);
    if (!block) {
        errx(STATUS_FAILED, "no memory for %zu bytes", bytes);
    }
    return block;
}

char *memory_copy_string(const char *text, struct error *error)
{
    size_t bytes = strlen(text) + 1;
    char *copy = memory_allocate(bytes, 1, "a string", error);
    return copy ? memcpy(copy, text, bytes) : NULL;
}
