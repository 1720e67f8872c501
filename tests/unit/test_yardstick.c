/* What is measured of images in the judge's features and by its classes: against numbers by hand, and against the
 * measures that it is made of. */
#include "named_images.h"

#include "eval/yardstick.h"
#include "nn/matmul.h"

#include <math.h>
#include <omp.h>
#include <string.h>

enum { TEST = 150, K = 3 };

/* Training labels: a half of class 0, a third of 1, a sixth of 2, none of 3. */
static const unsigned char TRAINING[] = {0, 1, 0, 2, 1, 0};

/* Test images of classes 0, 1, 2 in turn, and the yardstick that they make. */
struct scene {
    struct judge *judge;
    unsigned char classes[TEST], *bytes;
    struct yardstick yardstick;
};

static void make(struct scene *scene, size_t count)
{
    struct error error;
    scene->judge = named_judge();
    for (size_t i = 0; i < TEST; i++) {
        scene->classes[i] = (unsigned char)(i % 3);
    }
    scene->bytes = named_make(scene->classes, TEST, 1000);
    const struct yardstick_source source = {
        .judge = scene->judge,
        .test = {scene->bytes, TEST, NAMED_PIXELS},
        .training_labels = TRAINING,
        .training_count = sizeof TRAINING,
        .count = count,
        .neighbours = K,
    };
    assert_true(yardstick_create(&source, &scene->yardstick, &error));
}

static void clear(struct scene *scene)
{
    yardstick_free(&scene->yardstick);
    judge_free(scene->judge);
    free(scene->bytes);
}

static void measure(const struct scene *scene, const unsigned char *bytes, size_t count, const unsigned char *asked,
                    struct figures *figures)
{
    struct error error;
    memset(figures, 1, sizeof *figures);
    assert_true(
        yardstick_measure(&scene->yardstick, (struct image_set){bytes, count, NAMED_PIXELS}, asked, figures, &error));
}

/* Images of the classes 0, 1 ..., so many of each, to be freed; their number in *count, their classes in classes. */
static unsigned char *make_classes(const size_t *counts, size_t kinds, unsigned char *classes, size_t *count)
{
    *count = 0;
    for (size_t c = 0; c < kinds; c++) {
        for (size_t i = 0; i < counts[c]; i++) {
            classes[(*count)++] = (unsigned char)c;
        }
    }
    return named_make(classes, *count, 5);
}

/* --- classes --- */

static void shares_of_the_data(void **state)
{
    (void)state;
    struct scene scene;
    make(&scene, 100);
    assert_true(scene.yardstick.shares[0] == 0.5);
    assert_true(fabs(scene.yardstick.shares[1] - 1.0 / 3) < 1e-15);
    assert_true(fabs(scene.yardstick.shares[2] - 1.0 / 6) < 1e-15);
    for (size_t c = 3; c < CLASSES_MAX; c++) {
        assert_true(scene.yardstick.shares[c] == 0);
    }
    assert_memory_equal(scene.yardstick.test_classes, scene.classes, TEST);
    clear(&scene);
}

static void assert_classes(const struct scene *scene, const size_t counts[4], double modes, double kl)
{
    unsigned char classes[1000];
    size_t count;
    struct figures figures;
    unsigned char *bytes = make_classes(counts, 4, classes, &count);
    measure(scene, bytes, count, NULL, &figures);
    for (size_t c = 0; c < CLASSES_MAX; c++) {
        assert_true(figures.shares[c] == (c < 4 ? (double)counts[c] / (double)count : 0));
    }
    const double found = figures.values[FIGURE_KL];
    if (figures.values[FIGURE_CLASSES] != modes || !(found == kl || fabs(found - kl) < 1e-14)) {
        fail_msg("%zu, %zu, %zu, %zu: %g modes, KL %.17g; wanted %g, %.17g", counts[0], counts[1], counts[2], counts[3],
                 figures.values[FIGURE_CLASSES], found, modes, kl);
    }
    free(bytes);
}

static void modes_and_kl(void **state)
{
    (void)state;
    struct scene scene;
    make(&scene, 100);
    assert_classes(&scene, (const size_t[]){60, 40, 20, 0}, 3, 0);
    assert_classes(&scene, (const size_t[]){40, 40, 40, 0}, 3,
                   (log(2.0 / 3) + log(1) + log(2)) / 3); /* sum of a third log (a third / share) */
    assert_classes(&scene, (const size_t[]){100, 0, 0, 0}, 1, log(2));
    assert_classes(&scene, (const size_t[]){0, 0, 100, 0}, 1, log(6));
    /* a tenth of a class' share is enough for it to be alive: 5 of 100 for the half that class 0 has */
    assert_classes(&scene, (const size_t[]){5, 75, 20, 0}, 3, .05 * log(.1) + .75 * log(2.25) + .2 * log(1.2));
    assert_classes(&scene, (const size_t[]){4, 76, 20, 0}, 2, .04 * log(.08) + .76 * log(2.28) + .2 * log(1.2));
    /* a class that the data do not have is none to be alive, and infinitely unlikely */
    assert_classes(&scene, (const size_t[]){60, 40, 19, 1}, 3, (double)INFINITY);
    clear(&scene);
}

static void of_the_class_asked_for(void **state)
{
    (void)state;
    struct scene scene;
    struct figures figures;
    unsigned char classes[100];
    size_t count;
    make(&scene, 100);
    unsigned char *bytes = make_classes((const size_t[]){50, 30, 20}, 3, classes, &count);
    measure(&scene, bytes, count, classes, &figures);
    assert_true(figures.values[FIGURE_ACCURACY] == 1);
    memset(classes, 1, sizeof classes);
    measure(&scene, bytes, count, classes, &figures);
    assert_true(figures.values[FIGURE_ACCURACY] == 0.3);
    memset(classes, 7, sizeof classes);
    measure(&scene, bytes, count, classes, &figures);
    assert_true(figures.values[FIGURE_ACCURACY] == 0);
    measure(&scene, bytes, count, NULL, &figures);
    assert_true(isnan(figures.values[FIGURE_ACCURACY]));
    free(bytes);
    clear(&scene);
}

/* --- features --- */

/* The features of named images: their pixels; to be freed. */
static struct matrix features_of(const unsigned char *bytes, size_t count)
{
    real *data = calloc(count * NAMED_PIXELS, sizeof *data);
    assert_non_null(data);
    for (size_t i = 0; i < count; i++) {
        judge_take_image(bytes + i * NAMED_PIXELS,
                         (struct matrix){data + i * NAMED_PIXELS, 1, NAMED_PIXELS, NAMED_PIXELS});
    }
    return (struct matrix){data, count, NAMED_PIXELS, NAMED_PIXELS};
}

static void against_its_parts(void **state)
{
    (void)state;
    struct scene scene;
    struct figures figures;
    struct error error;
    unsigned char classes[200];
    size_t count;
    make(&scene, 1000); /* all test images make the manifold, there are no more */
    unsigned char *bytes = make_classes((const size_t[]){80, 50, 50}, 3, classes, &count);
    const struct matrix test = features_of(scene.bytes, TEST), generated = features_of(bytes, count);
    struct gaussian a, b;
    struct manifold manifold;
    struct manifold_figures wanted;
    double distance;
    assert_true(gaussian_fit(test, &a, &error) && gaussian_fit(generated, &b, &error));
    assert_true(frechet_distance(&a, &b, &distance, &error));
    assert_true(manifold_create(test, K, (struct watch){0}, &manifold, &error));
    assert_true(manifold_compare(&manifold, generated, &wanted, &error));
    assert_int_equal(scene.yardstick.features.rows, TEST);
    for (int threads = 1; threads <= 3; threads++) {
        omp_set_num_threads(threads);
        measure(&scene, bytes, count, classes, &figures);
        assert_true(fabs(figures.values[FIGURE_FRECHET] - distance) < 1e-10 * distance);
        assert_true(figures.values[FIGURE_PRECISION] == wanted.precision);
        assert_true(figures.values[FIGURE_RECALL] == wanted.recall);
        assert_true(fabs(figures.values[FIGURE_DENSITY] - wanted.density) < 1e-12);
        assert_true(figures.values[FIGURE_COVERAGE] == wanted.coverage);
        assert_true(isnan(figures.values[FIGURE_NEAREST]) && isnan(figures.values[FIGURE_PARZEN]));
        for (size_t f = 0; f < FIGURES; f++) {
            assert_true(isnan(figures.errors[f]));
        }
    }
    assert_true(wanted.precision > 0.1 && wanted.precision < 1 && wanted.recall > 0.1 && wanted.recall < 1);
    gaussian_free(&a);
    gaussian_free(&b);
    manifold_free(&manifold);
    free(test.data);
    free(generated.data);
    free(bytes);
    clear(&scene);
}

/* The test images themselves are as good as can be. */
static void perfect(void **state)
{
    (void)state;
    struct scene scene;
    struct figures figures;
    make(&scene, TEST);
    measure(&scene, scene.bytes, TEST, scene.classes, &figures);
    assert_true(figures.values[FIGURE_FRECHET] >= 0 && figures.values[FIGURE_FRECHET] < 1e-10);
    assert_true(figures.values[FIGURE_PRECISION] == 1 && figures.values[FIGURE_RECALL] == 1);
    assert_true(figures.values[FIGURE_COVERAGE] == 1);
    assert_true(figures.values[FIGURE_CLASSES] == 3 && figures.values[FIGURE_ACCURACY] == 1);
    clear(&scene);
}

/* As many test images as are measured make the manifold, each once, and not the first ones alone; all make the
 * Gaussian. */
static void as_many_test_images(void **state)
{
    (void)state;
    struct scene scene;
    struct error error;
    make(&scene, 40);
    const struct matrix test = features_of(scene.bytes, TEST), chosen = scene.yardstick.features;
    bool taken[TEST] = {false};
    size_t late = 0;
    assert_int_equal(chosen.rows, 40);
    for (size_t i = 0; i < chosen.rows; i++) {
        size_t found = TEST;
        for (size_t t = 0; t < TEST; t++) {
            if (memcmp(chosen.data + i * chosen.stride, test.data + t * NAMED_PIXELS, NAMED_PIXELS * sizeof(real)) ==
                0) {
                assert_false(taken[t]);
                taken[t] = true;
                found = t;
            }
        }
        assert_true(found < TEST);
        late += found >= TEST / 2;
    }
    assert_in_range(late, 10, 30);
    struct gaussian gaussian;
    assert_true(gaussian_fit(test, &gaussian, &error));
    assert_memory_equal(gaussian.mean, scene.yardstick.gaussian.mean, NAMED_PIXELS * sizeof(double));
    gaussian_free(&gaussian);
    free(test.data);
    clear(&scene);
}

/* Fewer images than neighbours are refused, and then nothing is held. */
static void too_few(void **state)
{
    (void)state;
    struct scene scene;
    struct figures figures;
    struct error error = {0};
    make(&scene, 100);
    assert_false(
        yardstick_measure(&scene.yardstick, (struct image_set){scene.bytes, K, NAMED_PIXELS}, NULL, &figures, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    const struct yardstick_source source = {
        scene.judge, {scene.bytes, TEST, NAMED_PIXELS}, TRAINING, sizeof TRAINING, K, K, {0}};
    struct yardstick yardstick;
    assert_false(yardstick_create(&source, &yardstick, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    assert_null(yardstick.test_classes);
    clear(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_of_the_data),
        cmocka_unit_test(modes_and_kl),
        cmocka_unit_test(of_the_class_asked_for),
        cmocka_unit_test(against_its_parts),
        cmocka_unit_test(perfect),
        cmocka_unit_test(as_many_test_images),
        cmocka_unit_test(too_few),
    };
    matmul_prepare();
    return cmocka_run_group_tests_name("yardstick", tests, NULL, NULL);
}
