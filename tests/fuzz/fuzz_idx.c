/* The reader of IDX files. The bytes are a file. */
#include "idx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct idx images;
    read_idx(fuzz_file(data, size), &images);
    idx_free(&images);
    return 0;
}
