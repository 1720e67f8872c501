#include "data/digits.h"

#include "data/strokes.h"
#include "nn/rng.h"

#include <math.h>
#include <stdbool.h>

/* The same bytes on every machine: nothing but + - * / and sqrt of floats, in an order the code fixes, each rounded by
 * itself (the Makefile turns the fusing of multiply and add off for this file). */

enum {
    WORDS = 64, /* random words of a sample, a multiple of 4 */
    STEPS = 6, /* straight pieces between two points of a style */
    PATH_POINTS = STROKE_POINTS * STEPS,
    LANES = 8, /* pixels inked side by side */
    CANVAS_WIDTH = 32 /* DIGITS_WIDTH, rounded up to a multiple of LANES */
};

/* In pixels, and as in MNIST, whose digits fit into boxes of 20 x 20 and have their centre of mass at (14, 14). */
static const float BOX = 19.4f; /* a digit's longer side, up to the middle of its soft edges */
static const float CENTRE = 14;
static const float MARGIN = 1; /* between a digit and the edge, wherever that leaves its centre of mass */
static const float SOFTNESS = 1.2f; /* the width of an edge from black to white */

/* The random words of one sample, used up one by one. */
struct draws {
    uint32_t words[WORDS];
    size_t used;
};

static uint32_t draw_word(struct draws *draws)
{
    return draws->words[draws->used++];
}

/* Uniform in [low, high). */
static float draw_uniform(struct draws *draws, float low, float high)
{
    return low + (high - low) * ((float)(draw_word(draws) >> 8) * 0x1p-24f);
}

/* Nearly normal, within 3.46 deviations: the sum of a word's four bytes. */
static float draw_normal(struct draws *draws, float mean, float deviation)
{
    uint32_t word = draw_word(draws);
    uint32_t sum = (word & 255) + (word >> 8 & 255) + (word >> 16 & 255) + (word >> 24);
    return mean + deviation * (((float)sum - 510) / 147.8f);
}

/* A polyline, first in units where the style's box is -1 .. 1, at last in pixels. */
struct path {
    size_t count;
    float x[PATH_POINTS], y[PATH_POINTS];
    float radius[PATH_POINTS]; /* of the pen */
    bool lifted[PATH_POINTS]; /* the pen does not draw from here to the next point */
};

/* One person's points for a style: a mixture of its hands, unsteadily written. x, y [strlen(style->pen)] */
static void write_points(struct draws *draws, const struct style *style, float *x, float *y)
{
    float weight[STROKE_HANDS], sum = 0;
    for (size_t h = 0; h < STROKE_HANDS; h++) {
        float u = draw_uniform(draws, 0.05f, 1);
        weight[h] = u * u * u; /* cubed, so that one hand often prevails */
        sum += weight[h];
    }
    float stray_x = 0, stray_y = 0; /* a hand that strays comes back little by little */
    for (size_t i = 0; style->pen[i]; i++) {
        stray_x = draw_normal(draws, stray_x / 2, 0.05f);
        stray_y = draw_normal(draws, stray_y / 2, 0.05f);
        x[i] = stray_x - 1;
        y[i] = stray_y - 1;
        for (size_t h = 0; h < STROKE_HANDS; h++) {
            x[i] += weight[h] / sum * (float)style->hands[h][i].x / 50;
            y[i] += weight[h] / sum * (float)style->hands[h][i].y / 50;
        }
    }
}

/* Catmull and Rom's cubic between b and c, whose slopes come from the points a before and d after them. */
static float spline(float a, float b, float c, float d, float t)
{
    float slope_b = (c - a) / 2, slope_c = (d - b) / 2;
    float rest = c - b;
    return b + t * (slope_b + t * ((3 * rest - 2 * slope_b - slope_c) + t * (slope_b + slope_c - 2 * rest)));
}

/* Follows the pen through the points x, y [strlen(pen)] into an empty path. */
static void trace(const char *pen, const float *x, const float *y, struct path *path)
{
    for (size_t i = 0; pen[i]; i++) {
        bool last = pen[i] == '|';
        bool first = i == 0 || pen[i - 1] == '|';
        size_t before = first || pen[i] == '^' ? i : i - 1;
        size_t next = last ? i : i + 1;
        size_t after = last || pen[next] != '-' ? next : next + 1;
        for (size_t s = 0; s < (last ? 1 : STEPS); s++) {
            float t = (float)s / STEPS;
            size_t n = path->count++;
            path->x[n] = spline(x[before], x[i], x[next], x[after], t);
            path->y[n] = spline(y[before], y[i], y[next], y[after], t);
            path->lifted[n] = last;
        }
    }
}

/* Bends, tapers, stretches, slants and tilts the whole. */
static void warp(struct draws *draws, struct path *path)
{
    float taper = draw_normal(draws, 0, 0.1f), lean = draw_normal(draws, 0, 0.08f);
    float bow = draw_normal(draws, 0, 0.07f), snake = draw_normal(draws, 0, 0.07f);
    float fan = draw_normal(draws, 0, 0.1f), sink = draw_normal(draws, 0, 0.11f);
    float arch = draw_normal(draws, 0, 0.05f);
    float stretch = draw_normal(draws, 1.02f, 0.16f);
    float slant = draw_normal(draws, 0.17f, 0.22f);
    float tilt = draw_normal(draws, -0.03f, 0.08f);
    for (size_t i = 0; i < path->count; i++) {
        float u = path->x[i], v = path->y[i];
        float x = u * (1 + taper * v + lean * u) + v * v * (bow + snake * v);
        float y = v * (1 + fan * u + sink * v) + arch * u * u;
        path->x[i] = stretch * x - slant * y;
        path->y[i] = y + tilt * x;
    }
}

/* Gives the pen its radius at each point, in pixels: it changes along the path, and with the direction as a broad
 * nib's does. Returns the largest. */
static float press(struct draws *draws, struct path *path)
{
    float radius = draw_normal(draws, 1.3f, 0.34f);
    radius = radius < 0.7f ? 0.7f : radius;
    radius = radius > 1.9f ? 1.9f : radius;
    float begin = draw_normal(draws, 1, 0.1f), end = draw_normal(draws, 1, 0.1f);
    float swell = draw_normal(draws, 0, 0.2f);
    float upright = draw_normal(draws, 0, 0.08f), oblique = draw_normal(draws, 0, 0.08f);
    float largest = 0;
    for (size_t i = 0; i < path->count; i++) {
        size_t from = i > 0 && path->lifted[i] ? i - 1 : i;
        float dx = path->x[from + 1] - path->x[from], dy = path->y[from + 1] - path->y[from];
        float nib = (upright * (dy * dy - dx * dx) + oblique * (2 * dx * dy)) / (dx * dx + dy * dy + 1e-9f);
        float t = (float)i / (float)(path->count - 1);
        path->radius[i] = radius * (begin + t * (end - begin) + swell * t * (1 - t)) * (1 + nib);
        largest = path->radius[i] > largest ? path->radius[i] : largest;
    }
    return largest;
}

struct span {
    float low, high;
};

static struct span span_of(const float *x, size_t count)
{
    struct span span = {x[0], x[0]};
    for (size_t i = 1; i < count; i++) {
        span.low = x[i] < span.low ? x[i] : span.low;
        span.high = x[i] > span.high ? x[i] : span.high;
    }
    return span;
}

/* Scales and moves coordinates so that `centre` comes to pixel `target`, or as near as the margins allow. */
static void place(float *x, size_t count, struct span span, float scale, float centre, float target, float margin)
{
    float shift = target - scale * centre;
    float lowest = margin - scale * span.low, highest = (DIGITS_WIDTH - 1 - margin) - scale * span.high;
    shift = shift < lowest ? lowest : shift > highest ? highest : shift;
    for (size_t i = 0; i < count; i++) {
        x[i] = scale * x[i] + shift;
    }
}

/* Scales the path into its box and moves its centre of mass to the centre, give or take half a pixel. */
static void fit(struct draws *draws, struct path *path, float radius)
{
    struct span across = span_of(path->x, path->count), down = span_of(path->y, path->count);
    float width = across.high - across.low, height = down.high - down.low;
    float longer = width > height ? width : height;
    float scale = (draw_normal(draws, BOX, 0.3f) - 2 * radius) / longer;
    float mass = 0, moment_x = 0, moment_y = 0;
    for (size_t i = 0; i + 1 < path->count; i++) {
        if (!path->lifted[i]) {
            float dx = path->x[i + 1] - path->x[i], dy = path->y[i + 1] - path->y[i];
            float area = sqrtf(dx * dx + dy * dy) * path->radius[i];
            mass += area;
            moment_x += area * (path->x[i] + dx / 2);
            moment_y += area * (path->y[i] + dy / 2);
        }
    }
    float target_x = CENTRE + draw_uniform(draws, -0.5f, 0.5f), target_y = CENTRE + draw_uniform(draws, -0.5f, 0.5f);
    place(path->x, path->count, across, scale, moment_x / mass, target_x, MARGIN + radius);
    place(path->y, path->count, down, scale, moment_y / mass, target_y, MARGIN + radius);
}

/* Raises depth [DIGITS_HEIGHT], how far each pixel's centre lies inside the ink (negative: outside), by the straight
 * piece from point i to the next. */
static void ink_piece(const struct path *path, size_t i, float (*depth)[CANVAS_WIDTH])
{
    float ax = path->x[i], ay = path->y[i], dx = path->x[i + 1] - ax, dy = path->y[i + 1] - ay;
    float radius = path->radius[i], widening = path->radius[i + 1] - radius;
    float inverse = 1 / (dx * dx + dy * dy + 1e-9f);
    float reach = (widening > 0 ? radius + widening : radius) + SOFTNESS / 2;
    int left = (int)((dx < 0 ? ax + dx : ax) - reach) / LANES * LANES;
    int right = (int)((dx < 0 ? ax : ax + dx) + reach);
    int top = (int)((dy < 0 ? ay + dy : ay) - reach), bottom = (int)((dy < 0 ? ay : ay + dy) + reach);
    for (int row = top; row <= bottom; row++) {
        float py = (float)row - ay;
        for (int column = left; column <= right; column += LANES) {
            float *pixels = depth[row] + column;
#pragma omp simd
            for (int l = 0; l < LANES; l++) {
                float px = (float)(column + l) - ax;
                float t = (px * dx + py * dy) * inverse; /* where along the piece the pixel is nearest */
                t = t < 0 ? 0 : t;
                t = t > 1 ? 1 : t;
                float ex = px - t * dx, ey = py - t * dy;
                float inside = radius + t * widening - sqrtf(ex * ex + ey * ey);
                pixels[l] = inside > pixels[l] ? inside : pixels[l];
            }
        }
    }
}

/* Draws the path, with an edge as soft as SOFTNESS, into image [DIGITS_HEIGHT][DIGITS_WIDTH]. */
static void ink(const struct path *path, unsigned char *image)
{
    float depth[DIGITS_HEIGHT][CANVAS_WIDTH];
    for (size_t row = 0; row < DIGITS_HEIGHT; row++) {
        for (size_t column = 0; column < CANVAS_WIDTH; column++) {
            depth[row][column] = -SOFTNESS;
        }
    }
    for (size_t i = 0; i + 1 < path->count; i++) {
        if (!path->lifted[i]) {
            ink_piece(path, i, depth);
        }
    }
    for (size_t row = 0; row < DIGITS_HEIGHT; row++) {
        for (size_t column = 0; column < DIGITS_WIDTH; column++) {
            float grey = depth[row][column] / SOFTNESS + 0.5f;
            grey = grey < 0 ? 0 : grey;
            grey = grey > 1 ? 1 : grey;
            image[row * DIGITS_WIDTH + column] = (unsigned char)(int)(255 * grey + 0.5f);
        }
    }
}

/* Each ten digits in a row are a random order of the ten classes, so that every part of the set is balanced. */
static unsigned char digit_class(size_t number)
{
    uint32_t words[12];
    rng_words((struct rng_stream){.purpose = RNG_DIGITS, .part = 1}, (uint32_t)(number / DIGITS_CLASSES), 0, 3, words);
    unsigned char order[DIGITS_CLASSES] = {0};
    for (uint32_t i = 0; i < DIGITS_CLASSES; i++) { /* Fisher and Yates, from the inside out */
        uint32_t j = (uint32_t)((uint64_t)words[i] * (i + 1) >> 32);
        order[i] = order[j];
        order[j] = (unsigned char)i;
    }
    return order[number % DIGITS_CLASSES];
}

static void draw_digit(size_t number, unsigned class, unsigned char *image)
{
    struct draws draws = {.used = 0};
    rng_words((struct rng_stream){.purpose = RNG_DIGITS}, (uint32_t)number, 0, WORDS / 4, draws.words);
    const struct style *style = stroke_style(class, (unsigned)((uint64_t)draw_word(&draws) * 100 >> 32));
    float x[STROKE_POINTS] = {0}, y[STROKE_POINTS] = {0};
    struct path path = {.count = 0};
    write_points(&draws, style, x, y);
    trace(style->pen, x, y, &path);
    warp(&draws, &path);
    float radius = press(&draws, &path);
    fit(&draws, &path, radius);
    ink(&path, image);
}

void digits_draw(size_t first, size_t count, unsigned char *images, unsigned char *labels)
{
#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < count; i++) {
        labels[i] = digit_class(first + i);
        draw_digit(first + i, labels[i], images + i * DIGITS_HEIGHT * DIGITS_WIDTH);
    }
}
