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

/* Of one of several runs what it is, and of the first what they are measured against. */
void eval_report_print_run(const struct eval_report *report, bool first, FILE *out);

/* All of it as a JSON object, to be freed with json_decref; what was not measured is null. */
json_t *eval_report_json(const struct eval_report *report);

#endif
