/* What is measured of a training: records, means over steps, and their history. */
#ifndef GAN_RECORD_H
#define GAN_RECORD_H

#include "base/error.h"
#include "gan/gan.h"

#include <stdint.h>

/* Means over some steps: a row of losses.csv or steps.csv. */
struct record {
    size_t epoch; /* from 1 */
    uint64_t step; /* steps done since the run began */
    size_t steps; /* the means are over so many, up to that one */
    double loss_d, loss_g;
    double d_real, d_fake; /* mean probabilities D gives to real and to generated images in its own updates */
    double grad_norm_d, grad_norm_g;
    double learning_rate; /* of D's last update, after decay */
    double seconds; /* of the updates alone */
    double images_per_second; /* real images */
};

/* Sums on their way to a record. */
struct record_sums {
    struct step_report sum;
    size_t steps;
    double seconds;
};

void record_add(struct record_sums *sums, const struct step_report *report, double seconds);

/* The means of what was added so far. */
struct record record_means(const struct record_sums *sums, const struct gan *gan, size_t epoch);

/* A row's columns, and their names. */
enum record_column {
    RECORD_EPOCH,
    RECORD_STEP,
    RECORD_LOSS_D,
    RECORD_LOSS_G,
    RECORD_D_REAL,
    RECORD_D_FAKE,
    RECORD_GRAD_NORM_D,
    RECORD_GRAD_NORM_G,
    RECORD_LEARNING_RATE,
    RECORD_SECONDS,
    RECORD_IMAGES_PER_SECOND,
    RECORD_COLUMNS,
};

extern const char *const RECORD_COLUMN_NAMES[RECORD_COLUMNS];

enum { RECORD_NUMBER_SIZE = 32 };

/* A record as a row of a CSV. */
struct record_text {
    char numbers[RECORD_COLUMNS][RECORD_NUMBER_SIZE];
};

void record_print(const struct record *record, struct record_text *text);

/* The record that a row's fields [RECORD_COLUMNS] say, `steps` left 0. false where one is no number, or epoch
 * or step none that a run counts. */
bool record_scan(const char *const *fields, struct record *record);

/* Records in the order they came; a struct of zeros is empty. */
struct history {
    size_t count, capacity;
    struct record *records; /* owned, freed by history_free */
};

bool history_add(struct history *history, const struct record *record, struct error *error);
void history_free(struct history *history);

#endif
