#include "cli/eval_report.h"

#include "base/count.h"
#include "cli/eval_notes.h"
#include "cli/text.h"

#include <math.h>
#include <string.h>

enum { MARGIN = 11, TITLE = 24, CELL = 21, PARTS_IN_A_ROW = 10 };

static const char *const BETTER[] = {
    [BETTER_LOWER] = "lower", [BETTER_HIGHER] = "higher", [BETTER_REAL] = "as real ones'"};

/* --- what was measured against what --- */

static void print_data(const struct eval_report *report, FILE *out)
{
    const struct dataset *training = &report->images->training, *test = &report->images->test;
    char training_count[COUNT_TEXT], test_count[COUNT_TEXT];
    fprintf(out, "%-*s%s training and %s test images of %zu x %zu", MARGIN, "real",
            count_print(training->count, training_count), count_print(test->count, test_count), training->height,
            training->width);
    fprintf(out, training->classes ? ", %zu classes\n" : "\n", training->classes);
    fprintf(out, "%*s%s\n", MARGIN, "", training->built_in ? "built-in drawn digits" : training->images_path);
    if (test->images_path) {
        fprintf(out, "%*s%s\n", MARGIN, "", test->images_path);
    }
}

static void print_judge(const struct eval_report *report, FILE *out)
{
    const struct judge_find *judge = report->judge;
    if (!judge) {
        fprintf(out, "%-*snone: it takes labels of two classes; only pixels are compared\n", MARGIN, "judge");
        return;
    }
    fprintf(out, "%-*s", MARGIN, "judge");
    if (!isnan(report->evaluation->judge_accuracy)) {
        fprintf(out, "knows %.2f %% of the test images; ", 100 * report->evaluation->judge_accuracy);
    }
    fprintf(out, "%s\n",
            judge->trained ? judge->damaged ? "trained anew: its file was no good" : "trained now" : "was kept");
    if (judge->kept) {
        fprintf(out, "%*s%s\n", MARGIN, "", judge->path);
    } else {
        fprintf(out, "%*snot kept: %s\n", MARGIN, "", judge->why_not.message);
    }
}

static void print_run(const struct eval_report *report, FILE *out)
{
    const struct subject *subject = report->subject;
    const struct saved_generator *run = &subject->saved;
    const struct run_progress *progress = &run->progress;
    char count[COUNT_TEXT];
    fprintf(out, "%*spreset %s, after %zu epoch%s and ", MARGIN, "", run->options.config.preset, progress->epochs,
            progress->epochs == 1 ? "" : "s");
    fprintf(out, "%s steps\n", count_print((size_t)progress->steps, count));
    if (subject->flags[0]) {
        text_print_wrapped(subject->flags, 0, MARGIN, out);
    }
    if (run->data.count < report->images->training.count) {
        fprintf(out, "%*strained on the first %s images: the nearest are of these\n", MARGIN, "",
                count_print(run->data.count, count));
    }
    if (run->options.config.ema > 0 && !run->averaged) {
        fprintf(out, "%*sby G's own weights, not by their averages\n", MARGIN, "");
    }
    if (progress->rescues > 0) {
        fprintf(out, "%*srescued %zu time%s, each with a tenth of the learning rate from then on\n", MARGIN, "",
                progress->rescues, progress->rescues == 1 ? "" : "s");
    }
}

void eval_report_print_measured(const struct eval_report *report, FILE *out)
{
    const struct evaluation *evaluation = report->evaluation;
    char count[COUNT_TEXT];
    fprintf(out, "%-*s%s\n", MARGIN, "measured", report->subject->name);
    if (report->subject->saved.path) {
        print_run(report, out);
    }
    fprintf(out, "%*s%zu draw%s of %s images", MARGIN, "", evaluation->draws, evaluation->draws == 1 ? "" : "s",
            count_print(report->plan->count, count));
    fprintf(out, "; real: %zu of %s training images\n", evaluation->real_draws,
            count_print(evaluation->real_count, count));
}

/* --- figures --- */

void eval_cell_print(enum figure figure, struct figure_summary summary, char cell[static EVAL_CELL])
{
    const struct figure_kind *kind = &FIGURE_KINDS[figure];
    if (isnan(summary.mean)) {
        snprintf(cell, EVAL_CELL, "-");
    } else if (isnan(summary.spread)) {
        snprintf(cell, EVAL_CELL, "%.*f", kind->decimals, summary.mean);
    } else {
        snprintf(cell, EVAL_CELL, "%.*f +- %.*f", kind->decimals, summary.mean, kind->decimals, summary.spread);
    }
}

/* The same of classes, "9.4 of 10". */
static void print_alive(const struct eval_report *report, struct figure_summary summary, char cell[EVAL_CELL])
{
    const size_t classes = evaluation_classes(report->evaluation);
    snprintf(cell, EVAL_CELL, summary.mean == floor(summary.mean) ? "%.0f of %zu" : "%.1f of %zu", summary.mean,
             classes);
}

static void print_figures(const struct eval_report *report, FILE *out)
{
    const struct evaluation *evaluation = report->evaluation;
    fprintf(out, "\n%-*s%-*s%-*s%s\n", TITLE, "", CELL, "these images", CELL, "real images", "better");
    for (size_t f = 0; f < FIGURES; f++) {
        const struct figure_kind *kind = &FIGURE_KINDS[f];
        const struct figure_summary generated =
            figures_summarize(evaluation->generated, evaluation->draws, (enum figure)f);
        const struct figure_summary drawn = figures_summarize(evaluation->real, evaluation->real_draws, (enum figure)f);
        char cells[2][EVAL_CELL];
        if (generated.draws) {
            if (f == FIGURE_CLASSES) {
                print_alive(report, generated, cells[0]);
                print_alive(report, drawn, cells[1]);
            } else {
                eval_cell_print((enum figure)f, generated, cells[0]);
                eval_cell_print((enum figure)f, drawn, cells[1]);
            }
            fprintf(out, "%-*s%-*s%-*s%s\n", TITLE, kind->title, CELL, cells[0], CELL, cells[1], BETTER[kind->better]);
        }
    }
}

/* The share of class c over all draws. */
static double mean_share(const struct evaluation *evaluation, size_t c)
{
    double sum = 0;
    for (size_t d = 0; d < evaluation->draws; d++) {
        sum += evaluation->generated[d].shares[c];
    }
    return sum / (double)evaluation->draws;
}

/* Those that training images or generated ones have. */
static void print_classes(const struct eval_report *report, FILE *out)
{
    const struct evaluation *evaluation = report->evaluation;
    size_t shown[CLASSES_MAX], classes = 0;
    for (size_t c = 0; c < report->images->training.classes; c++) {
        if (evaluation->shares[c] > 0 || mean_share(evaluation, c) > 0) {
            shown[classes++] = c;
        }
    }
    for (size_t first = 0; first < classes; first += PARTS_IN_A_ROW) {
        const size_t end = first + PARTS_IN_A_ROW < classes ? first + PARTS_IN_A_ROW : classes;
        fprintf(out, "\n%-*s", MARGIN + 2, "class");
        for (size_t i = first; i < end; i++) {
            fprintf(out, "%6zu", shown[i]);
        }
        fprintf(out, "\n%-*s", MARGIN + 2, "these, %");
        for (size_t i = first; i < end; i++) {
            fprintf(out, "%6.1f", 100 * mean_share(evaluation, shown[i]));
        }
        fprintf(out, "\n%-*s", MARGIN + 2, "real, %");
        for (size_t i = first; i < end; i++) {
            fprintf(out, "%6.1f", 100 * evaluation->shares[shown[i]]);
        }
        fprintf(out, "\n");
    }
}

static void print_notes(const struct eval_report *report, FILE *out)
{
    struct eval_notes notes;
    eval_notes_make(report, &notes);
    for (size_t i = 0; i < notes.count; i++) {
        fputs(i ? "note" : "\nnote", out);
        text_print_wrapped(notes.texts[i], strlen("note"), MARGIN, out);
    }
}

void eval_report_print_real(const struct eval_report *report, FILE *out)
{
    print_data(report, out);
    print_judge(report, out);
}

void eval_report_print(const struct eval_report *report, FILE *out)
{
    eval_report_print_real(report, out);
    eval_report_print_measured(report, out);
    print_figures(report, out);
    if (report->judge) {
        print_classes(report, out);
    }
    print_notes(report, out);
}
