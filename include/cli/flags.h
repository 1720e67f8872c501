/* What a program's users see of it: one table of flags that the command line, configuration files, presets, --help, the
 * manual and the completions are all made from, and the texts around them. */
#ifndef CLI_FLAGS_H
#define CLI_FLAGS_H

#include <stdbool.h>
#include <stddef.h>

enum { FLAGS_MAX = 96 }; /* for arrays with a place for each flag */

/* What a program is asked for. Where it is two things, the later one here holds: --help, beside --print_config. */
enum action {
    ACTION_RUN, /* what it is there for */
    ACTION_PRINT_CONFIG,
    /* from here on those that other flags have no effect on: action_takes_flags */
    ACTION_LIST_PRESETS,
    ACTION_HELP,
    ACTION_VERSION,
    ACTION_PRINT_MAN,
    ACTION_PRINT_COMPLETION,
};

static inline bool action_takes_flags(enum action action)
{
    return action < ACTION_LIST_PRESETS;
}

enum shell { SHELL_BASH, SHELL_ZSH };

/* What a value is and so the type of its field. */
enum value_type {
    VALUE_NONE, /* no field: the flag is an action and no more */
    VALUE_SWITCH, /* bool; takes no value on the command line */
    VALUE_YES_NO, /* bool */
    VALUE_WHOLE, /* size_t */
    VALUE_EVERY, /* size_t: a number, or EVERY_OFF or EVERY_AUTO of gan/config.h */
    VALUE_SEED, /* uint64_t */
    VALUE_REAL, /* double */
    VALUE_CHOICE, /* an enum; choices[i] is the name of its constant i */
    VALUE_PATH, /* char * */
    VALUE_PRESET, /* char *, one of the presets' names */
    VALUE_WIDTHS, /* struct width_list */
    VALUE_RATES, /* struct rate_list */
    VALUE_ACTIVATION, /* struct activation; choices as for an enum */
    VALUE_INITIALIZATION, /* struct initialization; choices as for an enum */
    VALUE_WAYPOINTS, /* struct waypoints */
    VALUE_GRID, /* size_t rows, its columns following it */
};

enum flag_group {
    GROUP_RECIPE,
    GROUP_IMAGES,
    GROUP_DATA,
    GROUP_OUTPUT,
    GROUP_LENGTH,
    GROUP_CHECKPOINTS,
    GROUP_INTERPOLATION,
    GROUP_NEIGHBOURS,
    GROUP_MEASURES,
    GROUP_NETS,
    GROUP_BATCH_NORM,
    GROUP_OBJECTIVE,
    GROUP_OPTIMIZER,
    GROUP_STEP,
    GROUP_PROGRAM,
    GROUP_HIDDEN, /* for the build: in no help and no completion; the last ones of a table */
};

struct flag {
    const char *name; /* with '_'; the user may write '-' */
    char letter; /* of the short form; 0: none */
    const char *value_name; /* as --help shows it; NULL: takes none */
    enum value_type type;
    size_t offset; /* of the field in the program's options */
    double min, max; /* of a number, or of each number of a list */
    bool above_min, below_max; /* whether these bounds themselves are outside */
    const char *const *choices; /* ended by NULL; "" for a constant that is none */
    enum flag_group group;
    const char *help;
    const char *initial; /* the value where no preset has one; NULL: each preset has, or `unset` says */
    const char *unset; /* what holds where it is not given, for --help; NULL: it always has a value */
    bool (*applies)(const void *options); /* whether it has an effect; NULL: always */
    const char *needs; /* what applies asks for: "has no effect without ..." */
    bool command_line_only; /* not for configuration files, nor printed into one */
    bool resumable; /* a run that is resumed may be given another value; does not name a run (options_flags) */
    bool names_run; /* names one all the same */
    bool in_recipe; /* on the first screen's recipe, as are all of its three groups (summary.c) */
    enum action action; /* what it asks for instead of ACTION_RUN */
};

struct exit_status {
    const char *number, *meaning;
};

/* What --help and the manual page say beside the flags. */
struct texts {
    const char *summary; /* what the program does, in less than a line */
    const char *const *about; /* the same in paragraphs, ended by NULL */
    const char *defaults; /* when the values in brackets hold */
    const char *const *examples; /* command lines, ended by NULL */
    const struct exit_status *statuses; /* ended by a number NULL */
    const char *manual; /* further sections of the manual page, in roff */
};

struct command {
    const char *name;
    const char *operand; /* the words it takes beside flags, as --help shows them; NULL: none */
    size_t operands_max; /* how many of them: at most OPERANDS_MAX (cli/command_line.h) */
    const struct texts *texts;
    const struct flag *flags;
    size_t flag_count; /* at most FLAGS_MAX */
    size_t options_size; /* of the struct that the flags' offsets are in */
};

/* Its field in the program's options. */
static inline const void *flag_field(const struct flag *flag, const void *options)
{
    return (const char *)options + flag->offset;
}

/* The heading over a group's flags. */
const char *flag_group_title(enum flag_group group);

/* Whether text [length] is a name, of a flag or of one of its choices, '-' and '_' being the same. */
bool flag_names(const char *name, const char *text, size_t length);

/* The flag of that name, '-' and '_' being the same, never a part of a name; NULL: none. */
const struct flag *flag_find(const struct command *command, const char *name);
const struct flag *flag_find_letter(const struct command *command, char letter);

/* The place of a flag in the command's table. */
static inline size_t flag_index(const struct command *command, const struct flag *flag)
{
    return (size_t)(flag - command->flags);
}

/* The flag that a mistyped name most likely means: one that it begins, else the nearest by edit distance; NULL: none is
 * near. */
const struct flag *flag_nearest(const struct command *command, const char *name);

/* The i-th word that a value may begin with, for completions and messages; NULL: there is none. */
const char *flag_choice(const struct flag *flag, size_t i);

/* Whether it has an effect on these options. */
bool flag_applies(const struct flag *flag, const void *options);

/* The first of the given flags that has none; NULL: all have. */
const struct flag *flag_without_effect(const struct command *command, const bool given[static FLAGS_MAX],
                                       const void *options);

#endif
