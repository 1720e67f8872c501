/* Tables of numbers, a row at a time. */
#ifndef IO_CSV_H
#define IO_CSV_H

#include "base/error.h"

#include <stddef.h>

struct csv;

/* Begins the file with the header "name,name,..."; what stood at path is lost. NULL with an error. */
struct csv *csv_create(const char *path, const char *const *names, size_t columns, struct error *error);

/* Adds a row [columns], in one write to the file, so that a reader never sees half of it; where that fails (the disk is
 * full) the file is cut back to the row before, and every later call fails too. text[i] is a number already written as
 * text, without commas or quotes; the row has up to 64 KiB. */
bool csv_write(struct csv *csv, const char *const *text, struct error *error);

/* Syncs, closes and frees; csv may be NULL. After a failure of csv_write the same error comes again. */
bool csv_close(struct csv *csv, struct error *error);

#endif
