/* Finding flags by what users type. */
#include "cli/flags.h"

#include <string.h>

enum { NAME_MAX_LENGTH = 63 };

const char *flag_group_title(enum flag_group group)
{
    static const char *const TITLES[] = {
        [GROUP_RECIPE] = "Recipe",
        [GROUP_DATA] = "Data",
        [GROUP_OUTPUT] = "Output",
        [GROUP_LENGTH] = "Length",
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
    while (name[length] && name[length] == plain(text[length])) {
        length++;
    }
    return length;
}

const struct flag *flag_find(const char *name)
{
    for (size_t i = 0; i < FLAG_COUNT; i++) {
        size_t length = common_length(FLAGS[i].name, name);
        if (!FLAGS[i].name[length] && !name[length]) {
            return &FLAGS[i];
        }
    }
    return NULL;
}

const struct flag *flag_find_letter(char letter)
{
    for (size_t i = 0; i < FLAG_COUNT; i++) {
        if (letter && FLAGS[i].letter == letter) {
            return &FLAGS[i];
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

const struct flag *flag_nearest(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > NAME_MAX_LENGTH) {
        return NULL;
    }
    const struct flag *nearest = NULL;
    const struct flag *begun = NULL;
    size_t least = length / 3 + 2; /* as far as this it is another word */
    for (size_t i = 0; i < FLAG_COUNT && FLAGS[i].group != GROUP_HIDDEN; i++) {
        size_t distance = edit_distance(FLAGS[i].name, name, length);
        if (distance < least) {
            least = distance;
            nearest = &FLAGS[i];
        }
        if (!begun && length > 1 && common_length(FLAGS[i].name, name) == length) {
            begun = &FLAGS[i];
        }
    }
    return begun ? begun : nearest;
}
