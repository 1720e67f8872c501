/* Text for a screen. */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <stddef.h>
#include <stdio.h>

enum { TEXT_COLUMNS = 80 }; /* of a screen */

/* Prints words between blanks from column `at` on, in lines that begin at column `indent` and end before TEXT_COLUMNS,
 * but for a word that is longer. They begin on a line of their own where less than two blanks would keep them apart
 * from what stands before. */
void text_print_wrapped(const char *text, size_t at, size_t indent, FILE *out);

#endif
