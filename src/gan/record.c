#include "gan/record.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

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

bool history_add(struct history *history, const struct record *record, struct error *error)
{
    if (history->count == history->capacity) {
        size_t capacity = history->capacity ? 2 * history->capacity : 64;
        struct record *records = memory_allocate(capacity, sizeof *records, "the history of the losses", error);
        if (!records) {
            return false;
        }
        if (history->count) {
            memcpy(records, history->records, history->count * sizeof *records);
        }
        free(history->records);
        history->records = records;
        history->capacity = capacity;
    }
    history->records[history->count++] = *record;
    return true;
}

void history_free(struct history *history)
{
    free(history->records);
    *history = (struct history){0};
}
