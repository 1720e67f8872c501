#include "scratch.h"

#include "io/csv.h"

static const char *const NAMES[] = {"epoch", "loss_d", "loss_g"};
static const char *const FIRST[] = {"1", "0.5", "nan"};
static const char *const SECOND[] = {"2", "-1e-07", "inf"};

static void rows_are_there_as_soon_as_they_are_written(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    scratch_put(scratch_path(state, "a.csv", path), "of an earlier run\n");
    struct csv *csv = csv_create(path, NAMES, 3, &error);
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
    struct csv *csv = csv_create(scratch_path(state, "a.csv", path), NAMES, 1, &error);
    assert_true(csv_write(csv, FIRST, &error));
    assert_true(csv_close(csv, &error));
    assert_file_holds(path, "epoch\n1\n");
}

static void a_table_that_cannot_begin_names_path_and_reason(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    assert_null(csv_create("/dev/full", NAMES, 3, &error));
    assert_int_equal(error.status, STATUS_FAILED);
    assert_string_equal(error.message, "/dev/full: cannot write: No space left on device");
    assert_null(csv_create(scratch_path(state, "none/a.csv", path), NAMES, 3, &error));
    assert_int_equal(error.status, STATUS_FAILED);
    assert_contains(error.message, path);
    assert_contains(error.message, "No such file or directory");
    assert_int_equal(scratch_count(state), 0);
}

static void a_row_that_does_not_fit_leaves_no_half_of_it(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    struct csv *csv = csv_create(scratch_path(state, "a.csv", path), NAMES, 3, &error);
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
        cmocka_unit_test(closing_nothing_is_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
