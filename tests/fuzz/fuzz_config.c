/* Configuration files. The bytes are one. */
#include "options.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *words[] = {(char *)"gan-train", (char *)"--config", (char *)fuzz_file(data, size), NULL};
    read_command_line(3, words);
    return 0;
}
