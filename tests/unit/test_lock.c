/* One process at a time holds a lock, and a dead one none. */
#include "scratch.h"

#include "io/lock.h"

#include <sys/wait.h>

/* Takes the lock in a child, which then says so and waits to be killed; returns its number. */
static pid_t hold_in_child(const char *path)
{
    int pipe_ends[2];
    char byte;
    assert_int_equal(pipe(pipe_ends), 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct error error;
        const bool taken = lock_take(path, "here", &error);
        if (write(pipe_ends[1], taken ? "y" : "n", 1) == 1) {
            pause();
        }
        _exit(0);
    }
    assert_int_equal(read(pipe_ends[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    return child;
}

static void kill_child(pid_t child)
{
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static void a_lock_is_refused_while_another_process_holds_it(void **state)
{
    struct error error;
    char path[SCRATCH_PATH], wanted[64];
    scratch_path(state, "lock", path);
    const pid_t child = hold_in_child(path);
    assert_null(lock_take(path, "here", &error));
    assert_int_equal(error.status, STATUS_USAGE);
    snprintf(wanted, sizeof wanted, "here: process %ld is writing there", (long)child);
    assert_contains(error.message, wanted);
    kill_child(child);
    struct lock *lock = lock_take(path, "here", &error); /* over the file that the dead one left */
    assert_non_null(lock);
    lock_release(lock);
    assert_int_equal(scratch_count(state), 0);
}

/* Who waits on a file that is removed under it must not believe that it holds the one that comes after. */
static void a_lock_is_of_the_file_that_is_there(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    scratch_path(state, "lock", path);
    struct lock *lock = lock_take(path, "here", &error);
    assert_non_null(lock);
    lock_release(lock);
    const pid_t child = hold_in_child(path);
    assert_int_equal(access(path, F_OK), 0);
    assert_null(lock_take(path, "here", &error));
    kill_child(child);
    lock_release(NULL);
}

static void a_lock_that_cannot_be_made_says_why(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    assert_null(lock_take(scratch_path(state, "none/lock", path), "here", &error));
    assert_int_equal(error.status, STATUS_FAILED);
    assert_contains(error.message, path);
    assert_contains(error.message, "No such file or directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(a_lock_is_refused_while_another_process_holds_it),
        scratch_test(a_lock_is_of_the_file_that_is_there),
        scratch_test(a_lock_that_cannot_be_made_says_why),
    };
    return cmocka_run_group_tests_name("lock", tests, NULL, NULL);
}
