/* What a person should know of a training that does not go well though its numbers are finite. */
#ifndef GAN_TROUBLE_H
#define GAN_TROUBLE_H

#include "eval/figures.h"
#include "gan/record.h"

enum trouble_kind {
    TROUBLE_D_WINS, /* D tells all images apart, so G learns little */
    TROUBLE_D_IS_LOST, /* D tells none apart, so neither learns */
    TROUBLE_CLASSES_DIED, /* some are no longer generated */
};

struct trouble {
    enum trouble_kind kind;
    size_t epoch;
    double d_real, d_fake; /* of D's: mean probabilities over the epoch */
    const struct config *config; /* of the training; left to the caller */
    size_t classes, alive; /* of the classes: that the training images have, and that are generated */
    bool dead[CLASSES_MAX];
};

/* What was seen so far; zeros at the beginning. */
struct trouble_watch {
    size_t winning, lost; /* epochs in a row */
    size_t dead[CLASSES_MAX]; /* measurements in a row, the last of those made, at which each class was dead */
    bool told[CLASSES_MAX]; /* that they died, and have not come back since */
};

enum {
    TROUBLE_EPOCHS = 3, /* in a row, after which D's state is trouble */
    TROUBLE_MEASUREMENTS = 3, /* in a row at which a class was dead: it has died */
    TROUBLE_EPOCH_MIN = 5, /* until then classes may still come */
};

/* Looks at an epoch's means of a training with this config; whether there is a trouble that has not been told before.
 */
bool trouble_in_epoch(struct trouble_watch *watch, const struct config *config, const struct record *record,
                      struct trouble *trouble);

/* Looks at measured figures; wanted [CLASSES_MAX] are the shares of the classes that may be missed, 0 of others. As
 * above. */
bool trouble_in_figures(struct trouble_watch *watch, size_t epoch, const struct figures *figures, const double *wanted,
                        struct trouble *trouble);

#endif
