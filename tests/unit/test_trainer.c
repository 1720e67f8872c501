/* A run is the epochs' shuffles and the steps one after the other, its rows are the means of their own steps, and it
 * ends when it is told to. */
#include "training.h"

#include <inttypes.h>
#include <math.h>

/* ---- what it left ---- */

static bool left(const struct training *training, const char *name)
{
    char path[SCRATCH_PATH + 64];
    snprintf(path, sizeof path, "%s/%s", training->outdir, name);
    return access(path, F_OK) == 0;
}

/* The first `room` rows of a CSV, and the last row in *last; returns how many there are. */
static size_t read_rows(const struct training *training, const char *name, struct record *rows, size_t room,
                        struct record *last)
{
    char path[SCRATCH_PATH + 64];
    snprintf(path, sizeof path, "%s/%s", training->outdir, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%*[^\n]"), 0);
    size_t count = 0;
    for (struct record r = {0}; fscanf(file, "%zu,%" SCNu64 ",%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf", &r.epoch, &r.step,
                                       &r.loss_d, &r.loss_g, &r.d_real, &r.d_fake, &r.grad_norm_d, &r.grad_norm_g,
                                       &r.learning_rate, &r.seconds, &r.images_per_second) == 11;
         count++) {
        if (count < room) {
            rows[count] = r;
        }
        *last = r;
    }
    assert_true(feof(file));
    fclose(file);
    return count;
}

static void check_near(double found, double wanted)
{
    if (!(fabs(found - wanted) <= 1e-8 * fabs(wanted))) {
        fail_msg("found %.12g, wanted %.12g", found, wanted);
    }
}

/* The record is of the steps first .. first + count - 1, from 0. */
static void check_means(const struct training *training, const struct record *record, size_t first, size_t count)
{
    struct step_report mean = {0};
    for (size_t i = first; i < first + count; i++) {
        const struct step_report *report = &training->reports[i];
        mean.loss_d += report->loss_d / (double)count;
        mean.loss_g += report->loss_g / (double)count;
        mean.d_real += report->d_real / (double)count;
        mean.d_fake += report->d_fake / (double)count;
        mean.grad_norm_d += report->grad_norm_d / (double)count;
        mean.grad_norm_g += report->grad_norm_g / (double)count;
    }
    assert_int_equal(record->epoch, (first + count - 1) / STEPS + 1);
    assert_int_equal(record->step, first + count);
    check_near(record->loss_d, mean.loss_d);
    check_near(record->loss_g, mean.loss_g);
    check_near(record->d_real, mean.d_real);
    check_near(record->d_fake, mean.d_fake);
    check_near(record->grad_norm_d, mean.grad_norm_d);
    check_near(record->grad_norm_g, mean.grad_norm_g);
}

/* ---- tests ---- */

static void a_run_is_its_shuffles_and_steps(void **state)
{
    struct training run, hand;
    struct error error;
    open_training(&run, state, (const char *const[]){"--epochs=3", NULL});
    open_training(&hand, state, (const char *const[]){"--epochs=3", NULL});
    assert_true(run_training(&run, &error));
    assert_int_equal(run.step_count, ALL);
    for (size_t i = 0; i < ALL; i++) {
        if (i % STEPS == 0) {
            dataset_shuffle(&hand.dataset, hand.options.config.seed, i / STEPS);
        }
        gan_step(hand.gan, &hand.dataset, i % STEPS * gan_images_per_step(&hand.options.config));
        assert_memory_equal(&run.reports[i], &hand.gan->report, sizeof run.reports[i]);
    }
    close_training(&run);
    close_training(&hand);
}

static void rows_are_the_means_of_their_own_steps(void **state)
{
    struct training training;
    struct error error;
    struct record rows[ALL], last;
    open_training(&training, state, (const char *const[]){"--epochs=3", "--log_every=2", NULL});
    assert_true(run_training(&training, &error));
    assert_int_equal(read_rows(&training, "steps.csv", rows, ALL, &last), ALL / 2);
    for (size_t i = 0; i < ALL / 2; i++) {
        check_means(&training, &rows[i], 2 * i, 2); /* also over the end of an epoch */
    }
    assert_int_equal(read_rows(&training, "losses.csv", rows, ALL, &last), EPOCHS);
    for (size_t i = 0; i < EPOCHS; i++) {
        check_means(&training, &rows[i], i * STEPS, STEPS);
    }
    close_training(&training);
}

static void the_observer_is_told_each_step_and_epoch(void **state)
{
    struct training training;
    struct error error;
    open_training(&training, state, (const char *const[]){"--epochs=3", NULL});
    assert_true(run_training(&training, &error));
    assert_int_equal(training.step_count, ALL);
    for (size_t i = 0; i < ALL; i++) {
        const struct progress *step = &training.steps[i];
        assert_int_equal(step->epochs, EPOCHS);
        assert_int_equal(step->steps_per_epoch, STEPS);
        assert_int_equal(step->step_in_epoch, i % STEPS + 1);
        assert_true(i + 1 < ALL ? step->seconds_left > 0 : step->seconds_left == 0);
        check_means(&training, &step->record, i / STEPS * STEPS, i % STEPS + 1);
    }
    assert_int_equal(training.epoch_count, EPOCHS);
    for (size_t i = 0; i < EPOCHS; i++) {
        assert_int_equal(training.epochs[i].step_in_epoch, STEPS);
        check_means(&training, &training.epochs[i].record, i * STEPS, STEPS);
    }
    close_training(&training);
}

/* No picture is due but the one of the end. */
static void max_minutes_are_minutes(void **state)
{
    struct training training;
    struct error error;
    struct record last;
    char name[64];
    open_training(&training, state,
                  (const char *const[]){"--epochs=1000000", "--max_minutes=0.02", "--sample_every=1000000", NULL});
    const double began = clock_seconds();
    training.dawdles = true;
    training.give_up_at = began + 30;
    assert_true(run_training(&training, &error));
    assert_true(clock_seconds() - began >= 1.0);
    const size_t epochs = (training.step_count + STEPS - 1) / STEPS; /* the one begun included */
    assert_int_equal(read_rows(&training, "losses.csv", NULL, 0, &last), epochs);
    assert_int_equal(last.epoch, epochs);
    assert_int_equal(last.step, training.step_count);
    assert_false(left(&training, "samples/epoch_0001.png"));
    snprintf(name, sizeof name, "samples/epoch_%04zu.png", epochs);
    assert_true(left(&training, name));
    close_training(&training);
}

/* They count from the program's beginning. */
static void max_minutes_are_up_before_the_training(void **state)
{
    struct training training;
    struct error error;
    open_training(&training, state, (const char *const[]){"--epochs=2", "--max_minutes=1", NULL});
    training.late = 61;
    assert_true(run_training(&training, &error));
    assert_int_equal(training.step_count, 1);
    close_training(&training);
    open_in(&training, state, "in-time", (const char *const[]){"--epochs=2", "--max_minutes=1", NULL});
    training.late = 10;
    assert_true(run_training(&training, &error));
    assert_int_equal(training.step_count, 2 * STEPS);
    close_training(&training);
}

static void a_stopped_run_records_the_epoch_it_was_in(void **state)
{
    struct training training;
    struct error error;
    struct record rows[EPOCHS], last;
    open_training(&training, state, (const char *const[]){"--epochs=3", "--sample_every=10", NULL});
    training.stop_at = STEPS + 2;
    assert_false(run_training(&training, &error));
    assert_int_equal(error.status, STATUS_STOPPED);
    assert_int_equal(training.gan->steps, STEPS + 2);
    assert_int_equal(training.epoch_count, 2);
    assert_int_equal(read_rows(&training, "losses.csv", rows, EPOCHS, &last), 2);
    check_means(&training, &rows[0], 0, STEPS);
    check_means(&training, &rows[1], STEPS, 2);
    assert_false(left(&training, "samples/epoch_0001.png"));
    assert_true(left(&training, "samples/epoch_0002.png"));
    close_training(&training);
}

static void the_nets_begin_with_different_weights(void **state)
{
    struct training training;
    struct tensor generator, discriminator;
    open_training(&training, state, (const char *const[]){NULL});
    assert_true(network_tensor(training.gan->generator.network, 0, &generator));
    assert_true(network_tensor(training.gan->discriminator.network, 0, &discriminator));
    assert_int_equal(generator.rows, discriminator.rows);
    assert_int_equal(generator.columns, discriminator.columns);
    for (size_t i = 0; i < generator.rows * generator.columns; i++) {
        assert_true(generator.data[i] != discriminator.data[i]);
    }
    close_training(&training);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(a_run_is_its_shuffles_and_steps),          scratch_test(rows_are_the_means_of_their_own_steps),
        scratch_test(the_observer_is_told_each_step_and_epoch), scratch_test(max_minutes_are_minutes),
        scratch_test(max_minutes_are_up_before_the_training),   scratch_test(a_stopped_run_records_the_epoch_it_was_in),
        scratch_test(the_nets_begin_with_different_weights),
    };
    return cmocka_run_group_tests_name("trainer", tests, prepare_training, NULL);
}
