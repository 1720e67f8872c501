#include "nn/optimizer.h"
#include "nn/elementary.h"
#include "nn/team.h"

static const double ADAM_EPSILON = 1e-8, RMSPROP_EPSILON = 1e-7, RMSPROP_RHO = 0.9;

/* One update's constants, as the loops want them. */
struct step {
    real rate; /* with Adam's first bias correction */
    real correction; /* Adam's second: 1 / sqrt(1 - beta_2^(t + 1)); without, 1 */
    real epsilon;
    real beta_1, beta_2, momentum; /* beta_2 is RMSprop's rho, too */
    real rest_1, rest_2; /* 1 - beta, which in single precision would be off by a hundred thousandth of itself */
    real scale; /* of the gradients */
};

/* How much of so many updates has passed at update t. */
static double passed(double updates, uint64_t t)
{
    return updates > (double)t ? (double)t / updates : 1;
}

/* The learning rate's share at update t. */
static double share_at(const struct optimizer *optimizer, uint64_t t)
{
    const double floor = optimizer->floor, decay = optimizer->decay;
    switch (optimizer->schedule) {
    case SCHEDULE_CONSTANT:
        break;
    case SCHEDULE_LINEAR:
        return floor + (1 - floor) * (1 - passed(optimizer->horizon, t));
    case SCHEDULE_COSINE:
        return floor + (1 - floor) * (0.5 * (1 + cos(acos(-1) * passed(optimizer->horizon, t))));
    case SCHEDULE_EXPONENTIAL:
        return decay > 0 ? fmax(floor, pow(1 + decay, -(double)t)) : pow(floor, passed(optimizer->horizon, t));
    }
    return 1 / (1 + decay * (double)t);
}

double optimizer_rate(const struct optimizer *optimizer, uint64_t t)
{
    return optimizer->learning_rate * share_at(optimizer, t);
}

static double momentum_at(const struct optimizer *optimizer, uint64_t t)
{
    const double first = optimizer->momentum, last = optimizer->final_momentum;
    return first == last ? first : first + (last - first) * passed(optimizer->momentum_horizon, t);
}

/* Each moves a chunk and sums the squares that it has in its registers anyway. */

static struct optimizer_squares adam(struct step step, size_t count, real *restrict p, const real *restrict gradients,
                                     real *restrict m, real *restrict v)
{
    real squares = 0, moved = 0;
#pragma omp simd reduction(+ : squares, moved)
    for (size_t i = 0; i < count; i++) {
        const real g = step.scale * gradients[i];
        m[i] = step.beta_1 * m[i] + step.rest_1 * g;
        v[i] = step.beta_2 * v[i] + step.rest_2 * g * g;
        p[i] -= step.rate * m[i] / (real_sqrt(v[i]) * step.correction + step.epsilon);
        squares += gradients[i] * gradients[i];
        moved += p[i] * p[i];
    }
    return (struct optimizer_squares){(double)squares, (double)moved};
}

/* RMSprop, and Adam with a beta_1 of 0, whose first moment would be the gradient. */
static struct optimizer_squares rmsprop(struct step step, size_t count, real *restrict p,
                                        const real *restrict gradients, real *restrict v)
{
    real squares = 0, moved = 0;
#pragma omp simd reduction(+ : squares, moved)
    for (size_t i = 0; i < count; i++) {
        const real g = step.scale * gradients[i];
        v[i] = step.beta_2 * v[i] + step.rest_2 * g * g;
        p[i] -= step.rate * g / (real_sqrt(v[i]) * step.correction + step.epsilon);
        squares += gradients[i] * gradients[i];
        moved += p[i] * p[i];
    }
    return (struct optimizer_squares){(double)squares, (double)moved};
}

static struct optimizer_squares sgd(struct step step, size_t count, real *restrict p, const real *restrict gradients,
                                    real *restrict v)
{
    real squares = 0, moved = 0;
#pragma omp simd reduction(+ : squares, moved)
    for (size_t i = 0; i < count; i++) {
        v[i] = step.momentum * v[i] + step.scale * gradients[i];
        p[i] -= step.rate * v[i];
        squares += gradients[i] * gradients[i];
        moved += p[i] * p[i];
    }
    return (struct optimizer_squares){(double)squares, (double)moved};
}

static double sum_of_squares(size_t count, const real *x)
{
    real sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t i = 0; i < count; i++) {
        sum += x[i] * x[i];
    }
    return (double)sum;
}

static struct step step_constants(const struct optimizer *optimizer, uint64_t t, double scale)
{
    const bool corrected = optimizer->kind == OPTIMIZER_ADAM;
    const double beta_2 = corrected ? optimizer->beta_2 : RMSPROP_RHO, updates = (double)t + 1;
    return (struct step){
        .rate = (real)(optimizer_rate(optimizer, t) / (corrected ? 1 - pow(optimizer->beta_1, updates) : 1)),
        .correction = (real)(corrected ? 1 / sqrt(1 - pow(beta_2, updates)) : 1),
        .epsilon = (real)(corrected ? ADAM_EPSILON : RMSPROP_EPSILON),
        .beta_1 = (real)optimizer->beta_1,
        .beta_2 = (real)beta_2,
        .momentum = (real)momentum_at(optimizer, t),
        .rest_1 = (real)(1 - optimizer->beta_1),
        .rest_2 = (real)(1 - beta_2),
        .scale = (real)scale,
    };
}

void optimizer_sum_squares(const struct network *network, struct optimizer_squares *squares)
{
    for (size_t chunk = 0; chunk < chunk_count(network->parameter_count); chunk++) {
        if (share_is_mine(network->chunk_shares[chunk])) {
            squares[chunk].gradients =
                sum_of_squares(chunk_size(network->parameter_count, chunk), network->gradients + chunk * CHUNK);
        }
    }
}

void optimizer_update(const struct optimizer *optimizer, uint64_t t, const struct network *network, double scale,
                      struct optimizer_squares *squares)
{
    const struct step step = step_constants(optimizer, t, scale);
    for (size_t chunk = 0; chunk < chunk_count(network->parameter_count); chunk++) {
        if (!share_is_mine(network->chunk_shares[chunk])) {
            continue;
        }
        const size_t begin = chunk * CHUNK, n = chunk_size(network->parameter_count, chunk);
        real *p = network->parameters + begin, *m = network->first_moments + begin,
             *v = network->second_moments + begin;
        const real *g = network->gradients + begin;
        switch (optimizer->kind) {
        case OPTIMIZER_ADAM:
            squares[chunk] = step.beta_1 > 0 ? adam(step, n, p, g, m, v) : rmsprop(step, n, p, g, v);
            break;
        case OPTIMIZER_RMSPROP:
            squares[chunk] = rmsprop(step, n, p, g, v);
            break;
        case OPTIMIZER_SGD:
            squares[chunk] = sgd(step, n, p, g, m);
            break;
        }
    }
}
