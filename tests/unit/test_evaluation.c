/* A whole evaluation: which images are asked for and which real ones drawn, the figures of pixels, what is left out
 * without a judge, threads that change no bit, and a watch that ends it. */
#include "named_images.h"

#include "eval/evaluation.h"
#include "eval/nearest.h"
#include "eval/parzen.h"
#include "nn/matmul.h"

#include <math.h>
#include <omp.h>
#include <string.h>

enum {
    TRAINING = 120, /* each of a class of its own */
    VALIDATION = 100, /* the first of those that choose the width of the Parzen windows, to the end */
    TEST = 50,
    COUNT = 30,
    DRAWS = 5,
    K = 3,
};

static const struct watch NOBODY;

/* A source that makes its images from their numbers, and notes what it was asked for. */
struct maker {
    size_t calls, first[2 * DRAWS], count[2 * DRAWS];
    bool asked[2 * DRAWS];
    size_t failing; /* the call that fails, from 1 */
};

static unsigned char class_of(size_t image)
{
    return (unsigned char)(image % 4);
}

static bool make_images(void *context, size_t first, size_t count, unsigned char *bytes, unsigned char *asked,
                        struct error *error)
{
    struct maker *maker = context;
    assert_true(maker->calls < 2 * DRAWS);
    maker->first[maker->calls] = first;
    maker->count[maker->calls] = count;
    maker->asked[maker->calls] = asked;
    maker->calls++;
    for (size_t i = 0; i < count; i++) {
        named_fill(bytes + i * NAMED_PIXELS, class_of(first + i), (uint32_t)(first + i));
        if (asked) {
            asked[i] = (unsigned char)((first + i) % 5 ? class_of(first + i) : 99); /* a fifth is not as asked for */
        }
    }
    return maker->calls != maker->failing || error_set(error, STATUS_FAILED, "the maker is out of order");
}

/* Image i of the source has one pixel of i; with black training images its distance to them is i / 255. */
static bool make_dots(void *context, size_t first, size_t count, unsigned char *bytes, unsigned char *asked,
                      struct error *error)
{
    (void)context;
    (void)asked;
    (void)error;
    memset(bytes, 0, count * NAMED_PIXELS);
    for (size_t i = 0; i < count; i++) {
        bytes[i * NAMED_PIXELS + (first + i) % NAMED_PIXELS] =
            (unsigned char)((first + i) * 7 % count); /* in no order */
    }
    return true;
}

struct scene {
    struct judge *judge;
    unsigned char training_labels[TRAINING], test_labels[TEST];
    unsigned char *training, *test;
    struct maker maker;
    struct evaluation_plan plan;
    struct evaluation evaluation;
};

static struct scene *make(void)
{
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    scene->judge = named_judge();
    for (size_t i = 0; i < TRAINING; i++) {
        scene->training_labels[i] = (unsigned char)i;
    }
    for (size_t i = 0; i < TEST; i++) {
        scene->test_labels[i] = (unsigned char)(2 * i);
    }
    scene->training = named_make(scene->training_labels, TRAINING, 7000);
    scene->test = named_make(scene->test_labels, TEST, 8000);
    for (size_t i = 0; i < 5; i++) {
        scene->test_labels[i] = 99; /* so that the judge knows nine tenths of them */
    }
    scene->plan = (struct evaluation_plan){
        .source = {make_images, &scene->maker, true},
        .real = {.training = {scene->training, TRAINING, NAMED_PIXELS},
                 .test = {scene->test, TEST, NAMED_PIXELS},
                 .training_labels = scene->training_labels,
                 .test_labels = scene->test_labels},
        .judge = scene->judge,
        .count = COUNT,
        .draws = DRAWS,
        .real_draws = DRAWS,
        .neighbours = K,
        .seed = 1,
    };
    return scene;
}

static void clear(struct scene *scene)
{
    judge_free(scene->judge);
    free(scene->training);
    free(scene->test);
    free(scene);
}

static void run(struct scene *scene)
{
    struct error error;
    scene->maker = (struct maker){0};
    memset(&scene->evaluation, 1, sizeof scene->evaluation);
    if (!evaluation_run(&scene->plan, &NOBODY, &scene->evaluation, &error)) {
        fail_msg("%s", error.message);
    }
}

/* --- what is drawn --- */

/* Each draw goes on where another one ended, and none is asked for twice. */
static void images_of_the_source(void **state)
{
    (void)state;
    struct scene *scene = make();
    run(scene);
    bool asked_for[DRAWS] = {false};
    assert_int_equal(scene->maker.calls, DRAWS);
    for (size_t i = 0; i < DRAWS; i++) {
        const size_t draw = scene->maker.first[i] / COUNT;
        assert_int_equal(scene->maker.first[i] % COUNT, 0);
        assert_true(draw < DRAWS && !asked_for[draw]);
        assert_int_equal(scene->maker.count[i], COUNT);
        assert_true(scene->maker.asked[i]);
        asked_for[draw] = true;
    }
    for (size_t d = 0; d < DRAWS; d++) { /* the figures of draw d are those of its images */
        double shares[4] = {0};
        for (size_t i = 0; i < COUNT; i++) {
            shares[class_of(d * COUNT + i)]++;
        }
        for (size_t c = 0; c < 4; c++) {
            assert_true(scene->evaluation.generated[d].shares[c] == shares[c] / COUNT);
        }
        assert_true(fabs(scene->evaluation.generated[d].values[FIGURE_ACCURACY] - 0.8) < 1e-15);
    }
    assert_int_equal(scene->evaluation.draws, DRAWS);
    clear(scene);
}

/* How often each training image, which is a class of its own, is among those of the first so many draws. */
static void count_drawn(const struct evaluation *evaluation, size_t draws, double drawn[TRAINING])
{
    for (size_t c = 0; c < TRAINING; c++) {
        drawn[c] = 0;
        for (size_t d = 0; d < draws; d++) {
            drawn[c] += round(evaluation->real[d].shares[c] * (double)evaluation->real_count);
        }
    }
}

static void real_images_once(void **state)
{
    (void)state;
    struct scene *scene = make();
    double drawn[TRAINING], others[TRAINING], sum = 0;
    run(scene);
    assert_int_equal(scene->evaluation.real_count, COUNT);
    assert_int_equal(scene->evaluation.real_draws, 3); /* of the 100 that may be drawn */
    count_drawn(&scene->evaluation, 3, drawn);
    for (size_t i = 0; i < TRAINING; i++) {
        assert_true(drawn[i] == 0 || (i < VALIDATION && drawn[i] == 1));
        sum += drawn[i];
    }
    assert_true(sum == 3 * COUNT);
    count_drawn(&scene->evaluation, 1, drawn);
    for (size_t d = 1; d < 3; d++) { /* how well the judge knows training images says nothing */
        assert_true(isnan(scene->evaluation.real[d].values[FIGURE_ACCURACY]));
    }

    scene->plan.draws = 1;
    scene->plan.seed = 2;
    run(scene);
    count_drawn(&scene->evaluation, 1, others);
    assert_memory_not_equal(drawn, others, sizeof drawn);
    scene->plan.seed = 1;
    run(scene);
    count_drawn(&scene->evaluation, 1, others);
    assert_memory_equal(drawn, others, sizeof drawn);

    assert_int_equal(scene->evaluation.real_draws, 3); /* however few draws there are of others */
    assert_int_equal(scene->maker.calls, 1);

    scene->plan.draws = 3;
    scene->plan.real_draws = 2; /* fewer are wanted than there could be */
    run(scene);
    assert_int_equal(scene->evaluation.real_draws, 2);
    assert_int_equal(scene->maker.calls, 3);
    scene->plan.count = VALIDATION + 1; /* more than there are: then all of them, once */
    run(scene);
    assert_int_equal(scene->evaluation.real_count, VALIDATION);
    assert_int_equal(scene->evaluation.real_draws, 1);
    count_drawn(&scene->evaluation, 1, drawn);
    for (size_t i = 0; i < TRAINING; i++) {
        assert_true(drawn[i] == (i < VALIDATION));
    }
    clear(scene);
}

/* The validation images lie behind the first five sixths, also where images come after them. */
static void validation_in_the_middle(void **state)
{
    (void)state;
    enum { MANY = 6600, FIRST = 5500, LAST = 6499 };
    struct scene *scene = make();
    unsigned char *labels = calloc(MANY, 1);
    assert_non_null(labels);
    for (size_t i = 0; i < MANY; i++) {
        labels[i] = i < FIRST ? 0 : i <= LAST ? 1 : 2;
    }
    unsigned char *bytes = named_make(labels, MANY, 9000);
    scene->plan.real.training = (struct image_set){bytes, MANY, NAMED_PIXELS};
    scene->plan.real.training_labels = labels;
    scene->plan.draws = 1;
    scene->plan.count = 300;
    run(scene);
    const double *shares = scene->evaluation.real[0].shares;
    assert_true(shares[0] > 0.9 && shares[1] == 0 && shares[2] > 0);
    free(labels);
    free(bytes);
    clear(scene);
}

static void what_the_judge_knows(void **state)
{
    (void)state;
    struct scene *scene = make();
    scene->plan.draws = 1;
    run(scene);
    assert_true(scene->evaluation.judge_accuracy == 0.9);
    assert_true(scene->evaluation.real[0].values[FIGURE_ACCURACY] == 0.9);
    assert_int_equal(evaluation_classes(&scene->evaluation), TRAINING);
    for (size_t c = 0; c < CLASSES_MAX; c++) {
        assert_true(scene->evaluation.shares[c] == (c < TRAINING ? 1.0 / TRAINING : 0));
    }
    scene->plan.source.has_classes = false;
    run(scene);
    assert_false(scene->maker.asked[0]);
    assert_true(scene->evaluation.judge_accuracy == 0.9);
    assert_true(isnan(scene->evaluation.real[0].values[FIGURE_ACCURACY]));
    assert_true(isnan(scene->evaluation.generated[0].values[FIGURE_ACCURACY]));
    scene->plan.source.has_classes = true;
    scene->plan.real.test_labels = NULL;
    run(scene);
    assert_true(isnan(scene->evaluation.judge_accuracy));
    assert_true(isnan(scene->evaluation.real[0].values[FIGURE_ACCURACY]));
    assert_true(fabs(scene->evaluation.generated[0].values[FIGURE_ACCURACY] - 0.8) < 1e-15);
    clear(scene);
}

/* --- pixels --- */

static void assert_nearest(const struct figures *figures, double median, double error)
{
    if (fabs(figures->values[FIGURE_NEAREST] * 255 - median) > 1e-9 ||
        fabs(figures->errors[FIGURE_NEAREST] * 255 - error) > 1e-9) {
        fail_msg("%g +- %g of 255; wanted %g +- %g", figures->values[FIGURE_NEAREST] * 255,
                 figures->errors[FIGURE_NEAREST] * 255, median, error);
    }
}

static void median_of_distances(void **state)
{
    (void)state;
    struct scene *scene = make();
    memset(scene->training, 0, TRAINING * NAMED_PIXELS);
    memset(scene->test, 0, TEST * NAMED_PIXELS);
    for (size_t i = 0; i < TEST; i++) {
        scene->test[i * NAMED_PIXELS] = (unsigned char)(TEST - i); /* 1 .. 50 */
    }
    scene->plan.judge = NULL;
    scene->plan.source.draw = make_dots;
    scene->plan.count = 61; /* distances 0 .. 60 */
    run(scene);
    assert_nearest(&scene->evaluation.generated[0], 30, 4); /* 30 -+ sqrt(61) / 2: the 26-th and the 34-th */
    assert_nearest(&scene->evaluation.real[0], 25.5, 4.5); /* 24.5 -+ sqrt(50) / 2 from 0: the 20-th and the 29-th */
    scene->plan.count = 60;
    run(scene);
    assert_nearest(&scene->evaluation.generated[0], 29.5, 4.5);
    scene->plan.count = 1;
    run(scene);
    assert_nearest(&scene->evaluation.generated[0], 0, 0);
    scene->plan.count = 1200; /* some slices */
    scene->plan.draws = 1;
    run(scene);
    assert_true(scene->evaluation.generated[0].values[FIGURE_NEAREST] > 0);
    clear(scene);
}

/* The figures of real images of an evaluation of another source are taken over, but for those that depend on what the
 * generator may have seen. */
static void beside_another(void **state)
{
    (void)state;
    struct scene *scene = make(), *other = make();
    other->plan.source = (struct image_source){make_dots, NULL, false};
    run(scene);
    run(other);
    struct evaluation alone = other->evaluation;
    scene->evaluation.real[1].values[FIGURE_FRECHET] = 123; /* so that it can be told from one that is measured */
    scene->evaluation.real[0].values[FIGURE_PARZEN] = 456;
    scene->evaluation.real[0].values[FIGURE_NEAREST] = 789;
    scene->evaluation.real_parzen_sigma = 0.125;
    other->plan.beside = &scene->evaluation;
    run(other);
    const struct evaluation *evaluation = &other->evaluation;
    assert_memory_equal(evaluation->generated, alone.generated, sizeof alone.generated);
    assert_true(evaluation->real[1].values[FIGURE_FRECHET] == 123);
    assert_true(evaluation->real[0].values[FIGURE_PARZEN] == 456);
    assert_true(evaluation->real[0].values[FIGURE_NEAREST] == 789);
    assert_true(evaluation->real_parzen_sigma == 0.125);
    assert_true(evaluation->real_draws == alone.real_draws);
    assert_true(isnan(evaluation->real[0].values[FIGURE_ACCURACY])); /* this source has no classes */
    other->plan.real.remembered = TRAINING; /* all, said otherwise */
    run(other);
    assert_true(evaluation->real[0].values[FIGURE_PARZEN] == 456);
    assert_true(evaluation->real[0].values[FIGURE_NEAREST] == alone.real[0].values[FIGURE_NEAREST]);
    clear(scene);
    clear(other);
}

/* Only the images that the generator may have seen can be remembered. */
static void nearest_of_those_seen(void **state)
{
    (void)state;
    struct scene *scene = make();
    memset(scene->training, 0, TRAINING * NAMED_PIXELS);
    memset(scene->training, 3, 40 * NAMED_PIXELS); /* the first 40 are all of 3 */
    scene->plan.judge = NULL;
    scene->plan.source.draw = make_dots;
    scene->plan.count = 1; /* a black one */
    run(scene);
    assert_nearest(&scene->evaluation.generated[0], 0, 0);
    scene->plan.real.remembered = 40;
    run(scene);
    assert_nearest(&scene->evaluation.generated[0], 3 * sqrt(NAMED_PIXELS), 0);
    scene->plan.real.remembered = 41;
    run(scene);
    assert_nearest(&scene->evaluation.generated[0], 0, 0);
    clear(scene);
}

/* Windows on the first draw, their width chosen by the validation images, on all test images. */
static void parzen_windows(void **state)
{
    (void)state;
    struct scene *scene = make();
    struct error error;
    struct parzen wanted;
    double sigmas[PARZEN_SIGMAS], drawn[TRAINING];
    unsigned char *images = malloc(COUNT * NAMED_PIXELS);
    assert_non_null(images);
    scene->plan.draws = 2;
    run(scene);
    parzen_candidates(sigmas);
    const struct image_set validation = {scene->training + VALIDATION * NAMED_PIXELS, TRAINING - VALIDATION,
                                         NAMED_PIXELS};
    const struct image_set test = {scene->test, TEST, NAMED_PIXELS};
    const struct parzen_windows windows = {{images, COUNT, NAMED_PIXELS}, sigmas, PARZEN_SIGMAS};
    assert_true(make_images(&scene->maker, 0, COUNT, images, NULL, &error));
    assert_true(parzen_measure(&windows, validation, test, &(struct watch){NULL}, &wanted, &error));
    assert_true(scene->evaluation.generated[0].values[FIGURE_PARZEN] == wanted.mean);
    assert_true(scene->evaluation.generated[0].errors[FIGURE_PARZEN] == wanted.standard_error);
    assert_true(scene->evaluation.parzen_sigma == wanted.sigma);

    count_drawn(&scene->evaluation, 1, drawn); /* and the same of real ones: those of the first draw */
    size_t found = 0;
    for (size_t i = 0; i < TRAINING; i++) {
        if (drawn[i] == 1) {
            memcpy(images + found++ * NAMED_PIXELS, scene->training + i * NAMED_PIXELS, NAMED_PIXELS);
        }
    }
    assert_int_equal(found, COUNT);
    assert_true(parzen_measure(&windows, validation, test, &(struct watch){NULL}, &wanted, &error));
    assert_true(fabs(scene->evaluation.real[0].values[FIGURE_PARZEN] - wanted.mean) < 1e-4); /* in another order */
    assert_true(scene->evaluation.real_parzen_sigma == wanted.sigma);
    assert_true(isnan(scene->evaluation.generated[1].values[FIGURE_PARZEN])); /* of the first draw alone */
    assert_true(isnan(scene->evaluation.generated[1].values[FIGURE_NEAREST]));
    free(images);
    clear(scene);
}

/* --- the whole --- */

static void without_a_judge(void **state)
{
    (void)state;
    struct scene *scene = make();
    scene->plan.draws = scene->plan.real_draws = 2;
    run(scene);
    struct evaluation *with = malloc(sizeof *with);
    assert_non_null(with);
    *with = scene->evaluation;
    scene->plan.judge = NULL;
    scene->plan.real.training_labels = scene->plan.real.test_labels = NULL;
    run(scene);
    const struct evaluation *without = &scene->evaluation;
    for (size_t f = 0; f < FIGURES; f++) {
        const bool of_pixels = f == FIGURE_NEAREST || f == FIGURE_PARZEN;
        assert_true(of_pixels ? without->generated[0].values[f] == with->generated[0].values[f]
                              : isnan(without->generated[0].values[f]));
        assert_true(of_pixels ? without->real[0].values[f] == with->real[0].values[f]
                              : isnan(without->real[0].values[f]));
        assert_true(isnan(without->generated[1].values[f]) && isnan(without->real[1].values[f]));
    }
    assert_true(isnan(without->judge_accuracy));
    assert_int_equal(evaluation_classes(without), 0);
    assert_int_equal(without->draws, 2);
    assert_int_equal(without->real_draws, 2);
    free(with);
    clear(scene);
}

static void threads_change_no_bit(void **state)
{
    (void)state;
    struct scene *scene = make();
    struct evaluation *one = malloc(sizeof *one);
    assert_non_null(one);
    scene->plan.draws = 1;
    omp_set_num_threads(1);
    run(scene);
    *one = scene->evaluation;
    for (int threads = 1; threads <= 3; threads++) {
        omp_set_num_threads(threads);
        run(scene);
        assert_memory_equal(&scene->evaluation, one, sizeof *one);
    }
    free(one);
    clear(scene);
}

struct listener {
    size_t told, limit;
    const char *what;
    double last;
    volatile sig_atomic_t stop;
};

/* Of one thing what is done grows; it ends what tells it for the `limit`-th time. */
static void listen(void *context, const char *what, double done)
{
    struct listener *listener = context;
    assert_true(done >= 0 && done < 1);
    assert_true(!listener->what || strcmp(what, listener->what) != 0 || done >= listener->last);
    listener->what = what;
    listener->last = done;
    if (++listener->told == listener->limit) {
        listener->stop = 1;
    }
}

static void watched(void **state)
{
    (void)state;
    struct scene *scene = make();
    struct listener listener = {.limit = 0};
    const struct watch watch = {listen, &listener, &listener.stop};
    struct error error = {0};
    scene->plan.draws = 1;
    scene->maker = (struct maker){0};
    assert_true(evaluation_run(&scene->plan, &watch, &scene->evaluation, &error));
    const size_t all = listener.told;
    assert_in_range(all, 2 + 4, 2 + 8);
    for (size_t limit = 1; limit <= all; limit++) {
        listener = (struct listener){.limit = limit};
        scene->maker = (struct maker){0};
        error = (struct error){0};
        assert_false(evaluation_run(&scene->plan, &watch, &scene->evaluation, &error));
        assert_int_equal(error.status, STATUS_STOPPED);
        assert_in_range(listener.told, limit, limit + 1);
    }
    clear(scene);
}

static void a_source_that_fails(void **state)
{
    (void)state;
    struct scene *scene = make();
    scene->plan.draws = 2;
    for (size_t failing = 1; failing <= 2; failing++) {
        struct error error = {0};
        scene->maker = (struct maker){.failing = failing};
        assert_false(evaluation_run(&scene->plan, &NOBODY, &scene->evaluation, &error));
        assert_string_equal(error.message, "the maker is out of order");
        assert_int_equal(scene->maker.calls, failing);
    }
    clear(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(images_of_the_source),
        cmocka_unit_test(real_images_once),
        cmocka_unit_test(validation_in_the_middle),
        cmocka_unit_test(what_the_judge_knows),
        cmocka_unit_test(median_of_distances),
        cmocka_unit_test(beside_another),
        cmocka_unit_test(nearest_of_those_seen),
        cmocka_unit_test(parzen_windows),
        cmocka_unit_test(without_a_judge),
        cmocka_unit_test(threads_change_no_bit),
        cmocka_unit_test(watched),
        cmocka_unit_test(a_source_that_fails),
    };
    matmul_prepare();
    return cmocka_run_group_tests_name("evaluation", tests, NULL, NULL);
}
