#include "io/safetensors_format.h"

#include "base/memory.h"
#include "io/regular.h"
#include "io/system.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { START_BYTES = SAFETENSORS_LENGTH_BYTES + 1 }; /* the header's length, and what it begins with */

/* Checks START_BYTES bytes of a file, or all where it has fewer; the header's length into *length. */
static bool check_start(const char *path, const unsigned char *start, size_t size, size_t *length, struct error *error)
{
    if (size < START_BYTES) {
        return error_set(error, STATUS_USAGE, "%s: has %zu bytes; wanted a safetensors file, of 10 or more", path,
                         size);
    }
    uint64_t claimed = 0;
    for (size_t b = SAFETENSORS_LENGTH_BYTES; b-- > 0;) {
        claimed = claimed << 8 | start[b];
    }
    if (claimed < 2 || claimed > SAFETENSORS_HEADER_MAX || start[SAFETENSORS_LENGTH_BYTES] != '{') {
        return error_set(error, STATUS_USAGE,
                         "%s: begins with the bytes %02x %02x %02x %02x %02x %02x %02x %02x %02x; wanted a safetensors "
                         "file: a length from 2 to %d, then '{'",
                         path, start[0], start[1], start[2], start[3], start[4], start[5], start[6], start[7], start[8],
                         SAFETENSORS_HEADER_MAX);
    }
    if (claimed > size - SAFETENSORS_LENGTH_BYTES) {
        return error_set(error, STATUS_USAGE, "%s: has %zu bytes; wanted a header of %zu and more: it is cut short",
                         path, size, (size_t)claimed);
    }
    *length = (size_t)claimed;
    return true;
}

/* Where the header begins as those of this project do, all of the file must still be what the checksum was made of. */
static bool check_sum(const char *path, const unsigned char *bytes, size_t size, size_t length, struct error *error)
{
    const char *beginning = SAFETENSORS_BEGINNING;
    if (length < SAFETENSORS_BEGINNING_BYTES + SAFETENSORS_DIGITS) {
        return true;
    }
    size_t equal = 0;
    for (size_t i = 0; i < SAFETENSORS_BEGINNING_BYTES; i++) {
        equal += bytes[SAFETENSORS_LENGTH_BYTES + i] == (unsigned char)beginning[i];
    }
    if (equal + 1 < SAFETENSORS_BEGINNING_BYTES) {
        return true;
    }
    const unsigned char *found = bytes + SAFETENSORS_CHECKSUM_AT, *rest = found + SAFETENSORS_DIGITS;
    uLong sum = crc32_z(0, bytes, SAFETENSORS_LENGTH_BYTES);
    sum = crc32_z(sum, (const unsigned char *)beginning, SAFETENSORS_BEGINNING_BYTES);
    sum = crc32_z(sum, (const unsigned char *)SAFETENSORS_NO_CHECKSUM, SAFETENSORS_DIGITS);
    sum = crc32_z(sum, rest, size - (size_t)(rest - bytes));
    char digits[SAFETENSORS_DIGITS + 1];
    snprintf(digits, sizeof digits, "%08lx", sum);
    if (equal < SAFETENSORS_BEGINNING_BYTES || memcmp(digits, found, SAFETENSORS_DIGITS) != 0) {
        return error_set(error, STATUS_USAGE,
                         "%s: its checksum is %s; wanted %.*s, as it says itself: the file is damaged", path, digits,
                         SAFETENSORS_DIGITS, (const char *)found);
    }
    return true;
}

/* Where there is a checksum it must stand where check_sum() looked at it. */
static bool check_sum_place(const char *path, const struct safetensors *file, struct error *error)
{
    const char *checksum = safetensors_metadata(file, "checksum");
    const char *place = (const char *)file->bytes + SAFETENSORS_CHECKSUM_AT - 1; /* its quotation mark */
    return !checksum || (checksum == place && strlen(checksum) == SAFETENSORS_DIGITS) ||
           error_set(error, STATUS_USAGE,
                     "%s: has a checksum, \"%.20s\", that is none of its header's first bytes; wanted it there with %d "
                     "digits, or none where another program wrote the file anew",
                     path, checksum, SAFETENSORS_DIGITS);
}

struct safetensors *safetensors_parse(const char *path, unsigned char *bytes, size_t size, struct error *error)
{
    struct safetensors *file = memory_allocate(1, sizeof *file, path, error);
    if (!file) {
        free(bytes);
        return NULL;
    }
    file->bytes = bytes;
    size_t length = 0;
    if (check_start(path, bytes, size, &length, error) && check_sum(path, bytes, size, length, error) &&
        safetensors_read_header(path, file, length, size - SAFETENSORS_LENGTH_BYTES - length, error) &&
        check_sum_place(path, file, error)) {
        return file;
    }
    safetensors_free(file);
    return NULL;
}

/* All bytes of an open file, to be freed with free(); NULL with an error. What does not begin as such a file is refused
 * before there is memory for the rest. */
static unsigned char *read_all(const char *path, int descriptor, size_t size, struct error *error)
{
    unsigned char start[START_BYTES] = {0};
    size_t got, length;
    if (!regular_read(path, descriptor, start, START_BYTES, &got, error) ||
        !check_start(path, start, got < START_BYTES ? got : size, &length, error)) {
        return NULL;
    }
    return regular_load_rest(path, descriptor, start, START_BYTES, size, error);
}

struct safetensors *safetensors_load(const char *path, struct error *error)
{
    int descriptor;
    size_t size;
    if (!regular_open(path, "a safetensors file", &descriptor, &size, error)) {
        return NULL;
    }
    unsigned char *bytes = read_all(path, descriptor, size, error);
    system_close(&descriptor);
    return bytes ? safetensors_parse(path, bytes, size, error) : NULL;
}

void safetensors_free(struct safetensors *file)
{
    if (file) {
        free(file->bytes);
        free(file->tensors);
        free((void *)file->by_name);
        free(file->metadata);
        free(file);
    }
}

static int compare_key(const void *key, const void *entry)
{
    return strcmp(key, ((const struct safetensors_entry *)entry)->key);
}

static int compare_name(const void *name, const void *tensor)
{
    return strcmp(name, (*(const struct safetensors_tensor *const *)tensor)->name);
}

const char *safetensors_metadata(const struct safetensors *file, const char *key)
{
    const struct safetensors_entry *entry =
        file->entries ? bsearch(key, file->metadata, file->entries, sizeof *entry, compare_key) : NULL;
    return entry ? entry->value : NULL;
}

size_t safetensors_count(const struct safetensors *file)
{
    return file->count;
}

const struct safetensors_tensor *safetensors_tensor(const struct safetensors *file, size_t i)
{
    return &file->tensors[i];
}

const struct safetensors_tensor *safetensors_find(const struct safetensors *file, const char *name)
{
    const struct safetensors_tensor *const *found =
        bsearch(name, file->by_name, file->count, sizeof(struct safetensors_tensor *), compare_name);
    return found ? *found : NULL;
}
