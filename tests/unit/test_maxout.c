/* What differences do not show of maxout: equal pieces, and not-a-number. */
#include "nn/maxout.h"
#include "unit.h"

#include <math.h>

enum { UNITS = 3, PIECES = 3, COLUMNS = PIECES * UNITS };

static const struct maxout MAXOUT = {PIECES, UNITS};

static void the_first_of_equal_pieces_is_the_largest(void **state)
{
    (void)state;
    real x[COLUMNS] = {1, 2, 3, /* the second pieces */ 1, 5, 4, /* the third */ 0, 5, 4}, y[UNITS];
    real gradient[COLUMNS] = {7, 8, 9}, dx[COLUMNS] = {1, 2, 3, 4, 5, 6, 7, 8, 9}, dy[UNITS];
    const struct matrix pieces = {x, 1, UNITS, COLUMNS}, units = {y, 1, UNITS, UNITS};
    maxout_forward(MAXOUT, pieces, units);
    assert_true(y[0] == 1 && y[1] == 5 && y[2] == 4);
    maxout_backward(MAXOUT, pieces, units, (struct matrix){gradient, 1, UNITS, COLUMNS});
    static const real WANTED[COLUMNS] = {7, 0, 0, 0, 8, 9, 0, 0, 0};
    for (size_t i = 0; i < COLUMNS; i++) {
        assert_true(gradient[i] == WANTED[i]);
    }
    maxout_tangent(MAXOUT, pieces, units, (struct matrix){dx, 1, UNITS, COLUMNS}, (struct matrix){dy, 1, UNITS, UNITS});
    assert_true(dy[0] == 1 && dy[1] == 5 && dy[2] == 6);
}

static void not_a_number_stays(void **state)
{
    (void)state;
    for (size_t piece = 0; piece < PIECES; piece++) {
        real x[COLUMNS] = {1, 2, 3, 4, 5, 6, 7, 8, 9}, y[UNITS];
        x[piece * UNITS + 1] = (real)NAN;
        maxout_forward(MAXOUT, (struct matrix){x, 1, UNITS, COLUMNS}, (struct matrix){y, 1, UNITS, UNITS});
        assert_true(y[0] == 7 && isnan(y[1]) && y[2] == 9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_of_equal_pieces_is_the_largest),
        cmocka_unit_test(not_a_number_stays),
    };
    return cmocka_run_group_tests_name("maxout", tests, NULL, NULL);
}
