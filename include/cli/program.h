/* What every program of the project begins and ends with, and the signals that end it. None calls setlocale: numbers
 * are read and written with a point, here and in files, whatever the user's locale is. */
#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H

#include "base/error.h"

#include <signal.h>
#include <stddef.h>

/* To be called first in main, with its argv: the settings that libraries read before main begins (base/restart.h),
 * standard input, output and error that are open, and memory for jansson. */
void program_begin(char **argv);

/* How much of the word that a program was called by, argv[0], is the folder before its name: "build/" of
 * "build/gan-train". Advice names commands with it, so that a shell finds them where it found this one. */
int program_folder_length(const char *called);

/* Has OpenMP run so many threads, as many as there are cores where `wanted` is 0, and readies BLAS for products in all
 * of them (nn/matmul.h). Returns their number, or 0 with STATUS_FAILED where there is no memory for them. */
size_t program_start_threads(size_t wanted, struct error *error);

/* Whether what is written to standard output or standard error (a descriptor) is a terminal that can take a line back
 * and draw it anew. */
bool program_is_terminal(int descriptor);

/* From now on SIGINT, SIGTERM and SIGHUP ask for an end, so that what was made can be kept and what is half written
 * removed; a hangup that the caller ignores, as nohup does, stays ignored. Returns what such a signal makes other than
 * 0, to be looked at between two pieces of work. A second one ends the program at once, with STATUS_STOPPED. A file
 * that may not grow and a pipe that is gone become errors to be told, not reasons to die. */
const volatile sig_atomic_t *program_catch_signals(void);

/* What main ends with: returns the status to exit with. Where it was good, all that was printed has to have arrived,
 * the first of it too: a write that fails is forgotten by the stream, and those that follow may succeed. Where it was
 * not, or is not by now, prints the error's line behind the program's name. */
int program_finish(const char *name, bool good, struct error *error);

#endif
