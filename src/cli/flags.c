/* Finding flags by what users type, and what all tables of flags have in common. */
#include "cli/flags.h"

#include "cli/presets.h"

#include <string.h>

enum { NAME_MAX_LENGTH = 63 };

const char *const FLAG_SHELLS[] = {[SHELL_BASH] = "bash", [SHELL_ZSH] = "zsh", NULL};

const char *flag_group_title(enum flag_group group)
{
    static const char *const TITLES[] = {
        [GROUP_RECIPE] = "Recipe",
        [GROUP_IMAGES] = "Images",
        [GROUP_DATA] = "Data",
        [GROUP_OUTPUT] = "Output",
        [GROUP_LENGTH] = "Length",
        [GROUP_CHECKPOINTS] = "Checkpoints",
        [GROUP_INTERPOLATION] = "From image to image",
        [GROUP_NEIGHBOURS] = "Beside the training images",
        [GROUP_MEASURES] = "Measures",
        [GROUP_NETS] = "Nets",
        [GROUP_BATCH_NORM] = "Batch norm",
        [GROUP_OBJECTIVE] = "Objective",
        [GROUP_OPTIMIZER] = "Optimizer",
        [GROUP_STEP] = "Step",
        [GROUP_PROGRAM] = "The program",
        [GROUP_HIDDEN] = "For the build",
    };
    return TITLES[group];
}

static char plain(char c)
{
    return c == '-' ? (char)'_' : c;
}

/* How many characters of name the user's text begins with. */
static size_t common_length(const char *name, const char *text)
{
    size_t length = 0;
    while (name[length] && plain(name[length]) == plain(text[length])) {
        length++;
    }
    return length;
}

bool flag_names(const char *name, const char *text, size_t length)
{
    return strlen(name) == length && common_length(name, text) == length;
}

const struct flag *flag_find(const struct command *command, const char *name)
{
    for (size_t i = 0; i < command->flag_count; i++) {
        if (flag_names(command->flags[i].name, name, strlen(name))) {
            return &command->flags[i];
        }
    }
    return NULL;
}

const struct flag *flag_find_letter(const struct command *command, char letter)
{
    for (size_t i = 0; i < command->flag_count; i++) {
        if (letter && command->flags[i].letter == letter) {
            return &command->flags[i];
        }
    }
    return NULL;
}

/* Letters to insert, remove or replace to come from the user's text to the name (Levenshtein 1966). */
static size_t edit_distance(const char *name, const char *text, size_t text_length)
{
    size_t row[NAME_MAX_LENGTH + 1]; /* row[j]: from the name so far to the first j letters of text */
    for (size_t j = 0; j <= text_length; j++) {
        row[j] = j;
    }
    for (size_t i = 0; name[i]; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 1; j <= text_length; j++) {
            size_t best = diagonal + (name[i] != plain(text[j - 1]));
            diagonal = row[j];
            best = row[j] + 1 < best ? row[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            row[j] = best;
        }
    }
    return row[text_length];
}

const struct flag *flag_nearest(const struct command *command, const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > NAME_MAX_LENGTH) {
        return NULL;
    }
    const struct flag *nearest = NULL;
    const struct flag *begun = NULL;
    size_t least = length / 3 + 2; /* as far as this it is another word */
    for (size_t i = 0; i < command->flag_count && command->flags[i].group != GROUP_HIDDEN; i++) {
        size_t distance = edit_distance(command->flags[i].name, name, length);
        if (distance < least) {
            least = distance;
            nearest = &command->flags[i];
        }
        if (!begun && length > 1 && common_length(command->flags[i].name, name) == length) {
            begun = &command->flags[i];
        }
    }
    return begun ? begun : nearest;
}

const char *flag_choice(const struct flag *flag, size_t i)
{
    static const char *const YES_NO[] = {"yes", "no", NULL};
    if (flag->type == VALUE_PRESET) {
        return i < PRESET_COUNT ? PRESETS[i].name : NULL;
    }
    const char *const *choice = flag->type == VALUE_YES_NO ? YES_NO : flag->choices;
    if (!choice) {
        return NULL;
    }
    while (*choice && (!**choice || i-- > 0)) {
        choice++;
    }
    return *choice;
}

bool flag_applies(const struct flag *flag, const void *options)
{
    return !flag->applies || flag->applies(options);
}

const struct flag *flag_without_effect(const struct command *command, const bool given[static FLAGS_MAX],
                                       const void *options)
{
    for (size_t i = 0; i < command->flag_count; i++) {
        if (given[i] && !flag_applies(&command->flags[i], options)) {
            return &command->flags[i];
        }
    }
    return NULL;
}
