#include "io/safetensors_format.h"

#include "base/memory.h"
#include "io/file.h"

#include <errno.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { ALIGNMENT = 8 };

/* Puts a value, which may be NULL where memory is short, into an object that does not have its key; takes it over. */
static bool put(const char *path, json_t *object, const char *key, json_t *value, struct error *error)
{
    if (json_object_get(object, key)) {
        json_decref(value);
        return error_set(error, STATUS_FAILED, "%s: \"%.60s\" is given twice; wanted names that differ", path, key);
    }
    return json_object_set_new(object, key, value) == 0 ||
           error_set(error, STATUS_FAILED, "%s: \"%.60s\" or its value is not UTF-8, or memory is short", path, key);
}

static bool put_metadata(const char *path, json_t *root, const struct safetensors_entry *metadata, size_t entries,
                         struct error *error)
{
    json_t *object = json_object();
    bool well = put(path, root, "__metadata__", object, error) &&
                put(path, object, "checksum", json_string(SAFETENSORS_NO_CHECKSUM), error);
    for (size_t i = 0; well && i < entries; i++) {
        well = put(path, object, metadata[i].key, json_string(metadata[i].value), error);
    }
    return well;
}

static bool check(const char *path, const struct safetensors_tensor *tensor, struct error *error)
{
    size_t bytes;
    if (!safetensors_type(tensor->type).name || tensor->rank > SAFETENSORS_RANK_MAX ||
        !safetensors_size(tensor, &bytes) || bytes != tensor->bytes) {
        return error_set(error, STATUS_FAILED,
                         "%s: \"%.60s\" has the type %.20s, %zu dimensions and %zu bytes; wanted a type of the format, "
                         "at most %d dimensions and the bytes of its shape",
                         path, tensor->name, tensor->type, tensor->rank, tensor->bytes, SAFETENSORS_RANK_MAX);
    }
    return true;
}

static bool put_tensor(const char *path, json_t *root, const struct safetensors_tensor *tensor, size_t begin,
                       struct error *error)
{
    const size_t end = begin + tensor->bytes;
    json_t *shape = json_array();
    for (size_t d = 0; d < tensor->rank; d++) {
        json_array_append_new(shape, json_integer((json_int_t)tensor->shape[d]));
    }
    bool whole = json_array_size(shape) == tensor->rank; /* memory was not short */
    json_t *value = json_pack("{s:s, s:o, s:[I, I]}", "dtype", tensor->type, "shape", shape, "data_offsets",
                              (json_int_t)begin, (json_int_t)end);
    if (!whole) {
        json_decref(value);
        value = NULL;
    }
    return put(path, root, tensor->name, value, error);
}

/* The header's JSON, without a checksum yet, to be freed with free(); NULL with an error. */
static char *header_text(const char *path, const struct safetensors_entry *metadata, size_t entries,
                         const struct safetensors_tensor *tensors, size_t count, struct error *error)
{
    json_t *root = json_object();
    bool well = put_metadata(path, root, metadata, entries, error);
    size_t begin = 0;
    for (size_t i = 0; well && i < count; i++) {
        well = check(path, &tensors[i], error) && put_tensor(path, root, &tensors[i], begin, error);
        begin += tensors[i].bytes;
    }
    errno = 0; /* jansson may leave a name out where memory is short, and not say so */
    char *text = well ? json_dumps(root, JSON_COMPACT) : NULL;
    if (well && (!text || errno == ENOMEM)) {
        free(text);
        text = NULL;
        error_set(error, STATUS_FAILED, "%s: no memory for its header", path);
    }
    json_decref(root);
    return text;
}

/* The text [length] with its length before it and blanks behind it, so that data at multiples of 8 follow; *size is
 * that of all. NULL with an error. */
static unsigned char *frame(const char *path, const char *text, size_t length, size_t *size, struct error *error)
{
    const size_t padded = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (padded > SAFETENSORS_HEADER_MAX) {
        error_set(error, STATUS_FAILED, "%s: its header would be of %zu bytes; wanted at most %d", path, padded,
                  SAFETENSORS_HEADER_MAX);
        return NULL;
    }
    *size = SAFETENSORS_LENGTH_BYTES + padded;
    unsigned char *header = memory_allocate(*size, 1, path, error);
    if (header) {
        for (size_t b = 0; b < SAFETENSORS_LENGTH_BYTES; b++) {
            header[b] = (unsigned char)((uint64_t)padded >> 8 * b);
        }
        memset(header + SAFETENSORS_LENGTH_BYTES, ' ', padded);
        memcpy(header + SAFETENSORS_LENGTH_BYTES, text, length);
    }
    return header;
}

/* Puts the checksum of header and data into the header. */
static void sign(unsigned char *header, size_t size, const struct safetensors_tensor *tensors, size_t count)
{
    uLong sum = crc32_z(0, header, size);
    for (size_t i = 0; i < count; i++) {
        if (tensors[i].bytes > 0) { /* crc32_z would begin anew where data is NULL */
            sum = crc32_z(sum, tensors[i].data, tensors[i].bytes);
        }
    }
    char digits[SAFETENSORS_DIGITS + 1];
    snprintf(digits, sizeof digits, "%08lx", sum);
    memcpy(header + SAFETENSORS_CHECKSUM_AT, digits, SAFETENSORS_DIGITS);
}

bool safetensors_save(const char *path, const struct safetensors_entry *metadata, size_t entries,
                      const struct safetensors_tensor *tensors, size_t count, struct error *error)
{
    size_t size;
    char *text = header_text(path, metadata, entries, tensors, count, error);
    unsigned char *header = text ? frame(path, text, strlen(text), &size, error) : NULL;
    free(text);
    if (!header) {
        return false;
    }
    sign(header, size, tensors, count);
    struct file *file = file_create(path, error);
    if (file) {
        file_write(file, header, size);
        for (size_t i = 0; i < count; i++) {
            file_write(file, tensors[i].data, tensors[i].bytes);
        }
    }
    free(header);
    return file && file_commit(file, error);
}
