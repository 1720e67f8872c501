/* The loss of a classifier. */
#ifndef NN_CROSS_ENTROPY_H
#define NN_CROSS_ENTROPY_H

#include "nn/matrix.h"

/* The mean over the rows of -log softmax(logits)[label], in nats. logits [rows][classes], labels [rows], each below
 * classes; gradients [rows][classes], which may be the logits themselves, receive dL/dlogits. */
double cross_entropy(struct matrix logits, const unsigned char *labels, struct matrix gradients);

#endif
