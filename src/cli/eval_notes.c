#include "cli/eval_notes.h"

#include <stdarg.h>

static const double COPIED = 0.1; /* this share of images being training images is no accident */
static const double LOW = 0.5; /* of real images' coverage, to be told of */
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

/* Where the real and the generated images are not as many. */
static void note_counts(const struct eval_report *report, struct eval_notes *notes)
{
    const size_t real_count = report->evaluation->real_count;
    char advice[64] = "";
    if (real_count >= IMAGES_MIN) {
        snprintf(advice, sizeof advice, ": --count %zu takes as many", real_count);
    }
    if (real_count < report->plan->count) {
        add(notes, "the real images are fewer, so that the two columns cannot be compared%s", advice);
    }
}

/* Where images are what they should not be: known ones. */
static void note_copies(const struct evaluation *evaluation, struct eval_notes *notes)
{
    const double nearest = evaluation->generated[0].values[FIGURE_NEAREST];
    if (evaluation->real_copied >= COPIED) {
        add(notes,
            "%.0f %% of the test images are training images: measured against them, a generator that remembers "
            "looks as good as one that does not",
            100 * evaluation->real_copied);
    }
    if (evaluation->test_copied >= COPIED) {
        add(notes, "%.0f %% of these images are test images, pixel for pixel: they are measured against themselves",
            100 * evaluation->test_copied);
    }
    if (evaluation->copied >= COPIED) {
        add(notes, "%.0f %% of these images are training images, pixel for pixel", 100 * evaluation->copied);
    } else if (nearest < NEAR * evaluation->real[0].values[FIGURE_NEAREST]) {
        add(notes, "these images are far nearer to training images than test images are: they are remembered, or of "
                   "few and simple kinds");
    }
}

/* Where one figure makes others look better than they are. */
static void note_coverage(const struct evaluation *evaluation, struct eval_notes *notes)
{
    const double coverage = figures_summarize(evaluation->generated, evaluation->draws, FIGURE_COVERAGE).mean;
    if (coverage < LOW * figures_summarize(evaluation->real, evaluation->real_draws, FIGURE_COVERAGE).mean) {
        add(notes, "coverage is low: precision and density are of the few kinds of images that are there, and say "
                   "nothing of the others");
    }
}

void eval_notes_make(const struct eval_report *report, struct eval_notes *notes)
{
    notes->count = 0;
    if (report->images->training.fallback) {
        add(notes, "no MNIST was found: these images are measured against the built-in drawn digits; --data says where "
                   "others are");
    }
    note_counts(report, notes);
    if (report->judge && hardly_knows(report->evaluation)) {
        add(notes, "the judge hardly knows these classes, so that its figures say little: do the labels belong to the "
                   "images?");
    }
    note_coverage(report->evaluation, notes);
    note_copies(report->evaluation, notes);
}
