#include "scratch.h"

#include "io/gif.h"
#include "io/image.h"

#include <gif_lib.h>
#include <limits.h>

enum { HEIGHT = 5, WIDTH = 3, COUNT = 5, ROWS = 2, COLUMNS = 3, LINE = 2 };

/* COUNT images, every pixel of which is another. */
static void fill(unsigned char bytes[COUNT * HEIGHT * WIDTH])
{
    for (size_t i = 0; i < COUNT * HEIGHT * WIDTH; i++) {
        bytes[i] = (unsigned char)(100 + i);
    }
}

static struct image make_grid(void)
{
    struct error error;
    struct image grid;
    unsigned char bytes[COUNT * HEIGHT * WIDTH];
    fill(bytes);
    assert_true(image_grid(bytes, COUNT, ROWS, COLUMNS, HEIGHT, WIDTH, &grid, &error));
    return grid;
}

/* A picture of noise, which does not pack: its files are larger than any buffer. */
static struct image make_noise(size_t height, size_t width, unsigned seed)
{
    struct image image = {height, width, malloc(height * width)};
    assert_non_null(image.pixels);
    for (size_t i = 0; i < height * width; i++) {
        seed = seed * 1664525u + 1013904223u;
        image.pixels[i] = (unsigned char)(seed >> 24);
    }
    return image;
}

static void an_enlarged_image_has_squares_for_pixels(void **state)
{
    (void)state;
    enum { FACTOR = 3 };
    struct error error;
    struct image image = make_noise(HEIGHT, WIDTH, 1), enlarged;
    assert_true(image_enlarge(&image, FACTOR, &enlarged, &error));
    assert_int_equal(enlarged.height, FACTOR * HEIGHT);
    assert_int_equal(enlarged.width, FACTOR * WIDTH);
    for (size_t y = 0; y < enlarged.height; y++) {
        for (size_t x = 0; x < enlarged.width; x++) {
            assert_int_equal(enlarged.pixels[y * enlarged.width + x], image.pixels[y / FACTOR * WIDTH + x / FACTOR]);
        }
    }
    image_free(&enlarged);
    image_free(&image);
    image = (struct image){1, INT_MAX / 4, NULL};
    assert_false(image_enlarge(&image, FACTOR, &enlarged, &error));
    assert_int_equal(error.status, STATUS_FAILED);
    assert_null(enlarged.pixels);
}

static void a_grid_holds_its_images_between_lines(void **state)
{
    (void)state;
    unsigned char bytes[COUNT * HEIGHT * WIDTH];
    fill(bytes);
    struct image grid = make_grid();
    assert_int_equal(grid.height, ROWS * (HEIGHT + LINE) + LINE);
    assert_int_equal(grid.width, COLUMNS * (WIDTH + LINE) + LINE);
    unsigned char line = grid.pixels[0];
    assert_in_range(line, 32, 128);
    for (size_t y = 0; y < grid.height; y++) {
        for (size_t x = 0; x < grid.width; x++) {
            size_t row = y / (HEIGHT + LINE), column = x / (WIDTH + LINE);
            size_t in_y = y % (HEIGHT + LINE), in_x = x % (WIDTH + LINE);
            size_t cell = row * COLUMNS + column;
            unsigned char pixel = grid.pixels[y * grid.width + x];
            if (in_y < LINE || in_x < LINE) {
                assert_int_equal(pixel, line);
            } else if (cell >= COUNT) {
                assert_int_equal(pixel, 0);
            } else {
                assert_int_equal(pixel, bytes[(cell * HEIGHT + in_y - LINE) * WIDTH + in_x - LINE]);
            }
        }
    }
    image_free(&grid);
    assert_null(grid.pixels);
    image_free(&grid);
}

static void images_past_the_last_cell_are_left_out(void **state)
{
    (void)state;
    struct error error;
    struct image grid;
    unsigned char bytes[COUNT * HEIGHT * WIDTH];
    fill(bytes);
    assert_true(image_grid(bytes, COUNT, 1, 2, HEIGHT, WIDTH, &grid, &error));
    assert_int_equal(grid.width, 2 * (WIDTH + LINE) + LINE);
    assert_int_equal(grid.pixels[LINE * grid.width + LINE + WIDTH + LINE], bytes[HEIGHT * WIDTH]);
    image_free(&grid);
}

static void a_grid_too_large_is_refused(void **state)
{
    (void)state;
    struct error error;
    struct image grid;
    assert_false(image_grid(NULL, 0, SIZE_MAX / 2, 1, 28, 28, &grid, &error));
    assert_int_equal(error.status, STATUS_FAILED);
    assert_false(image_grid(NULL, 0, 1, SIZE_MAX / 29, 28, 28, &grid, &error));
    assert_false(image_grid(NULL, 0, 1, 1, SIZE_MAX, 28, &grid, &error));
    assert_false(image_grid(NULL, 0, 1, 1, 28, SIZE_MAX - 1, &grid, &error));
    assert_null(grid.pixels);
}

/* An animation whose last frame has a time of its own. */
static bool write_gif(const char *path, const struct image *frames, size_t count, uint16_t delay_cs,
                      uint16_t last_delay_cs, struct error *error)
{
    struct gif *gif = gif_create(path, frames[0].height, frames[0].width, error);
    for (size_t i = 0; gif && i < count; i++) {
        gif_add(gif, &frames[i], i + 1 < count ? delay_cs : last_delay_cs);
    }
    return gif && gif_commit(gif, error);
}

static void check_png(const char *path, const struct image *image)
{
    struct image read;
    struct error error;
    size_t size;
    assert_true(image_read_png(path, &read, &error));
    assert_int_equal(read.height, image->height);
    assert_int_equal(read.width, image->width);
    assert_memory_equal(read.pixels, image->pixels, image->height * image->width);
    image_free(&read);
    char *bytes = scratch_read(path, &size);
    assert_memory_equal(bytes + 24, "\x08\0", 2); /* eight bits, of grey alone */
    assert_memory_equal(bytes + size - 8, "IEND\xae\x42\x60\x82",
                        8); /* down to the checksum, which stb does not read */
    free(bytes);
}

static void a_png_gives_back_every_pixel(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    struct image images[] = {make_grid(), make_noise(1, 1, 7), make_noise(300, 517, 8)};
    for (size_t i = 0; i < 3; i++) {
        assert_true(image_write_png(scratch_path(state, "a.png", path), &images[i], &error));
        check_png(path, &images[i]);
        image_free(&images[i]);
    }
    assert_int_equal(scratch_count(state), 1);
}

/* Of the bytes between the first and the last of `count` equal pixels nothing much is left. */
static void a_png_is_packed(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    size_t size;
    struct image grid;
    assert_true(image_grid(NULL, 0, 10, 10, 28, 28, &grid, &error));
    assert_true(image_write_png(scratch_path(state, "a.png", path), &grid, &error));
    free(scratch_read(path, &size));
    assert_in_range(size, 1, 1500);
    image_free(&grid);
}

static void equal_images_give_equal_files(void **state)
{
    struct error error;
    char one[SCRATCH_PATH], other[SCRATCH_PATH];
    size_t one_size, other_size;
    struct image frames[] = {make_noise(60, 61, 1), make_noise(60, 61, 2)};
    for (int gif = 0; gif < 2; gif++) {
        const char *paths[] = {scratch_path(state, "a", one), scratch_path(state, "b", other)};
        for (int i = 0; i < 2; i++) {
            assert_true(gif ? write_gif(paths[i], frames, 2, 10, 200, &error)
                            : image_write_png(paths[i], frames, &error));
        }
        char *one_bytes = scratch_read(one, &one_size), *other_bytes = scratch_read(other, &other_size);
        assert_int_equal(one_size, other_size);
        assert_memory_equal(one_bytes, other_bytes, one_size);
        free(one_bytes);
        free(other_bytes);
    }
    image_free(&frames[0]);
    image_free(&frames[1]);
}

static void check_gif_frame(GifFileType *gif, const SavedImage *saved, const struct image *image)
{
    assert_int_equal(saved->ImageDesc.Width, image->width);
    assert_int_equal(saved->ImageDesc.Height, image->height);
    for (size_t i = 0; i < image->height * image->width; i++) {
        assert_in_range(saved->RasterBits[i], 0, gif->SColorMap->ColorCount - 1);
        GifColorType colour = gif->SColorMap->Colors[saved->RasterBits[i]];
        assert_int_equal(colour.Red, colour.Green);
        assert_int_equal(colour.Red, colour.Blue);
        assert_in_range(colour.Red - image->pixels[i] + 3, 1, 5); /* 64 greys: two off at most */
        if (image->pixels[i] == 0 || image->pixels[i] == 255) {
            assert_int_equal(colour.Red, image->pixels[i]);
        }
    }
}

static void a_gif_gives_back_its_frames_and_times(void **state)
{
    enum { FRAMES = 4 };
    struct error error;
    char path[SCRATCH_PATH];
    struct image frames[FRAMES];
    for (unsigned i = 0; i < FRAMES; i++) {
        frames[i] = make_noise(70, 93, i);
    }
    assert_true(write_gif(scratch_path(state, "a.gif", path), frames, FRAMES, 12, 300, &error));
    assert_int_equal(scratch_count(state), 1);
    GifFileType *gif = DGifOpenFileName(path, NULL);
    assert_non_null(gif);
    assert_int_equal(DGifSlurp(gif), GIF_OK);
    assert_int_equal(gif->SWidth, 93);
    assert_int_equal(gif->SHeight, 70);
    assert_int_equal(gif->ImageCount, FRAMES);
    for (int i = 0; i < FRAMES; i++) {
        GraphicsControlBlock control;
        assert_int_equal(DGifSavedExtensionToGCB(gif, i, &control), GIF_OK);
        assert_int_equal(control.DelayTime, i + 1 < FRAMES ? 12 : 300);
        assert_int_equal(control.TransparentColor, NO_TRANSPARENT_COLOR);
        check_gif_frame(gif, &gif->SavedImages[i], &frames[i]);
        image_free(&frames[i]);
    }
    ExtensionBlock *blocks = gif->SavedImages[0].ExtensionBlocks;
    assert_int_equal(gif->SavedImages[0].ExtensionBlockCount, 3);
    assert_int_equal(blocks[0].Function, APPLICATION_EXT_FUNC_CODE);
    assert_memory_equal(blocks[0].Bytes, "NETSCAPE2.0", 11);
    assert_memory_equal(blocks[1].Bytes, "\1\0\0", 3); /* repeated for ever */
    DGifCloseFile(gif, NULL);
}

static void frames_that_make_no_gif_are_refused(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    unsigned char pixels[6] = {0};
    const struct image frames[] = {{2, 3, pixels}, {3, 2, pixels}};
    assert_false(write_gif(scratch_path(state, "a.gif", path), frames, 2, 10, 10, &error));
    assert_int_equal(error.status, STATUS_FAILED);
    assert_contains(error.message, "3 x 2");
    assert_null(gif_create(path, 1, 65536, &error));
    assert_contains(error.message, "65536");
    assert_null(gif_create(path, 65536, 1, &error));
    struct gif *gif = gif_create(path, 2, 3, &error);
    assert_non_null(gif);
    gif_abandon(gif);
    gif_abandon(NULL);
    assert_int_equal(scratch_count(state), 0);
}

static void what_is_no_png_is_refused(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    struct image image;
    assert_false(image_read_png(scratch_path(state, "none.png", path), &image, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    assert_contains(error.message, path);
    scratch_put(scratch_path(state, "a.png", path), "\x89PNG\r\n\x1a\n of another kind");
    assert_false(image_read_png(path, &image, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    assert_contains(error.message, "a PNG");
    assert_null(image.pixels);
}

static void a_picture_too_large_for_a_png_is_refused(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    unsigned char pixel = 0;
    struct image huge = {50000, 50000, &pixel};
    assert_false(image_write_png(scratch_path(state, "a.png", path), &huge, &error));
    assert_contains(error.message, path);
    assert_contains(error.message, "50000 x 50000");
    const struct image more[] = {{SIZE_MAX, 1, &pixel}, {1, SIZE_MAX, &pixel}, {INT32_MAX, 1, &pixel}};
    for (size_t i = 0; i < 3; i++) {
        assert_false(image_write_png(path, &more[i], &error));
    }
    assert_int_equal(scratch_count(state), 0);
}

static void a_full_disk_is_noticed_and_the_old_picture_stays(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    struct image noise = make_noise(400, 400, 3);
    scratch_put(scratch_path(state, "a", path), "old");
    for (int gif = 0; gif < 2; gif++) {
        for (rlim_t room = 10; room < 100000; room += 90000) { /* full at the end alone, and in the middle */
            disk_is_full_at(room);
            bool written = gif ? write_gif(path, &noise, 1, 10, 10, &error) : image_write_png(path, &noise, &error);
            disk_has_room();
            assert_false(written);
            assert_int_equal(error.status, STATUS_FAILED);
            assert_contains(error.message, path);
            assert_contains(error.message, "File too large");
            assert_file_holds(path, "old");
            assert_int_equal(scratch_count(state), 1);
        }
    }
    image_free(&noise);
}

static void a_missing_folder_is_named(void **state)
{
    struct error error;
    char path[SCRATCH_PATH];
    struct image noise = make_noise(3, 3, 3);
    scratch_path(state, "none/a", path);
    assert_false(image_write_png(path, &noise, &error));
    assert_contains(error.message, path);
    error.message[0] = '\0';
    assert_false(write_gif(path, &noise, 1, 10, 10, &error));
    assert_contains(error.message, path);
    image_free(&noise);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_enlarged_image_has_squares_for_pixels),
        cmocka_unit_test(a_grid_holds_its_images_between_lines),
        cmocka_unit_test(images_past_the_last_cell_are_left_out),
        cmocka_unit_test(a_grid_too_large_is_refused),
        scratch_test(a_png_gives_back_every_pixel),
        scratch_test(a_png_is_packed),
        scratch_test(equal_images_give_equal_files),
        scratch_test(a_gif_gives_back_its_frames_and_times),
        scratch_test(frames_that_make_no_gif_are_refused),
        scratch_test(what_is_no_png_is_refused),
        scratch_test(a_picture_too_large_for_a_png_is_refused),
        scratch_test(a_full_disk_is_noticed_and_the_old_picture_stays),
        scratch_test(a_missing_folder_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
