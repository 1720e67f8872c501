#include "cli/text.h"

#include <errno.h>
#include <stdlib.h>
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

/* A stream into memory that cannot grow says so neither by ferror nor when it is closed, but by errno alone; so does
 * what is printed in parts, and had no memory for one. Texts may be made within texts: what errno says of the outer one
 * is put back. */
bool text_begin(struct text *text)
{
    *text = (struct text){.reason = errno};
    errno = 0;
    text->out = open_memstream(&text->bytes, &text->length);
    return text->out;
}

char *text_end(struct text *text)
{
    if (!text->out) {
        return NULL;
    }
    const bool was_short = errno == ENOMEM; /* closing it may set errno anew */
    if (fclose(text->out) != 0 || was_short || errno == ENOMEM) {
        free(text->bytes);
        errno = ENOMEM;
        return NULL;
    }
    errno = text->reason;
    return text->bytes;
}
