#include "scratch.h"

#include "io/file.h"
#include "io/folder.h"

#include <sys/wait.h>

static void a_file_appears_whole_when_committed(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    struct file *file = file_create(scratch_path(state, "a.txt", path), &error);
    assert_non_null(file);
    file_print(file, "%d and %s", 12, "text");
    file_write(file, "\n", 1);
    assert_int_equal(access(path, F_OK), -1);
    assert_true(file_commit(file, &error));
    assert_file_holds(path, "12 and text\n");
    assert_int_equal(scratch_count(state), 1);
}

static void many_pieces_come_in_order(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    static char block[200000];
    memset(block, 'x', sizeof block);
    struct file *file = file_create(scratch_path(state, "a.txt", path), &error);
    for (int i = 0; i < 30000; i++) {
        file_print(file, "%06d\n", i);
    }
    file_write(file, block, sizeof block);
    file_print(file, "end");
    assert_true(file_commit(file, &error));
    size_t size;
    char *bytes = scratch_read(path, &size);
    assert_int_equal(size, 210000 + sizeof block + 3);
    for (int i = 0; i < 30000; i++) {
        char line[16];
        snprintf(line, sizeof line, "%06d\n", i);
        assert_memory_equal(bytes + 7 * i, line, 7);
    }
    assert_memory_equal(bytes + 210000, block, sizeof block);
    assert_string_equal(bytes + 210000 + sizeof block, "end");
    free(bytes);
}

static void committing_replaces_and_abandoning_does_not(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    scratch_put(scratch_path(state, "a.txt", path), "old and longer");
    struct file *file = file_create(path, &error);
    file_print(file, "new");
    file_abandon(file);
    assert_file_holds(path, "old and longer");
    assert_true(file_save(path, "new", 3, &error));
    assert_file_holds(path, "new");
    assert_int_equal(scratch_count(state), 1);
    file_abandon(NULL);
}

static void a_full_disk_leaves_the_old_file_and_no_litter(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    static const char block[300000];
    scratch_put(scratch_path(state, "a.txt", path), "old");
    disk_is_full_at(100000);
    bool saved = file_save(path, block, sizeof block, &error);
    disk_has_room();
    assert_false(saved);
    assert_int_equal(error.status, STATUS_FAILED);
    assert_contains(error.message, path);
    assert_contains(error.message, "File too large");
    assert_file_holds(path, "old");
    assert_int_equal(scratch_count(state), 1);
}

/* What fits into memory is written at the end alone. */
static void a_disk_that_is_full_only_at_the_end_is_noticed(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    disk_is_full_at(2);
    bool saved = file_save(scratch_path(state, "a.txt", path), "four", 4, &error);
    disk_has_room();
    assert_false(saved);
    assert_contains(error.message, "File too large");
    assert_int_equal(scratch_count(state), 0);
}

static void the_first_failure_is_the_one_reported(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    static char text[70000];
    memset(text, 'x', sizeof text - 1);
    struct file *file = file_create(scratch_path(state, "a.txt", path), &error);
    file_print(file, "%s", text); /* more than one text may have */
    assert_int_equal(mkdir(path, 0777), 0); /* in the way of the name */
    assert_false(file_flush(file, &error));
    assert_contains(error.message, "cannot write a text");
    assert_false(file_commit(file, &error));
    assert_contains(error.message, "cannot write a text");
    assert_int_equal(scratch_count(state), 1);
}

static void a_text_that_finds_the_disk_full_says_so(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    static char text[70000];
    memset(text, 'x', sizeof text - 1);
    struct file *file = file_create(scratch_path(state, "a.txt", path), &error);
    file_print(file, "before");
    disk_is_full_at(2);
    file_print(file, "%s", text);
    disk_has_room();
    assert_false(file_commit(file, &error));
    assert_contains(error.message, "File too large");
}

static void a_name_that_is_taken_meanwhile_is_an_error(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    struct file *file = file_create(scratch_path(state, "a.txt", path), &error);
    assert_int_equal(mkdir(path, 0777), 0);
    assert_false(file_commit(file, &error));
    assert_int_equal(error.status, STATUS_FAILED);
    assert_contains(error.message, path);
    assert_contains(error.message, "Is a directory");
    assert_int_equal(scratch_count(state), 1);
}

/* A process of the same number, in another container or on another machine, may write the same file. */
static void what_another_process_is_writing_stays(void **state)
{
    struct error error;
    char path[SCRATCH_PATH], name[64], other[SCRATCH_PATH];
    snprintf(name, sizeof name, ".a.txt.%ld.tmp", (long)getpid());
    scratch_put(scratch_path(state, name, other), "a half");
    struct file *file = file_create(scratch_path(state, "a.txt", path), &error);
    assert_non_null(file);
    file_print(file, "whole");
    assert_int_equal(scratch_count(state), 2);
    assert_true(file_commit(file, &error));
    assert_file_holds(path, "whole");
    assert_file_holds(other, "a half");
    assert_true(file_save(path, "anew", 4, &error));
    assert_int_equal(scratch_count(state), 2);
}

static void a_missing_folder_is_named(void **state)
{
    struct error error;
    char path[SCRATCH_PATH], folder[SCRATCH_PATH];
    scratch_path(state, "none", folder);
    assert_null(file_create(scratch_path(state, "none/a.txt", path), &error));
    assert_int_equal(error.status, STATUS_FAILED);
    assert_contains(error.message, path);
    assert_contains(error.message, "No such file or directory");
    assert_null(file_open_growing(path, 0, &error));
    assert_contains(error.message, "No such file or directory");
    scratch_put(folder, "");
    assert_null(file_create(path, &error));
    assert_contains(error.message, "Not a directory");
}

static void what_is_no_file_is_refused_at_once(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    assert_null(file_create(*state, &error));
    assert_contains(error.message, "is a folder; a file was wanted");
    assert_null(file_open_growing(*state, 0, &error));
    assert_contains(error.message, "Is a directory");
    assert_null(file_create("/dev/full", &error));
    assert_contains(error.message, "is a device");
    assert_null(file_create(scratch_path(state, "none/", path), &error));
    assert_contains(error.message, "no name of a file");
    assert_null(file_create("", &error));
    assert_contains(error.message, "no name of a file");
}

static void a_file_name_alone_is_in_the_current_folder(void **state)
{
    struct error error;
    char before[SCRATCH_PATH];
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(*state), 0);
    bool saved = file_save("a.txt", "x", 1, &error);
    bool made = folder_make("b/c", &error);
    assert_int_equal(chdir(before), 0);
    assert_true(saved);
    assert_true(made);
    assert_int_equal(scratch_count(state), 2);
}

static void a_growing_file_shows_what_was_flushed(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    scratch_put(scratch_path(state, "a.csv", path), "old");
    struct file *file = file_open_growing(path, 0, &error);
    assert_non_null(file);
    file_print(file, "one\n");
    assert_file_holds(path, "");
    assert_true(file_flush(file, &error));
    assert_file_holds(path, "one\n");
    file_print(file, "two\n");
    assert_true(file_commit(file, &error));
    assert_file_holds(path, "one\ntwo\n");
    assert_int_equal(scratch_count(state), 1);
}

static void a_growing_file_is_cut_back_to_its_last_flush(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    struct file *file = file_open_growing(scratch_path(state, "a.csv", path), 0, &error);
    file_print(file, "1,2\n");
    assert_true(file_flush(file, &error));
    disk_is_full_at(6);
    file_print(file, "3,4\n");
    bool flushed = file_flush(file, &error);
    disk_has_room();
    assert_false(flushed);
    assert_contains(error.message, "File too large");
    assert_file_holds(path, "1,2\n");
    file_print(file, "5,6\n");
    assert_false(file_flush(file, &error));
    assert_false(file_commit(file, &error));
    assert_contains(error.message, "File too large");
    assert_file_holds(path, "1,2\n");
}

/* Standard output as this process has it: a file that something stands in already. */
static void minus_is_standard_output(void **state)
{
    char path[SCRATCH_PATH];
    struct error error;
    scratch_put(scratch_path(state, "out", path), "before\n");
    const int kept = dup(STDOUT_FILENO);
    fflush(stdout);
    assert_non_null(freopen(path, "a", stdout));
    struct file *file = file_create("-", &error);
    bool well = file;
    if (file) {
        file_print(file, "%d\n", 7);
        well = file_commit(file, &error);
    }
    file = file_create("-", &error);
    if (file) {
        file_write(file, "never", 5);
        file_abandon(file);
    }
    disk_is_full_at(70000);
    struct file *large = file_create("-", &error);
    for (int i = 0; i < 100000; i++) {
        file_write(large, "x", 1);
    }
    const bool full = file_commit(large, &error);
    disk_has_room();
    dup2(kept, STDOUT_FILENO);
    close(kept);
    assert_true(well);
    assert_false(full);
    assert_int_equal(error.status, STATUS_FAILED);
    assert_contains(error.message, "standard output: cannot write: File too large");
    size_t size;
    char *bytes = scratch_read(path, &size);
    assert_memory_equal(bytes, "before\n7\nx", 10);
    assert_in_range(size, 9 + 65536, 70000); /* nothing that was written there is cut off */
    free(bytes);
    assert_int_equal(scratch_count(state), 1);
}

static void a_full_device_is_named_with_the_reason(void **state)
{
    (void)state;
    struct error error;
    struct file *file = file_open_growing("/dev/full", 0, &error);
    assert_non_null(file);
    file_print(file, "text");
    assert_false(file_commit(file, &error));
    assert_string_equal(error.message, "/dev/full: cannot write: No space left on device");
    file = file_open_growing("/dev/null", 0, &error);
    file_print(file, "text");
    assert_true(file_commit(file, &error)); /* though it cannot be synced */
}

static void folders_are_made_with_those_above(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    struct stat status;
    assert_true(folder_make(scratch_path(state, "a//b/c/", path), &error));
    assert_int_equal(stat(path, &status), 0);
    assert_true(S_ISDIR(status.st_mode));
    assert_true(folder_make(path, &error));
    assert_true(folder_make("/", &error) == (access("/", W_OK) == 0)); /* root's */
    assert_true(folder_make(".", &error));
    assert_false(folder_make("", &error));
    assert_int_equal(error.status, STATUS_USAGE);
}

static void a_file_in_the_way_of_a_folder_is_named(void **state)
{
    struct error error;
    char file[SCRATCH_PATH], path[SCRATCH_PATH], wanted[2 * SCRATCH_PATH];
    scratch_put(scratch_path(state, "file", file), "");
    snprintf(wanted, sizeof wanted, "%s: is a file; a folder was wanted", file);
    assert_false(folder_make(file, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    assert_string_equal(error.message, wanted);
    assert_false(folder_make(scratch_path(state, "file/a/b", path), &error));
    assert_int_equal(error.status, STATUS_USAGE);
    assert_string_equal(error.message, wanted);
    assert_int_equal(scratch_count(state), 1);
}

/* In a process of its own, which is not root's. */
static void folders_that_may_not_be_written_are_refused(void **state)
{
    char locked[SCRATCH_PATH], inner[SCRATCH_PATH];
    assert_int_equal(chmod(*state, 0755), 0);
    assert_int_equal(mkdir(scratch_path(state, "locked", locked), 0555), 0);
    scratch_path(state, "locked/a/b", inner);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct error error;
        bool well = geteuid() != 0 || setuid(65534) == 0;
        well = well && !folder_make(locked, &error) && error.status == STATUS_USAGE && strstr(error.message, locked) &&
               strstr(error.message, "Permission denied");
        well = well && !folder_make(inner, &error) && error.status == STATUS_USAGE && strstr(error.message, locked) &&
               strstr(error.message, "Permission denied");
        _exit(well ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void paths_are_joined_by_one_slash(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"a", "b", "a/b"}, {"a/", "b", "a/b"}, {"/", "b", "/b"}, {"", "b", "b"}, {"a/b", "c.d", "a/b/c.d"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error;
        char *path = path_join(cases[i][0], cases[i][1], &error);
        assert_string_equal(path, cases[i][2]);
        free(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(a_file_appears_whole_when_committed),
        scratch_test(many_pieces_come_in_order),
        scratch_test(committing_replaces_and_abandoning_does_not),
        scratch_test(a_full_disk_leaves_the_old_file_and_no_litter),
        scratch_test(a_disk_that_is_full_only_at_the_end_is_noticed),
        scratch_test(the_first_failure_is_the_one_reported),
        scratch_test(a_text_that_finds_the_disk_full_says_so),
        scratch_test(a_name_that_is_taken_meanwhile_is_an_error),
        scratch_test(what_another_process_is_writing_stays),
        scratch_test(a_missing_folder_is_named),
        scratch_test(what_is_no_file_is_refused_at_once),
        scratch_test(a_file_name_alone_is_in_the_current_folder),
        scratch_test(a_growing_file_shows_what_was_flushed),
        scratch_test(a_growing_file_is_cut_back_to_its_last_flush),
        cmocka_unit_test(a_full_device_is_named_with_the_reason),
        scratch_test(minus_is_standard_output),
        scratch_test(folders_are_made_with_those_above),
        scratch_test(a_file_in_the_way_of_a_folder_is_named),
        scratch_test(folders_that_may_not_be_written_are_refused),
        cmocka_unit_test(paths_are_joined_by_one_slash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
