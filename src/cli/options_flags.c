/* A run as the flags that its preset does not say already. */
#include "cli/options.h"

#include "cli/text.h"
#include "cli/values.h"

#include <stdlib.h>
#include <string.h>

/* Whether the flag has a part in what is trained, beside the preset. */
static bool decides(const struct flag *flag)
{
    const bool elsewhere = flag->command_line_only || flag->resumable || strcmp(flag->name, "outdir") == 0;
    return strcmp(flag->name, "epochs") == 0 || !(elsewhere || flag->type == VALUE_PRESET);
}

/* The flag behind a separator, a blank from then on, where the preset has no such value; false when memory is short. */
static bool print_flag(const struct flag *flag, const struct options *options, const struct options *preset,
                       const char **separator, FILE *out)
{
    const bool is_usual = value_is_set(flag, preset);
    char *value = value_text(flag, options), *usual = is_usual ? value_text(flag, preset) : NULL;
    const bool good = value && (usual || !is_usual);
    if (good && (!usual || strcmp(value, usual) != 0)) {
        const bool is_switch = flag->type == VALUE_SWITCH, is_on = is_switch && strcmp(value, "yes") == 0;
        fprintf(out, "%s--%s%s%s", *separator, flag->name, is_on ? "" : is_switch ? "=" : " ", is_on ? "" : value);
        *separator = " ";
    }
    free(value);
    free(usual);
    return good;
}

static bool print_flags(const struct options *options, const struct options *preset, FILE *out)
{
    bool good = true;
    const char *separator = "";
    for (size_t i = 0; good && i < GAN_TRAIN.flag_count; i++) {
        const struct flag *flag = &GAN_TRAIN.flags[i];
        good = !decides(flag) || !value_is_set(flag, options) || !flag_applies(flag, options) ||
               print_flag(flag, options, preset, &separator, out);
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
