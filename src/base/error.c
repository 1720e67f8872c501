#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The text from `begin` on in the message, as one line. */
static void print(struct error *error, size_t begin, const char *format, va_list arguments)
{
    vsnprintf(error->message + begin, sizeof error->message - begin, format, arguments);
    for (char *c = error->message + begin; *c; c++) {
        if ((unsigned char)*c < ' ' || *c == 127) {
            *c = '?';
        }
    }
}

bool error_set(struct error *error, enum status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print(error, 0, format, arguments);
    va_end(arguments);
    error->status = status;
    return false;
}

void error_append(struct error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print(error, strlen(error->message), format, arguments);
    va_end(arguments);
}

enum status error_blame(int reason)
{
    switch (reason) {
    case EDQUOT:
    case EIO:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case ENOSPC:
        return STATUS_FAILED;
    default:
        return STATUS_USAGE;
    }
}
