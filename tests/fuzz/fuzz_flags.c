/* Command lines. The bytes are the words after the program's name, a line each. */
#include "options.h"

enum { WORDS_MAX = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = calloc(size + 1, 1), *words[WORDS_MAX + 1] = {(char *)"gan-train"};
    promise(text, "memory");
    if (size > 0) {
        memcpy(text, data, size);
    }
    int count = 1;
    for (char *word = text; *word && count < WORDS_MAX;) {
        char *end = word + strcspn(word, "\n");
        words[count++] = word;
        word = *end ? end + 1 : end;
        *end = '\0';
    }
    read_command_line(count, words);
    free(text);
    return 0;
}
