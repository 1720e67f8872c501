/* Files that are there whole or not at all. All writing of the project passes here. Errors have STATUS_FAILED (or
 * STATUS_USAGE where said) and a message with the path and the system's reason. A program that wants a message where a
 * file may not grow (`ulimit -f`) or a pipe is gone ignores SIGXFSZ and SIGPIPE. */
#ifndef IO_FILE_H
#define IO_FILE_H

#include "base/error.h"

#include <stddef.h>

/* A file being written. What is written gathers in 64 KiB of memory before it goes to the system. */
struct file;

/* Begins a file under a temporary name beside its final one, ".NAME.NUMBER.tmp", which only a killed program leaves
 * behind; the number is the process's, or one after it where that name is taken. The folder must be there; what stands
 * at path must be nothing or a regular file (a link to one is itself replaced; STATUS_USAGE where it is neither, or
 * where path ends with a '/'). "-" is standard output, which takes the bytes as they come. NULL with an error. */
struct file *file_create(const char *path, struct error *error);

/* The same for one of many files that can be made again: it has its name without waiting for the disk, and might not
 * outlast a power cut. */
struct file *file_create_unsynced(const char *path, struct error *error);

/* A file that readers see grow under its final name: after each file_flush it holds all that was written so far. Where
 * that fails, it is cut back to the last flush that did not. It is made where there is none; of one that is there the
 * first `kept` bytes stay. NULL with an error. */
struct file *file_open_growing(const char *path, size_t kept, struct error *error);

/* Adds bytes, or text as printf would. After a failure the rest is ignored and the next file_flush or file_commit
 * reports the first reason. One text may have up to 64 KiB. */
void file_write(struct file *file, const void *bytes, size_t count);
void file_print(struct file *file, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Hands what has gathered to the system: up to 64 KiB in one write. */
bool file_flush(struct file *file, struct error *error);

/* Flushes a growing file and makes what it holds outlast a power cut. */
bool file_sync(struct file *file, struct error *error);

/* Flushes, syncs, gives the final name, syncs the folder, and frees file. On any failure since file_create the
 * temporary file is removed, what stood under the final name stays, and the first reason is in error. (The one
 * exception: where only the folder cannot be synced, the new file stands already, but might not outlive a power
 * cut.) */
bool file_commit(struct file *file, struct error *error);

/* Frees file, which may be NULL, and removes the temporary one; a growing file stays as it was last flushed. */
void file_abandon(struct file *file);

/* A whole file from memory. */
bool file_save(const char *path, const void *bytes, size_t count, struct error *error);

#endif
