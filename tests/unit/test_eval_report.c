/* What gan-eval prints: a table of 80 columns whatever the figures are, JSON with all of them, and how far it is. */
#include "unit.h"

#include "cli/eval_table.h"
#include "cli/watch_view.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 80 };

/* A report of two draws, three classes and a judge. */
struct scene {
    struct subject subject;
    struct real_images images;
    struct judge_find find;
    struct evaluation_plan plan;
    struct evaluation evaluation;
    struct eval_report report;
};

static char IMAGES[] = "train-images", LABELS[] = "train-labels", TEST[] = "t10k-images", PATH[] = "/cache/judge";

static struct scene *make(void)
{
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    struct evaluation *evaluation = &scene->evaluation;
    scene->subject.name = "out/latest";
    scene->images.training = (struct dataset){
        .count = 60000, .height = 28, .width = 28, .classes = 3, .images_path = IMAGES, .labels_path = LABELS};
    scene->images.test = (struct dataset){.count = 10000, .height = 28, .width = 28, .images_path = TEST};
    scene->find = (struct judge_find){.path = PATH, .kept = true};
    scene->plan = (struct evaluation_plan){.count = 10000, .neighbours = 5};
    scene->subject.seed = 7;
    evaluation->draws = evaluation->real_draws = 2;
    evaluation->real_count = 10000;
    evaluation->judge_accuracy = 0.98765;
    evaluation->parzen_sigma = 0.2;
    evaluation->real_parzen_sigma = 0.25;
    for (size_t d = 0; d < 2; d++) {
        figures_clear(&evaluation->generated[d]);
        figures_clear(&evaluation->real[d]);
        for (size_t f = 0; f < FIGURES; f++) {
            evaluation->generated[d].values[f] = (double)f + (double)d;
            evaluation->real[d].values[f] = 0.5 * (double)f;
        }
        for (size_t c = 0; c < 3; c++) {
            evaluation->generated[d].shares[c] = c == d ? 0.75 : 0.125;
            evaluation->shares[c] = c == 2 ? 0 : 0.5;
        }
    }
    for (enum figure f = FIGURE_NEAREST; f <= FIGURE_PARZEN; f++) { /* of the first draw alone */
        evaluation->generated[1].values[f] = evaluation->real[1].values[f] = (double)NAN;
        evaluation->generated[0].errors[f] = 0.125;
    }
    evaluation->real[1].values[FIGURE_ACCURACY] = (double)NAN;
    scene->report = (struct eval_report){&scene->subject, &scene->images, &scene->find, &scene->plan, evaluation};
    return scene;
}

/* To be freed. */
static char *printed(const struct scene *scene)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    eval_report_print(&scene->report, out);
    assert_int_equal(fclose(out), 0);
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
        if (strcspn(line, "\n") > COLUMNS || (strcspn(line, "\n") > 0 && line[strcspn(line, "\n") - 1] == ' ')) {
            fail_msg("too wide, or with a blank at its end: %.*s", (int)strcspn(line, "\n"), line);
        }
    }
    return text;
}

static void assert_printed(const struct scene *scene, const char *wanted)
{
    char *text = printed(scene);
    if (!strstr(text, wanted)) {
        fail_msg("no\n%s\nin\n%s", wanted, text);
    }
    free(text);
}

static const char TABLE[] = "real       60,000 training and 10,000 test images of 28 x 28, 3 classes\n"
                            "           train-images\n"
                            "           t10k-images\n"
                            "judge      knows 98.77 % of the test images; was kept\n"
                            "           /cache/judge\n"
                            "measured   out/latest\n"
                            "           2 draws of 10,000 images; real: 2 of 10,000 training images\n"
                            "\n"
                            "                        these images         real images          better\n"
                            "Frechet distance (FD)   0.50 +- 0.71         0.00 +- 0.00         lower\n"
                            "coverage                1.500 +- 0.707       0.500 +- 0.000       higher\n"
                            "recall                  2.500 +- 0.707       1.000 +- 0.000       higher\n"
                            "precision               3.500 +- 0.707       1.500 +- 0.000       as real ones'\n"
                            "density                 4.500 +- 0.707       2.000 +- 0.000       as real ones'\n"
                            "classes alive           5.5 of 2             2.5 of 2             higher\n"
                            "KL of the classes       6.50000 +- 0.70711   3.00000 +- 0.00000   lower\n"
                            "class accuracy          7.5000 +- 0.7071     3.5000               higher\n"
                            "nearest training image  8.000 +- 0.125       4.000                as real ones'\n"
                            "Parzen log-likelihood   9.0 +- 0.1           4.5                  higher\n"
                            "\n"
                            "class             0     1     2\n"
                            "these, %       43.8  43.8  12.5\n"
                            "real, %        50.0  50.0   0.0\n";

static void the_table(void **state)
{
    (void)state;
    struct scene *scene = make();
    char *text = printed(scene);
    assert_string_equal(text, TABLE);
    free(text);
    free(scene);
}

static void the_judge(void **state)
{
    (void)state;
    struct scene *scene = make();
    scene->find.trained = true;
    assert_printed(scene, "test images; trained now\n           /cache/judge\n");
    scene->find.damaged = true;
    scene->evaluation.judge_accuracy = 1;
    assert_printed(scene, "knows 100.00 % of the test images; trained anew: its file was no good\n");
    scene->find.kept = false;
    error_set(&scene->find.why_not, STATUS_FAILED, "the disk is full");
    assert_printed(scene, "no good\n           not kept: the disk is full\n");
    scene->evaluation.judge_accuracy = (double)NAN;
    assert_printed(scene, "judge      trained anew");
    free(scene);
}

static void without_a_judge(void **state)
{
    (void)state;
    struct scene *scene = make();
    scene->report.judge = NULL;
    scene->images.training.classes = 0;
    scene->images.training.built_in = true;
    scene->images.test.images_path = NULL;
    scene->evaluation.draws = scene->evaluation.real_draws = 1;
    for (enum figure f = 0; f < FIGURE_NEAREST; f++) {
        scene->evaluation.generated[0].values[f] = scene->evaluation.real[0].values[f] = (double)NAN;
    }
    char *text = printed(scene);
    assert_string_equal(text, "real       60,000 training and 10,000 test images of 28 x 28\n"
                              "           built-in drawn digits\n"
                              "judge      none: it takes labels of two classes; only pixels are compared\n"
                              "measured   out/latest\n"
                              "           1 draw of 10,000 images; real: 1 of 10,000 training images\n"
                              "\n"
                              "                        these images         real images          better\n"
                              "nearest training image  8.000 +- 0.125       4.000                as real ones'\n"
                              "Parzen log-likelihood   9.0 +- 0.1           4.5                  higher\n");
    free(text);
    free(scene);
}

/* Figures as wide as they come, an infinite one, and more classes than stand in a row. */
static void wide_ones(void **state)
{
    (void)state;
    struct scene *scene = make();
    scene->images.training.classes = 256;
    scene->images.training.height = scene->images.training.width = 1024;
    for (size_t d = 0; d < 2; d++) {
        scene->evaluation.generated[d].values[FIGURE_FRECHET] = 90000 + 1000 * (double)d;
        scene->evaluation.generated[d].values[FIGURE_KL] = d ? 1 : (double)INFINITY;
        scene->evaluation.generated[d].values[FIGURE_CLASSES] = 255 + (double)d;
        for (size_t c = 0; c < 256; c++) {
            scene->evaluation.shares[c] = 1;
            scene->evaluation.generated[d].shares[c] = 1;
        }
    }
    scene->evaluation.generated[0].values[FIGURE_PARZEN] = -123456.7;
    scene->evaluation.generated[0].errors[FIGURE_PARZEN] = 1234.5;
    assert_printed(scene, "\nFrechet distance (FD)   90500.00 +- 707.11   0.00 ");
    assert_printed(scene, "\nclasses alive           255.5 of 256         2.5 of 256 ");
    assert_printed(scene, "\nKL of the classes       inf                  3.00000 ");
    assert_printed(scene, "\nParzen log-likelihood   -123456.7 +- 1234.5  4.5 ");
    assert_printed(scene, "\n\nclass           250   251   252   253   254   255\nthese, %      100.0 100.0 100.0");
    free(scene);
}

/* A class that neither training images nor generated ones have is none to show. */
static void classes_that_nobody_has(void **state)
{
    (void)state;
    struct scene *scene = make();
    scene->evaluation.shares[1] = scene->evaluation.generated[0].shares[1] = scene->evaluation.generated[1].shares[1] =
        0;
    assert_printed(scene, "\n\nclass             0     2\nthese, %       43.8  12.5\nreal, %        50.0   0.0\n");
    free(scene);
}

/* --- JSON --- */

/* As a reader gets it. */
static json_t *json_of(const struct scene *scene)
{
    json_t *made = eval_report_json(&scene->report);
    char *text = json_dumps(made, 0);
    assert_non_null(text);
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    json_decref(made);
    free(text);
    return root;
}

static double number(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

static const char *text_of(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    assert_non_null(value);
    return json_is_null(value) ? "null" : json_string_value(value);
}

static void json_figures(const json_t *root)
{
    const json_t *figures = json_object_get(root, "figures");
    assert_int_equal(json_object_size(figures), FIGURES);
    for (size_t f = 0; f < FIGURES; f++) {
        const bool of_pixels = f >= FIGURE_NEAREST;
        const json_t *figure = json_object_get(figures, FIGURE_KINDS[f].name);
        const json_t *draws = json_object_get(figure, "draws"), *drawn = json_object_get(figure, "real");
        assert_int_equal(json_array_size(draws), of_pixels ? 1 : 2);
        assert_true(json_number_value(json_array_get(draws, 0)) == (double)f);
        assert_true(number(figure, "value") == (double)f + (of_pixels ? 0 : 0.5));
        const char *error = of_pixels ? "standard_error" : "spread", *none = of_pixels ? "spread" : "standard_error";
        assert_true(fabs(number(figure, error) - (of_pixels ? 0.125 : sqrt(0.5))) < 1e-8);
        assert_true(json_is_null(json_object_get(figure, none)));
        assert_true(number(drawn, "value") == 0.5 * (double)f);
        assert_int_equal(json_array_size(json_object_get(drawn, "draws")), f >= FIGURE_ACCURACY ? 1 : 2);
    }
}

static void json(void **state)
{
    (void)state;
    struct scene *scene = make();
    json_t *root = json_of(scene);
    assert_string_equal(text_of(root, "program"), "gan-eval");
    assert_string_equal(text_of(root, "version"), GAN_VERSION);
    assert_string_equal(text_of(root, "measured"), "out/latest");
    assert_true(number(root, "count") == 10000 && number(root, "draws") == 2 && number(root, "seed") == 7);
    assert_true(number(root, "k") == 5 && number(root, "real_count") == 10000 && number(root, "real_draws") == 2);
    assert_true(number(root, "parzen_sigma") == 0.2 && number(root, "real_parzen_sigma") == 0.25);
    const json_t *training = json_object_get(root, "training"), *test = json_object_get(root, "test");
    assert_string_equal(text_of(training, "images"), IMAGES);
    assert_string_equal(text_of(training, "labels"), LABELS);
    assert_true(number(training, "count") == 60000 && number(test, "count") == 10000);
    assert_string_equal(text_of(test, "labels"), "null");
    const json_t *judge = json_object_get(root, "judge");
    assert_string_equal(text_of(judge, "path"), PATH);
    assert_string_equal(text_of(judge, "not_kept"), "null");
    assert_true(json_is_false(json_object_get(judge, "trained_now")));
    assert_true(json_is_false(json_object_get(judge, "damaged")));
    assert_true(number(judge, "accuracy") == 0.98765);
    json_figures(root);
    const json_t *classes = json_object_get(root, "classes"), *second = json_array_get(classes, 1);
    assert_int_equal(json_array_size(classes), 3);
    assert_true(number(second, "class") == 1 && number(second, "real") == 0.5);
    assert_true(json_number_value(json_array_get(json_object_get(second, "shares"), 1)) == 0.75);
    json_decref(root);
    free(scene);
}

static void json_of_what_is_not_there(void **state)
{
    (void)state;
    struct scene *scene = make();
    scene->subject.seed = UINT64_MAX;
    scene->evaluation.judge_accuracy = (double)NAN;
    scene->evaluation.generated[0].values[FIGURE_KL] = (double)INFINITY;
    scene->find = (struct judge_find){.trained = true, .damaged = true, .path = PATH};
    error_set(&scene->find.why_not, STATUS_FAILED, "the disk is full");
    scene->subject.name = "no UTF-8: \xff";
    scene->images.training.built_in = true;
    scene->images.training.images_path = NULL;
    json_t *root = json_of(scene);
    assert_string_equal(text_of(root, "seed"), "18446744073709551615");
    const json_t *judge = json_object_get(root, "judge");
    const json_t *kl = json_object_get(json_object_get(root, "figures"), "kl");
    assert_string_equal(text_of(judge, "path"), "null");
    assert_string_equal(text_of(judge, "not_kept"), "the disk is full");
    assert_true(json_is_true(json_object_get(judge, "trained_now")));
    assert_true(json_is_true(json_object_get(judge, "damaged")));
    assert_true(json_is_null(json_object_get(judge, "accuracy")));
    assert_string_equal(text_of(kl, "value"), "inf");
    assert_true(json_is_null(json_object_get(kl, "spread")));
    assert_string_equal(json_string_value(json_array_get(json_object_get(kl, "draws"), 0)), "inf");
    assert_string_equal(text_of(root, "measured"), "null");
    assert_string_equal(text_of(json_object_get(root, "training"), "images"), "built-in digits");
    json_decref(root);

    scene->report.judge = NULL;
    figures_clear(&scene->evaluation.generated[0]);
    figures_clear(&scene->evaluation.generated[1]);
    root = json_of(scene);
    assert_true(json_is_null(json_object_get(root, "judge")));
    assert_true(json_is_null(json_object_get(root, "classes")));
    kl = json_object_get(json_object_get(root, "figures"), "kl");
    assert_true(json_is_null(json_object_get(kl, "value")));
    assert_int_equal(json_array_size(json_object_get(kl, "draws")), 0);
    json_decref(root);
    free(scene);
}

/* Of a checkpoint, of a run that had the first images alone. */
static void a_run(void **state)
{
    (void)state;
    struct scene *scene = make();
    char path[] = "out/latest", preset[] = "deep", none[] = "";
    char flags[] = "--epochs 20 --g_hidden 512,512,512,512 --d_hidden 512,512,512 --learning_rate 0.001";
    json_t *root = json_of(scene);
    assert_true(json_is_null(json_object_get(root, "run")));
    json_decref(root);
    scene->subject.saved.path = path;
    scene->subject.flags = none;
    scene->subject.saved.options.config.preset = preset;
    scene->subject.saved.progress = (struct run_progress){.epochs = 1, .steps = 23400};
    scene->subject.saved.data.count = 20000;
    assert_printed(scene, "measured   out/latest\n"
                          "           preset deep, after 1 epoch and 23,400 steps\n"
                          "           trained on the first 20,000 images: the nearest are of these\n"
                          "           2 draws of 10,000");
    root = json_of(scene);
    const json_t *run = json_object_get(root, "run");
    assert_string_equal(text_of(run, "preset"), "deep");
    assert_string_equal(text_of(run, "flags"), "");
    assert_true(number(run, "epochs") == 1 && number(run, "steps") == 23400);
    assert_true(number(run, "training_images") == 20000 && number(run, "rescues") == 0);
    assert_true(json_is_false(json_object_get(run, "averaged")));
    json_decref(root);
    scene->subject.saved.data.count = 60000; /* all */
    scene->subject.saved.options.config.ema = 1000; /* and so there are averages, which are passed over */
    assert_printed(scene, "steps\n           by G's own weights, not by their averages\n");
    scene->subject.saved.averaged = true;
    assert_printed(scene, "23,400 steps\n           2 draws of 10,000");
    root = json_of(scene);
    assert_true(json_is_true(json_object_get(json_object_get(root, "run"), "averaged")));
    json_decref(root);
    scene->subject.saved.progress.rescues = 2;
    assert_printed(scene, "steps\n           rescued 2 times, each with a tenth of the learning rate from then on\n");
    root = json_of(scene);
    assert_true(number(json_object_get(root, "run"), "rescues") == 2);
    json_decref(root);
    scene->subject.saved.progress.rescues = 0;
    scene->subject.flags = flags;
    assert_printed(scene, "           preset deep, after 1 epoch and 23,400 steps\n"
                          "           --epochs 20 --g_hidden 512,512,512,512 --d_hidden 512,512,512\n"
                          "           --learning_rate 0.001\n"
                          "           2 draws of 10,000");
    root = json_of(scene);
    assert_string_equal(text_of(json_object_get(root, "run"), "flags"), flags);
    json_decref(root);
    free(scene);
}

/* --- notes --- */

static void notes(void **state)
{
    (void)state;
    struct scene *scene = make();
    struct evaluation *evaluation = &scene->evaluation;
    char *text = printed(scene);
    assert_null(strstr(text, "note"));
    free(text);
    evaluation->real_count = 2500;
    assert_printed(scene, "\n\nnote       the real images are fewer, so that the two columns cannot be\n"
                          "           compared: --count 2500 takes as many\n");
    evaluation->real_count = 999; /* fewer than may be asked for */
    evaluation->judge_accuracy = 0.74; /* of two classes, each the half of the images: three quarters are half known */
    evaluation->real_copied = 0.1;
    evaluation->test_copied = 0.5;
    evaluation->copied = 1;
    for (size_t d = 0; d < 2; d++) {
        evaluation->generated[d].values[FIGURE_COVERAGE] = 0.49 * evaluation->real[d].values[FIGURE_COVERAGE];
    }
    assert_printed(scene, "\n\n"
                          "note       the real images are fewer, so that the two columns cannot be\n"
                          "           compared\n"
                          "note       the judge hardly knows these classes, so that its figures say\n"
                          "           little: do the labels belong to the images?\n"
                          "note       coverage is low: precision and density are of the few kinds of\n"
                          "           images that are there, and say nothing of the others\n"
                          "note       10 % of the test images are training images: measured against them,\n"
                          "           a generator that remembers looks as good as one that does not\n"
                          "note       50 % of these images are test images, pixel for pixel: they are\n"
                          "           measured against themselves\n"
                          "note       100 % of these images are training images, pixel for pixel\n");
    json_t *root = json_of(scene);
    assert_int_equal(json_array_size(json_object_get(root, "notes")), 6);
    scene->images.training.fallback = true;
    assert_printed(scene, "\n\n"
                          "note       no MNIST was found: these images are measured against the built-in\n"
                          "           drawn digits; --data says where others are\n"
                          "note       the real images are fewer,");
    scene->images.training.fallback = false;
    assert_string_equal(json_string_value(json_array_get(json_object_get(root, "notes"), 5)),
                        "100 % of these images are training images, pixel for pixel");
    assert_true(number(root, "copied") == 1 && number(root, "real_copied") == 0.1);
    assert_true(number(root, "test_copied") == 0.5);
    json_decref(root);
    evaluation->real_count = 10000;
    evaluation->judge_accuracy = 0.76;
    evaluation->copied = evaluation->real_copied = evaluation->test_copied = 0.09;
    for (size_t d = 0; d < 2; d++) {
        evaluation->generated[d].values[FIGURE_COVERAGE] = 0.51 * evaluation->real[d].values[FIGURE_COVERAGE];
    }
    root = json_of(scene);
    assert_int_equal(json_array_size(json_object_get(root, "notes")), 0);
    json_decref(root);
    evaluation->generated[0].values[FIGURE_NEAREST] = 0.49 * evaluation->real[0].values[FIGURE_NEAREST];
    assert_printed(scene, "\n\nnote       these images are far nearer to training images than test images are:\n"
                          "           they are remembered, or of few and simple kinds\n");
    evaluation->copied = 1;
    assert_printed(scene, "\n\nnote       100 % of these images are training images, pixel for pixel\n");
    evaluation->copied = 0;
    evaluation->generated[0].values[FIGURE_NEAREST] = 0.51 * evaluation->real[0].values[FIGURE_NEAREST];
    evaluation->judge_accuracy = (double)NAN; /* not known */
    text = printed(scene);
    assert_null(strstr(text, "note"));
    free(text);
    free(scene);
}

/* --- how far it is --- */

/* What a view writes of some tellings, to be freed. */
static char *told(bool terminal, size_t runs)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    struct watch_view view = {.out = out, .terminal = terminal, .run = 2, .runs = runs};
    const struct watch watch = watch_view_begin(&view, NULL);
    static const char FIRST[] = "one thing", SECOND[] = "another";
    watch_view_clear(&view);
    watch_tell(&watch, FIRST, 0);
    watch_tell(&watch, FIRST, 0.1); /* too soon after it */
    watch_tell(&watch, SECOND, 0.25);
    view.drawn -= 1;
    watch_tell(&watch, SECOND, 0.5);
    watch_view_clear(&view);
    watch_view_clear(&view);
    assert_int_equal(fclose(out), 0);
    return text;
}

/* To be freed. */
static char *table_of(const struct eval_row *rows, size_t count)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    eval_table_print(rows, count, out);
    assert_int_equal(fclose(out), 0);
    return text;
}

/* Three runs: one whose name is long, and of a figure that not all have; real images of which they do not all agree. */
static void a_table_of_runs(void **state)
{
    (void)state;
    struct scene *scene = make();
    struct eval_row rows[3];
    scene->evaluation.generated[0].values[FIGURE_ACCURACY] = scene->evaluation.generated[1].values[FIGURE_ACCURACY] =
        scene->evaluation.real[0].values[FIGURE_ACCURACY] = (double)NAN;
    eval_row_take(&scene->report, "runs/seed_0", &rows[0]);
    scene->evaluation.generated[0].values[FIGURE_ACCURACY] = scene->evaluation.generated[1].values[FIGURE_ACCURACY] =
        0.5;
    scene->evaluation.real[0].values[FIGURE_ACCURACY] = 0.75;
    scene->evaluation.real[0].values[FIGURE_NEAREST] = 4.25; /* of another number of training images */
    eval_row_take(&scene->report,
                  "gr\xc3\xb6\xc3\x9f"
                  "er",
                  &rows[1]);
    scene->evaluation.generated[0].values[FIGURE_FRECHET] = 236;
    scene->evaluation.generated[0].values[FIGURE_PARZEN] = -263.6;
    scene->evaluation.generated[0].values[FIGURE_KL] = (double)INFINITY;
    scene->evaluation.copied = 0.5;
    scene->evaluation.real_copied = 0.25;
    eval_row_take(&scene->report, "a run whose name is long", &rows[2]);
    char *text = table_of(rows, 3);
    assert_string_equal(text, "\n"
                              "             FD                coverage  recall  precision  density\n"
                              "runs/seed_0  0.50 +- 0.71      1.500     2.500   3.500      4.500\n"
                              "gr\xc3\xb6\xc3\x9f"
                              "er       0.50 +- 0.71      1.500     2.500   3.500      4.500\n"
                              "a run whose name is long\n"
                              "             118.50 +- 166.17  1.500     2.500   3.500      4.500\n"
                              "real images  0.00 +- 0.00      0.500     1.000   1.500      2.000\n"
                              "\n"
                              "             classes  KL       accuracy  nearest  Parzen\n"
                              "runs/seed_0  5.5      6.50000  -         8.000    9.0 +- 0.1\n"
                              "gr\xc3\xb6\xc3\x9f"
                              "er       5.5      6.50000  0.5000    8.000    9.0 +- 0.1\n"
                              "a run whose name is long\n"
                              "             5.5      inf      0.5000    8.000    -263.6 +- 0.1\n"
                              "real images  2.5      3.00000  0.7500    -        4.5\n"
                              "\n"
                              "note       a run whose name is long\n"
                              "           25 % of the test images are training images: measured against them,\n"
                              "           a generator that remembers looks as good as one that does not\n"
                              "           50 % of these images are training images, pixel for pixel\n");
    free(text);
    for (size_t f = 0; f < FIGURE_NEAREST; f++) {
        rows[0].generated[f].draws = 0;
    }
    text = table_of(rows, 1);
    assert_string_equal(text, "\n"
                              "             nearest  Parzen\n"
                              "runs/seed_0  8.000    9.0 +- 0.1\n"
                              "real images  4.000    4.5\n");
    free(text);
    free(scene);
}

static void a_live_line(void **state)
{
    (void)state;
    char *text = told(true, 1);
    assert_string_equal(text, "\r\033[Kone thing 0 %\r\033[Kanother 25 %\r\033[Kanother 50 %\r\033[K");
    free(text);
    text = told(false, 1);
    assert_string_equal(text, "");
    free(text);
    text = told(true, 3);
    assert_string_equal(text, "\r\033[Krun 2 of 3: one thing 0 %\r\033[Krun 2 of 3: another 25 %"
                              "\r\033[Krun 2 of 3: another 50 %\r\033[K");
    free(text);
}

/* In a log, of what takes longest alone, and once. */
static void a_plain_line(void **state)
{
    (void)state;
    for (int quiet = 0; quiet < 2; quiet++) {
        char *text = NULL;
        size_t length;
        FILE *out = open_memstream(&text, &length);
        assert_non_null(out);
        struct watch_view view = {.out = out, .quiet = quiet};
        const struct watch watch = watch_view_begin(&view, NULL);
        watch_tell(&watch, "another", 0);
        watch_tell(&watch, JUDGE_TRAINING, 0);
        watch_tell(&watch, JUDGE_TRAINING, 0.5);
        watch_view_clear(&view);
        assert_int_equal(fclose(out), 0);
        assert_string_equal(text, quiet ? "" : "training the judge of these images\n");
        free(text);
    }
}

static void a_watch_of_a_signal(void **state)
{
    (void)state;
    volatile sig_atomic_t stop = 0;
    struct watch_view view = {.out = stderr};
    struct error error = {0};
    const struct watch watch = watch_view_begin(&view, &stop);
    assert_true(watch_goes_on(&watch, &error));
    stop = 1;
    assert_false(watch_goes_on(&watch, &error));
    assert_int_equal(error.status, STATUS_STOPPED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table),
        cmocka_unit_test(the_judge),
        cmocka_unit_test(without_a_judge),
        cmocka_unit_test(wide_ones),
        cmocka_unit_test(classes_that_nobody_has),
        cmocka_unit_test(json),
        cmocka_unit_test(json_of_what_is_not_there),
        cmocka_unit_test(a_run),
        cmocka_unit_test(notes),
        cmocka_unit_test(a_table_of_runs),
        cmocka_unit_test(a_live_line),
        cmocka_unit_test(a_plain_line),
        cmocka_unit_test(a_watch_of_a_signal),
    };
    return cmocka_run_group_tests_name("eval_report", tests, NULL, NULL);
}
