/* metrics.csv and metrics.svg: what is measured when, that training goes on as if nothing had been measured, and that a
 * run in pieces or after a rescue has the rows and curves of one in one piece. The judge is a random net: what its
 * figures are worth does not matter here. */
#include "svg.h"
#include "training.h"

#include "eval/judge.h"
#include "gan/checkpoint.h"
#include "gan/metrics.h"
#include "gan/sampler.h"
#include "nn/network.h"

#include <math.h>

enum { TEST_IMAGES = 100, NEIGHBOURS = 5, COLUMNS = 10 };

static const char HEADER[] =
    "epoch,step,frechet_distance,coverage,recall,precision,density,classes_alive,kl,class_accuracy\n";

static unsigned char test_images[TEST_IMAGES][PIXELS];
static struct judge *judge;
static struct yardstick yardstick;
static struct figures real_figures;

static int prepare(void **state)
{
    struct error error;
    unsigned char labels[IMAGES];
    prepare_training(state);
    for (unsigned i = 0; i < TEST_IMAGES; i++) {
        for (unsigned p = 0; p < PIXELS; p++) {
            test_images[i][p] = (unsigned char)((i * 53 + p * 71 + i * p * 29) % 256);
        }
    }
    for (size_t i = 0; i < IMAGES; i++) {
        labels[i] = (unsigned char)(i % CLASSES);
    }
    judge = judge_create((struct judge_shape){.height = SIDE, .width = SIDE, .classes = CLASSES}, &error);
    network_initialize(judge->network, (struct initialization){INIT_HE_NORMAL, 0}, false, 1, 0);
    const struct yardstick_source source = {
        .judge = judge,
        .test = {test_images[0], TEST_IMAGES, PIXELS},
        .training_labels = labels,
        .training_count = IMAGES,
        .count = TEST_IMAGES,
        .neighbours = NEIGHBOURS,
    };
    const bool good = yardstick_create(&source, &yardstick, &error) &&
                      yardstick_measure(&yardstick, source.test, NULL, &real_figures, &error);
    real_figures.values[FIGURE_FRECHET] = 1.5; /* of a set and itself it is 0 or next to it: the kernels decide */
    return good ? 0 : -1;
}

static int clean_up(void **state)
{
    (void)state;
    yardstick_free(&yardstick);
    judge_free(judge);
    return 0;
}

/* The training's images are measured each `every` epochs. */
static void measure(struct training *training, size_t every)
{
    struct error error;
    const struct metrics_plan plan = {&yardstick, real_figures, every};
    training->metrics = metrics_create(&plan, training->gan, &training->dataset, &error);
    training->class_shares = yardstick.shares;
    training->every = every;
    assert_non_null(training->metrics);
}

static void open_measured(struct training *training, void **state, const char *folder, size_t every,
                          const char *const *flags)
{
    open_in(training, state, folder, flags);
    if (every) {
        measure(training, every);
    }
}

static void close_measured(struct training *training)
{
    metrics_free(training->metrics);
    close_training(training);
}

static char *read_file(const struct training *training, const char *name, size_t *size)
{
    char path[SCRATCH_PATH + 64];
    snprintf(path, sizeof path, "%s/%s", training->outdir, name);
    return scratch_read(path, size);
}

static bool has_file(const struct training *training, const char *name)
{
    char path[SCRATCH_PATH + 64];
    snprintf(path, sizeof path, "%s/%s", training->outdir, name);
    return access(path, F_OK) == 0;
}

static void check_same_file(const struct training *found, const struct training *wanted, const char *name)
{
    size_t sizes[2];
    char *bytes[] = {read_file(found, name, &sizes[0]), read_file(wanted, name, &sizes[1])};
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(bytes[0], bytes[1], sizes[0]);
    free(bytes[0]);
    free(bytes[1]);
}

static void check_same_metrics(const struct training *found, const struct training *wanted)
{
    check_same_file(found, wanted, "metrics.csv");
    check_same_file(found, wanted, "metrics.svg");
}

static void check_same_state(const struct training *found, const struct training *wanted)
{
    const struct network *a[] = {found->gan->generator.network, found->gan->discriminator.network},
                         *b[] = {wanted->gan->generator.network, wanted->gan->discriminator.network};
    for (size_t i = 0; i < 2; i++) {
        assert_memory_equal(a[i]->state, b[i]->state, a[i]->state_count * sizeof(real));
    }
    assert_int_equal(found->gan->steps, wanted->gan->steps);
}

/* The epochs of metrics.csv's rows, "1 2 3 ", whose steps are those of their ends; of a row within an epoch the steps
 * of that as well, "1 2+4 ". Each row has all its columns. */
static const char *epochs_of(const struct training *training, char text[256])
{
    char *table = read_file(training, "metrics.csv", NULL);
    assert_int_equal(strncmp(table, HEADER, strlen(HEADER)), 0);
    text[0] = '\0';
    for (const char *row = table + strlen(HEADER); *row; row = strchr(row, '\n') + 1) {
        char *end;
        const unsigned long epoch = strtoul(row, &end, 10);
        assert_int_equal(*end, ',');
        const unsigned long missing = epoch * STEPS - strtoul(end + 1, NULL, 10);
        assert_in_range(missing, 0, STEPS - 1);
        size_t commas = 0;
        for (const char *c = row; *c != '\n'; c++) {
            commas += *c == ',';
        }
        assert_int_equal(commas, COLUMNS - 1);
        snprintf(text + strlen(text), 256 - strlen(text), missing ? "%lu+%lu " : "%lu ", missing ? epoch - 1 : epoch,
                 STEPS - missing);
    }
    free(table);
    return text;
}

/* ---- a row ---- */

/* A gan that is not trained, whose rows the test has measured itself; STEPS steps an epoch. */
struct bench {
    struct training training;
    struct position position;
    char path[SCRATCH_PATH + 16];
};

static void open_bench(struct bench *bench, void **state, const char *const *flags)
{
    struct error error;
    *bench = (struct bench){.position = {.epoch = 0}};
    open_training(&bench->training, state, flags);
    measure(&bench->training, 1);
    assert_true(folder_make(bench->training.outdir, &error));
    assert_true(metrics_open(bench->training.metrics, &bench->position, &error));
    snprintf(bench->path, sizeof bench->path, "%s/metrics.csv", bench->training.outdir);
}

/* The next epoch is done, by which the generator has become another one, and is measured. */
static const struct figures *next_row(struct bench *bench)
{
    struct error error;
    struct network *generator = bench->training.gan->generator.network;
    bench->position.epoch++;
    bench->training.gan->steps += STEPS;
    for (size_t i = 0; i < generator->parameter_count; i++) {
        generator->parameters[i] *= (real)1.25;
    }
    const struct figures *figures = metrics_measure(bench->training.metrics, bench->position.epoch, &error);
    assert_non_null(figures);
    return figures;
}

/* "%.9g" of the values that a row has, each behind a comma. */
static void print_values(const struct figures *figures, char *text, size_t size)
{
    text[0] = '\0';
    for (size_t f = 0; f <= FIGURE_ACCURACY; f++) {
        snprintf(text + strlen(text), size - strlen(text), isnan(figures->values[f]) ? ",nan" : ",%.9g",
                 figures->values[f]);
    }
}

static void a_row_is_what_the_yardstick_says_of_the_first_2000_images(void **state)
{
    static unsigned char images[METRICS_IMAGES][PIXELS];
    struct bench bench;
    struct error error;
    struct figures figures;
    char values[512], wanted[sizeof HEADER + 600];
    open_bench(&bench, state, (const char *const[]){"--seed=7", NULL});
    assert_file_holds(bench.path, HEADER);
    const struct figures *measured = next_row(&bench);
    struct sampler *sampler =
        sampler_create(&bench.training.options.config, bench.training.gan->generator.network, 0, &error);
    assert_non_null(sampler);
    sampler_draw(sampler, 0, METRICS_IMAGES, NULL, images[0]);
    assert_true(
        yardstick_measure(&yardstick, (struct image_set){images[0], METRICS_IMAGES, PIXELS}, NULL, &figures, &error));
    assert_memory_equal(measured->shares, figures.shares, sizeof figures.shares);
    print_values(&figures, values, sizeof values);
    snprintf(wanted, sizeof wanted, "%s1,%d%s\n", HEADER, STEPS, values);
    assert_file_holds(bench.path, wanted);
    assert_contains(wanted, ",nan\n"); /* nobody asked for classes */
    sampler_free(sampler);
    close_measured(&bench.training);
}

/* As many images of each class as there are training images, in an order of the seed's. */
static void a_conditional_gan_is_asked_for_the_classes_of_the_training_images(void **state)
{
    struct bench bench;
    open_bench(&bench, state, (const char *const[]){"--conditional", NULL});
    const double accuracy = next_row(&bench)->values[FIGURE_ACCURACY];
    assert_in_range((long)(1e6 * accuracy), 0, 1000000);
    assert_true(accuracy * METRICS_IMAGES == floor(accuracy * METRICS_IMAGES));

    /* a generator that shows the class alone, and training images of one class alone */
    struct network *generator = bench.training.gan->generator.network;
    struct error error;
    unsigned char images[METRICS_IMAGES][PIXELS], classes[METRICS_IMAGES], asked[METRICS_IMAGES];
    memset(bench.training.labels, 2, sizeof bench.training.labels);
    memset(asked, 2, sizeof asked);
    metrics_free(bench.training.metrics);
    measure(&bench.training, 1);
    assert_true(metrics_open(bench.training.metrics, &bench.position, &error));
    struct sampler *sampler = sampler_create(&bench.training.options.config, generator, CLASSES, &error);
    assert_non_null(sampler);
    const double found = next_row(&bench)->values[FIGURE_ACCURACY];
    sampler_draw(sampler, 0, METRICS_IMAGES, asked, images[0]);
    assert_true(
        judge_look(judge, (struct image_set){images[0], METRICS_IMAGES, PIXELS}, (struct matrix){0}, classes, &error));
    size_t right = 0;
    for (size_t i = 0; i < METRICS_IMAGES; i++) {
        right += classes[i] == 2;
    }
    assert_true(found == (double)right / METRICS_IMAGES);
    sampler_free(sampler);
    close_measured(&bench.training);
}

static void epochs_are_due_when_every_divides_them(void **state)
{
    static const size_t EVERY[] = {1, 2, 5};
    struct training training;
    open_training(&training, state, (const char *const[]){NULL});
    for (size_t i = 0; i < 3; i++) {
        measure(&training, EVERY[i]);
        for (size_t epoch = 1; epoch <= 20; epoch++) {
            assert_int_equal(metrics_are_due(training.metrics, epoch), epoch % EVERY[i] == 0);
        }
        metrics_free(training.metrics);
    }
    close_training(&training);
}

/* ---- cutting back ---- */

static void rows_of_later_epochs_are_cut_off_and_the_curves_are_those_of_the_others(void **state)
{
    struct bench bench;
    struct error error;
    char *tables[5], *curves[5];
    open_bench(&bench, state, (const char *const[]){NULL});
    assert_true(metrics_draw(bench.training.metrics, &error));
    assert_false(has_file(&bench.training, "metrics.svg"));
    next_row(&bench);
    for (size_t i = 0; i < 5; i++) {
        tables[i] = read_file(&bench.training, "metrics.csv", NULL);
        assert_true(metrics_draw(bench.training.metrics, &error));
        curves[i] = read_file(&bench.training, "metrics.svg", NULL);
        assert_well_formed(curves[i]);
        assert_null(strstr(curves[i], "nan"));
        if (i < 4) {
            next_row(&bench);
        }
    }
    for (size_t i = 5; i-- > 0;) {
        const struct position position = {.epoch = i + 1, .step = i % STEPS};
        const uint64_t steps = bench.training.gan->steps;
        bench.training.gan->steps = (i + 1) * STEPS + i % STEPS;
        assert_true(metrics_open(bench.training.metrics, &position, &error));
        assert_file_holds(bench.path, tables[i]);
        assert_true(metrics_draw(bench.training.metrics, &error));
        assert_file_holds(strcat(strcpy(bench.path, bench.training.outdir), "/metrics.svg"), curves[i]);
        strcat(strcpy(bench.path, bench.training.outdir), "/metrics.csv");
        bench.training.gan->steps = steps;
    }
    for (size_t i = 0; i < 5; i++) {
        assert_true(i == 0 || strcmp(curves[i], curves[i - 1]) != 0);
    }
    for (size_t i = 0; i < 5; i++) {
        free(tables[i]);
        free(curves[i]);
    }
    close_measured(&bench.training);
}

static void a_table_is_cut_where_images_are_not_measured_any_more_and_none_is_made(void **state)
{
    struct bench bench;
    struct error error;
    open_bench(&bench, state, (const char *const[]){NULL});
    next_row(&bench);
    char *one = read_file(&bench.training, "metrics.csv", NULL);
    next_row(&bench);
    assert_true(metrics_close(bench.training.metrics, &error));
    bench.position.epoch = 1;
    bench.training.gan->steps = STEPS + 2;
    assert_true(metrics_cut(bench.training.gan, &bench.position, &error));
    assert_file_holds(bench.path, one);
    assert_int_equal(unlink(bench.path), 0);
    assert_true(metrics_cut(bench.training.gan, &bench.position, &error));
    assert_false(has_file(&bench.training, "metrics.csv"));
    free(one);
    close_measured(&bench.training);
}

/* Rows that are none, whatever follows them; another table under the name. */
static void what_is_no_row_is_refused_and_stays(void **state)
{
    static const char *const BAD[] = {"2,10,1,1,1,1,1,1,1\n",       "2,10,1,1,1,1,1,1,1,1,1\n",
                                      "2,10,x,1,1,1,1,1,1,1\n",     "2,10,1,1,1,1,1,1,1,1",
                                      "2,10,,1,1,1,1,1,1,1\n",      "1,10,1,1,1,1,1,1,1,1\r\n",
                                      "2,10,1,1,1,1,1,1,1,1junk\n", "\n",
                                      "1e300,10,1,1,1,1,1,1,1,1\n", "-1,10,1,1,1,1,1,1,1,1\n",
                                      "2,nan,1,1,1,1,1,1,1,1\n",    "2,1e16,1,1,1,1,1,1,1,1\n"};
    struct bench bench;
    struct error error;
    open_bench(&bench, state, (const char *const[]){NULL});
    next_row(&bench);
    char *one = read_file(&bench.training, "metrics.csv", NULL);
    next_row(&bench);
    assert_true(metrics_close(bench.training.metrics, &error));
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        char text[1024];
        snprintf(text, sizeof text, "%s%s%s", one, BAD[i], "2,10,1,1,1,1,1,1,1,1\n");
        scratch_put(bench.path, text);
        assert_false(metrics_open(bench.training.metrics, &bench.position, &error));
        assert_int_equal(error.status, STATUS_USAGE);
        assert_contains(error.message, "metrics.csv: line 3 is not as gan-train writes it");
        assert_file_holds(bench.path, text);
    }
    static const char OTHER[] = "epoch,step,fid\n1,5,3\n";
    scratch_put(bench.path, OTHER);
    assert_false(metrics_open(bench.training.metrics, &bench.position, &error));
    assert_false(metrics_cut(bench.training.gan, &bench.position, &error));
    assert_contains(error.message, "metrics.csv: line 1 is not as gan-train writes it");
    assert_file_holds(bench.path, OTHER);
    free(one);
    close_measured(&bench.training);
}

static void a_row_that_cannot_be_written_is_an_error(void **state)
{
    struct bench bench;
    struct error error = {0};
    open_bench(&bench, state, (const char *const[]){NULL});
    disk_is_full_at(sizeof HEADER + 10);
    const struct figures *figures = metrics_measure(bench.training.metrics, 1, &error);
    disk_has_room();
    assert_null(figures);
    assert_contains(error.message, "metrics.csv: cannot write: File too large");
    assert_file_holds(bench.path, HEADER);
    close_measured(&bench.training);
}

/* ---- a training ---- */

static void nothing_of_the_training_depends_on_measurements(void **state)
{
    static const char *const PRESETS[] = {"--preset=deep", "--preset=conditional"};
    for (size_t i = 0; i < 2; i++) {
        const char *const flags[] = {PRESETS[i], "--epochs=3", "--log_every=2", NULL};
        struct training with, without;
        struct error error;
        char folder[16], epochs[256];
        snprintf(folder, sizeof folder, "without-%zu", i);
        open_measured(&without, state, folder, 0, flags);
        assert_true(run_training(&without, &error));
        open_measured(&with, state, folder + 4, 1, flags);
        assert_true(run_training(&with, &error));
        check_same_state(&with, &without);
        check_same_file(&with, &without, "training.gif");
        check_same_file(&with, &without, "losses.svg");
        assert_memory_equal(with.reports, without.reports, sizeof with.reports);
        assert_string_equal(epochs_of(&with, epochs), "1 2 3 ");
        assert_int_equal(with.measured_count, 3);
        assert_int_equal(without.measured_count, 0);
        assert_false(has_file(&without, "metrics.csv") || has_file(&without, "metrics.svg"));
        close_measured(&with);
        close_measured(&without);
    }
}

static void the_rows_do_not_depend_on_threads(void **state)
{
    static const char *const flags[] = {"--epochs=1", NULL};
    struct training one, three;
    struct error error;
    open_measured(&one, state, "one", 1, flags);
    assert_true(run_training(&one, &error));
    open_measured(&three, state, "three", 1, flags);
    omp_set_num_threads(3);
    assert_true(run_training(&three, &error));
    omp_set_num_threads(1);
    check_same_metrics(&three, &one);
    close_measured(&one);
    close_measured(&three);
}

/* Loads the folder's latest checkpoint and trains on. */
static bool resume(struct training *training, struct error *error)
{
    struct checkpoint *checkpoint = checkpoint_load(training->outdir, error);
    struct snapshot *last_good = snapshot_create(training->gan, error);
    struct position position = {0};
    assert_non_null(checkpoint);
    assert_non_null(last_good);
    assert_true(checkpoint_restore(checkpoint, training->gan, &position, last_good, error));
    const struct resumption resumption = {&position, last_good, true, true};
    const bool done = run_from(training, &position, last_good, &resumption, error);
    snapshot_free(last_good);
    checkpoint_free(checkpoint);
    return done;
}

/* The row of where it stopped, if it was not due, goes when it goes on. */
static void a_run_stopped_at_any_step_has_the_rows_of_one_in_one_piece(void **state)
{
    static const char *const flags[] = {"--preset=deep", "--epochs=3", NULL};
    static const struct {
        size_t every;
        uint64_t stop_at; /* around the ends of epochs */
        const char *stopped, *whole;
    } CASES[] = {
        {1, 4, "0+4 ", "1 2 3 "}, {1, 5, "1 ", "1 2 3 "}, {1, 6, "1 1+1 ", "1 2 3 "}, {1, 12, "1 2 2+2 ", "1 2 3 "},
        {2, 5, "1 ", "2 3 "},     {2, 6, "1+1 ", "2 3 "}, {2, 10, "2 ", "2 3 "},      {3, 10, "2 ", "3 "},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct training whole, part;
        struct error error;
        char epochs[256], folder[32];
        snprintf(folder, sizeof folder, "whole-%zu", i);
        open_measured(&whole, state, folder, CASES[i].every, flags);
        assert_true(run_training(&whole, &error));
        assert_string_equal(epochs_of(&whole, epochs), CASES[i].whole);
        snprintf(folder, sizeof folder, "part-%zu", i);
        open_measured(&part, state, folder, CASES[i].every, flags);
        part.stop_at = CASES[i].stop_at;
        assert_false(run_training(&part, &error));
        assert_string_equal(epochs_of(&part, epochs), CASES[i].stopped);
        close_measured(&part);
        open_measured(&part, state, folder, CASES[i].every, flags);
        assert_true(resume(&part, &error));
        check_same_metrics(&part, &whole);
        close_measured(&part);
        close_measured(&whole);
    }
}

/* From an older checkpoint, measured or not: what is not of its past goes. */
static void a_run_that_goes_on_from_before_has_no_rows_of_after(void **state)
{
    static const char *const flags[] = {"--epochs=3", NULL};
    for (size_t every = 0; every <= 2; every++) {
        struct training part;
        struct error error;
        char folder[32], epochs[256];
        snprintf(folder, sizeof folder, "part-%zu", every);
        open_measured(&part, state, folder, 1, flags);
        part.stop_at = STEPS + 2;
        assert_false(run_training(&part, &error));
        size_t size;
        char *checkpoint = read_file(&part, "checkpoints/latest.safetensors", &size);
        close_measured(&part);
        open_measured(&part, state, folder, 1, flags);
        assert_true(resume(&part, &error));
        assert_string_equal(epochs_of(&part, epochs), "1 2 3 ");
        char path[SCRATCH_PATH + 64];
        snprintf(path, sizeof path, "%s/checkpoints/latest.safetensors", part.outdir);
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(checkpoint, 1, size, file), size);
        fclose(file);
        free(checkpoint);
        close_measured(&part);
        open_measured(&part, state, folder, every, flags);
        part.stop_at = STEPS + 3; /* before the next row */
        assert_false(resume(&part, &error));
        assert_string_equal(epochs_of(&part, epochs), every ? "1 1+3 " : "1 ");
        close_measured(&part);
        open_measured(&part, state, folder, every, flags);
        assert_true(resume(&part, &error));
        assert_string_equal(epochs_of(&part, epochs), every == 0 ? "1 " : "1 2 3 ");
        close_measured(&part);
    }
}

/* ---- rescues ---- */

/* Turns G's units off for good once, at a step. */
static void kill_units_at(struct training *training, uint64_t step)
{
    struct network *generator = training->gan->generator.network;
    if (training->gan->steps == step && training->rescue_count == 0) {
        memset(generator->parameters, 0, generator->parameter_count * sizeof(real));
        memset(generator->first_moments, 0, generator->parameter_count * sizeof(real));
        for (size_t i = 0; i < generator->layers[0].outputs; i++) {
            generator->parameters[generator->layers[0].bias + i] = -1;
        }
    }
}

static void kill_units(struct training *training)
{
    kill_units_at(training, STEPS + 2);
}

static void kill_units_later(struct training *training)
{
    kill_units_at(training, 5 * STEPS + 2);
}

/* Stopped between the state that it will go back to and the rescue, in an epoch that is not due for a row or a picture:
 * those of the state it goes back to stay, which were due. */
static void a_rescue_after_a_stop_keeps_what_was_due(void **state)
{
    static const char *const flags[] = {"--preset=minimax", "--epochs=27", "--sample_every=5", NULL};
    struct training whole, part;
    struct error error;
    char epochs[256];
    open_measured(&whole, state, "whole", 5, flags);
    whole.meddle = kill_units_later;
    assert_true(run_training(&whole, &error));
    assert_int_equal(whole.rescue_count, 1);
    assert_int_equal(whole.rescues[0].back_to_epoch, 5);
    open_measured(&part, state, "part", 5, flags);
    part.meddle = kill_units_later;
    part.stop_at = 7 * STEPS;
    assert_false(run_training(&part, &error));
    assert_string_equal(epochs_of(&part, epochs), "5 7 ");
    close_measured(&part);
    open_measured(&part, state, "part", 5, flags);
    assert_true(resume(&part, &error));
    assert_int_equal(part.rescue_count, 1);
    check_same_metrics(&part, &whole);
    check_same_file(&part, &whole, "samples/epoch_0005.png");
    close_measured(&part);
    close_measured(&whole);
}

/* Found out in the 22nd epoch, when the rows since the second are of a state that is taken back. */
static void a_rescue_takes_rows_back(void **state)
{
    static const char *const flags[] = {"--preset=minimax", "--epochs=23", "--sample_every=1000", NULL};
    struct training training, again;
    struct error error;
    char epochs[256];
    open_measured(&training, state, "one", 10, flags);
    training.meddle = kill_units;
    assert_true(run_training(&training, &error));
    assert_int_equal(training.rescue_count, 1);
    assert_int_equal(training.rescues[0].back_to_epoch, 1);
    assert_string_equal(epochs_of(&training, epochs), "10 20 23 ");
    open_measured(&again, state, "again", 10, flags);
    again.meddle = kill_units;
    assert_true(run_training(&again, &error));
    check_same_metrics(&again, &training);

    /* rows of dead units are all alike */
    char *table = read_file(&training, "metrics.csv", NULL);
    const char *first = strstr(table, "\n10,"), *second = strstr(table, "\n20,");
    assert_non_null(first);
    assert_non_null(second);
    assert_int_not_equal(strncmp(strchr(first + 4, ','), strchr(second + 4, ','), 30), 0);
    free(table);
    close_measured(&training);
    close_measured(&again);
}

/* ---- troubles ---- */

static void the_observer_is_told_of_troubles(void **state)
{
    static const char *const flags[] = {"--epochs=6", "--learning_rate=1e-9", "--init=normal:0.02", NULL};
    struct training training;
    struct error error;
    open_measured(&training, state, "run", 1, flags);
    assert_true(run_training(&training, &error)); /* all images are alike, and D gives one half */
    assert_int_equal(training.trouble_count, 2);
    assert_int_equal(training.troubles[0].kind, TROUBLE_D_IS_LOST);
    assert_int_equal(training.troubles[0].epoch, 3);
    assert_int_equal(training.troubles[1].kind, TROUBLE_CLASSES_DIED);
    assert_int_equal(training.troubles[1].epoch, 5);
    assert_int_equal(training.troubles[1].classes, CLASSES);
    assert_int_equal(training.troubles[1].alive, 1);
    close_measured(&training);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(a_row_is_what_the_yardstick_says_of_the_first_2000_images),
        scratch_test(a_conditional_gan_is_asked_for_the_classes_of_the_training_images),
        scratch_test(epochs_are_due_when_every_divides_them),
        scratch_test(rows_of_later_epochs_are_cut_off_and_the_curves_are_those_of_the_others),
        scratch_test(a_table_is_cut_where_images_are_not_measured_any_more_and_none_is_made),
        scratch_test(what_is_no_row_is_refused_and_stays),
        scratch_test(a_row_that_cannot_be_written_is_an_error),
        scratch_test(nothing_of_the_training_depends_on_measurements),
        scratch_test(the_rows_do_not_depend_on_threads),
        scratch_test(a_run_stopped_at_any_step_has_the_rows_of_one_in_one_piece),
        scratch_test(a_run_that_goes_on_from_before_has_no_rows_of_after),
        scratch_test(a_rescue_takes_rows_back),
        scratch_test(a_rescue_after_a_stop_keeps_what_was_due),
        scratch_test(the_observer_is_told_of_troubles),
    };
    return cmocka_run_group_tests_name("metrics", tests, prepare, clean_up);
}
