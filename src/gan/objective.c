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

struct judgement objective_discriminator(const struct objective *objective, const real *logits, size_t real_count,
                                         size_t fake_count, real *gradients)
{
    const double smoothing = objective->label_smoothing, scale = objective->d_loss_scale;
    const double total = (double)(real_count + fake_count);
    const double real_weight = scale / (objective->merged ? total : (double)real_count);
    const double fake_weight = scale / (objective->merged ? total : (double)fake_count);
    struct judgement judgement = {0};
    for (size_t i = 0; i < real_count; i++) {
        double d = (double)logits[i], probability = sigmoid(d);
        judgement.loss += real_weight * ((1 - smoothing) * softplus(-d) + smoothing * softplus(d));
        judgement.d_real += probability / (double)real_count;
        gradients[i] = (real)(real_weight * (probability - (1 - smoothing)));
    }
    for (size_t i = real_count; i < real_count + fake_count; i++) {
        double d = (double)logits[i], probability = sigmoid(d);
        judgement.loss += fake_weight * softplus(d);
        judgement.d_fake += probability / (double)fake_count;
        gradients[i] = (real)(fake_weight * probability);
    }
    return judgement;
}

/* L_G of one generated image's logit, and its derivative. */
static void generator_loss(enum loss loss, double logit, double *value, double *derivative)
{
    switch (loss) {
    case LOSS_NON_SATURATING:
        *value = softplus(-logit);
        *derivative = sigmoid(logit) - 1;
        break;
    case LOSS_MINIMAX:
        *value = -softplus(logit);
        *derivative = -sigmoid(logit);
        break;
    }
}

struct judgement objective_generator(const struct objective *objective, const real *logits, size_t count,
                                     real *gradients)
{
    const double weight = 1 / (double)count;
    struct judgement judgement = {0};
    for (size_t i = 0; i < count; i++) {
        double value = 0, derivative = 0;
        generator_loss(objective->loss, (double)logits[i], &value, &derivative);
        judgement.loss += weight * value;
        judgement.d_fake += weight * sigmoid((double)logits[i]);
        gradients[i] = (real)(weight * derivative);
    }
    return judgement;
}
