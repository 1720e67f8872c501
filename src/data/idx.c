#include "data/idx.h"

#include "base/memory.h"
#include "io/regular.h"
#include "io/system.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum {
    UNSIGNED_BYTE = 8,
    MAGIC_BYTES = 4,
    DIMENSION_BYTES = 4,
    MAX_DIMENSIONS = 3,
    GZIP_WINDOW = 15 + 16, /* zlib's largest window; 16 asks for gzip's header and trailer */
    GZIP_RATIO = 16, /* images seldom shrink more: MNIST's shrink to a fifth */
    CHUNK = 1 << 16,
    MAX_TRANSFER = 1 << 30 /* a call's count must fit zlib's unsigned int */
};

/* What a file is wanted to hold. */
struct kind {
    const char *name;
    unsigned dimensions;
};

static const struct kind IMAGES = {"images", 3};
static const struct kind LABELS = {"labels", 1};

/* An open file, whose bytes input_read hands out unpacked. */
struct input {
    const char *path;
    int descriptor;
    size_t size; /* of the file as it lies on the disk */
    bool gzip;
    z_stream inflater;
    size_t members; /* gzip members read to their end */
    bool between; /* at the end of a member: either another one follows, or the file ends */
    unsigned char packed[CHUNK];
};

/* `found` is what is wrong within a member. */
static bool gzip_error(const struct input *input, const char *found, struct error *error)
{
    if (input->members > 0 && input->inflater.total_out == 0) {
        found = "is followed by bytes that are not";
    }
    return error_set(error, STATUS_USAGE, "%s: the gzip data %s; wanted a whole .gz file", input->path, found);
}

static bool inflate_fully(struct input *input, unsigned char *bytes, size_t wanted, size_t *got, struct error *error)
{
    z_stream *inflater = &input->inflater;
    *got = 0;
    while (*got < wanted) {
        if (inflater->avail_in == 0) {
            size_t n;
            if (!regular_read(input->path, input->descriptor, input->packed, CHUNK, &n, error)) {
                return false;
            }
            if (n == 0) {
                return input->between || gzip_error(input, "is cut short", error);
            }
            inflater->next_in = input->packed;
            inflater->avail_in = (uInt)n;
        }
        if (input->between) {
            inflateReset(inflater);
            input->between = false;
        }
        size_t left = wanted - *got;
        uInt room = left < MAX_TRANSFER ? (uInt)left : MAX_TRANSFER;
        inflater->next_out = bytes + *got;
        inflater->avail_out = room;
        int status = inflate(inflater, Z_NO_FLUSH);
        *got += room - inflater->avail_out;
        if (status == Z_STREAM_END) {
            input->between = true;
            input->members++;
        } else if (status == Z_MEM_ERROR) {
            return error_set(error, STATUS_FAILED, "%s: no memory to unpack it", input->path);
        } else if (status != Z_OK && status != Z_BUF_ERROR) { /* the latter only asks for more input */
            return gzip_error(input, "is corrupt", error);
        }
    }
    return true;
}

/* The next `wanted` unpacked bytes; fewer, in *got, only at the end of the file. */
static bool input_read(struct input *input, unsigned char *bytes, size_t wanted, size_t *got, struct error *error)
{
    return input->gzip ? inflate_fully(input, bytes, wanted, got, error)
                       : regular_read(input->path, input->descriptor, bytes, wanted, got, error);
}

static void input_close(struct input *input)
{
    if (input->gzip) {
        inflateEnd(&input->inflater);
    }
    if (input->descriptor >= 0) {
        system_close(&input->descriptor);
    }
}

/* On failure too, input_close closes what was opened. */
static bool input_open(struct input *input, const char *path, const struct kind *kind, struct error *error)
{
    *input = (struct input){.path = path};
    char wanted[64];
    snprintf(wanted, sizeof wanted, "an IDX file of %s", kind->name);
    if (!regular_open(path, wanted, &input->descriptor, &input->size, error)) {
        return false;
    }
    unsigned char magic[2];
    if (pread(input->descriptor, magic, sizeof magic, 0) == sizeof magic && magic[0] == 0x1f && magic[1] == 0x8b) {
        if (inflateInit2(&input->inflater, GZIP_WINDOW) != Z_OK) {
            return error_set(error, STATUS_FAILED, "%s: no memory to unpack it", path);
        }
        input->gzip = true;
    }
    return true;
}

/* The name of an IDX element type; NULL for none. */
static const char *type_name(unsigned type)
{
    static const char *const NAMES[] = {
        [0x08] = "unsigned byte", [0x09] = "signed byte", [0x0b] = "short",
        [0x0c] = "int",           [0x0d] = "float",       [0x0e] = "double",
    };
    return type < sizeof NAMES / sizeof NAMES[0] ? NAMES[type] : NULL;
}

/* What a file of another kind is, by its beginning; NULL where that is not known. */
static const char *other_kind(const unsigned char magic[MAGIC_BYTES])
{
    static const struct {
        unsigned char magic[MAGIC_BYTES];
        const char *name;
    } KINDS[] = {
        {{0x93, 'N', 'U', 'M'}, "a NumPy array"},     {{0x89, 'P', 'N', 'G'}, "a PNG picture"},
        {{0xff, 0xd8, 0xff, 0xe0}, "a JPEG picture"}, {{'G', 'I', 'F', '8'}, "a GIF picture"},
        {{'P', 'K', 3, 4}, "a ZIP archive"},
    };
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (memcmp(magic, KINDS[i].magic, MAGIC_BYTES) == 0) {
            return KINDS[i].name;
        }
    }
    return NULL;
}

static bool check_magic(const char *path, const unsigned char magic[MAGIC_BYTES], const struct kind *kind,
                        struct error *error)
{
    unsigned type = magic[2], dimensions = magic[3];
    const char *other_name = other_kind(magic);
    if (other_name) {
        return error_set(error, STATUS_USAGE, "%s: is %s; wanted an IDX file of %s", path, other_name, kind->name);
    }
    if (magic[0] != 0 || magic[1] != 0 || !type_name(type)) {
        return error_set(error, STATUS_USAGE,
                         "%s: begins with the bytes %02x %02x %02x %02x; wanted 00 00 08 %02x, an IDX file of %s", path,
                         magic[0], magic[1], type, dimensions, kind->dimensions, kind->name);
    }
    if (type != UNSIGNED_BYTE) {
        return error_set(error, STATUS_USAGE, "%s: its elements are of type 0x%02x, %s; wanted 0x08, unsigned byte",
                         path, type, type_name(type));
    }
    const struct kind *other = kind == &IMAGES ? &LABELS : &IMAGES;
    if (dimensions == other->dimensions) {
        return error_set(error, STATUS_USAGE, "%s: holds %s (its dimensions are %u); wanted %s: are the two swapped?",
                         path, other->name, dimensions, kind->name);
    }
    if (dimensions != kind->dimensions) {
        return error_set(error, STATUS_USAGE, "%s: its dimensions are %u; wanted %u, an IDX file of %s", path,
                         dimensions, kind->dimensions, kind->name);
    }
    return true;
}

static size_t header_bytes(const struct kind *kind)
{
    return MAGIC_BYTES + kind->dimensions * DIMENSION_BYTES;
}

/* The header of a file of `kind`, dimensions the file has not being 1. */
static bool read_header(struct input *input, const struct kind *kind, struct idx *idx, struct error *error)
{
    unsigned char header[MAGIC_BYTES + MAX_DIMENSIONS * DIMENSION_BYTES];
    size_t got, more = 0;
    if (!input_read(input, header, MAGIC_BYTES, &got, error) ||
        (got == MAGIC_BYTES && (!check_magic(input->path, header, kind, error) ||
                                !input_read(input, header + got, header_bytes(kind) - got, &more, error)))) {
        return false;
    }
    if (got + more < header_bytes(kind)) {
        return error_set(error, STATUS_USAGE, "%s: ends after %zu bytes; wanted a header of %zu, an IDX file of %s",
                         input->path, got + more, header_bytes(kind), kind->name);
    }
    size_t sizes[MAX_DIMENSIONS] = {1, 1, 1};
    for (size_t d = 0; d < kind->dimensions; d++) {
        const unsigned char *b = header + MAGIC_BYTES + d * DIMENSION_BYTES;
        sizes[d] = (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3];
    }
    *idx = (struct idx){.total = sizes[0], .height = sizes[1], .width = sizes[2]};
    if (idx->total == 0) {
        return error_set(error, STATUS_USAGE, "%s: holds 0 %s; wanted 1 or more", input->path, kind->name);
    }
    if (idx->height == 0 || idx->width == 0) {
        return error_set(error, STATUS_USAGE, "%s: its images are %zu x %zu; wanted 1 x 1 or more", input->path,
                         idx->height, idx->width);
    }
    return true;
}

/* The bytes after the header, `held` of them, are not the `claimed` ones that it promises. */
static bool size_error(const struct input *input, const struct kind *kind, const struct idx *idx, size_t held,
                       size_t claimed, struct error *error)
{
    const char *counted = input->gzip && held > claimed ? "at least " : ""; /* read_rest stops early */
    if (kind == &LABELS) {
        return error_set(error, STATUS_USAGE, "%s: holds %s%zu bytes after its header; wanted %zu labels, as that says",
                         input->path, counted, held, idx->total);
    }
    return error_set(error, STATUS_USAGE,
                     "%s: holds %s%zu bytes after its header; wanted %zu images of %zu x %zu, as that says",
                     input->path, counted, held, idx->total, idx->height, idx->width);
}

/* Reads `wanted` bytes, *got of which there were, into *bytes, which the caller frees. A gzip file tells its size only
 * at its end: there memory is taken as the bytes turn up. */
static bool read_elements(struct input *input, size_t wanted, unsigned char **bytes, size_t *got, struct error *error)
{
    size_t capacity = input->gzip && wanted / GZIP_RATIO > input->size ? GZIP_RATIO * input->size : wanted;
    *got = 0;
    *bytes = memory_allocate(capacity, 1, input->path, error);
    while (*bytes) {
        size_t n;
        if (!input_read(input, *bytes + *got, capacity - *got, &n, error)) {
            return false;
        }
        *got += n;
        if (*got < capacity || capacity == wanted) {
            return true;
        }
        capacity = capacity > wanted / 4 ? wanted : 4 * capacity;
        unsigned char *larger = memory_allocate(capacity, 1, input->path, error);
        if (larger) {
            memcpy(larger, *bytes, *got);
        }
        free(*bytes);
        *bytes = larger;
    }
    return false;
}

/* Reads on to the end of a gzip file, where its checksum is, and adds the bytes found to *got; stops early when there
 * are more than `wanted`. */
static bool read_rest(struct input *input, size_t wanted, size_t *got, struct error *error)
{
    unsigned char unpacked[CHUNK];
    size_t n;
    do {
        if (!input_read(input, unpacked, CHUNK, &n, error)) {
            return false;
        }
        *got += n;
    } while (n == CHUNK && *got <= wanted);
    return true;
}

/* What overflows becomes more than any file holds. */
static size_t multiply_saturated(size_t a, size_t b)
{
    size_t product;
    return size_multiply(a, b, &product) ? product : SIZE_MAX;
}

static bool read_open(struct input *input, const struct kind *kind, size_t limit, struct idx *idx, struct error *error)
{
    if (!read_header(input, kind, idx, error)) {
        return false;
    }
    idx->count = limit > 0 && limit < idx->total ? limit : idx->total;
    size_t size = multiply_saturated(idx->height, idx->width);
    size_t claimed = multiply_saturated(idx->total, size), kept = multiply_saturated(idx->count, size);
    size_t held = input->size - header_bytes(kind); /* of a plain file */
    if (!input->gzip && held != claimed) {
        return size_error(input, kind, idx, held, claimed, error);
    }
    size_t got;
    if (!read_elements(input, kept, &idx->bytes, &got, error) ||
        (input->gzip && got == kept && !read_rest(input, claimed, &got, error))) {
        return false;
    }
    return got == (input->gzip ? claimed : kept) || size_error(input, kind, idx, got, claimed, error);
}

static bool read_idx(const char *path, const struct kind *kind, size_t limit, struct idx *idx, struct error *error)
{
    *idx = (struct idx){0};
    struct input input;
    bool done = input_open(&input, path, kind, error) && read_open(&input, kind, limit, idx, error);
    input_close(&input);
    if (!done) {
        idx_free(idx);
    }
    return done;
}

bool idx_read_images(const char *path, size_t limit, struct idx *images, struct error *error)
{
    return read_idx(path, &IMAGES, limit, images, error);
}

bool idx_read_labels(const char *path, struct idx *labels, struct error *error)
{
    return read_idx(path, &LABELS, 0, labels, error);
}

void idx_free(struct idx *idx)
{
    free(idx->bytes);
    *idx = (struct idx){0};
}
