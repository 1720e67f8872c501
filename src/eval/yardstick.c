#include "eval/yardstick.h"
#include "base/memory.h"
#include "eval/subset.h"

#include <math.h>
#include <stdlib.h>

/* The features of some of the test images. */
static bool choose_features(struct matrix all, size_t count, struct matrix *chosen, struct error *error)
{
    uint32_t *order = memory_allocate(all.rows, sizeof *order, "the order of the test images", error);
    *chosen = (struct matrix){NULL, count < all.rows ? count : all.rows, all.columns, all.columns};
    chosen->data = order ? memory_allocate(chosen->rows, all.columns * sizeof(real), "features", error) : NULL;
    if (chosen->data) {
        subset_order(SUBSET_TEST, 0, all.rows, order);
        for (size_t i = 0; i < chosen->rows; i++) {
            matrix_copy(matrix_rows(all, order[i], 1), matrix_rows(*chosen, i, 1));
        }
    }
    free(order);
    return chosen->data;
}

static bool look_at_test(const struct yardstick_source *source, struct yardstick *yardstick, struct error *error)
{
    const size_t count = source->test.count;
    struct matrix all = {NULL, count, JUDGE_FEATURES, JUDGE_FEATURES};
    const bool good =
        (all.data = memory_allocate(count, JUDGE_FEATURES * sizeof(real), "the test images' features", error)) &&
        (yardstick->test_classes = memory_allocate(count, 1, "the test images' classes", error)) &&
        judge_look(source->judge, source->test, all, yardstick->test_classes, error) &&
        gaussian_fit(all, &yardstick->gaussian, error) &&
        choose_features(all, source->count, &yardstick->features, error) &&
        manifold_create(yardstick->features, source->neighbours, source->watch, &yardstick->manifold, error);
    free(all.data);
    return good;
}

/* The share of each class among labels [count]. */
static void count_classes(const unsigned char *labels, size_t count, double shares[CLASSES_MAX])
{
    for (size_t c = 0; c < CLASSES_MAX; c++) {
        shares[c] = 0;
    }
    for (size_t i = 0; i < count; i++) {
        shares[labels[i]]++;
    }
    for (size_t c = 0; c < CLASSES_MAX; c++) {
        shares[c] /= (double)count;
    }
}

bool yardstick_create(const struct yardstick_source *source, struct yardstick *yardstick, struct error *error)
{
    *yardstick = (struct yardstick){.judge = source->judge};
    count_classes(source->training_labels, source->training_count, yardstick->shares);
    if (!look_at_test(source, yardstick, error)) {
        yardstick_free(yardstick);
        return false;
    }
    return true;
}

void yardstick_free(struct yardstick *yardstick)
{
    gaussian_free(&yardstick->gaussian);
    manifold_free(&yardstick->manifold);
    free(yardstick->features.data);
    free(yardstick->test_classes);
    *yardstick = (struct yardstick){0};
}

/* Distances of all points to all others take about five times their products, and twice as much where a generator is
 * dead: of images that are nearly the same each distance is summed up by itself (eval/points.h). */
double yardstick_products(struct judge_shape shape, size_t images, size_t count)
{
    return (double)images * judge_look_products(shape) + 10 * (double)count * (double)count * JUDGE_FEATURES;
}

/* What the classes [count] that the judge gave the images say. */
static void measure_classes(const struct yardstick *yardstick, const unsigned char *classes, const unsigned char *asked,
                            size_t count, struct figures *figures)
{
    double alive = 0, kl = 0;
    count_classes(classes, count, figures->shares);
    for (size_t c = 0; c < CLASSES_MAX; c++) {
        const double share = figures->shares[c], wanted = yardstick->shares[c];
        alive += wanted > 0 && !figures_is_dead(share, wanted);
        kl += share > 0 ? share * log(share / wanted) : 0; /* infinite where the data have no such class */
    }
    figures->values[FIGURE_CLASSES] = alive;
    figures->values[FIGURE_KL] = kl;
    figures->values[FIGURE_ACCURACY] = asked ? judge_accuracy(classes, asked, count) : (double)NAN;
}

static bool measure_features(const struct yardstick *yardstick, struct matrix features, struct figures *figures,
                             struct error *error)
{
    struct gaussian gaussian = {0};
    struct manifold_figures manifold;
    const bool good = gaussian_fit(features, &gaussian, error) &&
                      frechet_distance(&yardstick->gaussian, &gaussian, &figures->values[FIGURE_FRECHET], error) &&
                      manifold_compare(&yardstick->manifold, features, &manifold, error);
    gaussian_free(&gaussian);
    if (good) {
        figures->values[FIGURE_PRECISION] = manifold.precision;
        figures->values[FIGURE_RECALL] = manifold.recall;
        figures->values[FIGURE_DENSITY] = manifold.density;
        figures->values[FIGURE_COVERAGE] = manifold.coverage;
    }
    return good;
}

bool yardstick_measure(const struct yardstick *yardstick, struct image_set images, const unsigned char *asked,
                       struct figures *figures, struct error *error)
{
    const size_t count = images.count;
    struct matrix features = {NULL, count, JUDGE_FEATURES, JUDGE_FEATURES};
    unsigned char *classes = NULL;
    figures_clear(figures);
    const bool good = (features.data = memory_allocate(count, JUDGE_FEATURES * sizeof(real), "features", error)) &&
                      (classes = memory_allocate(count, 1, "classes", error)) &&
                      judge_look(yardstick->judge, images, features, classes, error) &&
                      measure_features(yardstick, features, figures, error);
    if (good) {
        measure_classes(yardstick, classes, asked, count, figures);
    }
    free(features.data);
    free(classes);
    return good;
}
