/* Folders, and the names of what is in them. Errors as in io/file.h. */
#ifndef IO_FOLDER_H
#define IO_FOLDER_H

#include "base/error.h"

#include <stddef.h>

/* The last part of a path, within it. */
const char *path_name(const char *path);

/* The folder that holds path, to be freed with free(); NULL with an error when memory is short. */
char *path_folder(const char *path, struct error *error);

/* "folder/name" into a new string, to be freed with free(); NULL with an error when memory is short. */
char *path_join(const char *folder, const char *name, struct error *error);

/* The path from the root on, without links, to be freed with free(); NULL with the reason in errno where nothing is
 * there. */
char *path_whole(const char *path);

/* Removes a file; one that is not there is none to remove. */
bool path_remove(const char *path, struct error *error);

/* The same for the file of that name in a folder. */
bool folder_remove(const char *folder, const char *name, struct error *error);

/* Gives a file a second name in its folder, over what had that name; a disk that knows no second names gives it that
 * one instead of the first. */
bool path_keep(const char *path, const char *other, struct error *error);

/* Whether a folder's entry is what a killed program left of writing a file whose name `wanted` knows:
 * ".NAME.NUMBER.tmp". */
bool path_is_leftover(const char *entry, bool (*wanted)(const char *name));

/* Makes the folder and those above it where they are missing. STATUS_USAGE when a file is in the way or it may not be
 * made, read or written. */
bool folder_make(const char *path, struct error *error);

/* Calls visit for each entry of a folder but "." and "..", in any order, until it fails; a folder that is not there has
 * none. False with visit's error, or with the path and the system's reason. */
bool folder_visit(const char *folder,
                  bool (*visit)(const char *folder, const char *name, void *context, struct error *error),
                  void *context, struct error *error);

#endif
