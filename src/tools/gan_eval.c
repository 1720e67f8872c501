/* gan-eval: options, images, real images, a judge, figures. The only file of the program that exits. */
#include "base/memory.h"
#include "cli/eval_options.h"
#include "cli/eval_report.h"
#include "cli/help.h"
#include "cli/program.h"
#include "cli/real_images.h"
#include "cli/subject.h"
#include "cli/watch_view.h"

#include <stdlib.h>
#include <unistd.h>

/* What main's functions hand to each other. */
struct task {
    const struct eval_options *options;
    struct subject subject;
    struct real_images images;
    struct judge_find find;
    struct judge *judge;
    struct watch_view view;
    struct watch watch;
};

/* Test images that the user names, or else those that the run did, unless its data are somewhere else by now. */
static const char *test_images(const struct task *task)
{
    const struct eval_options *options = task->options;
    const bool elsewhere = options->test_images || options->data || options->train_images;
    return elsewhere || !options->run ? options->test_images : task->subject.saved.options.config.test_images;
}

static bool load(struct task *task, struct error *error)
{
    const struct eval_options *options = task->options;
    const struct dataset_source source = {
        .folder = options->data,
        .images = options->train_images,
        .labels = options->train_labels,
    };
    return subject_load(options, &task->subject, error) &&
           real_images_load(&source, test_images(task), options->test_labels,
                            options->run ? &task->subject.saved.data : NULL, &task->images, error) &&
           subject_prepare(&task->subject, &task->images.training, error);
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

static struct evaluation_plan make_plan(struct task *task)
{
    const struct eval_options *options = task->options;
    const size_t available = task->subject.available, wanted = options->draws ? options->draws : EVAL_DRAWS;
    const size_t draws = task->judge ? wanted : 1; /* it takes a judge to see what further ones add */
    struct evaluation_plan plan = {
        .source = subject_source(&task->subject),
        .real = real_images_set(&task->images, task->subject.saved.data.count),
        .judge = task->judge,
        .count = options->count ? options->count : EVAL_COUNT,
        .draws = draws,
        .real_draws = draws,
        .neighbours = options->neighbours ? options->neighbours : YARDSTICK_NEIGHBOURS,
        .seed = task->subject.seed,
    };
    if (available) {
        plan.count = plan.count < available ? plan.count : available;
        plan.draws = plan.draws < available / plan.count ? plan.draws : available / plan.count;
    }
    return plan;
}

static bool report(struct task *task, const struct evaluation_plan *plan, const struct evaluation *evaluation,
                   struct error *error)
{
    const struct eval_report report = {&task->subject, &task->images, task->judge ? &task->find : NULL, plan,
                                       evaluation};
    if (task->options->json) {
        return eval_report_print_json(&report, stdout, error);
    }
    eval_report_print(&report, stdout);
    return true;
}

static bool measure(struct task *task, struct error *error)
{
    struct evaluation *evaluation = memory_allocate(1, sizeof *evaluation, "the figures", error);
    bool good = evaluation && load(task, error) && find_judge(task, error);
    if (good) {
        const struct evaluation_plan plan = make_plan(task);
        good = evaluation_run(&plan, &task->watch, evaluation, error);
        watch_view_clear(&task->view);
        good = good && report(task, &plan, evaluation, error);
    }
    watch_view_clear(&task->view);
    free(evaluation);
    return good;
}

static bool run(const struct eval_options *options, struct error *error)
{
    struct task task = {
        .options = options,
        .view = {.out = stderr, .terminal = program_is_terminal(STDERR_FILENO), .quiet = options->quiet},
    };
    task.watch = watch_view_begin(&task.view, program_catch_signals());
    const bool good = program_start_threads(options->threads, error) && measure(&task, error);
    judge_free(task.judge);
    judge_find_free(&task.find);
    real_images_free(&task.images);
    subject_free(&task.subject);
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
