/* Named arrays and texts in a file of the format safetensors (https://github.com/huggingface/safetensors), which
 * Python's package of that name reads and writes: the length of the header, 8 bytes, little-endian; the header, a JSON
 * object that gives each array's type, shape and place; the arrays' bytes, little-endian, without gaps.
 *
 * A file written here begins its header with a checksum of the whole file, so that one that lost bytes or of which any
 * one was changed is never read. Another program that changes such a file has to drop that checksum; files without one
 * are read as well. */
#ifndef IO_SAFETENSORS_H
#define IO_SAFETENSORS_H

#include "base/error.h"

#include <stddef.h>

enum { SAFETENSORS_RANK_MAX = 8 };

/* An array. */
struct safetensors_tensor {
    const char *name;
    const char *type; /* BOOL, U8, I8, F8_E5M2, F8_E4M3, I16, U16, F16, BF16, I32, U32, F32, I64, U64 or F64 */
    size_t rank; /* of shape; 0: one element */
    size_t shape[SAFETENSORS_RANK_MAX];
    const void *data; /* [shape[0]]...[shape[rank - 1]], the last dimension's elements side by side */
    size_t bytes; /* of data */
};

/* A text of the file's metadata. */
struct safetensors_entry {
    const char *key, *value;
};

/* Writes metadata [entries] and tensors [count], in their order; equal arguments give equal bytes. Names, keys and
 * values are UTF-8; all names differ, none is "__metadata__"; all keys differ, none is "checksum". The data's first
 * byte lies at a multiple of 8 in the file, and the tensors follow each other without gaps. False with STATUS_FAILED
 * where the file cannot be written (see io/file.h), memory is short, or path and reason say which argument is none. */
bool safetensors_save(const char *path, const struct safetensors_entry *metadata, size_t entries,
                      const struct safetensors_tensor *tensors, size_t count, struct error *error);

/* A file in memory. */
struct safetensors;

/* Reads and checks a whole file. NULL with STATUS_USAGE and what was found and wanted where it is no such file, is
 * damaged, has an array of more than SAFETENSORS_RANK_MAX dimensions or of an unknown type; with STATUS_FAILED where
 * memory is short or the disk fails. Memory is taken for what the file holds, never for what it claims. */
struct safetensors *safetensors_load(const char *path, struct error *error);

/* The same of a file's bytes [size], made by malloc() or its like, which belong to this function and are changed by it
 * even where it fails. `path` is for messages alone. */
struct safetensors *safetensors_parse(const char *path, unsigned char *bytes, size_t size, struct error *error);

void safetensors_free(struct safetensors *file);

/* The value of a key of the metadata; NULL: there is none. Strings and arrays are the file's own. */
const char *safetensors_metadata(const struct safetensors *file, const char *key);

/* The tensors, in the order of the header, and the one of a name; NULL: there is none. Where another program wrote the
 * file, or after a tensor of small elements, data need not be aligned for its type: it is to be copied with memcpy. */
size_t safetensors_count(const struct safetensors *file);
const struct safetensors_tensor *safetensors_tensor(const struct safetensors *file, size_t i);
const struct safetensors_tensor *safetensors_find(const struct safetensors *file, const char *name);

#endif
