/* The tables of a run, losses.csv and steps.csv, with what they hold in memory; and events.csv, once there is an
 * event. */
#ifndef GAN_TABLES_H
#define GAN_TABLES_H

#include "base/error.h"
#include "gan/gan.h"
#include "gan/position.h"
#include "gan/record.h"
#include "io/csv.h"

/* A training that was taken back to the last good state: a row of events.csv. */
struct rescue {
    size_t number; /* of the run, from 1 */
    size_t epoch; /* where the training diverged */
    uint64_t step;
    size_t back_to_epoch; /* epochs done in the state that it was taken back to */
    uint64_t back_to_step;
    const char *reason; /* "loss_d" and the like: what was not as it has to be */
    double value; /* of it */
    double learning_rate; /* of D's next update */
};

/* A struct of zeros is closed and empty. */
struct tables {
    struct csv *losses, *steps;
    struct csv *events; /* NULL: there was none */
    struct history epochs, windows; /* the rows of losses.csv and of steps.csv */
    bool lack_rows; /* what the position has done is not all there */
};

/* Opens the tables in outdir for a run that stands at position, with gan as it is: what is there of later steps is cut
 * off. Closes first what is open. */
bool tables_open(struct tables *tables, const char *outdir, const struct gan *gan, const struct position *position,
                 struct error *error);

/* Closes and empties. */
bool tables_close(struct tables *tables, struct error *error);

/* A row of losses.csv, of steps.csv, of events.csv in outdir. */
bool tables_add_epoch(struct tables *tables, const struct record *record, struct error *error);
bool tables_add_window(struct tables *tables, const struct record *record, struct error *error);
bool tables_add_rescue(struct tables *tables, const char *outdir, const struct rescue *rescue, struct error *error);

/* Any table of a run: io/csv.h's csv_open for `name` in outdir, which says of a line that is none what is to be done;
 * reader.no_row is not looked at. */
struct csv *table_open(const char *outdir, const char *name, const char *const *names, size_t columns,
                       struct csv_reader reader, struct error *error);

/* Makes the rows written so far outlast a power cut. */
bool tables_sync(struct tables *tables, struct error *error);

#endif
