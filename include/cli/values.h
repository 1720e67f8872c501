/* The values of flags as text: read strictly into their fields, and written back. options is the struct that the flag's
 * offset is in. */
#ifndef CLI_VALUES_H
#define CLI_VALUES_H

#include "base/error.h"
#include "cli/flags.h"

#include <stdio.h>

/* The choices of a VALUE_EVERY: EVERY_OFF, then EVERY_AUTO; ended by NULL. */
extern const char *const EVERY_WORDS[];

/* The one of them that the field of a VALUE_EVERY is; NULL: it is a number. */
const char *value_every_word(const struct flag *flag, const void *options);

/* Reads a flag's value ("yes" for a switch that is given) into its field. A value that is not wholly what was wanted is
 * refused with STATUS_USAGE and "PLACE: 'TEXT' is not WANTED"; the field keeps what it held. */
bool value_parse(const struct flag *flag, const char *place, const char *text, void *options, struct error *error);

/* "a whole number from 1 to 1000000": what a value of the flag must be. */
void value_print_wanted(const struct flag *flag, FILE *out);

/* The field as text that value_parse reads back to the same value. */
void value_print(const struct flag *flag, const void *options, FILE *out);

/* The same as a string, to be freed with free(); NULL when memory is short. */
char *value_text(const struct flag *flag, const void *options);

/* Whether the field holds a value: flags with `unset` may have none, which is NULL or 0. */
bool value_is_set(const struct flag *flag, const void *options);

/* Refuses in value_parse's words. Returns false. */
bool value_refuse(const struct flag *flag, const char *place, const char *text, struct error *error);

/* Frees what the field holds, and empties it. */
void value_free(const struct flag *flag, void *options);

#endif
