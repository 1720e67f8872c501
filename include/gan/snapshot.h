/* A copy of all that a step changes, in memory. */
#ifndef GAN_SNAPSHOT_H
#define GAN_SNAPSHOT_H

#include "base/error.h"
#include "gan/gan.h"
#include "gan/position.h"

enum { SNAPSHOT_NETS = 2 }; /* G, then D */

struct snapshot {
    real *states[SNAPSHOT_NETS]; /* [state_count] as network.state */
    uint64_t updates[SNAPSHOT_NETS], steps;
    struct position position;
};

/* Room for a copy of gan's state; taken and put back by the next two. NULL with an error. */
struct snapshot *snapshot_create(const struct gan *gan, struct error *error);
void snapshot_free(struct snapshot *snapshot);

/* Copies the state of gan, which stands at position. */
void snapshot_take(struct snapshot *snapshot, const struct gan *gan, const struct position *position);

/* Puts it back: all but the count of rescues. */
void snapshot_restore(const struct snapshot *snapshot, struct gan *gan, struct position *position);

#endif
