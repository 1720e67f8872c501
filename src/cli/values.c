#include "cli/values.h"

#include "base/memory.h"
#include "cli/number.h"
#include "cli/presets.h"
#include "gan/config.h"
#include "gan/interpolation.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const double LEAKY_RELU_SLOPE = 0.2; /* where none is given */
enum { MAXOUT_PIECES = 5 }; /* likewise, as in the paper */

/* As flag_field, to be written to. */
static void *field_of(const struct flag *flag, void *options)
{
    return (char *)options + flag->offset;
}

static bool in_range(const struct flag *flag, double value)
{
    bool high_enough = flag->above_min ? value > flag->min : value >= flag->min;
    bool low_enough = flag->below_max ? value < flag->max : value <= flag->max;
    return high_enough && low_enough;
}

/* Each scan_ function reads what it names at the beginning of text into value and returns what follows, NULL where it
 * is not there or out of the flag's range. */

static const char *scan_size(const struct flag *flag, const char *text, size_t *value)
{
    uint64_t whole;
    const char *end = number_scan_whole(text, &whole);
    if (!end || whole > SIZE_MAX || !in_range(flag, (double)whole)) {
        return NULL;
    }
    *value = (size_t)whole;
    return end;
}

/* A number, or one of the words. */
static const char *scan_every(const struct flag *flag, const char *text, size_t *value)
{
    const bool off = strcmp(text, EVERY_WORDS[0]) == 0;
    if (off || strcmp(text, EVERY_WORDS[1]) == 0) {
        *value = off ? EVERY_OFF : EVERY_AUTO;
        return text + strlen(text);
    }
    return scan_size(flag, text, value);
}

/* One that the nets would take for 0 is refused: 0 may mean something else. */
static const char *scan_real(const struct flag *flag, const char *text, double *value)
{
    const char *end = number_scan_real(text, value);
    const double single = end ? number_in_single_precision(*value) : 0;
    return end && in_range(flag, *value) && in_range(flag, single) && (single != 0 || *value == 0) ? end : NULL;
}

/* "none" or numbers between commas, into widths or, where that is NULL, into rates. */
static const char *scan_list(const struct flag *flag, const char *text, size_t *count, size_t *widths, double *rates)
{
    if (strcmp(text, "none") == 0) {
        return text + strlen(text);
    }
    while (*count < HIDDEN_LAYERS_MAX) {
        text = widths ? scan_size(flag, text, &widths[*count]) : scan_real(flag, text, &rates[*count]);
        ++*count;
        if (!text || *text != ',') {
            return text;
        }
        text++;
    }
    return NULL;
}

_Static_assert((int)WAYPOINTS_MAX == (int)HIDDEN_LAYERS_MAX, "scan_list takes as many of either");

static const char *scan_waypoints(const struct flag *flag, const char *text, struct waypoints *waypoints)
{
    text = scan_list(flag, text, &waypoints->count, waypoints->images, NULL);
    return waypoints->count >= 2 ? text : NULL;
}

static const char *scan_grid(const struct flag *flag, const char *text, size_t grid[static 2])
{
    text = scan_size(flag, text, &grid[0]);
    return text && *text == 'x' ? scan_size(flag, text + 1, &grid[1]) : NULL;
}

/* One of the choices, up to a ':' or the end. */
static const char *scan_choice(const struct flag *flag, const char *text, unsigned *value)
{
    size_t length = strcspn(text, ":");
    for (unsigned i = 0; flag->choices[i]; i++) {
        if (length > 0 && flag_names(flag->choices[i], text, length)) {
            *value = i;
            return text + length;
        }
    }
    return NULL;
}

static const char *scan_activation(const struct flag *flag, const char *text, struct activation *activation)
{
    unsigned kind;
    text = scan_choice(flag, text, &kind);
    if (!text) {
        return NULL;
    }
    activation->kind = (enum activation_kind)kind;
    if (activation->kind == ACTIVATION_MAXOUT) {
        uint64_t pieces = MAXOUT_PIECES;
        text = *text == ':' ? number_scan_whole(text + 1, &pieces) : text;
        activation->pieces = (size_t)pieces;
        return pieces >= 2 && pieces <= MAXOUT_PIECES_MAX ? text : NULL;
    }
    if (activation->kind != ACTIVATION_LEAKY_RELU) {
        return text;
    }
    activation->slope = LEAKY_RELU_SLOPE;
    return *text == ':' ? scan_real(flag, text + 1, &activation->slope) : text;
}

static const char *scan_initialization(const struct flag *flag, const char *text, struct initialization *init)
{
    unsigned kind;
    text = scan_choice(flag, text, &kind);
    if (!text) {
        return NULL;
    }
    init->kind = (enum initialization_kind)kind;
    if (!initialization_takes_scale(init->kind)) {
        return text;
    }
    return *text == ':' ? scan_real(flag, text + 1, &init->scale) : NULL;
}

static const char *scan_yes_no(const char *text, bool *value)
{
    *value = strcmp(text, "yes") == 0;
    return *value || strcmp(text, "no") == 0 ? text + strlen(text) : NULL;
}

/* Room for the value of any flag but the paths. */
union value {
    bool boolean;
    size_t size;
    uint64_t seed;
    double real;
    unsigned choice; /* as an enum is stored */
    struct width_list widths;
    struct rate_list rates;
    struct waypoints waypoints;
    struct activation activation;
    struct initialization initialization;
    size_t grid[2];
};
_Static_assert(sizeof(enum loss) == sizeof(unsigned), "an enum is stored as an unsigned");

/* Reads a value of any type but the paths, and says how large it is. */
static const char *scan_value(const struct flag *flag, const char *text, union value *value, size_t *size)
{
    switch (flag->type) {
    case VALUE_SWITCH:
    case VALUE_YES_NO:
        *size = sizeof value->boolean;
        return scan_yes_no(text, &value->boolean);
    case VALUE_WHOLE:
        *size = sizeof value->size;
        return scan_size(flag, text, &value->size);
    case VALUE_EVERY:
        *size = sizeof value->size;
        return scan_every(flag, text, &value->size);
    case VALUE_SEED:
        *size = sizeof value->seed;
        return number_scan_whole(text, &value->seed);
    case VALUE_REAL:
        *size = sizeof value->real;
        return scan_real(flag, text, &value->real);
    case VALUE_CHOICE:
        *size = sizeof value->choice;
        return scan_choice(flag, text, &value->choice);
    case VALUE_WIDTHS:
        *size = sizeof value->widths;
        return scan_list(flag, text, &value->widths.count, value->widths.widths, NULL);
    case VALUE_RATES:
        *size = sizeof value->rates;
        return scan_list(flag, text, &value->rates.count, NULL, value->rates.rates);
    case VALUE_ACTIVATION:
        *size = sizeof value->activation;
        return scan_activation(flag, text, &value->activation);
    case VALUE_INITIALIZATION:
        *size = sizeof value->initialization;
        return scan_initialization(flag, text, &value->initialization);
    case VALUE_WAYPOINTS:
        *size = sizeof value->waypoints;
        return scan_waypoints(flag, text, &value->waypoints);
    case VALUE_GRID:
        *size = sizeof value->grid;
        return scan_grid(flag, text, value->grid);
    case VALUE_NONE:
    case VALUE_PATH:
    case VALUE_PRESET:
        break;
    }
    return NULL;
}

/* Configuration files are JSON, which holds nothing but UTF-8. */
static bool is_utf8(const char *text)
{
    json_t *string = json_string(text);
    json_decref(string);
    return string;
}

static bool parse_string(const struct flag *flag, const char *place, const char *text, void *options,
                         struct error *error)
{
    const struct preset *preset = flag->type == VALUE_PRESET ? preset_find(text) : NULL;
    if (flag->type == VALUE_PRESET ? !preset : !*text || !is_utf8(text)) {
        return value_refuse(flag, place, text, error);
    }
    char *copy = memory_copy_string(preset ? preset->name : text, error);
    if (!copy) {
        return false;
    }
    value_free(flag, options);
    *(char **)field_of(flag, options) = copy;
    return true;
}

bool value_parse(const struct flag *flag, const char *place, const char *text, void *options, struct error *error)
{
    if (flag->type == VALUE_PATH || flag->type == VALUE_PRESET) {
        return parse_string(flag, place, text, options, error);
    }
    union value value;
    memset(&value, 0, sizeof value);
    size_t size;
    const char *end = scan_value(flag, text, &value, &size);
    if (!end || *end) {
        return value_refuse(flag, place, text, error);
    }
    memcpy(field_of(flag, options), &value, size);
    return true;
}

void value_free(const struct flag *flag, void *options)
{
    if (flag->type == VALUE_PATH || flag->type == VALUE_PRESET) {
        char **string = field_of(flag, options);
        free(*string);
        *string = NULL;
    }
}

/* The name of the constant in the field of a VALUE_CHOICE. */
static const char *choice_name(const struct flag *flag, const void *value)
{
    unsigned choice;
    memcpy(&choice, value, sizeof choice);
    return flag->choices[choice];
}

bool value_is_set(const struct flag *flag, const void *options)
{
    const void *value = flag_field(flag, options);
    switch (flag->type) {
    case VALUE_NONE:
        return false;
    case VALUE_PATH:
    case VALUE_PRESET:
        return *(char *const *)value;
    case VALUE_WHOLE:
        return !flag->unset || *(const size_t *)value;
    case VALUE_SEED:
        return !flag->unset || *(const uint64_t *)value;
    case VALUE_REAL:
        return !flag->unset || *(const double *)value > 0;
    case VALUE_CHOICE:
        return *choice_name(flag, value); /* a constant that stands for none has no name */
    case VALUE_INITIALIZATION:
        return ((const struct initialization *)value)->kind != INIT_NONE;
    case VALUE_WAYPOINTS:
        return ((const struct waypoints *)value)->count;
    case VALUE_GRID:
        return *(const size_t *)value; /* its rows */
    case VALUE_SWITCH:
    case VALUE_YES_NO:
    case VALUE_EVERY:
    case VALUE_WIDTHS:
    case VALUE_RATES:
    case VALUE_ACTIVATION:
        break;
    }
    return true;
}
