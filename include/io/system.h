/* The system calls of writing: each stands here once, and answers false with the reason in errno. What tests put in
 * their place to see faults. */
#ifndef IO_SYSTEM_H
#define IO_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* open(), begun again where a signal interrupts it. */
bool system_open(const char *path, int flags, mode_t mode, int *descriptor);

/* All of the bytes, in as many calls of write() as that takes. */
bool system_write(int descriptor, const char *bytes, size_t count);

/* fsync(); true also where the file is of a kind that has none. */
bool system_sync(int descriptor);

/* close(); *descriptor is -1 afterwards. */
bool system_close(int *descriptor);

/* rename(). */
bool system_rename(const char *from, const char *to);

/* link(): a second name of a file. */
bool system_link(const char *path, const char *other);

/* unlink(). */
bool system_remove(const char *path);

/* ftruncate(): leaves the first bytes of a file. */
bool system_cut(int descriptor, off_t bytes);

/* fcntl(): locks a file against all other processes that ask for it, until it is closed. */
bool system_lock(int descriptor);

/* mkdir(), with what the umask allows. */
bool system_make_folder(const char *path);

/* access(): whether a folder may be listed, and files made and removed in it. */
bool system_may_use_folder(const char *path);

/* Makes what was renamed or made in a folder outlast a power cut. */
bool system_sync_folder(const char *folder);

#endif
