/* How many threads are worth starting. */
#ifndef BASE_CORES_H
#define BASE_CORES_H

#include <stddef.h>

/* The cores this process may use: those it may run on, or fewer where its control group grants less time than they
 * have (a container's limit); at least 1. */
size_t cores_available(void);

#endif
