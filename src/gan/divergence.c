#include "gan/divergence.h"

#include <math.h>

static const double LOSS_LIMIT = 1e4; /* nats: that of a logit of 10,000 on the wrong side */
static const double GRADIENT_LIMIT = 1e5; /* Euclidean norm */
static const double WEIGHT_LIMIT = 1e4; /* root mean square */

static const size_t IDLE_LIMIT = 100; /* steps in a row */

bool divergence_is_idle(const struct gan *gan)
{
    const bool d_rests = gan->config->loss == LOSS_HINGE; /* where it is sure, until G moves */
    return gan->report.grad_norm_g == 0 || (gan->report.grad_norm_d == 0 && !d_rests);
}

bool divergence_find(const struct gan *gan, size_t idle_steps, struct divergence *divergence)
{
    const struct step_report *r = &gan->report;
    const double scale = fmax(1, gan->config->d_loss_scale);
    const struct {
        const char *what;
        double value, limit;
    } checks[] = {
        {"loss_d", r->loss_d, scale * LOSS_LIMIT},
        {"loss_g", r->loss_g, LOSS_LIMIT},
        {"grad_norm_d", r->grad_norm_d, scale * GRADIENT_LIMIT},
        {"grad_norm_g", r->grad_norm_g, GRADIENT_LIMIT},
        {"weights_d", r->weight_d, WEIGHT_LIMIT},
        {"weights_g", r->weight_g, WEIGHT_LIMIT},
    };
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        if (!(fabs(checks[i].value) <= checks[i].limit)) { /* nor is NaN */
            *divergence = (struct divergence){checks[i].what, checks[i].value};
            return true;
        }
    }
    if (idle_steps < IDLE_LIMIT) {
        return false;
    }
    *divergence = (struct divergence){r->grad_norm_g == 0 ? "grad_norm_g" : "grad_norm_d", 0};
    return true;
}

/* The first number of a network's state that is not finite. */
static bool find_not_finite(const struct network *network, const char *what, struct divergence *divergence)
{
    for (size_t i = 0; i < network->state_count; i++) {
        if (!isfinite(network->state[i])) {
            *divergence = (struct divergence){what, (double)network->state[i]};
            return true;
        }
    }
    return false;
}

bool divergence_find_in_state(const struct gan *gan, struct divergence *divergence)
{
    return find_not_finite(gan->generator.network, "state_g", divergence) ||
           find_not_finite(gan->discriminator.network, "state_d", divergence);
}
