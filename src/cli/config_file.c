#include "cli/config_file.h"

#include "base/memory.h"
#include "cli/number.h"
#include "cli/values.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { TEXT_MAX = 1000000, PATH_SHOWN = 300, KEY_SHOWN = 60 };

static bool refuse(const struct config_file *file, const char *reason, struct error *error)
{
    return error_set(error, STATUS_USAGE, "%s%.*s: %s", file->flag, PATH_SHOWN, file->path, reason);
}

/* By errno. */
static bool refuse_unread(const struct config_file *file, struct error *error)
{
    return error_set(error, error_blame(errno), "%s%.*s: %s", file->flag, PATH_SHOWN, file->path, strerror(errno));
}

/* At most TEXT_MAX bytes and a NUL into file->text. */
static bool read_text(FILE *stream, struct config_file *file, size_t *length, struct error *error)
{
    struct stat status;
    if (fstat(fileno(stream), &status) == 0 && S_ISDIR(status.st_mode)) {
        return refuse(file, "is a folder; a configuration file, such as the config.json of a run, was wanted", error);
    }
    file->text = memory_allocate(TEXT_MAX + 2, 1, "the configuration file", error);
    if (!file->text) {
        return false;
    }
    *length = fread(file->text, 1, TEXT_MAX + 1, stream);
    if (ferror(stream)) {
        return refuse_unread(file, error);
    }
    if (*length > TEXT_MAX) {
        return refuse(file, "is larger than 1 MB, which no configuration is", error);
    }
    return true;
}

/* The flags stand in the object itself, or under "options" in the file that a run leaves. */
static bool find_options(struct config_file *file, struct error *error)
{
    if (!json_is_object(file->root)) {
        return refuse(file, "is not a JSON object such as {\"preset\": \"deep\", \"epochs\": 50}", error);
    }
    file->options = json_object_get(file->root, "options");
    if (!file->options) {
        file->options = file->root;
        return true;
    }
    const char *program = json_string_value(json_object_get(file->root, "program"));
    if (!program || strcmp(program, GAN_TRAIN.name) != 0) {
        return refuse(file, "has \"options\", but not \"program\": \"gan-train\" as its runs write", error);
    }
    return json_is_object(file->options) || refuse(file, "\"options\" is not a JSON object", error);
}

static bool parse_text(struct config_file *file, size_t length, struct error *error)
{
    json_error_t reason;
    file->root = json_loadb(file->text, length, JSON_REJECT_DUPLICATES, &reason);
    if (!file->root) {
        const bool too_large =
            json_error_code(&reason) == json_error_numeric_overflow && strstr(reason.text, "integer");
        return error_set(error, STATUS_USAGE, "%s%.*s:%d: %s%s", file->flag, PATH_SHOWN, file->path, reason.line,
                         reason.text, too_large ? " (a seed above 2^63 - 1 goes between quotes)" : "");
    }
    return find_options(file, error);
}

bool config_file_load(const char *path, struct config_file *file, struct error *error)
{
    *file = (struct config_file){.flag = "--config: ", .path = path};
    FILE *stream = fopen(path, "r");
    if (!stream) {
        return refuse_unread(file, error);
    }
    size_t length = 0;
    bool read = read_text(stream, file, &length, error);
    fclose(stream);
    if (!read || !parse_text(file, length, error)) {
        config_file_free(file);
        return false;
    }
    return true;
}

bool config_file_parse(const char *text, const char *path, struct config_file *file, struct error *error)
{
    *file = (struct config_file){.flag = "", .path = path, .text = memory_copy_string(text, error)};
    if (!file->text || !parse_text(file, strlen(text), error)) {
        config_file_free(file);
        return false;
    }
    return true;
}

void config_file_free(struct config_file *file)
{
    json_decref(file->root);
    free(file->text);
    *file = (struct config_file){0};
}

const char *config_file_preset(const struct config_file *file)
{
    return json_string_value(json_object_get(file->options, "preset"));
}

/* The line on which a key of the options stands, from 1; 0: not found, as where the file writes it with escapes. */
static size_t key_line(const struct config_file *file, const char *key)
{
    const char *text = file->text;
    if (file->options != file->root) {
        const char *options = strstr(text, "\"options\"");
        text = options ? options : text;
    }
    size_t length = strlen(key);
    for (const char *at = strstr(text, key); at; at = strstr(at + 1, key)) {
        const char *after = at + length + 1;
        if (at > text && at[-1] == '"' && at[length] == '"' && after[strspn(after, " \t\r\n")] == ':') {
            size_t line = 1;
            for (const char *c = file->text; c < at; c++) {
                line += *c == '\n';
            }
            return line;
        }
    }
    return 0;
}

void config_file_place(const struct config_file *file, const char *key, char place[static PLACE_TEXT])
{
    size_t line = *key ? key_line(file, key) : 0;
    char where[24] = "";
    if (line) {
        snprintf(where, sizeof where, ":%zu", line);
    }
    snprintf(place, PLACE_TEXT, "%.*s%s: %.*s", PATH_SHOWN, file->path, where, KEY_SHOWN, key);
}

static bool takes_number(const struct flag *flag)
{
    return flag->type == VALUE_WHOLE || flag->type == VALUE_EVERY || flag->type == VALUE_SEED ||
           flag->type == VALUE_REAL;
}

/* The value as text for value_parse: the JSON's own string, or number; NULL: of a type that the flag does not take. */
static const char *json_text(const struct flag *flag, const json_t *value, char number[static NUMBER_TEXT])
{
    bool takes_bool = flag->type == VALUE_SWITCH || flag->type == VALUE_YES_NO;
    if (json_is_boolean(value) && takes_bool) {
        return json_is_true(value) ? "yes" : "no";
    }
    if (json_is_string(value) && !takes_bool) {
        return json_string_value(value);
    }
    if (json_is_integer(value) && takes_number(flag)) {
        snprintf(number, NUMBER_TEXT, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return number;
    }
    /* a whole number may have a point, but beyond 2^53 a double may not be the one that was written */
    const double found = json_real_value(value);
    if (json_is_real(value) && takes_number(flag) && (flag->type == VALUE_REAL || found <= 0x1p53)) {
        number_print(found + 0.0, number); /* no -0 */
        return number;
    }
    return NULL;
}

static bool refuse_type(const struct flag *flag, const char *place, const json_t *value, struct error *error)
{
    char *found = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(15));
    const char *shown = found ? found : "the value";
    bool takes_bool = flag->type == VALUE_SWITCH || flag->type == VALUE_YES_NO;
    if (takes_bool) {
        error_set(error, STATUS_USAGE, "%s: %.60s is not true or false", place, shown);
    } else {
        value_refuse(flag, place, shown, error);
        if (!takes_number(flag)) {
            error_append(error, "; all but numbers goes between quotes");
        }
    }
    free(found);
    return false;
}

static bool apply_one(const struct config_file *file, const char *key, const json_t *value, struct options *options,
                      bool given[static FLAGS_MAX], struct error *error)
{
    char place[PLACE_TEXT];
    config_file_place(file, key, place);
    const struct flag *flag = flag_find(&GAN_TRAIN, key);
    if (!flag || flag->group == GROUP_HIDDEN) {
        const struct flag *nearest = flag_nearest(&GAN_TRAIN, key);
        return error_set(error, STATUS_USAGE, "%s: no such flag%s%s%s", place, nearest ? "; did you mean " : "",
                         nearest ? nearest->name : "", nearest ? "?" : " (see gan-train --help)");
    }
    if (flag->command_line_only) {
        return error_set(error, STATUS_USAGE, "%s: belongs on the command line, not in a file", place);
    }
    if (given[flag_index(&GAN_TRAIN, flag)]) {
        return error_set(error, STATUS_USAGE, "%s: given twice, with '-' and with '_'", place);
    }
    given[flag_index(&GAN_TRAIN, flag)] = true;
    char number[NUMBER_TEXT];
    const char *text = json_text(flag, value, number);
    return text ? value_parse(flag, place, text, options, error) : refuse_type(flag, place, value, error);
}

bool config_file_apply(const struct config_file *file, struct options *options, bool given[static FLAGS_MAX],
                       struct error *error)
{
    const char *key;
    json_t *value;
    /* jansson iterates over objects that are not const alone, though it leaves them as they are */
    json_object_foreach((json_t *)file->options, key, value)
    {
        if (!apply_one(file, key, value, options, given, error)) {
            return false;
        }
    }
    return true;
}
