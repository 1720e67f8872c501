/* What a run leaves in its outdir: the configuration, rows of losses, grids of samples, the animation, the curves, the
 * picture of the nets, checkpoints. */
#ifndef GAN_RECORDER_H
#define GAN_RECORDER_H

#include "base/error.h"
#include "data/dataset.h"
#include "gan/gan.h"
#include "gan/metrics.h"
#include "gan/position.h"
#include "gan/record.h"
#include "gan/snapshot.h"
#include "gan/tables.h"

struct recorder;

/* Where a run goes on. */
struct resumption {
    const struct position *position;
    const struct snapshot *last_good; /* NULL: none */
    bool from_latest; /* whether checkpoints/latest.safetensors is of this state */
    bool same_config; /* whether the checkpoint that it is of has this configuration */
};

/* Refuses what could not be recorded: grids that are too large. STATUS_USAGE. */
bool recorder_check(const struct config *config, const struct dataset *dataset, struct error *error);

/* For a run in a folder that outdir_begin or outdir_resume has made ready. Writes what is known before training:
 * config.json (its text is config_json), networks.svg, the tables, the grid of epoch 0. Of a run that goes on (NULL: it
 * begins) what was written after its position is cut off. metrics (NULL: images are not measured), gan, dataset and
 * config_json stay the caller's and outlive the recorder. NULL with an error. */
struct recorder *recorder_create(const struct gan *gan, const struct dataset *dataset, const char *config_json,
                                 struct metrics *metrics, const struct resumption *resumption, struct error *error);

/* Closes the tables and frees the recorder, which may be NULL; what is written stays. */
bool recorder_close(struct recorder *recorder, struct error *error);

/* Whether the tables lack rows of what was done before the recorder was made. */
bool recorder_lacks_rows(const struct recorder *recorder);

/* A row of steps.csv. */
bool recorder_step_row(struct recorder *recorder, const struct record *record, struct error *error);

/* The end of an epoch, or of the run within one, before its row: where the epoch is one to measure, or `last`, images
 * are measured and a row of metrics.csv is written. *figures stays the recorder's until the next time; NULL: it was not
 * due. */
bool recorder_measure(struct recorder *recorder, size_t epoch, bool last, const struct figures **figures,
                      struct error *error);

/* The end of an epoch, or of the run within one: a row of losses.csv; where the epoch is one to sample, or `last`, the
 * grid; and the animation and the curves, where they are due or `last`. */
bool recorder_epoch(struct recorder *recorder, const struct record *record, bool last, struct error *error);

/* Whether gan has just been measured, and nearer to real images than ever before. */
bool recorder_is_best(const struct recorder *recorder);

/* A checkpoint of gan at position (gan/checkpoint.h), after the rows that belong to it have reached the disk. */
bool recorder_checkpoint(struct recorder *recorder, const struct position *position, const struct snapshot *last_good,
                         struct error *error);

/* Whether the last checkpoint was so long ago that one is due within the epoch. */
bool recorder_checkpoint_is_late(const struct recorder *recorder);

/* Takes the records back to position, where gan stands again after a rescue, which becomes a row of events.csv and is
 * saved first: last_good is the state that it went back to. */
bool recorder_rescue(struct recorder *recorder, const struct position *position, const struct snapshot *last_good,
                     const struct rescue *rescue, struct error *error);

/* Writes the animation and the curves anew, as far as they have come. recorder_epoch does so when it is time. */
bool recorder_renew(struct recorder *recorder, struct error *error);

#endif
