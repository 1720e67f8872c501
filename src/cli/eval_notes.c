#include "cli/eval_notes.h"

#include <stdarg.h>

static const double COPIED = 0.1; /* this share of images being training images is no accident */
static const double NEAR = 0.5; /* of the distance that test images have, to be told of */

__attribute__((format(printf, 2, 3))) static void add(struct eval_notes *notes, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(notes->texts[notes->count++], NOTE_SIZE, format, arguments);
    va_end(arguments);
}

/* Whether the judge knows less than half of what is to be known beyond guessing the most frequent class; NAN, where its
 * accuracy is not known, is not less. */
static bool hardly_knows(const struct evaluation *evaluation)
{
    double guessed = 0;
    for (size_t c = 0; c < CLASSES_MAX; c++) {
        guessed = evaluation->shares[c] > guessed ? evaluation->shares[c] : guessed;
    }
    return evaluation->judge_accuracy < (1 + guessed) / 2;
}

void eval_notes_make(const struct eval_report *report, struct eval_notes *notes)
{
    const struct evaluation *evaluation = report->evaluation;
    const size_t real_count = evaluation->real_count;
    notes->count = 0;
    if (real_count < report->plan->count && real_count >= IMAGES_MIN) {
        add(notes, "the real images are fewer, which makes their figures worse: --count %zu compares as many",
            real_count);
    } else if (real_count < report->plan->count) {
        add(notes, "the real images are fewer, which makes their figures worse");
    }
    if (report->judge && hardly_knows(evaluation)) {
        add(notes, "the judge hardly knows these classes, so that its figures say little: do the labels belong to the "
                   "images?");
    }
    if (evaluation->real_copied >= COPIED) {
        add(notes,
            "%.0f %% of the test images are training images: measured against them, a generator that remembers "
            "looks as good as one that does not",
            100 * evaluation->real_copied);
    }
    if (evaluation->copied >= COPIED) {
        add(notes, "%.0f %% of these images are training images, pixel for pixel", 100 * evaluation->copied);
    } else if (evaluation->generated[0].values[FIGURE_NEAREST] < NEAR * evaluation->real[0].values[FIGURE_NEAREST]) {
        add(notes, "these images are far nearer to training images than test images are: they are remembered, or of "
                   "few and simple kinds");
    }
}
