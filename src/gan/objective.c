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

struct judgement objective_generator(const struct objective *objective, const real *logits, size_t count,
                                     real *gradients)
{
    const bool minimax = objective->loss == LOSS_MINIMAX;
    const double weight = 1 / (double)count;
    struct judgement judgement = {0};
    for (size_t i = 0; i < count; i++) {
        double d = (double)logits[i], probability = sigmoid(d);
        judgement.loss += weight * (minimax ? -softplus(d) : softplus(-d));
        judgement.d_fake += weight * probability;
        gradients[i] = (real)(weight * (minimax ? -probability : probability - 1));
    }
    return judgement;
}
