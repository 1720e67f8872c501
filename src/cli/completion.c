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

static void print_bash_case(const struct flag *flag, FILE *out)
{
    fprintf(out, "    --%s", flag->name);
    if (flag->letter) {
        fprintf(out, " | -%c", flag->letter);
    }
    fputs(")\n", out);
    if (flag->type == VALUE_PATH) {
        fputs("        compopt -o filenames\n"
              "        mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n",
              out);
    } else if (flag_choice(flag, 0)) {
        fputs("        mapfile -t COMPREPLY < <(compgen -W '", out);
        print_choices(flag, out);
        fputs("' -- \"$word\")\n", out);
    } else {
        fputs("        COMPREPLY=()\n", out);
    }
    fputs("        ;;\n", out);
}

static void print_bash(FILE *out)
{
    fputs("# bash completion for gan-train\n"
          "_gan_train()\n"
          "{\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
          "    case $previous in\n",
          out);
    for (size_t i = 0; i < FLAG_COUNT; i++) {
        if (is_offered(&FLAGS[i]) && FLAGS[i].value_name) {
            print_bash_case(&FLAGS[i], out);
        }
    }
    fputs("    *)\n        mapfile -t COMPREPLY < <(compgen -W '", out);
    for (size_t i = 0; i < FLAG_COUNT; i++) {
        if (is_offered(&FLAGS[i])) {
            fprintf(out, "%s--%s", i ? " " : "", FLAGS[i].name);
        }
    }
    fputs("' -- \"$word\")\n"
          "        ;;\n"
          "    esac\n"
          "}\n"
          "complete -F _gan_train gan-train\n",
          out);
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

static void print_zsh(FILE *out)
{
    fputs("#compdef gan-train\n_arguments \\\n", out);
    for (size_t i = 0; i < FLAG_COUNT; i++) {
        if (is_offered(&FLAGS[i])) {
            print_zsh_flag(&FLAGS[i], out);
        }
    }
    fputs("    && return 0\n", out);
}

void help_print_completion(enum shell shell, FILE *out)
{
    switch (shell) {
    case SHELL_BASH:
        print_bash(out);
        break;
    case SHELL_ZSH:
        print_zsh(out);
        break;
    }
}
