/* What a program's table of flags is printed as. All functions write to out, whose errors are the caller's to look for.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "base/error.h"
#include "cli/flags.h"

#include <stdio.h>

/* What any program tells of itself: ACTION_HELP, _VERSION, _PRINT_MAN or _PRINT_COMPLETION (for the shell); for the
 * other actions nothing. Errors as below. */
bool help_answer(const struct command *command, enum action action, enum shell shell, FILE *out, struct error *error);

/* --help: all flags in groups, with ranges, choices and the defaults, in 80 columns. false with STATUS_FAILED when
 * memory is short. */
bool help_print(const struct command *command, FILE *out, struct error *error);

/* --list_presets of gan-train: name, epochs, batch and description, in 80 columns. Errors as above. */
bool help_print_presets(FILE *out, struct error *error);

/* --print_man: the manual page, in roff. Errors as above. */
bool help_print_man(const struct command *command, FILE *out, struct error *error);

/* --print_completion: a script that completes the program's flags and values in a shell. */
void help_print_completion(const struct command *command, enum shell shell, FILE *out);

/* A flag's paragraph: what it does, what is wanted, what it needs, its value in defaults. To be freed with free(); NULL
 * when memory is short. */
char *help_paragraph(const struct flag *flag, const void *defaults);

/* The options that hold without any flag; NULL with an error. */
void *help_defaults(const struct command *command, struct error *error);
void help_free_defaults(const struct command *command, void *defaults);

#endif
