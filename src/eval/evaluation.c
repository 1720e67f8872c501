#include "eval/evaluation.h"
#include "base/memory.h"
#include "eval/nearest.h"
#include "eval/parzen.h"
#include "eval/subset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The parts of the whole, as a watch is told of them. */
static const char DRAWS[] = "1/4 draws", PARZEN[] = "2/4 Parzen windows", NEAREST[] = "3/4 nearest training images",
                  TEST_NEAREST[] = "4/4 test images' nearest training images";

enum {
    COMPARED = 1000, /* images that are looked for among the test images */
    VALIDATION = 1000, /* training images that choose the width of the Parzen windows, a sixth of them at most */
};

/* What the functions below hand to each other. */
struct run {
    const struct evaluation_plan *plan;
    const struct watch *watch;
    struct evaluation *evaluation;
    struct yardstick yardstick;
    size_t pixels;
    struct {
        size_t first, count;
    } validation; /* the training images that choose the width of Parzen windows, and are never drawn */
    uint32_t *order; /* [the other training images], counted without those: how they are drawn */
    unsigned char *bytes, *asked; /* [count] the images of a draw, and their classes */
    unsigned char *real; /* [real count] */
};

/* The images of a draw, and the real ones beside them. */
static struct image_set generated_set(const struct run *run)
{
    return (struct image_set){run->bytes, run->plan->count, run->pixels};
}

static struct image_set drawn_set(const struct run *run)
{
    return (struct image_set){run->real, run->evaluation->real_count, run->pixels};
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* --- pixels --- */

static int compare_distances(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median of distances [count], which are sorted, and its standard error: half of what lies between the two order
 * statistics that are one standard deviation of a binomial away. */
static void take_median(double *distances, size_t count, double *median, double *standard_error)
{
    qsort(distances, count, sizeof *distances, compare_distances);
    const double middle = (double)(count - 1) / 2, step = sqrt((double)count) / 2;
    const size_t low = (size_t)fmax(0, floor(middle - step)), high = least(count - 1, (size_t)ceil(middle + step));
    *median = (distances[(count - 1) / 2] + distances[count / 2]) / 2;
    *standard_error = (distances[high] - distances[low]) / 2;
}

/* The share of images whose nearest ones, nearest [count], are the same image. */
static double share_of_copies(const struct neighbour *nearest, size_t count)
{
    size_t copies = 0;
    for (size_t i = 0; i < count; i++) {
        copies += nearest[i].squared == 0;
    }
    return (double)copies / (double)count;
}

/* The median distance of the images to their nearest training images, and the share of images that are such a one. */
static bool measure_nearest(const struct run *run, struct image_set images, const char *what, struct figures *figures,
                            double *copied, struct error *error)
{
    const struct real_set *set = &run->plan->real;
    struct image_set training = set->training;
    training.count = set->remembered ? set->remembered : training.count;
    struct neighbour *nearest = memory_allocate(images.count, sizeof *nearest, "the neighbours", error);
    double *distances = memory_allocate(images.count, sizeof *distances, "the distances", error);
    const bool good = nearest && distances && nearest_find(images, training, nearest, run->watch, what, error);
    for (size_t i = 0; good && i < images.count; i++) {
        distances[i] = nearest_distance(nearest[i]);
    }
    if (good) {
        *copied = share_of_copies(nearest, images.count);
        take_median(distances, images.count, &figures->values[FIGURE_NEAREST], &figures->errors[FIGURE_NEAREST]);
    }
    free(nearest);
    free(distances);
    return good;
}

/* Whether there are test images among the images: of their first ones. */
static bool find_test_copies(const struct run *run, struct image_set images, struct error *error)
{
    struct neighbour *nearest = memory_allocate(COMPARED, sizeof *nearest, "the neighbours", error);
    images.count = least(COMPARED, images.count);
    const struct watch watch = {.stop = run->watch->stop}; /* it is soon done */
    const bool good = nearest && nearest_find(images, run->plan->real.test, nearest, &watch, "", error);
    if (good) {
        run->evaluation->test_copied = share_of_copies(nearest, images.count);
    }
    free(nearest);
    return good;
}

/* Parzen windows on the images. */
static bool measure_parzen(const struct run *run, struct image_set images, struct figures *figures, double *sigma,
                           struct error *error)
{
    const struct real_set *set = &run->plan->real;
    const struct image_set validation = {set->training.bytes + run->validation.first * run->pixels,
                                         run->validation.count, run->pixels};
    double sigmas[PARZEN_SIGMAS];
    const struct parzen_windows windows = {images, sigmas, PARZEN_SIGMAS};
    struct parzen parzen;
    parzen_candidates(sigmas);
    if (!parzen_measure(&windows, validation, set->test, run->watch, &parzen, error)) {
        return false;
    }
    figures->values[FIGURE_PARZEN] = parzen.mean;
    figures->errors[FIGURE_PARZEN] = parzen.standard_error;
    *sigma = parzen.sigma;
    return true;
}

/* --- draws --- */

/* Training images of draw d. */
static void draw_real(const struct run *run, size_t d)
{
    const struct real_set *set = &run->plan->real;
    const size_t count = run->evaluation->real_count;
    for (size_t i = 0; i < count; i++) {
        const size_t drawn = run->order[d * count + i];
        const size_t image = drawn + (drawn >= run->validation.first ? run->validation.count : 0);
        memcpy(run->real + i * run->pixels, set->training.bytes + image * run->pixels, run->pixels);
    }
}

static bool measure_generated(const struct run *run, size_t d, struct error *error)
{
    const struct evaluation_plan *plan = run->plan;
    const struct image_source *source = &plan->source;
    struct figures *figures = &run->evaluation->generated[d];
    unsigned char *asked = source->has_classes ? run->asked : NULL;
    figures_clear(figures);
    return source->draw(source->context, d * plan->count, plan->count, run->bytes, asked, error) &&
           (!plan->judge || yardstick_measure(&run->yardstick, generated_set(run), asked, figures, error));
}

static bool measure_real(const struct run *run, size_t d, struct error *error)
{
    struct figures *figures = &run->evaluation->real[d];
    figures_clear(figures);
    draw_real(run, d);
    return !run->plan->judge || yardstick_measure(&run->yardstick, drawn_set(run), NULL, figures, error);
}

/* The figures of all draws; the first ones are made last, so that their images are there for the pixels' figures. */
static bool measure_draws(const struct run *run, struct error *error)
{
    const struct evaluation *evaluation = run->evaluation;
    const size_t all = evaluation->draws + (run->plan->beside ? 0 : evaluation->real_draws);
    bool good = true;
    for (size_t i = all; good && i > 0; i--) {
        const size_t d = i - 1;
        watch_tell(run->watch, DRAWS, (double)(all - i) / (double)all);
        good = watch_goes_on(run->watch, error) &&
               (d >= evaluation->draws ? measure_real(run, d - evaluation->draws, error)
                                       : measure_generated(run, d, error));
    }
    return good;
}

static bool measure_pixels(const struct run *run, struct error *error)
{
    const struct evaluation_plan *plan = run->plan;
    struct evaluation *evaluation = run->evaluation;
    const struct image_set generated = generated_set(run), drawn = drawn_set(run);
    const bool same_nearest = plan->beside && plan->beside->remembered == plan->real.remembered;
    watch_tell(run->watch, PARZEN, 0);
    if (!measure_parzen(run, generated, &evaluation->generated[0], &evaluation->parzen_sigma, error)) {
        return false;
    }
    watch_tell(run->watch, PARZEN, 0.5);
    return find_test_copies(run, generated, error) &&
           (plan->beside || measure_parzen(run, drawn, &evaluation->real[0], &evaluation->real_parzen_sigma, error)) &&
           measure_nearest(run, generated, NEAREST, &evaluation->generated[0], &evaluation->copied, error) &&
           (same_nearest ||
            measure_nearest(run, plan->real.test, TEST_NEAREST, &evaluation->real[0], &evaluation->real_copied, error));
}

/* --- the whole --- */

size_t evaluation_classes(const struct evaluation *evaluation)
{
    size_t classes = 0;
    for (size_t c = 0; c < CLASSES_MAX; c++) {
        classes += evaluation->shares[c] > 0;
    }
    return classes;
}

/* What the judge knows of the test images, which is what real images of an asked class would get. */
static void take_accuracy(const struct run *run)
{
    const struct real_set *set = &run->plan->real;
    struct evaluation *evaluation = run->evaluation;
    evaluation->judge_accuracy =
        set->test_labels ? judge_accuracy(run->yardstick.test_classes, set->test_labels, set->test.count) : (double)NAN;
    evaluation->real[0].values[FIGURE_ACCURACY] =
        run->plan->source.has_classes ? evaluation->judge_accuracy : (double)NAN;
}

static bool make_yardstick(struct run *run, struct error *error)
{
    const struct evaluation_plan *plan = run->plan;
    const struct yardstick_source source = {
        .judge = plan->judge,
        .test = plan->real.test,
        .training_labels = plan->real.training_labels,
        .training_count = plan->real.training.count,
        .count = plan->count,
        .neighbours = plan->neighbours,
        .watch = {.stop = run->watch->stop},
    };
    watch_tell(run->watch, DRAWS, 0);
    if (!yardstick_create(&source, &run->yardstick, error)) {
        return false;
    }
    memcpy(run->evaluation->shares, run->yardstick.shares, sizeof run->evaluation->shares);
    return true;
}

static void take_real_figures(const struct evaluation *from, struct evaluation *evaluation)
{
    memcpy(evaluation->real, from->real, sizeof evaluation->real);
    evaluation->real_parzen_sigma = from->real_parzen_sigma;
    evaluation->real_copied = from->real_copied;
}

/* Training images that may be drawn. */
static size_t drawable(const struct run *run)
{
    return run->plan->real.training.count - run->validation.count;
}

static bool allocate(struct run *run, struct error *error)
{
    const struct evaluation_plan *plan = run->plan;
    return (run->bytes = memory_allocate(plan->count, run->pixels, "the images", error)) &&
           (run->asked = memory_allocate(plan->count, 1, "the images' classes", error)) &&
           (run->real = memory_allocate(run->evaluation->real_count, run->pixels, "real images", error)) &&
           (run->order = memory_allocate(drawable(run), sizeof *run->order, "the order of the images", error));
}

static bool measure(struct run *run, struct error *error)
{
    const struct evaluation_plan *plan = run->plan;
    if (!allocate(run, error) || (plan->judge && !make_yardstick(run, error))) {
        return false;
    }
    subset_order(SUBSET_TRAINING, plan->seed, drawable(run), run->order);
    if (!measure_draws(run, error)) {
        return false;
    }
    if (plan->judge) {
        take_accuracy(run);
    }
    return measure_pixels(run, error);
}

bool evaluation_run(const struct evaluation_plan *plan, const struct watch *watch, struct evaluation *evaluation,
                    struct error *error)
{
    const size_t training = plan->real.training.count;
    struct run run = {.plan = plan, .watch = watch, .evaluation = evaluation};
    run.pixels = plan->real.training.pixels;
    run.validation.first = training / 6 * 5; /* 50,000 of MNIST's, as in Goodfellow et al. 2014 */
    run.validation.count = least(VALIDATION, training / 6);
    *evaluation =
        (struct evaluation){.draws = plan->draws, .judge_accuracy = (double)NAN, .remembered = plan->real.remembered};
    evaluation->real_count = least(plan->count, drawable(&run));
    evaluation->real_draws = least(plan->real_draws, drawable(&run) / evaluation->real_count);
    if (plan->beside) {
        take_real_figures(plan->beside, evaluation);
    }
    const bool good = measure(&run, error);
    yardstick_free(&run.yardstick);
    free(run.bytes);
    free(run.asked);
    free(run.real);
    free(run.order);
    return good;
}
