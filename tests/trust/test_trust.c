/* Whether the figures of gan-eval deserve trust: real images spoiled in ways whose harm is known (spoil.h) are to come
 * out in the order of that harm. On $GAN_DATA's MNIST, or on the drawn digits.
 *
 * Only what has to hold is asked. In short: FD and coverage see all that is wrong; recall sees what is missing, and not
 * what is there too much; precision and density see what is none of the data's kind, but on MNIST neither noise nor
 * blur, since these draw the judge's features towards the middle, where the balls of real images reach. Each claim has
 * its reason beside it. What was measured is printed. */
#include "sets.h"

#include "io/folder.h"
#include "nn/matmul.h"
#include "nn/network.h"

#include <omp.h>

enum { PARTS = 3 /* of COUNT test images each */ };

/* ---- the judge ---- */

/* 98.3 % of MNIST's test images is what a judge is to know. The drawn digits are easier, there being fewer ways to draw
 * one: it knows 99.8 % of them. */
static void judge_knows_the_classes(void **state)
{
    const struct trust *trust = *state;
    const struct image_set test = all_test_images(trust);
    unsigned char *classes = calloc(test.count, 1);
    struct error error;
    assert_true(judge_look(trust->judge, test, (struct matrix){0}, classes, &error));
    const double accuracy = judge_accuracy(classes, trust->test.labels, test.count);
    free(classes);
    printf("the judge knows %.2f %% of the test images\n", 100 * accuracy);
    assert_true(accuracy >= (trust->training.built_in ? 0.995 : 0.983));
}

/* The features [count][JUDGE_FEATURES] of images, to be freed. */
static struct matrix look(const struct trust *trust, struct image_set images)
{
    struct matrix features = {calloc(images.count * JUDGE_FEATURES, sizeof(real)), images.count, JUDGE_FEATURES,
                              JUDGE_FEATURES};
    struct error error;
    assert_non_null(features.data);
    assert_true(judge_look(trust->judge, images, features, NULL, &error));
    return features;
}

/* The mean of each class's features into means [classes][JUDGE_FEATURES], by COUNT training images. */
static void find_means(const struct trust *trust, double means[][JUDGE_FEATURES])
{
    double counts[CLASSES_MAX] = {0};
    spoil_not(&trust->originals, 0, trust->bytes);
    struct matrix features = look(trust, images_of(trust, trust->bytes, COUNT));
    for (size_t i = 0; i < COUNT; i++) {
        const unsigned char label = trust->training.labels[trust->order[i]];
        counts[label]++;
        for (size_t f = 0; f < JUDGE_FEATURES; f++) {
            means[label][f] += (double)features.data[i * JUDGE_FEATURES + f];
        }
    }
    for (size_t c = 0; c < trust->training.classes; c++) {
        assert_true(counts[c] > 0);
        for (size_t f = 0; f < JUDGE_FEATURES; f++) {
            means[c][f] /= counts[c];
        }
    }
    free(features.data);
}

static double squared_distance(const double *mean, const real *features)
{
    double sum = 0;
    for (size_t f = 0; f < JUDGE_FEATURES; f++) {
        const double difference = (double)features[f] - mean[f];
        sum += difference * difference;
    }
    return sum;
}

static size_t nearest_mean(const struct trust *trust, double means[][JUDGE_FEATURES], const real *features)
{
    size_t nearest = 0;
    for (size_t c = 1; c < trust->training.classes; c++) {
        nearest = squared_distance(means[c], features) < squared_distance(means[nearest], features) ? c : nearest;
    }
    return nearest;
}

/* One dense layer of the judge, whose tensors `first` and the next are its weight and bias, then ReLU. */
static void apply_layer(const struct judge *judge, size_t first, const double *in, double *out)
{
    struct tensor weight, bias;
    assert_true(network_tensor(judge->network, first, &weight) && network_tensor(judge->network, first + 1, &bias));
    for (size_t r = 0; r < weight.rows; r++) {
        double sum = (double)bias.data[r];
        for (size_t c = 0; c < weight.columns; c++) {
            sum += (double)weight.data[r * weight.columns + c] * in[c];
        }
        out[r] = fmax(0, sum);
    }
}

/* Features are what they are said to be (eval/judge.h), by plain sums over pixels from 0 to 1. */
static void features_are_the_second_layer(void **state)
{
    enum { IMAGES = 300 /* more than one block */, WIDTH = 512 };
    const struct trust *trust = *state;
    struct matrix features = look(trust, images_of(trust, trust->test.images, IMAGES));
    for (size_t i = 0; i < IMAGES; i++) {
        double pixels[PIXELS_MAX], hidden[WIDTH], wanted[JUDGE_FEATURES];
        for (size_t p = 0; p < trust->originals.pixels; p++) {
            pixels[p] = trust->test.images[i * trust->originals.pixels + p] / 255.0;
        }
        apply_layer(trust->judge, 0, pixels, hidden);
        apply_layer(trust->judge, 2, hidden, wanted);
        for (size_t f = 0; f < JUDGE_FEATURES; f++) {
            assert_true(fabs(wanted[f] - (double)features.data[i * JUDGE_FEATURES + f]) < 1e-3);
        }
    }
    free(features.data);
}

/* Distances of features are to say what an image shows: the nearest class mean is the class. By pixels it is in 82 % of
 * MNIST alone, by features that nobody trained in 70 %. */
static void features_tell_the_classes(void **state)
{
    const struct trust *trust = *state;
    static double means[CLASSES_MAX][JUDGE_FEATURES];
    size_t right = 0;
    find_means(trust, means);
    struct matrix features = look(trust, all_test_images(trust));
    for (size_t i = 0; i < features.rows; i++) {
        right += nearest_mean(trust, means, features.data + i * JUDGE_FEATURES) == trust->test.labels[i];
    }
    free(features.data);
    printf("the nearest class mean is right for %.2f %% of the test images\n",
           100 * (double)right / (double)trust->test.count);
    assert_true((double)right >= 0.95 * (double)trust->test.count);
}

static void judge_is_kept(void **state)
{
    const struct trust *trust = *state;
    struct judge_find find;
    struct error error;
    struct judge *judge = judge_obtain(&trust->source, &(struct watch){0}, &find, &error);
    assert_non_null(judge);
    assert_true(trust->find.kept && find.kept && !find.trained);
    const struct network *network = judge->network;
    assert_int_equal(network->parameter_count, trust->judge->network->parameter_count);
    assert_memory_equal(network->parameters, trust->judge->network->parameters,
                        network->parameter_count * sizeof(real));
    judge_free(judge);
    judge_find_free(&find);
}

static void threads_change_nothing(void **state)
{
    const struct trust *trust = *state;
    const int before = omp_get_max_threads();
    struct figures figures[2];
    spoil_by_noise(&trust->originals, SPOILED[NOISE].levels[2], trust->bytes);
    for (int i = 0; i < 2; i++) {
        omp_set_num_threads(i + 1);
        struct yardstick yardstick = make_yardstick(trust, all_test_images(trust));
        measure(&yardstick, trust, &figures[i]);
        yardstick_free(&yardstick);
    }
    omp_set_num_threads(before);
    for (enum figure f = FIGURE_FRECHET; f <= FIGURE_KL; f++) {
        assert_memory_equal(&figures[0].values[f], &trust->figures[NOISE][2].values[f], sizeof(double));
        assert_memory_equal(&figures[1].values[f], &trust->figures[NOISE][2].values[f], sizeof(double));
    }
}

/* ---- real images ---- */

/* Test images first .. first + COUNT - 1 of an order. */
static void take_test_images(const struct trust *trust, const uint32_t *order, size_t first, unsigned char *bytes)
{
    const size_t pixels = trust->originals.pixels;
    for (size_t i = 0; i < COUNT; i++) {
        memcpy(bytes + i * pixels, trust->test.images + order[first + i] * pixels, pixels);
    }
}

/* The figures of some of the test images against others: samples of one distribution. Then, whatever the distribution,
 * each next neighbour of a point is of either sample as often as of the other, and the first k are all of its own in
 * 2^-k of the cases: coverage is 1 - 2^-k (Naeem et al. 2020). Density is 1. Which sample is the real one makes no
 * difference, so that precision is recall. The means over three pairs are some .003 off. */
static void parts_of_the_test_images(void **state)
{
    const struct trust *trust = *state;
    uint32_t *order = calloc(trust->test.count, sizeof *order);
    unsigned char *part = calloc(COUNT, trust->originals.pixels);
    double means[FIGURES] = {0};
    assert_true(order && part && trust->test.count >= PARTS * COUNT);
    rng_permutation((struct rng_stream){.purpose = RNG_SUBSET, .part = 2}, trust->test.count, order);
    for (size_t i = 0; i < PARTS; i++) {
        struct figures figures;
        take_test_images(trust, order, i * COUNT, part);
        take_test_images(trust, order, (i + 1) % PARTS * COUNT, trust->bytes);
        struct yardstick yardstick = make_yardstick(trust, images_of(trust, part, COUNT));
        measure(&yardstick, trust, &figures);
        yardstick_free(&yardstick);
        for (enum figure f = 0; f < FIGURES; f++) {
            means[f] += figures.values[f] / PARTS;
        }
    }
    free(order);
    free(part);
    printf(
        "some of the test images against others: FD %.3f, precision %.3f, recall %.3f, density %.3f, coverage %.3f\n",
        means[FIGURE_FRECHET], means[FIGURE_PRECISION], means[FIGURE_RECALL], means[FIGURE_DENSITY],
        means[FIGURE_COVERAGE]);
    assert_true(fabs(means[FIGURE_COVERAGE] - (1 - pow(2, -NEIGHBOURS))) < 0.01);
    assert_true(fabs(means[FIGURE_DENSITY] - 1) < 0.04);
    assert_true(fabs(means[FIGURE_PRECISION] - means[FIGURE_RECALL]) < 0.01);
}

/* Held-out real images are the best there are: no spoiled ones have a lower FD, and none cover more than by chance.
 * (They can have a better recall: some images that lie far out have balls that hold much.) The judge was trained on
 * training images, and so knows these a little better than test images: by more than a little it may not. */
static void real_images_are_the_best(void **state)
{
    const struct trust *trust = *state;
    double frechet = 0, coverage = 1;
    for (size_t level = 0; has_level(trust, REAL, level); level++) {
        frechet = fmax(frechet, value(trust, REAL, level, FIGURE_FRECHET));
        coverage = fmin(coverage, value(trust, REAL, level, FIGURE_COVERAGE));
        assert_true(value(trust, REAL, level, FIGURE_PRECISION) > 0.9);
        assert_true(value(trust, REAL, level, FIGURE_RECALL) > 0.9);
        assert_true(fabs(value(trust, REAL, level, FIGURE_DENSITY) - 1) < 0.1);
    }
    assert_true(coverage > 0.94);
    assert_true(frechet < 2); /* in the unit of features that were trained on pixels from 0 to 1 */
    for (enum kind kind = REAL + 1; kind < KINDS; kind++) {
        for (size_t level = 1; has_level(trust, kind, level); level++) {
            if (value(trust, kind, level, FIGURE_FRECHET) < frechet ||
                value(trust, kind, level, FIGURE_COVERAGE) > coverage + 0.02) {
                fail_msg("%s %g is better than real images", SPOILED[kind].name, SPOILED[kind].levels[level]);
            }
        }
    }
}

struct moments {
    double means[JUDGE_FEATURES], variances[JUDGE_FEATURES];
};

/* Of each feature of images alone, in two passes. */
static void find_moments(const struct trust *trust, struct image_set images, struct moments *moments)
{
    struct matrix features = look(trust, images);
    const double count = (double)images.count;
    for (size_t f = 0; f < JUDGE_FEATURES; f++) {
        double sum = 0, squares = 0;
        for (size_t i = 0; i < images.count; i++) {
            sum += (double)features.data[i * JUDGE_FEATURES + f];
        }
        for (size_t i = 0; i < images.count; i++) {
            squares += pow((double)features.data[i * JUDGE_FEATURES + f] - sum / count, 2);
        }
        moments->means[f] = sum / count;
        moments->variances[f] = squares / (count - 1);
    }
    free(features.data);
}

/* The Frechet distance against bounds that need no root of a matrix: it is not below the sum of what each feature alone
 * gives (no joint distribution of two Gaussians is nearer than its marginals), and not above the distance of the means
 * and both traces. Where classes are missing, most of it is in how the features go together. */
static void distance_is_within_bounds(void **state)
{
    const struct trust *trust = *state;
    struct moments real_moments, moments;
    find_moments(trust, all_test_images(trust), &real_moments);
    for (enum kind kind = REAL + 1; kind < DRAWN; kind++) {
        double low = 0, high = 0;
        SPOILED[kind].spoil(&trust->originals, SPOILED[kind].levels[2], trust->bytes);
        find_moments(trust, images_of(trust, trust->bytes, COUNT), &moments);
        for (size_t f = 0; f < JUDGE_FEATURES; f++) {
            const double mean = moments.means[f] - real_moments.means[f], a = moments.variances[f],
                         b = real_moments.variances[f];
            low += mean * mean + pow(sqrt(a) - sqrt(b), 2);
            high += mean * mean + a + b;
        }
        const double found = value(trust, kind, 2, FIGURE_FRECHET);
        if (!(low * (kind == MISSING ? 1.5 : 1 - 1e-6) <= found && found <= high)) {
            fail_msg("%s: the distance %g is not in %g ... %g", SPOILED[kind].name, found, low, high);
        }
    }
}

/* One image again and again has no covariance: what is left is the distance of the means, and the real images' trace.
 */
static void distance_to_one_image_is_known(void **state)
{
    const struct trust *trust = *state;
    const size_t level = 4;
    struct moments real_moments, moments;
    double wanted = 0;
    assert_true(SPOILED[REPEATED].levels[level] == 1);
    spoil_by_repetition(&trust->originals, 1, trust->bytes);
    find_moments(trust, all_test_images(trust), &real_moments);
    find_moments(trust, images_of(trust, trust->bytes, COUNT), &moments);
    for (size_t f = 0; f < JUDGE_FEATURES; f++) {
        wanted += pow(moments.means[f] - real_moments.means[f], 2) + real_moments.variances[f];
    }
    assert_true(fabs(value(trust, REPEATED, level, FIGURE_FRECHET) - wanted) < 1e-6 * wanted);
}

/* ---- the order of harm ---- */

static const struct claim {
    enum figure figure;
    enum kind kind;
    size_t first; /* level 0, the real images, is better than this one, and each from there on than the next */
    size_t last; /* 0: the kind's last */
} CLAIMS[] = {
    /* FD sees everything. */
    {FIGURE_FRECHET, NOISE, 1, 0},
    {FIGURE_FRECHET, BLUR, 1, 0},
    {FIGURE_FRECHET, MISSING, 1, 0},
    {FIGURE_FRECHET, REPEATED, 1, 0},
    {FIGURE_FRECHET, MIRRORED, 1, 0},
    {FIGURE_FRECHET, INVERTED, 1, 0},
    {FIGURE_FRECHET, THICKENED, 1, 0},
    {FIGURE_FRECHET, DRAWN, 1, 0},
    /* So does coverage, but for what is as small as chance: a little blur. Of half the images being others it sees
     * little, as it should: the other half covers a share of 1 - (2/3)^5 of what all would. */
    {FIGURE_COVERAGE, NOISE, 1, 0},
    {FIGURE_COVERAGE, BLUR, 2, 0},
    {FIGURE_COVERAGE, MISSING, 1, 0},
    {FIGURE_COVERAGE, REPEATED, 1, 0},
    {FIGURE_COVERAGE, MIRRORED, 2, 0},
    {FIGURE_COVERAGE, INVERTED, 2, 0},
    {FIGURE_COVERAGE, THICKENED, 1, 0},
    {FIGURE_COVERAGE, DRAWN, 1, 0},
    /* Recall sees what is missing, where all images are spoiled alike: noise and blur take from the features what tells
     * images apart, and the set shrinks. (Were some of them far out, their balls would be large: half of them mirrored
     * or inverted make a better recall than none.) Of images that are there more than k times the balls are points;
     * whether these are 100 or 1, recall is 0. */
    {FIGURE_RECALL, NOISE, 1, 0},
    {FIGURE_RECALL, BLUR, 1, 3},
    {FIGURE_RECALL, MISSING, 1, 0},
    {FIGURE_RECALL, REPEATED, 1, 2},
    {FIGURE_RECALL, THICKENED, 1, 0},
    {FIGURE_RECALL, DRAWN, 1, 0},
    /* Precision and density see images of another kind, one by one. */
    {FIGURE_PRECISION, MIRRORED, 1, 0},
    {FIGURE_PRECISION, INVERTED, 1, 0},
    {FIGURE_DENSITY, MIRRORED, 1, 0},
    {FIGURE_DENSITY, INVERTED, 1, 0},
    /* The KL divergence sees the classes' shares alone. */
    {FIGURE_KL, MISSING, 1, 0},
    {FIGURE_KL, REPEATED, 2, 0},
};

static bool is_better(enum figure figure, double a, double b)
{
    return FIGURE_KINDS[figure].better == BETTER_LOWER ? a < b : a > b;
}

static void harm_is_put_in_order(void **state)
{
    const struct trust *trust = *state;
    size_t wrong = 0;
    for (size_t c = 0; c < sizeof CLAIMS / sizeof *CLAIMS; c++) {
        const struct claim *claim = &CLAIMS[c];
        size_t before = 0;
        for (size_t level = claim->first; has_level(trust, claim->kind, level); level++) {
            const double a = value(trust, claim->kind, before, claim->figure),
                         b = value(trust, claim->kind, level, claim->figure);
            if ((!claim->last || level <= claim->last) && !is_better(claim->figure, a, b)) {
                print_error("%s of %s %g: %g, after %g\n", FIGURE_KINDS[claim->figure].name, SPOILED[claim->kind].name,
                            SPOILED[claim->kind].levels[level], b, a);
                wrong++;
            }
            before = level;
        }
    }
    assert_int_equal(wrong, 0);
}

/* ---- how much ---- */

/* The share of labels [count] below a class. */
static double share_below(const unsigned char *labels, size_t count, size_t class)
{
    size_t below = 0;
    for (size_t i = 0; i < count; i++) {
        below += labels[i] < class;
    }
    return (double)below / (double)count;
}

/* Where classes are missing, their share of the real images is neither covered nor recalled, but for the few that look
 * like another class. What is there is as it was, as precision and density have it. The classes that are left are more
 * frequent by one factor, whose logarithm is the KL divergence. */
static void missing_classes_are_counted(void **state)
{
    const struct trust *trust = *state;
    const double coverage = value(trust, REAL, 0, FIGURE_COVERAGE), recall = value(trust, REAL, 0, FIGURE_RECALL);
    for (size_t level = 1; has_level(trust, MISSING, level); level++) {
        const size_t left = trust->training.classes - (size_t)SPOILED[MISSING].levels[level];
        const double share = share_below(trust->test.labels, trust->test.count, left),
                     training_share = share_below(trust->training.labels, trust->training.count, left);
        const double *found = trust->figures[MISSING][level].values;
        assert_true(fabs(found[FIGURE_COVERAGE] - coverage * share) < 0.07);
        assert_true(fabs(found[FIGURE_RECALL] - recall * share) < 0.07);
        if (2 * left >= trust->training.classes) { /* each class has its own, which the mean of many is near to */
            assert_true(fabs(found[FIGURE_PRECISION] - value(trust, REAL, 0, FIGURE_PRECISION)) < 0.05);
            assert_true(fabs(found[FIGURE_DENSITY] - value(trust, REAL, 0, FIGURE_DENSITY)) < 0.1);
        }
        assert_true(fabs(found[FIGURE_KL] + log(training_share)) < 0.05);
        assert_true(found[FIGURE_CLASSES] == (double)left);
    }
}

/* A point is in k real balls on the average, and however often it is there, it covers no more of them. Points that are
 * there more than k times have no ball, and are in as many as ever. */
static void repeated_images_are_counted_once(void **state)
{
    const struct trust *trust = *state;
    for (size_t level = 2; has_level(trust, REPEATED, level); level++) {
        const double *found = trust->figures[REPEATED][level].values;
        const double covered = NEIGHBOURS * SPOILED[REPEATED].levels[level] / COUNT;
        assert_true(found[FIGURE_COVERAGE] > 0 && found[FIGURE_COVERAGE] < 2 * covered);
        assert_true(found[FIGURE_RECALL] == 0);
        assert_true(found[FIGURE_PRECISION] > 0.7);
    }
}

/* Precision and density are means over the generated images: of a share of others they see that share. */
static void others_are_counted(void **state)
{
    const struct trust *trust = *state;
    static const enum kind kinds[] = {MIRRORED, INVERTED};
    static const enum figure figures[] = {FIGURE_PRECISION, FIGURE_DENSITY};
    for (size_t i = 0; i < 4; i++) {
        const double none = value(trust, kinds[i / 2], 0, figures[i % 2]),
                     half = value(trust, kinds[i / 2], 2, figures[i % 2]),
                     all = value(trust, kinds[i / 2], 3, figures[i % 2]);
        assert_true(fabs(half - (none + all) / 2) < 0.03);
    }
    for (enum figure figure = FIGURE_PRECISION; figure <= FIGURE_COVERAGE; figure++) {
        assert_true(value(trust, INVERTED, 3, figure) < 0.01);
    }
}

/* Judges of a build are kept beside the program. */
static bool choose_cache(const char *program)
{
    struct error error;
    char *path = path_whole(program), *folder = path ? path_folder(path, &error) : NULL;
    const bool good = folder && setenv("XDG_CACHE_HOME", folder, 1) == 0;
    free(path);
    free(folder);
    return good;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judge_knows_the_classes),
        cmocka_unit_test(features_are_the_second_layer),
        cmocka_unit_test(features_tell_the_classes),
        cmocka_unit_test(judge_is_kept),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(parts_of_the_test_images),
        cmocka_unit_test(real_images_are_the_best),
        cmocka_unit_test(distance_is_within_bounds),
        cmocka_unit_test(distance_to_one_image_is_known),
        cmocka_unit_test(harm_is_put_in_order),
        cmocka_unit_test(missing_classes_are_counted),
        cmocka_unit_test(repeated_images_are_counted_once),
        cmocka_unit_test(others_are_counted),
    };
    if (argc < 1 || !choose_cache(argv[0])) {
        return 1;
    }
    matmul_prepare();
    return cmocka_run_group_tests(tests, begin, end);
}
