/* Shorthands for the rows of a table of flags, for the file that has the table alone. OPTIONS, defined before, is the
 * struct whose fields they name. */
#ifndef CLI_FLAG_ROWS_H
#define CLI_FLAG_ROWS_H

#include "cli/flags.h"

#define FIELD(member) .offset = offsetof(OPTIONS, member)
#define RANGE(low, high) .min = (low), .max = (high)
#define WHOLE(member, low, high) .type = VALUE_WHOLE, FIELD(member), RANGE(low, high)
#define REAL(member, low, high) .type = VALUE_REAL, FIELD(member), RANGE(low, high)
#define CHOICE(member, names) .type = VALUE_CHOICE, FIELD(member), .choices = (names)
#define PATH(member) .type = VALUE_PATH, FIELD(member)
#define SWITCH(member) .type = VALUE_SWITCH, FIELD(member), .initial = "no"
#define ACTION(what) .type = VALUE_NONE, .action = (what), .command_line_only = true
#define NEEDS(predicate, what) .applies = (predicate), .needs = (what)

/* The value of a macro as a string, for texts that name a default. */
#define TEXT_OF(macro) TEXT_OF_VALUE(macro)
#define TEXT_OF_VALUE(value) #value

extern const char *const FLAG_SHELLS[];

/* The last rows of every table. */
#define LAST_ROWS                                                                                                      \
    {"version", 0, NULL, ACTION(ACTION_VERSION), .group = GROUP_PROGRAM, .help = "print the version and exit"},        \
        {"help", 'h', NULL, ACTION(ACTION_HELP), .group = GROUP_PROGRAM, .help = "print this and exit"},               \
        {"print_man",                                                                                                  \
         0,                                                                                                            \
         NULL,                                                                                                         \
         ACTION(ACTION_PRINT_MAN),                                                                                     \
         .group = GROUP_HIDDEN,                                                                                        \
         .help = "print the manual page and exit"},                                                                    \
    {                                                                                                                  \
        "print_completion", 0, "SHELL", CHOICE(shell, FLAG_SHELLS),                                                    \
            .initial = "bash", .action = ACTION_PRINT_COMPLETION, .command_line_only = true, .group = GROUP_HIDDEN,    \
            .help = "print a completion script and exit"                                                               \
    }

#endif
