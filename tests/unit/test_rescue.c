/* A training that diverges goes back to the beginning of its epoch and on from there, as often as it may; what it undid
 * is gone from its records, and what it was rescued from is in them. */
#include "training.h"

#include "gan/checkpoint.h"
#include "gan/divergence.h"

#include <math.h>

/* Where a NaN is put once, after step 7 of 15: within the second epoch. */
enum target {
    G_WEIGHT,
    G_BIAS,
    G_FIRST,
    G_SECOND,
    G_STATISTIC,
    D_WEIGHT,
    D_BIAS,
    D_FIRST,
    D_SECOND,
    D_STATISTIC,
    TARGETS
};

static enum target target;
static bool always; /* after each step from there on */

static real *number_of(struct training *training)
{
    struct network *generator = training->gan->generator.network;
    struct network *discriminator = training->gan->discriminator.network;
    switch (target) {
    case G_WEIGHT:
        return generator->parameters + 3;
    case G_BIAS:
        return generator->parameters + generator->layers[0].bias;
    case G_FIRST:
        return generator->first_moments;
    case G_SECOND:
        return generator->second_moments + 5;
    case G_STATISTIC:
        return generator->statistics;
    case D_WEIGHT:
        return discriminator->parameters + 7;
    case D_BIAS:
        return discriminator->parameters + discriminator->layers[0].bias;
    case D_FIRST:
        return discriminator->first_moments + 2;
    case D_SECOND:
        return discriminator->second_moments;
    case D_STATISTIC:
        return discriminator->statistics;
    case TARGETS:
        break;
    }
    return NULL;
}

static void put_nan(struct training *training)
{
    if (training->gan->steps == 7 && (always || training->rescue_count == 0)) {
        *number_of(training) = NAN;
    }
}

static void check_healthy(const struct gan *gan)
{
    struct divergence divergence;
    assert_false(divergence_find_in_state(gan, &divergence));
    assert_false(divergence_find(gan, 0, &divergence));
}

/* The rows of a CSV, its header left out. */
static size_t count_rows(const struct training *training, const char *name)
{
    char path[SCRATCH_PATH + 64];
    size_t rows = 0;
    snprintf(path, sizeof path, "%s/%s", training->outdir, name);
    char *text = scratch_read(path, NULL);
    for (const char *at = strchr(text, '\n'); at && at[1]; at = strchr(at + 1, '\n')) {
        rows++;
    }
    free(text);
    return rows;
}

static void a_nan_anywhere_is_rescued(void **state)
{
    for (target = 0; target < TARGETS; target++) {
        struct training training;
        struct error error;
        char folder[32];
        snprintf(folder, sizeof folder, "run-%d", (int)target);
        open_in(&training, state, folder,
                (const char *const[]){"--preset=deep", "--epochs=3", "--log_every=2", "--dropout=none",
                                      "--d_batch_norm=after", NULL});
        training.meddle = put_nan;
        if (!run_training(&training, &error)) {
            fail_msg("target %d: %s", (int)target, error.message);
        }
        assert_int_equal(training.rescue_count, 1);
        const struct rescue *rescue = &training.rescues[0];
        assert_int_equal(rescue->number, 1);
        assert_int_equal(rescue->epoch, 2);
        /* a running statistic is in no step's numbers: it is found when the epoch's state is looked at */
        assert_int_equal(rescue->step, target == G_STATISTIC || target == D_STATISTIC ? 10 : 8);
        assert_int_equal(rescue->back_to_epoch, 1);
        assert_int_equal(rescue->back_to_step, 5);
        assert_true(isnan(rescue->value));
        check_healthy(training.gan);
        assert_int_equal(training.gan->steps, ALL);
        assert_int_equal(training.gan->generator.updates, ALL);
        assert_int_equal(training.gan->discriminator.updates, 2 * ALL);
        assert_true(training.gan->discriminator.optimizer.learning_rate < 0.5 * training.options.config.learning_rate);
        assert_int_equal(count_rows(&training, "losses.csv"), EPOCHS);
        assert_int_equal(count_rows(&training, "steps.csv"), ALL / 2);
        assert_int_equal(count_rows(&training, "events.csv"), 1);
        close_training(&training);
    }
}

/* The epochs before it stay as they were, those after it are others, and are so again. */
static void a_rescue_changes_what_follows_and_is_the_same_each_time(void **state)
{
    struct training training[3];
    struct error error;
    target = D_WEIGHT;
    for (size_t i = 0; i < 3; i++) {
        const char *const flags[] = {"--epochs=3", NULL};
        char folder[32];
        snprintf(folder, sizeof folder, "run-%zu", i);
        open_in(&training[i], state, folder, flags);
        training[i].meddle = i ? put_nan : NULL;
        assert_true(run_training(&training[i], &error));
    }
    const struct network *healthy = training[0].gan->generator.network;
    const size_t bytes = healthy->state_count * sizeof(real);
    assert_memory_equal(training[1].gan->generator.network->state, training[2].gan->generator.network->state, bytes);
    assert_memory_not_equal(training[1].gan->generator.network->state, healthy->state, bytes);
    assert_memory_equal(&training[0].reports[6], &training[1].reports[6], sizeof(struct step_report));
    /* the step after the rescue is the sixth once more, of another noise and other images */
    assert_true(training[1].reports[7].loss_d != training[0].reports[5].loss_d);
    for (size_t i = 0; i < 3; i++) {
        close_training(&training[i]);
    }
}

/* A tenth of what the schedule has there: two thirds of the first rate after a third of the run. */
static void a_rescue_tells_the_learning_rate_of_the_next_update(void **state)
{
    struct training training;
    struct error error;
    target = D_WEIGHT;
    open_training(&training, state,
                  (const char *const[]){"--epochs=3", "--schedule=linear", "--learning_rate=0.003", NULL});
    training.meddle = put_nan;
    assert_true(run_training(&training, &error));
    assert_int_equal(training.rescue_count, 1);
    assert_true(fabs(training.rescues[0].learning_rate - 0.1 * 0.003 * 2 / 3) < 1e-12);
    close_training(&training);
}

static void when_nothing_helps_the_last_good_state_is_saved(void **state)
{
    static const size_t allowed[] = {0, 1, 3};
    for (size_t i = 0; i < 3; i++) {
        struct training training, wanted;
        struct error error;
        char flag[32], folder[32];
        snprintf(flag, sizeof flag, "--rescues=%zu", allowed[i]);
        snprintf(folder, sizeof folder, "run-%zu", i);
        const char *const flags[] = {"--epochs=3", flag, NULL};
        open_in(&training, state, folder, flags);
        open_training(&wanted, state, flags);
        target = G_WEIGHT;
        always = true;
        training.meddle = put_nan;
        assert_false(run_training(&training, &error));
        always = false;
        assert_int_equal(error.status, STATUS_DIVERGED);
        assert_contains(error.message, "diverged at step 8, in epoch 2");
        assert_contains(error.message, i == 1 ? "after 1 rescue;" : i == 0 ? "after 0 rescues;" : "after 3 rescues;");
        assert_int_equal(training.rescue_count, allowed[i]);

        struct checkpoint *checkpoint = checkpoint_load(training.outdir, &error);
        struct position position;
        assert_non_null(checkpoint);
        assert_true(checkpoint_restore(checkpoint, wanted.gan, &position, NULL, &error));
        struct run_progress progress;
        assert_true(checkpoint_progress(checkpoint, &progress, &error));
        assert_true(progress.epochs == 1 && progress.steps == STEPS && progress.rescues == allowed[i]);
        checkpoint_free(checkpoint);
        check_healthy(wanted.gan);
        assert_int_equal(position.epoch, 1);
        assert_int_equal(position.step, 0);
        assert_int_equal(wanted.gan->steps, STEPS);
        assert_int_equal(wanted.gan->rescues, allowed[i]);
        close_training(&training);
        close_training(&wanted);
    }
}

/* Stopped within an epoch, gone on, and diverged there: back to the same state as without the stop. */
static void a_rescue_after_a_stop_is_the_same_rescue(void **state)
{
    static const char *const flags[] = {"--preset=deep", "--epochs=3", "--ema=40", NULL};
    struct training whole, part;
    struct error error;
    target = G_FIRST;
    open_training(&whole, state, flags);
    whole.meddle = put_nan;
    assert_true(run_training(&whole, &error));
    open_in(&part, state, "part", flags);
    part.stop_at = 6;
    assert_false(run_training(&part, &error));
    close_training(&part);

    open_in(&part, state, "part", flags);
    struct checkpoint *checkpoint = checkpoint_load(part.outdir, &error);
    struct snapshot *last_good = snapshot_create(part.gan, &error);
    struct position position;
    assert_non_null(checkpoint);
    assert_non_null(last_good);
    assert_true(checkpoint_restore(checkpoint, part.gan, &position, last_good, &error));
    const struct resumption resumption = {&position, last_good, true, true};
    part.meddle = put_nan;
    assert_true(run_from(&part, &position, last_good, &resumption, &error));
    assert_int_equal(part.rescue_count, 1);
    const struct network *generator = whole.gan->generator.network, *discriminator = whole.gan->discriminator.network;
    assert_memory_equal(part.gan->generator.network->state, generator->state, generator->state_count * sizeof(real));
    assert_memory_equal(part.gan->discriminator.network->state, discriminator->state,
                        discriminator->state_count * sizeof(real));
    assert_int_equal(count_rows(&part, "events.csv"), 1);
    snapshot_free(last_good);
    checkpoint_free(checkpoint);
    close_training(&part);
    close_training(&whole);
}

/* Each number of a step's report by itself, beyond its limit either way. */
static void each_limit_is_a_limit(void **state)
{
    (void)state;
    const struct config config = {.d_loss_scale = 1};
    static const struct step_report HEALTHY = {1.4, 0.7, 0.5, 0.5, 2, 3, 0.04, 0.05};
    struct gan gan = {.config = &config, .report = HEALTHY};
    struct divergence divergence;
    struct {
        double *number;
        const char *what;
    } numbers[] = {{&gan.report.loss_d, "loss_d"},           {&gan.report.loss_g, "loss_g"},
                   {&gan.report.grad_norm_d, "grad_norm_d"}, {&gan.report.grad_norm_g, "grad_norm_g"},
                   {&gan.report.weight_d, "weights_d"},      {&gan.report.weight_g, "weights_g"}};
    static const double BAD[] = {(double)NAN, (double)INFINITY, -(double)INFINITY, 1e9, -1e9};
    assert_false(divergence_find(&gan, 0, &divergence));
    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++) {
        for (size_t b = 0; b < sizeof BAD / sizeof *BAD; b++) {
            gan.report = HEALTHY;
            *numbers[n].number = BAD[b];
            assert_true(divergence_find(&gan, 0, &divergence));
            assert_string_equal(divergence.what, numbers[n].what);
        }
    }
}

/* No net moves when a whole gradient stays exactly 0; but some healthy trainings have a few such steps. */
static void many_idle_steps_in_a_row_are_a_divergence(void **state)
{
    (void)state;
    const struct config config = {.d_loss_scale = 1};
    struct gan gan = {.config = &config, .report = {1.4, 0.7, 0.5, 0.5, 2, 3, 0.04, 0.05}};
    struct divergence divergence;
    assert_false(divergence_is_idle(&gan));
    gan.report.grad_norm_g = 0;
    assert_true(divergence_is_idle(&gan));
    assert_false(divergence_find(&gan, 7, &divergence)); /* the preset minimax has so many */
    assert_true(divergence_find(&gan, 100, &divergence));
    assert_string_equal(divergence.what, "grad_norm_g");
    gan.report.grad_norm_g = 3;
    gan.report.grad_norm_d = 0;
    assert_true(divergence_is_idle(&gan));
    assert_true(divergence_find(&gan, 100, &divergence));
    assert_string_equal(divergence.what, "grad_norm_d");
}

/* Where D is sure of all images the hinge loss has no gradient, but G's has one, and brings D's back. */
static void a_hinge_at_rest_is_not_idle(void **state)
{
    (void)state;
    const struct config config = {.d_loss_scale = 1, .loss = LOSS_HINGE};
    struct gan gan = {.config = &config, .report = {0, 3, 0.9, 0.1, 0, 2, 0.04, 0.05}};
    assert_false(divergence_is_idle(&gan));
    gan.report.grad_norm_g = 0;
    assert_true(divergence_is_idle(&gan));
}

/* Sets all of G's parameters to 0 once: with ReLU in its hidden layer it never moves again. */
static void kill_units(struct training *training)
{
    struct network *generator = training->gan->generator.network;
    if (training->gan->steps == 7 && training->rescue_count == 0) {
        memset(generator->parameters, 0, generator->parameter_count * sizeof(real));
        memset(generator->first_moments, 0, generator->parameter_count * sizeof(real));
        generator->parameters[generator->layers[0].bias] = -1; /* off for every z */
        for (size_t i = 0; i < generator->layers[0].outputs; i++) {
            generator->parameters[generator->layers[0].bias + i] = -1;
        }
    }
}

/* Dead since the second epoch, found out in the 22nd: the state that is gone back to is that of before. */
static void a_training_that_died_goes_back_to_before(void **state)
{
    struct training training;
    struct error error;
    open_training(&training, state,
                  (const char *const[]){"--preset=minimax", "--epochs=30", "--sample_every=1000", NULL});
    training.meddle = kill_units;
    assert_true(run_training(&training, &error));
    assert_int_equal(training.rescue_count, 1);
    assert_string_equal(training.rescues[0].reason, "grad_norm_g");
    assert_int_equal(training.rescues[0].back_to_epoch, 1);
    assert_in_range(training.rescues[0].step, 107, 108);
    assert_int_equal(count_rows(&training, "losses.csv"), 30);
    close_training(&training);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(a_nan_anywhere_is_rescued),
        scratch_test(a_rescue_changes_what_follows_and_is_the_same_each_time),
        scratch_test(a_rescue_tells_the_learning_rate_of_the_next_update),
        scratch_test(when_nothing_helps_the_last_good_state_is_saved),
        scratch_test(a_rescue_after_a_stop_is_the_same_rescue),
        cmocka_unit_test(each_limit_is_a_limit),
        cmocka_unit_test(many_idle_steps_in_a_row_are_a_divergence),
        cmocka_unit_test(a_hinge_at_rest_is_not_idle),
        scratch_test(a_training_that_died_goes_back_to_before),
    };
    return cmocka_run_group_tests_name("rescue", tests, prepare_training, NULL);
}
