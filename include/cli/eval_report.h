/* What gan-eval prints of what it measured. */
#ifndef CLI_EVAL_REPORT_H
#define CLI_EVAL_REPORT_H

#include "cli/real_images.h"
#include "cli/subject.h"
#include "eval/evaluation.h"

#include <stdio.h>

struct eval_report {
    const struct subject *subject;
    const struct real_images *images;
    const struct judge_find *judge; /* NULL: there was none */
    const struct evaluation_plan *plan;
    const struct evaluation *evaluation;
};

/* A table, in 80 columns but for long paths. */
void eval_report_print(const struct eval_report *report, FILE *out);

/* One JSON object; what was not measured is null. False with STATUS_FAILED where memory is short. */
bool eval_report_print_json(const struct eval_report *report, FILE *out, struct error *error);

#endif
