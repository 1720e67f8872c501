/* Writing a configuration file. */
#include "cli/config_file.h"

#include "cli/text.h"
#include "cli/values.h"

#include <stdlib.h>
#include <string.h>

/* The text between quotes, as JSON has it. */
static bool print_string(const char *text, FILE *out)
{
    json_t *string = json_string(text);
    char *quoted = json_dumps(string, JSON_ENCODE_ANY);
    json_decref(string);
    bool printed = quoted && fputs(quoted, out) >= 0;
    free(quoted);
    return printed;
}

static bool print_quoted(const struct flag *flag, const struct options *options, FILE *out)
{
    char *text = value_text(flag, options);
    bool printed = text && print_string(text, out);
    free(text);
    return printed;
}

static bool print_json(const struct flag *flag, const struct options *options, FILE *out)
{
    switch (flag->type) {
    case VALUE_SWITCH:
    case VALUE_YES_NO:
        fputs(*(const bool *)flag_field(flag, options) ? "true" : "false", out);
        return true;
    case VALUE_SEED:
        if (options->config.seed > INT64_MAX) { /* the largest that JSON readers are sure to hold */
            return print_quoted(flag, options, out);
        }
        value_print(flag, options, out);
        return true;
    case VALUE_EVERY:
        if (value_every_word(flag, options)) {
            return print_quoted(flag, options, out);
        }
        value_print(flag, options, out);
        return true;
    case VALUE_WHOLE:
    case VALUE_REAL:
        value_print(flag, options, out);
        return true;
    case VALUE_NONE:
    case VALUE_CHOICE:
    case VALUE_PATH:
    case VALUE_PRESET:
    case VALUE_WIDTHS:
    case VALUE_RATES:
    case VALUE_ACTIVATION:
    case VALUE_INITIALIZATION:
    case VALUE_WAYPOINTS:
    case VALUE_GRID:
        break;
    }
    return print_quoted(flag, options, out);
}

static bool print_object(const struct options *options, int indent, FILE *out)
{
    fputc('{', out);
    const char *separator = "\n";
    for (size_t i = 0; i < GAN_TRAIN.flag_count; i++) {
        const struct flag *flag = &GAN_TRAIN.flags[i];
        if (flag->command_line_only || !value_is_set(flag, options) || !flag_applies(flag, options)) {
            continue;
        }
        fprintf(out, "%s%*s\"%s\": ", separator, indent + 2, "", flag->name);
        if (!print_json(flag, options, out)) {
            return false;
        }
        separator = ",\n";
    }
    fprintf(out, "\n%*s}", indent, "");
    return true;
}

char *config_file_text(const struct options *options, int indent, struct error *error)
{
    struct text text;
    const bool printed = text_begin(&text) && print_object(options, indent, text.out);
    char *bytes = text_end(&text);
    if (!printed || !bytes) {
        free(bytes);
        error_set(error, STATUS_FAILED, "the configuration: no memory for its text");
        return NULL;
    }
    return bytes;
}
