/* Reading a command line, and what it came to once more from a file. */
#ifndef TESTS_FUZZ_OPTIONS_H
#define TESTS_FUZZ_OPTIONS_H

#include "fuzz.h"

#include "cli/config_file.h"
#include "cli/options.h"

/* The options as a configuration file are such a file, and come to themselves. */
static inline void check_options(const struct options *options)
{
    struct error error = {0};
    struct options again;
    char *text = config_file_text(options, 0, &error);
    promise(text, "a text of all options");
    char *words[] = {(char *)"gan-train", (char *)"--config", (char *)fuzz_file(text, strlen(text)), NULL};
    if (!options_parse(3, words, &again, &error)) {
        fprintf(stderr, "%s\n%s\n", text, error.message);
        promise(false, "--config refuses nothing that --print_config prints");
    }
    char *text_again = config_file_text(&again, 0, &error);
    promise(text_again && strcmp(text, text_again) == 0, "--config reads what --print_config prints");
    options_free(&again);
    free(text_again);
    free(text);
}

static inline void read_command_line(int count, char **words)
{
    static const struct options EMPTY;
    struct error error = {0};
    struct options options;
    if (!options_parse(count, words, &options, &error)) {
        check_refusal(&error);
        promise(memcmp(&options, &EMPTY, sizeof EMPTY) == 0, "nothing held after a refusal");
        return;
    }
    if (options.action <= ACTION_PRINT_CONFIG) {
        check_options(&options);
    }
    options_free(&options);
}

#endif
