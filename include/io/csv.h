/* Tables of numbers, a row at a time. */
#ifndef IO_CSV_H
#define IO_CSV_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct csv;

enum { CSV_COLUMNS_MAX = 16 };

enum csv_verdict {
    CSV_STAYS,
    CSV_GOES, /* and all after it */
    CSV_NO_ROW, /* nobody wrote that here */
    CSV_FAILED, /* it cannot be taken, for the reason in error */
};

/* Who reads a table's rows: text [columns]. */
struct csv_reader {
    enum csv_verdict (*judge)(void *context, const char *const *text, struct error *error);
    void *context;
    const char *no_row; /* what is said of a line that is none: "PATH: line N " and this */
};

/* Opens the table with the header "name,name,..." (up to CSV_COLUMNS_MAX names), to be written at its end. Where there
 * is none, it is begun. The rows of one that is there are handed to reader in their order; from the first on that goes,
 * or whose end is missing, they are cut off. NULL with an error: STATUS_USAGE where a whole line is no row, or another
 * header, for somebody else has written the file, and what is in it may be all there is of it. Then, and where reader
 * failed, the file stays as it is. */
struct csv *csv_open(const char *path, const char *const *names, size_t columns, struct csv_reader reader,
                     struct error *error);

/* The numbers that a row's fields [columns] say, into numbers [columns]; false where one is none. */
bool csv_scan_numbers(const char *const *text, size_t columns, double *numbers);

/* The count that such a number is, a whole one from 0 to 10^15, into *count; false where it is none. */
bool csv_count(double number, uint64_t *count);

/* Adds a row [columns], in one write to the file, so that a reader never sees half of it; where that fails (the disk is
 * full) the file is cut back to the row before, and every later call fails too. text[i] is a number or a word, without
 * commas or quotes; the row has up to 64 KiB. */
bool csv_write(struct csv *csv, const char *const *text, struct error *error);

/* Makes the rows written so far outlast a power cut. */
bool csv_sync(struct csv *csv, struct error *error);

/* Syncs, closes and frees; csv may be NULL. After a failure of csv_write the same error comes again. */
bool csv_close(struct csv *csv, struct error *error);

#endif
