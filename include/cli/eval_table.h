/* Figures of several runs in one table. */
#ifndef CLI_EVAL_TABLE_H
#define CLI_EVAL_TABLE_H

#include "cli/eval_notes.h"

/* What the table has of a run. */
struct eval_row {
    const char *name; /* the caller's */
    struct figure_summary generated[FIGURES], real[FIGURES];
    struct eval_notes notes;
};

/* The row of a run that was measured, which stays when the report goes. */
void eval_row_take(const struct eval_report *report, const char *name, struct eval_row *row);

/* Of rows [count], one or more, and below them of real images, in 80 columns but for long names. A figure that no row
 * has is left out, and of real images one that the runs do not agree on. Then each run's notes. */
void eval_table_print(const struct eval_row *rows, size_t count, FILE *out);

#endif
