/* What the measures of features share. */
#ifndef EVAL_FEATURES_H
#define EVAL_FEATURES_H

#include "nn/matrix.h"

/* The mean of the rows of features, [rows][columns], into mean [columns]; not finite where a feature is not. Threads
 * change no bit. */
void features_mean(struct matrix features, double *mean);

#endif
