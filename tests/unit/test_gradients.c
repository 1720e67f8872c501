/* The gradient of every layer, of every loss and of whole nets against central differences, in double. */
#include "gan/objective.h"
#include "nn/cross_entropy.h"
#include "nn/pass.h"
#include "nn/penalty.h"
#include "nn/rng.h"
#include "unit.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double STEP = 1e-5;
static const double TOLERANCE = 1e-6;

/* A scalar function of numbers that can be moved one by one. */
struct function {
    double (*value)(void *context);
    void *context;
};

/* Compares the analytic gradient of `count` numbers x with central differences, every stride-th of them. An error
 * counts against the number's own gradient, or, where that nearly vanishes, against a hundredth of the largest; the two
 * values' own rounding is none. */
static void check_gradient(const char *what, struct function f, real *x, const real *gradient, size_t count,
                           size_t stride)
{
    double largest = 0;
    for (size_t i = 0; i < count; i++) {
        largest = fmax(largest, fabs(gradient[i]));
    }
    for (size_t i = 0; i < count; i += stride) {
        const real kept = x[i];
        x[i] = kept + STEP;
        const double above = f.value(f.context);
        x[i] = kept - STEP;
        const double below = f.value(f.context);
        x[i] = kept;
        const double numeric = (above - below) / (2 * STEP), analytic = gradient[i];
        const double size = fmax(fmax(fabs(numeric), fabs(analytic)), largest / 100);
        const double rounding = 2 * DBL_EPSILON * fmax(fabs(above), fabs(below)) / STEP;
        if (fabs(numeric - analytic) > TOLERANCE * size + rounding) {
            fail_msg("%s [%zu]: analytic %.12g, numeric %.12g", what, i, analytic, numeric);
        }
    }
}

/* A check of gradients that are all zero would show nothing. */
static void assert_not_all_zero(const real *x, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (x[i] != 0) {
            return;
        }
    }
    fail_msg("all %zu are zero", count);
}

/* Numbers that look random and are the same each time. */
static void fill(real *x, size_t count, uint32_t sample, real low, real high)
{
    rng_uniform((struct rng_stream){.seed = 7, .purpose = RNG_NOISE}, sample, low, high, count, x);
}

/* ---- whole nets: the value is a fixed weighted sum of the outputs ---- */

enum { ROWS = 6 };

struct net_case {
    struct network *network;
    struct pass *pass;
    struct batch batch;
    real *weights; /* [ROWS][outputs] */
};

static double net_value(void *context)
{
    const struct net_case *c = context;
    network_forward(c->network, c->pass, &c->batch);
    double sum = 0;
    for (size_t i = 0; i < ROWS * c->network->outputs; i++) {
        sum += c->weights[i] * c->batch.output.data[i];
    }
    return sum;
}

static void check_network(const struct network_spec *spec, size_t groups)
{
    struct error error;
    static const unsigned char labels[ROWS] = {0, 2, 1, 1, 2, 0};
    struct net_case c = {.network = network_create(spec, &error)};
    assert_non_null(c.network);
    c.pass = pass_create(c.network, ROWS + 3, true, &error); /* roomier than the batch, as G's in D's update */
    const size_t inputs = c.network->inputs, outputs = c.network->outputs;
    real *x = calloc(ROWS * inputs, sizeof *x), *y = calloc(ROWS * outputs, sizeof *y);
    real *dx = calloc(ROWS * spec->inputs, sizeof *dx), *dy = calloc(ROWS * outputs, sizeof *dy);
    c.weights = calloc(ROWS * outputs, sizeof *c.weights);
    fill(c.network->parameters, c.network->parameter_count, 1, -0.7, 0.7);
    fill(x, ROWS * inputs, 2, -1, 1);
    fill(c.weights, ROWS * outputs, 3, -1, 1);
    c.batch = (struct batch){.input = {x, ROWS, inputs, inputs},
                             .output = {y, ROWS, outputs, outputs},
                             .labels = labels,
                             .groups = groups,
                             .seed = 3,
                             .number = 5};

    net_value(&c);
    memcpy(dy, c.weights, ROWS * outputs * sizeof *dy);
    const struct matrix input_gradient = {dx, ROWS, spec->inputs, spec->inputs};
    network_backward(c.network, c.pass, &c.batch, (struct matrix){dy, ROWS, outputs, outputs}, true, input_gradient);

    struct function f = {net_value, &c};
    struct tensor tensor;
    for (size_t i = 0; network_tensor(c.network, i, &tensor); i++) {
        if (tensor.gradient) {
            size_t count = tensor.rows * tensor.columns;
            assert_not_all_zero(tensor.gradient, count);
            check_gradient(tensor.name, f, tensor.data, tensor.gradient, count, 1 + count / 97);
        }
    }
    assert_not_all_zero(dx, ROWS * spec->inputs);
    for (size_t r = 0; r < ROWS; r++) {
        check_gradient("input", f, x + r * inputs, dx + r * spec->inputs, spec->inputs, 1);
    }

    /* each half of the gradient alone is what it is beside the other */
    real *kept = malloc(c.network->parameter_count * sizeof *kept), *dx_alone = calloc(ROWS * spec->inputs, sizeof *dx);
    memcpy(kept, c.network->gradients, c.network->parameter_count * sizeof *kept);
    net_value(&c); /* the last difference left its activations */
    memcpy(dy, c.weights, ROWS * outputs * sizeof *dy);
    memset(c.network->gradients, 0, c.network->parameter_count * sizeof *kept);
    network_backward(c.network, c.pass, &c.batch, (struct matrix){dy, ROWS, outputs, outputs}, true,
                     (struct matrix){0});
    assert_memory_equal(kept, c.network->gradients, c.network->parameter_count * sizeof *kept);
    memcpy(dy, c.weights, ROWS * outputs * sizeof *dy);
    memset(c.network->gradients, 0, c.network->parameter_count * sizeof *kept);
    network_backward(c.network, c.pass, &c.batch, (struct matrix){dy, ROWS, outputs, outputs}, false,
                     (struct matrix){dx_alone, ROWS, spec->inputs, spec->inputs});
    assert_memory_equal(dx, dx_alone, ROWS * spec->inputs * sizeof *dx);
    for (size_t i = 0; i < c.network->parameter_count; i++) {
        assert_true(c.network->gradients[i] == 0);
    }

    network_free(c.network);
    pass_free(c.pass);
    free(x);
    free(y);
    free(dx);
    free(dy);
    free(dx_alone);
    free(kept);
    free(c.weights);
}

static const struct batch_norm NORM = {.momentum = 0.8, .epsilon = 1e-3};

static void dense_alone(void **state)
{
    (void)state;
    check_network(&(struct network_spec){.inputs = 5, .outputs = 3}, 1);
}

static void dense_wider_than_a_tile(void **state)
{
    (void)state;
    static const size_t hidden[] = {390, 134}; /* of four tiles and of two */
    check_network(&(struct network_spec){.inputs = 67,
                                         .outputs = 130,
                                         .hidden = hidden,
                                         .hidden_count = 2,
                                         .hidden_activation = {.kind = ACTIVATION_TANH}},
                  1);
}

static void each_activation(void **state)
{
    (void)state;
    static const size_t hidden[] = {7, 6};
    static const struct activation kinds[] = {{.kind = ACTIVATION_LINEAR},
                                              {.kind = ACTIVATION_RELU},
                                              {.kind = ACTIVATION_LEAKY_RELU, .slope = 0.2},
                                              {.kind = ACTIVATION_TANH},
                                              {.kind = ACTIVATION_SIGMOID}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        check_network(&(struct network_spec){.inputs = 5,
                                             .outputs = 4,
                                             .hidden = hidden,
                                             .hidden_count = 2,
                                             .hidden_activation = kinds[i],
                                             .output_activation = kinds[i]},
                      1);
    }
}

/* Tiles end within the units of a piece, batch norm sees the pieces or the units, and dropout follows. */
static void maxout(void **state)
{
    (void)state;
    static const size_t hidden[] = {134, 7};
    static const double rates[] = {0.3, 0};
    for (int place = BATCH_NORM_NONE; place <= BATCH_NORM_AFTER; place++) {
        for (size_t pieces = 2; pieces <= 5; pieces += 3) {
            struct network_spec spec = {.inputs = 6,
                                        .outputs = 3,
                                        .hidden = hidden,
                                        .hidden_count = 2,
                                        .hidden_activation = {.kind = ACTIVATION_MAXOUT, .pieces = pieces},
                                        .batch_norm_place = (enum batch_norm_place)place,
                                        .batch_norm_first = true,
                                        .batch_norm = NORM};
            check_network(&spec, 1);
            spec.dropout = rates;
            check_network(&spec, 2);
            if (place != BATCH_NORM_BEFORE) { /* which takes away what a label layer's bias adds to all rows */
                spec.label_classes = 3;
                spec.label_outputs = 6;
                check_network(&spec, 2);
            }
        }
    }
}

static void batch_norm_at_each_place(void **state)
{
    (void)state;
    static const size_t hidden[] = {7, 130};
    for (int place = BATCH_NORM_BEFORE; place <= BATCH_NORM_AFTER; place++) {
        for (int first = 0; first < 2; first++) {
            for (size_t groups = 1; groups <= GROUPS_MAX; groups++) {
                check_network(&(struct network_spec){.inputs = 5,
                                                     .outputs = 4,
                                                     .hidden = hidden,
                                                     .hidden_count = 2,
                                                     .hidden_activation = {.kind = ACTIVATION_LEAKY_RELU, .slope = 0.2},
                                                     .output_activation = {.kind = ACTIVATION_TANH},
                                                     .batch_norm_place = (enum batch_norm_place)place,
                                                     .batch_norm_first = first,
                                                     .batch_norm = NORM},
                              groups);
            }
        }
    }
}

static void dropout(void **state)
{
    (void)state;
    static const size_t hidden[] = {130, 7, 8};
    static const double rates[] = {0.3, 0, 0.5};
    check_network(&(struct network_spec){.inputs = 5,
                                         .outputs = 4,
                                         .hidden = hidden,
                                         .hidden_count = 3,
                                         .hidden_activation = {.kind = ACTIVATION_SIGMOID},
                                         .dropout = rates},
                  1);
}

static void dropout_of_the_inputs(void **state)
{
    (void)state;
    static const size_t hidden[] = {8};
    struct network_spec spec = {.inputs = 130,
                                .outputs = 2,
                                .hidden = hidden,
                                .hidden_activation = {.kind = ACTIVATION_TANH},
                                .input_dropout = 0.3};
    for (spec.hidden_count = 0; spec.hidden_count < 2; spec.hidden_count++) {
        check_network(&spec, 1);
        spec.label_classes = 3;
        spec.label_outputs = 134;
        check_network(&spec, 1);
        spec.label_classes = spec.label_outputs = 0;
    }
}

static void label_layer(void **state)
{
    (void)state;
    static const size_t hidden[] = {134};
    check_network(&(struct network_spec){.inputs = 130,
                                         .label_classes = 3,
                                         .label_outputs = 130,
                                         .outputs = 1,
                                         .hidden = hidden,
                                         .hidden_count = 1,
                                         .hidden_activation = {.kind = ACTIVATION_TANH}},
                  1);
}

static void everything_at_once(void **state)
{
    (void)state;
    static const size_t hidden[] = {9, 8, 7};
    static const double rates[] = {0.2, 0.4, 0};
    check_network(&(struct network_spec){.inputs = 6,
                                         .label_classes = 3,
                                         .label_outputs = 6,
                                         .outputs = 2,
                                         .hidden = hidden,
                                         .hidden_count = 3,
                                         .hidden_activation = {.kind = ACTIVATION_LEAKY_RELU, .slope = 0.1},
                                         .output_activation = {.kind = ACTIVATION_SIGMOID},
                                         .batch_norm_place = BATCH_NORM_AFTER,
                                         .batch_norm = NORM,
                                         .dropout = rates},
                  2);
}

/* ---- losses ---- */

enum { LOGITS = 8 };

struct loss_case {
    struct objective objective;
    size_t reals; /* the others are of generated images */
    real logits[LOGITS], gradients[LOGITS];
};

static double discriminator_value(void *context)
{
    struct loss_case *c = context;
    real ignored[LOGITS];
    return objective_discriminator(&c->objective, c->logits, c->reals, LOGITS - c->reals, ignored).loss;
}

/* G's loss on the generated images, which in pairs stand beside the real ones. */
static double generator_loss(struct loss_case *c, real *gradients)
{
    const real *beside = objective_has_pairs(c->objective.loss) ? c->logits : NULL;
    return objective_generator(&c->objective, c->logits + c->reals, beside, LOGITS - c->reals, gradients);
}

static double generator_value(void *context)
{
    real ignored[LOGITS];
    return generator_loss(context, ignored);
}

static void each_loss(void **state)
{
    (void)state;
    static const real logits[LOGITS] = {0.3, -4, 2, -0.1, 5, -2.5, 0.7, -0.6};
    for (enum loss loss = LOSS_NON_SATURATING; loss <= LOSS_RELATIVISTIC; loss++) {
        for (int merged = 0; merged < 2; merged++) {
            struct loss_case c = {.objective = {loss, 0.5, 0.1, merged}};
            c.reals = objective_has_pairs(c.objective.loss) ? LOGITS / 2 : 3;
            memcpy(c.logits, logits, sizeof logits);
            objective_discriminator(&c.objective, c.logits, c.reals, LOGITS - c.reals, c.gradients);
            check_gradient("L_D", (struct function){discriminator_value, &c}, c.logits, c.gradients, LOGITS, 1);
            generator_loss(&c, c.gradients);
            check_gradient("L_G", (struct function){generator_value, &c}, c.logits + c.reals, c.gradients,
                           LOGITS - c.reals, 1);
        }
    }
}

/* Logits as no healthy net has them: the losses stay finite and right, and not-a-number stays visible. */
static void losses_at_the_edges(void **state)
{
    (void)state;
    struct objective objective = {LOSS_NON_SATURATING, 1, 0, false};
    real gradients[2];
    const real confident[] = {800, -800}, wrong[] = {-800, 800}, broken[] = {(real)NAN, 0};
    struct judgement judgement = objective_discriminator(&objective, confident, 1, 1, gradients);
    assert_true(judgement.loss == 0 && judgement.d_real == 1 && judgement.d_fake == 0);
    judgement = objective_discriminator(&objective, wrong, 1, 1, gradients);
    assert_true(judgement.loss == 1600 && gradients[0] == -1 && gradients[1] == 1);
    objective.loss = LOSS_RELATIVISTIC;
    judgement = objective_discriminator(&objective, confident, 1, 1, gradients);
    assert_true(judgement.loss == 0 && judgement.d_real == 1 && judgement.d_fake == 0);
    judgement = objective_discriminator(&objective, wrong, 1, 1, gradients);
    assert_true(judgement.loss == 1600 && judgement.d_real == 0 && judgement.d_fake == 1);
    assert_true(gradients[0] == -1 && gradients[1] == 1);
    objective.loss = LOSS_HINGE;
    judgement = objective_discriminator(&objective, confident, 1, 1, gradients);
    assert_true(judgement.loss == 0 && gradients[0] == 0 && gradients[1] == 0);
    judgement = objective_discriminator(&objective, wrong, 1, 1, gradients);
    assert_true(judgement.loss == 1602 && gradients[0] == -1 && gradients[1] == 1);
    for (enum loss loss = LOSS_NON_SATURATING; loss <= LOSS_RELATIVISTIC; loss++) {
        objective.loss = loss;
        assert_true(isnan(objective_discriminator(&objective, broken, 1, 1, gradients).loss));
        assert_true(isnan(objective_generator(&objective, broken, wrong, 2, gradients)));
    }
}

/* ---- gradient penalties: the value is a loss of the logits and (gamma / 2) mean |dd/dx|^2 over two parts ---- */

enum { PENALIZED = 9, FIRST_ROWS = 5, PIXELS_MAX = 80 };

struct penalty_case {
    struct network *network;
    struct pass *pass;
    struct batch batch;
    struct objective objective;
    struct penalty_part parts[PENALTY_PARTS];
};

/* Half of gamma times the mean square of the logit's gradient by the image, by network_backward. */
static double penalty_value(const struct penalty_case *c)
{
    const size_t pixels = c->network->inputs;
    real seed[PENALIZED], gradient[PENALIZED * PIXELS_MAX];
    double value = 0;
    for (size_t r = 0; r < PENALIZED; r++) {
        seed[r] = 1;
    }
    network_backward(c->network, c->pass, &c->batch, (struct matrix){seed, PENALIZED, 1, 1}, false,
                     (struct matrix){gradient, PENALIZED, pixels, pixels});
    for (size_t p = 0; p < PENALTY_PARTS; p++) {
        const struct penalty_part *part = &c->parts[p];
        for (size_t i = part->begin * pixels; i < (part->begin + part->count) * pixels; i++) {
            value += part->gamma / 2 / (double)part->count * gradient[i] * gradient[i];
        }
    }
    return value;
}

static double penalized_value(void *context)
{
    const struct penalty_case *c = context;
    real ignored[PENALIZED];
    network_forward(c->network, c->pass, &c->batch);
    const double loss =
        objective_discriminator(&c->objective, c->batch.output.data, FIRST_ROWS, PENALIZED - FIRST_ROWS, ignored).loss;
    return loss + penalty_value(c);
}

static void check_penalties(const struct network_spec *spec, double r1, double r2)
{
    static const unsigned char labels[PENALIZED] = {0, 2, 1, 1, 2, 0, 0, 1, 2};
    struct error error;
    real loss_gradient[PENALIZED], x[PENALIZED * 3 * PIXELS_MAX], y[PENALIZED];
    struct penalty_case c = {.network = network_create(spec, &error),
                             .objective = {LOSS_NON_SATURATING, 0.5, 0.1, false},
                             .parts = {{0, FIRST_ROWS, r1}, {FIRST_ROWS, PENALIZED - FIRST_ROWS, r2}}};
    assert_non_null(c.network);
    c.pass = pass_create(c.network, PENALIZED + 2, true, &error);
    struct penalty *penalty = penalty_create(c.network, PENALIZED + 2, &error);
    const size_t inputs = c.network->inputs;
    fill(c.network->parameters, c.network->parameter_count, 1, -0.3, 0.3);
    fill(x, PENALIZED * inputs, 2, -1, 1);
    c.batch = (struct batch){.input = {x, PENALIZED, inputs, inputs},
                             .output = {y, PENALIZED, 1, 1},
                             .labels = labels,
                             .groups = 1,
                             .seed = 3,
                             .number = 5};
    for (int again = 0; again < 2; again++) { /* what the first time left must not count */
        network_forward(c.network, c.pass, &c.batch);
        objective_discriminator(&c.objective, y, FIRST_ROWS, PENALIZED - FIRST_ROWS, loss_gradient);
        network_backward_penalized(c.network, c.pass, penalty, &c.batch, loss_gradient, c.parts);
    }
    struct tensor tensor;
    for (size_t i = 0; network_tensor(c.network, i, &tensor); i++) {
        const size_t count = tensor.rows * tensor.columns;
        assert_not_all_zero(tensor.gradient, count);
        check_gradient(tensor.name, (struct function){penalized_value, &c}, tensor.data, tensor.gradient, count,
                       1 + count / 97);
    }
    network_free(c.network);
    pass_free(c.pass);
    penalty_free(penalty);
}

static void gradient_penalties(void **state)
{
    (void)state;
    static const size_t hidden[] = {134, 9, 7};
    static const double rates[] = {0.3, 0, 0.5};
    static const double GAMMAS[][2] = {{0.3, 0}, {0, 0.7}, {0.4, 0.2}};
    static const struct activation KINDS[] = {
        {.kind = ACTIVATION_LEAKY_RELU, .slope = 0.2},
        {.kind = ACTIVATION_RELU},
        {.kind = ACTIVATION_LINEAR},
        {.kind = ACTIVATION_MAXOUT, .pieces = 3},
    };
    struct network_spec spec = {.inputs = 67, .outputs = 1, .hidden = hidden};
    for (size_t g = 0; g < sizeof GAMMAS / sizeof *GAMMAS; g++) {
        for (size_t k = 0; k < sizeof KINDS / sizeof *KINDS; k++) {
            spec.hidden_activation = KINDS[k];
            for (spec.hidden_count = 0; spec.hidden_count <= 3; spec.hidden_count++) {
                check_penalties(&spec, GAMMAS[g][0], GAMMAS[g][1]);
                struct network_spec other = spec;
                other.dropout = spec.hidden_count ? rates : NULL;
                other.label_classes = 3;
                other.label_outputs = 67;
                check_penalties(&other, GAMMAS[g][0], GAMMAS[g][1]);
                other.input_dropout = 0.25;
                check_penalties(&other, GAMMAS[g][0], GAMMAS[g][1]);
            }
        }
    }
}

enum { CLASSES = 4, CLASSIFIED = 3 };

static double cross_entropy_value(void *context)
{
    static const unsigned char labels[CLASSIFIED] = {2, 0, 3};
    const struct matrix logits = {context, CLASSIFIED, CLASSES, CLASSES + 1};
    real ignored[CLASSIFIED * CLASSES] = {0};
    return cross_entropy(logits, labels, (struct matrix){ignored, CLASSIFIED, CLASSES, CLASSES});
}

static void a_classifiers_loss(void **state)
{
    (void)state;
    static const unsigned char labels[CLASSIFIED] = {2, 0, 3};
    real logits[CLASSIFIED * (CLASSES + 1)], gradients[CLASSIFIED * (CLASSES + 1)] = {0};
    fill(logits, sizeof logits / sizeof *logits, 9, -3, 3);
    const struct matrix x = {logits, CLASSIFIED, CLASSES, CLASSES + 1};
    const double loss = cross_entropy(x, labels, (struct matrix){gradients, CLASSIFIED, CLASSES, CLASSES + 1});
    check_gradient("cross-entropy", (struct function){cross_entropy_value, logits}, logits, gradients,
                   CLASSIFIED * (CLASSES + 1), 1); /* a row's last number is none of it, and has no gradient */
    assert_true(loss > 0);
    assert_true(cross_entropy(x, labels, x) == loss); /* over the logits themselves */
    assert_memory_equal(logits, gradients, CLASSES * sizeof *logits);

    const unsigned char first = 0;
    real confident[] = {900, -900}, wrong[] = {-900, 900}, broken[] = {0, (real)NAN};
    const struct matrix right_row = {confident, 1, 2, 2}, wrong_row = {wrong, 1, 2, 2}, broken_row = {broken, 1, 2, 2};
    assert_true(cross_entropy(right_row, &first, right_row) == 0);
    assert_true(cross_entropy(wrong_row, &first, wrong_row) == 1800);
    assert_true(wrong[0] == -1 && wrong[1] == 1);
    assert_true(isnan(cross_entropy(broken_row, &first, broken_row)));
}

/* A batch that no machine can hold is an error with its reason. */
static void a_batch_beyond_all_memory(void **state)
{
    (void)state;
    struct error error;
    const size_t hidden = 5;
    const struct network_spec spec = {.inputs = 3, .hidden = &hidden, .hidden_count = 1, .outputs = 1};
    struct network *network = network_create(&spec, &error);
    assert_non_null(network);
    for (size_t capacity = SIZE_MAX; capacity > SIZE_MAX / 8; capacity /= 2) {
        error.message[0] = '\0';
        assert_null(pass_create(network, capacity, true, &error));
        assert_non_null(strstr(error.message, "the activations: "));
        assert_null(penalty_create(network, capacity, &error));
        assert_non_null(strstr(error.message, "the gradient penalties: "));
        assert_int_equal(error.status, STATUS_FAILED);
    }
    network_free(network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dense_alone),
        cmocka_unit_test(dense_wider_than_a_tile),
        cmocka_unit_test(each_activation),
        cmocka_unit_test(maxout),
        cmocka_unit_test(batch_norm_at_each_place),
        cmocka_unit_test(dropout),
        cmocka_unit_test(dropout_of_the_inputs),
        cmocka_unit_test(label_layer),
        cmocka_unit_test(everything_at_once),
        cmocka_unit_test(each_loss),
        cmocka_unit_test(losses_at_the_edges),
        cmocka_unit_test(gradient_penalties),
        cmocka_unit_test(a_classifiers_loss),
        cmocka_unit_test(a_batch_beyond_all_memory),
    };
    return cmocka_run_group_tests_name("gradients", tests, NULL, NULL);
}
