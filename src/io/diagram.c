#include "io/diagram.h"

#include "io/svg.h"

#include <math.h>

enum layout { /* tenths of a pixel */
              MARGIN = 240,
              TITLE_HEIGHT = 560,
              ROW_TITLE_HEIGHT = 340,
              ROW_GAP = 320,
              BOX_WIDTH = 800, /* at least */
              BOX_PADDING = 140, /* between its edge and its text, on each side */
              BOX_GROWTH = 1300, /* how much higher the box of most units is than that of fewest */
              ARROW = 380,
              ARROW_HEAD = 90,
              TITLE_SIZE = 170,
              ROW_TITLE_SIZE = 140,
              BOX_TITLE_SIZE = 125,
              LINE_SIZE = 110,
              LINE_HEIGHT = 160,
};

enum { LINES_MAX = sizeof((struct diagram_box *)0)->lines / sizeof((struct diagram_box *)0)->lines[0] };

struct colours {
    const char *fill, *edge;
};

/* What the boxes of all rows have in common. */
struct scale {
    double low, high; /* logarithms of the fewest and the most units */
    long text_height; /* of the box with most lines, with its padding */
};

static long larger(long a, long b)
{
    return a > b ? a : b;
}

static double log_units(const struct diagram_box *box)
{
    return box->size > 1 ? log(box->size) : 0;
}

static long line_count(const struct diagram_box *box)
{
    long count = 1; /* the title */
    for (size_t i = 0; i < LINES_MAX; i++) {
        count += box->lines[i][0] != '\0';
    }
    return count;
}

static struct scale find_scale(const struct diagram_row *rows, size_t count)
{
    struct scale scale = {HUGE_VAL, -HUGE_VAL, 0};
    for (size_t r = 0; r < count; r++) {
        for (size_t b = 0; b < rows[r].count; b++) {
            const struct diagram_box *box = &rows[r].boxes[b];
            scale.low = fmin(scale.low, log_units(box));
            scale.high = fmax(scale.high, log_units(box));
            scale.text_height = larger(scale.text_height, line_count(box) * LINE_HEIGHT + BOX_PADDING);
        }
    }
    return scale;
}

static long box_height(const struct diagram_box *box, const struct scale *scale)
{
    double share = scale->high > scale->low ? (log_units(box) - scale->low) / (scale->high - scale->low) : 0;
    return scale->text_height + lround(share * BOX_GROWTH);
}

static long box_width(const struct diagram_box *box)
{
    long width = svg_text_width(box->title, BOX_TITLE_SIZE);
    for (size_t i = 0; i < LINES_MAX; i++) {
        width = larger(width, svg_text_width(box->lines[i], LINE_SIZE));
    }
    return larger(width + BOX_PADDING + BOX_PADDING, BOX_WIDTH);
}

static long row_width(const struct diagram_row *row)
{
    long width = 0;
    for (size_t b = 0; b < row->count; b++) {
        width += box_width(&row->boxes[b]) + (b ? ARROW : 0);
    }
    return larger(width, svg_text_width(row->title, ROW_TITLE_SIZE));
}

/* The height of the row's highest box. */
static long row_height(const struct diagram_row *row, const struct scale *scale)
{
    long height = 0;
    for (size_t b = 0; b < row->count; b++) {
        height = larger(height, box_height(&row->boxes[b], scale));
    }
    return height;
}

static void draw_box(struct file *svg, const struct diagram_box *box, long x, long middle, long height,
                     const struct colours *colours)
{
    long width = box_width(box);
    file_print(svg,
               "<rect x=\"%ld\" y=\"%ld\" width=\"%ld\" height=\"%ld\" rx=\"60\" fill=\"%s\" stroke=\"%s\" "
               "stroke-width=\"12\"/>\n",
               x, middle - height / 2, width, height, box->data ? "white" : colours->fill, colours->edge);
    /* a line's letters stand mostly in the third quarter of its height */
    long baseline = middle - line_count(box) * LINE_HEIGHT / 2 + LINE_HEIGHT * 3 / 4;
    svg_text(svg, x + width / 2, baseline, BOX_TITLE_SIZE, "text-anchor=\"middle\" font-weight=\"bold\"", box->title);
    for (size_t i = 0; i < LINES_MAX; i++) {
        if (box->lines[i][0] != '\0') {
            baseline += LINE_HEIGHT;
            svg_text(svg, x + width / 2, baseline, LINE_SIZE, "text-anchor=\"middle\"", box->lines[i]);
        }
    }
}

static void draw_arrow(struct file *svg, long x, long y)
{
    long from = x + 50, to = x + ARROW - 40;
    file_print(svg,
               "<path d=\"M%ld %ldH%ld\" stroke=\"" SVG_PALE_INK "\" stroke-width=\"14\"/>"
               "<path d=\"M%ld %ldl%d %dv%dz\" fill=\"" SVG_PALE_INK "\"/>\n",
               from, y, to - ARROW_HEAD, to, y, -ARROW_HEAD, -ARROW_HEAD / 2, (int)ARROW_HEAD);
}

static void draw_row(struct file *svg, const struct diagram_row *row, long top, const struct scale *scale,
                     const struct colours *colours)
{
    file_print(svg, "<g>\n");
    svg_text(svg, MARGIN, top + ROW_TITLE_SIZE, ROW_TITLE_SIZE, "font-weight=\"bold\"", row->title);
    long x = MARGIN, middle = top + ROW_TITLE_HEIGHT + row_height(row, scale) / 2;
    for (size_t b = 0; b < row->count; b++) {
        const struct diagram_box *box = &row->boxes[b];
        if (b) {
            draw_arrow(svg, x, middle);
            x += ARROW;
        }
        draw_box(svg, box, x, middle, box_height(box, scale), colours);
        x += box_width(box);
    }
    file_print(svg, "</g>\n");
}

bool diagram_write_svg(const char *path, const char *title, const struct diagram_row *rows, size_t count,
                       struct error *error)
{
    static const struct colours colours[] = {
        {"#e5f1f8", SVG_BLUE},
        {"#fbece3", SVG_ORANGE},
        {"#e3f4ee", SVG_GREEN},
    };
    const struct scale scale = find_scale(rows, count);
    long width = svg_text_width(title, TITLE_SIZE), height = TITLE_HEIGHT;
    for (size_t r = 0; r < count; r++) {
        width = larger(width, row_width(&rows[r]));
        height += ROW_TITLE_HEIGHT + row_height(&rows[r], &scale) + ROW_GAP;
    }
    struct file *svg = svg_create(path, width + MARGIN + MARGIN, height, title, error);
    if (!svg) {
        return false;
    }
    svg_text(svg, MARGIN, 320, TITLE_SIZE, "font-weight=\"bold\"", title);
    long top = TITLE_HEIGHT;
    for (size_t r = 0; r < count; r++) {
        draw_row(svg, &rows[r], top, &scale, &colours[r % (sizeof colours / sizeof *colours)]);
        top += ROW_TITLE_HEIGHT + row_height(&rows[r], &scale) + ROW_GAP;
    }
    return svg_end(svg, error);
}
