/* A run as the flags that its preset does not say already. */
#include "cli/options.h"

#include "cli/text.h"
#include "cli/values.h"

#include <stdlib.h>
#include <string.h>

/* Whether the flag has a part in what is trained, beside the preset. */
static bool decides(const struct flag *flag)
{
    const bool elsewhere = flag->command_line_only || flag->resumable || flag->group == GROUP_OUTPUT;
    return flag->names_run || !(elsewhere || flag->type == VALUE_PRESET);
}

/* Whether the flag's value is what `others` has; false, with *good, when memory is short. */
static bool is_value_of(const struct flag *flag, const char *value, const struct options *others, bool *good)
{
    if (!value_is_set(flag, others)) {
        return false;
    }
    char *other = value_text(flag, others);
    *good = *good && other;
    const bool same = other && strcmp(value, other) == 0;
    free(other);
    return same;
}

/* The flag behind a separator, a blank from then on, where the preset has no such value, by itself or beside the other
 * flags; false when memory is short. */
static bool print_flag(const struct flag *flag, const struct options *options, const struct options *preset,
                       const struct options *beside, const char **separator, FILE *out)
{
    char *value = value_text(flag, options);
    bool good = value;
    const bool usual = good && is_value_of(flag, value, preset, &good) && is_value_of(flag, value, beside, &good);
    if (good && !usual) {
        const bool is_switch = flag->type == VALUE_SWITCH, is_on = is_switch && strcmp(value, "yes") == 0;
        fprintf(out, "%s--%s%s%s", *separator, flag->name, is_on ? "" : is_switch ? "=" : " ", is_on ? "" : value);
        *separator = " ";
    }
    free(value);
    return good;
}

static bool print_flags(const struct options *options, const struct options *preset, FILE *out)
{
    struct options beside = *preset; /* its strings are the preset's */
    beside.config.learning_rate = options->config.learning_rate;
    beside.config.schedule = options->config.schedule;
    options_take_along(&preset->config, &beside.config);
    bool good = true;
    const char *separator = "";
    for (size_t i = 0; good && i < GAN_TRAIN.flag_count; i++) {
        const struct flag *flag = &GAN_TRAIN.flags[i];
        good = !decides(flag) || !value_is_set(flag, options) || !flag_applies(flag, options) ||
               print_flag(flag, options, preset, &beside, &separator, out);
    }
    return good;
}

char *options_flags(const struct options *options, struct error *error)
{
    struct options preset = {0};
    if (!options_defaults(options->config.preset, &preset, error)) {
        return NULL;
    }
    struct text text;
    const bool printed = text_begin(&text) && print_flags(options, &preset, text.out);
    char *flags = text_end(&text);
    options_free(&preset);
    if (!printed || !flags) {
        free(flags);
        error_set(error, STATUS_FAILED, "the run's flags: no memory for their text");
        return NULL;
    }
    return flags;
}
