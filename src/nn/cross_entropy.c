#include "nn/cross_entropy.h"

#include <math.h>

/* The loss of one row; its gradient, divided by the number of rows. */
static double row_loss(const real *logits, size_t classes, size_t label, double weight, real *gradient)
{
    double largest = (double)logits[0], sum = 0;
    for (size_t c = 1; c < classes; c++) { /* no fmax: gcc 12 for ARM64 ends with an internal error on it */
        const double logit = (double)logits[c];
        largest = logit > largest ? logit : largest;
    }
    for (size_t c = 0; c < classes; c++) {
        sum += exp((double)logits[c] - largest);
    }
    /* cppcheck-suppress invalidFunctionArg ; there is a class, so the sum is 1 or more */
    const double log_sum = largest + log(sum), loss = log_sum - (double)logits[label];
    for (size_t c = 0; c < classes; c++) {
        const double probability = exp((double)logits[c] - log_sum);
        gradient[c] = (real)(weight * (probability - (c == label ? 1 : 0)));
    }
    return loss;
}

double cross_entropy(struct matrix logits, const unsigned char *labels, struct matrix gradients)
{
    const double weight = 1 / (double)logits.rows;
    double loss = 0;
    for (size_t r = 0; r < logits.rows; r++) {
        loss += weight * row_loss(logits.data + r * logits.stride, logits.columns, labels[r], weight,
                                  gradients.data + r * gradients.stride);
    }
    return loss;
}
