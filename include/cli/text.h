/* Text for a screen, and text in memory. */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { TEXT_COLUMNS = 80 }; /* of a screen */

/* Prints words between blanks from column `at` on, in lines that begin at column `indent` and end before TEXT_COLUMNS,
 * but for a word that is longer. They begin on a line of their own where less than two blanks would keep them apart
 * from what stands before. */
void text_print_wrapped(const char *text, size_t at, size_t indent, FILE *out);

/* A string that is made by printing. */
struct text {
    FILE *out; /* where to print; NULL: memory was short */
    char *bytes;
    size_t length;
    int reason; /* errno before */
};

/* False when memory is short. */
bool text_begin(struct text *text);

/* What was printed since, to be freed with free(); NULL when memory was short then or on the way. */
char *text_end(struct text *text);

#endif
