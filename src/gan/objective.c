#include "gan/objective.h"

#include <math.h>

static double softplus(double x)
{
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

static double sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

/* What an image adds to a loss, and its derivative by the image's logit. */
struct term {
    double loss, derivative;
};

static struct term half_square(double x)
{
    return (struct term){x * x / 2, x};
}

/* max(0, x), and its derivative by d where x has the slope `sign` in d; not-a-number stays visible. */
static struct term hinge(double x, double sign)
{
    return x <= 0 ? (struct term){0, 0} : (struct term){x, sign};
}

/* L_D of a real image. */
static struct term real_term(const struct objective *objective, double d)
{
    const double smoothing = objective->label_smoothing, wanted = 1 - smoothing;
    switch (objective->loss) {
    case LOSS_LEAST_SQUARES:
        return half_square(d - wanted);
    case LOSS_HINGE:
        return hinge(1 - d, -1);
    case LOSS_NON_SATURATING:
    case LOSS_MINIMAX:
    case LOSS_RELATIVISTIC: /* never by itself */
        break;
    }
    return (struct term){wanted * softplus(-d) + smoothing * softplus(d), sigmoid(d) - wanted};
}

/* L_D of a generated image. */
static struct term fake_term(const struct objective *objective, double d)
{
    switch (objective->loss) {
    case LOSS_LEAST_SQUARES:
        return half_square(d);
    case LOSS_HINGE:
        return hinge(1 + d, 1);
    case LOSS_NON_SATURATING:
    case LOSS_MINIMAX:
    case LOSS_RELATIVISTIC:
        break;
    }
    return (struct term){softplus(d), sigmoid(d)};
}

/* L_G of a generated image, beside the real one of its pair where the loss has pairs. */
static struct term generator_term(const struct objective *objective, double d, double real_logit)
{
    switch (objective->loss) {
    case LOSS_NON_SATURATING:
        return (struct term){softplus(-d), sigmoid(d) - 1};
    case LOSS_MINIMAX:
        return (struct term){-softplus(d), -sigmoid(d)};
    case LOSS_LEAST_SQUARES:
        return half_square(d - 1);
    case LOSS_HINGE:
        return (struct term){-d, -1};
    case LOSS_RELATIVISTIC:
        break;
    }
    return (struct term){softplus(real_logit - d), -sigmoid(real_logit - d)};
}

/* D(x) for a reader: what D says of an image, on the scale of its targets. */
static double verdict(const struct objective *objective, double d)
{
    return objective->loss == LOSS_LEAST_SQUARES ? d : sigmoid(d);
}

static struct judgement judge_pairs(const struct objective *objective, const real *logits, size_t pairs,
                                    real *gradients)
{
    const double share = 1 / (double)pairs, weight = objective->d_loss_scale * share;
    struct judgement judgement = {0};
    for (size_t i = 0; i < pairs; i++) {
        const double lead = (double)logits[i] - (double)logits[pairs + i];
        judgement.loss += weight * softplus(-lead);
        judgement.d_real += share * sigmoid(lead);
        judgement.d_fake += share * sigmoid(-lead);
        gradients[i] = (real)(-weight * sigmoid(-lead));
        gradients[pairs + i] = -gradients[i];
    }
    return judgement;
}

struct judgement objective_discriminator(const struct objective *objective, const real *logits, size_t real_count,
                                         size_t fake_count, real *gradients)
{
    const double scale = objective->d_loss_scale, total = (double)(real_count + fake_count);
    const double real_weight = scale / (objective->merged ? total : (double)real_count);
    const double fake_weight = scale / (objective->merged ? total : (double)fake_count);
    struct judgement judgement = {0};
    if (objective_has_pairs(objective->loss)) {
        return judge_pairs(objective, logits, real_count, gradients);
    }
    for (size_t i = 0; i < real_count; i++) {
        const struct term term = real_term(objective, (double)logits[i]);
        judgement.loss += real_weight * term.loss;
        judgement.d_real += verdict(objective, (double)logits[i]) / (double)real_count;
        gradients[i] = (real)(real_weight * term.derivative);
    }
    for (size_t i = real_count; i < real_count + fake_count; i++) {
        const struct term term = fake_term(objective, (double)logits[i]);
        judgement.loss += fake_weight * term.loss;
        judgement.d_fake += verdict(objective, (double)logits[i]) / (double)fake_count;
        gradients[i] = (real)(fake_weight * term.derivative);
    }
    return judgement;
}

double objective_generator(const struct objective *objective, const real *logits, const real *real_logits, size_t count,
                           real *gradients)
{
    const double weight = 1 / (double)count;
    double loss = 0;
    for (size_t i = 0; i < count; i++) {
        const struct term term = generator_term(objective, (double)logits[i], real_logits ? (double)real_logits[i] : 0);
        loss += weight * term.loss;
        gradients[i] = (real)(weight * term.derivative);
    }
    return loss;
}
