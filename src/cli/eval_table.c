#include "cli/eval_table.h"

#include "cli/text.h"

#include <math.h>
#include <string.h>

enum { LABEL = 22, CELL = 11, WIDE_CELL = 16, CELL_SIZE = 64, MARGIN = 11 };

/* A table for each, so that they fit into 80 columns. */
static const struct {
    enum figure first, last;
} TABLES[] = {{FIGURE_FRECHET, FIGURE_DENSITY}, {FIGURE_CLASSES, FIGURE_PARZEN}};

void eval_row_take(const struct eval_report *report, const char *name, struct eval_row *row)
{
    const struct evaluation *evaluation = report->evaluation;
    row->name = name;
    for (size_t f = 0; f < FIGURES; f++) {
        row->generated[f] = figures_summarize(evaluation->generated, evaluation->draws, (enum figure)f);
        row->real[f] = figures_summarize(evaluation->real, evaluation->real_draws, (enum figure)f);
    }
    eval_notes_make(report, &row->notes);
}

/* The two that one looks at first and last have their spread beside them. */
static bool is_wide(size_t figure)
{
    return figure == FIGURE_FRECHET || figure == FIGURE_PARZEN;
}

static bool is_measured(const struct eval_row *rows, size_t count, size_t figure)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].generated[figure].draws) {
            return true;
        }
    }
    return false;
}

static void print_cell(size_t figure, struct figure_summary summary, char cell[CELL_SIZE])
{
    const bool whole = figure == FIGURE_CLASSES && summary.mean == floor(summary.mean);
    const int decimals = whole ? 0 : FIGURE_KINDS[figure].decimals;
    if (isnan(summary.mean)) {
        snprintf(cell, CELL_SIZE, "-");
    } else if (is_wide(figure) && !isnan(summary.spread)) {
        snprintf(cell, CELL_SIZE, "%.*f +- %.*f", decimals, summary.mean, decimals, summary.spread);
    } else {
        snprintf(cell, CELL_SIZE, "%.*f", decimals, summary.mean);
    }
}

/* A line of the table: a label, and for each figure that was measured a cell, padded but for the last. */
static void print_line(const char *label, const bool *measured, char cells[FIGURES][CELL_SIZE], size_t first,
                       size_t last, FILE *out)
{
    const bool fits = strlen(label) < LABEL;
    fprintf(out, fits ? "%s" : "%s\n", label);
    size_t blanks = fits ? LABEL - strlen(label) : LABEL;
    for (size_t f = first; f <= last; f++) {
        if (measured[f]) {
            const size_t width = is_wide(f) ? WIDE_CELL : CELL, length = strlen(cells[f]);
            fprintf(out, "%*s%s", (int)blanks, "", cells[f]);
            blanks = length < width ? width - length : 1;
        }
    }
    fprintf(out, "\n");
}

static void print_summaries(const char *label, const bool *measured, const struct figure_summary *summaries,
                            size_t first, size_t last, FILE *out)
{
    char cells[FIGURES][CELL_SIZE];
    for (size_t f = first; f <= last; f++) {
        print_cell(f, summaries[f], cells[f]);
    }
    print_line(label, measured, cells, first, last, out);
}

void eval_table_print(const struct eval_row *rows, size_t count, FILE *out)
{
    bool measured[FIGURES];
    char headings[FIGURES][CELL_SIZE];
    for (size_t f = 0; f < FIGURES; f++) {
        measured[f] = is_measured(rows, count, f);
        snprintf(headings[f], CELL_SIZE, "%s", FIGURE_KINDS[f].heading);
    }
    for (size_t t = 0; t < sizeof TABLES / sizeof *TABLES; t++) {
        const size_t first = TABLES[t].first, last = TABLES[t].last;
        if (!measured[first] && !measured[last]) {
            continue; /* without a judge */
        }
        fprintf(out, "\n");
        print_line("", measured, headings, first, last, out);
        for (size_t i = 0; i < count; i++) {
            print_summaries(rows[i].name, measured, rows[i].generated, first, last, out);
        }
        print_summaries("real images", measured, rows[0].real, first, last, out);
    }
    for (size_t i = 0; i < count; i++) {
        const struct eval_notes *notes = &rows[i].notes;
        if (notes->count > 0) {
            fprintf(out, "\n%-*s%s\n", MARGIN, "note", rows[i].name);
        }
        for (size_t n = 0; n < notes->count; n++) {
            text_print_wrapped(notes->texts[n], 0, MARGIN, out);
        }
    }
}
