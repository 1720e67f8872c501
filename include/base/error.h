/* Errors: a function that can fail returns false and leaves one line for the user in the caller's struct error. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

/* What a program of this project exits with. */
enum status {
    STATUS_DONE = 0,
    STATUS_FAILED = 1, /* the machine failed while running: disk, memory */
    STATUS_USAGE = 2, /* wrong usage or input; nothing was written */
    STATUS_DIVERGED = 3, /* the training is beyond rescue */
    STATUS_STOPPED = 130, /* stopped by a signal after saving */
};

struct error {
    enum status status;
    char message[1024]; /* one line without a newline: what, where, what was wanted */
};

/* Fills error as printf would; a message that does not fit is cut. Control characters in it (a file name may hold
 * any) become '?', so that it stays one line. Returns false, so that a failing function can end with
 * `return error_set(error, STATUS_USAGE, "...")`. */
bool error_set(struct error *error, enum status status, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Whose fault a reason in errno is: the machine's (a disk that is full or broken, no memory), STATUS_FAILED, or that of
 * who named a file or folder, STATUS_USAGE. */
enum status error_blame(int reason);

/* Adds to a message as printf would: what of it does not fit is cut. */
void error_append(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
