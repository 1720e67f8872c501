/* Files that are there whole or not at all, and folders. All writing of the project passes here. Errors have
 * STATUS_FAILED (or STATUS_USAGE where said) and a message with the path and the system's reason. */
#ifndef IO_FILE_H
#define IO_FILE_H

#include "base/error.h"

#include <stddef.h>

/* A file being written under a temporary name beside its final one. */
struct file;

/* Begins a file; NULL with an error. */
struct file *file_create(const char *path, struct error *error);

/* Adds bytes. After a failure the rest is ignored and file_commit reports the first reason. */
void file_write(struct file *file, const void *bytes, size_t count);
void file_print(struct file *file, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Flushes, syncs, gives the final name, syncs the folder, and frees file. On any failure since file_create the
 * temporary file is removed, what stood under the final name stays, and the first reason is in error. */
bool file_commit(struct file *file, struct error *error);

/* Removes the temporary file and frees file. */
void file_abandon(struct file *file);

/* A whole file from memory. */
bool file_save(const char *path, const void *bytes, size_t count, struct error *error);

/* Makes the folder and those above it where they are missing. STATUS_USAGE when a file is in the way or it may not be
 * made or written. */
bool folder_make(const char *path, struct error *error);

/* "folder/name" into a new string, to be freed with free(); NULL with an error when memory is short. */
char *path_join(const char *folder, const char *name, struct error *error);

#endif
