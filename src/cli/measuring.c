#include "cli/measuring.h"

#include "base/memory.h"
#include "cli/real_images.h"
#include "eval/evaluation.h"
#include "eval/subset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TEST_EXPECTED = 10000 /* images, before any are read */ };

static const double SHARE = 0.0175; /* of a run's products: the measures are not made of products alone */
static const double PRODUCTS_A_MINUTE = 60 * 15e9; /* where --max_minutes ends a run: on a core that is not fast */

/* --- how often --- */

size_t measuring_interval(double run, size_t epochs, double measurement, double beginning)
{
    static const size_t ROUND[] = {1, 2, 5};
    for (size_t power = 1; power <= epochs; power *= 10) {
        for (size_t i = 0; i < sizeof ROUND / sizeof *ROUND && ROUND[i] * power <= epochs; i++) {
            const size_t every = ROUND[i] * power;
            const size_t measurements = (epochs + every - 1) / every; /* the last one may be extra */
            if (beginning + (double)measurements * measurement <= SHARE * run) {
                return every;
            }
        }
    }
    return 0;
}

/* The interval where a judge has to be trained or not; 0: there is no time for it. */
static size_t find_interval(const struct measuring_source *source, bool trains_judge)
{
    const struct gan *gan = source->gan;
    const struct config *config = gan->config;
    const struct dataset *dataset = source->dataset;
    const struct judge_shape shape = {.height = dataset->height, .width = dataset->width, .classes = dataset->classes};
    const double epoch = gan_step_products(gan) * (double)gan_steps_per_epoch(config, dataset->count);
    double epochs = (double)config->epochs;
    if (config->max_minutes > 0) {
        epochs = fmin(epochs, fmax(1, floor(config->max_minutes * PRODUCTS_A_MINUTE / epoch)));
    }
    const double measurement = METRICS_IMAGES * (double)gan->generator.network->parameter_count +
                               yardstick_products(shape, METRICS_IMAGES, METRICS_IMAGES);
    const double beginning = yardstick_products(shape, TEST_EXPECTED, METRICS_IMAGES) + measurement +
                             (trains_judge ? judge_training_products(shape) : 0);
    return measuring_interval(epoch * epochs, (size_t)epochs, measurement, beginning);
}

/* --- against what --- */

/* Test images that can be measured against; a set without them, which is not asked for, is no error. */
static bool load_test(struct measuring *measuring, const struct measuring_source *source, bool wanted,
                      struct dataset *test, struct error *error)
{
    const char *path = source->gan->config->test_images;
    if (dataset_load_test(source->dataset, path, NULL, test, error) && real_images_check_count(test, "test", error)) {
        return true;
    }
    measuring->why_not = *error;
    return !wanted && !path && error->status == STATUS_USAGE;
}

/* The whole of the training images, of which the run may have taken the first alone: a view of its own, or *whole. */
static bool load_whole(const struct measuring_source *source, struct dataset *whole, struct error *error)
{
    const struct dataset *dataset = source->dataset;
    const struct dataset_source files = {
        .folder = dataset->built_in ? "digits" : NULL,
        .images = dataset->images_path,
        .labels = dataset->labels_path,
    };
    return !source->gan->config->limit_images || dataset_load(&files, whole, error);
}

/* What as many real images get; nothing where there are not as many. */
static bool measure_real(const struct yardstick *yardstick, struct image_set training, struct figures *figures,
                         struct error *error)
{
    const size_t count = METRICS_IMAGES, pixels = training.pixels;
    if (training.count < count) {
        figures_clear(figures);
        return true;
    }
    uint32_t *order = memory_allocate(training.count, sizeof *order, "the order of the images", error);
    unsigned char *bytes = order ? memory_allocate(count, pixels, "real images", error) : NULL;
    if (bytes) {
        subset_order(SUBSET_TRAINING, 0, training.count, order);
        for (size_t i = 0; i < count; i++) {
            memcpy(bytes + i * pixels, training.bytes + order[i] * pixels, pixels);
        }
    }
    const bool good =
        bytes && yardstick_measure(yardstick, (struct image_set){bytes, count, pixels}, NULL, figures, error);
    free(order);
    free(bytes);
    return good;
}

/* whole: all training images, as gan-eval has them. */
static bool make_metrics(struct measuring *measuring, const struct measuring_source *source,
                         const struct dataset *whole, const struct dataset *test, struct error *error)
{
    const struct yardstick_source real_images = {
        .judge = measuring->judge,
        .test = real_images_of(test),
        .training_labels = whole->labels,
        .training_count = whole->count,
        .count = METRICS_IMAGES,
        .neighbours = YARDSTICK_NEIGHBOURS,
    };
    struct metrics_plan plan = {.yardstick = &measuring->yardstick, .every = measuring->every};
    if (!yardstick_create(&real_images, &measuring->yardstick, error) ||
        !measure_real(&measuring->yardstick, real_images_of(whole), &measuring->real, error)) {
        return false;
    }
    plan.real = measuring->real;
    figures_expect_classes(measuring->yardstick.shares, &measuring->real, METRICS_IMAGES, measuring->expected);
    return (measuring->metrics = metrics_create(&plan, source->gan, whole, error));
}

static struct judge *find_judge(struct measuring *measuring, const struct measuring_source *source,
                                const struct judge_source *judged, bool may_train, struct error *error)
{
    if (!may_train) {
        return judge_cache_load(judged, &measuring->find);
    }
    const struct watch watch = watch_view_begin(source->view, source->stop);
    struct judge *judge = judge_obtain(judged, &watch, &measuring->find, error);
    watch_view_clear(source->view);
    return judge;
}

/* With test images in hand. */
static bool begin_against(struct measuring *measuring, const struct measuring_source *source,
                          const struct dataset *test, bool may_train, struct error *error)
{
    struct dataset loaded = {0};
    const struct dataset *whole = source->gan->config->limit_images ? &loaded : source->dataset;
    bool good = load_whole(source, &loaded, error);
    if (good) {
        const struct judge_source judged = real_images_judge_source(whole);
        measuring->judge = find_judge(measuring, source, &judged, may_train, error);
        if (measuring->judge) {
            good = make_metrics(measuring, source, whole, test, error);
        } else if (measuring->find.damaged) {
            measuring->why_not = measuring->find.why_not;
            good = !may_train;
        } else {
            error_set(&measuring->why_not, STATUS_USAGE,
                      "no judge of these images is kept yet, and training one would take more than a fiftieth of the "
                      "time: gan-eval trains one, and so does --eval_every N");
            good = !may_train;
        }
    }
    dataset_free(&loaded);
    return good;
}

/* --- whether --- */

/* The interval to try, and whether a judge may be trained for it. 0 with why_not where there is none. */
static size_t choose_interval(struct measuring *measuring, const struct measuring_source *source, bool *may_train)
{
    if (!dataset_has_classes(source->dataset)) {
        error_set(&measuring->why_not, STATUS_USAGE, "the images have no labels of two classes or more");
        return 0;
    }
    if (source->gan->steps > 0) { /* it goes on as it was begun, whatever --epochs and --max_minutes are by now */
        if (!source->position->measured) {
            error_set(&measuring->why_not, STATUS_USAGE,
                      "this run has not been measured so far; --eval_every N begins to");
        }
        return source->position->measured;
    }
    size_t every = find_interval(source, true);
    *may_train = every > 0;
    every = every ? every : find_interval(source, false);
    if (!every && (source->gan->config->test_images || dataset_has_test(source->dataset, &measuring->why_not))) {
        error_set(&measuring->why_not, STATUS_USAGE,
                  "it would take more than a fiftieth of the time: gan-eval says how good the images are");
    }
    return every;
}

bool measuring_begin(struct measuring *measuring, const struct measuring_source *source, struct error *error)
{
    const size_t asked = source->gan->config->eval_every;
    const bool wanted = asked != EVERY_AUTO;
    bool may_train = true;
    if (asked == EVERY_OFF) {
        return true;
    }
    if (wanted && !dataset_has_classes(source->dataset)) {
        return error_set(error, STATUS_USAGE, "--eval_every: needs labels of two classes or more beside the images");
    }
    measuring->every = wanted ? asked : choose_interval(measuring, source, &may_train);
    if (!measuring->every) {
        return true;
    }
    struct dataset test = {0};
    const bool good = load_test(measuring, source, wanted, &test, error) &&
                      (measuring->why_not.message[0] || begin_against(measuring, source, &test, may_train, error));
    dataset_free(&test);
    return good;
}

void measuring_free(struct measuring *measuring)
{
    metrics_free(measuring->metrics);
    yardstick_free(&measuring->yardstick);
    judge_free(measuring->judge);
    judge_find_free(&measuring->find);
    *measuring = (struct measuring){0};
}
