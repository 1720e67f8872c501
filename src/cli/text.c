#include "cli/text.h"

#include <string.h>

void text_print_wrapped(const char *text, size_t at, size_t indent, FILE *out)
{
    if (at + 2 > indent) {
        fputc('\n', out);
        at = 0;
    }
    fprintf(out, "%*s", (int)(indent - at), "");
    at = indent;
    while (*text) {
        size_t length = strcspn(text, " ");
        if (at > indent && at + 1 + length >= TEXT_COLUMNS) {
            fprintf(out, "\n%*s", (int)indent, "");
            at = indent;
        } else if (at > indent) {
            fputc(' ', out);
            at++;
        }
        fwrite(text, 1, length, out);
        at += length;
        text += length + strspn(text + length, " ");
    }
    fputc('\n', out);
}
