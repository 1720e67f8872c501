#include "cli/options.h"

#include "cli/config_file.h"
#include "cli/flags.h"
#include "cli/presets.h"
#include "cli/values.h"

#include <stdio.h>
#include <string.h>

/* The command line, taken apart. getopt_long is not used: it would take any unambiguous beginning for a flag's name,
 * and hold '-' and '_' for different. */
struct command_line {
    const char *values[FLAGS_MAX]; /* of FLAGS, in argv; NULL: not given */
};

static bool is_given(const struct command_line *line, const struct flag *flag)
{
    return line->values[flag_index(flag)];
}

static const char *given_value(const struct command_line *line, const char *name)
{
    return line->values[flag_index(flag_find(name))];
}

/* The flag that the word is, as "--epochs" or "-e"; NULL: none. */
static const struct flag *flag_of_word(const char *word)
{
    if (word[0] != '-' || !word[1]) {
        return NULL;
    }
    if (word[1] == '-') {
        return flag_find(word + 2);
    }
    return word[2] ? NULL : flag_find_letter(word[1]);
}

static bool refuse_unknown(const char *word, const char *name, struct error *error)
{
    const struct flag *nearest = flag_nearest(name);
    if (nearest) {
        return error_set(error, STATUS_USAGE, "%.60s: no such flag; did you mean --%s?", word, nearest->name);
    }
    return error_set(error, STATUS_USAGE, "%.60s: no such flag (see gan-train --help)", word);
}

/* Notes a flag whose value is attached ("--epochs=5"), else, where it takes one, in the next word, past which *next
 * then moves. */
static bool take(struct command_line *line, const struct flag *flag, const char *attached, char ***next,
                 struct error *error)
{
    const char *value = attached;
    if (!flag->value_name) {
        if (attached) {
            return error_set(error, STATUS_USAGE, "--%s: takes no value, but has '%.60s'", flag->name, attached);
        }
        value = "yes";
    } else if (!attached) {
        /* "--outdir --epochs 5" is a value forgotten rather than a folder of that name */
        if (!**next || flag_of_word(**next)) {
            return error_set(error, STATUS_USAGE, "--%s: needs a value: --%s %s", flag->name, flag->name,
                             flag->value_name);
        }
        value = *(*next)++;
    }
    if (is_given(line, flag)) {
        return error_set(error, STATUS_USAGE, "--%s: given twice, the second time with '%.60s'", flag->name, value);
    }
    line->values[flag_index(flag)] = value;
    return true;
}

/* "--name" or "--name=value". */
static bool take_long(struct command_line *line, const char *word, char ***next, struct error *error)
{
    char name[64];
    size_t length = strcspn(word + 2, "=");
    if (length >= sizeof name) {
        return refuse_unknown(word, word + 2, error);
    }
    memcpy(name, word + 2, length);
    name[length] = '\0';
    const struct flag *flag = flag_find(name);
    if (!flag) {
        return refuse_unknown(word, name, error);
    }
    return take(line, flag, word[2 + length] == '=' ? word + 3 + length : NULL, next, error);
}

/* "-q", "-e 5", "-e5", "-qe5". */
static bool take_short(struct command_line *line, const char *word, char ***next, struct error *error)
{
    if (word[2] && flag_find(word + 1)) {
        return refuse_unknown(word, word + 1, error); /* "-epochs" */
    }
    for (const char *letter = word + 1; *letter; letter++) {
        const struct flag *flag = flag_find_letter(*letter);
        if (!flag) {
            return refuse_unknown(word, letter, error);
        }
        bool is_last = flag->value_name;
        if (!take(line, flag, is_last && letter[1] ? letter + 1 : NULL, next, error)) {
            return false;
        }
        if (is_last) {
            break;
        }
    }
    return true;
}

/* What the flags given so far ask for instead of training. */
static enum action action_of(const struct command_line *line)
{
    enum action action = ACTION_TRAIN;
    for (size_t i = 0; i < FLAG_COUNT; i++) {
        if (line->values[i] && FLAGS[i].action > action) {
            action = FLAGS[i].action;
        }
    }
    return action;
}

/* Takes words until their end, or an action that the others would have no effect on. */
static bool take_words(struct command_line *line, char **next, enum action *action, struct error *error)
{
    while (*next && *action <= ACTION_PRINT_CONFIG) {
        const char *word = *next++;
        bool is_flag = word[0] == '-' && word[1] && strcmp(word, "--") != 0;
        if (!is_flag) {
            return error_set(error, STATUS_USAGE,
                             "'%.60s': a stray word: each value follows its flag (see gan-train --help)", word);
        }
        if (!(word[1] == '-' ? take_long : take_short)(line, word, &next, error)) {
            return false;
        }
        *action = action_of(line);
    }
    return true;
}

/* "--epochs", or where the file has it. */
static void name_place(const struct config_file *file, const struct flag *flag, char place[static PLACE_TEXT])
{
    if (file) {
        config_file_place(file, flag->name, place);
    } else {
        snprintf(place, PLACE_TEXT, "--%s", flag->name);
    }
}

static bool parse_word(const struct flag *flag, const char *value, struct options *options, struct error *error)
{
    char place[PLACE_TEXT];
    name_place(NULL, flag, place);
    return flag->type == VALUE_NONE || value_parse(flag, place, value, options, error);
}

bool options_defaults(const char *preset, struct options *options, struct error *error)
{
    for (size_t i = 0; i < FLAG_COUNT; i++) {
        const struct flag *flag = &FLAGS[i];
        const char *value = flag->type == VALUE_PRESET && preset ? preset : flag->initial;
        if (value && !parse_word(flag, value, options, error)) {
            options_free(options);
            return false;
        }
    }
    for (const struct preset_value *value = preset_find(options->config.preset)->values; value->flag; value++) {
        if (!parse_word(flag_find(value->flag), value->value, options, error)) {
            options_free(options);
            return false;
        }
    }
    return true;
}

/* Whether each flag that the file (NULL: the command line) gave has an effect on what is resolved so far. */
static bool check_effects(const bool given[static FLAGS_MAX], const struct config_file *file,
                          const struct config *config, struct error *error)
{
    char place[PLACE_TEXT];
    for (size_t i = 0; i < FLAG_COUNT; i++) {
        if (given[i] && !flag_applies(&FLAGS[i], config)) {
            name_place(file, &FLAGS[i], place);
            return error_set(error, STATUS_USAGE, "%s: has no effect without %s", place, FLAGS[i].needs);
        }
    }
    const struct flag *images = flag_find("images");
    if (given[flag_index(images)] && config->data) {
        name_place(file, images, place);
        return error_set(error, STATUS_USAGE, "%s: says where the images are, and so does --data: leave one out",
                         place);
    }
    const struct flag *dropout = flag_find("dropout");
    if (given[flag_index(dropout)] && config->dropout.count > config->discriminator.hidden.count) {
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
    const char *asked = given_value(line, "preset");
    const char *filed = file ? config_file_preset(file) : NULL;
    if (asked && filed && strcmp(asked, filed) != 0) {
        char place[PLACE_TEXT];
        name_place(file, flag_find("preset"), place);
        return error_set(error, STATUS_USAGE,
                         "%s: '%.60s', but --preset is '%.60s', which the file's values would hide: leave one out",
                         place, filed, asked);
    }
    /* a name in the file that is none is refused where the file is applied */
    *preset = asked ? asked : filed && preset_find(filed) ? filed : NULL;
    return true;
}

static bool apply_file(const struct config_file *file, struct options *options, struct error *error)
{
    bool given[FLAGS_MAX] = {false};
    return config_file_apply(file, options, given, error) && check_effects(given, file, &options->config, error);
}

/* Data named on the command line take the place of the file's, however each names them. */
static void forget_data(const struct command_line *line, struct options *options)
{
    if (given_value(line, "data") || given_value(line, "images")) {
        value_free(flag_find("data"), options);
        value_free(flag_find("images"), options);
        value_free(flag_find("labels"), options);
    }
}

static bool apply_command_line(const struct command_line *line, struct options *options, struct error *error)
{
    bool given[FLAGS_MAX] = {false};
    forget_data(line, options);
    for (size_t i = 0; i < FLAG_COUNT; i++) {
        given[i] = line->values[i];
        if (given[i] && !parse_word(&FLAGS[i], line->values[i], options, error)) {
            return false;
        }
    }
    return check_effects(given, NULL, &options->config, error);
}

static bool check_merged(const struct config *config, struct error *error)
{
    if (config->d_batch == D_BATCH_MERGED && config->batch_size % 2 != 0) {
        return error_set(error, STATUS_USAGE,
                         "--d_batch: merged takes half of its batch from the images and half from G, but --batch_size "
                         "is %zu: an even number was wanted",
                         config->batch_size);
    }
    return true;
}

/* What a preset or a file has for layers that flags over it then left out, goes with them. */
static void settle(struct config *config)
{
    if (config->dropout.count > config->discriminator.hidden.count) {
        config->dropout.count = config->discriminator.hidden.count;
    }
    if (!flag_applies(flag_find("g_batch_norm"), config)) {
        config->generator.batch_norm = BATCH_NORM_NONE;
    }
    if (!flag_applies(flag_find("d_batch_norm"), config)) {
        config->discriminator.batch_norm = BATCH_NORM_NONE;
    }
}

static bool resolve(const struct command_line *line, const struct config_file *file, struct options *options,
                    struct error *error)
{
    const char *preset = NULL;
    if (!choose_preset(line, file, &preset, error) || !options_defaults(preset, options, error) ||
        (file && !apply_file(file, options, error)) || !apply_command_line(line, options, error) ||
        !check_merged(&options->config, error)) {
        return false;
    }
    settle(&options->config);
    return true;
}

static bool resolve_with_file(const struct command_line *line, struct options *options, struct error *error)
{
    const char *path = given_value(line, "config");
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

bool options_parse(int argc, char **argv, struct options *options, struct error *error)
{
    *options = (struct options){0};
    struct command_line line = {0};
    if (!take_words(&line, argv + (argc > 0 ? 1 : 0), &options->action, error)) {
        options_free(options);
        return false;
    }
    bool parsed;
    if (options->action == ACTION_PRINT_COMPLETION) {
        parsed = parse_word(flag_find("print_completion"), given_value(&line, "print_completion"), options, error);
    } else {
        parsed = options->action > ACTION_PRINT_CONFIG || resolve_with_file(&line, options, error);
    }
    if (!parsed) {
        options_free(options);
    }
    return parsed;
}

void options_free(struct options *options)
{
    for (size_t i = 0; i < FLAG_COUNT; i++) {
        value_free(&FLAGS[i], options);
    }
    *options = (struct options){0};
}
