#include "eval/figures.h"

#include <math.h>

const struct figure_kind FIGURE_KINDS[FIGURES] = {
    [FIGURE_FRECHET] = {"frechet_distance", "Frechet distance (FD)", "FD", BETTER_LOWER, 2},
    [FIGURE_COVERAGE] = {"coverage", "coverage", "coverage", BETTER_HIGHER, 3},
    [FIGURE_RECALL] = {"recall", "recall", "recall", BETTER_HIGHER, 3},
    /* of blurred images these two are higher than of real ones (docs/quality.md) */
    [FIGURE_PRECISION] = {"precision", "precision", "precision", BETTER_REAL, 3},
    [FIGURE_DENSITY] = {"density", "density", "density", BETTER_REAL, 3},
    [FIGURE_CLASSES] = {"classes_alive", "classes alive", "classes", BETTER_HIGHER, 1},
    [FIGURE_KL] = {"kl", "KL of the classes", "KL", BETTER_LOWER, 5},
    [FIGURE_ACCURACY] = {"class_accuracy", "class accuracy", "accuracy", BETTER_HIGHER, 4},
    [FIGURE_NEAREST] = {"nearest_distance", "nearest training image", "nearest", BETTER_REAL, 3},
    [FIGURE_PARZEN] = {"parzen", "Parzen log-likelihood", "Parzen", BETTER_HIGHER, 1},
};

static const double ALIVE = 0.1; /* of its share in the training images makes a class one that is alive */

bool figures_is_dead(double share, double wanted)
{
    return wanted > 0 && share < ALIVE * wanted;
}

enum { RARE = 10 /* images: of a class with fewer there may be none by chance */ };

void figures_expect_classes(const double *shares, const struct figures *drawn, size_t count, double *expected)
{
    const bool measured = !isnan(drawn->values[FIGURE_CLASSES]);
    for (size_t c = 0; c < CLASSES_MAX; c++) {
        const bool rare = shares[c] * (double)count < RARE;
        const bool unseen = measured && figures_is_dead(drawn->shares[c], shares[c]);
        expected[c] = rare || unseen ? 0 : shares[c];
    }
}

void figures_clear(struct figures *figures)
{
    *figures = (struct figures){.shares = {0}};
    for (size_t f = 0; f < FIGURES; f++) {
        figures->values[f] = figures->errors[f] = (double)NAN;
    }
}

struct figure_summary figures_summarize(const struct figures *draws, size_t count, enum figure figure)
{
    double sum = 0, squares = 0, error = (double)NAN;
    size_t measured = 0;
    for (size_t i = 0; i < count; i++) {
        if (!isnan(draws[i].values[figure])) {
            measured++;
            sum += draws[i].values[figure];
            error = draws[i].errors[figure];
        }
    }
    const double mean = sum / (double)measured;
    for (size_t i = 0; i < count; i++) {
        const double difference = draws[i].values[figure] - mean;
        squares += isnan(draws[i].values[figure]) ? 0 : difference * difference;
    }
    return (struct figure_summary){mean, measured > 1 ? sqrt(squares / (double)(measured - 1)) : error, measured};
}
