#include "data/dataset.h"

#include "data/digits.h"

#include "idx_files.h"

static int real_data = -1; /* $GAN_DATA of whoever runs the tests, as a descriptor; -1 for none */

/* An IDX file of count images of height x width, byte b of image i being i * 16 + b. */
static void make_images(const char *path, bool packed, uint32_t count, uint32_t height, uint32_t width)
{
    unsigned char file[4096];
    size_t end = put_header(file, 3, (uint32_t[]){count, height, width});
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t b = 0; b < height * width; b++) {
            file[end++] = (unsigned char)(i * 16 + b);
        }
    }
    packed ? write_gzip(path, "wb", file, end) : write_bytes(path, file, end);
}

/* An IDX file of the labels 0, 2 ... modulo count, which is odd. */
static void make_labels(const char *path, bool packed, uint32_t count)
{
    unsigned char file[4096];
    size_t end = put_header(file, 1, &count);
    for (uint32_t i = 0; i < count; i++) {
        file[end++] = (unsigned char)(2 * i % count);
    }
    packed ? write_gzip(path, "wb", file, end) : write_bytes(path, file, end);
}

static void load(struct dataset_source source, struct dataset *dataset)
{
    struct error error = {.message = ""};
    if (!dataset_load(&source, dataset, &error)) {
        fail_msg("%s", error.message);
    }
}

/* Status 2, this very message, nothing held. */
static void expect_refused(struct dataset_source source, const char *message)
{
    struct dataset dataset;
    struct error error = {.message = ""};
    assert_false(dataset_load(&source, &dataset, &error));
    assert_string_equal(error.message, message);
    assert_int_equal(error.status, STATUS_USAGE);
    assert_null(dataset.images);
    assert_null(dataset.labels);
    assert_null(dataset.order);
    assert_null(dataset.images_path);
    assert_null(dataset.labels_path);
}

/* Each test starts in an empty folder of its own, without $GAN_DATA. */
static int start(void **state)
{
    (void)state;
    return mkdir("test", 0700) == 0 && chdir("test") == 0 && unsetenv("GAN_DATA") == 0 ? 0 : -1;
}

static int finish(void **state)
{
    (void)state;
    int left = chdir("..");
    files_remove("test");
    return left;
}

static void make_folder(const char *path)
{
    assert_int_equal(mkdir(path, 0700), 0);
}

static void expect_found(struct dataset_source source, const char *images, const char *labels)
{
    struct dataset dataset;
    load(source, &dataset);
    assert_false(dataset.built_in);
    assert_false(dataset.fallback);
    assert_string_equal(dataset.images_path, images);
    if (labels) {
        assert_string_equal(dataset.labels_path, labels);
        assert_non_null(dataset.labels);
    } else {
        assert_null(dataset.labels_path);
        assert_null(dataset.labels);
        assert_int_equal(dataset.classes, 0);
    }
    dataset_free(&dataset);
}

static void expect_digits(struct dataset_source source, bool fallback)
{
    struct dataset dataset;
    source.limit = 20; /* to be quick */
    source.labels_wanted = true;
    load(source, &dataset);
    assert_true(dataset.built_in);
    assert_int_equal(dataset.fallback, fallback);
    assert_null(dataset.images_path);
    assert_null(dataset.labels_path);
    assert_int_equal(dataset.count, 20);
    assert_int_equal(dataset.height, DIGITS_HEIGHT);
    assert_int_equal(dataset.width, DIGITS_WIDTH);
    assert_int_equal(dataset.classes, DIGITS_CLASSES);
    unsigned char images[20 * DIGITS_HEIGHT * DIGITS_WIDTH], labels[20];
    digits_draw(0, 20, images, labels);
    assert_memory_equal(dataset.images, images, sizeof images);
    assert_memory_equal(dataset.labels, labels, sizeof labels);
    dataset_free(&dataset);
}

static void finds_each_usual_name_in_a_folder(void **state)
{
    (void)state;
    static const char *const NAMES[][2] = {
        {"f/train-images-idx3-ubyte", "f/train-labels-idx1-ubyte"},
        {"f/train-images.idx3-ubyte", "f/train-labels.idx1-ubyte"},
        {"f/train-images-idx3-ubyte.gz", "f/train-labels-idx1-ubyte.gz"},
        {"f/train-images.idx3-ubyte.gz", "f/train-labels.idx1-ubyte.gz"},
    };
    make_folder("f");
    for (size_t i = 0; i < 4; i++) {
        make_images(NAMES[i][0], i >= 2, 3, 2, 2);
        expect_found((struct dataset_source){.folder = "f"}, NAMES[i][0], NULL);
        make_labels(NAMES[i][1], i >= 2, 3);
        expect_found((struct dataset_source){.folder = "f", .labels_wanted = true}, NAMES[i][0], NAMES[i][1]);
        assert_int_equal(unlink(NAMES[i][0]) | unlink(NAMES[i][1]), 0);
    }
}

static void prefers_plain_files_and_skips_folders(void **state)
{
    (void)state;
    make_folder("f");
    make_folder("f/train-images-idx3-ubyte");
    make_images("f/train-images.idx3-ubyte.gz", true, 3, 2, 2);
    expect_found((struct dataset_source){.folder = "f"}, "f/train-images.idx3-ubyte.gz", NULL);
    make_images("f/train-images.idx3-ubyte", false, 3, 2, 2);
    expect_found((struct dataset_source){.folder = "f"}, "f/train-images.idx3-ubyte", NULL);
}

static void refuses_a_folder_without_images(void **state)
{
    (void)state;
    expect_refused((struct dataset_source){.folder = "f"},
                   "--data f: No such file or directory; wanted a folder of IDX files, or digits");
    make_folder("f");
    make_labels("f/train-labels-idx1-ubyte", false, 3);
    expect_refused(
        (struct dataset_source){.folder = "f"},
        "--data f: holds no images; wanted train-images-idx3-ubyte or train-images.idx3-ubyte, plain or .gz");
    make_images("file", false, 3, 2, 2);
    expect_refused((struct dataset_source){.folder = "file"},
                   "--data file: is not a folder; wanted a folder of IDX files, or digits");
}

static void without_data_asked_for_looks_in_data_mnist_then_draws(void **state)
{
    (void)state;
    const struct dataset_source nothing = {0};
    expect_digits(nothing, true);
    assert_int_equal(setenv("GAN_DATA", "", 1), 0);
    expect_digits(nothing, true);
    make_folder("data");
    make_folder("data/mnist");
    expect_digits(nothing, true);
    make_images("data/mnist/train-images-idx3-ubyte", false, 3, 2, 2);
    expect_found(nothing, "data/mnist/train-images-idx3-ubyte", NULL);
    expect_digits((struct dataset_source){.folder = "digits"}, false);
    write_bytes("data/mnist/train-images-idx3-ubyte", "", 0);
    expect_refused(nothing, "data/mnist/train-images-idx3-ubyte: is empty; wanted an IDX file of images");
}

static void gan_data_goes_before_data_mnist_and_after_flags(void **state)
{
    (void)state;
    const struct dataset_source nothing = {0};
    make_folder("data");
    make_folder("data/mnist");
    make_images("data/mnist/train-images-idx3-ubyte", false, 3, 2, 2);
    assert_int_equal(setenv("GAN_DATA", "v", 1), 0);
    expect_refused(nothing, "$GAN_DATA v: No such file or directory; wanted a folder of IDX files, or digits");
    make_folder("v");
    expect_refused(
        nothing,
        "$GAN_DATA v: holds no images; wanted train-images-idx3-ubyte or train-images.idx3-ubyte, plain or .gz");
    make_images("v/train-images-idx3-ubyte.gz", true, 3, 2, 2);
    expect_found(nothing, "v/train-images-idx3-ubyte.gz", NULL);
    expect_found((struct dataset_source){.folder = "data/mnist"}, "data/mnist/train-images-idx3-ubyte", NULL);
    expect_found((struct dataset_source){.images = "data/mnist/train-images-idx3-ubyte"},
                 "data/mnist/train-images-idx3-ubyte", NULL);
    assert_int_equal(setenv("GAN_DATA", "digits", 1), 0);
    expect_digits(nothing, false);
}

static void takes_files_by_name(void **state)
{
    (void)state;
    make_images("i", false, 3, 2, 2);
    make_labels("l", false, 3);
    expect_found((struct dataset_source){.images = "i"}, "i", NULL);
    expect_found((struct dataset_source){.images = "i", .labels = "l"}, "i", "l");
    expect_refused((struct dataset_source){.images = "i", .labels = "missing"},
                   "missing: No such file or directory; wanted an IDX file of labels");
    expect_refused((struct dataset_source){.images = "l", .labels = "i"},
                   "l: holds labels (its dimensions are 1); wanted images: are the two swapped?");
    expect_refused((struct dataset_source){.images = "i", .labels = "i"},
                   "i: holds images (its dimensions are 3); wanted labels: are the two swapped?");
}

static void says_how_to_give_labels_that_are_wanted(void **state)
{
    (void)state;
    make_folder("f");
    make_images("f/train-images-idx3-ubyte", false, 3, 2, 2);
    expect_refused((struct dataset_source){.folder = "f", .labels_wanted = true},
                   "--conditional needs labels: there are none beside f/train-images-idx3-ubyte; wanted "
                   "train-labels-idx1-ubyte or train-labels.idx1-ubyte, plain or .gz");
    expect_refused((struct dataset_source){.images = "f/train-images-idx3-ubyte", .labels_wanted = true},
                   "--conditional needs labels: wanted --labels FILE beside --images f/train-images-idx3-ubyte");
}

/* Against the file's count of images, also where a limit would make the counts equal. */
static void refuses_labels_of_another_count(void **state)
{
    (void)state;
    make_images("i", false, 5, 2, 2);
    make_labels("l", false, 3);
    for (size_t limit = 0; limit <= 3; limit += 3) {
        expect_refused((struct dataset_source){.images = "i", .labels = "l", .limit = limit},
                       "l: holds 3 labels; wanted 5, one for each image of i");
    }
}

static void a_limit_keeps_the_first_images(void **state)
{
    (void)state;
    make_images("i", false, 5, 2, 3);
    make_labels("l", false, 5);
    struct dataset dataset;
    load((struct dataset_source){.images = "i", .labels = "l", .limit = 2}, &dataset);
    assert_int_equal(dataset.count, 2);
    assert_int_equal(dataset.height, 2);
    assert_int_equal(dataset.width, 3);
    assert_int_equal(dataset.classes, 5); /* of the whole file */
    assert_memory_equal(dataset.images, ((unsigned char[]){0, 1, 2, 3, 4, 5, 16, 17, 18, 19, 20, 21}), 12);
    assert_memory_equal(dataset.labels, ((unsigned char[]){0, 2}), 2);
    assert_int_equal(dataset.order[0], 0);
    assert_int_equal(dataset.order[1], 1);
    assert_int_equal(dataset_label(&dataset, 1), 2);
    dataset_free(&dataset);
    load((struct dataset_source){.images = "i", .limit = 5}, &dataset);
    assert_int_equal(dataset.count, 5);
    dataset_free(&dataset);
}

static void refuses_a_limit_beyond_the_data(void **state)
{
    (void)state;
    make_images("i", false, 5, 2, 2);
    expect_refused((struct dataset_source){.images = "i", .limit = 6},
                   "--limit_images 6: wanted 1 to 5, the images of i");
    expect_refused((struct dataset_source){.folder = "digits", .limit = DIGITS_TRAIN + 1},
                   "--limit_images 60001: wanted 1 to 60000, the images of the built-in digits");
}

/* The check values of CRC-32: of "123456789", and of the bytes in use alone. */
static void the_checksum_is_of_images_then_labels(void **state)
{
    (void)state;
    unsigned char file[32];
    size_t end = put_header(file, 3, (uint32_t[]){9, 1, 1});
    memcpy(file + end, "123456789", 9);
    write_bytes("nine", file, end + 9);
    end = put_header(file, 3, (uint32_t[]){4, 1, 1});
    memcpy(file + end, "1234", 4);
    write_bytes("i", file, end + 4);
    end = put_header(file, 1, (uint32_t[]){4});
    memcpy(file + end, "5678", 4);
    write_bytes("l", file, end + 4);
    const struct {
        struct dataset_source source;
        uint32_t checksum;
    } CASES[] = {
        {{.images = "nine"}, 0xcbf43926},
        {{.images = "i", .labels = "l"}, 0x9ae0daaf},
        {{.images = "i", .labels = "l", .limit = 2}, 0x23b72609}, /* "1256" */
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct dataset dataset;
        load(CASES[i].source, &dataset);
        assert_int_equal(dataset.checksum, CASES[i].checksum);
        dataset_free(&dataset);
    }
}

static void expect_test(const struct dataset *training, const char *images, const char *labels,
                        const char *found_images, const char *found_labels)
{
    struct dataset test;
    struct error error = {.message = ""};
    if (!dataset_load_test(training, images, labels, &test, &error)) {
        fail_msg("%s", error.message);
    }
    assert_string_equal(test.images_path, found_images);
    assert_int_equal(test.count, 5);
    if (found_labels) {
        assert_string_equal(test.labels_path, found_labels);
        assert_int_equal(test.labels[1], 2);
    } else {
        assert_null(test.labels);
    }
    dataset_free(&test);
}

static void expect_test_refused(const struct dataset *training, const char *images, const char *labels,
                                const char *message)
{
    struct dataset test;
    struct error error = {.message = ""};
    assert_false(dataset_load_test(training, images, labels, &test, &error));
    assert_string_equal(error.message, message);
    assert_int_equal(error.status, STATUS_USAGE);
    assert_null(test.images);
    assert_null(test.images_path);
}

static void test_images_lie_beside_the_training_images(void **state)
{
    (void)state;
    make_folder("f");
    make_images("f/train-images-idx3-ubyte", false, 7, 2, 2);
    make_labels("f/train-labels-idx1-ubyte", false, 7);
    struct dataset training;
    load((struct dataset_source){.folder = "f"}, &training);
    expect_test_refused(&training, NULL, NULL,
                        "no test set: there are no test images beside f/train-images-idx3-ubyte; wanted "
                        "t10k-images-idx3-ubyte or t10k-images.idx3-ubyte, plain or .gz, or --test_images");
    make_images("f/t10k-images.idx3-ubyte.gz", true, 5, 2, 2);
    expect_test(&training, NULL, NULL, "f/t10k-images.idx3-ubyte.gz", NULL);
    make_labels("f/t10k-labels-idx1-ubyte", false, 5);
    expect_test(&training, NULL, NULL, "f/t10k-images.idx3-ubyte.gz", "f/t10k-labels-idx1-ubyte");
    make_images("i", false, 5, 2, 2);
    expect_test(&training, "i", NULL, "i", NULL);
    expect_test(&training, "i", "f/t10k-labels-idx1-ubyte", "i", "f/t10k-labels-idx1-ubyte");
    make_images("wide", false, 5, 2, 3);
    expect_test_refused(&training, "wide", NULL, "wide: holds images of 2 x 3; wanted 2 x 2, as the training images");
    make_images("nine", false, 9, 2, 2);
    make_labels("l", false, 9);
    expect_test_refused(&training, "nine", "l", "l: holds a label 8; wanted 0 to 6, as among the training images");
    dataset_free(&training);
}

static void test_images_of_the_drawn_digits(void **state)
{
    (void)state;
    struct dataset training, test;
    struct error error;
    load((struct dataset_source){.folder = "digits", .limit = 20}, &training);
    assert_true(dataset_load_test(&training, NULL, NULL, &test, &error));
    assert_int_equal(test.count, DIGITS_TEST);
    unsigned char images[20 * DIGITS_HEIGHT * DIGITS_WIDTH], labels[20];
    digits_draw(DIGITS_TRAIN, 20, images, labels);
    assert_memory_equal(test.images, images, sizeof images);
    assert_memory_equal(test.labels, labels, sizeof labels);
    dataset_free(&training);
    dataset_free(&test);
}

static void loads_the_data_of_gan_data(void **state)
{
    (void)state;
    if (real_data < 0) {
        skip();
    }
    int here = open(".", O_RDONLY | O_DIRECTORY);
    assert_int_equal(fchdir(real_data), 0);
    struct dataset dataset;
    load((struct dataset_source){.folder = "."}, &dataset);
    assert_int_equal(fchdir(here), 0);
    close(here);
    assert_true(dataset.count > 0);
    for (size_t i = 0; dataset.labels && i < dataset.count; i++) {
        assert_true(dataset.labels[i] < dataset.classes);
    }
    dataset_free(&dataset);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, finish)

int main(void)
{
    const char *variable = getenv("GAN_DATA");
    if (variable && strcmp(variable, "digits") != 0) {
        real_data = open(variable, O_RDONLY | O_DIRECTORY);
    }
    const struct CMUnitTest tests[] = {
        TEST(finds_each_usual_name_in_a_folder),
        TEST(prefers_plain_files_and_skips_folders),
        TEST(refuses_a_folder_without_images),
        TEST(without_data_asked_for_looks_in_data_mnist_then_draws),
        TEST(gan_data_goes_before_data_mnist_and_after_flags),
        TEST(takes_files_by_name),
        TEST(says_how_to_give_labels_that_are_wanted),
        TEST(refuses_labels_of_another_count),
        TEST(a_limit_keeps_the_first_images),
        TEST(refuses_a_limit_beyond_the_data),
        TEST(the_checksum_is_of_images_then_labels),
        TEST(test_images_lie_beside_the_training_images),
        TEST(test_images_of_the_drawn_digits),
        TEST(loads_the_data_of_gan_data),
    };
    return cmocka_run_group_tests(tests, files_setup, files_teardown);
}
