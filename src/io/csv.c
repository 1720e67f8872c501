#include "io/csv.h"

#include "base/memory.h"
#include "io/file.h"
#include "io/regular.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const double COUNT_MAX = 1e15; /* below 2^53: a double holds each whole number up to it */

struct csv {
    struct file *file;
    size_t columns;
};

/* The length of the header in text where that begins with it, else 0. */
static size_t header_length(const char *text, const char *const *names, size_t columns)
{
    const char *at = text;
    for (size_t i = 0; i < columns; i++) {
        const size_t length = strlen(names[i]);
        if (strncmp(at, names[i], length) != 0 || at[length] != (i + 1 < columns ? ',' : '\n')) {
            return 0;
        }
        at += length + 1;
    }
    return (size_t)(at - text);
}

/* Cuts the line, which ends at its newline, into its fields; false where there are not as many as columns. */
static bool split(char *line, size_t columns, char *text[CSV_COLUMNS_MAX])
{
    for (size_t i = 0; i < columns; i++) {
        text[i] = line;
        line += strcspn(line, ",\n");
        if (*line != (i + 1 < columns ? ',' : '\n')) {
            return false;
        }
        *line++ = '\0';
    }
    return true;
}

static bool refuse(const char *path, size_t line, struct csv_reader reader, struct error *error)
{
    return error_set(error, STATUS_USAGE, "%s: line %zu %s", path, line, reader.no_row);
}

/* How many bytes of a table's text stay. */
static bool keep_rows(const char *path, char *text, const char *const *names, size_t columns, struct csv_reader reader,
                      size_t *kept, struct error *error)
{
    char *fields[CSV_COLUMNS_MAX], *end;
    char *row = text + header_length(text, names, columns);
    if (row == text && strchr(text, '\n')) {
        return refuse(path, 1, reader, error);
    }
    for (size_t line = 2; row > text && (end = strchr(row, '\n')); line++) {
        const bool whole = split(row, columns, fields);
        const enum csv_verdict verdict =
            whole ? reader.judge(reader.context, (const char *const *)fields, error) : CSV_NO_ROW;
        if (verdict == CSV_NO_ROW) {
            return refuse(path, line, reader, error);
        }
        if (verdict == CSV_FAILED) {
            return false;
        }
        if (verdict == CSV_GOES) {
            break;
        }
        row = end + 1;
    }
    *kept = (size_t)(row - text);
    return true;
}

static bool has_bytes(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && status.st_size > 0;
}

struct csv *csv_open(const char *path, const char *const *names, size_t columns, struct csv_reader reader,
                     struct error *error)
{
    struct csv *csv = memory_allocate(1, sizeof *csv, "a table", error);
    char *text = NULL;
    size_t size, kept = 0;
    if (csv && has_bytes(path)) {
        const bool good = regular_load(path, "a table", SIZE_MAX - 1, &text, &size, error) &&
                          keep_rows(path, text, names, columns, reader, &kept, error);
        free(text);
        if (!good) {
            free(csv);
            return NULL;
        }
    }
    if (!csv) {
        return NULL;
    }
    csv->columns = columns;
    csv->file = file_open_growing(path, kept, error);
    if (!csv->file || (kept == 0 && !csv_write(csv, names, error))) {
        file_abandon(csv->file);
        free(csv);
        return NULL;
    }
    return csv;
}

bool csv_scan_numbers(const char *const *text, size_t columns, double *numbers)
{
    for (size_t i = 0; i < columns; i++) {
        char *end;
        numbers[i] = strtod(text[i], &end);
        if (end == text[i] || *end) {
            return false;
        }
    }
    return true;
}

bool csv_count(double number, uint64_t *count)
{
    if (!(number >= 0 && number <= COUNT_MAX)) { /* nor what is not a number */
        return false;
    }
    *count = (uint64_t)number;
    return (double)*count == number;
}

bool csv_write(struct csv *csv, const char *const *text, struct error *error)
{
    for (size_t i = 0; i < csv->columns; i++) {
        file_print(csv->file, "%s%s", i ? "," : "", text[i]);
    }
    file_print(csv->file, "\n");
    return file_flush(csv->file, error);
}

bool csv_sync(struct csv *csv, struct error *error)
{
    return file_sync(csv->file, error);
}

bool csv_close(struct csv *csv, struct error *error)
{
    if (!csv) {
        return true;
    }
    bool closed = file_commit(csv->file, error);
    free(csv);
    return closed;
}
