#include "cli/sample_options.h"

#include "base/memory.h"
#include "cli/command_line.h"
#include "io/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool ends_with(const char *text, const char *ending)
{
    const size_t length = strlen(text), part = strlen(ending);
    return length >= part && strcmp(text + length - part, ending) == 0;
}

/* What the ending of a file's name says; FORMAT_UNSET where it says nothing. */
static enum sample_format format_of_name(const char *name)
{
    static const struct {
        const char *ending;
        enum sample_format format;
    } ENDINGS[] = {{".png", FORMAT_GRID}, {".npy", FORMAT_NPY},        {".gif", FORMAT_GIF},
                   {".idx", FORMAT_IDX},  {"-idx3-ubyte", FORMAT_IDX}, {".idx3-ubyte", FORMAT_IDX}};
    for (size_t i = 0; i < sizeof ENDINGS / sizeof *ENDINGS; i++) {
        if (ends_with(name, ENDINGS[i].ending)) {
            return ENDINGS[i].format;
        }
    }
    return FORMAT_UNSET;
}

/* To be freed with free(). */
static char *default_output(const struct sample_options *options, struct error *error)
{
    static const char *const ENDINGS[] = {
        [FORMAT_UNSET] = "",   [FORMAT_GRID] = ".png", [FORMAT_PNG] = "", [FORMAT_IDX] = "-images-idx3-ubyte",
        [FORMAT_NPY] = ".npy", [FORMAT_GIF] = ".gif"};
    char output[64];
    snprintf(output, sizeof output, "%s%s",
             options->nearest             ? "nearest"
             : options->interpolate.count ? "interpolation"
                                          : "samples",
             ENDINGS[options->format]);
    return memory_copy_string(output, error);
}

/* place is the flag that says the format. */
static bool check_format(const struct sample_options *options, const char *place, struct error *error)
{
    if (options->format == FORMAT_GIF && !options->interpolate.count) {
        return error_set(error, STATUS_USAGE, "%s: gif shows a way between images: it needs --interpolate", place);
    }
    if (options->format != FORMAT_GRID && options->nearest) {
        return error_set(error, STATUS_USAGE, "%s: --nearest draws a grid, as PNG, and nothing else", place);
    }
    if (options->format == FORMAT_PNG && options->output && strcmp(options->output, "-") == 0) {
        return error_set(error, STATUS_USAGE, "--output: - is one file, but --format png writes a folder of them");
    }
    return true;
}

/* --grid and --scale, where the format is known. */
static bool check_picture(const struct sample_options *options, struct error *error)
{
    const size_t room = options->grid[0] * options->grid[1];
    if (room && (options->format != FORMAT_GRID || options->nearest || options->interpolate.count)) {
        return error_set(error, STATUS_USAGE,
                         "--grid: has an effect on one picture of numbered images alone; wanted %s",
                         options->nearest             ? "no --nearest"
                         : options->interpolate.count ? "no --interpolate"
                                                      : "--format grid, or --output with .png");
    }
    if (room && options->count > room) {
        return error_set(error, STATUS_USAGE,
                         "--grid: %zux%zu has room for %zu images; wanted for %zu, as --count says", options->grid[0],
                         options->grid[1], room, options->count);
    }
    const bool pictures = options->format != FORMAT_IDX && options->format != FORMAT_NPY;
    return !options->scale || pictures ||
           error_set(error, STATUS_USAGE, "--scale: has an effect on pictures alone; wanted --format grid, png or gif");
}

/* Images where their number was not given. */
static size_t default_count(const struct sample_options *options)
{
    const size_t room = options->grid[0] * options->grid[1];
    return room ? room : options->nearest ? SAMPLE_COUNT_NEAREST : SAMPLE_COUNT;
}

/* Fills in what was not given. */
static bool settle(struct sample_options *options, struct error *error)
{
    const char *place = options->format == FORMAT_UNSET ? "--output" : "--format";
    const enum sample_format named = options->output ? format_of_name(options->output) : FORMAT_UNSET;
    if (options->format != FORMAT_UNSET && named != FORMAT_UNSET && named != options->format) {
        return error_set(error, STATUS_USAGE,
                         "--output: '%s' ends as a file of another format than --format does; wanted another name, or "
                         "no --format",
                         options->output);
    }
    if (options->format == FORMAT_UNSET) {
        options->format = named;
    }
    if (options->format == FORMAT_UNSET && options->output && strchr(path_name(options->output), '.')) {
        return error_set(
            error, STATUS_USAGE,
            "--output: what '%s' ends in names no format; wanted .png, .npy, .gif, .idx or -idx3-ubyte, or "
            "--format",
            options->output);
    }
    if (options->format == FORMAT_UNSET) {
        options->format = FORMAT_GRID;
    }
    if (!check_format(options, place, error) || !check_picture(options, error)) {
        return false;
    }
    if (options->interpolate.count) {
        options->count = interpolation_count(&options->interpolate, options->steps);
    } else if (!options->count) {
        options->count = default_count(options);
    }
    if (!options->output) {
        options->output = default_output(options, error);
    }
    return options->output;
}

static bool check_contradictions(const struct sample_options *options, struct error *error)
{
    if (options->interpolate.count && options->count) {
        return error_set(error, STATUS_USAGE,
                         "--count: contradicts --interpolate, whose images --steps counts: leave "
                         "one out");
    }
    if (options->interpolate.count && options->nearest) {
        return error_set(error, STATUS_USAGE, "--nearest: contradicts --interpolate: leave one out");
    }
    if (options->data && options->images) {
        return error_set(error, STATUS_USAGE, "--images: says where the images are, and so does --data: leave one out");
    }
    return true;
}

static bool resolve(const struct command_line *line, struct sample_options *options, struct error *error)
{
    if (!line->operand_count) {
        return error_set(error, STATUS_USAGE,
                         "no run is named: wanted the folder of one, or a file of its checkpoints "
                         "(see gan-sample --help)");
    }
    options->run = memory_copy_string(line->operands[0], error);
    options->has_seed = command_line_value(line, "seed");
    options->has_label = command_line_value(line, "class");
    return options->run && command_line_resolve(line, options, error) && check_contradictions(options, error) &&
           settle(options, error);
}

bool sample_options_parse(int argc, char **argv, struct sample_options *options, struct error *error)
{
    *options = (struct sample_options){0};
    struct command_line line;
    const bool parsed =
        command_line_read(&GAN_SAMPLE, argc, argv, &line, error) &&
        (line.action == ACTION_RUN ? resolve(&line, options, error) : command_line_apply_shell(&line, options, error));
    options->action = line.action;
    if (!parsed) {
        sample_options_free(options);
    }
    return parsed;
}

void sample_options_free(struct sample_options *options)
{
    free(options->run);
    command_free(&GAN_SAMPLE, options);
}
