/* Words in lines, and strings that are made by printing. */
#include "unit.h"

#include "cli/text.h"

#include <errno.h>
#include <stdlib.h>

static void assert_wrapped(const char *words, size_t at, size_t indent, const char *wanted)
{
    struct text text;
    assert_true(text_begin(&text));
    text_print_wrapped(words, at, indent, text.out);
    char *made = text_end(&text);
    assert_non_null(made);
    assert_string_equal(made, wanted);
    free(made);
}

static void test_words_become_lines_of_less_than_80_columns(void **state)
{
    (void)state;
    assert_wrapped("", 0, 2, "  \n");
    assert_wrapped("one  two", 2, 4, "  one two\n");
    assert_wrapped("one two", 3, 4, "\n    one two\n");
    char words[] = "123456789 123456789 123456789 123456789 123456789 123456789 12345678 0";
    assert_wrapped(words, 0, 9, "         123456789 123456789 123456789 123456789 123456789 123456789 12345678 0\n");
    assert_wrapped(words, 0, 10,
                   "          123456789 123456789 123456789 123456789 123456789 123456789 12345678\n          0\n");
}

/* A stream that finds no memory leaves this in errno, and no other sign. */
static void run_short(void)
{
    errno = ENOMEM;
}

static void test_a_text_that_found_no_memory_is_none(void **state)
{
    (void)state;
    struct text outer, inner;
    assert_true(text_begin(&outer));
    assert_true(text_begin(&inner));
    run_short();
    assert_null(text_end(&inner));
    assert_null(text_end(&outer)); /* it lacks what the other one was to hold */

    assert_true(text_begin(&outer));
    run_short();
    assert_true(text_begin(&inner));
    fputs("whole", inner.out);
    char *made = text_end(&inner);
    assert_string_equal(made, "whole");
    free(made);
    assert_null(text_end(&outer));

    run_short(); /* before a text, it is not of it */
    assert_true(text_begin(&outer));
    made = text_end(&outer);
    assert_string_equal(made, "");
    free(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_become_lines_of_less_than_80_columns),
        cmocka_unit_test(test_a_text_that_found_no_memory_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
