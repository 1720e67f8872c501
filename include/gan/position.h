/* Where a training stands between two steps. */
#ifndef GAN_POSITION_H
#define GAN_POSITION_H

#include "gan/record.h"

#include <stdbool.h>
#include <stddef.h>

/* With the state of the gan (gan/snapshot.h), all that determines what comes next; zeros at the beginning. */
struct position {
    size_t epoch; /* whole epochs done */
    size_t step; /* steps done of the next one */
    struct record_sums sums; /* over these steps */
    struct record_sums window; /* since the last row of steps.csv */
    bool extra_picture; /* of the last epoch done, which was not due: the run ended there */
    size_t idle; /* steps, the last of those done, in which a net's whole gradient was exactly 0 */
    size_t measured; /* epochs from one measurement of its images to the next (gan/metrics.h); 0: none are made */
    bool extra_metrics; /* of the last epoch done, which was not due: the run ended there */
};

/* Says of the last epoch done what of it is not due, where the run ends with it. */
static inline void position_find_extras(struct position *position, size_t sample_every)
{
    position->extra_picture = position->epoch % sample_every != 0;
    position->extra_metrics = position->measured && position->epoch % position->measured != 0;
}

#endif
