#include "gan/tables.h"
#include "io/folder.h"

#include <stdio.h>
#include <stdlib.h>

enum { EVENT_TEXT = 32 };

/* The columns of events.csv, and their names. */
enum event_column {
    EVENT_EVENT,
    EVENT_NUMBER,
    EVENT_EPOCH,
    EVENT_STEP,
    EVENT_BACK_TO_EPOCH,
    EVENT_BACK_TO_STEP,
    EVENT_REASON,
    EVENT_VALUE,
    EVENT_LEARNING_RATE,
    EVENT_COLUMNS,
};

static const char *const EVENT_COLUMN_NAMES[EVENT_COLUMNS] = {
    [EVENT_EVENT] = "event",
    [EVENT_NUMBER] = "number",
    [EVENT_EPOCH] = "epoch",
    [EVENT_STEP] = "step",
    [EVENT_BACK_TO_EPOCH] = "back_to_epoch",
    [EVENT_BACK_TO_STEP] = "back_to_step",
    [EVENT_REASON] = "reason",
    [EVENT_VALUE] = "value",
    [EVENT_LEARNING_RATE] = "learning_rate",
};

/* Up to where a table's rows stay, and where they go. */
struct keeping {
    size_t epoch; /* the last one */
    uint64_t step;
    size_t rescues;
    struct history *history;
};

static uint64_t last_step(const struct history *history)
{
    return history->count ? history->records[history->count - 1].step : 0;
}

/* Adds what a row says. */
static bool remember(struct history *history, struct record record, struct error *error)
{
    record.steps = (size_t)(record.step - last_step(history));
    return history_add(history, &record, error);
}

static enum csv_verdict judge_record(void *context, const char *const *text, struct error *error)
{
    const struct keeping *keeping = context;
    struct record record;
    if (!record_scan(text, &record)) {
        return CSV_NO_ROW;
    }
    if (record.epoch > keeping->epoch || record.step > keeping->step) {
        return CSV_GOES;
    }
    return remember(keeping->history, record, error) ? CSV_STAYS : CSV_FAILED;
}

static enum csv_verdict judge_event(void *context, const char *const *text, struct error *error)
{
    (void)error;
    const struct keeping *keeping = context;
    double number;
    if (!csv_scan_numbers(text + EVENT_NUMBER, 1, &number)) {
        return CSV_NO_ROW;
    }
    return number <= (double)keeping->rescues ? CSV_STAYS : CSV_GOES;
}

struct csv *table_open(const char *outdir, const char *name, const char *const *names, size_t columns,
                       struct csv_reader reader, struct error *error)
{
    reader.no_row = "is not as gan-train writes it; wanted the file as it was, or none: the run then goes on without "
                    "these rows";
    char *path = path_join(outdir, name, error);
    struct csv *csv = path ? csv_open(path, names, columns, reader, error) : NULL;
    free(path);
    return csv;
}

/* losses.csv or steps.csv. */
static bool open_records(struct csv **csv, const char *outdir, const char *name, struct keeping keeping,
                         struct error *error)
{
    const struct csv_reader reader = {.judge = judge_record, .context = &keeping};
    return (*csv = table_open(outdir, name, RECORD_COLUMN_NAMES, RECORD_COLUMNS, reader, error));
}

static bool open_events(struct tables *tables, const char *outdir, size_t rescues, struct error *error)
{
    struct keeping keeping = {.rescues = rescues};
    const struct csv_reader reader = {.judge = judge_event, .context = &keeping};
    return (tables->events = table_open(outdir, "events.csv", EVENT_COLUMN_NAMES, EVENT_COLUMNS, reader, error));
}

bool tables_open(struct tables *tables, const char *outdir, const struct gan *gan, const struct position *position,
                 struct error *error)
{
    if (!tables_close(tables, error)) {
        return false;
    }
    const struct keeping epochs = {.epoch = position->epoch, .step = gan->steps, .history = &tables->epochs};
    const struct keeping windows = {.epoch = position->epoch + 1, .step = gan->steps, .history = &tables->windows};
    if (!open_records(&tables->losses, outdir, "losses.csv", epochs, error) ||
        !open_records(&tables->steps, outdir, "steps.csv", windows, error) ||
        !(gan->rescues ? open_events(tables, outdir, gan->rescues, error)
                       : folder_remove(outdir, "events.csv", error))) {
        return false;
    }
    tables->lack_rows = last_step(&tables->epochs) != gan->steps - position->sums.steps ||
                        last_step(&tables->windows) != gan->steps - position->window.steps;
    return true;
}

bool tables_close(struct tables *tables, struct error *error)
{
    struct error later; /* what failed first is told */
    const bool losses = csv_close(tables->losses, error);
    const bool steps = csv_close(tables->steps, losses ? error : &later);
    const bool events = csv_close(tables->events, losses && steps ? error : &later);
    history_free(&tables->epochs);
    history_free(&tables->windows);
    *tables = (struct tables){0};
    return losses && steps && events;
}

/* The history holds what the row says, not the numbers before they were rounded: so a run that reads its rows again has
 * the same. */
static bool add_record(struct csv *csv, struct history *history, const struct record *record, struct error *error)
{
    struct record_text text;
    struct record said = *record;
    const char *fields[RECORD_COLUMNS];
    record_print(record, &text);
    for (size_t i = 0; i < RECORD_COLUMNS; i++) {
        fields[i] = text.numbers[i];
    }
    record_scan(fields, &said); /* which holds what was just printed */
    return csv_write(csv, fields, error) && remember(history, said, error);
}

bool tables_add_epoch(struct tables *tables, const struct record *record, struct error *error)
{
    return add_record(tables->losses, &tables->epochs, record, error);
}

bool tables_add_window(struct tables *tables, const struct record *record, struct error *error)
{
    return add_record(tables->steps, &tables->windows, record, error);
}

bool tables_add_rescue(struct tables *tables, const char *outdir, const struct rescue *rescue, struct error *error)
{
    if (!tables->events && !open_events(tables, outdir, rescue->number - 1, error)) {
        return false;
    }
    char numbers[EVENT_COLUMNS][EVENT_TEXT];
    const char *fields[EVENT_COLUMNS];
    for (size_t c = 0; c < EVENT_COLUMNS; c++) {
        fields[c] = numbers[c];
    }
    fields[EVENT_EVENT] = "rescue";
    fields[EVENT_REASON] = rescue->reason;
    snprintf(numbers[EVENT_NUMBER], EVENT_TEXT, "%zu", rescue->number);
    snprintf(numbers[EVENT_EPOCH], EVENT_TEXT, "%zu", rescue->epoch);
    snprintf(numbers[EVENT_STEP], EVENT_TEXT, "%llu", (unsigned long long)rescue->step);
    snprintf(numbers[EVENT_BACK_TO_EPOCH], EVENT_TEXT, "%zu", rescue->back_to_epoch);
    snprintf(numbers[EVENT_BACK_TO_STEP], EVENT_TEXT, "%llu", (unsigned long long)rescue->back_to_step);
    snprintf(numbers[EVENT_VALUE], EVENT_TEXT, "%.9g", rescue->value);
    snprintf(numbers[EVENT_LEARNING_RATE], EVENT_TEXT, "%.9g", rescue->learning_rate);
    return csv_write(tables->events, fields, error);
}

bool tables_sync(struct tables *tables, struct error *error)
{
    return csv_sync(tables->losses, error) && csv_sync(tables->steps, error) &&
           (!tables->events || csv_sync(tables->events, error));
}
