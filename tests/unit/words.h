/* A program's command line, as words that are taken or refused. Defined before: OPTIONS, the struct that it is read
 * into; PARSE, the function that reads it; PROGRAM, the program's name. */
#ifndef TESTS_WORDS_H
#define TESTS_WORDS_H

#include "unit.h"

#include "base/error.h"

#include <string.h>

enum { WORDS_MAX = 128 };

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static inline bool parse(const char *const *words, OPTIONS *options, struct error *error)
{
    char *argv[WORDS_MAX] = {(char *)PROGRAM};
    int argc = 1;
    for (; words[argc - 1]; argc++) {
        assert_true(argc < WORDS_MAX - 1);
        argv[argc] = (char *)words[argc - 1];
    }
    return PARSE(argc, argv, options, error);
}

static inline OPTIONS accepted(const char *const *words)
{
    OPTIONS options;
    struct error error;
    if (!parse(words, &options, &error)) {
        fail_msg("refused: %s", error.message);
    }
    return options;
}

/* With one line that has the message in it, and nothing left in the options. */
static inline void assert_refused(const char *const *words, const char *message)
{
    static const OPTIONS EMPTY;
    OPTIONS options;
    struct error error = {0};
    if (parse(words, &options, &error)) {
        fail_msg("taken: %s %s", words[0] ? words[0] : "nothing", words[0] && words[1] ? words[1] : "");
    }
    assert_int_equal(error.status, STATUS_USAGE);
    assert_memory_equal(&options, &EMPTY, sizeof EMPTY);
    assert_null(strchr(error.message, '\n'));
    if (!strstr(error.message, message)) {
        fail_msg("no \"%s\" in: %s", message, error.message);
    }
}

#define REFUSED(message, ...) assert_refused(WORDS(__VA_ARGS__), message)

#endif
