#include "cli/program.h"

#include "base/cores.h"
#include "base/descriptors.h"
#include "base/memory.h"
#include "base/restart.h"
#include "nn/matmul.h"

#include <jansson.h>
#include <limits.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void program_begin(char **argv)
{
    restart_with_settings(argv);
    descriptors_open_standard();
    json_set_alloc_funcs(memory_or_end, free); /* its reader would lose bytes, and write past its buffers */
}

int program_folder_length(const char *called)
{
    const char *end = strrchr(called, '/');
    return end && end - called < INT_MAX ? (int)(end + 1 - called) : 0;
}

size_t program_start_threads(size_t wanted, struct error *error)
{
    const size_t threads = wanted ? wanted : cores_available();
    omp_set_num_threads((int)threads);
    matmul_prepare();
    return matmul_reserve(threads, error) ? threads : 0;
}

bool program_is_terminal(int descriptor)
{
    const char *kind = getenv("TERM");
    return isatty(descriptor) && !(kind && strcmp(kind, "dumb") == 0);
}

static volatile sig_atomic_t stop_requested;

static void request_stop(int signal_number)
{
    (void)signal_number;
    if (stop_requested) {
        _exit(STATUS_STOPPED);
    }
    stop_requested = 1;
}

const volatile sig_atomic_t *program_catch_signals(void)
{
    struct sigaction stop = {.sa_handler = request_stop, .sa_flags = SA_RESTART}, hangup;
    sigemptyset(&stop.sa_mask);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    if (sigaction(SIGHUP, NULL, &hangup) == 0 && hangup.sa_handler != SIG_IGN) {
        sigaction(SIGHUP, &stop, NULL);
    }
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    return &stop_requested;
}

int program_finish(const char *name, bool good, struct error *error)
{
    const bool arrived = fflush(stdout) == 0 && !ferror(stdout);
    if (good && !arrived) {
        good = error_set(error, STATUS_FAILED, "standard output cannot be written");
    }
    if (!good) {
        fprintf(stderr, "%s: %s\n", name, error->message);
    }
    return good ? STATUS_DONE : (int)error->status;
}
