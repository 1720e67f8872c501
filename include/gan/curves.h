/* losses.svg: the losses and D's probabilities over the epochs. */
#ifndef GAN_CURVES_H
#define GAN_CURVES_H

#include "base/error.h"
#include "gan/config.h"
#include "gan/record.h"

/* Draws the epochs' records, with those of windows (the rows of steps.csv) pale behind them where they are finer. */
bool curves_write(const char *path, const struct config *config, size_t steps_per_epoch, const struct history *epochs,
                  const struct history *windows, struct error *error);

#endif
