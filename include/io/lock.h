/* Locks between processes. */
#ifndef IO_LOCK_H
#define IO_LOCK_H

#include "base/error.h"

/* A file that one process at a time holds. The system lets go of it when the process ends, however it ends. */
struct lock;

/* Makes the file where it is missing, and holds it. NULL with STATUS_USAGE and the other process's number where another
 * holds it (it has none from within another container), with STATUS_FAILED where the system cannot lock it. `what`
 * names what is locked. */
struct lock *lock_take(const char *path, const char *what, struct error *error);

/* Removes the file and lets go of it; lock may be NULL. */
void lock_release(struct lock *lock);

#endif
