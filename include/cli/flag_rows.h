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

#endif
