#include "cli/options.h"

#include "base/memory.h"
#include "cli/command_line.h"
#include "cli/config_file.h"
#include "cli/number.h"
#include "cli/options_check.h"
#include "cli/presets.h"
#include "cli/values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "--epochs", or where the file has it. */
static void name_place(const struct config_file *file, const struct flag *flag, char place[static PLACE_TEXT])
{
    if (file) {
        config_file_place(file, flag->name, place);
    } else {
        snprintf(place, PLACE_TEXT, "--%s", flag->name);
    }
}

bool options_defaults(const char *preset, struct options *options, struct error *error)
{
    return command_defaults(&GAN_TRAIN, preset, options, error);
}

void options_free(struct options *options)
{
    command_free(&GAN_TRAIN, options);
}

static const struct flag *find(const char *name)
{
    return flag_find(&GAN_TRAIN, name);
}

/* Whether each flag that the file (NULL: the command line) gave has an effect on what is resolved so far. */
static bool check_effects(const bool given[static FLAGS_MAX], const struct config_file *file,
                          const struct options *options, struct error *error)
{
    const struct config *config = &options->config;
    char place[PLACE_TEXT];
    const struct flag *idle = flag_without_effect(&GAN_TRAIN, given, options);
    if (idle) {
        name_place(file, idle, place);
        return error_set(error, STATUS_USAGE, "%s: has no effect without %s", place, idle->needs);
    }
    const struct flag *images = find("images");
    if (given[flag_index(&GAN_TRAIN, images)] && config->data) {
        name_place(file, images, place);
        return error_set(error, STATUS_USAGE, "%s: says where the images are, and so does --data: leave one out",
                         place);
    }
    const struct flag *dropout = find("dropout");
    if (given[flag_index(&GAN_TRAIN, dropout)] && config->dropout.count > config->discriminator.hidden.count) {
        name_place(file, dropout, place);
        return error_set(error, STATUS_USAGE, "%s: %zu rates for the %zu hidden layers of D (--d_hidden)", place,
                         config->dropout.count, config->discriminator.hidden.count);
    }
    return true;
}

/* The preset that both name, or one of them, or neither. */
static bool choose_preset(const struct command_line *line, const struct config_file *file, const char **preset,
                          struct error *error)
{
    const char *asked = command_line_value(line, "preset");
    const char *filed = file ? config_file_preset(file) : NULL;
    if (asked && filed && !flag_names(asked, filed, strlen(filed))) {
        char place[PLACE_TEXT];
        name_place(file, find("preset"), place);
        return error_set(error, STATUS_USAGE,
                         "%s: '%.60s', but --preset is '%.60s', which the file's values would hide: leave one out",
                         place, filed, asked);
    }
    /* a name in the file that is none is refused where the file is applied */
    *preset = asked ? asked : filed && preset_find(filed) ? filed : NULL;
    return true;
}

/* To twelve digits: a twentieth of 1e-5 is 5e-07, and no 5.000000000000001e-07. 0 where nets would take it for that. */
static double rounded(double value)
{
    if (number_in_single_precision(value) == 0) {
        return 0;
    }
    char text[32];
    snprintf(text, sizeof text, "%.12g", value);
    return strtod(text, NULL);
}

void options_take_along(const struct config *preset, struct config *config)
{
    const bool same_rate = config->learning_rate == preset->learning_rate;
    const double proportion = preset->final_learning_rate / preset->learning_rate;
    config->final_learning_rate = same_rate ? preset->final_learning_rate : rounded(config->learning_rate * proportion);
    config->decay = config->schedule == preset->schedule ? preset->decay : 0;
}

/* The same with what was `before`, after the flags `given`. A final learning rate that a file gave is `kept`. */
static void take_along(const struct config *before, const bool given[static FLAGS_MAX],
                       const bool kept[static FLAGS_MAX], struct config *config)
{
    const size_t floor = flag_index(&GAN_TRAIN, find("final_learning_rate"));
    const size_t decay = flag_index(&GAN_TRAIN, find("decay"));
    struct config beside = *config;
    options_take_along(before, &beside);
    if (!given[floor] && !kept[floor]) {
        config->final_learning_rate = beside.final_learning_rate;
    }
    if (!given[decay]) {
        config->decay = beside.decay;
    }
}

static bool apply_file(const struct config_file *file, struct options *options, bool given[static FLAGS_MAX],
                       struct error *error)
{
    const struct config preset = options->config;
    const bool nothing[FLAGS_MAX] = {false};
    if (!config_file_apply(file, options, given, error)) {
        return false;
    }
    take_along(&preset, given, nothing, &options->config);
    return check_effects(given, file, options, error);
}

/* Data named on the command line take the place of the file's, however each names them. A run that goes on has its own
 * data, wherever they are now, and keeps its test images. */
static void forget_data(const struct command_line *line, struct options *options)
{
    if (command_line_value(line, "data") || command_line_value(line, "images")) {
        value_free(find("data"), options);
        value_free(find("images"), options);
        value_free(find("labels"), options);
        if (!command_line_value(line, "resume")) {
            value_free(find("test_images"), options);
        }
    }
}

/* `filed` is what a file gave. */
static bool apply_command_line(const struct command_line *line, const bool filed[static FLAGS_MAX],
                               struct options *options, struct error *error)
{
    const struct config before = options->config;
    bool given[FLAGS_MAX] = {false};
    command_line_given(line, given);
    forget_data(line, options);
    if (!command_line_apply(line, options, error)) {
        return false;
    }
    take_along(&before, given, filed, &options->config);
    return check_effects(given, NULL, options, error);
}

/* What a preset or a file has for layers that flags over it then left out, or for another loss, goes with them. */
static void settle(struct options *options)
{
    struct config *config = &options->config;
    if (config->dropout.count > config->discriminator.hidden.count) {
        config->dropout.count = config->discriminator.hidden.count;
    }
    if (!flag_applies(find("label_smoothing"), options)) {
        config->label_smoothing = 0;
    }
    if (!flag_applies(find("g_batch_norm"), options)) {
        config->generator.batch_norm = BATCH_NORM_NONE;
    }
    if (!flag_applies(find("d_batch_norm"), options)) {
        config->discriminator.batch_norm = BATCH_NORM_NONE;
    }
}

static bool resolve(const struct command_line *line, const struct config_file *file, struct options *options,
                    struct error *error)
{
    const char *preset = NULL;
    bool filed[FLAGS_MAX] = {false};
    if (!choose_preset(line, file, &preset, error) || !options_defaults(preset, options, error)) {
        return false;
    }
    if ((file && !apply_file(file, options, filed, error)) || !apply_command_line(line, filed, options, error)) {
        return false;
    }
    settle(options);
    return options_check(&options->config, error);
}

static bool resolve_with_file(const struct command_line *line, struct options *options, struct error *error)
{
    const char *path = command_line_value(line, "config");
    if (!path) {
        return resolve(line, NULL, options, error);
    }
    struct config_file file;
    if (!config_file_load(path, &file, error)) {
        return false;
    }
    bool resolved = resolve(line, &file, options, error);
    config_file_free(&file);
    return resolved;
}

/* --resume alone; flags that contradict it need no record to be refused. */
static bool take_resume(const struct command_line *line, struct options *options, struct error *error)
{
    static const char *const CONTRADICTIONS[][2] = {
        {"outdir", "goes on in the run's own folder"},
        {"overwrite", "goes on with what it would remove"},
        {"config", "takes the flags that the run recorded"},
        {"init_from", "takes the run's own weights"},
    };
    for (size_t i = 0; i < sizeof CONTRADICTIONS / sizeof *CONTRADICTIONS; i++) {
        if (command_line_value(line, CONTRADICTIONS[i][0])) {
            return error_set(error, STATUS_USAGE, "--%s: contradicts --resume, which %s: leave one out",
                             CONTRADICTIONS[i][0], CONTRADICTIONS[i][1]);
        }
    }
    return command_line_apply_flag(line, find("resume"), options, error);
}

bool options_parse(int argc, char **argv, struct options *options, struct error *error)
{
    *options = (struct options){0};
    struct command_line line;
    const bool parsed = command_line_read(&GAN_TRAIN, argc, argv, &line, error) &&
                        (!action_takes_flags(line.action)      ? command_line_apply_shell(&line, options, error)
                         : command_line_value(&line, "resume") ? take_resume(&line, options, error)
                                                               : resolve_with_file(&line, options, error));
    options->action = line.action;
    if (!parsed) {
        options_free(options);
    }
    return parsed;
}

static const struct command_line NOTHING_GIVEN = {.command = &GAN_TRAIN};

static bool set_outdir(const char *outdir, struct options *options, struct error *error)
{
    free(options->config.outdir);
    options->config.outdir = memory_copy_string(outdir, error);
    return options->config.outdir;
}

bool options_recorded(const struct recorded_run *run, struct options *options, struct error *error)
{
    struct config_file file;
    if (!config_file_parse(run->config_json, run->place, &file, error)) {
        return false;
    }
    bool good = resolve(&NOTHING_GIVEN, &file, options, error) && set_outdir(run->outdir, options, error);
    config_file_free(&file);
    if (!good) {
        options_free(options);
    }
    return good;
}

/* The flag's value, or that it has none. */
static char *shown_value(const struct flag *flag, const struct options *options, struct error *error)
{
    char *text = value_is_set(flag, options) ? value_text(flag, options) : memory_copy_string("no value for it", error);
    if (!text) {
        error_set(error, STATUS_FAILED, "--%s: no memory for its value", flag->name);
    }
    return text;
}

/* Whether a flag that is not resumable says what is recorded. */
static bool check_unchanged(const struct command_line *line, const struct flag *flag, const struct recorded_run *run,
                            struct options *options, struct error *error)
{
    char *recorded = shown_value(flag, options, error), *given = NULL;
    bool good =
        recorded && command_line_apply_flag(line, flag, options, error) && (given = shown_value(flag, options, error));
    if (good && strcmp(recorded, given) != 0) {
        good =
            error_set(error, STATUS_USAGE,
                      "--%s: the run in %s has %s, which cannot be changed on --resume (another run can begin with its "
                      "weights: --init_from)",
                      flag->name, run->outdir, recorded);
    }
    free(recorded);
    free(given);
    return good;
}

static bool check_all_unchanged(const struct command_line *line, const struct recorded_run *run,
                                struct options *options, struct error *error)
{
    for (size_t i = 0; i < GAN_TRAIN.flag_count; i++) {
        const struct flag *flag = &GAN_TRAIN.flags[i];
        /* one without an effect is refused for that, whatever it says */
        if (line->values[i] && !flag->resumable && flag_applies(flag, options) &&
            !check_unchanged(line, flag, run, options, error)) {
            return false;
        }
    }
    return true;
}

/* Of a run that becomes longer or shorter: its schedules go over the epochs that it was begun for. */
static void keep_schedules(size_t epochs, struct options *options)
{
    struct config *config = &options->config;
    if (config->epochs == epochs) {
        return;
    }
    if (config->schedule_epochs == 0 && flag_applies(find("schedule_epochs"), options)) {
        config->schedule_epochs = epochs;
    } else if (config->schedule_epochs == config->epochs) {
        config->schedule_epochs = 0; /* as long as it was at first */
    }
    if (config->momentum_epochs == 0 && flag_applies(find("momentum_epochs"), options)) {
        config->momentum_epochs = epochs;
    }
}

bool options_resume(int argc, char **argv, const struct recorded_run *run, struct options *options, struct error *error)
{
    const bool nothing[FLAGS_MAX] = {false};
    struct command_line line;
    options_free(options);
    bool good = command_line_read(&GAN_TRAIN, argc, argv, &line, error) && options_recorded(run, options, error);
    options->config.max_minutes = 0; /* it is of one call, not of the run */
    const size_t epochs = options->config.epochs;
    good =
        good && check_all_unchanged(&line, run, options, error) && apply_command_line(&line, nothing, options, error);
    if (good) {
        keep_schedules(epochs, options);
        options->action = line.action;
    } else {
        options_free(options);
    }
    return good;
}
