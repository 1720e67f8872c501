#include "cli/eval_options.h"

#include <string.h>

static bool check_contradictions(const struct eval_options *options, struct error *error)
{
    if (options->run_count && options->images) {
        return error_set(error, STATUS_USAGE, "--images: contradicts %s, a run whose images are drawn: leave one out",
                         options->runs[0]);
    }
    if (options->data && options->train_images) {
        return error_set(error, STATUS_USAGE,
                         "--train_images: says where the real images are, and so does --data: leave one out");
    }
    return true;
}

static bool resolve(const struct command_line *line, struct eval_options *options, struct error *error)
{
    options->has_seed = command_line_value(line, "seed");
    options->run_count = line->operand_count;
    memcpy(options->runs, line->operands, sizeof options->runs);
    if (!command_line_resolve(line, options, error) || !check_contradictions(options, error)) {
        return false;
    }
    return options->run_count || options->images ||
           error_set(error, STATUS_USAGE,
                     "nothing is named that could be measured: wanted the folder of a run, a file of its checkpoints, "
                     "or --images FILE (see gan-eval --help)");
}

bool eval_options_parse(int argc, char **argv, struct eval_options *options, struct error *error)
{
    *options = (struct eval_options){0};
    struct command_line line;
    const bool parsed =
        command_line_read(&GAN_EVAL, argc, argv, &line, error) &&
        (line.action == ACTION_RUN ? resolve(&line, options, error) : command_line_apply_shell(&line, options, error));
    options->action = line.action;
    if (!parsed) {
        eval_options_free(options);
    }
    return parsed;
}

void eval_options_free(struct eval_options *options)
{
    command_free(&GAN_EVAL, options);
}
