/* What a run leaves in its outdir: the configuration, rows of losses, grids of samples, the animation, the curves, the
 * picture of the nets. */
#ifndef GAN_RECORDER_H
#define GAN_RECORDER_H

#include "base/error.h"
#include "data/dataset.h"
#include "gan/gan.h"
#include "gan/record.h"

struct recorder;

/* Prepares the outdir and writes what is known before training: config.json (its text is config_json), networks.svg,
 * the headers of the CSVs and the grid of epoch 0. gan and dataset stay the caller's and outlive the recorder. NULL
 * with an error. */
struct recorder *recorder_create(const struct gan *gan, const struct dataset *dataset, const char *config_json,
                                 struct error *error);

/* Closes the CSVs and frees the recorder, which may be NULL; what is written stays. */
bool recorder_close(struct recorder *recorder, struct error *error);

/* A row of steps.csv. */
bool recorder_step_row(struct recorder *recorder, const struct record *record, struct error *error);

/* The end of an epoch, or of the run within one: a row of losses.csv; where the epoch is one to sample, or `last`, the
 * grid; and the animation and the curves, where they are due or `last`. */
bool recorder_epoch(struct recorder *recorder, const struct record *record, bool last, struct error *error);

/* Writes the animation and the curves anew, as far as they have come. recorder_epoch does so when it is time. */
bool recorder_renew(struct recorder *recorder, struct error *error);

#endif
