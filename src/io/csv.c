#include "io/csv.h"

#include "base/memory.h"
#include "io/file.h"

#include <stdlib.h>

struct csv {
    struct file *file;
    size_t columns;
};

struct csv *csv_create(const char *path, const char *const *names, size_t columns, struct error *error)
{
    struct csv *csv = memory_allocate(1, sizeof *csv, "a table", error);
    if (!csv) {
        return NULL;
    }
    csv->columns = columns;
    csv->file = file_create_growing(path, error);
    if (!csv->file || !csv_write(csv, names, error)) {
        file_abandon(csv->file);
        free(csv);
        return NULL;
    }
    return csv;
}

bool csv_write(struct csv *csv, const char *const *text, struct error *error)
{
    for (size_t i = 0; i < csv->columns; i++) {
        file_print(csv->file, "%s%s", i ? "," : "", text[i]);
    }
    file_print(csv->file, "\n");
    return file_flush(csv->file, error);
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
