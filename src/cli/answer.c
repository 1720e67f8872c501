/* Which of the texts of cli/help.h an action asks for. */
#include "cli/help.h"

#include "nn/matmul.h"

bool help_answer(const struct command *command, enum action action, enum shell shell, FILE *out, struct error *error)
{
    char library[MATMUL_LIBRARY_SIZE];
    switch (action) {
    case ACTION_HELP:
        return help_print(command, out, error);
    case ACTION_VERSION:
        fprintf(out, "%s %s, %s\n", command->name, GAN_VERSION, matmul_library(library));
        return true;
    case ACTION_PRINT_MAN:
        return help_print_man(command, out, error);
    case ACTION_PRINT_COMPLETION:
        help_print_completion(command, shell, out);
        return true;
    case ACTION_RUN:
    case ACTION_PRINT_CONFIG:
    case ACTION_LIST_PRESETS:
        break;
    }
    return true;
}
