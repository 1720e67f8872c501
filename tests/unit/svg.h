/* What tests of SVG pictures need. */
#ifndef TESTS_SVG_H
#define TESTS_SVG_H

#include "scratch.h"

/* A part of XML large enough for our pictures: elements nest, attributes are quoted, text has no stray characters. */
static inline void assert_well_formed(const char *xml)
{
    enum { DEPTH_MAX = 8 };
    struct {
        const char *name;
        size_t length;
    } open[DEPTH_MAX];
    size_t depth = 0, roots = 0;
    const char *c = xml;
    assert_int_equal(strncmp(c, "<?xml ", 6), 0);
    c = strstr(c, "?>") + 2;
    while (*c) {
        if (*c == '&') {
            static const char *const known[] = {"&amp;", "&lt;", "&gt;", "&quot;"};
            bool entity = false;
            for (size_t i = 0; i < 4; i++) {
                entity = entity || strncmp(c, known[i], strlen(known[i])) == 0;
            }
            assert_true(entity);
        } else if (*c == '<' && c[1] == '/') {
            assert_true(depth > 0);
            depth--;
            assert_memory_equal(c + 2, open[depth].name, open[depth].length);
            assert_int_equal(c[2 + open[depth].length], '>');
            c = strchr(c, '>');
        } else if (*c == '<') {
            const char *name = ++c;
            size_t length = strcspn(name, " />\n");
            assert_true(length > 0);
            roots += depth == 0;
            for (bool quoted = false; quoted || *c != '>'; c++) {
                assert_true(*c != '\0' && *c != '<');
                quoted = quoted != (*c == '"');
            }
            if (c[-1] != '/') {
                assert_true(depth < DEPTH_MAX);
                open[depth].name = name;
                open[depth++].length = length;
            }
        } else {
            assert_true(*c == '\n' || ((unsigned char)*c >= ' ' && *c != '>' && (depth > 0)));
        }
        c++;
    }
    assert_int_equal(depth, 0);
    assert_int_equal(roots, 1);
}

/* Whether a text stands in the picture, by itself. */
static inline bool has_label(const char *svg, const char *text)
{
    char element[64];
    snprintf(element, sizeof element, ">%s</text>", text);
    return strstr(svg, element) != NULL;
}

#endif
