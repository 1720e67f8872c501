#include "io/array.h"

#include <stdio.h>
#include <string.h>

enum { IDX_BYTES = 8, NPY_PREAMBLE = 10, NPY_HEADER = 128 };

void array_begin_idx(struct file *file, const size_t *sizes, size_t dimensions)
{
    const unsigned char magic[] = {0, 0, IDX_BYTES, (unsigned char)dimensions};
    file_write(file, magic, sizeof magic);
    for (size_t d = 0; d < dimensions; d++) {
        const unsigned char size[] = {(unsigned char)(sizes[d] >> 24), (unsigned char)(sizes[d] >> 16),
                                      (unsigned char)(sizes[d] >> 8), (unsigned char)sizes[d]};
        file_write(file, size, sizeof size);
    }
}

/* "\x93NUMPY", version 1.0, the length of what follows as 16 bits, the least byte first; then a literal of Python,
 * filled up with blanks to a multiple of 64 bytes in all, and a newline. */
void array_begin_npy(struct file *file, const size_t *sizes, size_t dimensions)
{
    static const unsigned char PREAMBLE[NPY_PREAMBLE] = {
        0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, NPY_HEADER - NPY_PREAMBLE};
    char text[NPY_HEADER - NPY_PREAMBLE];
    memset(text, ' ', sizeof text);
    size_t used = (size_t)snprintf(text, sizeof text, "{'descr': '|u1', 'fortran_order': False, 'shape': (");
    for (size_t d = 0; d < dimensions; d++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%zu,", sizes[d]);
    }
    used += (size_t)snprintf(text + used, sizeof text - used, ")}");
    text[used] = ' ';
    text[sizeof text - 1] = '\n';
    file_write(file, PREAMBLE, sizeof PREAMBLE);
    file_write(file, text, sizeof text);
}
