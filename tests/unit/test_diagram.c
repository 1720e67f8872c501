#include "scratch.h"
#include "svg.h"

#include "io/diagram.h"

#include <math.h>

/* The boxes of a diagram, in the order they are drawn. */
struct boxes {
    size_t count;
    struct {
        long x, y, width, height;
    } at[32];
    long width, height; /* of the picture */
};

static struct boxes draw_diagram(void **state, const struct diagram_row *rows, size_t count)
{
    struct error error;
    char path[SCRATCH_PATH];
    struct boxes boxes = {0};
    scratch_path(state, "a.svg", path);
    assert_true(diagram_write_svg(path, "Nets <of> one & two", rows, count, &error));
    char *svg = scratch_read(path, NULL);
    assert_well_formed(svg);
    assert_true(has_label(svg, "Nets &lt;of&gt; one &amp; two"));
    assert_int_equal(sscanf(strstr(svg, "viewBox"), "viewBox=\"0 0 %ld %ld\"", &boxes.width, &boxes.height), 2);
    for (const char *c = svg; (c = strstr(c, "<rect x=")); c++) {
        size_t i = boxes.count++;
        assert_int_equal(sscanf(c, "<rect x=\"%ld\" y=\"%ld\" width=\"%ld\" height=\"%ld\"", &boxes.at[i].x,
                                &boxes.at[i].y, &boxes.at[i].width, &boxes.at[i].height),
                         4);
    }
    free(svg);
    return boxes;
}

static void boxes_stand_side_by_side_within_the_picture(void **state)
{
    enum { BOXES = 8 };
    struct diagram_box net[BOXES];
    for (int i = 0; i < BOXES; i++) {
        net[i] = (struct diagram_box){"dense", {"in", "activation", "", "parameters"}, 1 << i, false};
    }
    snprintf(net[3].lines[1], sizeof net[3].lines[1], "%s",
             "a line that is as long as a line in a box may be: 63 characters");
    const struct diagram_row rows[] = {{"G", net, BOXES}, {"D", net, 2}, {"none", NULL, 0}};
    struct boxes boxes = draw_diagram(state, rows, 3);
    assert_int_equal(boxes.count, BOXES + 2);
    for (size_t i = 0; i < boxes.count; i++) {
        assert_true(boxes.at[i].x > 0 && boxes.at[i].y > 0);
        assert_true(boxes.at[i].x + boxes.at[i].width < boxes.width);
        assert_true(boxes.at[i].y + boxes.at[i].height < boxes.height);
        assert_true(boxes.at[i].height > 4 * 110); /* four lines of text */
        if (i > 0 && i < BOXES) {
            assert_true(boxes.at[i].x > boxes.at[i - 1].x + boxes.at[i - 1].width);
            assert_true(boxes.at[i].height > boxes.at[i - 1].height); /* for they have more units */
        }
    }
    assert_true(boxes.at[3].width > 63 * 50); /* in letters of 110, half as wide as high */
    long below = boxes.at[BOXES].y - boxes.at[BOXES - 1].y - boxes.at[BOXES - 1].height;
    assert_true(below > 500); /* room for the row's title */
}

static void boxes_grow_with_the_logarithm_of_their_units(void **state)
{
    static const struct diagram_box net[] = {{"1", {""}, 1, false},       {"32", {""}, 32, false},
                                             {"1024", {""}, 1024, false}, {"none", {""}, 0, true},
                                             {"bad", {""}, -1, false},    {"worse", {""}, (double)NAN, false}};
    const struct diagram_row row = {"G", net, 6};
    struct boxes boxes = draw_diagram(state, &row, 1);
    assert_int_equal(boxes.count, 6);
    assert_int_equal(boxes.at[2].height - boxes.at[1].height, boxes.at[1].height - boxes.at[0].height);
    for (size_t i = 3; i < 6; i++) {
        assert_int_equal(boxes.at[i].height, boxes.at[0].height);
    }
}

static void a_failure_is_reported_and_leaves_the_old_picture(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    scratch_put(scratch_path(state, "a.svg", path), "old");
    disk_is_full_at(100);
    bool drawn = diagram_write_svg(path, "t", NULL, 0, &error);
    disk_has_room();
    assert_false(drawn);
    assert_contains(error.message, path);
    assert_contains(error.message, "File too large");
    assert_file_holds(path, "old");
    assert_int_equal(scratch_count(state), 1);
    scratch_path(state, "none/a.svg", path);
    assert_false(diagram_write_svg(path, "t", NULL, 0, &error));
    assert_contains(error.message, path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(boxes_stand_side_by_side_within_the_picture),
        scratch_test(boxes_grow_with_the_logarithm_of_their_units),
        scratch_test(a_failure_is_reported_and_leaves_the_old_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
