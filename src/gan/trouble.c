#include "gan/trouble.h"

#include <math.h>
#include <string.h>

static const double SURE = 0.01; /* D is so near to the real images' labels and to 0 for generated ones: it wins */
static const double SQUARE_SURE = 0.1; /* of the loss of guessing: one image in a thousand is on the wrong side then */
static const double ALIKE = 0.02; /* D(x) and D(G(z)) are so near to each other: it is lost */

/* Where D's outputs are no probabilities it wins by what is left of the loss of guessing: with a hinge D is sure from a
 * logit of 1 on, where the loss is 0; least squares has its outputs about their targets, on both sides. */
static bool d_wins(const struct config *config, const struct record *record)
{
    const double scale = config->d_loss_scale * (config->d_batch == D_BATCH_MERGED ? 0.5 : 1);
    const double target = 1 - config->label_smoothing;
    if (config->loss == LOSS_HINGE) {
        return record->loss_d < SURE * 2 * scale;
    }
    if (config->loss == LOSS_LEAST_SQUARES) {
        return record->loss_d < SQUARE_SURE * 0.25 * target * target * scale;
    }
    return record->d_real > target - SURE && record->d_fake < SURE;
}

bool trouble_in_epoch(struct trouble_watch *watch, const struct config *config, const struct record *record,
                      struct trouble *trouble)
{
    const bool wins = d_wins(config, record);
    /* Penalties keep D's slopes low: near to each other they are in good trainings, too. */
    const bool lost = !config_penalizes(config) && fabs(record->d_real - record->d_fake) < ALIKE;
    watch->winning = wins ? watch->winning + 1 : 0;
    watch->lost = lost ? watch->lost + 1 : 0;
    *trouble = (struct trouble){
        .kind = wins ? TROUBLE_D_WINS : TROUBLE_D_IS_LOST,
        .epoch = record->epoch,
        .d_real = record->d_real,
        .d_fake = record->d_fake,
    };
    return watch->winning == TROUBLE_EPOCHS || watch->lost == TROUBLE_EPOCHS;
}

bool trouble_in_figures(struct trouble_watch *watch, size_t epoch, const struct figures *figures, const double *wanted,
                        struct trouble *trouble)
{
    bool is_new = false;
    *trouble = (struct trouble){.kind = TROUBLE_CLASSES_DIED, .epoch = epoch};
    for (size_t c = 0; c < CLASSES_MAX; c++) {
        watch->dead[c] = figures_is_dead(figures->shares[c], wanted[c]) ? watch->dead[c] + 1 : 0;
        const bool dead = watch->dead[c] >= TROUBLE_MEASUREMENTS;
        watch->told[c] = watch->told[c] && dead;
        trouble->classes += wanted[c] > 0;
        trouble->alive += wanted[c] > 0 && !dead;
        trouble->dead[c] = dead;
        is_new = is_new || (dead && !watch->told[c]);
    }
    if (!is_new || epoch < TROUBLE_EPOCH_MIN) {
        return false;
    }
    memcpy(watch->told, trouble->dead, sizeof watch->told);
    return true;
}
