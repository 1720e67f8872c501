/* What a reader of gan-eval's figures should know before believing them. */
#ifndef CLI_EVAL_NOTES_H
#define CLI_EVAL_NOTES_H

#include "cli/eval_report.h"

enum { NOTES_MAX = 7, NOTE_SIZE = 240 };

struct eval_notes {
    size_t count;
    char texts[NOTES_MAX][NOTE_SIZE]; /* a sentence each, without a full stop */
};

/* Says where the real images are drawn ones that nobody asked for, where the two columns cannot be compared, where the
 * judge hardly knows the classes, where coverage is low, and where images are among those that were trained on, or are
 * measured against. None of it is so in a sound evaluation. */
void eval_notes_make(const struct eval_report *report, struct eval_notes *notes);

#endif
