/* What the writer and the reader of io/safetensors.h have in common. */
#ifndef IO_SAFETENSORS_FORMAT_H
#define IO_SAFETENSORS_FORMAT_H

#include "io/safetensors.h"

/* What the header of a file written here begins with, and what follows: the checksum, its digits in lower case, and a
 * quotation mark. It is the CRC-32 of the whole file with '0' for each of these digits. */
#define SAFETENSORS_BEGINNING "{\"__metadata__\":{\"checksum\":\""
#define SAFETENSORS_NO_CHECKSUM "00000000"

enum {
    SAFETENSORS_LENGTH_BYTES = 8, /* of the header's length */
    SAFETENSORS_HEADER_MAX = 100000000, /* the format's own limit */
    SAFETENSORS_BEGINNING_BYTES = sizeof SAFETENSORS_BEGINNING - 1,
    SAFETENSORS_DIGITS = sizeof SAFETENSORS_NO_CHECKSUM - 1,
    SAFETENSORS_CHECKSUM_AT = SAFETENSORS_LENGTH_BYTES + SAFETENSORS_BEGINNING_BYTES /* from the file's first byte */
};

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "arrays are written as they lie in memory");

/* The type of this name among the format's, with the bytes of an element; its own name NULL where there is none. */
struct safetensors_type {
    const char *name;
    size_t bytes;
};
struct safetensors_type safetensors_type(const char *name);

/* The bytes of a tensor by its type and shape into *bytes; false where they are more than a size_t holds. */
bool safetensors_size(const struct safetensors_tensor *tensor, size_t *bytes);

/* What safetensors_load gives. */
struct safetensors {
    unsigned char *bytes; /* of the file; the header's strings are decoded in place, each ended by a zero */
    struct safetensors_tensor *tensors; /* [count], in the order of the header */
    size_t count;
    const struct safetensors_tensor **by_name; /* [count], sorted */
    struct safetensors_entry *metadata; /* [entries], sorted by key once all is read */
    size_t entries;
    bool has_metadata;
};

/* Reads the header [length] in file->bytes, which `data_bytes` of data follow, into an otherwise empty file. False with
 * an error as safetensors_load has it. */
bool safetensors_read_header(const char *path, struct safetensors *file, size_t length, size_t data_bytes,
                             struct error *error);

#endif
