#include "scratch.h"
#include "svg.h"

#include "io/plot.h"

#include <math.h>

/* The picture, checked, to be freed. */
static char *draw(void **state, const struct plot_panel *panels, size_t count)
{
    struct error error;
    char path[SCRATCH_PATH];
    scratch_path(state, "a.svg", path);
    assert_true(plot_write_svg(path, "Losses", "epoch", 0, panels, count, &error));
    assert_int_equal(scratch_count(state), 1);
    char *svg = scratch_read(path, NULL);
    assert_well_formed(svg);
    assert_null(strstr(svg, "nan"));
    assert_null(strstr(svg, "inf"));
    return svg;
}

static char *draw_one(void **state, size_t count, const double *x, const double *y)
{
    const struct plot_series series = {"loss", "#123456", false, count, x, y};
    const struct plot_panel panel = {"Loss", "mean", &series, 1, false, false};
    return draw(state, &panel, 1);
}

/* What is drawn of the one series of draw_one. */
struct curve {
    size_t points, lines;
    long left, right, top, bottom;
};

static struct curve read_curve(const char *svg)
{
    struct curve curve = {0, 0, 1000000, -1, 1000000, -1};
    const char *path = strstr(svg, "<path fill=\"none\" stroke-linejoin");
    assert_non_null(path);
    assert_contains(path, "#123456");
    char *c = strstr(path, " d=\"") + 4;
    while (*c == 'M' || *c == 'L') {
        curve.lines += *c == 'M';
        curve.points++;
        long x = strtol(c + 1, &c, 10), y = strtol(c, &c, 10);
        curve.left = x < curve.left ? x : curve.left;
        curve.right = x > curve.right ? x : curve.right;
        curve.top = y < curve.top ? y : curve.top;
        curve.bottom = y > curve.bottom ? y : curve.bottom;
    }
    assert_int_equal(*c, '"');
    return curve;
}

static void a_curve_goes_through_its_points(void **state)
{
    static const double x[] = {0, 1, 2, 3, 4}, y[] = {0, 1, 0.5, 0.25, 0.75};
    char *svg = draw_one(state, 5, x, y);
    struct curve curve = read_curve(svg);
    assert_int_equal(curve.points, 5);
    assert_int_equal(curve.lines, 1);
    long left = curve.left, width = curve.right - curve.left, top = curve.top, height = curve.bottom - curve.top;
    char wanted[256];
    snprintf(wanted, sizeof wanted, "d=\"M%ld %ldL%ld %ldL%ld %ldL%ld %ldL%ld %ld\"", left, top + height,
             left + width / 4, top, left + width / 2, top + height / 2, left + width * 3 / 4, top + height * 3 / 4,
             left + width, top + height / 4);
    assert_contains(svg, wanted);
    static const char *const labels[] = {"Losses", "Loss", "loss", "mean", "epoch", "0", "0.2", "1.0", "3", "4"};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (!has_label(svg, labels[i])) {
            fail_msg("no label %s", labels[i]);
        }
    }
    free(svg);
}

static void ticks_are_round_and_their_labels_too(void **state)
{
    static const struct {
        double low, high;
        const char *some[3];
    } cases[] = {
        {0, 1, {"0", "0.2", "1.0"}},
        {0.66, 0.71, {"0.66", "0.68", "0.71"}},
        {-3, 2, {"\u22123", "0", "2"}},
        {0, 46900, {"10,000", "40,000", "0"}},
        {0, 2.2e6, {"500,000", "1,000,000", "2,500,000"}},
        {0, 3e-7, {"1e\u22127", "3e\u22127", "0"}},
        {0, 7e7, {"2e7", "4e7", "8e7"}},
        {1e9, 1.2e9, {"1.05e9", "1.2e9", "1e9"}},
        {0, 0.0003, {"0.0001", "0.0002", "0.0003"}},
    };
    static const double x[] = {1, 2};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const double y[] = {cases[i].low, cases[i].high};
        char *svg = draw_one(state, 2, x, y);
        for (size_t k = 0; k < 3; k++) {
            if (!has_label(svg, cases[i].some[k])) {
                fail_msg("no label %s between %g and %g", cases[i].some[k], cases[i].low, cases[i].high);
            }
        }
        free(svg);
    }
}

/* From 0 to where a run stands, over whole epochs: as if a curve went from there to there. */
static void the_x_axis_has_what_is_asked_for(void **state)
{
    static const double x[] = {0.5, 1.5}, y[] = {1, 2}, ends[] = {0, 2};
    struct error error;
    char path[SCRATCH_PATH];
    const struct plot_series series = {"loss", "#123456", false, 2, x, y};
    const struct plot_panel panel = {"Loss", "mean", &series, 1, false, false};
    scratch_path(state, "b.svg", path);
    assert_true(plot_write_svg(path, "Losses", "epoch", 2, &panel, 1, &error));
    char *svg = scratch_read(path, NULL);
    assert_int_equal(remove(path), 0);
    char *whole = draw_one(state, 2, ends, y);
    const struct curve curve = read_curve(svg), from_end_to_end = read_curve(whole);
    const long width = from_end_to_end.right - from_end_to_end.left;
    assert_int_equal(curve.left, from_end_to_end.left + width / 4);
    assert_int_equal(curve.right, from_end_to_end.left + width * 3 / 4);
    assert_true(has_label(svg, "0") && has_label(svg, "1") && has_label(svg, "2") && !has_label(svg, "0.5"));
    free(svg);
    free(whole);
}

static void the_last_tick_is_not_lost_to_rounding(void **state)
{
    static const double x[] = {0, 0.3}, y[] = {1, 2};
    assert_true(x[1] / 0.05 < 6);
    char *svg = draw_one(state, 2, x, y);
    assert_true(has_label(svg, "0.30"));
    free(svg);
}

static void no_points_give_empty_axes(void **state)
{
    static const double x[] = {(double)NAN, 1}, y[] = {1, HUGE_VAL};
    char *none = draw_one(state, 0, NULL, NULL), *unusable = draw_one(state, 2, x, y), *no_panel = draw(state, NULL, 0);
    assert_true(has_label(none, "nothing to show yet"));
    assert_true(has_label(unusable, "nothing to show yet"));
    assert_null(strstr(unusable, "<circle"));
    free(none);
    free(unusable);
    free(no_panel);
}

static void a_lone_point_is_a_dot(void **state)
{
    static const double x[] = {1, 2, 3, 4, 5}, y[] = {7, (double)NAN, 8, 9, 7};
    char *one = draw_one(state, 1, x, y), *between = draw_one(state, 5, x, y), *line = draw_one(state, 2, x + 2, y + 2);
    assert_contains(one, "<circle");
    assert_contains(between, "<circle");
    assert_null(strstr(strstr(between, "<circle") + 1, "<circle"));
    assert_null(strstr(line, "<circle"));
    free(one);
    free(between);
    free(line);
}

static void what_cannot_be_drawn_breaks_the_line(void **state)
{
    static const double bad[] = {(double)NAN, HUGE_VAL, -HUGE_VAL, 1e300, -1e13};
    static const double x[] = {1, 2, 3, 4, 5};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const double y[] = {1, 2, bad[i], 4, 5};
        char *svg = draw_one(state, 5, x, y);
        struct curve curve = read_curve(svg);
        assert_int_equal(curve.points, 4);
        assert_int_equal(curve.lines, 2);
        assert_true(has_label(svg, "5"));
        free(svg);
    }
}

static void a_constant_stands_in_the_middle(void **state)
{
    static const double values[] = {0, 0.693, -5, 1e11, 1e-30, 5e-324};
    static const double x[] = {1, 2, 3};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        const double y[] = {values[i], values[i], values[i]};
        char *svg = draw_one(state, 3, x, y);
        struct curve curve = read_curve(svg);
        assert_int_equal(curve.points, 3);
        assert_int_equal(curve.top, curve.bottom);
        assert_in_range(curve.top, 1200, 2700); /* of a panel from 840 to 3040 */
        free(svg);
    }
}

static void a_long_series_is_thinned_but_its_spikes_stay(void **state)
{
    enum { COUNT = 100000 };
    static double x[COUNT], y[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        x[i] = (double)i;
        y[i] = 5;
    }
    y[54321] = 10;
    y[77777] = 0;
    char *svg = draw_one(state, COUNT, x, y);
    struct curve curve = read_curve(svg);
    assert_in_range(curve.points, 400, 1000);
    assert_int_equal(curve.lines, 1);
    assert_in_range(strlen(svg), 1000, 20000);
    assert_int_equal(curve.bottom - curve.top, 2200); /* the axis runs from the one to the other */
    assert_in_range(curve.right - curve.left, 6900, 6960); /* and the curve from end to end */
    free(svg);
    for (size_t i = 60000; i < COUNT; i++) {
        y[i] = (double)NAN;
    }
    svg = draw_one(state, COUNT, x, y);
    curve = read_curve(svg);
    assert_in_range(curve.points, 200, 1000);
    assert_in_range(curve.lines, 1, 2);
    free(svg);
}

static void a_series_of_any_length_keeps_its_ends(void **state)
{
    static double x[2100], y[2100];
    for (size_t i = 0; i < 2100; i++) {
        x[i] = y[i] = (double)i;
    }
    for (size_t count = 990; count <= 2100; count += 37) {
        char *svg = draw_one(state, count, x, y);
        struct curve curve = read_curve(svg);
        assert_in_range(curve.points, 400, 1000);
        assert_int_equal(curve.right, 7760);
        assert_int_equal(curve.left, 800);
        free(svg);
    }
}

static void texts_cannot_break_the_picture(void **state)
{
    static const double x[] = {1, 2}, y[] = {3, 4};
    const struct plot_series series = {"a<b & \"c\">", "#123456", true, 2, x, y};
    const struct plot_panel panel = {"</svg>\x01", "D(G(z)) \u2192 \xff\xc3", &series, 1, false, false};
    char *svg = draw(state, &panel, 1);
    assert_true(has_label(svg, "a&lt;b &amp; \"c\"&gt;"));
    assert_true(has_label(svg, "&lt;/svg&gt;?"));
    assert_true(has_label(svg, "D(G(z)) \u2192 ??"));
    free(svg);
}

static void equal_curves_give_equal_pictures(void **state)
{
    static double x[5000], y[5000];
    for (size_t i = 0; i < 5000; i++) {
        x[i] = (double)i / 469;
        y[i] = sin((double)i);
    }
    char *one = draw_one(state, 5000, x, y), *other = draw_one(state, 5000, x, y);
    assert_string_equal(one, other);
    free(one);
    free(other);
}

static void a_unit_range_holds_0_to_1(void **state)
{
    static const double x[] = {0, 10}, y[] = {0.45, 0.55};
    const struct plot_series series = {NULL, "#123456", false, 2, x, y};
    struct plot_panel panel = {"D(x)", "probability", &series, 1, false, false};
    char *svg = draw(state, &panel, 1);
    assert_false(has_label(svg, "0.2"));
    free(svg);
    panel.unit_range = true;
    svg = draw(state, &panel, 1);
    assert_true(has_label(svg, "0.2") && has_label(svg, "0.8") && has_label(svg, "1.0"));
    free(svg);
}

/* ---- logarithmic axes ---- */

static char *draw_logarithmic(void **state, size_t count, const double *x, const double *y)
{
    const struct plot_series series = {"loss", "#123456", false, count, x, y};
    const struct plot_panel panel = {
        .title = "Loss", .y_label = "mean", .series = &series, .count = 1, .logarithmic = true};
    return draw(state, &panel, 1);
}

/* Labels of the y axis: how many, from the lowest tick to the highest. */
static size_t count_y_labels(const char *svg)
{
    size_t count = 0;
    for (const char *at = strstr(svg, "text-anchor=\"end\""); at; at = strstr(at + 1, "text-anchor=\"end\"")) {
        count++;
    }
    return count;
}

/* 1, 2, 5 and their tenfolds around the values, or powers of ten alone where these would be many. */
static void ticks_of_a_logarithmic_axis_are_1_2_5_or_powers_of_ten(void **state)
{
    static const struct {
        double low, high;
        size_t count;
        const char *some[4]; /* among them the first and the last one */
    } CASES[] = {
        {1, 10, 4, {"1", "2", "5", "10"}},
        {12, 180, 5, {"10", "20", "50", "200"}},
        {3, 4, 2, {"2", "5", "2", "5"}},
        {0.03, 0.4, 5, {"0.02", "0.05", "0.1", "0.5"}},
        {1.999999999999, 5.000000000001, 2, {"2", "5", "2", "5"}},
        {20, 2000, 7, {"20", "50", "1000", "2000"}},
        {3, 300000, 7, {"1", "10", "1000", "1,000,000"}},
        {1e-8, 1e-3, 6, {"1e\u22128", "1e\u22127", "0.001", "0.0001"}},
        {1e-30, 1e11, 7, {"1e\u221230", "1e\u221224", "1e0", "1e6"}},
        {50, 5e7, 8, {"1e1", "1e2", "1e7", "1e8"}},
    };
    static const double x[] = {1, 2};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const double y[] = {CASES[i].low, CASES[i].high};
        char *svg = draw_logarithmic(state, 2, x, y);
        for (size_t k = 0; k < 4; k++) {
            if (!has_label(svg, CASES[i].some[k])) {
                fail_msg("no label %s between %g and %g", CASES[i].some[k], CASES[i].low, CASES[i].high);
            }
        }
        if (count_y_labels(svg) != CASES[i].count) {
            fail_msg("%zu labels between %g and %g, wanted %zu", count_y_labels(svg), CASES[i].low, CASES[i].high,
                     CASES[i].count);
        }
        const struct curve curve = read_curve(svg); /* the axis holds it */
        assert_in_range(curve.top, 840, 3040);
        assert_in_range(curve.bottom, 840, 3040);
        free(svg);
    }
}

static void tenfolds_are_as_far_apart_as_each_other(void **state)
{
    static const double x[] = {0, 1, 2, 3, 4}, y[] = {1, 10, 100, 1000, 10000};
    char *svg = draw_logarithmic(state, 5, x, y), wanted[256];
    const struct curve curve = read_curve(svg);
    const long left = curve.left, width = curve.right - left, top = curve.top, height = curve.bottom - top;
    assert_int_equal(height, 2200); /* from end to end */
    snprintf(wanted, sizeof wanted, "d=\"M%ld %ldL%ld %ldL%ld %ldL%ld %ldL%ld %ld\"", left, top + height,
             left + width / 4, top + height * 3 / 4, left + width / 2, top + height / 2, left + width * 3 / 4,
             top + height / 4, left + width, top);
    assert_contains(svg, wanted);
    free(svg);
}

static void what_is_not_above_0_is_not_on_a_logarithmic_axis(void **state)
{
    static const double bad[] = {0, -0.0, -3, 5e-324, 1e-101, (double)NAN, HUGE_VAL, -HUGE_VAL, 1e300};
    static const double x[] = {1, 2, 3, 4, 5}, none[] = {0, -1, (double)NAN, -HUGE_VAL, 0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const double y[] = {1, 2, bad[i], 4, 5};
        char *svg = draw_logarithmic(state, 5, x, y);
        const struct curve curve = read_curve(svg);
        assert_int_equal(curve.points, 4);
        assert_int_equal(curve.lines, 2);
        assert_true(has_label(svg, "1") && has_label(svg, "2") && has_label(svg, "5"));
        assert_int_equal(count_y_labels(svg), 3);
        free(svg);
    }
    char *svg = draw_logarithmic(state, 5, x, none), *empty = draw_logarithmic(state, 0, NULL, NULL);
    assert_true(has_label(svg, "nothing to show yet") && has_label(empty, "nothing to show yet"));
    assert_true(has_label(svg, "1") && has_label(svg, "10"));
    free(svg);
    free(empty);
}

static void one_value_has_a_logarithmic_axis_too(void **state)
{
    static const double values[] = {43.2, 1, 10, 0.001, 7e-12, 1e12, 2e-100};
    static const double x[] = {1, 2, 3};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        const double y[] = {values[i], values[i], values[i]};
        char *svg = draw_logarithmic(state, 3, x, y), *dot = draw_logarithmic(state, 1, x, y);
        const struct curve curve = read_curve(svg);
        assert_int_equal(curve.points, 3);
        assert_int_equal(curve.top, curve.bottom);
        assert_in_range(curve.top, 840, 3040);
        assert_in_range(count_y_labels(svg), 2, 8);
        assert_contains(dot, "<circle");
        free(svg);
        free(dot);
    }
}

static void panels_share_the_x_axis(void **state)
{
    static const double x[] = {0, 10, 20}, y[] = {1, 2, 3};
    const struct plot_series early = {NULL, "#123456", false, 2, x, y}, late = {NULL, "#654321", false, 2, x + 1, y};
    const struct plot_panel panels[] = {{"One", "y", &early, 1, false, false}, {"Other", "y", &late, 1, false, false}};
    char *svg = draw(state, panels, 2);
    struct curve curve = read_curve(svg);
    assert_int_equal(curve.right - curve.left, 6960 / 2);
    assert_true(has_label(svg, "20"));
    free(svg);
}

static void a_failure_is_reported_and_leaves_the_old_picture(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    scratch_put(scratch_path(state, "a.svg", path), "old");
    disk_is_full_at(100);
    bool drawn = plot_write_svg(path, "t", "x", 0, NULL, 0, &error);
    disk_has_room();
    assert_false(drawn);
    assert_contains(error.message, path);
    assert_contains(error.message, "File too large");
    assert_file_holds(path, "old");
    assert_int_equal(scratch_count(state), 1);
    scratch_path(state, "none/a.svg", path);
    assert_false(plot_write_svg(path, "t", "x", 0, NULL, 0, &error));
    assert_contains(error.message, path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(a_curve_goes_through_its_points),
        scratch_test(ticks_are_round_and_their_labels_too),
        scratch_test(the_x_axis_has_what_is_asked_for),
        scratch_test(the_last_tick_is_not_lost_to_rounding),
        scratch_test(no_points_give_empty_axes),
        scratch_test(a_lone_point_is_a_dot),
        scratch_test(what_cannot_be_drawn_breaks_the_line),
        scratch_test(a_constant_stands_in_the_middle),
        scratch_test(a_long_series_is_thinned_but_its_spikes_stay),
        scratch_test(a_series_of_any_length_keeps_its_ends),
        scratch_test(texts_cannot_break_the_picture),
        scratch_test(equal_curves_give_equal_pictures),
        scratch_test(a_unit_range_holds_0_to_1),
        scratch_test(ticks_of_a_logarithmic_axis_are_1_2_5_or_powers_of_ten),
        scratch_test(tenfolds_are_as_far_apart_as_each_other),
        scratch_test(what_is_not_above_0_is_not_on_a_logarithmic_axis),
        scratch_test(one_value_has_a_logarithmic_axis_too),
        scratch_test(panels_share_the_x_axis),
        scratch_test(a_failure_is_reported_and_leaves_the_old_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
