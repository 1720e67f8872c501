/* The figures as JSON. */
#include "cli/eval_notes.h"
#include "cli/eval_report.h"
#include "cli/summary.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>

/* A number; null for what was not measured, and the text "inf" for what is infinite, which JSON has no number for. */
static json_t *number(double value)
{
    return isnan(value) ? json_null() : isinf(value) ? json_string(value > 0 ? "inf" : "-inf") : json_real(value);
}

/* A string; null for NULL, and for a path that is no UTF-8. */
static json_t *string(const char *text)
{
    json_t *value = text ? json_string(text) : NULL;
    return value ? value : json_null();
}

/* A figure's mean, spread and draws. */
static json_t *figure_object(const struct figures *draws, size_t count, enum figure figure)
{
    const struct figure_summary summary = figures_summarize(draws, count, figure);
    json_t *object = json_object(), *values = json_array();
    for (size_t i = 0; i < summary.draws; i++) {
        json_array_append_new(values, number(draws[i].values[figure]));
    }
    const bool drawn_often = summary.draws > 1;
    json_object_set_new(object, "value", number(summary.mean));
    json_object_set_new(object, drawn_often ? "spread" : "standard_error", number(summary.spread));
    json_object_set_new(object, drawn_often ? "standard_error" : "spread", json_null());
    json_object_set_new(object, "draws", values);
    return object;
}

static json_t *figures_object(const struct evaluation *evaluation)
{
    json_t *object = json_object();
    for (size_t f = 0; f < FIGURES; f++) {
        json_t *figure = figure_object(evaluation->generated, evaluation->draws, (enum figure)f);
        json_object_set_new(figure, "real", figure_object(evaluation->real, evaluation->real_draws, (enum figure)f));
        json_object_set_new(object, FIGURE_KINDS[f].name, figure);
    }
    return object;
}

/* For each class its share in each draw, and in the data. */
static json_t *classes_array(const struct evaluation *evaluation, size_t classes)
{
    json_t *array = json_array();
    for (size_t c = 0; c < classes; c++) {
        json_t *object = json_object(), *shares = json_array();
        for (size_t d = 0; d < evaluation->draws; d++) {
            json_array_append_new(shares, number(evaluation->generated[d].shares[c]));
        }
        json_object_set_new(object, "class", json_integer((json_int_t)c));
        json_object_set_new(object, "shares", shares);
        json_object_set_new(object, "real", number(evaluation->shares[c]));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *data_object(const struct dataset *dataset)
{
    json_t *object = json_object();
    json_object_set_new(object, "images", string(dataset->built_in ? SUMMARY_BUILT_IN : dataset->images_path));
    json_object_set_new(object, "labels", string(dataset->labels_path));
    json_object_set_new(object, "count", json_integer((json_int_t)dataset->count));
    return object;
}

static json_t *judge_object(const struct eval_report *report)
{
    if (!report->judge) {
        return json_null();
    }
    json_t *object = json_object();
    json_object_set_new(object, "path", string(report->judge->kept ? report->judge->path : NULL));
    json_object_set_new(object, "not_kept", string(report->judge->kept ? NULL : report->judge->why_not.message));
    json_object_set_new(object, "trained_now", json_boolean(report->judge->trained));
    json_object_set_new(object, "damaged", json_boolean(report->judge->damaged));
    json_object_set_new(object, "accuracy", number(report->evaluation->judge_accuracy));
    return object;
}

/* A number, or a text where that is beyond what JSON's readers are sure to hold: as --print_config has it. */
static json_t *seed_value(uint64_t seed)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRIu64, seed);
    return seed <= INT64_MAX ? json_integer((json_int_t)seed) : json_string(text);
}

/* What run a checkpoint is of, and how far it had come. */
static json_t *run_object(const struct subject *subject)
{
    const struct saved_generator *run = &subject->saved;
    if (!run->path) {
        return json_null();
    }
    json_t *object = json_object();
    json_object_set_new(object, "preset", string(run->options.config.preset));
    json_object_set_new(object, "flags", string(subject->flags));
    json_object_set_new(object, "epochs", json_integer((json_int_t)run->progress.epochs));
    json_object_set_new(object, "steps", json_integer((json_int_t)run->progress.steps));
    json_object_set_new(object, "rescues", json_integer((json_int_t)run->progress.rescues));
    json_object_set_new(object, "averaged", json_boolean(run->averaged));
    json_object_set_new(object, "training_images", json_integer((json_int_t)run->data.count));
    return object;
}

static json_t *notes_array(const struct eval_report *report)
{
    struct eval_notes notes;
    json_t *array = json_array();
    eval_notes_make(report, &notes);
    for (size_t i = 0; i < notes.count; i++) {
        json_array_append_new(array, json_string(notes.texts[i]));
    }
    return array;
}

json_t *eval_report_json(const struct eval_report *report)
{
    const struct evaluation *evaluation = report->evaluation;
    const struct dataset *training = &report->images->training;
    json_t *object = json_object();
    json_object_set_new(object, "program", json_string("gan-eval"));
    json_object_set_new(object, "version", json_string(GAN_VERSION));
    json_object_set_new(object, "measured", string(report->subject->name));
    json_object_set_new(object, "run", run_object(report->subject));
    json_object_set_new(object, "count", json_integer((json_int_t)report->plan->count));
    json_object_set_new(object, "draws", json_integer((json_int_t)evaluation->draws));
    json_object_set_new(object, "seed", seed_value(report->subject->seed));
    json_object_set_new(object, "k", json_integer((json_int_t)report->plan->neighbours));
    json_object_set_new(object, "training", data_object(training));
    json_object_set_new(object, "test", data_object(&report->images->test));
    json_object_set_new(object, "real_count", json_integer((json_int_t)evaluation->real_count));
    json_object_set_new(object, "real_draws", json_integer((json_int_t)evaluation->real_draws));
    json_object_set_new(object, "judge", judge_object(report));
    json_object_set_new(object, "parzen_sigma", number(evaluation->parzen_sigma));
    json_object_set_new(object, "real_parzen_sigma", number(evaluation->real_parzen_sigma));
    json_object_set_new(object, "copied", number(evaluation->copied));
    json_object_set_new(object, "real_copied", number(evaluation->real_copied));
    json_object_set_new(object, "test_copied", number(evaluation->test_copied));
    json_object_set_new(object, "figures", figures_object(evaluation));
    json_object_set_new(object, "classes", report->judge ? classes_array(evaluation, training->classes) : json_null());
    json_object_set_new(object, "notes", notes_array(report));
    return object;
}
