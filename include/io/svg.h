/* What the SVG pictures have in common. Lengths are whole tenths of a pixel: so no number is printed as the locale
 * would have it, and equal pictures are equal bytes. */
#ifndef IO_SVG_H
#define IO_SVG_H

#include "io/file.h"

#define SVG_INK "#222222"
#define SVG_PALE_INK "#666666"

/* For what is to be told apart, by colour-blind readers too. */
#define SVG_BLUE "#0072b2"
#define SVG_ORANGE "#d55e00"
#define SVG_GREEN "#009e73"
#define SVG_PINK "#cc79a7"

/* Begins a white picture with a title for those who cannot see it; NULL with an error. Ends with svg_end, which
 * commits the file, or with file_abandon. */
struct file *svg_create(const char *path, long width, long height, const char *title, struct error *error);
bool svg_end(struct file *svg, struct error *error);

/* One line of text with its baseline at y, from x on unless attributes say `text-anchor`. What is no character of XML
 * (or not UTF-8) becomes '?'. */
void svg_text(struct file *svg, long x, long y, long size, const char *attributes, const char *text);

/* How wide text can become in the widest of the usual sans-serif fonts, letters of bold weight included. */
long svg_text_width(const char *text, long size);

#endif
