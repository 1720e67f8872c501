#include "scratch.h"

#include "io/csv.h"

#include <math.h>

static const char *const NAMES[] = {"epoch", "loss_d", "loss_g"};
static const char *const FIRST[] = {"1", "0.5", "nan"};
static const char *const SECOND[] = {"2", "-1e-07", "inf"};

/* Keeps rows up to the epoch in context, and counts them. */
struct counter {
    long last;
    size_t kept, most; /* most: how many can be taken; 0: all */
};

static enum csv_verdict judge(void *context, const char *const *text, struct error *error)
{
    struct counter *counter = context;
    double epoch;
    if (!csv_scan_numbers(text, 1, &epoch)) {
        return CSV_NO_ROW;
    }
    const bool kept = epoch <= (double)counter->last;
    if (kept && counter->most && counter->kept == counter->most) {
        error_set(error, STATUS_FAILED, "no room");
        return CSV_FAILED;
    }
    counter->kept += kept;
    return kept ? CSV_STAYS : CSV_GOES;
}

static struct csv *open_table(const char *path, size_t columns, struct counter *counter, struct error *error)
{
    return csv_open(path, NAMES, columns, (struct csv_reader){judge, counter, "is strange"}, error);
}

static void rows_are_there_as_soon_as_they_are_written(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    struct csv *csv = open_table(scratch_path(state, "a.csv", path), 3, &(struct counter){.last = 9}, &error);
    assert_non_null(csv);
    assert_file_holds(path, "epoch,loss_d,loss_g\n");
    assert_true(csv_write(csv, FIRST, &error));
    assert_file_holds(path, "epoch,loss_d,loss_g\n1,0.5,nan\n");
    assert_true(csv_write(csv, SECOND, &error));
    assert_file_holds(path, "epoch,loss_d,loss_g\n1,0.5,nan\n2,-1e-07,inf\n");
    assert_true(csv_close(csv, &error));
    assert_file_holds(path, "epoch,loss_d,loss_g\n1,0.5,nan\n2,-1e-07,inf\n");
}

static void a_table_of_one_column_has_no_commas(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    struct csv *csv = open_table(scratch_path(state, "a.csv", path), 1, &(struct counter){.last = 9}, &error);
    assert_true(csv_write(csv, FIRST, &error));
    assert_true(csv_close(csv, &error));
    assert_file_holds(path, "epoch\n1\n");
}

static void a_table_that_cannot_begin_names_path_and_reason(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    assert_null(open_table("/dev/full/a.csv", 3, &(struct counter){.last = 9}, &error));
    assert_int_equal(error.status, STATUS_FAILED);
    assert_contains(error.message, "Not a directory");
    assert_null(open_table(scratch_path(state, "none/a.csv", path), 3, &(struct counter){.last = 9}, &error));
    assert_int_equal(error.status, STATUS_FAILED);
    assert_contains(error.message, path);
    assert_contains(error.message, "No such file or directory");
    assert_int_equal(scratch_count(state), 0);
}

static void a_row_that_does_not_fit_leaves_no_half_of_it(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    struct csv *csv = open_table(scratch_path(state, "a.csv", path), 3, &(struct counter){.last = 9}, &error);
    assert_true(csv_write(csv, FIRST, &error));
    disk_is_full_at(35); /* 30 bytes are there */
    bool written = csv_write(csv, SECOND, &error);
    disk_has_room();
    assert_false(written);
    assert_contains(error.message, path);
    assert_contains(error.message, "File too large");
    assert_file_holds(path, "epoch,loss_d,loss_g\n1,0.5,nan\n");
    assert_false(csv_write(csv, SECOND, &error)); /* or a row would be missing that nobody misses */
    error.message[0] = '\0';
    assert_false(csv_close(csv, &error));
    assert_contains(error.message, "File too large");
    assert_file_holds(path, "epoch,loss_d,loss_g\n1,0.5,nan\n");
}

/* What a table of these bytes holds once rows up to `last` are kept and another is written. */
static void check_opened(void **state, const char *bytes, long last, size_t kept, const char *wanted)
{
    struct error error;
    char path[SCRATCH_PATH];
    struct counter counter = {.last = last};
    scratch_put(scratch_path(state, "a.csv", path), bytes);
    struct csv *csv = open_table(path, 3, &counter, &error);
    assert_non_null(csv);
    assert_true(csv_write(csv, SECOND, &error));
    assert_true(csv_sync(csv, &error));
    assert_true(csv_close(csv, &error));
    assert_int_equal(counter.kept, kept);
    assert_file_holds(path, wanted);
}

#define HEADER "epoch,loss_d,loss_g\n"
#define WRITTEN "2,-1e-07,inf\n"

static void a_table_that_is_there_goes_on_after_the_rows_that_are_kept(void **state)
{
    check_opened(state, HEADER "1,2,3\n2,3,4\n", 9, 2, HEADER "1,2,3\n2,3,4\n" WRITTEN);
    check_opened(state, HEADER "1,2,3\n2,3,4\n3,4,5\n1,1,1\n", 2, 2, HEADER "1,2,3\n2,3,4\n" WRITTEN);
    check_opened(state, HEADER "7,2,3\n", 2, 0, HEADER WRITTEN);
    check_opened(state, HEADER, 2, 0, HEADER WRITTEN);
    check_opened(state, "", 2, 0, HEADER WRITTEN);
}

/* As a power cut may leave them; what comes after a row that goes is not looked at. */
static void what_is_not_whole_is_cut_off(void **state)
{
    check_opened(state, HEADER "1,2,3\n2,3,4", 9, 1, HEADER "1,2,3\n" WRITTEN);
    check_opened(state, HEADER "1,2,3\n2,3", 9, 1, HEADER "1,2,3\n" WRITTEN);
    check_opened(state, HEADER "1,2,3\nwhat", 9, 1, HEADER "1,2,3\n" WRITTEN);
    check_opened(state, HEADER "1,2,3\n9,3,4\nwhat\n", 2, 1, HEADER "1,2,3\n" WRITTEN);
    check_opened(state, "epoch,loss_d,loss_g", 9, 0, HEADER WRITTEN);
    check_opened(state, "epoch,lo", 9, 0, HEADER WRITTEN);
}

static void check_refused(void **state, const char *bytes, const char *line)
{
    struct error error;
    char path[SCRATCH_PATH];
    scratch_put(scratch_path(state, "a.csv", path), bytes);
    assert_null(open_table(path, 3, &(struct counter){.last = 9}, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    assert_contains(error.message, path);
    assert_contains(error.message, line);
    assert_contains(error.message, " is strange");
    assert_file_holds(path, bytes);
}

static void a_reader_that_fails_leaves_the_table_as_it_is(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    static const char BYTES[] = HEADER "1,2,3\n2,3,4\n3,4,5\n4,5,6";
    scratch_put(scratch_path(state, "a.csv", path), BYTES);
    assert_null(open_table(path, 3, &(struct counter){.last = 9, .most = 2}, &error));
    assert_int_equal(error.status, STATUS_FAILED);
    assert_contains(error.message, "no room");
    assert_file_holds(path, BYTES);
}

/* Nor is a byte of it changed. */
static void what_somebody_else_wrote_is_refused(void **state)
{
    check_refused(state, HEADER "1,2,3\n2,3\n3,4,5\n", "line 3 ");
    check_refused(state, HEADER "1,2,3,4\n", "line 2 ");
    check_refused(state, HEADER "\n1,2,3\n", "line 2 ");
    check_refused(state, HEADER "1,2,3\nx,3,4\n", "line 3 ");
    check_refused(state, HEADER "1;2;3\n", "line 2 ");
    check_refused(state, "epoch,loss_d,loss_g\r\n1,2,3\r\n", "line 1 ");
    check_refused(state, "epoch,loss_d,loss_gan\n1,2,3\n", "line 1 ");
    check_refused(state, "epoch,loss_d\n1,2\n", "line 1 ");
    check_refused(state, "a letter\n", "line 1 ");
}

static void a_count_is_a_whole_number_that_fits(void **state)
{
    (void)state;
    static const double BAD[] = {
        -1, -0.5, 0.5, 1e15 + 1, 0x1p63, 0x1p64, 1e300, (double)INFINITY, -(double)INFINITY, (double)NAN};
    uint64_t count = 7;
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        assert_false(csv_count(BAD[i], &count));
    }
    assert_true(csv_count(0, &count) && count == 0);
    assert_true(csv_count(12, &count) && count == 12);
    assert_true(csv_count(1e15, &count) && count == UINT64_C(1000000000000000));
}

static void closing_nothing_is_well(void **state)
{
    (void)state;
    struct error error;
    assert_true(csv_close(NULL, &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(rows_are_there_as_soon_as_they_are_written),
        scratch_test(a_table_of_one_column_has_no_commas),
        scratch_test(a_table_that_cannot_begin_names_path_and_reason),
        scratch_test(a_row_that_does_not_fit_leaves_no_half_of_it),
        scratch_test(a_table_that_is_there_goes_on_after_the_rows_that_are_kept),
        scratch_test(what_is_not_whole_is_cut_off),
        scratch_test(a_reader_that_fails_leaves_the_table_as_it_is),
        scratch_test(what_somebody_else_wrote_is_refused),
        cmocka_unit_test(a_count_is_a_whole_number_that_fits),
        cmocka_unit_test(closing_nothing_is_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
