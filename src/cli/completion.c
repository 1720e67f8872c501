/* Completion scripts for shells. */
#include "cli/help.h"

static bool is_offered(const struct flag *flag)
{
    return flag->group != GROUP_HIDDEN;
}

static void print_choices(const struct flag *flag, FILE *out)
{
    const char *choice;
    for (size_t i = 0; (choice = flag_choice(flag, i)); i++) {
        fprintf(out, "%s%s", i ? " " : "", choice);
    }
}

/* "_gan_train" of "gan-train". */
static void print_function_name(const struct command *command, FILE *out)
{
    fputc('_', out);
    for (const char *c = command->name; *c; c++) {
        fputc(*c == '-' ? '_' : *c, out);
    }
}

static const char BASH_FILES[] = "        compopt -o filenames\n"
                                 "        mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n";

static void print_bash_case(const struct flag *flag, FILE *out)
{
    fprintf(out, "    --%s", flag->name);
    if (flag->letter) {
        fprintf(out, " | -%c", flag->letter);
    }
    fputs(")\n", out);
    if (flag->type == VALUE_PATH) {
        fputs(BASH_FILES, out);
    } else if (flag_choice(flag, 0)) {
        fputs("        mapfile -t COMPREPLY < <(compgen -W '", out);
        print_choices(flag, out);
        fputs("' -- \"$word\")\n", out);
    } else {
        fputs("        COMPREPLY=()\n", out);
    }
    fputs("        ;;\n", out);
}

static void print_bash(const struct command *command, FILE *out)
{
    fprintf(out, "# bash completion for %s\n", command->name);
    print_function_name(command, out);
    fputs("()\n"
          "{\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
          "    case $previous in\n",
          out);
    for (size_t i = 0; i < command->flag_count; i++) {
        if (is_offered(&command->flags[i]) && command->flags[i].value_name) {
            print_bash_case(&command->flags[i], out);
        }
    }
    fputs("    *)\n", out);
    if (command->operand) {
        fprintf(out, "        if [[ $word != -* ]]; then\n%s        return\n        fi\n", BASH_FILES);
    }
    fputs("        mapfile -t COMPREPLY < <(compgen -W '", out);
    for (size_t i = 0; i < command->flag_count; i++) {
        if (is_offered(&command->flags[i])) {
            fprintf(out, "%s--%s", i ? " " : "", command->flags[i].name);
        }
    }
    fputs("' -- \"$word\")\n"
          "        ;;\n"
          "    esac\n"
          "}\n"
          "complete -F ",
          out);
    print_function_name(command, out);
    fprintf(out, " %s\n", command->name);
}

/* Text within single quotes and _arguments' brackets. */
static void print_zsh_text(const char *text, FILE *out)
{
    for (; *text; text++) {
        if (*text == '\'') {
            fputs("'\\''", out);
        } else if (*text == '[' || *text == ']' || *text == ':' || *text == '\\') {
            fprintf(out, "\\%c", *text);
        } else {
            fputc(*text, out);
        }
    }
}

static void print_zsh_flag(const struct flag *flag, FILE *out)
{
    if (flag->letter) {
        fprintf(out, "    '(-%c --%s)'{-%c,--%s}'[", flag->letter, flag->name, flag->letter, flag->name);
    } else {
        fprintf(out, "    '--%s[", flag->name);
    }
    print_zsh_text(flag->help, out);
    fputc(']', out);
    if (flag->value_name) {
        fprintf(out, ":%s:", flag->value_name);
        if (flag->type == VALUE_PATH) {
            fputs("_files", out);
        } else if (flag_choice(flag, 0)) {
            fputc('(', out);
            print_choices(flag, out);
            fputc(')', out);
        }
    }
    fputs("' \\\n", out);
}

static void print_zsh(const struct command *command, FILE *out)
{
    fprintf(out, "#compdef %s\n_arguments \\\n", command->name);
    for (size_t i = 0; i < command->flag_count; i++) {
        if (is_offered(&command->flags[i])) {
            print_zsh_flag(&command->flags[i], out);
        }
    }
    if (command->operand) {
        fprintf(out, "    '%s:%s:_files' \\\n", command->operands_max > 1 ? "*" : "", command->operand);
    }
    fputs("    && return 0\n", out);
}

void help_print_completion(const struct command *command, enum shell shell, FILE *out)
{
    switch (shell) {
    case SHELL_BASH:
        print_bash(command, out);
        break;
    case SHELL_ZSH:
        print_zsh(command, out);
        break;
    }
}
