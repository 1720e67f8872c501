/* A run as the flags that its preset does not say already. */
#include "cli/options.h"

#include "cli/text.h"
#include "cli/values.h"

#include <stdlib.h>
#include <string.h>

/* Whether the flag has a part in what is trained, beside the preset. */
static bool decides(const struct flag *flag)
{
    static const char *const OTHERS[] = {"preset", "outdir"};
    bool other = flag->command_line_only || (flag->resumable && strcmp(flag->name, "epochs") != 0);
    for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++) {
        other = other || strcmp(flag->name, OTHERS[i]) == 0;
    }
    return !other;
}

/* Whether the preset has another value for it, or none; *memory is whether there was enough. */
static bool differs(const struct flag *flag, const char *value, const struct options *preset, bool *memory)
{
    if (!value_is_set(flag, preset)) {
        return true;
    }
    char *usual = value_text(flag, preset);
    const bool differs = usual && strcmp(value, usual) != 0;
    *memory = usual;
    free(usual);
    return differs;
}

static bool print_flags(const struct options *options, const struct options *preset, FILE *out)
{
    bool memory = true;
    const char *separator = "";
    for (size_t i = 0; memory && i < GAN_TRAIN.flag_count; i++) {
        const struct flag *flag = &GAN_TRAIN.flags[i];
        if (!decides(flag) || !value_is_set(flag, options) || !flag_applies(flag, options)) {
            continue;
        }
        char *value = value_text(flag, options);
        memory = value;
        if (value && differs(flag, value, preset, &memory)) {
            const bool is_switch = flag->type == VALUE_SWITCH, is_on = is_switch && strcmp(value, "yes") == 0;
            fprintf(out, "%s--%s%s%s", separator, flag->name, is_on ? "" : is_switch ? "=" : " ", is_on ? "" : value);
            separator = " ";
        }
        free(value);
    }
    return memory;
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
