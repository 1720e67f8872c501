/* gan-eval: options, images, real images, a judge, figures. The only file of the program that exits. */
#include "base/memory.h"
#include "cli/eval_options.h"
#include "cli/eval_report.h"
#include "cli/eval_table.h"
#include "cli/help.h"
#include "cli/program.h"
#include "cli/real_images.h"
#include "cli/subject.h"
#include "cli/watch_view.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What main's functions hand to each other. */
struct task {
    const struct eval_options *options;
    struct subject *subjects; /* [count] as many as runs are named, or a file */
    size_t count;
    struct real_images images; /* that all of them are measured against */
    struct judge_find find;
    struct judge *judge;
    struct evaluation *evaluation, *first; /* that of the subject at hand, and the first one's */
    struct eval_row *rows; /* [count] of the table */
    struct watch_view view;
    struct watch watch;
};

/* Test images that the user names, or else those that the run did, unless its data are somewhere else by now. */
static const char *test_images(const struct eval_options *options, const struct subject *subject)
{
    const bool elsewhere = options->test_images || options->data || options->train_images;
    return elsewhere || !options->run_count ? options->test_images : subject->saved.options.config.test_images;
}

static bool load_images(const struct eval_options *options, const struct subject *subject, struct real_images *images,
                        struct error *error)
{
    const struct dataset_source source = {
        .folder = options->data,
        .images = options->train_images,
        .labels = options->train_labels,
    };
    return real_images_load(&source, test_images(options, subject), options->test_labels,
                            options->run_count ? &subject->saved.data : NULL, images, error);
}

static bool is_same_path(const char *one, const char *other)
{
    return one == other || (one && other && strcmp(one, other) == 0);
}

/* Whether a further run can be measured against the same images as the first. */
static bool check_images(const struct task *task, const struct subject *subject, struct error *error)
{
    const struct subject *first = &task->subjects[0];
    struct error reason;
    if (!real_images_check(&subject->saved.data, &task->images, &reason)) {
        return error_set(error, reason.status, "%s, measured beside %s: %s", subject->name, first->name,
                         reason.message);
    }
    return is_same_path(test_images(task->options, subject), test_images(task->options, first)) ||
           error_set(error, STATUS_USAGE, "%s: has other test images than %s; --test_images says which are meant",
                     subject->name, first->name);
}

/* Refuses --no_ema where it changes nothing. */
static bool check_ema(const struct task *task, struct error *error)
{
    bool good = !task->options->no_ema;
    for (size_t i = 0; !good && i < task->count; i++) {
        good = task->subjects[i].saved.options.config.ema > 0;
    }
    return good || saved_generator_check_ema(&task->subjects[0].saved, error);
}

/* All of it before anything is measured, which takes long. */
static bool load(struct task *task, struct error *error)
{
    const struct eval_options *options = task->options;
    bool good = true;
    for (size_t i = 0; good && i < task->count; i++) {
        struct subject *subject = &task->subjects[i];
        good = watch_goes_on(&task->watch, error) && subject_load(options, options->runs[i], subject, error) &&
               (i ? check_images(task, subject, error) : load_images(options, subject, &task->images, error)) &&
               subject_prepare(subject, &task->images.training, error);
    }
    return good && check_ema(task, error);
}

/* The judge that is kept, or a new one; without labels none. */
static bool find_judge(struct task *task, struct error *error)
{
    if (!real_images_are_labelled(&task->images)) {
        const char *idle = task->options->neighbours ? "--k" : task->options->draws > 1 ? "--draws" : NULL;
        return !idle ||
               error_set(error, STATUS_USAGE,
                         "%s: has no effect where the training images have no labels, or only one class", idle);
    }
    const struct judge_source source = real_images_judge_source(&task->images.training);
    task->judge = judge_obtain(&source, &task->watch, &task->find, error);
    return task->judge;
}

static struct evaluation_plan make_plan(const struct task *task, struct subject *subject)
{
    const struct eval_options *options = task->options;
    const size_t available = subject->available, wanted = options->draws ? options->draws : EVAL_DRAWS;
    const size_t draws = task->judge ? wanted : 1; /* it takes a judge to see what further ones add */
    struct evaluation_plan plan = {
        .source = subject_source(subject),
        .real = real_images_set(&task->images, subject->saved.data.count),
        .judge = task->judge,
        .count = options->count ? options->count : EVAL_COUNT,
        .draws = draws,
        .real_draws = draws,
        .neighbours = options->neighbours ? options->neighbours : YARDSTICK_NEIGHBOURS,
        .seed = task->subjects[0].seed,
        .beside = subject == task->subjects ? NULL : task->first,
    };
    if (available) {
        plan.count = plan.count < available ? plan.count : available;
        plan.draws = plan.draws < available / plan.count ? plan.draws : available / plan.count;
    }
    return plan;
}

/* Where an array of JSON begins, goes on, and ends. */
static void print_between(const struct task *task, const char *text)
{
    if (task->options->json && task->count > 1) {
        fputs(text, stdout);
    }
}

/* Reports subject i, or keeps of it what is reported in the end. */
static bool report(struct task *task, size_t i, const struct evaluation_plan *plan, struct error *error)
{
    const struct eval_report report = {&task->subjects[i], &task->images, task->judge ? &task->find : NULL, plan,
                                       task->evaluation};
    if (task->options->json) {
        json_t *object = eval_report_json(&report);
        print_between(task, i ? ",\n" : "[\n");
        json_dumpf(object, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
        json_decref(object);
    } else if (task->count == 1) {
        eval_report_print(&report, stdout);
    } else {
        if (i == 0) {
            eval_report_print_real(&report, stdout);
        }
        eval_report_print_measured(&report, stdout);
        eval_row_take(&report, task->options->runs[i], &task->rows[i]);
    }
    return fflush(stdout) == 0 || error_set(error, STATUS_FAILED, "standard output cannot be written");
}

static bool measure(struct task *task, size_t i, struct error *error)
{
    const struct evaluation_plan plan = make_plan(task, &task->subjects[i]);
    task->view.run = i + 1;
    const bool good = evaluation_run(&plan, &task->watch, task->evaluation, error);
    watch_view_clear(&task->view);
    if (good && i == 0) {
        *task->first = *task->evaluation;
    }
    return good && report(task, i, &plan, error);
}

/* What is reported of all that were measured, `done` of them, also where it was stopped then. */
static void report_all(const struct task *task, size_t done)
{
    print_between(task, "\n]");
    if (task->options->json) {
        puts("");
    } else if (task->count > 1) {
        eval_table_print(task->rows, done, stdout);
    }
}

static bool allocate(struct task *task, struct error *error)
{
    return (task->subjects = memory_allocate(task->count, sizeof *task->subjects, "the runs", error)) &&
           (task->rows = memory_allocate(task->count, sizeof *task->rows, "the table", error)) &&
           (task->evaluation = memory_allocate(1, sizeof *task->evaluation, "the figures", error)) &&
           (task->first = memory_allocate(1, sizeof *task->first, "the figures", error));
}

static bool measure_all(struct task *task, struct error *error)
{
    const bool good = allocate(task, error) && load(task, error) && find_judge(task, error);
    size_t done = 0;
    while (good && done < task->count && measure(task, done, error)) {
        done++;
    }
    watch_view_clear(&task->view);
    if (done > 0) {
        report_all(task, done);
    }
    return good && done == task->count;
}

static void free_task(struct task *task)
{
    for (size_t i = 0; task->subjects && i < task->count; i++) {
        subject_free(&task->subjects[i]);
    }
    free(task->subjects);
    free(task->rows);
    free(task->evaluation);
    free(task->first);
    judge_free(task->judge);
    judge_find_free(&task->find);
    real_images_free(&task->images);
}

static bool run(const struct eval_options *options, struct error *error)
{
    struct task task = {
        .options = options,
        .count = options->run_count ? options->run_count : 1,
        .view = {.out = stderr,
                 .terminal = program_is_terminal(STDERR_FILENO),
                 .quiet = options->quiet,
                 .runs = options->run_count},
    };
    task.watch = watch_view_begin(&task.view, program_catch_signals());
    const bool good = program_start_threads(options->threads, error) && measure_all(&task, error);
    free_task(&task);
    return good;
}

int main(int argc, char **argv)
{
    program_begin(argv);
    struct eval_options options = {0};
    struct error error = {0};
    const bool good =
        eval_options_parse(argc, argv, &options, &error) &&
        (options.action == ACTION_RUN ? run(&options, &error)
                                      : help_answer(&GAN_EVAL, options.action, options.shell, stdout, &error));
    const int status = program_finish("gan-eval", good, &error);
    eval_options_free(&options);
    return status;
}
