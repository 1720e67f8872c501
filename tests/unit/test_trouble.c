/* What is told of a training that does not go well: of which numbers, when, and how often. */
#include "unit.h"

#include "gan/trouble.h"

#include <math.h>
#include <string.h>

enum { CLASSES = 10 };

/* ---- D ---- */

/* Looks at an epoch with these means of D. */
static bool looks(struct trouble_watch *watch, size_t epoch, double d_real, double d_fake, struct trouble *trouble)
{
    const struct record record = {.epoch = epoch, .d_real = d_real, .d_fake = d_fake};
    static const struct config config = {.loss = LOSS_NON_SATURATING};
    return trouble_in_epoch(watch, &config, &record, trouble);
}

/* Epochs first .. last, of which `told` alone (0: none) is trouble of a kind. */
static void check_epochs(struct trouble_watch *watch, size_t first, size_t last, double d_real, double d_fake,
                         size_t told, enum trouble_kind kind)
{
    for (size_t epoch = first; epoch <= last; epoch++) {
        struct trouble trouble;
        assert_int_equal(looks(watch, epoch, d_real, d_fake, &trouble), epoch == told);
        if (epoch == told) {
            assert_int_equal(trouble.kind, kind);
            assert_int_equal(trouble.epoch, epoch);
            assert_true(trouble.d_real == d_real && trouble.d_fake == d_fake);
        }
    }
}

static void a_winning_d_is_told_of_after_three_epochs_in_a_row(void **state)
{
    (void)state;
    struct trouble_watch watch = {.winning = 0};
    check_epochs(&watch, 1, 2, 0.995, 0.004, 0, TROUBLE_D_WINS);
    check_epochs(&watch, 3, 3, 0.9, 0.1, 0, TROUBLE_D_WINS); /* it begins anew */
    check_epochs(&watch, 4, 50, 0.995, 0.004, 6, TROUBLE_D_WINS);
    check_epochs(&watch, 51, 60, 0.7, 0.3, 0, TROUBLE_D_WINS);
    check_epochs(&watch, 61, 90, 0.9999, 0.00001, 63, TROUBLE_D_WINS); /* it came back */
}

static void a_d_that_learns_nothing_is_told_of_after_three_epochs_in_a_row(void **state)
{
    (void)state;
    struct trouble_watch watch = {.winning = 0};
    check_epochs(&watch, 1, 2, 0.51, 0.5, 0, TROUBLE_D_IS_LOST);
    check_epochs(&watch, 3, 3, 0.6, 0.4, 0, TROUBLE_D_IS_LOST);
    check_epochs(&watch, 4, 50, 0.5, 0.515, 6, TROUBLE_D_IS_LOST);
    check_epochs(&watch, 51, 60, 0.7, 0.3, 0, TROUBLE_D_IS_LOST);
    check_epochs(&watch, 61, 90, 1, 1, 63, TROUBLE_D_IS_LOST);
}

/* They hold D back on purpose. */
static void penalties_bring_them_near_to_each_other(void **state)
{
    (void)state;
    const struct record record = {.epoch = 7, .d_real = 0.509, .d_fake = 0.491};
    struct trouble trouble;
    for (int i = 0; i < 3; i++) {
        struct trouble_watch watch = {.lost = 2};
        const struct config config = {.r1 = i == 1, .r2 = i == 2};
        assert_true(trouble_in_epoch(&watch, &config, &record, &trouble) == (i == 0));
    }
}

/* By what is left of its loss, which is 2 where D guesses, or, of a merged batch, 1, times its scale. */
static void a_hinge_is_won_sooner(void **state)
{
    (void)state;
    const struct config config = {.loss = LOSS_HINGE, .d_loss_scale = 0.5};
    const struct record sure = {.epoch = 7, .d_real = 0.8, .d_fake = 0.2, .loss_d = 0.009};
    const struct record unsure = {.epoch = 7, .d_real = 0.8, .d_fake = 0.2, .loss_d = 0.011};
    struct config merged = config;
    struct trouble_watch watch = {.winning = 2}, other = {.winning = 2}, third = {.winning = 2};
    struct trouble trouble;
    assert_true(trouble_in_epoch(&watch, &config, &sure, &trouble));
    assert_int_equal(trouble.kind, TROUBLE_D_WINS);
    assert_false(trouble_in_epoch(&other, &config, &unsure, &trouble));
    merged.d_batch = D_BATCH_MERGED;
    assert_false(trouble_in_epoch(&third, &merged, &sure, &trouble));
}

/* By a tenth of its loss where D guesses: of 1/4, or with smoothed labels 0.9^2 / 4, times its scale. */
static void squares_are_won_by_their_loss(void **state)
{
    (void)state;
    static const struct {
        struct config config;
        double loss;
        bool wins;
    } CASES[] = {
        {{.loss = LOSS_LEAST_SQUARES, .d_loss_scale = 1}, 0.024, true},
        {{.loss = LOSS_LEAST_SQUARES, .d_loss_scale = 1}, 0.026, false},
        {{.loss = LOSS_LEAST_SQUARES, .d_loss_scale = 0.5}, 0.012, true},
        {{.loss = LOSS_LEAST_SQUARES, .d_loss_scale = 0.5}, 0.013, false},
        {{.loss = LOSS_LEAST_SQUARES, .d_loss_scale = 1, .d_batch = D_BATCH_MERGED}, 0.012, true},
        {{.loss = LOSS_LEAST_SQUARES, .d_loss_scale = 1, .d_batch = D_BATCH_MERGED}, 0.013, false},
        {{.loss = LOSS_LEAST_SQUARES, .d_loss_scale = 1, .label_smoothing = 0.1}, 0.02, true},
        {{.loss = LOSS_LEAST_SQUARES, .d_loss_scale = 1, .label_smoothing = 0.1}, 0.021, false},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const struct record record = {.epoch = 7, .d_real = 0.96, .d_fake = -0.02, .loss_d = CASES[i].loss};
        struct trouble_watch watch = {.winning = 2};
        struct trouble trouble;
        assert_true(trouble_in_epoch(&watch, &CASES[i].config, &record, &trouble) == CASES[i].wins);
    }
}

/* D cannot be surer of real images than their labels are. */
static void labels_that_are_smoothed(void **state)
{
    (void)state;
    const struct config config = {.loss = LOSS_MINIMAX, .label_smoothing = 0.1};
    const struct record record = {.epoch = 7, .d_real = 0.897, .d_fake = 0.001};
    const struct record unsure = {.epoch = 7, .d_real = 0.88, .d_fake = 0.001};
    struct trouble_watch watch = {.winning = 2}, other = {.winning = 2};
    struct trouble trouble;
    assert_true(trouble_in_epoch(&watch, &config, &record, &trouble));
    assert_int_equal(trouble.kind, TROUBLE_D_WINS);
    assert_false(trouble_in_epoch(&other, &config, &unsure, &trouble));
}

static void one_trouble_after_the_other_is_told_as_what_it_is(void **state)
{
    (void)state;
    struct trouble_watch watch = {.winning = 0};
    check_epochs(&watch, 1, 9, 1, 0, 3, TROUBLE_D_WINS);
    check_epochs(&watch, 10, 19, 0.5, 0.5, 12, TROUBLE_D_IS_LOST);
    check_epochs(&watch, 20, 29, 1, 0, 22, TROUBLE_D_WINS);
}

/* Of one that is sure of one kind of images alone, and of one that tells most of them apart. */
static void a_d_that_learns_is_no_trouble(void **state)
{
    (void)state;
    static const double HEALTHY[][2] = {{0.98, 0.001}, {0.999, 0.011}, {0.989, 0.009},   {0.52, 0.48},
                                        {0.48, 0.52},  {0.85, 0.15},   {(double)NAN, 0}, {1, (double)NAN}};
    for (size_t i = 0; i < sizeof HEALTHY / sizeof *HEALTHY; i++) {
        struct trouble_watch watch = {.winning = 0};
        check_epochs(&watch, 1, 20, HEALTHY[i][0], HEALTHY[i][1], 0, TROUBLE_D_WINS);
    }
}

/* ---- classes ---- */

/* Figures in which the classes of `dead` (ended by -1) have a twentieth of their share, and all others about theirs. */
static struct figures with_dead(const int *dead)
{
    struct figures figures;
    figures_clear(&figures);
    for (size_t c = 0; c < CLASSES; c++) {
        figures.shares[c] = 0.1;
    }
    for (; *dead >= 0; dead++) {
        figures.shares[*dead] = 0.005;
    }
    return figures;
}

static const double WANTED[CLASSES_MAX] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}; /* the others: none */

/* Measures where some classes are dead; whether there is something to tell, which then says that those in `told` died.
 */
static bool tells(struct trouble_watch *watch, size_t epoch, const int *dead, const int *told)
{
    const struct figures figures = with_dead(dead);
    struct trouble trouble;
    if (!trouble_in_figures(watch, epoch, &figures, WANTED, &trouble)) {
        return false;
    }
    size_t count = 0;
    assert_int_equal(trouble.kind, TROUBLE_CLASSES_DIED);
    assert_int_equal(trouble.epoch, epoch);
    assert_int_equal(trouble.classes, CLASSES);
    for (; told[count] >= 0; count++) {
        assert_true(trouble.dead[told[count]]);
    }
    assert_int_equal(trouble.alive, CLASSES - count);
    for (size_t c = 0; c < CLASSES_MAX; c++) {
        count -= trouble.dead[c];
    }
    assert_int_equal(count, 0);
    return true;
}

/* The same where all of them have been dead for long enough. */
static bool measures(struct trouble_watch *watch, size_t epoch, const int *dead)
{
    return tells(watch, epoch, dead, dead);
}

static void a_class_has_died_when_it_was_dead_three_times_in_a_row(void **state)
{
    (void)state;
    static const int two[] = {2, 7, -1}, none[] = {-1};
    struct trouble_watch watch = {.winning = 0};
    assert_false(measures(&watch, 10, two));
    assert_false(measures(&watch, 15, two));
    assert_false(measures(&watch, 20, none));
    assert_false(measures(&watch, 25, two));
    assert_false(measures(&watch, 30, two));
    assert_true(measures(&watch, 35, two));
    for (size_t epoch = 40; epoch < 100; epoch += 5) {
        assert_false(measures(&watch, epoch, two));
    }
}

static void classes_that_come_back_and_die_again_are_told_again(void **state)
{
    (void)state;
    static const int two[] = {2, 7, -1}, seven[] = {7, -1}, more[] = {2, 7, 9, -1};
    struct trouble_watch watch = {.winning = 0};
    for (size_t epoch = 1; epoch < 20; epoch++) {
        assert_int_equal(measures(&watch, epoch, two), epoch == 5);
    }
    for (size_t epoch = 20; epoch < 30; epoch++) {
        assert_false(measures(&watch, epoch, seven));
    }
    for (size_t epoch = 30; epoch < 40; epoch++) {
        assert_int_equal(measures(&watch, epoch, two), epoch == 32);
    }
    for (size_t epoch = 40; epoch < 50; epoch++) {
        assert_int_equal(measures(&watch, epoch, more), epoch == 42);
    }
}

/* A class that is dead for the first time when others are told of is in that line, and needs no other. */
/* A class is told of when it was dead three times itself, and with it those that were told before and are still dead.
 */
static void a_class_that_follows_is_told_when_it_has_died_itself(void **state)
{
    (void)state;
    static const int one[] = {4, -1}, two[] = {4, 5, -1};
    struct trouble_watch watch = {.winning = 0};
    assert_false(measures(&watch, 6, one));
    assert_false(measures(&watch, 7, one));
    assert_true(tells(&watch, 8, two, one));
    assert_false(measures(&watch, 9, two));
    assert_true(measures(&watch, 10, two));
    for (size_t epoch = 11; epoch < 20; epoch++) {
        assert_false(measures(&watch, epoch, two));
    }
}

static void classes_may_come_in_the_first_epochs(void **state)
{
    (void)state;
    static const int all[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1}, none[] = {-1};
    struct trouble_watch watch = {.winning = 0};
    for (size_t epoch = 1; epoch < TROUBLE_EPOCH_MIN; epoch++) {
        assert_false(measures(&watch, epoch, all));
    }
    assert_true(measures(&watch, TROUBLE_EPOCH_MIN, all)); /* they have not come */
    watch = (struct trouble_watch){.winning = 0};
    for (size_t epoch = 1; epoch < 20; epoch++) {
        assert_false(measures(&watch, epoch, epoch < TROUBLE_EPOCH_MIN ? all : none));
    }
}

/* A class that the training images have not is missed by nobody; the last of all counts as the others do. */
static void dead_is_below_a_tenth_of_the_share_in_the_training_images(void **state)
{
    (void)state;
    double wanted[CLASSES_MAX] = {[0] = 0.9, [CLASSES_MAX - 1] = 0.1};
    struct trouble trouble;
    struct figures figures;
    figures_clear(&figures);
    for (size_t i = 0; i < 2; i++) {
        struct trouble_watch watch = {.winning = 0};
        bool told = false;
        figures.shares[0] = i ? 0.95 : 0.089;
        figures.shares[CLASSES_MAX - 1] = i ? 0.0099 : 0.0101;
        for (size_t epoch = 5; epoch < 8; epoch++) {
            assert_false(told);
            told = trouble_in_figures(&watch, epoch, &figures, wanted, &trouble);
        }
        assert_true(told);
        assert_int_equal(trouble.classes, 2);
        assert_int_equal(trouble.alive, 1);
        assert_true(trouble.dead[i ? CLASSES_MAX - 1 : 0]);
        assert_false(trouble.dead[i ? 0 : CLASSES_MAX - 1]);
        assert_false(trouble.dead[1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_winning_d_is_told_of_after_three_epochs_in_a_row),
        cmocka_unit_test(a_d_that_learns_nothing_is_told_of_after_three_epochs_in_a_row),
        cmocka_unit_test(penalties_bring_them_near_to_each_other),
        cmocka_unit_test(a_hinge_is_won_sooner),
        cmocka_unit_test(squares_are_won_by_their_loss),
        cmocka_unit_test(labels_that_are_smoothed),
        cmocka_unit_test(one_trouble_after_the_other_is_told_as_what_it_is),
        cmocka_unit_test(a_d_that_learns_is_no_trouble),
        cmocka_unit_test(a_class_has_died_when_it_was_dead_three_times_in_a_row),
        cmocka_unit_test(classes_that_come_back_and_die_again_are_told_again),
        cmocka_unit_test(a_class_that_follows_is_told_when_it_has_died_itself),
        cmocka_unit_test(classes_may_come_in_the_first_epochs),
        cmocka_unit_test(dead_is_below_a_tenth_of_the_share_in_the_training_images),
    };
    return cmocka_run_group_tests_name("trouble", tests, NULL, NULL);
}
