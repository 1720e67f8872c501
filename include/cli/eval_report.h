/* What gan-eval prints of what it measured. */
#ifndef CLI_EVAL_REPORT_H
#define CLI_EVAL_REPORT_H

#include "cli/real_images.h"
#include "cli/subject.h"
#include "eval/evaluation.h"

#include <jansson.h>
#include <stdio.h>

struct eval_report {
    const struct subject *subject;
    const struct real_images *images;
    const struct judge_find *judge; /* NULL: there was none */
    const struct evaluation_plan *plan;
    const struct evaluation *evaluation;
};

/* What was measured against what, and the figures in a table, in 80 columns but for long paths. */
void eval_report_print(const struct eval_report *report, FILE *out);

/* The two halves of what stands above the figures: the real images and the judge, which several runs have in common,
 * and what it is that was measured. */
void eval_report_print_real(const struct eval_report *report, FILE *out);
void eval_report_print_measured(const struct eval_report *report, FILE *out);

enum { EVAL_CELL = 64 };

/* A figure as the tables have it, "12.43 +- 0.21", or without a spread of NAN "12.43". */
void eval_cell_print(enum figure figure, struct figure_summary summary, char cell[static EVAL_CELL]);

/* All of it as a JSON object, to be freed with json_decref; what was not measured is null. */
json_t *eval_report_json(const struct eval_report *report);

#endif
