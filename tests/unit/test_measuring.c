/* How often images are measured while a training runs: as often as it costs little, counted in products; against what,
 * and what is said where they are not. The judge that is kept is a random net: none is trained here. */
#include "training.h"

#include "cli/measuring.h"
#include "eval/judge_file.h"
#include "eval/subset.h"
#include "nn/network.h"

#include <math.h>

enum { TEST_IMAGES = 1200, HEADER_BYTES = 16 };

/* ---- the interval ---- */

static void the_interval_is_the_smallest_round_one_that_is_worth_it(void **state)
{
    (void)state;
    static const struct {
        double run, measurement, beginning;
        size_t epochs, every;
    } CASES[] = {
        {1000, 1e-9, 0, 50, 1},
        {1000, 0.35, 0, 50, 1},
        {1000, 0.36, 0, 50, 2},
        {1000, 0.71, 0, 50, 5},
        {1000, 1.7, 0, 50, 5},
        {1000, 1.8, 0, 50, 10},
        {1000, 4, 0, 50, 20},
        {1000, 17, 0, 50, 50},
        {1000, 18, 0, 50, 0},
        {1000, 1.7, 9.1, 50, 20},
        {1000, 1e-9, 17.4, 50, 1},
        {1000, 1e-9, 17.6, 50, 0},
        {1000, 17, 0, 1, 1},
        {1000, 18, 0, 1, 0},
        {1000, 6, 0, 7, 5},
        {1000, 6, 0, 50, 50}, /* 20, 40 and the end are one too many */
        {1e9, 1, 0, 1000000, 1},
        {1e9, 20, 0, 1000000, 2},
        {1e9, 1e6, 0, 1000000, 100000},
        {1e9, 1.7e7, 0, 1000000, 1000000},
        {0, 1, 0, 50, 0},
        {1000, 1, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const size_t every =
            measuring_interval(CASES[i].run, CASES[i].epochs, CASES[i].measurement, CASES[i].beginning);
        if (every != CASES[i].every) {
            fail_msg("case %zu: %zu, wanted %zu", i, every, CASES[i].every);
        }
    }
}

/* Whatever the numbers: below a fiftieth, and with the next smaller interval more than the share that is aimed at. */
static void what_is_chosen_costs_less_than_a_fiftieth(void **state)
{
    (void)state;
    uint32_t bits = 1;
    size_t chosen = 0;
    for (size_t i = 0; i < 10000; i++) {
        double random[4];
        for (size_t k = 0; k < 4; k++) {
            bits = bits * 1664525 + 1013904223;
            random[k] = (double)bits / 4294967296.0;
        }
        const size_t epochs = 1 + (size_t)pow(10, 4 * random[0]);
        const double run = 1e12 * pow(10, 4 * random[1]), measurement = 1e9 * pow(10, 4 * random[2]),
                     beginning = random[3] < 0.5 ? 1e10 : 1e12;
        const size_t every = measuring_interval(run, epochs, measurement, beginning);
        assert_in_range(every, 0, epochs);
        if (every) {
            assert_true(beginning + ceil((double)epochs / (double)every) * measurement < 0.02 * run);
            chosen++;
        }
        if (every > 1) {
            const double power = pow(10, floor(log10((double)every) + 1e-9)), first = round((double)every / power);
            assert_true(first == 1 || first == 2 || first == 5);
            const size_t smaller = first == 5 ? (size_t)(2 * power) : every / 2;
            assert_true(beginning + ceil((double)epochs / (double)smaller) * measurement > 0.017 * run);
        }
    }
    assert_in_range(chosen, 2000, 9000);
}

/* ---- what it takes ---- */

/* A training on IDX files, and where it is to be measured. */
struct stage {
    struct training training;
    struct position position;
    struct measuring measuring;
    struct watch_view view;
    volatile sig_atomic_t stop;
    char data[SCRATCH_PATH], images[SCRATCH_PATH + 32], labels[SCRATCH_PATH + 32], test[SCRATCH_PATH + 32];
};

static void put_idx(const char *path, bool images, size_t count, const unsigned char *bytes)
{
    const size_t size = images ? PIXELS : 1;
    unsigned char header[HEADER_BYTES] = {
        0, 0, 8, images ? 3 : 1, 0, 0, (unsigned char)(count >> 8), (unsigned char)count, 0, 0, 0, SIDE, 0, 0, 0, SIDE};
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite(header, 1, images ? HEADER_BYTES : 8, file);
    assert_int_equal(fwrite(bytes, size, count, file), count);
    assert_int_equal(fclose(file), 0);
}

static void put_test_images(const struct stage *stage, size_t count)
{
    static unsigned char bytes[TEST_IMAGES * PIXELS];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(i * 31 + i / PIXELS * i % 251);
    }
    put_idx(stage->test, true, count, bytes);
}

/* With labels and test images, and a judge of them that is kept. */
static void open_stage(struct stage *stage, void **state, const char *const *flags)
{
    struct error error;
    *stage = (struct stage){.view = {.out = stdout}};
    open_training(&stage->training, state, flags);
    stage->training.options.config.epochs = 30000000;
    scratch_path(state, "data", stage->data);
    assert_true(folder_make(stage->data, &error));
    snprintf(stage->images, sizeof stage->images, "%s/train-images-idx3-ubyte", stage->data);
    snprintf(stage->labels, sizeof stage->labels, "%s/train-labels-idx1-ubyte", stage->data);
    snprintf(stage->test, sizeof stage->test, "%s/t10k-images-idx3-ubyte", stage->data);
    put_idx(stage->images, true, IMAGES, stage->training.images[0]);
    put_idx(stage->labels, false, IMAGES, stage->training.labels);
    put_test_images(stage, TEST_IMAGES);
    stage->training.dataset.images_path = stage->images;
    stage->training.dataset.labels_path = stage->labels;
    stage->training.dataset.checksum = dataset_checksum(&stage->training.dataset, IMAGES);
    assert_int_equal(setenv("XDG_CACHE_HOME", *state, 1), 0);
}

static void close_stage(struct stage *stage)
{
    measuring_free(&stage->measuring);
    close_training(&stage->training);
}

static void keep_judge(const struct stage *stage)
{
    struct error error;
    const struct judge_source source = {.shape = {SIDE, SIDE, CLASSES}, .checksum = stage->training.dataset.checksum};
    struct judge *judge = judge_create(source.shape, &error);
    assert_non_null(judge);
    network_initialize(judge->network, (struct initialization){INIT_HE_NORMAL, 0}, false, 1, 0);
    char *path = judge_cache_path(&source, &error), *folder = path_folder(path, &error);
    assert_true(folder_make(folder, &error));
    assert_true(judge_save(path, judge, source.checksum, &error));
    judge_free(judge);
    free(path);
    free(folder);
}

static bool begin(struct stage *stage, struct error *error)
{
    const struct measuring_source source = {
        .gan = stage->training.gan,
        .dataset = &stage->training.dataset,
        .position = &stage->position,
        .view = &stage->view,
        .stop = &stage->stop,
    };
    measuring_free(&stage->measuring);
    return measuring_begin(&stage->measuring, &source, error);
}

/* Images are measured each so many epochs. */
static void measured(struct stage *stage, size_t every)
{
    struct error error;
    if (!begin(stage, &error)) {
        fail_msg("%s", error.message);
    }
    if (!stage->measuring.metrics) {
        fail_msg("not: %s", stage->measuring.why_not.message);
    }
    assert_string_equal(stage->measuring.why_not.message, "");
    assert_false(stage->measuring.find.trained);
    assert_int_equal(stage->measuring.every, every);
    for (size_t epoch = 1; epoch <= 3 * every; epoch++) {
        assert_int_equal(metrics_are_due(stage->measuring.metrics, epoch), epoch % every == 0);
    }
}

/* They are not, and a part of the reason; "": there is none, as they were not to be. */
static void not_measured(struct stage *stage, const char *why_not)
{
    struct error error;
    if (!begin(stage, &error)) {
        fail_msg("%s", error.message);
    }
    assert_null(stage->measuring.metrics);
    const char *message = stage->measuring.why_not.message;
    if (!strstr(message, why_not) || !*message != !*why_not) {
        fail_msg("not: %s; wanted %s", message, why_not);
    }
}

static void refused(struct stage *stage, enum status status, const char *message)
{
    struct error error = {0};
    assert_false(begin(stage, &error));
    assert_int_equal(error.status, status);
    assert_contains(error.message, message);
}

static void set_every(struct stage *stage, size_t every)
{
    stage->training.options.config.eval_every = every;
}

static const char SHORT[] = "it would take more than a fiftieth of the time",
                  NO_JUDGE[] = "no judge of these images is kept yet, and training one would take more than a fiftieth",
                  NO_LABELS[] = "the images have no labels of two classes",
                  NOT_SO_FAR[] = "this run has not been measured",
                  NO_TEST[] = "no test set: there are no test images beside",
                  FEW_TEST[] = "holds 999 images; wanted 1000 test images or more";

static void auto_goes_by_the_run_s_length_and_the_judge(void **state)
{
    struct stage stage;
    open_stage(&stage, state, (const char *const[]){NULL});
    assert_true(stage.training.options.config.eval_every == EVERY_AUTO); /* without the flag */
    not_measured(&stage, NO_JUDGE);
    assert_false(stage.measuring.find.trained);
    keep_judge(&stage);
    assert_true(begin(&stage, &(struct error){0}));
    const size_t every = stage.measuring.every;
    assert_in_range(every, 1000, 10000000);
    measured(&stage, every);
    stage.training.options.config.epochs *= 100; /* as often in each epoch: the beginning alone counts for less */
    assert_true(begin(&stage, &(struct error){0}));
    assert_in_range(stage.measuring.every, 1000, every);
    stage.training.options.config.epochs = 1000;
    not_measured(&stage, SHORT);
    stage.training.options.config.epochs = 30000000;
    stage.training.options.config.max_minutes = 1e-6;
    not_measured(&stage, SHORT);
    stage.training.options.config.max_minutes = 1e6;
    measured(&stage, every);
    set_every(&stage, EVERY_OFF);
    not_measured(&stage, "");
    close_stage(&stage);
}

/* Where --max_minutes ends it long before its epochs are done, it is measured within the epochs that it comes to. */
static void auto_goes_by_the_epochs_that_max_minutes_leaves(void **state)
{
    struct stage stage;
    struct error error;
    open_stage(&stage, state, (const char *const[]){NULL});
    keep_judge(&stage);
    const struct gan *gan = stage.training.gan;
    const double fast = 60 * 30e9 / (gan_step_products(gan) * STEPS); /* epochs in a minute, on a core or two */
    stage.training.options.config.epochs = 1000000000000;
    for (double minutes = 1000; minutes > 1; minutes /= 2) {
        stage.training.options.config.max_minutes = minutes;
        assert_true(begin(&stage, &error));
        if (stage.measuring.metrics) {
            assert_true((double)stage.measuring.every <= fast * minutes);
        }
    }
    stage.training.options.config.max_minutes = 1000;
    assert_true(begin(&stage, &error));
    assert_non_null(stage.measuring.metrics);
    close_stage(&stage);
}

static void a_number_is_taken_however_short_the_run(void **state)
{
    struct stage stage;
    open_stage(&stage, state, (const char *const[]){"--eval_every=7", NULL});
    keep_judge(&stage);
    stage.training.options.config.epochs = 1;
    measured(&stage, 7);
    stage.training.gan->steps = STEPS; /* and on a run that goes on, whatever it was so far */
    stage.position.measured = 3;
    measured(&stage, 7);
    close_stage(&stage);
}

static void a_run_that_goes_on_is_measured_as_it_was(void **state)
{
    struct stage stage;
    open_stage(&stage, state, (const char *const[]){NULL});
    keep_judge(&stage);
    stage.training.gan->steps = STEPS;
    not_measured(&stage, NOT_SO_FAR);
    stage.position.measured = 4;
    measured(&stage, 4);
    stage.training.options.config.epochs = 1;
    stage.training.options.config.max_minutes = 1e-6;
    measured(&stage, 4);
    set_every(&stage, EVERY_OFF);
    not_measured(&stage, "");
    close_stage(&stage);
}

/* Where a number is asked for it is an error, else it is said. */
static void without_labels_or_test_images_there_are_no_measurements(void **state)
{
    struct stage stage;
    open_stage(&stage, state, (const char *const[]){NULL});
    keep_judge(&stage);
    static unsigned char sevens[IMAGES];
    memset(sevens, 7, IMAGES);
    unsigned char *const labels = stage.training.dataset.labels;
    for (size_t classes = 0; classes < 2; classes++) {
        stage.training.dataset.labels = classes ? sevens : NULL;
        set_every(&stage, EVERY_AUTO);
        not_measured(&stage, NO_LABELS);
        set_every(&stage, 1);
        refused(&stage, STATUS_USAGE, "--eval_every: needs labels of two classes or more beside the images");
    }
    stage.training.dataset.labels = labels;
    put_test_images(&stage, 999);
    refused(&stage, STATUS_USAGE, "t10k-images-idx3-ubyte: holds 999 images; wanted 1000 test images or more");
    set_every(&stage, EVERY_AUTO);
    not_measured(&stage, FEW_TEST);
    put_test_images(&stage, 1000);
    set_every(&stage, 1);
    measured(&stage, 1);
    assert_int_equal(unlink(stage.test), 0);
    refused(&stage, STATUS_USAGE, "no test set: there are no test images beside ");
    set_every(&stage, EVERY_AUTO);
    not_measured(&stage, NO_TEST);
    close_stage(&stage);
}

static void test_images_that_are_named_are_those(void **state)
{
    struct stage stage;
    char elsewhere[SCRATCH_PATH];
    open_stage(&stage, state, (const char *const[]){NULL});
    keep_judge(&stage);
    scratch_path(state, "elsewhere", elsewhere);
    stage.training.options.config.test_images = elsewhere;
    for (size_t i = 0; i < 2; i++) { /* also with auto nobody asks for a file that does not matter */
        set_every(&stage, i ? 1 : EVERY_AUTO);
        stage.training.options.config.epochs = 30000000;
        refused(&stage, STATUS_USAGE, "elsewhere: No such file or directory");
        scratch_put(elsewhere, "none");
        refused(&stage, STATUS_USAGE, "elsewhere: ");
        assert_int_equal(unlink(elsewhere), 0);
    }
    assert_int_equal(rename(stage.test, elsewhere), 0);
    measured(&stage, 1);
    put_test_images(&stage, 999);
    assert_int_equal(rename(stage.test, elsewhere), 0);
    set_every(&stage, EVERY_AUTO);
    refused(&stage, STATUS_USAGE, "elsewhere: holds 999 images; wanted 1000");
    stage.training.options.config.test_images = NULL; /* the test's own */
    close_stage(&stage);
}

/* The judge knows all images and the figures go by all labels, also where the run takes the first ones alone. */
static void a_run_of_some_images_is_measured_against_all(void **state)
{
    struct stage stage;
    open_stage(&stage, state, (const char *const[]){"--eval_every=1", NULL});
    keep_judge(&stage);
    measured(&stage, 1);
    const struct yardstick *yardstick = &stage.measuring.yardstick;
    double shares[CLASSES];
    memcpy(shares, yardstick->shares, sizeof shares);
    assert_true(shares[3] == 10.0 / IMAGES);
    stage.training.options.config.limit_images = 20;
    stage.training.dataset.count = 20;
    stage.training.dataset.checksum = 0;
    measured(&stage, 1);
    assert_memory_equal(yardstick->shares, shares, sizeof shares);
    close_stage(&stage);
}

static void a_judge_is_trained_where_one_is_asked_for(void **state)
{
    struct stage stage;
    open_stage(&stage, state, (const char *const[]){"--eval_every=1", NULL});
    stage.stop = 1;
    refused(&stage, STATUS_STOPPED, "stopped by a signal");
    keep_judge(&stage);
    measured(&stage, 1);
    char path[SCRATCH_PATH];
    snprintf(path, sizeof path, "%s", stage.measuring.find.path);
    scratch_put(path, "none");
    refused(&stage, STATUS_STOPPED, "stopped by a signal"); /* it was no good: another one */
    set_every(&stage, EVERY_AUTO);
    not_measured(&stage, "has 4 bytes; wanted a safetensors file");
    assert_int_equal(unlink(path), 0);
    not_measured(&stage, NO_JUDGE);
    close_stage(&stage);
}

/* Beside generated images stand as many training images, where there are as many: what the curves' pale lines are of,
 * and which classes may be missed. */
static void real_images_are_measured_beside(void **state)
{
    enum { MANY = METRICS_IMAGES + 100 };
    static unsigned char images[MANY][PIXELS], labels[MANY], drawn[METRICS_IMAGES][PIXELS];
    static uint32_t order[MANY];
    struct stage stage;
    struct error error;
    struct figures wanted;
    open_stage(&stage, state, (const char *const[]){"--eval_every=1", NULL});
    for (size_t i = 0; i < MANY; i++) {
        labels[i] = (unsigned char)(i % CLASSES);
        for (size_t p = 0; p < PIXELS; p++) {
            images[i][p] = (unsigned char)(i * 37 + p * i % 241);
        }
    }
    struct dataset *dataset = &stage.training.dataset;
    const struct dataset few = *dataset;
    dataset->images = images[0];
    dataset->labels = labels;
    for (size_t count = METRICS_IMAGES - 1; count <= MANY; count += MANY - METRICS_IMAGES + 1) {
        dataset->count = count;
        dataset->checksum = dataset_checksum(dataset, count);
        keep_judge(&stage);
        measured(&stage, 1);
        const struct figures *found = &stage.measuring.real;
        if (count < METRICS_IMAGES) {
            assert_true(isnan(found->values[FIGURE_FRECHET]));
            continue;
        }
        subset_order(SUBSET_TRAINING, 0, count, order);
        for (size_t i = 0; i < METRICS_IMAGES; i++) {
            memcpy(drawn[i], images[order[i]], PIXELS);
        }
        assert_true(yardstick_measure(&stage.measuring.yardstick, (struct image_set){drawn[0], METRICS_IMAGES, PIXELS},
                                      NULL, &wanted, &error));
        assert_memory_equal(found->values, wanted.values, FIGURE_ACCURACY * sizeof *wanted.values);
        for (size_t c = 0; c < CLASSES; c++) { /* the judge, a random net, does not see all of them */
            const bool seen = !figures_is_dead(wanted.shares[c], 0.25);
            assert_int_equal(stage.measuring.expected[c] > 0, seen);
        }
    }
    *dataset = few;
    close_stage(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_interval_is_the_smallest_round_one_that_is_worth_it),
        cmocka_unit_test(what_is_chosen_costs_less_than_a_fiftieth),
        scratch_test(auto_goes_by_the_run_s_length_and_the_judge),
        scratch_test(auto_goes_by_the_epochs_that_max_minutes_leaves),
        scratch_test(a_number_is_taken_however_short_the_run),
        scratch_test(a_run_that_goes_on_is_measured_as_it_was),
        scratch_test(without_labels_or_test_images_there_are_no_measurements),
        scratch_test(test_images_that_are_named_are_those),
        scratch_test(a_run_of_some_images_is_measured_against_all),
        scratch_test(a_judge_is_trained_where_one_is_asked_for),
        scratch_test(real_images_are_measured_beside),
    };
    return cmocka_run_group_tests_name("measuring", tests, prepare_training, NULL);
}
