/* Generated images depend on the weights, the seed, their number and their class alone, and are mapped to grey by a
 * fixed range. */
#include "cli/options.h"
#include "gan/gan.h"
#include "gan/latent.h"
#include "gan/sampler.h"
#include "nn/matmul.h"
#include "unit.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <string.h>

enum { COUNT = 150, PIXELS = 90, CLASSES = 3 };

struct studio {
    struct options options;
    struct gan *gan;
    struct sampler *sampler;
};

static void open_studio_of(struct studio *studio, size_t pixels, int argc, char **argv)
{
    struct error error;
    *studio = (struct studio){0};
    if (!options_parse(argc, argv, &studio->options, &error)) {
        fail_msg("%s", error.message);
    }
    studio->gan = gan_create(&studio->options.config, pixels, CLASSES, &error);
    assert_non_null(studio->gan);
    studio->sampler =
        sampler_create(&studio->options.config, studio->gan->generator.network, studio->gan->classes, &error);
    assert_non_null(studio->sampler);
}

static void open_studio(struct studio *studio, int argc, char **argv)
{
    open_studio_of(studio, PIXELS, argc, argv);
}

static void close_studio(struct studio *studio)
{
    sampler_free(studio->sampler);
    gan_free(studio->gan);
    options_free(&studio->options);
}

/* Batch norm in G, whose running statistics are moved away from 0 and 1. */
static void open_normalized(struct studio *studio)
{
    static char *argv[] = {"gan-train", "--g_hidden=134,260", "--conditional", "--encoding_dims=5", NULL};
    open_studio(studio, 4, argv);
    struct network *generator = studio->gan->generator.network;
    for (size_t i = 0; i < generator->statistic_count; i++) {
        generator->statistics[i] = (real)(0.5 + (double)(i % 7) / 8);
    }
}

static void an_image_depends_on_its_number_alone(void **state)
{
    (void)state;
    struct studio studio;
    static unsigned char all[COUNT][PIXELS], one[1][PIXELS], labels[COUNT];
    open_normalized(&studio);
    for (size_t i = 0; i < COUNT; i++) {
        labels[i] = (unsigned char)(i % CLASSES);
    }
    sampler_draw(studio.sampler, 0, COUNT, labels, all[0]);
    for (size_t i = 0; i < COUNT; i += 7) {
        sampler_draw(studio.sampler, i, 1, labels + i, one[0]);
        assert_memory_equal(one, all[i], PIXELS);
        assert_true(i == 0 || memcmp(all[i], all[0], PIXELS) != 0);
    }
    close_studio(&studio);
}

/* The same with the default preset's net, whose products are so large that some kernels of BLAS give other bits in
 * other rows of a block: few, so that many images are looked at. */
static void an_image_has_its_place(void **state)
{
    (void)state;
    enum { MANY = 1000, LARGE = 784, FIRST = 41 };
    static char *argv[] = {"gan-train", NULL};
    static unsigned char all[MANY][LARGE], some[MANY][LARGE], labels[MANY];
    struct studio studio;
    open_studio_of(&studio, LARGE, 1, argv);
    sampler_draw(studio.sampler, 0, MANY, labels, all[0]);
    sampler_draw(studio.sampler, 0, FIRST, labels, some[0]);
    sampler_draw(studio.sampler, FIRST, MANY - FIRST, labels, some[FIRST]);
    assert_memory_equal(all, some, sizeof all);
    close_studio(&studio);
}

/* Images of given z: those of the seed's z are the seed's. */
static void any_latents(void **state)
{
    (void)state;
    enum { WIDTH = 5 };
    static unsigned char wanted[COUNT][PIXELS], found[COUNT][PIXELS], labels[COUNT];
    static real latents[COUNT][WIDTH];
    struct studio studio;
    open_normalized(&studio);
    const struct rng_stream stream = {.seed = studio.options.config.seed, .purpose = RNG_GRID};
    for (size_t i = 0; i < COUNT; i++) {
        labels[i] = (unsigned char)(i % CLASSES);
        latent_draw(&studio.options.config, stream, (uint32_t)i, latents[i]);
    }
    sampler_draw(studio.sampler, 0, COUNT, labels, wanted[0]);
    sampler_draw_latents(studio.sampler, latents[0], 0, COUNT, labels, found[0]);
    assert_memory_equal(wanted, found, sizeof wanted);
    memset(found, 0, sizeof found);
    sampler_draw_latents(studio.sampler, latents[0], 0, 70, labels, found[0]);
    sampler_draw_latents(studio.sampler, latents[0], 70, COUNT - 70, labels + 70, found[70]);
    assert_memory_equal(wanted, found, sizeof wanted);
    close_studio(&studio);
}

static void a_class_changes_its_own_image_alone(void **state)
{
    (void)state;
    struct studio studio;
    static unsigned char before[COUNT][PIXELS], after[COUNT][PIXELS], labels[COUNT];
    open_normalized(&studio);
    sampler_draw(studio.sampler, 0, COUNT, labels, before[0]);
    labels[9] = 2;
    sampler_draw(studio.sampler, 0, COUNT, labels, after[0]);
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(memcmp(before[i], after[i], PIXELS) == 0, i != 9);
    }
    close_studio(&studio);
}

static void threads_change_nothing(void **state)
{
    (void)state;
    struct studio studio;
    static unsigned char wanted[COUNT][PIXELS], found[COUNT][PIXELS], labels[COUNT];
    open_normalized(&studio);
    omp_set_num_threads(1);
    sampler_draw(studio.sampler, 0, COUNT, labels, wanted[0]);
    for (int threads = 2; threads <= 3; threads++) {
        omp_set_num_threads(threads);
        sampler_draw(studio.sampler, 0, COUNT, labels, found[0]);
        assert_memory_equal(wanted, found, sizeof wanted);
    }
    close_studio(&studio);
}

/* A generator whose output is its last bias: what a number becomes is then known. */
static void greys(const char *output, const double *numbers, const int *wanted, size_t count)
{
    struct studio studio;
    static unsigned char image[1][PIXELS], label;
    char flag[32];
    snprintf(flag, sizeof flag, "--output=%s", output);
    char *argv[] = {"gan-train", "--g_hidden=none", "--init=normal:0.000001", flag, "--preset=vanilla", NULL};
    open_studio(&studio, 5, argv);
    struct tensor tensor;
    for (size_t i = 0; network_tensor(studio.gan->generator.network, i, &tensor); i++) {
        for (size_t j = 0; j < tensor.rows * tensor.columns; j++) {
            tensor.data[j] = tensor.bias && j < count ? (real)numbers[j] : 0;
        }
    }
    sampler_draw(studio.sampler, 0, 1, &label, image[0]);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(image[0][i], wanted[i]);
    }
    close_studio(&studio);
}

static void numbers_become_grey_by_a_fixed_range(void **state)
{
    (void)state;
    static const double linear[] = {0, 1, 0.5005, -3, 7, 100.4 / 255, 100.6 / 255, (double)NAN};
    static const int linear_grey[] = {0, 255, 128, 0, 255, 100, 101, 0};
    greys("linear", linear, linear_grey, 8);
    static const double tangent[] = {-30, 30, 0.002, 0.5493061443340549}; /* tanh: -1, 1, 0.002, 0.5 */
    static const int tangent_grey[] = {0, 255, 128, 191};
    greys("tanh", tangent, tangent_grey, 4);
}

/* A generator without the memory for learning, which draws the same. */
static void a_generator_to_draw_with(void **state)
{
    (void)state;
    struct studio studio;
    struct error error;
    struct tensor from, to;
    static unsigned char images[COUNT][PIXELS], same[COUNT][PIXELS], labels[COUNT];
    open_normalized(&studio);
    const struct network *generator = studio.gan->generator.network;
    struct network *drawing = gan_create_generator(&studio.options.config, PIXELS, CLASSES, &error);
    assert_non_null(drawing);
    assert_int_equal(drawing->state_count, generator->parameter_count + generator->statistic_count);
    assert_null(drawing->gradients);
    assert_null(drawing->first_moments);
    assert_null(drawing->chunk_shares);
    for (size_t i = 0; network_tensor(generator, i, &from); i++) {
        assert_true(network_tensor(drawing, i, &to));
        assert_null(to.gradient);
        memcpy(to.data, from.data, from.rows * from.columns * sizeof *from.data);
    }
    struct sampler *sampler = sampler_create(&studio.options.config, drawing, CLASSES, &error);
    assert_non_null(sampler);
    sampler_draw(studio.sampler, 0, COUNT, labels, images[0]);
    sampler_draw(sampler, 0, COUNT, labels, same[0]);
    assert_memory_equal(images, same, sizeof images);
    sampler_free(sampler);
    network_free(drawing);
    close_studio(&studio);
}

static int prepare(void **state)
{
    (void)state;
    matmul_prepare();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_image_depends_on_its_number_alone),
        cmocka_unit_test(an_image_has_its_place),
        cmocka_unit_test(any_latents),
        cmocka_unit_test(a_class_changes_its_own_image_alone),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(numbers_become_grey_by_a_fixed_range),
        cmocka_unit_test(a_generator_to_draw_with),
    };
    return cmocka_run_group_tests_name("sampler", tests, prepare, NULL);
}
