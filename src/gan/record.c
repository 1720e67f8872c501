#include "gan/record.h"
#include "base/memory.h"
#include "io/csv.h"

#include <stdio.h>
#include <stdlib.h>

const char *const RECORD_COLUMN_NAMES[RECORD_COLUMNS] = {
    [RECORD_EPOCH] = "epoch",
    [RECORD_STEP] = "step",
    [RECORD_LOSS_D] = "loss_d",
    [RECORD_LOSS_G] = "loss_g",
    [RECORD_D_REAL] = "d_real",
    [RECORD_D_FAKE] = "d_fake",
    [RECORD_GRAD_NORM_D] = "grad_norm_d",
    [RECORD_GRAD_NORM_G] = "grad_norm_g",
    [RECORD_LEARNING_RATE] = "learning_rate",
    [RECORD_SECONDS] = "seconds",
    [RECORD_IMAGES_PER_SECOND] = "images_per_second",
};

void record_add(struct record_sums *sums, const struct step_report *report, double seconds)
{
    sums->sum.loss_d += report->loss_d;
    sums->sum.loss_g += report->loss_g;
    sums->sum.d_real += report->d_real;
    sums->sum.d_fake += report->d_fake;
    sums->sum.grad_norm_d += report->grad_norm_d;
    sums->sum.grad_norm_g += report->grad_norm_g;
    sums->seconds += seconds;
    sums->steps++;
}

struct record record_means(const struct record_sums *sums, const struct gan *gan, size_t epoch)
{
    const double n = (double)sums->steps;
    const double images = n * (double)gan_images_per_step(gan->config);
    const struct player *discriminator = &gan->discriminator;
    return (struct record){
        .epoch = epoch,
        .step = gan->steps,
        .steps = sums->steps,
        .loss_d = sums->sum.loss_d / n,
        .loss_g = sums->sum.loss_g / n,
        .d_real = sums->sum.d_real / n,
        .d_fake = sums->sum.d_fake / n,
        .grad_norm_d = sums->sum.grad_norm_d / n,
        .grad_norm_g = sums->sum.grad_norm_g / n,
        .learning_rate = optimizer_rate(&discriminator->optimizer, discriminator->updates - 1),
        .seconds = sums->seconds,
        .images_per_second = sums->seconds > 0 ? images / sums->seconds : 0,
    };
}

void record_print(const struct record *r, struct record_text *text)
{
    const double means[RECORD_COLUMNS] = {
        [RECORD_LOSS_D] = r->loss_d,
        [RECORD_LOSS_G] = r->loss_g,
        [RECORD_D_REAL] = r->d_real,
        [RECORD_D_FAKE] = r->d_fake,
        [RECORD_GRAD_NORM_D] = r->grad_norm_d,
        [RECORD_GRAD_NORM_G] = r->grad_norm_g,
        [RECORD_LEARNING_RATE] = r->learning_rate,
    };
    snprintf(text->numbers[RECORD_EPOCH], RECORD_NUMBER_SIZE, "%zu", r->epoch);
    snprintf(text->numbers[RECORD_STEP], RECORD_NUMBER_SIZE, "%llu", (unsigned long long)r->step);
    for (size_t c = RECORD_LOSS_D; c <= RECORD_LEARNING_RATE; c++) {
        snprintf(text->numbers[c], RECORD_NUMBER_SIZE, "%.9g", means[c]);
    }
    snprintf(text->numbers[RECORD_SECONDS], RECORD_NUMBER_SIZE, "%.6f", r->seconds);
    snprintf(text->numbers[RECORD_IMAGES_PER_SECOND], RECORD_NUMBER_SIZE, "%.1f", r->images_per_second);
}

bool record_scan(const char *const *fields, struct record *record)
{
    double values[RECORD_COLUMNS];
    uint64_t epoch, step;
    if (!csv_scan_numbers(fields, RECORD_COLUMNS, values) || !csv_count(values[RECORD_EPOCH], &epoch) ||
        !csv_count(values[RECORD_STEP], &step)) {
        return false;
    }
    *record = (struct record){
        .epoch = (size_t)epoch,
        .step = step,
        .loss_d = values[RECORD_LOSS_D],
        .loss_g = values[RECORD_LOSS_G],
        .d_real = values[RECORD_D_REAL],
        .d_fake = values[RECORD_D_FAKE],
        .grad_norm_d = values[RECORD_GRAD_NORM_D],
        .grad_norm_g = values[RECORD_GRAD_NORM_G],
        .learning_rate = values[RECORD_LEARNING_RATE],
        .seconds = values[RECORD_SECONDS],
        .images_per_second = values[RECORD_IMAGES_PER_SECOND],
    };
    return epoch >= 1 && step >= 1;
}

bool history_add(struct history *history, const struct record *record, struct error *error)
{
    struct record *records = memory_grow(history->records, &history->capacity, history->count, sizeof *records,
                                         "the history of the losses", error);
    if (!records) {
        return false;
    }
    history->records = records;
    history->records[history->count++] = *record;
    return true;
}

void history_free(struct history *history)
{
    free(history->records);
    *history = (struct history){0};
}
