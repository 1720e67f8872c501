#include "io/plot.h"

#include "io/svg.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define GRID_INK "#dddddd"
#define MINUS "\u2212"

enum {
    POINTS_MAX = 1000, /* drawn of a series */
    LABEL_BYTES = 32,
};

static const double VALUE_MAX = 1e12;
static const double WIDTH_MIN = 1e-100; /* of an axis: what is closer is the same */

enum layout { /* tenths of a pixel */
              WIDTH = 8000,
              LEFT = 800,
              RIGHT = WIDTH - 240,
              TITLE_HEIGHT = 480,
              HEADER_HEIGHT = 360, /* a panel's title and legend */
              PANEL_HEIGHT = 2200,
              PANEL_GAP = 160,
              FOOTER_HEIGHT = 600, /* the x axis' labels */
              TITLE_SIZE = 170,
              TEXT_SIZE = 130,
              TICK_SIZE = 120,
              SAMPLE_WIDTH = 220, /* a line in the legend */
};

/* A range of values drawn on a range of the picture. Ticks stand at i * mantissa * 10^exponent; of a logarithmic axis
 * tick 3 k is 10^k, followed by 2 10^k and 5 10^k. */
struct axis {
    double low, high; /* their decimal logarithms of a logarithmic axis */
    long from, to; /* where low and high are drawn */
    bool logarithmic;
    long mantissa; /* 1, 2 or 5 */
    int exponent;
    long first, last, stride; /* i of the ticks */
};

struct range {
    double low, high; /* low > high: empty */
};

struct point {
    double x, y;
    bool begins; /* a line: none leads here */
};

static bool usable(const struct plot_panel *panel, const struct plot_series *series, size_t i)
{
    return fabs(series->x[i]) <= VALUE_MAX && fabs(series->y[i]) <= VALUE_MAX && /* NaN is not */
           !(panel->logarithmic && series->y[i] <= WIDTH_MIN);
}

static void widen(struct range *range, double value)
{
    range->low = fmin(range->low, value);
    range->high = fmax(range->high, value);
}

static void find_ranges(const struct plot_panel *panel, struct range *x, struct range *y)
{
    for (size_t s = 0; s < panel->count; s++) {
        const struct plot_series *series = &panel->series[s];
        for (size_t i = 0; i < series->count; i++) {
            if (usable(panel, series, i)) {
                widen(x, series->x[i]);
                widen(y, series->y[i]);
            }
        }
    }
}

static const struct range EMPTY = {HUGE_VAL, -HUGE_VAL};

/* A range that has some width: a lone value stands in the middle, and what is not there between 0 and 1. */
static struct range with_width(struct range range)
{
    if (range.low > range.high) {
        return (struct range){0, 1};
    }
    double size = fmax(fabs(range.low), fabs(range.high));
    if (range.high - range.low > fmax(1e-6 * size, WIDTH_MIN)) {
        return range;
    }
    double around = size > WIDTH_MIN ? size : 1;
    return (struct range){range.low - around, range.high + around};
}

static const long LOG_MANTISSAS[] = {1, 2, 5};
enum { IN_A_DECADE = sizeof LOG_MANTISSAS / sizeof *LOG_MANTISSAS };

/* The decade of tick i of a logarithmic axis. */
static long decade(long i)
{
    return i >= 0 ? i / IN_A_DECADE : -((IN_A_DECADE - 1 - i) / IN_A_DECADE);
}

static long log_mantissa(long i)
{
    return LOG_MANTISSAS[i - decade(i) * IN_A_DECADE];
}

static double tick_value(const struct axis *axis, long i)
{
    if (axis->logarithmic) {
        return (double)log_mantissa(i) * pow(10, (double)decade(i));
    }
    double value = (double)(i * axis->mantissa);
    return axis->exponent < 0 ? value / pow(10, -axis->exponent) : value * pow(10, axis->exponent);
}

/* An axis with about `ticks` ticks; `outward`: it begins and ends at one. */
static struct axis axis_make(struct range range, long from, long to, int ticks, bool outward)
{
    range = with_width(range);
    struct axis axis = {.low = range.low, .high = range.high, .from = from, .to = to, .mantissa = 1, .stride = 1};
    double step = (range.high - range.low) / ticks;
    axis.exponent = (int)floor(log10(step));
    double mantissa = step / pow(10, axis.exponent); /* 1 .. 10 */
    if (mantissa > 5) {
        axis.exponent++;
    } else if (mantissa > 1) {
        axis.mantissa = mantissa > 2 ? 5 : 2;
    }
    if (!outward && axis.exponent < 0 && range.high - range.low >= 2) { /* epochs are counted in whole ones */
        axis.exponent = 0;
        axis.mantissa = 1;
    }
    double unit = tick_value(&axis, 1);
    const double slack = 1e-6; /* of a step: 0.3 / 0.1 is a little less than 3 */
    if (outward) {
        axis.first = (long)floor(range.low / unit + slack);
        axis.last = (long)ceil(range.high / unit - slack);
        axis.low = tick_value(&axis, axis.first);
        axis.high = tick_value(&axis, axis.last);
    } else {
        axis.first = (long)ceil(range.low / unit - slack);
        axis.last = (long)floor(range.high / unit + slack);
    }
    return axis;
}

/* A logarithmic axis from tick to tick. */
static struct axis axis_make_logarithmic(struct range range, long from, long to)
{
    const double slack = 1e-9;
    enum { TICKS_MAX = 8 };
    if (range.low > range.high) {
        range = (struct range){1, 10};
    }
    struct axis axis = {.from = from, .to = to, .logarithmic = true, .stride = 1};
    axis.first = (long)floor(log10(range.low)) * IN_A_DECADE;
    axis.last = (long)ceil(log10(range.high)) * IN_A_DECADE;
    while (axis.first + 1 < axis.last && tick_value(&axis, axis.first + 1) <= range.low * (1 + slack)) {
        axis.first++;
    }
    while (axis.last - 1 > axis.first && tick_value(&axis, axis.last - 1) >= range.high * (1 - slack)) {
        axis.last--;
    }
    axis.last = axis.last > axis.first ? axis.last : axis.first + 1;
    if (axis.last - axis.first > TICKS_MAX) {
        axis.first = decade(axis.first) * IN_A_DECADE;
        axis.last = decade(axis.last + IN_A_DECADE - 1) * IN_A_DECADE;
        axis.stride = ((axis.last - axis.first - 1) / (TICKS_MAX * IN_A_DECADE) + 1) * IN_A_DECADE;
    }
    axis.low = log10(tick_value(&axis, axis.first));
    axis.high = log10(tick_value(&axis, axis.last));
    return axis;
}

static long place(const struct axis *axis, double value)
{
    value = axis->logarithmic ? log10(value) : value;
    double share = (value - axis->low) / (axis->high - axis->low);
    return lround((double)axis->from + share * (double)(axis->to - axis->from));
}

/* "1.5e7" for count * 10^exponent, count > 0. */
static void scientific_label(long count, int exponent, const char *sign, char label[LABEL_BYTES])
{
    for (; count % 10 == 0; count /= 10) {
        exponent++;
    }
    char digits[LABEL_BYTES];
    int length = snprintf(digits, sizeof digits, "%ld", count);
    exponent += length - 1;
    snprintf(label, LABEL_BYTES, "%s%c%s%.10se%s%d", sign, digits[0], length > 1 ? "." : "", digits + 1,
             exponent < 0 ? MINUS : "", abs(exponent));
}

/* "0.50", "20,000" or, where that would be long, "5e-7" for tick i: from whole numbers alone. */
static void tick_label(const struct axis *axis, long i, char label[LABEL_BYTES])
{
    const long count = axis->logarithmic ? log_mantissa(i) : labs(i) * axis->mantissa;
    const int exponent = axis->logarithmic ? (int)decade(i) : axis->exponent;
    const double greatest = axis->logarithmic ? pow(10, axis->high) : fmax(fabs(axis->low), fabs(axis->high));
    const char *sign = i < 0 && !axis->logarithmic ? MINUS : "";
    if (count == 0) {
        snprintf(label, LABEL_BYTES, "0");
    } else if (exponent < -5 || greatest >= 1e7) {
        scientific_label(count, exponent, sign, label);
    } else if (exponent < 0) {
        long unit = lround(pow(10, -exponent));
        snprintf(label, LABEL_BYTES, "%s%ld.%0*ld", sign, count / unit, -exponent, count % unit);
    } else {
        long value = count * lround(pow(10, exponent));
        long thousands = value / 1000, rest = value % 1000;
        if (value < 10000) {
            snprintf(label, LABEL_BYTES, "%s%ld", sign, value);
        } else if (thousands < 1000) {
            snprintf(label, LABEL_BYTES, "%s%ld,%03ld", sign, thousands, rest);
        } else {
            snprintf(label, LABEL_BYTES, "%s%ld,%03ld,%03ld", sign, thousands / 1000, thousands % 1000, rest);
        }
    }
}

/* Draws the grid's lines and, where labels are wanted, what they stand for below it. */
static void draw_x_axis(struct file *svg, const struct axis *x, const struct axis *y, bool labels)
{
    for (long i = x->first; i <= x->last; i++) {
        long at = place(x, tick_value(x, i));
        file_print(svg, "<path d=\"M%ld %ldV%ld\" stroke=\"" GRID_INK "\" stroke-width=\"8\"/>\n", at, y->from, y->to);
        if (labels) {
            char label[LABEL_BYTES];
            tick_label(x, i, label);
            svg_text(svg, at, y->from + 190, TICK_SIZE, "text-anchor=\"middle\"", label);
        }
    }
}

static void draw_y_axis(struct file *svg, const struct axis *x, const struct axis *y, const char *name)
{
    for (long i = y->first; i <= y->last; i += y->stride) {
        long at = place(y, tick_value(y, i));
        file_print(svg, "<path d=\"M%ld %ldH%ld\" stroke=\"" GRID_INK "\" stroke-width=\"8\"/>\n", x->from, at, x->to);
        char label[LABEL_BYTES];
        tick_label(y, i, label);
        svg_text(svg, x->from - 70, at + 42, TICK_SIZE, "text-anchor=\"end\"", label);
    }
    char turned[LABEL_BYTES * 3];
    snprintf(turned, sizeof turned, "text-anchor=\"middle\" transform=\"rotate(-90 180 %ld)\"", (y->from + y->to) / 2);
    svg_text(svg, 180, (y->from + y->to) / 2, TEXT_SIZE, turned, name);
}

static void print_stroke(struct file *svg, const struct plot_series *series)
{
    file_print(svg, "stroke=\"%s\" %s", series->colour,
               series->faint ? "stroke-width=\"13\" stroke-opacity=\"0.3\"" : "stroke-width=\"18\"");
}

/* The names above the panel's right end, where they hide no curve. */
static void draw_legend(struct file *svg, const struct plot_panel *panel, long right, long baseline)
{
    for (size_t s = panel->count; s-- > 0;) {
        const struct plot_series *series = &panel->series[s];
        if (series->name) {
            long text = right - svg_text_width(series->name, TEXT_SIZE), line = text - SAMPLE_WIDTH - 60;
            svg_text(svg, text, baseline, TEXT_SIZE, "", series->name);
            file_print(svg, "<path d=\"M%ld %ldh%d\" ", line, baseline - 42, (int)SAMPLE_WIDTH);
            print_stroke(svg, series);
            file_print(svg, "/>\n");
            right = line - 100;
        }
    }
}

/* What is drawn of a series, into points [POINTS_MAX]: of each bucket of neighbours the lowest and the highest. */
static size_t thin(const struct plot_panel *panel, const struct plot_series *series, struct point *points)
{
    size_t bucket = series->count <= POINTS_MAX ? 1 : (series->count - 1) / (POINTS_MAX / 2) + 1;
    size_t drawn = 0;
    bool gap = true; /* before the next point */
    for (size_t begin = 0; begin < series->count; begin += bucket) {
        size_t end = series->count - begin < bucket ? series->count : begin + bucket;
        size_t low = end, high = end;
        bool gap_here = false;
        for (size_t i = begin; i < end; i++) {
            if (!usable(panel, series, i)) {
                gap_here = true;
                continue;
            }
            low = low == end || series->y[i] < series->y[low] ? i : low;
            high = high == end || series->y[i] > series->y[high] ? i : high;
        }
        if (low < end) {
            size_t one = low < high ? low : high, other = low < high ? high : low;
            points[drawn++] = (struct point){series->x[one], series->y[one], gap || gap_here};
            if (other != one) {
                points[drawn++] = (struct point){series->x[other], series->y[other], false};
            }
            gap = false;
        }
        gap = gap || gap_here;
    }
    return drawn;
}

static void draw_series(struct file *svg, const struct plot_panel *panel, const struct plot_series *series,
                        const struct axis *x, const struct axis *y)
{
    struct point points[POINTS_MAX];
    size_t count = thin(panel, series, points);
    if (count == 0) {
        return;
    }
    file_print(svg, "<path fill=\"none\" stroke-linejoin=\"round\" stroke-linecap=\"round\" ");
    print_stroke(svg, series);
    file_print(svg, " d=\"");
    for (size_t i = 0; i < count; i++) {
        file_print(svg, "%c%ld %ld", points[i].begins ? 'M' : 'L', place(x, points[i].x), place(y, points[i].y));
    }
    file_print(svg, "\"/>\n");
    for (size_t i = 0; i < count; i++) {
        if (points[i].begins && (i + 1 == count || points[i + 1].begins)) { /* alone, so that no line shows it */
            file_print(svg, "<circle cx=\"%ld\" cy=\"%ld\" r=\"%d\" fill=\"%s\"/>\n", place(x, points[i].x),
                       place(y, points[i].y), series->faint ? 15 : 30, series->colour);
        }
    }
}

static void draw_panel(struct file *svg, const struct plot_panel *panel, const struct axis *x, long top, bool labels)
{
    struct range x_range = EMPTY, y_range = EMPTY;
    find_ranges(panel, &x_range, &y_range);
    const bool empty = y_range.low > y_range.high;
    if (panel->unit_range) {
        widen(&y_range, 0);
        widen(&y_range, 1);
    }
    const long bottom = top + HEADER_HEIGHT + PANEL_HEIGHT, ceiling = top + HEADER_HEIGHT;
    const struct axis y = panel->logarithmic ? axis_make_logarithmic(y_range, bottom, ceiling)
                                             : axis_make(y_range, bottom, ceiling, 5, true);
    svg_text(svg, x->from, y.to - 100, TEXT_SIZE, "font-weight=\"bold\"", panel->title);
    draw_legend(svg, panel, x->to, y.to - 100);
    draw_x_axis(svg, x, &y, labels);
    draw_y_axis(svg, x, &y, panel->y_label);
    for (size_t s = 0; s < panel->count; s++) {
        draw_series(svg, panel, &panel->series[s], x, &y);
    }
    file_print(svg, "<path d=\"M%ld %ldV%ldH%ld\" fill=\"none\" stroke=\"" SVG_INK "\" stroke-width=\"10\"/>\n",
               x->from, y.to, y.from, x->to);
    if (empty) {
        svg_text(svg, (x->from + x->to) / 2, (y.from + y.to) / 2, TEXT_SIZE,
                 "text-anchor=\"middle\" fill=\"" SVG_PALE_INK "\"", "nothing to show yet");
    }
}

bool plot_write_svg(const char *path, const char *title, const char *x_label, double x_end,
                    const struct plot_panel *panels, size_t count, struct error *error)
{
    const long panel_height = HEADER_HEIGHT + PANEL_HEIGHT + PANEL_GAP;
    long height = TITLE_HEIGHT + (long)count * panel_height + FOOTER_HEIGHT - PANEL_GAP;
    struct range x_range = EMPTY, y_range = EMPTY;
    for (size_t p = 0; p < count; p++) {
        find_ranges(&panels[p], &x_range, &y_range);
    }
    if (x_end > 0) {
        widen(&x_range, 0);
        widen(&x_range, x_end);
    }
    const struct axis x = axis_make(x_range, LEFT, RIGHT, 8, false);
    struct file *svg = svg_create(path, WIDTH, height, title, error);
    if (!svg) {
        return false;
    }
    svg_text(svg, LEFT, 300, TITLE_SIZE, "font-weight=\"bold\"", title);
    for (size_t p = 0; p < count; p++) {
        draw_panel(svg, &panels[p], &x, TITLE_HEIGHT + (long)p * panel_height, p + 1 == count);
    }
    svg_text(svg, (LEFT + RIGHT) / 2, height - 150, TEXT_SIZE, "text-anchor=\"middle\"", x_label);
    return svg_end(svg, error);
}
