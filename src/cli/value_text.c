/* The values of flags, and what is wanted of them, as text. */
#include "cli/number.h"
#include "cli/text.h"
#include "cli/values.h"
#include "gan/config.h"
#include "gan/interpolation.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char *const EVERY_WORDS[] = {"off", "auto", NULL};

enum { SHOWN_TEXT = 60 }; /* bytes of a user's value in a message */

static void print_real(double value, FILE *out)
{
    char text[NUMBER_TEXT];
    number_print(value, text);
    fputs(text, out);
}

static void print_range(const struct flag *flag, FILE *out)
{
    fputs(flag->above_min ? "above " : "from ", out);
    print_real(flag->min, out);
    fputs(flag->below_max ? " to below " : flag->above_min ? " up to " : " to ", out);
    print_real(flag->max, out);
}

/* What follows the name of a choice where that takes a number. */
static const char *choice_argument(const struct flag *flag, const char *choice)
{
    if (flag->type == VALUE_ACTIVATION) {
        return choice == flag->choices[ACTIVATION_LEAKY_RELU] ? "[:slope]"
               : choice == flag->choices[ACTIVATION_MAXOUT]   ? "[:pieces]"
                                                              : "";
    }
    size_t kind = 0; /* some have no name */
    while (flag->type == VALUE_INITIALIZATION && choice != flag->choices[kind]) {
        kind++;
    }
    return flag->type == VALUE_INITIALIZATION && initialization_takes_scale((enum initialization_kind)kind) ? ":s" : "";
}

static void print_choices(const struct flag *flag, FILE *out)
{
    const char *choice;
    for (size_t i = 0; (choice = flag_choice(flag, i)); i++) {
        const char *separator = i == 0 ? "" : flag_choice(flag, i + 1) ? ", " : " or ";
        fprintf(out, "%s%s%s", separator, choice, choice_argument(flag, choice));
    }
}

void value_print_wanted(const struct flag *flag, FILE *out)
{
    switch (flag->type) {
    case VALUE_WHOLE:
        fputs("a whole number ", out);
        print_range(flag, out);
        break;
    case VALUE_EVERY:
        fprintf(out, "%s, %s or a whole number ", EVERY_WORDS[0], EVERY_WORDS[1]);
        print_range(flag, out);
        break;
    case VALUE_SEED:
        fprintf(out, "a whole number from 0 to %" PRIu64, UINT64_MAX);
        break;
    case VALUE_REAL:
        fputs("a number ", out);
        print_range(flag, out);
        break;
    case VALUE_WIDTHS:
        fprintf(out, "none, or up to %d widths ", HIDDEN_LAYERS_MAX);
        print_range(flag, out);
        fputs(", such as 256,512", out);
        break;
    case VALUE_RATES:
        fprintf(out, "none, or up to %d rates ", HIDDEN_LAYERS_MAX);
        print_range(flag, out);
        fputs(", such as 0.3,0.3,0", out);
        break;
    case VALUE_WAYPOINTS:
        fprintf(out, "2 to %d images' numbers ", WAYPOINTS_MAX);
        print_range(flag, out);
        fputs(", such as 0,7", out);
        break;
    case VALUE_GRID:
        fputs("ROWSxCOLUMNS, each ", out);
        print_range(flag, out);
        fputs(", such as 10x10", out);
        break;
    case VALUE_PATH:
        fputs("a path (in UTF-8, not empty)", out);
        break;
    case VALUE_SWITCH:
        fputs("yes or no", out);
        break;
    case VALUE_ACTIVATION:
    case VALUE_INITIALIZATION:
        print_choices(flag, out);
        fputs(flag->type == VALUE_ACTIVATION ? ", slope " : ", s ", out);
        print_range(flag, out);
        if (flag->type == VALUE_ACTIVATION) {
            fprintf(out, ", pieces from 2 to %d", MAXOUT_PIECES_MAX);
        }
        break;
    case VALUE_NONE:
    case VALUE_YES_NO:
    case VALUE_CHOICE:
    case VALUE_PRESET:
        print_choices(flag, out);
        break;
    }
}

bool value_refuse(const struct flag *flag, const char *place, const char *text, struct error *error)
{
    char wanted[256] = "";
    FILE *out = fmemopen(wanted, sizeof wanted, "w");
    if (!out) {
        return error_set(error, STATUS_FAILED, "%s: no memory for a message", place);
    }
    value_print_wanted(flag, out);
    fclose(out);
    double number;
    const char *end = number_scan_real(text, &number);
    const bool tiny =
        flag->type == VALUE_REAL && end && !*end && number != 0 && number_in_single_precision(number) == 0;
    return error_set(error, STATUS_USAGE, "%s: '%.*s%s' is %s%s", place, SHOWN_TEXT, text,
                     strlen(text) > SHOWN_TEXT ? "..." : "", tiny ? "too near to 0 to compute with; wanted " : "not ",
                     wanted);
}

/* "none" or the widths, or the rates where widths is NULL, between commas. */
static void print_list(size_t count, const size_t *widths, const double *rates, FILE *out)
{
    if (count == 0) {
        fputs("none", out);
    }
    for (size_t i = 0; i < count; i++) {
        fputs(i ? "," : "", out);
        /* cppcheck-suppress nullPointer ; one of the two is there */
        print_real(widths ? (double)widths[i] : rates[i], out);
    }
}

static void print_suffixed(const char *choice, bool suffixed, double number, FILE *out)
{
    fputs(choice, out);
    if (suffixed) {
        fputc(':', out);
        print_real(number, out);
    }
}

const char *value_every_word(const struct flag *flag, const void *options)
{
    const size_t every = *(const size_t *)flag_field(flag, options);
    return every == EVERY_OFF ? EVERY_WORDS[0] : every == EVERY_AUTO ? EVERY_WORDS[1] : NULL;
}

void value_print(const struct flag *flag, const void *options, FILE *out)
{
    const void *value = flag_field(flag, options);
    switch (flag->type) {
    case VALUE_SWITCH:
    case VALUE_YES_NO:
        fputs(*(const bool *)value ? "yes" : "no", out);
        break;
    case VALUE_WHOLE:
        fprintf(out, "%zu", *(const size_t *)value);
        break;
    case VALUE_EVERY:
        if (value_every_word(flag, options)) {
            fputs(value_every_word(flag, options), out);
        } else {
            fprintf(out, "%zu", *(const size_t *)value);
        }
        break;
    case VALUE_SEED:
        fprintf(out, "%" PRIu64, *(const uint64_t *)value);
        break;
    case VALUE_REAL:
        print_real(*(const double *)value, out);
        break;
    case VALUE_CHOICE: {
        unsigned choice;
        memcpy(&choice, value, sizeof choice);
        fputs(flag->choices[choice], out);
        break;
    }
    case VALUE_PATH:
    case VALUE_PRESET:
        fputs(*(char *const *)value, out);
        break;
    case VALUE_WIDTHS: {
        const struct width_list *list = value;
        print_list(list->count, list->widths, NULL, out);
        break;
    }
    case VALUE_WAYPOINTS: {
        const struct waypoints *waypoints = value;
        print_list(waypoints->count, waypoints->images, NULL, out);
        break;
    }
    case VALUE_RATES: {
        const struct rate_list *list = value;
        print_list(list->count, NULL, list->rates, out);
        break;
    }
    case VALUE_ACTIVATION: {
        const struct activation *activation = value;
        const bool maxout = activation->kind == ACTIVATION_MAXOUT;
        print_suffixed(flag->choices[activation->kind], maxout || activation->kind == ACTIVATION_LEAKY_RELU,
                       maxout ? (double)activation->pieces : activation->slope, out);
        break;
    }
    case VALUE_INITIALIZATION: {
        const struct initialization *init = value;
        print_suffixed(flag->choices[init->kind], initialization_takes_scale(init->kind), init->scale, out);
        break;
    }
    case VALUE_GRID:
        fprintf(out, "%zux%zu", ((const size_t *)value)[0], ((const size_t *)value)[1]);
        break;
    case VALUE_NONE:
        break;
    }
}

char *value_text(const struct flag *flag, const void *options)
{
    struct text text;
    if (text_begin(&text)) {
        value_print(flag, options, text.out);
    }
    return text_end(&text);
}
