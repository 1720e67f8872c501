/* Settings that the libraries of threads read from the environment as they are loaded, before main begins. */
#ifndef BASE_RESTART_H
#define BASE_RESTART_H

/* Puts what suits this program into the environment, where the user has not set it, and starts the program anew with
 * the same arguments, in the same process; comes back where nothing was to be set or it cannot be started anew.
 * - Threads that wait for each other spin for some microseconds and then sleep. OpenMP's own choice is to spin for
 *   milliseconds: on a machine that has other work, a step then took 20 times longer.
 * - OpenBLAS makes no threads, nor their memory, since it is called with one at a time.
 * To be called first in main, with its argv. */
void restart_with_settings(char **argv);

#endif
