/* Ways between two z: on the sphere for normal noise, straight for uniform noise, never NaN. */
#include "cli/options.h"
#include "gan/interpolation.h"
#include "gan/latent.h"
#include "unit.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 50 };

static double length_of(const real *z, size_t width)
{
    double sum = 0;
    for (size_t i = 0; i < width; i++) {
        sum += (double)z[i] * (double)z[i];
    }
    return sqrt(sum);
}

static void assert_near(double wanted, double found)
{
    if (!(fabs(wanted - found) < 1e-6)) {
        fail_msg("%.9g, wanted %.9g", found, wanted);
    }
}

static void check(enum noise noise, const real a[2], const real b[2], double t, double x, double y)
{
    real z[2];
    interpolate(noise, a, b, t, 2, z);
    assert_near(x, (double)z[0]);
    assert_near(y, (double)z[1]);
}

static void known_angles(void **state)
{
    (void)state;
    const real right[] = {1, 0}, up[] = {0, 1}, twice_up[] = {0, 2};
    check(NOISE_NORMAL, right, up, 0.5, sqrt(0.5), sqrt(0.5));
    check(NOISE_NORMAL, right, up, 1.0 / 3, sqrt(3) / 2, 0.5);
    check(NOISE_NORMAL, right, twice_up, 0.5, sqrt(0.5), sqrt(2));
    check(NOISE_UNIFORM, right, up, 0.5, 0.5, 0.5);
    check(NOISE_UNIFORM, right, twice_up, 0.25, 0.75, 0.5);
}

static void draw_two(enum noise noise, real a[WIDTH], real b[WIDTH])
{
    const struct config config = {.noise = noise, .noise_range = 1, .encoding_dims = WIDTH};
    const struct rng_stream stream = {.seed = 3, .purpose = RNG_GRID};
    latent_draw(&config, stream, 0, a);
    latent_draw(&config, stream, 1, b);
}

/* Between two vectors of one length all are of that length; the ends are the very vectors. */
static void the_way_stays_on_the_sphere(void **state)
{
    (void)state;
    real a[WIDTH], b[WIDTH], z[WIDTH];
    draw_two(NOISE_NORMAL, a, b);
    const real scale = (real)(length_of(a, WIDTH) / length_of(b, WIDTH));
    for (size_t i = 0; i < WIDTH; i++) {
        b[i] *= scale;
    }
    for (int step = 0; step <= 10; step++) {
        interpolate(NOISE_NORMAL, a, b, step / 10.0, WIDTH, z);
        assert_true(fabs(length_of(z, WIDTH) / length_of(a, WIDTH) - 1) < 1e-5);
    }
    interpolate(NOISE_NORMAL, a, b, 0, WIDTH, z);
    assert_memory_equal(z, a, sizeof a);
    interpolate(NOISE_NORMAL, a, b, 1, WIDTH, z);
    assert_memory_equal(z, b, sizeof b);
}

static void uniform_noise_stays_in_its_cube(void **state)
{
    (void)state;
    real a[WIDTH], b[WIDTH], z[WIDTH];
    draw_two(NOISE_UNIFORM, a, b);
    for (int step = 0; step <= 10; step++) {
        interpolate(NOISE_UNIFORM, a, b, step / 10.0, WIDTH, z);
        for (size_t i = 0; i < WIDTH; i++) {
            const double low = (double)(a[i] < b[i] ? a[i] : b[i]), high = (double)(a[i] < b[i] ? b[i] : a[i]);
            assert_true((double)z[i] >= low - 1e-6 && (double)z[i] <= high + 1e-6);
        }
    }
}

static void directions_without_one_circle(void **state)
{
    (void)state;
    const real a[] = {3, 4}, same[] = {3, 4}, longer[] = {6, 8}, opposite[] = {-3, -4}, none[] = {0, 0};
    const real nearly[] = {(real)-3.0000002, -4};
    check(NOISE_NORMAL, a, same, 0.3, 3, 4);
    check(NOISE_NORMAL, a, longer, 0.5, 4.5, 6);
    check(NOISE_NORMAL, a, opposite, 0.25, 1.5, 2);
    check(NOISE_NORMAL, a, none, 0.5, 1.5, 2);
    check(NOISE_NORMAL, none, none, 0.5, 0, 0);
    real z[2];
    interpolate(NOISE_NORMAL, a, nearly, 0.5, 2, z);
    assert_true(length_of(z, 2) < 10);
    const real one[] = {2}, other[] = {-1};
    interpolate(NOISE_NORMAL, one, other, 0.5, 1, z);
    assert_near(0.5, (double)z[0]);
}

static void a_way_leads_through_its_waypoints(void **state)
{
    (void)state;
    const struct config config = {.noise = NOISE_NORMAL, .encoding_dims = WIDTH, .seed = 5};
    const struct waypoints waypoints = {3, {7, 4000000000, 7}};
    const struct rng_stream stream = {.seed = 5, .purpose = RNG_GRID};
    assert_int_equal(interpolation_count(&waypoints, 4), 9);
    assert_int_equal(interpolation_count(&waypoints, 1), 3);
    static real way[9][WIDTH];
    real wanted[WIDTH];
    interpolation_draw(&config, &waypoints, 4, way[0]);
    latent_draw(&config, stream, 7, wanted);
    assert_memory_equal(way[0], wanted, sizeof wanted);
    assert_memory_equal(way[8], wanted, sizeof wanted);
    latent_draw(&config, stream, 4000000000, wanted);
    assert_memory_equal(way[4], wanted, sizeof wanted);
    interpolate(NOISE_NORMAL, way[4], way[8], 0.75, WIDTH, wanted);
    assert_memory_equal(way[7], wanted, sizeof wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_angles),
        cmocka_unit_test(the_way_stays_on_the_sphere),
        cmocka_unit_test(uniform_noise_stays_in_its_cube),
        cmocka_unit_test(directions_without_one_circle),
        cmocka_unit_test(a_way_leads_through_its_waypoints),
    };
    return cmocka_run_group_tests_name("interpolation", tests, NULL, NULL);
}
