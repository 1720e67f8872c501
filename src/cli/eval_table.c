#include "cli/eval_table.h"

#include "cli/text.h"

#include <math.h>
#include <string.h>

enum {
    LABEL_MAX = 20, /* characters of a name that stands before its figures, and not in a line of its own */
    GAP = 2, /* blanks between columns, at least */
    MARGIN = 11,
};

/* Two tables, so that they fit into 80 columns. */
static const struct {
    enum figure first, last;
} PARTS[] = {{FIGURE_FRECHET, FIGURE_DENSITY}, {FIGURE_CLASSES, FIGURE_PARZEN}};

/* Line 0 has the headings, 1 .. count the runs, and the last one, count + 1, real images. */
struct table {
    const struct eval_row *rows;
    size_t count;
};

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

static bool is_measured(const struct table *table, enum figure figure)
{
    for (size_t i = 0; i < table->count; i++) {
        if (table->rows[i].generated[figure].draws) {
            return true;
        }
    }
    return false;
}

/* Of real images what all runs that have the figure agree on; none where they do not, as on the nearest training images
 * where they had not as many. */
static struct figure_summary real_summary(const struct table *table, enum figure figure)
{
    static const struct figure_summary NONE = {.mean = (double)NAN};
    struct figure_summary common = NONE;
    for (size_t i = 0; i < table->count; i++) {
        const struct figure_summary own = table->rows[i].real[figure];
        if (isnan(common.mean)) {
            common = own;
        } else if (!isnan(own.mean) && own.mean != common.mean) {
            return NONE;
        }
    }
    return common;
}

static const char *label(const struct table *table, size_t line)
{
    return line == 0 ? "" : line <= table->count ? table->rows[line - 1].name : "real images";
}

static void print_cell(const struct table *table, size_t line, enum figure figure, char cell[static EVAL_CELL])
{
    if (line == 0) {
        snprintf(cell, EVAL_CELL, "%s", FIGURE_KINDS[figure].heading);
        return;
    }
    struct figure_summary summary =
        line <= table->count ? table->rows[line - 1].generated[figure] : real_summary(table, figure);
    if (figure != FIGURE_FRECHET && figure != FIGURE_PARZEN) { /* there is no room for the spreads of all */
        summary.spread = (double)NAN;
    }
    if (figure == FIGURE_CLASSES && summary.mean == floor(summary.mean)) {
        snprintf(cell, EVAL_CELL, "%.0f", summary.mean);
    } else {
        eval_cell_print(figure, summary, cell);
    }
}

/* How wide a column is without the gap behind it. */
static size_t cell_width(const struct table *table, enum figure figure)
{
    size_t width = 0;
    for (size_t line = 0; line <= table->count + 1; line++) {
        char cell[EVAL_CELL];
        print_cell(table, line, figure, cell);
        width = strlen(cell) > width ? strlen(cell) : width;
    }
    return width;
}

/* Characters in UTF-8. */
static size_t characters(const char *text)
{
    size_t count = 0;
    for (; *text; text++) {
        count += ((unsigned char)*text & 0xC0) != 0x80;
    }
    return count;
}

static size_t label_width(const struct table *table)
{
    size_t width = 0;
    for (size_t line = 0; line <= table->count + 1; line++) {
        const size_t length = characters(label(table, line));
        width = length <= LABEL_MAX && length > width ? length : width;
    }
    return width;
}

static void print_part(const struct table *table, enum figure first, enum figure last, FILE *out)
{
    const size_t labels = label_width(table);
    fprintf(out, "\n");
    for (size_t line = 0; line <= table->count + 1; line++) {
        const char *text = label(table, line);
        const bool fits = characters(text) <= labels;
        fprintf(out, fits ? "%s" : "%s\n", text);
        size_t blanks = GAP + labels - (fits ? characters(text) : 0);
        for (enum figure f = first; f <= last; f++) {
            if (is_measured(table, f)) {
                char cell[EVAL_CELL];
                print_cell(table, line, f, cell);
                fprintf(out, "%*s%s", (int)blanks, "", cell);
                blanks = GAP + cell_width(table, f) - strlen(cell);
            }
        }
        fprintf(out, "\n");
    }
}

void eval_table_print(const struct eval_row *rows, size_t count, FILE *out)
{
    const struct table table = {rows, count};
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        bool any = false; /* all of the first take a judge */
        for (enum figure f = PARTS[i].first; f <= PARTS[i].last; f++) {
            any = any || is_measured(&table, f);
        }
        if (any) {
            print_part(&table, PARTS[i].first, PARTS[i].last, out);
        }
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
