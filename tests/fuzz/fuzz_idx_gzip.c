/* The reader of gzip IDX files. After a 0 the bytes are a file, whose checksums no fuzzer gets right; after another
 * byte they are packed here, cut into two members at the place that the byte says, and must be read as they are
 * unpacked. */
#include "idx.h"

#include <zlib.h>

/* Adds bytes [size] as a member to packed, which has room for it; the member's bytes. */
static size_t pack(const uint8_t *bytes, size_t size, uint8_t *packed, size_t room)
{
    z_stream deflater = {0};
    promise(deflateInit2(&deflater, 1, Z_DEFLATED, 15 + 16, 1, Z_DEFAULT_STRATEGY) == Z_OK, "zlib begins");
    deflater.next_in = (z_const Bytef *)bytes;
    deflater.avail_in = (uInt)size;
    deflater.next_out = packed;
    deflater.avail_out = (uInt)room;
    promise(deflate(&deflater, Z_FINISH) == Z_STREAM_END, "zlib packs");
    deflateEnd(&deflater);
    return room - deflater.avail_out;
}

static void read_packed(size_t cut, const uint8_t *bytes, size_t size)
{
    const size_t room = 2 * size + 200;
    uint8_t *packed = calloc(room, 1);
    promise(packed, "memory");
    cut = cut < size ? cut : size;
    size_t length = pack(bytes, cut, packed, room);
    length += pack(bytes + cut, size - cut, packed + length, room - length);
    struct idx unpacked, plain;
    const bool has_unpacked = read_idx(fuzz_file(packed, length), &unpacked);
    const bool has_plain = read_idx(fuzz_file(bytes, size), &plain);
    const bool is_packed = size >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b; /* so that it is unpacked once more */
    promise(is_packed || has_unpacked == has_plain, "gzip changes nothing");
    if (!is_packed && plain.bytes) {
        promise(unpacked.bytes && unpacked.total == plain.total && unpacked.height == plain.height, "the same images");
        promise(memcmp(unpacked.bytes, plain.bytes, plain.count * plain.height * plain.width) == 0, "the same bytes");
    }
    idx_free(&unpacked);
    idx_free(&plain);
    free(packed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0 && data[0] != 0) {
        read_packed(data[0], data + 1, size - 1);
    } else if (size > 0) {
        struct idx images;
        read_idx(fuzz_file(data + 1, size - 1), &images);
        idx_free(&images);
    }
    return 0;
}
