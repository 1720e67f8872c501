/* Generated images as files: each format holds the sampler's own bytes, and a folder nothing else. */
#include "cli/options.h"
#include "data/idx.h"
#include "gan/gallery.h"
#include "gan/gan.h"
#include "io/image.h"
#include "nn/matmul.h"
#include "scratch.h"

#include <gif_lib.h>

enum { COUNT = 300, HEIGHT = 3, WIDTH = 5, PIXELS = HEIGHT * WIDTH, CLASSES = 4, DIMS = 6 };

/* A conditional generator, its first COUNT images, and a scratch folder. */
struct studio {
    void *folder;
    struct options options;
    struct gan *gan;
    struct gallery gallery;
    unsigned char images[COUNT][PIXELS];
};

static int open_studio(void **state)
{
    static char *argv[] = {"gan-train",         "--g_hidden=9",      "--conditional",
                           "--encoding_dims=6", "--init=normal:0.5", NULL};
    struct studio *studio = calloc(1, sizeof *studio);
    struct error error;
    matmul_prepare();
    if (!studio || scratch_make(&studio->folder) != 0 || !options_parse(5, argv, &studio->options, &error)) {
        return -1;
    }
    const struct config *config = &studio->options.config;
    studio->gan = gan_create(config, PIXELS, CLASSES, &error);
    static const volatile sig_atomic_t never;
    studio->gallery = (struct gallery){
        .stop = &never,
        .sampler = sampler_create(config, studio->gan->generator.network, CLASSES, &error),
        .count = COUNT,
        .height = HEIGHT,
        .width = WIDTH,
        .classes = CLASSES,
        .turn = {0, 1, 2, 3},
        .rows = 19,
        .columns = 16,
        .row_stride = 16,
        .scale = 1,
    };
    unsigned char labels[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        labels[i] = (unsigned char)(i % CLASSES);
    }
    sampler_draw(studio->gallery.sampler, 0, COUNT, labels, studio->images[0]);
    *state = studio;
    return 0;
}

static int close_studio(void **state)
{
    struct studio *studio = *state;
    sampler_free(studio->gallery.sampler);
    gan_free(studio->gan);
    options_free(&studio->options);
    scratch_remove(&studio->folder);
    free(studio);
    return 0;
}

static const char *path_of(struct studio *studio, const char *name, char path[SCRATCH_PATH])
{
    return scratch_path(&studio->folder, name, path);
}

static void idx_and_its_labels(void **state)
{
    struct studio *studio = *state;
    static const char *const NAMES[][2] = {{"x-images-idx3-ubyte", "x-labels-idx1-ubyte"},
                                           {"y.idx", "y-labels.idx"},
                                           {"images-idx3", "labels-idx1"},
                                           {"z", "z-labels"}};
    char path[SCRATCH_PATH];
    struct error error;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        struct idx idx;
        assert_true(gallery_write_idx(&studio->gallery, path_of(studio, NAMES[i][0], path), &error));
        assert_true(idx_read_images(path, 0, &idx, &error));
        assert_int_equal(idx.count, COUNT);
        assert_int_equal(idx.height, HEIGHT);
        assert_memory_equal(idx.bytes, studio->images, sizeof studio->images);
        idx_free(&idx);
        assert_true(idx_read_labels(path_of(studio, NAMES[i][1], path), &idx, &error));
        assert_int_equal(idx.count, COUNT);
        for (size_t j = 0; j < COUNT; j++) {
            assert_int_equal(idx.bytes[j], j % CLASSES);
        }
        idx_free(&idx);
    }
    assert_int_equal(scratch_count(&studio->folder), 8);
}

static void numpys_file(void **state)
{
    struct studio *studio = *state;
    char path[SCRATCH_PATH];
    struct error error;
    size_t size;
    assert_true(gallery_write_npy(&studio->gallery, path_of(studio, "a.npy", path), &error));
    char *bytes = scratch_read(path, &size);
    assert_int_equal(size, 128 + sizeof studio->images);
    assert_memory_equal(bytes + 128, studio->images, sizeof studio->images);
    assert_non_null(strstr(bytes + 10, "'shape': (300,3,5,)"));
    free(bytes);
}

/* Pixel (0, 0) of the cell in a grid. */
static unsigned char *cell(const struct image *grid, size_t row, size_t column)
{
    return grid->pixels + image_grid_side(row, HEIGHT) * grid->width + image_grid_side(column, WIDTH);
}

static void a_grid_and_one_of_ways(void **state)
{
    struct studio *studio = *state;
    char path[SCRATCH_PATH];
    struct error error;
    struct image grid;
    assert_true(gallery_write_grid(&studio->gallery, path_of(studio, "a.png", path), &error));
    assert_true(image_read_png(path, &grid, &error));
    assert_int_equal(grid.height, image_grid_side(19, HEIGHT));
    assert_int_equal(grid.width, image_grid_side(16, WIDTH));
    for (size_t i = 0; i < COUNT; i++) {
        assert_memory_equal(cell(&grid, i / 16, i % 16), studio->images[i], WIDTH);
    }
    assert_int_equal(*cell(&grid, 18, 15), 0);
    image_free(&grid);

    studio->gallery.count = 17; /* the grid has room for more */
    studio->gallery.scale = 2;
    assert_true(gallery_write_grid(&studio->gallery, path, &error));
    assert_true(image_read_png(path, &grid, &error));
    assert_int_equal(grid.height, 2 * image_grid_side(19, HEIGHT));
    assert_int_equal(grid.width, 2 * image_grid_side(16, WIDTH));
    const unsigned char *last =
        grid.pixels + 2 * image_grid_side(1, HEIGHT) * grid.width + 2 * image_grid_side(0, WIDTH);
    assert_int_equal(last[0], studio->images[16][0]);
    assert_int_equal(last[1], studio->images[16][0]);
    assert_int_equal(last[2], studio->images[16][1]);
    assert_int_equal(last[2 * (WIDTH + 2)], 0);
    image_free(&grid);
    studio->gallery.scale = 1;

    studio->gallery.count = 21; /* two ways of ten steps */
    studio->gallery.rows = 2;
    studio->gallery.columns = 11;
    studio->gallery.row_stride = 10;
    assert_true(gallery_write_grid(&studio->gallery, path, &error));
    assert_true(image_read_png(path, &grid, &error));
    assert_int_equal(grid.width, image_grid_side(11, WIDTH));
    for (size_t column = 0; column < 11; column++) {
        assert_memory_equal(cell(&grid, 0, column), studio->images[column], WIDTH);
        assert_memory_equal(cell(&grid, 1, column), studio->images[10 + column], WIDTH);
    }
    image_free(&grid);
}

static void a_folder_of_images(void **state)
{
    struct studio *studio = *state;
    char folder[SCRATCH_PATH], path[SCRATCH_PATH];
    struct error error;
    struct image image;
    void *inner = folder;
    path_of(studio, "a/b", folder);
    assert_true(gallery_write_folder(&studio->gallery, folder, &error));
    assert_int_equal(scratch_count(&inner), COUNT);
    assert_true(image_read_png(path_of(studio, "a/b/image_00299.png", path), &image, &error));
    assert_int_equal(image.height, HEIGHT);
    assert_memory_equal(image.pixels, studio->images[299], PIXELS);
    image_free(&image);

    scratch_put(path_of(studio, "a/b/.image_00007.png.1.tmp", path), "left by a killed program");
    studio->gallery.count = 20; /* fewer than there are, which nobody asked to remove */
    assert_false(gallery_write_folder(&studio->gallery, folder, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    assert_contains(error.message, ", which is none of the 20 images wanted");
    assert_int_equal(scratch_count(&inner), COUNT + 1);
    studio->gallery.count = COUNT;
    assert_true(gallery_write_folder(&studio->gallery, folder, &error));
    assert_int_equal(scratch_count(&inner), COUNT);

    static const char *const FOREIGN[] = {"a/b/notes.txt", "a/b/image_7.png", "a/b/image_000007.png"};
    for (size_t i = 0; i < sizeof FOREIGN / sizeof *FOREIGN; i++) {
        scratch_put(path_of(studio, FOREIGN[i], path), "mine");
        assert_false(gallery_write_folder(&studio->gallery, folder, &error));
        assert_int_equal(error.status, STATUS_USAGE);
        assert_contains(error.message, path_name(FOREIGN[i]));
        assert_file_holds(path, "mine");
        unlink(path);
    }
    scratch_put(path_of(studio, "file", path), "mine");
    assert_false(gallery_write_folder(&studio->gallery, path, &error));
    assert_int_equal(error.status, STATUS_USAGE);
}

/* The first pixel of each frame of a GIF, and its sides. */
static size_t read_gif(const char *path, GifByteType *first, int sides[2])
{
    int error;
    GifFileType *gif = DGifOpenFileName(path, &error);
    assert_non_null(gif);
    assert_int_equal(DGifSlurp(gif), GIF_OK);
    const size_t frames = (size_t)gif->ImageCount;
    assert_in_range(frames, 1, COUNT);
    for (size_t i = 0; i < frames; i++) {
        first[i] = gif->SavedImages[i].RasterBits[0];
    }
    sides[0] = gif->SHeight;
    sides[1] = gif->SWidth;
    DGifCloseFile(gif, &error);
    return frames;
}

static GifByteType grey(unsigned char pixel)
{
    return (GifByteType)((pixel * 63 + 127) / 255);
}

static void an_animation_there_and_back_or_round(void **state)
{
    struct studio *studio = *state;
    char path[SCRATCH_PATH];
    struct error error;
    GifByteType first[COUNT];
    int sides[2];
    studio->gallery.count = 5;
    studio->gallery.scale = 51;
    path_of(studio, "a.gif", path);
    assert_true(gallery_write_gif(&studio->gallery, path, &error));
    assert_int_equal(read_gif(path, first, sides), 8);
    assert_int_equal(sides[0], HEIGHT * 51);
    assert_int_equal(sides[1], WIDTH * 51);
    static const size_t BACK[] = {0, 1, 2, 3, 4, 3, 2, 1};
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(first[i], grey(studio->images[BACK[i]][0]));
    }
    real latents[5][DIMS] = {{0}, {1}, {2}, {3}, {0}}; /* the last is the first */
    studio->gallery.latents = latents[0];
    studio->gallery.classes = 1;
    assert_true(gallery_write_gif(&studio->gallery, path, &error));
    assert_int_equal(read_gif(path, first, sides), 4);
}

static void one_class_for_all(void **state)
{
    struct studio *studio = *state;
    unsigned char image[PIXELS];
    struct error error;
    studio->gallery.classes = 1;
    studio->gallery.turn[0] = 3;
    assert_true(gallery_draw(&studio->gallery, 7, 1, image, &error));
    assert_memory_equal(image, studio->images[7], PIXELS);
    assert_true(gallery_draw(&studio->gallery, 8, 1, image, &error));
    assert_memory_not_equal(image, studio->images[8], PIXELS);
}

static void a_signal_ends_each_of_them(void **state)
{
    static bool (*const WRITERS[])(const struct gallery *gallery, const char *path, struct error *error) = {
        gallery_write_grid, gallery_write_folder, gallery_write_idx, gallery_write_npy, gallery_write_gif};
    static const volatile sig_atomic_t now = 1;
    struct studio *studio = *state;
    studio->gallery.stop = &now;
    for (size_t i = 0; i < sizeof WRITERS / sizeof *WRITERS; i++) {
        char path[SCRATCH_PATH];
        struct error error;
        assert_false(WRITERS[i](&studio->gallery, path_of(studio, "stopped", path), &error));
        assert_int_equal(error.status, STATUS_STOPPED);
        rmdir(path); /* an empty folder, if anything */
        assert_int_equal(scratch_count(&studio->folder), 0);
    }
}

#define studio_test(function) cmocka_unit_test_setup_teardown(function, open_studio, close_studio)

int main(void)
{
    const struct CMUnitTest tests[] = {
        studio_test(idx_and_its_labels),
        studio_test(numpys_file),
        studio_test(a_grid_and_one_of_ways),
        studio_test(a_folder_of_images),
        studio_test(an_animation_there_and_back_or_round),
        studio_test(one_class_for_all),
        studio_test(a_signal_ends_each_of_them),
    };
    return cmocka_run_group_tests_name("gallery", tests, NULL, NULL);
}
