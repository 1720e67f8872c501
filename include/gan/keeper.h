/* The checkpoints in a run's folder: when one is due, and which of them stay. */
#ifndef GAN_KEEPER_H
#define GAN_KEEPER_H

#include "base/error.h"
#include "gan/gan.h"
#include "gan/position.h"
#include "gan/snapshot.h"

struct keeper {
    const struct config *config; /* the caller's */
    const char *config_json; /* the caller's */
    bool has_latest; /* there is one, of this training and this configuration */
    bool from_other; /* there is none: the run goes on from another checkpoint than the latest, which may be later */
    uint64_t latest_step; /* and this is the step that it is of */
    size_t latest_rescues;
    double written_at; /* on the clock; at first when the run began */
};

/* Writes checkpoints/latest.safetensors, where it is not of this state already. The one before it becomes
 * step_NNNNNNNN.safetensors, and the oldest of those go, so that --keep_checkpoints are left. The best one, which is of
 * step *best (NULL: it is not known), stays as best_NNNNNNNN.safetensors, whatever else goes, once it is not the latest
 * any more. Of a run that goes on from an earlier step those of later ones stay until it comes there again, what was
 * the latest among them; but not after a rescue. On a failure all that were there are there. */
bool keeper_write(struct keeper *keeper, const struct gan *gan, const struct position *position,
                  const struct snapshot *last_good, const uint64_t *best, struct error *error);

/* Whether the last one was written more than --checkpoint_minutes ago. */
bool keeper_is_late(const struct keeper *keeper);

#endif
