/* What is measured: sets of real images, spoiled or not, and their figures. */
#ifndef TESTS_SETS_H
#define TESTS_SETS_H

#include "../unit/unit.h"

#include "eval/judge_cache.h"
#include "eval/yardstick.h"
#include "spoil.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    NEIGHBOURS = 5,
    LEVELS = 5, /* of a kind; level 0 is the real images */
};

enum kind { REAL, NOISE, BLUR, MISSING, REPEATED, MIRRORED, INVERTED, THICKENED, DRAWN, KINDS };

static const struct {
    const char *name;
    spoiler *spoil;
    double levels[LEVELS]; /* from 1 on; 0: no more */
} SPOILED[KINDS] = {
    [REAL] = {"real, draw", spoil_not, {0, 1, 2}},
    [NOISE] = {"noise, deviation", spoil_by_noise, {0, 10, 25, 50, 100}},
    [BLUR] = {"blur, deviation", spoil_by_blur, {0, 0.5, 1, 2, 4}},
    [MISSING] = {"classes missing", spoil_by_missing_classes, {0, 1, 3, 5, 9}},
    [REPEATED] = {"different images", spoil_by_repetition, {0, 1000, 100, 10, 1}},
    [MIRRORED] = {"mirrored, share", spoil_by_mirroring, {0, 0.1, 0.5, 1}},
    [INVERTED] = {"inverted, share", spoil_by_inverting, {0, 0.1, 0.5, 1}},
    [THICKENED] = {"thickened, pixels", spoil_by_thickening, {0, 1, 2, 3}},
    [DRAWN] = {"drawn, share", spoil_by_drawing, {0, 0.5, 1}},
};

struct trust {
    struct dataset training, test;
    uint32_t *order; /* [training.count] */
    struct originals originals;
    struct judge_source source;
    struct judge_find find;
    struct judge *judge;
    struct yardstick yardstick;
    unsigned char *bytes; /* [COUNT][pixels] */
    struct figures figures[KINDS][LEVELS];
};

static inline double value(const struct trust *trust, enum kind kind, size_t level, enum figure figure)
{
    return trust->figures[kind][level].values[figure];
}

/* Whether a kind has such a level; level 0, the real images, each has. */
static inline bool has_level(const struct trust *trust, enum kind kind, size_t level)
{
    return level < LEVELS && (level == 0 || SPOILED[kind].levels[level] > 0) &&
           (kind != DRAWN || !trust->training.built_in); /* which are no other kind then */
}

static inline struct image_set images_of(const struct trust *trust, const unsigned char *bytes, size_t count)
{
    return (struct image_set){bytes, count, trust->originals.pixels};
}

static inline struct image_set all_test_images(const struct trust *trust)
{
    return images_of(trust, trust->test.images, trust->test.count);
}

/* The figures of trust->bytes. */
static inline void measure(const struct yardstick *yardstick, const struct trust *trust, struct figures *figures)
{
    struct error error;
    assert_true(yardstick_measure(yardstick, images_of(trust, trust->bytes, COUNT), NULL, figures, &error));
}

static inline void print(const struct trust *trust, enum kind kind, size_t level)
{
    printf("%-17s %6g", SPOILED[kind].name, SPOILED[kind].levels[level]);
    for (enum figure f = FIGURE_FRECHET; f <= FIGURE_KL; f++) {
        printf("  %*.*f", f == FIGURE_FRECHET ? 8 : 6, f == FIGURE_CLASSES ? 0 : 3, value(trust, kind, level, f));
    }
    puts("");
}

static inline void measure_all(struct trust *trust)
{
    printf("%-17s %6s  %8s  %6s  %6s  %6s  %6s  %6s  %6s\n", "set", "level", "FD", "cover.", "recall", "prec.", "dens.",
           "alive", "KL");
    for (enum kind kind = REAL; kind < KINDS; kind++) {
        for (size_t level = 0; has_level(trust, kind, level); level++) {
            if (kind != REAL && level == 0) {
                trust->figures[kind][0] = trust->figures[REAL][0];
                continue;
            }
            SPOILED[kind].spoil(&trust->originals, SPOILED[kind].levels[level], trust->bytes);
            measure(&trust->yardstick, trust, &trust->figures[kind][level]);
            print(trust, kind, level);
        }
    }
}

static inline bool load(struct trust *trust, struct error *error)
{
    struct dataset *training = &trust->training;
    if (!dataset_load(&(struct dataset_source){.labels_wanted = true}, training, error) ||
        !dataset_load_test(training, NULL, NULL, &trust->test, error)) {
        return false;
    }
    const size_t pixels = training->height * training->width;
    assert_true(pixels <= PIXELS_MAX);
    trust->source = (struct judge_source){
        .shape = {training->height, training->width, training->classes},
        .training = {{training->images, training->count, pixels}, training->labels},
        .checksum = training->checksum,
    };
    trust->order = calloc(training->count, sizeof *trust->order);
    trust->bytes = calloc(COUNT, pixels);
    assert_non_null(trust->order);
    assert_non_null(trust->bytes);
    rng_permutation((struct rng_stream){.purpose = RNG_SUBSET, .part = 1}, training->count, trust->order);
    trust->originals = (struct originals){training, trust->order, training->height, training->width, pixels};
    return true;
}

/* Test images to measure against; to be freed. */
static inline struct yardstick make_yardstick(const struct trust *trust, struct image_set test)
{
    struct yardstick yardstick;
    struct error error;
    const struct yardstick_source source = {
        .judge = trust->judge,
        .test = test,
        .training_labels = trust->training.labels,
        .training_count = trust->training.count,
        .count = COUNT,
        .neighbours = NEIGHBOURS,
    };
    assert_true(yardstick_create(&source, &yardstick, &error));
    return yardstick;
}

/* Setup and teardown of the tests: *state is the struct trust. */
static inline int begin(void **state)
{
    static struct trust trust;
    struct error error;
    *state = &trust;
    if (!load(&trust, &error) ||
        !(trust.judge = judge_obtain(&trust.source, &(struct watch){0}, &trust.find, &error))) {
        print_error("%s\n", error.message);
        return -1;
    }
    trust.yardstick = make_yardstick(&trust, all_test_images(&trust));
    measure_all(&trust);
    return 0;
}

static inline int end(void **state)
{
    struct trust *trust = *state;
    yardstick_free(&trust->yardstick);
    judge_free(trust->judge);
    judge_find_free(&trust->find);
    dataset_free(&trust->training);
    dataset_free(&trust->test);
    free(trust->order);
    free(trust->bytes);
    return 0;
}

#endif
