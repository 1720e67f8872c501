#include "gan/record.h"
#include "base/memory.h"
#include "io/csv.h"

#include <stdio.h>
#include <stdlib.h>

const char *const RECORD_COLUMN_NAMES[RECORD_COLUMNS] = {"epoch",         "step",    "loss_d",           "loss_g",
                                                         "d_real",        "d_fake",  "grad_norm_d",      "grad_norm_g",
                                                         "learning_rate", "seconds", "images_per_second"};

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
    const double means[] = {r->loss_d,      r->loss_g,      r->d_real,       r->d_fake,
                            r->grad_norm_d, r->grad_norm_g, r->learning_rate};
    snprintf(text->numbers[0], RECORD_NUMBER_SIZE, "%zu", r->epoch);
    snprintf(text->numbers[1], RECORD_NUMBER_SIZE, "%llu", (unsigned long long)r->step);
    for (size_t i = 0; i < sizeof means / sizeof *means; i++) {
        snprintf(text->numbers[2 + i], RECORD_NUMBER_SIZE, "%.9g", means[i]);
    }
    snprintf(text->numbers[9], RECORD_NUMBER_SIZE, "%.6f", r->seconds);
    snprintf(text->numbers[10], RECORD_NUMBER_SIZE, "%.1f", r->images_per_second);
}

bool record_scan(const char *const *fields, struct record *record)
{
    double values[RECORD_COLUMNS];
    if (!csv_scan_numbers(fields, RECORD_COLUMNS, values)) {
        return false;
    }
    *record = (struct record){
        .epoch = (size_t)values[0],
        .step = (uint64_t)values[1],
        .loss_d = values[2],
        .loss_g = values[3],
        .d_real = values[4],
        .d_fake = values[5],
        .grad_norm_d = values[6],
        .grad_norm_g = values[7],
        .learning_rate = values[8],
        .seconds = values[9],
        .images_per_second = values[10],
    };
    return values[0] >= 1 && values[0] <= 1e15 && values[1] >= 1 && values[1] <= 1e15;
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
