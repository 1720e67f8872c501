/* What the flag table is printed as. All functions write to out, whose errors are the caller's to look for. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "base/error.h"
#include "cli/flags.h"

#include <stdio.h>

/* --help: all flags in groups, with ranges, choices and the default preset's values, in 80 columns. false with
 * STATUS_FAILED when memory is short. */
bool help_print(FILE *out, struct error *error);

/* --list_presets: name, epochs, batch and description, in 80 columns. Errors as above. */
bool help_print_presets(FILE *out, struct error *error);

/* --print_man: the manual page gan-train(1), in roff. Errors as above. */
bool help_print_man(FILE *out, struct error *error);

/* --print_completion: a script that completes gan-train's flags and values in a shell. */
void help_print_completion(enum shell shell, FILE *out);

/* A flag's paragraph: what it does, what is wanted, what it needs, its value in defaults. To be freed with free(); NULL
 * when memory is short. */
char *help_paragraph(const struct flag *flag, const struct options *defaults);

#endif
