/* Twenty updates of each recipe against PyTorch's numbers (tests/golden/README.md), in float and in double: the order
 * of the updates, which z and which generated images, batch norm's statistics, dropout's masks and scale, epsilons,
 * bias correction, decay. */
#include "cli/options.h"
#include "gan/gan.h"
#include "nn/matmul.h"
#include "unit.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef GAN_DOUBLE
static const double TENSOR_TOLERANCE = 1e-9, LOSS_TOLERANCE = 1e-9;
#else
static const double TENSOR_TOLERANCE = 1e-5, LOSS_TOLERANCE = 1e-4;
#endif

enum { IMAGES = 24, PIXELS = 9, CLASSES = 3, STEPS = 20, ARGUMENTS_MAX = 128, WORD = 128, ARGUMENT = WORD + 16 };

/* ---- the data that the reference was trained on ---- */

static unsigned char image_bytes[IMAGES][PIXELS], image_labels[IMAGES];
static uint32_t image_order[IMAGES];

static struct dataset golden_dataset(void)
{
    for (unsigned i = 0; i < IMAGES; i++) {
        for (unsigned p = 0; p < PIXELS; p++) {
            image_bytes[i][p] = (unsigned char)((i * 37 + p * 101 + i * p * 13 + 7) % 256);
        }
        image_labels[i] = (unsigned char)(i % CLASSES);
    }
    return (struct dataset){.count = IMAGES,
                            .height = 3,
                            .width = 3,
                            .classes = CLASSES,
                            .images = image_bytes[0],
                            .labels = image_labels,
                            .order = image_order};
}

/* ---- a golden file ---- */

struct golden {
    FILE *file;
    char preset[WORD];
    char arguments[ARGUMENTS_MAX][ARGUMENT];
    char *argv[ARGUMENTS_MAX];
    int argc;
    char next[WORD]; /* the key of the line that comes next */
};

static void read_word(struct golden *golden, char word[WORD])
{
    assert_int_equal(fscanf(golden->file, "%127s", word), 1);
}

static double read_number(struct golden *golden)
{
    double number;
    assert_int_equal(fscanf(golden->file, "%lf", &number), 1);
    return number;
}

static void next_key(struct golden *golden)
{
    if (fscanf(golden->file, "%127s", golden->next) != 1) {
        strcpy(golden->next, "end");
    }
}

static void add_argument(struct golden *golden, const char *format, const char *word)
{
    assert_true(golden->argc < ARGUMENTS_MAX);
    snprintf(golden->arguments[golden->argc], ARGUMENT, format, word);
    golden->argv[golden->argc] = golden->arguments[golden->argc];
    golden->argc++;
}

/* The head of the file: its preset and flags as a command line. */
static void open_golden(struct golden *golden, const char *name)
{
    char path[256], flag[WORD], value[WORD];
    snprintf(path, sizeof path, "tests/golden/%s.txt", name);
    *golden = (struct golden){.file = fopen(path, "r")};
    if (!golden->file) {
        fail_msg("%s: cannot be read; run the tests from the project's folder", path);
    }
    add_argument(golden, "%s", "gan-train");
    for (next_key(golden); strcmp(golden->next, "tensor") != 0; next_key(golden)) {
        if (strcmp(golden->next, "preset") == 0) {
            read_word(golden, golden->preset);
            add_argument(golden, "--preset=%s", golden->preset);
            continue;
        }
        assert_string_equal(golden->next, "flag");
        read_word(golden, flag);
        read_word(golden, value);
        if (strcmp(flag, "conditional") == 0) {
            add_argument(golden, "--%s", flag);
            continue;
        }
        add_argument(golden, "--%s", flag);
        add_argument(golden, "%s", value);
    }
}

/* The nets by the names that a golden file has for them; the averages where there are some. */
static const struct network *find_network(const struct gan *gan, size_t i, const char **name)
{
    const struct network *const networks[] = {gan->generator.network, gan->discriminator.network,
                                              gan->config->ema ? &gan->averaged : NULL};
    static const char *const NAMES[] = {"generator.", "discriminator.", "generator_ema."};
    *name = NAMES[i];
    return networks[i];
}

enum { NETWORKS = 3 };

/* The tensor of gan that a golden name means: "generator.0.weight" after its "initial." or "final.". */
static struct tensor find_tensor(const struct gan *gan, const char *name)
{
    struct tensor tensor;
    for (size_t n = 0; n < NETWORKS; n++) {
        const char *net;
        const struct network *network = find_network(gan, n, &net);
        const bool meant = strncmp(name, net, strlen(net)) == 0;
        for (size_t i = 0; meant && network && network_tensor(network, i, &tensor); i++) {
            if (strcmp(tensor.name, name + strlen(net)) == 0) {
                return tensor;
            }
        }
    }
    fail_msg("no tensor is named %s", name);
    return tensor;
}

static size_t count_tensors(const struct gan *gan)
{
    size_t count = 0;
    struct tensor tensor;
    for (size_t n = 0; n < NETWORKS; n++) {
        const char *net;
        const struct network *network = find_network(gan, n, &net);
        for (size_t i = 0; network && network_tensor(network, i, &tensor); i++) {
            count++;
        }
    }
    return count;
}

/* Name and shape of the tensor whose numbers come next in the file; prefix is "initial." or "final.". */
static struct tensor read_tensor_head(struct golden *golden, const struct gan *gan, const char *prefix)
{
    char name[WORD];
    read_word(golden, name);
    assert_memory_equal(name, prefix, strlen(prefix));
    struct tensor tensor = find_tensor(gan, name + strlen(prefix));
    size_t rows = (size_t)read_number(golden), columns = 1;
    if (fgetc(golden->file) == ' ') {
        columns = (size_t)read_number(golden);
    }
    assert_int_equal(rows, tensor.rows);
    assert_int_equal(columns, tensor.columns);
    return tensor;
}

static void read_initial(struct golden *golden, struct gan *gan)
{
    size_t read = 0;
    for (; strcmp(golden->next, "tensor") == 0; next_key(golden), read++) {
        struct tensor tensor = read_tensor_head(golden, gan, "initial.");
        for (size_t i = 0; i < tensor.rows * tensor.columns; i++) {
            tensor.data[i] = (real)read_number(golden);
        }
    }
    assert_int_equal(read, count_tensors(gan));
}

static void check_number(const char *what, unsigned step, double found, double wanted)
{
    if (!(fabs(found - wanted) <= LOSS_TOLERANCE * fmax(fabs(wanted), 1e-3))) {
        fail_msg("step %u: %s is %.12g, wanted %.12g", step, what, found, wanted);
    }
}

static void check_steps(struct golden *golden, struct gan *gan, struct dataset *dataset)
{
    const size_t per_step = gan_images_per_step(gan->config), per_epoch = IMAGES / per_step;
    for (unsigned step = 0; step < STEPS; step++, next_key(golden)) {
        if (step % per_epoch == 0) {
            dataset_shuffle(dataset, gan->config->seed, step / per_epoch);
        }
        gan_step(gan, dataset, step % per_epoch * per_step);
        assert_string_equal(golden->next, "step");
        assert_int_equal((int)read_number(golden), step + 1);
        check_number("loss_d", step, gan->report.loss_d, read_number(golden));
        check_number("loss_g", step, gan->report.loss_g, read_number(golden));
        check_number("d_real", step, gan->report.d_real, read_number(golden));
        check_number("d_fake", step, gan->report.d_fake, read_number(golden));
        check_number("grad_norm_d", step, gan->report.grad_norm_d, read_number(golden));
        check_number("grad_norm_g", step, gan->report.grad_norm_g, read_number(golden));
    }
}

static void check_final(struct golden *golden, const struct gan *gan)
{
    size_t read = 0;
    for (; strcmp(golden->next, "tensor") == 0; next_key(golden), read++) {
        struct tensor tensor = read_tensor_head(golden, gan, "final.");
        double error = 0, norm = 0;
        for (size_t i = 0; i < tensor.rows * tensor.columns; i++) {
            double wanted = read_number(golden), difference = (double)tensor.data[i] - wanted;
            error += difference * difference;
            norm += wanted * wanted;
        }
        if (!(sqrt(error) <= TENSOR_TOLERANCE * sqrt(norm))) {
            fail_msg("%s: off by %.3g of its norm", tensor.name, sqrt(error / norm));
        }
    }
    assert_int_equal(read, count_tensors(gan));
    assert_string_equal(golden->next, "end");
}

static void check_recipe(const char *name)
{
    struct golden golden;
    struct options options = {0};
    struct error error;
    open_golden(&golden, name);
    if (!options_parse(golden.argc, golden.argv, &options, &error)) {
        fail_msg("%s: %s", name, error.message);
    }
    struct dataset dataset = golden_dataset();
    struct gan *gan = gan_create(&options.config, PIXELS, CLASSES, &error);
    assert_non_null(gan);
    gan_set_horizon(gan, IMAGES);
    read_initial(&golden, gan);
    check_steps(&golden, gan, &dataset);
    check_final(&golden, gan);
    gan_free(gan);
    options_free(&options);
    fclose(golden.file);
}

#define RECIPE(function, name)                                                                                         \
    static void function(void **state)                                                                                 \
    {                                                                                                                  \
        (void)state;                                                                                                   \
        check_recipe(name);                                                                                            \
    }

#ifdef GAN_DOUBLE
RECIPE(best, "best") /* in single precision Adam would blow up rounding: see tests/golden/README.md */
#endif
RECIPE(vanilla, "vanilla")
RECIPE(rmsprop_bn, "rmsprop-bn")
RECIPE(conditional, "conditional")
RECIPE(minimax, "minimax")
RECIPE(deep, "deep")
RECIPE(truncnorm, "truncnorm")
RECIPE(pytorch_gan, "pytorch-gan")
RECIPE(paper, "paper")
RECIPE(paper_relativistic_penalties_labels, "paper-relativistic")
RECIPE(simultaneous_batch_norm_labels, "conditional-simultaneous")
RECIPE(maxout_in_both_nets, "vanilla-maxout")
RECIPE(vanilla_with_two_updates_of_g, "vanilla-g-steps")
RECIPE(deep_with_two_updates_of_d, "deep-d-steps")
RECIPE(deep_merged, "deep-merged")
RECIPE(rmsprop_bn_merged_same_noise, "rmsprop-bn-merged")
RECIPE(truncnorm_fresh, "truncnorm-fresh")
RECIPE(pytorch_gan_same_noise, "pytorch-gan-same-noise")
RECIPE(conditional_merged, "conditional-merged")
RECIPE(conditional_g_then_d, "conditional-g-then-d")
RECIPE(sgd_smoothing_uniform, "sgd")
RECIPE(least_squares, "vanilla-least-squares")
RECIPE(hinge, "vanilla-hinge")
RECIPE(r1_dropout, "deep-r1")
RECIPE(r2_merged, "vanilla-r2-merged")
RECIPE(r1_r2_labels, "conditional-r1-r2")
RECIPE(averages, "deep-ema")
RECIPE(cosine_and_clipping, "vanilla-cosine-clip")
RECIPE(linear, "truncnorm-linear")
RECIPE(exponential_and_momentum, "sgd-exponential")
RECIPE(momentum_of_its_own_length, "sgd-momentum")
RECIPE(exponential_by_decay, "rmsprop-decay")
RECIPE(relativistic_dropout, "deep-relativistic")
RECIPE(relativistic_batch_norm, "rmsprop-bn-relativistic")
RECIPE(relativistic_g_then_d, "conditional-relativistic")
RECIPE(relativistic_two_updates_of_g, "deep-relativistic-g-steps")
RECIPE(relativistic_g_then_d_two_updates, "conditional-relativistic-d-steps")

/* Beyond the twentieth that the golden run stays in. */
static void what_averages_keep(void **state)
{
    (void)state;
    static const struct config config = {.ema = 1000, .batch_size = 10};
    assert_true(fabs(gan_average_keeps(&config, 1) - pow(0.5, 20)) < 1e-12);
    assert_true(fabs(gan_average_keeps(&config, 1000) - pow(0.5, 0.02)) < 1e-12);
    assert_true(fabs(gan_average_keeps(&config, 2000) - pow(0.5, 0.01)) < 1e-12);
    assert_true(fabs(gan_average_keeps(&config, 1000000) - pow(0.5, 0.01)) < 1e-12);
}

static int prepare(void **state)
{
    (void)state;
    matmul_prepare();
    omp_set_num_threads(2);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#ifdef GAN_DOUBLE
        cmocka_unit_test(best),
#endif
        cmocka_unit_test(vanilla),
        cmocka_unit_test(rmsprop_bn),
        cmocka_unit_test(conditional),
        cmocka_unit_test(minimax),
        cmocka_unit_test(deep),
        cmocka_unit_test(truncnorm),
        cmocka_unit_test(pytorch_gan),
        cmocka_unit_test(paper),
        cmocka_unit_test(paper_relativistic_penalties_labels),
        cmocka_unit_test(simultaneous_batch_norm_labels),
        cmocka_unit_test(maxout_in_both_nets),
        cmocka_unit_test(vanilla_with_two_updates_of_g),
        cmocka_unit_test(deep_with_two_updates_of_d),
        cmocka_unit_test(deep_merged),
        cmocka_unit_test(rmsprop_bn_merged_same_noise),
        cmocka_unit_test(truncnorm_fresh),
        cmocka_unit_test(pytorch_gan_same_noise),
        cmocka_unit_test(conditional_merged),
        cmocka_unit_test(conditional_g_then_d),
        cmocka_unit_test(sgd_smoothing_uniform),
        cmocka_unit_test(least_squares),
        cmocka_unit_test(hinge),
        cmocka_unit_test(r1_dropout),
        cmocka_unit_test(r2_merged),
        cmocka_unit_test(r1_r2_labels),
        cmocka_unit_test(averages),
        cmocka_unit_test(what_averages_keep),
        cmocka_unit_test(cosine_and_clipping),
        cmocka_unit_test(linear),
        cmocka_unit_test(exponential_and_momentum),
        cmocka_unit_test(momentum_of_its_own_length),
        cmocka_unit_test(exponential_by_decay),
        cmocka_unit_test(relativistic_dropout),
        cmocka_unit_test(relativistic_batch_norm),
        cmocka_unit_test(relativistic_g_then_d),
        cmocka_unit_test(relativistic_two_updates_of_g),
        cmocka_unit_test(relativistic_g_then_d_two_updates),
    };
    return cmocka_run_group_tests_name("golden", tests, prepare, NULL);
}
