/* Who watches a long computation: is told how far it is, and may end it. */
#ifndef EVAL_WATCH_H
#define EVAL_WATCH_H

#include "base/error.h"

#include <signal.h>

/* A struct of zeros watches nothing. */
struct watch {
    void (*progress)(void *context, const char *what, double done); /* a part of the whole, 0 to 1; may be NULL */
    void *context;
    const volatile sig_atomic_t *stop; /* not 0: it is to end; may be NULL */
};

static inline void watch_tell(const struct watch *watch, const char *what, double done)
{
    if (watch->progress) {
        watch->progress(watch->context, what, done);
    }
}

/* Whether it is to end. Any thread may ask. */
static inline bool watch_has_ended(const struct watch *watch)
{
    return watch->stop && *watch->stop;
}

/* Whether it goes on; STATUS_STOPPED where it is to end. */
static inline bool watch_goes_on(const struct watch *watch, struct error *error)
{
    return !watch_has_ended(watch) || error_set(error, STATUS_STOPPED, "stopped by a signal");
}

#endif
