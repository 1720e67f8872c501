#include "io/svg.h"

#include <string.h>

/* The bytes of the character that text begins with: 1 to 4; 0 where it is none that XML may hold. */
static size_t character_bytes(const char *text)
{
    const unsigned char *c = (const unsigned char *)text;
    if (c[0] < 0x80) {
        return c[0] >= ' ' && c[0] != 127;
    }
    size_t bytes = c[0] >= 0xf0 ? 4 : c[0] >= 0xe0 ? 3 : 2;
    unsigned long code = c[0] & (0x7fu >> bytes);
    for (size_t i = 1; i < bytes; i++) {
        if ((c[i] & 0xc0) != 0x80) {
            return 0;
        }
        code = code << 6 | (c[i] & 0x3f);
    }
    static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
    bool surrogate = code >= 0xd800 && code < 0xe000;
    bool legal = c[0] >= 0xc0 && c[0] < 0xf8 && code >= least[bytes] && code < 0x110000 && !surrogate;
    return legal && (code & 0xfffe) != 0xfffe ? bytes : 0;
}

static void write_escaped(struct file *svg, const char *text)
{
    while (*text) {
        size_t bytes = character_bytes(text);
        switch (bytes ? *text : '\0') {
        case '\0':
            file_print(svg, "?");
            break;
        case '&':
            file_print(svg, "&amp;");
            break;
        case '<':
            file_print(svg, "&lt;");
            break;
        case '>':
            file_print(svg, "&gt;");
            break;
        default:
            file_write(svg, text, bytes);
        }
        text += bytes ? bytes : 1;
    }
}

struct file *svg_create(const char *path, long width, long height, const char *title, struct error *error)
{
    struct file *svg = file_create(path, error);
    if (!svg) {
        return NULL;
    }
    file_print(svg,
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%ld\" height=\"%ld\" viewBox=\"0 0 %ld %ld\" "
               "font-family=\"Helvetica, Arial, sans-serif\" fill=\"" SVG_INK "\" role=\"img\">\n<title>",
               width / 10, height / 10, width, height);
    write_escaped(svg, title);
    file_print(svg, "</title>\n<rect width=\"%ld\" height=\"%ld\" fill=\"white\"/>\n", width, height);
    return svg;
}

bool svg_end(struct file *svg, struct error *error)
{
    file_print(svg, "</svg>\n");
    return file_commit(svg, error);
}

void svg_text(struct file *svg, long x, long y, long size, const char *attributes, const char *text)
{
    file_print(svg, "<text x=\"%ld\" y=\"%ld\" font-size=\"%ld\" %s>", x, y, size, attributes);
    write_escaped(svg, text);
    file_print(svg, "</text>\n");
}

long svg_text_width(const char *text, long size)
{
    long width = 0; /* in hundredths of the size */
    for (; *text; text++) {
        if (strchr(" .,:;'|!iljtfI()[]/-", *text)) {
            width += 42;
        } else if (strchr("mwMW@%", *text)) {
            width += 100;
        } else if ((*text & 0xc0) != 0x80) { /* of a character of many bytes the first counts */
            width += 66;
        }
    }
    return width * size / 100;
}
