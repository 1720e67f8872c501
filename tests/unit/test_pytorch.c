/* The generator of a checkpoint draws the images that PyTorch draws with it (tests/golden/README.md). */
#include "cli/options.h"
#include "cli/recorded.h"
#include "gan/checkpoint.h"
#include "gan/sampler.h"
#include "io/regular.h"
#include "nn/matmul.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Both compute in single precision, but add in another order and have other elementary functions. A number of an image
 * is then off by some 1e-6, a grey by 1e-4 before it is rounded, and one in some ten thousands is rounded the other
 * way: of these 1600 in each case none was. */
enum { DIFFERING_MAX = 5, FILE_LIMIT = 100000 };

/* A generator as a checkpoint has it. */
struct studio {
    struct options options;
    struct recorded_data data;
    struct gan *gan;
};

static void open_studio(struct studio *studio, const char *path)
{
    struct error error = {0};
    struct checkpoint *checkpoint = checkpoint_load(path, &error);
    if (!checkpoint) {
        fail_msg("%s", error.message);
    }
    const struct recorded_run run = {"out", path, checkpoint_config(checkpoint)};
    *studio = (struct studio){0};
    if (!options_recorded(&run, &studio->options, &error) ||
        !recorded_data_read(run.config_json, path, &studio->data, &error) ||
        !(studio->gan = gan_create(&studio->options.config, studio->data.height * studio->data.width,
                                   studio->data.classes, &error)) ||
        !checkpoint_read_generator(checkpoint, studio->options.config.ema > 0, studio->gan->generator.network,
                                   &error)) {
        fail_msg("%s", error.message);
    }
    checkpoint_free(checkpoint);
}

static void close_studio(struct studio *studio)
{
    gan_free(studio->gan);
    recorded_data_free(&studio->data);
    options_free(&studio->options);
}

/* The images of the run's grid, [count][pixels], to be freed with free(). */
static unsigned char *draw(const struct studio *studio, size_t *count)
{
    struct error error = {0};
    const struct config *config = &studio->options.config;
    const size_t classes = studio->gan->classes;
    *count = config->grid_rows * config->grid_columns;
    struct sampler *sampler = sampler_create(config, studio->gan->generator.network, classes, &error);
    unsigned char *labels = calloc(*count, 1), *images = calloc(*count, studio->gan->pixels);
    assert_true(sampler && labels && images);
    for (size_t i = 0; classes && i < *count; i++) {
        labels[i] = (unsigned char)(i % config->grid_columns % classes);
    }
    sampler_draw(sampler, 0, *count, labels, images);
    sampler_free(sampler);
    free(labels);
    return images;
}

/* The bytes of an array in NumPy's format, [count][height][width], to be freed with free(). */
static unsigned char *read_npy(const char *path, size_t count, size_t height, size_t width)
{
    struct error error = {0};
    char *text, shape[64];
    size_t size, bytes = count * height * width;
    if (!regular_load(path, "an array of NumPy", FILE_LIMIT, &text, &size, &error)) {
        fail_msg("%s", error.message);
    }
    assert_true(size > bytes + 10);
    assert_memory_equal(text, "\x93NUMPY\x01\x00", 8);
    snprintf(shape, sizeof shape, "'shape': (%zu, %zu, %zu)", count, height, width);
    assert_non_null(strstr(text + 10, "'descr': '|u1'"));
    assert_non_null(strstr(text + 10, shape));
    unsigned char *images = malloc(bytes);
    assert_non_null(images);
    memcpy(images, text + size - bytes, bytes);
    free(text);
    return images;
}

static void check_images(const char *checkpoint, const char *npy)
{
    struct studio studio;
    size_t count, differing = 0;
    open_studio(&studio, checkpoint);
    unsigned char *found = draw(&studio, &count);
    unsigned char *wanted = read_npy(npy, count, studio.data.height, studio.data.width);
    for (size_t i = 0; i < count * studio.gan->pixels; i++) {
        const int difference = found[i] - wanted[i];
        if (abs(difference) > 1) {
            fail_msg("image %zu, pixel %zu: %d, wanted %d", i / studio.gan->pixels, i % studio.gan->pixels, found[i],
                     wanted[i]);
        }
        differing += difference != 0;
    }
    assert_true(differing <= DIFFERING_MAX);
    free(wanted);
    free(found);
    close_studio(&studio);
}

static void with_batch_norm_and_classes(void **state)
{
    (void)state;
    check_images("tests/golden/batch-norm.safetensors", "tests/golden/batch-norm.npy");
}

static void of_uniform_noise(void **state)
{
    (void)state;
    check_images("tests/golden/plain.safetensors", "tests/golden/plain.npy");
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
        cmocka_unit_test(with_batch_norm_and_classes),
        cmocka_unit_test(of_uniform_noise),
    };
    return cmocka_run_group_tests_name("pytorch", tests, prepare, NULL);
}
