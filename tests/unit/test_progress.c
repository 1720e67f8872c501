/* The live line and the plain ones, with a clock and a width of the test's own. */
#include "unit.h"

#include "cli/options.h"
#include "cli/progress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double test_time;

static double test_now(void)
{
    return test_time;
}

/* A view into memory. */
struct sight {
    struct progress_view view;
    struct observer observer;
    char *text;
    size_t length;
};

static void open_sight(struct sight *sight, bool terminal, size_t columns)
{
    memset(sight, 0, sizeof *sight);
    test_time = 100;
    sight->view = (struct progress_view){
        .out = open_memstream(&sight->text, &sight->length), .terminal = terminal, .now = test_now, .columns = columns};
    assert_non_null(sight->view.out);
    sight->observer = progress_observer(&sight->view);
}

static void close_sight(struct sight *sight)
{
    fclose(sight->view.out);
    free(sight->text);
}

/* Forgets what was written so far. */
static void rewind_sight(struct sight *sight)
{
    fflush(sight->view.out);
    rewind(sight->view.out);
}

static const char *text_of(struct sight *sight)
{
    fflush(sight->view.out);
    return sight->text;
}

static struct progress progress_at(size_t epoch, size_t step)
{
    return (struct progress){
        .epochs = 50,
        .steps_per_epoch = 400,
        .step_in_epoch = step,
        .record = {.epoch = epoch,
                   .step = (epoch - 1) * 400 + step,
                   .loss_d = 0.6934,
                   .loss_g = 0.7126,
                   .d_real = 0.511,
                   .d_fake = 0.489,
                   .seconds = 0.01 * (double)step,
                   .images_per_second = 12345.4},
        .seconds_left = 192,
    };
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part)) {
        count++;
    }
    return count;
}

static void test_plain_lines(void **state)
{
    (void)state;
    struct sight sight;
    open_sight(&sight, false, 0);
    for (size_t epoch = 1; epoch <= 3; epoch++) {
        for (size_t step = 1; step <= 400; step++) {
            struct progress progress = progress_at(epoch, step);
            sight.observer.step_done(sight.observer.context, &progress);
            test_time += 0.01;
        }
        struct progress progress = progress_at(epoch, 400);
        sight.observer.epoch_done(sight.observer.context, &progress);
    }
    progress_clear(&sight.view);
    assert_string_equal(text_of(&sight),
                        "an epoch takes about 4.0s, the run about 3m15s\n"
                        "epoch  1/50 L_D 0.69 L_G 0.71 D(x) 0.51 D(G(z)) 0.49 12345 img/s 3m12s left\n"
                        "epoch  2/50 L_D 0.69 L_G 0.71 D(x) 0.51 D(G(z)) 0.49 12345 img/s 3m12s left\n"
                        "epoch  3/50 L_D 0.69 L_G 0.71 D(x) 0.51 D(G(z)) 0.49 12345 img/s 3m12s left\n");
    close_sight(&sight);
}

/* The time is told after three seconds of steps, once, and before the first epoch's line if that is sooner. */
static void test_time_is_told_once(void **state)
{
    (void)state;
    struct sight sight;
    open_sight(&sight, false, 0);
    struct progress progress = progress_at(1, 50);
    progress.seconds_left = (double)NAN;
    sight.observer.step_done(sight.observer.context, &progress);
    test_time += 2.9;
    sight.observer.step_done(sight.observer.context, &progress);
    assert_string_equal(text_of(&sight), "");
    test_time += 0.2;
    sight.observer.step_done(sight.observer.context, &progress);
    assert_string_equal(text_of(&sight), "an epoch takes about 4.0s, the run about 3m20s\n");
    test_time += 10;
    sight.observer.step_done(sight.observer.context, &progress);
    assert_int_equal(count_of(text_of(&sight), "takes"), 1);
    close_sight(&sight);
    open_sight(&sight, false, 0);
    progress.epochs = 1;
    sight.observer.step_done(sight.observer.context, &progress);
    sight.observer.epoch_done(sight.observer.context, &progress);
    assert_string_equal(text_of(&sight), "an epoch takes about 4.0s, the run about 4.0s\n"
                                         "epoch 1/1 L_D 0.69 L_G 0.71 D(x) 0.51 D(G(z)) 0.49 12345 img/s\n");
    close_sight(&sight);
}

static void test_nothing_has_no_sign(void **state)
{
    (void)state;
    struct sight sight;
    open_sight(&sight, false, 80);
    struct progress progress = progress_at(1, 400);
    progress.epochs = 1;
    progress.seconds_left = 0;
    progress.record.loss_d = 0.0049;
    progress.record.loss_g = -0.0049;
    progress.record.d_real = -0.0051;
    progress.record.d_fake = -123456;
    sight.observer.epoch_done(sight.observer.context, &progress);
    assert_non_null(strstr(text_of(&sight), " L_D 0.00 L_G 0.00 D(x) -0.01 D(G(z)) -1.2e+05 "));
    close_sight(&sight);
}

static void test_live_line(void **state)
{
    (void)state;
    struct sight sight;
    open_sight(&sight, true, 100);
    struct progress progress = progress_at(7, 200);
    sight.observer.step_done(sight.observer.context, &progress);
    assert_string_equal(text_of(&sight),
                        "\repoch  7/50 [==========>          ] L_D 0.69 L_G 0.71 D(x) 0.51 D(G(z)) 0.49 12345 img/s "
                        "3m12s left\033[K");
    rewind_sight(&sight);
    progress_clear(&sight.view);
    assert_memory_equal(text_of(&sight), "\r\033[K", 4);
    progress_clear(&sight.view); /* there is nothing left to remove */
    assert_int_equal(ftell(sight.view.out), 4);
    close_sight(&sight);
}

static void test_live_line_is_redrawn_ten_times_a_second(void **state)
{
    (void)state;
    struct sight sight;
    open_sight(&sight, true, 100);
    for (int step = 1; step <= 1000; step++) {
        struct progress progress = progress_at(1, 200);
        progress.record.seconds = 0; /* no time to tell */
        sight.observer.step_done(sight.observer.context, &progress);
        test_time += 0.003;
    }
    assert_in_range(count_of(text_of(&sight), "\r"), 28, 30); /* in 3 seconds */
    assert_int_equal(count_of(text_of(&sight), "\n"), 0);
    close_sight(&sight);
}

/* Columns of the live line that was drawn last. */
static size_t width_of_live_line(const char *text)
{
    const char *begin = strrchr(text, '\r');
    assert_non_null(begin);
    const char *end = strstr(begin, "\033[K");
    assert_non_null(end);
    return (size_t)(end - begin) - 1;
}

static void test_narrow_terminals_drop_fields_from_the_right(void **state)
{
    (void)state;
    static const char *const FIELDS[] = {"38/50", " [", " L_D 0.69 L_G 0.71", " D(x)", " D(G(z))", "img/s", " left"};
    enum { COUNT = sizeof FIELDS / sizeof *FIELDS };
    size_t shown_before = 0;
    for (size_t columns = 1; columns <= 300; columns++) {
        struct sight sight;
        open_sight(&sight, true, columns);
        struct progress progress = progress_at(38, 400);
        sight.observer.step_done(sight.observer.context, &progress);
        const char *text = text_of(&sight);
        assert_true(width_of_live_line(text) < columns);
        size_t shown = 0;
        while (shown < COUNT && strstr(text, FIELDS[shown])) {
            shown++;
        }
        for (size_t i = shown; i < COUNT; i++) {
            assert_null(strstr(text, FIELDS[i]));
        }
        assert_true(shown >= shown_before);
        shown_before = shown;
        assert_true(columns < 80 || shown == COUNT);
        assert_int_equal(columns >= 83, strstr(text, "epoch") != NULL);
        close_sight(&sight);
    }
    assert_int_equal(shown_before, COUNT);
}

static void test_wild_numbers_keep_to_the_width(void **state)
{
    (void)state;
    static const double WILD[] = {(double)NAN, (double)INFINITY, -(double)INFINITY, 1e300, -1e300, 0};
    for (size_t i = 0; i < sizeof WILD / sizeof *WILD; i++) {
        struct sight sight;
        open_sight(&sight, true, 80);
        struct progress progress = progress_at(1, 400);
        progress.epochs = SIZE_MAX;
        progress.steps_per_epoch = i ? 300 : 0;
        progress.record.loss_d = progress.record.loss_g = progress.record.d_real = progress.record.d_fake = WILD[i];
        progress.record.images_per_second = progress.seconds_left = progress.record.seconds = WILD[i];
        sight.observer.step_done(sight.observer.context, &progress);
        assert_true(width_of_live_line(text_of(&sight)) < 80);
        test_time += 5;
        sight.observer.step_done(sight.observer.context, &progress);
        sight.observer.epoch_done(sight.observer.context, &progress);
        close_sight(&sight);
    }
}

/* A terminal keeps the first epoch's line, the last one's, and about twenty in between. */
static void test_kept_lines(void **state)
{
    (void)state;
    static const struct {
        size_t epochs, kept;
    } CASES[] = {{1, 1}, {20, 20}, {21, 12}, {50, 11}, {100, 21}, {150, 16}, {1000, 21}, {1000000, 21}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct sight sight;
        open_sight(&sight, true, 80);
        size_t kept = 0;
        for (size_t epoch = 1; epoch <= CASES[i].epochs; epoch++) {
            struct progress progress = progress_at(epoch, 400);
            progress.epochs = CASES[i].epochs;
            progress.last = epoch == CASES[i].epochs;
            progress.record.seconds = 0;
            rewind_sight(&sight);
            sight.observer.epoch_done(sight.observer.context, &progress);
            fputc('\0', sight.view.out);
            kept += count_of(text_of(&sight), "\n");
        }
        assert_int_equal(kept, CASES[i].kept);
        close_sight(&sight);
    }
    struct sight sight; /* a run that ends early keeps its last line, and does not say how long it would take */
    open_sight(&sight, true, 80);
    struct progress progress = progress_at(41, 7);
    progress.last = true;
    sight.observer.epoch_done(sight.observer.context, &progress);
    assert_int_equal(count_of(text_of(&sight), "\n"), 1);
    assert_non_null(strstr(text_of(&sight), "epoch 41/50"));
    close_sight(&sight);
}

static void test_durations(void **state)
{
    (void)state;
    static const struct {
        double seconds;
        const char *text;
    } CASES[] = {{0, " 0.49 12345 img/s\n"}, /* the end goes without saying */
                 {0.2, " 0.2s left"},
                 {9.94, " 9.9s left"},
                 {9.96, " 10s left"},
                 {59.4, " 59s left"},
                 {59.6, " 1m00s left"},
                 {192, " 3m12s left"},
                 {3599.7, " 1h00m left"},
                 {3900, " 1h05m left"},
                 {183600, " 2d03h left"},
                 {(double)NAN, " 0.49 12345 img/s\n"},
                 {(double)INFINITY, " 0.49 12345 img/s\n"}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct sight sight;
        open_sight(&sight, false, 0);
        struct progress progress = progress_at(1, 400);
        progress.seconds_left = CASES[i].seconds;
        sight.observer.epoch_done(sight.observer.context, &progress);
        assert_non_null(strstr(text_of(&sight), CASES[i].text));
        close_sight(&sight);
    }
}

/* A kept line takes the live one's place. */
static void test_lines_over_a_live_one(void **state)
{
    (void)state;
    struct sight sight;
    open_sight(&sight, true, 80);
    struct progress progress = progress_at(50, 400);
    progress.record.seconds = 0;
    sight.observer.step_done(sight.observer.context, &progress);
    rewind_sight(&sight);
    sight.observer.epoch_done(sight.observer.context, &progress);
    fputc('\0', sight.view.out);
    assert_string_equal(text_of(&sight),
                        "\r\033[Kepoch 50/50 L_D 0.69 L_G 0.71 D(x) 0.51 D(G(z)) 0.49 12345 img/s 3m12s left\n");
    close_sight(&sight);
}

/* An epoch whose images were measured says so, where there is room for it. */
static void test_measured_epochs(void **state)
{
    (void)state;
    struct figures figures;
    figures_clear(&figures);
    figures.values[FIGURE_FRECHET] = 43.2467;
    struct sight sight;
    open_sight(&sight, false, 0);
    sight.view.timed = true;
    struct progress progress = progress_at(10, 400);
    progress.figures = &figures;
    sight.observer.epoch_done(sight.observer.context, &progress);
    progress.figures = NULL;
    progress.record.epoch = 11;
    sight.observer.epoch_done(sight.observer.context, &progress);
    assert_string_equal(text_of(&sight),
                        "epoch 10/50 L_D 0.69 L_G 0.71 D(x) 0.51 D(G(z)) 0.49 FD 43.2 3m12s left\n"
                        "epoch 11/50 L_D 0.69 L_G 0.71 D(x) 0.51 D(G(z)) 0.49 12345 img/s 3m12s left\n");
    close_sight(&sight);
    open_sight(&sight, false, 0);
    sight.view.timed = true;
    progress.figures = &figures;
    static const double WILD[] = {1e300, (double)NAN, (double)INFINITY, 0};
    for (size_t i = 0; i < sizeof WILD / sizeof *WILD; i++) {
        figures.values[FIGURE_FRECHET] = WILD[i];
        rewind_sight(&sight);
        sight.observer.epoch_done(sight.observer.context, &progress);
        fputc('\0', sight.view.out);
        assert_non_null(strstr(text_of(&sight), " FD "));
        assert_int_equal(count_of(text_of(&sight), "\n"), 1);
    }
    close_sight(&sight);
}

/* Whether each --flag of a text is one that gan-train has. */
static void check_flags_exist(const char *text)
{
    size_t count = 0;
    for (const char *at = strstr(text, "--"); at; at = strstr(at, "--")) {
        char name[64] = "";
        at += 2;
        const size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyz_12");
        assert_in_range(length, 1, sizeof name - 1);
        memcpy(name, at, length);
        if (!flag_find(&GAN_TRAIN, name)) {
            fail_msg("--%s is no flag", name);
        }
        count++;
    }
    assert_in_range(count, 2, 4);
}

/* One line for each kind, in place of the live one, with what to try. */
static void test_troubles(void **state)
{
    (void)state;
#define HIDDEN .discriminator.hidden = { 1, {8} }
    static const struct config PLAIN = {HIDDEN, .d_steps = 1, .r1 = 1},
                               MINIMAX = {HIDDEN, .loss = LOSS_MINIMAX, .d_steps = 1, .r2 = 1},
                               PAIRS = {HIDDEN, .loss = LOSS_RELATIVISTIC, .dropout = {1, {0.3}}, .d_steps = 1,
                                        .r1 = 1},
                               FULL = {HIDDEN, .dropout = {1, {0.3}}, .conditional = true, .d_steps = 2, .r2 = 1},
                               BARE = {HIDDEN, .d_steps = 1},
                               BARE_MINIMAX = {HIDDEN, .loss = LOSS_MINIMAX, .d_steps = 1},
                               NORMALIZED = {HIDDEN, .discriminator.batch_norm = BATCH_NORM_BEFORE, .d_steps = 1},
                               NONE_HIDDEN = {.loss = LOSS_RELATIVISTIC, .d_steps = 1, .r1 = 1},
                               HARDLY = {HIDDEN, .d_steps = 1, .r1 = 0.001, .r2 = 0.001},
                               AT_ONCE = {HIDDEN, .order = ORDER_SIMULTANEOUS, .d_steps = 1};
#undef HIDDEN
    static const struct {
        struct trouble trouble;
        const char *said;
    } CASES[] = {
        {{.kind = TROUBLE_D_WINS, .config = &PLAIN, .epoch = 4, .d_real = 0.9987, .d_fake = 0.0021},
         "epoch 4: D wins: D(x) 0.999, D(G(z)) 0.002; G learns little from it. In a new run try a lower "
         "--learning_rate, or "
         "--dropout 0.3\n"},
        {{.kind = TROUBLE_D_WINS, .config = &FULL, .epoch = 4, .d_real = 0.9987, .d_fake = 0.0021},
         "epoch 4: D wins: D(x) 0.999, D(G(z)) 0.002; G learns little from it. In a new run try a lower "
         "--learning_rate, or "
         "--label_smoothing 0.1\n"},
        {{.kind = TROUBLE_D_WINS, .config = &MINIMAX, .epoch = 4, .d_real = 0.9987, .d_fake = 0.0021},
         "epoch 4: D wins: D(x) 0.999, D(G(z)) 0.002; G learns little from it. In a new run try a lower "
         "--learning_rate, or --loss "
         "non-saturating\n"},
        {{.kind = TROUBLE_D_WINS, .config = &PAIRS, .epoch = 4, .d_real = 0.9987, .d_fake = 0.0013},
         "epoch 4: D wins: D(x) 0.999, D(G(z)) 0.001; G learns little from it. In a new run try a lower "
         "--learning_rate, or a "
         "smaller --d_hidden\n"},
        {{.kind = TROUBLE_D_WINS, .config = &BARE_MINIMAX, .epoch = 4, .d_real = 0.9987, .d_fake = 0.0013},
         "epoch 4: D wins: D(x) 0.999, D(G(z)) 0.001; G learns little from it. In a new run try --r1 1 --r2 1, or "
         "--loss non-saturating\n"},
        {{.kind = TROUBLE_D_WINS, .config = &BARE, .epoch = 4, .d_real = 0.9987, .d_fake = 0.0013},
         "epoch 4: D wins: D(x) 0.999, D(G(z)) 0.001; G learns little from it. In a new run try --r1 1 --r2 1, or a "
         "lower --learning_rate\n"},
        {{.kind = TROUBLE_D_WINS, .config = &NONE_HIDDEN, .epoch = 4, .d_real = 0.9987, .d_fake = 0.0013},
         "epoch 4: D wins: D(x) 0.999, D(G(z)) 0.001; G learns little from it. In a new run try a lower "
         "--learning_rate, or another --seed\n"},
        {{.kind = TROUBLE_D_WINS, .config = &HARDLY, .epoch = 4, .d_real = 0.9987, .d_fake = 0.0013},
         "epoch 4: D wins: D(x) 0.999, D(G(z)) 0.001; G learns little from it. In a new run try a larger --r1 or --r2, "
         "or a lower --learning_rate\n"},
        {{.kind = TROUBLE_D_IS_LOST, .config = &AT_ONCE, .epoch = 12, .d_real = 0.501, .d_fake = 0.499},
         "epoch 12: D learns nothing: D(x) 0.501, D(G(z)) 0.499. In a new run try a --learning_rate above "
         "--g_learning_rate, or another --order\n"},
        {{.kind = TROUBLE_CLASSES_DIED, .config = &BARE, .epoch = 6, .classes = 2, .alive = 1, .dead = {true}},
         "epoch 6: 1 of 2 classes missing: 0. In a new run try --r1 1 --r2 1, or --dropout 0.3\n"},
        {{.kind = TROUBLE_CLASSES_DIED, .config = &NORMALIZED, .epoch = 6, .classes = 2, .alive = 1, .dead = {true}},
         "epoch 6: 1 of 2 classes missing: 0. In a new run try --dropout 0.3, or --conditional\n"},
        {{.kind = TROUBLE_D_IS_LOST, .config = &FULL, .epoch = 12, .d_real = 0.501, .d_fake = 0.499},
         "epoch 12: D learns nothing: D(x) 0.501, D(G(z)) 0.499. In a new run try --d_steps 3, or a --learning_rate "
         "above "
         "--g_learning_rate\n"},
        {{.kind = TROUBLE_CLASSES_DIED,
          .config = &PLAIN,
          .epoch = 20,
          .classes = 10,
          .alive = 7,
          .dead = {[2] = true, [5] = true, [9] = true}},
         "epoch 20: 3 of 10 classes missing: 2, 5, 9. In a new run try --dropout 0.3, or --conditional\n"},
        {{.kind = TROUBLE_CLASSES_DIED, .config = &MINIMAX, .epoch = 6, .classes = 2, .alive = 1, .dead = {true}},
         "epoch 6: 1 of 2 classes missing: 0. In a new run try --loss non-saturating, or --conditional\n"},
        {{.kind = TROUBLE_CLASSES_DIED,
          .config = &FULL,
          .epoch = 5,
          .classes = 256,
          .alive = 255,
          .dead = {[255] = true}},
         "epoch 5: 1 of 256 classes missing: 255. In a new run try a lower --learning_rate, or another --seed\n"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct sight sight;
        open_sight(&sight, i % 2, 80);
        struct progress progress = progress_at(4, 200);
        sight.observer.step_done(sight.observer.context, &progress);
        if (i % 2) {
            rewind_sight(&sight);
        }
        sight.observer.troubled(sight.observer.context, &CASES[i].trouble);
        fputc('\0', sight.view.out);
        const char *text = text_of(&sight);
        if (i % 2) {
            assert_memory_equal(text, "\r\033[K", 4);
            text += 4;
        }
        assert_string_equal(text, CASES[i].said);
        check_flags_exist(text);
        close_sight(&sight);
    }
}

/* Without a clock and a width of its own. */
static void test_system_clock_and_width(void **state)
{
    (void)state;
    FILE *file = tmpfile();
    assert_non_null(file);
    struct progress_view view = {.out = file, .terminal = true};
    struct observer observer = progress_observer(&view);
    struct progress progress = progress_at(38, 200);
    observer.step_done(observer.context, &progress);
    assert_true(view.first > 0);
    assert_in_range(ftell(file), 60, 80 + 4);
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_lines),
        cmocka_unit_test(test_time_is_told_once),
        cmocka_unit_test(test_nothing_has_no_sign),
        cmocka_unit_test(test_live_line),
        cmocka_unit_test(test_live_line_is_redrawn_ten_times_a_second),
        cmocka_unit_test(test_narrow_terminals_drop_fields_from_the_right),
        cmocka_unit_test(test_wild_numbers_keep_to_the_width),
        cmocka_unit_test(test_kept_lines),
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_lines_over_a_live_one),
        cmocka_unit_test(test_measured_epochs),
        cmocka_unit_test(test_troubles),
        cmocka_unit_test(test_system_clock_and_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
