/* One process at a time holds a lock, and a dead one none. */
#define _DEFAULT_SOURCE /* for MAP_ANONYMOUS */
#include "scratch.h"

#include "base/clock.h"
#include "io/lock.h"

#include <limits.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>

static const double CONTENDED = 0.3; /* seconds */

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

/* What the processes below share. */
struct shared {
    atomic_int holders; /* of the lock, now */
    atomic_int taken, shared, failed; /* how often it was taken, taken while another had it, or refused wrongly */
};

/* Takes the lock and lets go of it, over and over. */
static void contend(const char *path, struct shared *shared)
{
    for (const double end = clock_seconds() + CONTENDED; clock_seconds() < end;) {
        struct error error;
        struct lock *lock = lock_take(path, "here", &error);
        if (lock) {
            shared->taken++;
            shared->shared += atomic_fetch_add(&shared->holders, 1) > 0;
            sched_yield(); /* time for another one to believe that it holds it */
            shared->holders--;
            lock_release(lock);
        } else {
            shared->failed += error.status != STATUS_USAGE;
        }
    }
}

/* Who opened the file before it was removed must not believe to hold the one that comes after it. */
static void a_lock_is_of_the_file_that_is_there(void **state)
{
    enum { PROCESSES = 4 };
    pid_t children[PROCESSES];
    char path[SCRATCH_PATH];
    scratch_path(state, "lock", path);
    struct shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(shared != MAP_FAILED);
    for (size_t i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            contend(path, shared);
            _exit(0);
        }
    }
    for (size_t i = 0; i < PROCESSES; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    assert_in_range(shared->taken, 2, INT_MAX);
    assert_int_equal(shared->shared, 0);
    assert_int_equal(shared->failed, 0);
    munmap(shared, sizeof *shared);
    assert_int_equal(scratch_count(state), 0);
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
