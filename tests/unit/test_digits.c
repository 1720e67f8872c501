/* The built-in digits: the same bytes everywhere, balanced, inside the frame, and neither trivial nor illegible. */
#include "data/digits.h"
#include "data/strokes.h"

#include "unit.h"
#include <omp.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

enum { ALL = DIGITS_TRAIN + DIGITS_TEST, PIXELS = DIGITS_HEIGHT * DIGITS_WIDTH };

struct set {
    double seconds; /* of all processors together, to draw it */
    unsigned char images[ALL][PIXELS];
    unsigned char labels[ALL];
};

static int draw_all(void **state)
{
    struct set *set = malloc(sizeof *set);
    if (!set) {
        return -1;
    }
    clock_t begin = clock();
    digits_draw(0, ALL, set->images[0], set->labels);
    set->seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
    *state = set;
    return 0;
}

static int free_all(void **state)
{
    free(*state);
    return 0;
}

static void every_machine_draws_the_same_bytes(void **state)
{
    const struct set *set = *state;
    uLong checksum = crc32(crc32(0, NULL, 0), set->images[0], sizeof set->images);
    assert_int_equal(crc32(checksum, set->labels, sizeof set->labels), 0x4ab5b731);
}

/* Two seconds on two cores. Measured as processor time, which a busy machine hardly changes; under valgrind, which is
 * slow by nature, $GAN_TEST_UNTIMED leaves it out. */
static void both_sets_are_drawn_quickly(void **state)
{
    const struct set *set = *state;
#ifdef __OPTIMIZE__
    bool timed = !getenv("GAN_TEST_UNTIMED");
#else
    bool timed = false;
#endif
    if (!timed) {
        skip();
    }
    assert_true(set->seconds < 4);
}

static void a_digit_does_not_depend_on_its_neighbours_or_the_threads(void **state)
{
    const struct set *set = *state;
    enum { FIRST = 59990, COUNT = 23 };
    static unsigned char images[COUNT][PIXELS], labels[COUNT];
    int threads = omp_get_max_threads();
    for (int t = 1; t <= 3; t++) {
        omp_set_num_threads(t);
        digits_draw(FIRST, COUNT, images[0], labels);
        assert_memory_equal(images, set->images[FIRST], sizeof images);
        assert_memory_equal(labels, set->labels + FIRST, sizeof labels);
    }
    omp_set_num_threads(threads);
    for (size_t i = 0; i < ALL; i += 997) {
        digits_draw(i, 1, images[0], labels);
        assert_memory_equal(images[0], set->images[i], PIXELS);
        assert_int_equal(labels[0], set->labels[i]);
    }
}

static void each_ten_hold_every_class_once_in_a_random_order(void **state)
{
    const struct set *set = *state;
    unsigned places[DIGITS_CLASSES][10] = {{0}}; /* how often a class stands where among its ten */
    for (size_t i = 0; i < ALL; i += 10) {
        unsigned seen = 0;
        for (size_t j = 0; j < 10; j++) {
            assert_in_range(set->labels[i + j], 0, 9);
            seen |= 1u << set->labels[i + j];
            places[set->labels[i + j]][j]++;
        }
        assert_int_equal(seen, 1023);
    }
    for (size_t k = 0; k < DIGITS_CLASSES; k++) {
        for (size_t j = 0; j < 10; j++) {
            assert_in_range(places[k][j], 580, 820); /* 700, and nearly five deviations */
        }
    }
}

static void ink_keeps_off_the_edges(void **state)
{
    const struct set *set = *state;
    for (size_t i = 0; i < ALL; i++) {
        const unsigned char *image = set->images[i];
        for (size_t p = 0; p < DIGITS_WIDTH; p++) {
            assert_int_equal(image[p], 0);
            assert_int_equal(image[PIXELS - 1 - p], 0);
            assert_int_equal(image[p * DIGITS_WIDTH], 0);
            assert_int_equal(image[p * DIGITS_WIDTH + DIGITS_WIDTH - 1], 0);
        }
    }
}

/* MNIST has a mean of 33.3 and ink on 19.1 % of its pixels; its images' own means go from 6.5 to 101. */
static void ink_is_about_as_much_as_in_mnist(void **state)
{
    const struct set *set = *state;
    uint64_t sum = 0, inked = 0;
    for (size_t i = 0; i < ALL; i++) {
        unsigned own = 0, brightest = 0;
        for (size_t p = 0; p < PIXELS; p++) {
            unsigned grey = set->images[i][p];
            own += grey;
            inked += grey > 0;
            brightest = grey > brightest ? grey : brightest;
        }
        assert_in_range(own, 6 * PIXELS, 85 * PIXELS);
        assert_in_range(brightest, 200, 255);
        sum += own;
    }
    double pixels = (double)ALL * PIXELS;
    assert_in_range((unsigned)((double)sum / pixels * 100), 3230, 3430);
    assert_in_range((unsigned)((double)inked / pixels * 10000), 1850, 2050);
}

/* As MNIST's: a centre of mass at about (14, 14), and a longer side of about 20 pixels. */
static void digits_are_centred_and_of_one_size(void **state)
{
    const struct set *set = *state;
    double all_across = 0, all_down = 0;
    for (size_t i = 0; i < ALL; i++) {
        double mass = 0, across = 0, down = 0;
        size_t left = DIGITS_WIDTH, right = 0, top = DIGITS_HEIGHT, bottom = 0;
        for (size_t p = 0; p < PIXELS; p++) {
            size_t row = p / DIGITS_WIDTH, column = p % DIGITS_WIDTH;
            double grey = set->images[i][p];
            mass += grey;
            across += grey * (double)column;
            down += grey * (double)row;
            if (grey > 64) {
                left = column < left ? column : left;
                right = column > right ? column : right;
                top = row < top ? row : top;
                bottom = row > bottom ? row : bottom;
            }
        }
        assert_true(across / mass > 11.5 && across / mass < 16);
        assert_true(down / mass > 11.5 && down / mass < 16);
        all_across += across / mass / ALL;
        all_down += down / mass / ALL;
        size_t width = right + 1 - left, height = bottom + 1 - top;
        assert_in_range(width > height ? width : height, 17, 22);
    }
    assert_true(all_across > 13.8 && all_across < 14.2);
    assert_true(all_down > 13.8 && all_down < 14.2);
}

static int compare_images(const void *a, const void *b)
{
    return memcmp(*(const unsigned char *const *)a, *(const unsigned char *const *)b, PIXELS);
}

static void no_two_digits_are_alike(void **state)
{
    const struct set *set = *state;
    static const unsigned char *sorted[ALL];
    for (size_t i = 0; i < ALL; i++) {
        sorted[i] = set->images[i];
    }
    qsort(sorted, ALL, sizeof sorted[0], compare_images);
    for (size_t i = 1; i < ALL; i++) {
        assert_memory_not_equal(sorted[i - 1], sorted[i], PIXELS);
    }
}

/* The class whose mean image, over the digits to train on, is nearest tells most of the others, but not all: 82 % in
 * MNIST. */
static void classes_can_be_learned_and_are_not_trivial(void **state)
{
    const struct set *set = *state;
    static float means[DIGITS_CLASSES][PIXELS];
    memset(means, 0, sizeof means);
    for (size_t i = 0; i < DIGITS_TRAIN; i++) {
        for (size_t p = 0; p < PIXELS; p++) {
            means[set->labels[i]][p] += (float)set->images[i][p] * DIGITS_CLASSES / DIGITS_TRAIN;
        }
    }
    unsigned right = 0;
    for (size_t i = DIGITS_TRAIN; i < ALL; i++) {
        size_t nearest = 0;
        float least = 0;
        for (size_t k = 0; k < DIGITS_CLASSES; k++) {
            float distance = 0;
            for (size_t p = 0; p < PIXELS; p++) {
                float difference = (float)set->images[i][p] - means[k][p];
                distance += difference * difference;
            }
            if (k == 0 || distance < least) {
                least = distance;
                nearest = k;
            }
        }
        right += nearest == set->labels[i];
    }
    assert_in_range(right, DIGITS_TEST * 80 / 100, DIGITS_TEST * 95 / 100);
}

static void styles_are_well_formed(void **state)
{
    (void)state;
    for (unsigned digit = 0; digit < DIGITS_CLASSES; digit++) {
        unsigned percent = 0;
        while (percent < 100) {
            const struct style *style = stroke_style(digit, percent);
            assert_ptr_equal(stroke_style(digit, percent + style->share - 1), style);
            percent += style->share;
            size_t points = strlen(style->pen);
            assert_in_range(points, 2, STROKE_POINTS);
            assert_int_equal(style->pen[points - 1], '|');
            assert_int_equal(strspn(style->pen, "-^|"), points);
            assert_null(strstr(style->pen, "||"));
            for (size_t h = 0; h < STROKE_HANDS; h++) {
                /* a point left out of the table is (0, 0), which no style has */
                assert_int_not_equal(style->hands[h][points - 1].x | style->hands[h][points - 1].y, 0);
                for (size_t i = points; i < STROKE_POINTS; i++) {
                    assert_int_equal(style->hands[h][i].x | style->hands[h][i].y, 0);
                }
            }
        }
        assert_int_equal(percent, 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(styles_are_well_formed),
        cmocka_unit_test(every_machine_draws_the_same_bytes),
        cmocka_unit_test(both_sets_are_drawn_quickly),
        cmocka_unit_test(a_digit_does_not_depend_on_its_neighbours_or_the_threads),
        cmocka_unit_test(each_ten_hold_every_class_once_in_a_random_order),
        cmocka_unit_test(ink_keeps_off_the_edges),
        cmocka_unit_test(ink_is_about_as_much_as_in_mnist),
        cmocka_unit_test(digits_are_centred_and_of_one_size),
        cmocka_unit_test(no_two_digits_are_alike),
        cmocka_unit_test(classes_can_be_learned_and_are_not_trivial),
    };
    return cmocka_run_group_tests(tests, draw_all, free_all);
}
