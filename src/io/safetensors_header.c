#include "io/safetensors_format.h"

#include "base/memory.h"

#include <errno.h>
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { DESCRIPTION_MAX = 4096 }; /* bytes of one tensor's in the header: enough for any, and for blanks within */

/* The reading of a header. It may have 100 MB, of which a tree of all its JSON would need many times as much: the
 * objects are walked through here, and only strings and single tensors' descriptions become trees. */
struct reader {
    const char *path;
    char *begin, *at, *end; /* of the header; what is next */
    size_t data_bytes; /* after the header */
    struct safetensors *file;
    size_t tensors_capacity, metadata_capacity; /* of the file's arrays */
    struct error *error;
};

static char next(struct reader *reader)
{
    while (reader->at < reader->end && strchr(" \t\r\n", *reader->at) && *reader->at) {
        reader->at++;
    }
    return reader->at < reader->end ? *reader->at : '\0';
}

static bool refuse(const struct reader *reader, const char *wanted)
{
    if (reader->at == reader->end) {
        return error_set(reader->error, STATUS_USAGE, "%s: its header ends after %zu bytes; wanted %s", reader->path,
                         (size_t)(reader->end - reader->begin), wanted);
    }
    return error_set(reader->error, STATUS_USAGE, "%s: byte %zu of its header is 0x%02x; wanted %s", reader->path,
                     (size_t)(reader->at - reader->begin), (unsigned char)*reader->at, wanted);
}

/* What is next by jansson, at most `limit` bytes of it, to be freed with json_decref(); NULL with an error. */
static json_t *decode(struct reader *reader, size_t limit, const char *what)
{
    const size_t left = (size_t)(reader->end - reader->at);
    json_error_t reason;
    errno = 0; /* jansson takes a shortage of memory for bad JSON, or for the end of a string: errno knows better */
    json_t *value = json_loadb(reader->at, left < limit ? left : limit,
                               JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &reason);
    const size_t at = (size_t)(reader->at - reader->begin);
    if (errno == ENOMEM) {
        json_decref(value);
        value = NULL;
        error_set(reader->error, STATUS_FAILED, "%s: no memory for its header", reader->path);
    } else if (value) {
        reader->at += reason.position;
    } else if (left > limit && json_error_code(&reason) == json_error_premature_end_of_input) {
        error_set(reader->error, STATUS_USAGE, "%s: byte %zu of its header begins more than %zu bytes; wanted %s",
                  reader->path, at, limit, what);
    } else {
        error_set(reader->error, STATUS_USAGE, "%s: byte %zu of its header begins bad JSON (%s); wanted %s",
                  reader->path, at, reason.text, what);
    }
    return value;
}

/* The next string, decoded where it stands; NULL with an error. */
static const char *read_string(struct reader *reader, const char *what)
{
    if (next(reader) != '"') {
        refuse(reader, what);
        return NULL;
    }
    char *text = reader->at;
    json_t *string = decode(reader, SIZE_MAX, what);
    if (!string) {
        return NULL;
    }
    memcpy(text, json_string_value(string), json_string_length(string) + 1); /* no longer than it was in quotes */
    json_decref(string);
    return text;
}

/* An object of members that read_member reads, behind their colons. */
static bool read_object(struct reader *reader, bool (*read_member)(struct reader *reader, const char *key))
{
    if (next(reader) != '{') {
        return refuse(reader, "'{'");
    }
    reader->at++;
    if (next(reader) == '}') {
        reader->at++;
        return true;
    }
    for (;;) {
        const char *key = read_string(reader, "'\"' and a name");
        if (!key) {
            return false;
        }
        if (next(reader) != ':') {
            return refuse(reader, "':'");
        }
        reader->at++;
        if (!read_member(reader, key)) {
            return false;
        }
        char after = next(reader);
        if (after != ',' && after != '}') {
            return refuse(reader, "',' or '}'");
        }
        reader->at++;
        if (after == '}') {
            return true;
        }
    }
}

static bool read_entry(struct reader *reader, const char *key)
{
    struct safetensors *file = reader->file;
    struct safetensors_entry *metadata = memory_grow(file->metadata, &reader->metadata_capacity, file->entries,
                                                     sizeof *metadata, reader->path, reader->error);
    if (!metadata) {
        return false;
    }
    file->metadata = metadata;
    const char *value = read_string(reader, "a string, as all metadata are");
    if (!value) {
        return false;
    }
    metadata[file->entries++] = (struct safetensors_entry){key, value};
    return true;
}

static bool refuse_tensor(const struct reader *reader, const char *name, const char *reason)
{
    return error_set(reader->error, STATUS_USAGE, "%s: the tensor \"%.60s\" %s", reader->path, name, reason);
}

/* Whether value is a whole number of 0 or more, into *number. */
static bool whole(const json_t *value, size_t *number)
{
    const json_int_t integer = json_integer_value(value);
    *number = (size_t)integer;
    return json_is_integer(value) && integer >= 0;
}

/* Fills all but the name and the data's place from a description. */
static bool take_type_and_shape(const struct reader *reader, const json_t *description,
                                struct safetensors_tensor *tensor)
{
    const char *type = json_string_value(json_object_get(description, "dtype"));
    const json_t *shape = json_object_get(description, "shape");
    if (!type || !json_is_array(shape)) {
        return refuse_tensor(reader, tensor->name, "lacks dtype or shape; wanted a string and a list of whole numbers");
    }
    tensor->type = safetensors_type(type).name;
    if (!tensor->type) {
        return error_set(reader->error, STATUS_USAGE,
                         "%s: the tensor \"%.60s\" is of type %.20s; wanted BOOL, F32 or another of the format",
                         reader->path, tensor->name, type);
    }
    tensor->rank = json_array_size(shape);
    if (tensor->rank > SAFETENSORS_RANK_MAX) {
        return error_set(reader->error, STATUS_USAGE, "%s: the tensor \"%.60s\" has %zu dimensions; wanted at most %d",
                         reader->path, tensor->name, tensor->rank, SAFETENSORS_RANK_MAX);
    }
    for (size_t d = 0; d < tensor->rank; d++) {
        if (!whole(json_array_get(shape, d), &tensor->shape[d])) {
            return refuse_tensor(reader, tensor->name, "has a shape not of whole numbers; wanted those alone");
        }
    }
    return safetensors_size(tensor, &tensor->bytes) ||
           refuse_tensor(reader, tensor->name, "has a shape of more bytes than this machine can address; wanted fewer");
}

/* Finds the data. */
static bool take_place(const struct reader *reader, const json_t *description, struct safetensors_tensor *tensor)
{
    const json_t *offsets = json_object_get(description, "data_offsets");
    size_t begin, end;
    if (json_array_size(offsets) != 2 || !whole(json_array_get(offsets, 0), &begin) ||
        !whole(json_array_get(offsets, 1), &end)) {
        return refuse_tensor(reader, tensor->name, "lacks data_offsets; wanted two whole numbers");
    }
    if (begin > end || end > reader->data_bytes || end - begin != tensor->bytes) {
        return error_set(reader->error, STATUS_USAGE,
                         "%s: the tensor \"%.60s\" has data_offsets %zu to %zu; wanted %zu bytes, within the file's "
                         "%zu of data",
                         reader->path, tensor->name, begin, end, tensor->bytes, reader->data_bytes);
    }
    tensor->data = (const unsigned char *)reader->end + begin;
    return true;
}

static bool take_description(const struct reader *reader, const json_t *description, struct safetensors_tensor *tensor)
{
    if (json_object_size(description) != 3) {
        return refuse_tensor(reader, tensor->name,
                             "is not described by dtype, shape and data_offsets; wanted just these");
    }
    return take_type_and_shape(reader, description, tensor) && take_place(reader, description, tensor);
}

static bool read_tensor(struct reader *reader, const char *name)
{
    struct safetensors *file = reader->file;
    struct safetensors_tensor *tensors = memory_grow(file->tensors, &reader->tensors_capacity, file->count,
                                                     sizeof *tensors, reader->path, reader->error);
    if (!tensors) {
        return false;
    }
    file->tensors = tensors;
    json_t *description = decode(reader, DESCRIPTION_MAX, "a tensor's dtype, shape and data_offsets");
    if (!description) {
        return false;
    }
    tensors[file->count] = (struct safetensors_tensor){.name = name};
    bool well = take_description(reader, description, &tensors[file->count]);
    json_decref(description);
    file->count += well;
    return well;
}

static bool read_member(struct reader *reader, const char *key)
{
    if (strcmp(key, "__metadata__") != 0) {
        return read_tensor(reader, key);
    }
    if (reader->file->has_metadata) {
        return error_set(reader->error, STATUS_USAGE, "%s: its header has __metadata__ twice; wanted it once",
                         reader->path);
    }
    reader->file->has_metadata = true;
    return read_object(reader, read_entry);
}

static int compare_places(const void *one, const void *other)
{
    const struct safetensors_tensor *a = *(const struct safetensors_tensor *const *)one;
    const struct safetensors_tensor *b = *(const struct safetensors_tensor *const *)other;
    const uintptr_t a_begin = (uintptr_t)a->data, b_begin = (uintptr_t)b->data;
    return a_begin != b_begin ? (a_begin > b_begin) - (a_begin < b_begin)
                              : (a->bytes > b->bytes) - (a->bytes < b->bytes);
}

static int compare_names(const void *one, const void *other)
{
    const struct safetensors_tensor *a = *(const struct safetensors_tensor *const *)one;
    const struct safetensors_tensor *b = *(const struct safetensors_tensor *const *)other;
    return strcmp(a->name, b->name);
}

static int compare_keys(const void *one, const void *other)
{
    const struct safetensors_entry *a = one, *b = other;
    return strcmp(a->key, b->key);
}

/* Each byte of the data belongs to one tensor. */
static bool check_places(const struct reader *reader, const struct safetensors_tensor *const *by_place)
{
    const unsigned char *data = (const unsigned char *)reader->end;
    size_t used = 0;
    for (size_t i = 0; i < reader->file->count; i++) {
        const size_t begin = (size_t)((const unsigned char *)by_place[i]->data - data);
        if (begin != used) {
            return error_set(reader->error, STATUS_USAGE,
                             "%s: the tensor \"%.60s\" begins at byte %zu of the data; wanted %zu, where those before "
                             "it end",
                             reader->path, by_place[i]->name, begin, used);
        }
        used += by_place[i]->bytes;
    }
    return used == reader->data_bytes ||
           error_set(reader->error, STATUS_USAGE, "%s: has %zu bytes of data; wanted the %zu of its tensors",
                     reader->path, reader->data_bytes, used);
}

/* Sorts what is to be found by name, in which no name may stand twice. */
static bool sort_names(const struct reader *reader)
{
    struct safetensors *file = reader->file;
    qsort(file->by_name, file->count, sizeof(struct safetensors_tensor *), compare_names);
    for (size_t i = 1; i < file->count; i++) {
        if (strcmp(file->by_name[i - 1]->name, file->by_name[i]->name) == 0) {
            return refuse_tensor(reader, file->by_name[i]->name, "is there twice; wanted names that differ");
        }
    }
    if (file->entries > 0) { /* qsort may not be given NULL */
        qsort(file->metadata, file->entries, sizeof *file->metadata, compare_keys);
    }
    for (size_t i = 1; i < file->entries; i++) {
        if (strcmp(file->metadata[i - 1].key, file->metadata[i].key) == 0) {
            return error_set(reader->error, STATUS_USAGE,
                             "%s: its metadata has \"%.60s\" twice; wanted keys that differ", reader->path,
                             file->metadata[i].key);
        }
    }
    return true;
}

static bool read_all(struct reader *reader)
{
    struct safetensors *file = reader->file;
    if (!read_object(reader, read_member)) {
        return false;
    }
    next(reader);
    if (reader->at < reader->end) {
        return refuse(reader, "blanks alone after the last '}'");
    }
    file->by_name = memory_allocate(file->count, sizeof(struct safetensors_tensor *), reader->path, reader->error);
    if (!file->by_name) {
        return false;
    }
    for (size_t i = 0; i < file->count; i++) {
        file->by_name[i] = &file->tensors[i];
    }
    qsort(file->by_name, file->count, sizeof(struct safetensors_tensor *), compare_places);
    return check_places(reader, file->by_name) && sort_names(reader);
}

bool safetensors_read_header(const char *path, struct safetensors *file, size_t length, size_t data_bytes,
                             struct error *error)
{
    char *begin = (char *)file->bytes + SAFETENSORS_LENGTH_BYTES;
    struct reader reader = {
        .path = path,
        .begin = begin,
        .at = begin,
        .end = begin + length,
        .data_bytes = data_bytes,
        .file = file,
        .error = error,
    };
    return read_all(&reader);
}
