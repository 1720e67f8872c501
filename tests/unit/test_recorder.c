/* The means that rows are made of, and the pictures of a run: which there are, what is where in them, and an animation
 * of ten seconds however long the run. */
#include "base/clock.h"
#include "cli/options.h"
#include "gan/outdir.h"
#include "gan/recorder.h"
#include "gan/sampler.h"
#include "io/image.h"
#include "nn/matmul.h"
#include "scratch.h"

#include <gif_lib.h>
#include <math.h>
#include <omp.h>
#include <time.h>

enum { SIDE = 4, PIXELS = SIDE * SIDE, IMAGES = 40, CLASSES = 6, LINE = 2, ARGUMENTS = 16 };

struct recording {
    struct options options;
    struct dataset dataset;
    unsigned char labels[IMAGES]; /* 1, 2, 3 and 5 */
    struct gan *gan;
    struct lock *folder;
    struct recorder *recorder;
    char outdir[SCRATCH_PATH];
};

/* `flags` end with NULL. */
static void open_recording(struct recording *recording, void **state, const char *const *flags)
{
    struct error error;
    char outdir[SCRATCH_PATH + 16];
    char *argv[ARGUMENTS] = {"gan-train", "--preset=vanilla", "--d_hidden=3", "--batch_size=8", outdir};
    int argc = 5;
    *recording = (struct recording){
        .dataset = {.count = IMAGES, .height = SIDE, .width = SIDE, .classes = CLASSES, .labels = recording->labels}};
    for (size_t i = 0; i < IMAGES; i++) {
        recording->labels[i] = (const unsigned char[]){5, 3, 2, 1}[i % 4];
    }
    scratch_path(state, "run", recording->outdir);
    snprintf(outdir, sizeof outdir, "--outdir=%s", recording->outdir);
    for (; *flags; flags++) {
        assert_true(argc < ARGUMENTS - 1);
        argv[argc++] = (char *)*flags;
    }
    if (!options_parse(argc, argv, &recording->options, &error)) {
        fail_msg("%s", error.message);
    }
    recording->gan = gan_create(&recording->options.config, PIXELS, CLASSES, &error);
    assert_non_null(recording->gan);
}

/* Epoch 0 is recorded. */
static void begin(struct recording *recording)
{
    struct error error;
    recording->folder = outdir_begin(recording->outdir, true, &error);
    assert_non_null(recording->folder);
    recording->recorder = recorder_create(recording->gan, &recording->dataset, "{}", NULL, NULL, &error);
    if (!recording->recorder) {
        fail_msg("%s", error.message);
    }
}

static void end_recording(struct recording *recording)
{
    struct error error;
    assert_true(recorder_close(recording->recorder, &error));
    lock_release(recording->folder);
    gan_free(recording->gan);
    options_free(&recording->options);
}

static void record_epoch(struct recording *recording, size_t epoch, bool last)
{
    struct error error;
    const struct record record = {.epoch = epoch, .step = 5 * epoch, .loss_d = 1 + 1 / (double)epoch};
    assert_true(recorder_epoch(recording->recorder, &record, last, &error));
}

static const char *file_of(const struct recording *recording, const char *name, char path[SCRATCH_PATH])
{
    assert_in_range(snprintf(path, SCRATCH_PATH, "%s/%s", recording->outdir, name), 1, SCRATCH_PATH - 1);
    return path;
}

/* ---- the means ---- */

static void check_near(double found, double wanted)
{
    if (!(fabs(found - wanted) <= 1e-12 * fabs(wanted))) {
        fail_msg("found %.15g, wanted %.15g", found, wanted);
    }
}

static void a_record_holds_the_means_of_what_was_added(void **state)
{
    (void)state;
    static const struct step_report reports[] = {
        {1, 20, 0.3, 0.04, 500, 6000, 0, 0}, {2, 30, 0.5, 0.08, 700, 8000, 0, 0}, {6, 40, 0.4, 0.03, 900, 1000, 0, 0}};
    const struct config config = {.batch_size = 8, .d_steps = 2, .d_batch = D_BATCH_SEPARATE};
    const struct gan gan = {.config = &config,
                            .steps = 77,
                            .discriminator = {.updates = 11, .optimizer = {.learning_rate = 0.25, .decay = 0.1}},
                            .generator = {.updates = 31, .optimizer = {.learning_rate = 3, .decay = 0.1}}};
    struct record_sums sums = {0};
    for (size_t i = 0; i < 3; i++) {
        record_add(&sums, &reports[i], 0.5);
    }
    const struct record means = record_means(&sums, &gan, 5);
    assert_int_equal(means.epoch, 5);
    assert_int_equal(means.step, 77);
    check_near(means.loss_d, 3);
    check_near(means.loss_g, 30);
    check_near(means.d_real, 0.4);
    check_near(means.d_fake, 0.05);
    check_near(means.grad_norm_d, 700);
    check_near(means.grad_norm_g, 5000);
    check_near(means.learning_rate, 0.125); /* after 10 updates before the last: 0.25 / (1 + 0.1 * 10) */
    check_near(means.seconds, 1.5);
    check_near(means.images_per_second, 32); /* 3 steps of 2 x 8 images in 1.5 s */
}

/* ---- the pictures ---- */

/* The grid of a conditional run has images of these classes [rows * columns]. */
static void check_classes(void **state, size_t rows, size_t columns, const char *classes)
{
    struct recording recording;
    struct error error;
    char path[SCRATCH_PATH], flag[32];
    snprintf(flag, sizeof flag, "--grid=%zux%zu", rows, columns);
    open_recording(&recording, state,
                   (const char *const[]){"--conditional", flag, "--g_hidden=9", "--init=normal:1", NULL});
    begin(&recording);
    struct sampler *sampler =
        sampler_create(&recording.options.config, recording.gan->generator.network, recording.gan->classes, &error);
    assert_non_null(sampler);
    struct image grid;
    assert_true(image_read_png(file_of(&recording, "samples/epoch_0000.png", path), &grid, &error));
    assert_int_equal(grid.height, rows * (SIDE + LINE) + LINE);
    assert_int_equal(grid.width, columns * (SIDE + LINE) + LINE);
    for (size_t i = 0; i < rows * columns; i++) {
        const size_t y = LINE + i / columns * (SIDE + LINE), x = LINE + i % columns * (SIDE + LINE);
        const unsigned char label = (unsigned char)(classes[i] - '0');
        unsigned char cell[PIXELS];
        sampler_draw(sampler, i, 1, &label, cell);
        for (size_t row = 0; row < SIDE; row++) {
            assert_memory_equal(grid.pixels + (y + row) * grid.width + x, cell + row * SIDE, SIDE);
        }
    }
    image_free(&grid);
    sampler_free(sampler);
    end_recording(&recording);
}

static void a_column_of_the_grid_is_one_class(void **state)
{
    check_classes(state, 3, 4, "123512351235");
    check_classes(state, 2, 5, "1235112351"); /* one column more than classes: they begin anew */
}

static void classes_beyond_the_columns_follow_one_another(void **state)
{
    check_classes(state, 2, 3, "123512");
    check_classes(state, 5, 1, "12351");
}

static void pictures_are_of_every_few_epochs_and_the_last(void **state)
{
    struct recording recording;
    char path[SCRATCH_PATH];
    open_recording(&recording, state, (const char *const[]){"--sample_every=3", "--g_hidden=3", NULL});
    begin(&recording);
    for (size_t epoch = 1; epoch <= 7; epoch++) {
        record_epoch(&recording, epoch, epoch == 7);
    }
    static const char *const wanted[] = {"samples/epoch_0000.png", "samples/epoch_0003.png", "samples/epoch_0006.png",
                                         "samples/epoch_0007.png"};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(access(file_of(&recording, wanted[i], path), F_OK), 0);
    }
    file_of(&recording, "samples", path);
    assert_int_equal(scratch_count(&(void *){path}), 4);
    end_recording(&recording);
}

/* ---- the animation ---- */

/* A generator whose image shows a number, the bits of which are its pixels: so a frame tells its epoch. */
static void open_numbers(struct recording *recording, void **state)
{
    open_recording(
        recording, state,
        (const char *const[]){"--grid=1x1", "--g_hidden=none", "--output=linear", "--encoding_dims=1", NULL});
}

static void show_number(struct recording *recording, size_t number)
{
    struct tensor tensor;
    for (size_t i = 0; network_tensor(recording->gan->generator.network, i, &tensor); i++) {
        for (size_t j = 0; j < tensor.rows * tensor.columns; j++) {
            tensor.data[j] = tensor.bias ? (real)(number >> j & 1) : 0;
        }
    }
}

static size_t shown_number(const GifFileType *gif, int frame)
{
    const SavedImage *image = &gif->SavedImages[frame];
    size_t number = 0;
    for (size_t j = 0; j < PIXELS; j++) {
        const size_t at = (LINE + j / SIDE) * (size_t)image->ImageDesc.Width + LINE + j % SIDE;
        number |= (size_t)(gif->SColorMap->Colors[image->RasterBits[at]].Red == 255) << j;
    }
    return number;
}

static GifFileType *open_animation(const struct recording *recording)
{
    char path[SCRATCH_PATH];
    GifFileType *gif = DGifOpenFileName(file_of(recording, "training.gif", path), NULL);
    assert_non_null(gif);
    assert_int_equal(DGifSlurp(gif), GIF_OK);
    return gif;
}

/* Ten seconds from epoch 0 to `newest` in even strides, as many as there is room for, the last frame held. */
static void check_animation(const struct recording *recording, size_t newest)
{
    GifFileType *gif = open_animation(recording);
    const int count = gif->ImageCount;
    const size_t stride = shown_number(gif, 1);
    int total = 0;
    assert_in_range(count, newest < 99 ? newest + 1 : 50, 100);
    for (int i = 0; i < count; i++) {
        GraphicsControlBlock control;
        assert_int_equal(DGifSavedExtensionToGCB(gif, i, &control), GIF_OK);
        assert_true(i + 1 < count ? control.DelayTime <= 800 / (count - 1) : control.DelayTime >= 200);
        total += control.DelayTime;
        assert_true(i + 1 == count || shown_number(gif, i) == (size_t)i * stride);
    }
    assert_int_equal(shown_number(gif, count - 1), newest);
    assert_in_range(newest - shown_number(gif, count - 2), 1, stride);
    assert_in_range(total, 900, 1100);
    DGifCloseFile(gif, NULL);
}

static void the_animation_takes_ten_seconds_in_even_strides(void **state)
{
    static const size_t looked_at[] = {1, 50, 97, 98, 99, 100, 101, 150, 196, 197, 198, 250};
    struct recording recording;
    struct error error;
    size_t next = 0;
    open_numbers(&recording, state);
    show_number(&recording, 0);
    begin(&recording);
    for (size_t epoch = 1; epoch <= 250; epoch++) {
        show_number(&recording, epoch);
        record_epoch(&recording, epoch, false);
        if (epoch == looked_at[next]) {
            assert_true(recorder_renew(recording.recorder, &error));
            check_animation(&recording, epoch);
            next++;
        }
    }
    end_recording(&recording);
}

/* Without a last epoch: both are there after the first one, and are written anew as time goes on. */
static void animation_and_curves_grow_while_training(void **state)
{
    struct recording recording;
    char path[SCRATCH_PATH];
    size_t epoch = 1, newest = 1;
    open_numbers(&recording, state);
    show_number(&recording, 0);
    begin(&recording);
    show_number(&recording, 1);
    record_epoch(&recording, 1, false);
    check_animation(&recording, 1);
    char *first = scratch_read(file_of(&recording, "losses.svg", path), NULL);
    for (const double give_up_at = clock_seconds() + 30; newest == 1 && clock_seconds() < give_up_at;) {
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
        show_number(&recording, ++epoch);
        record_epoch(&recording, epoch, false);
        GifFileType *gif = open_animation(&recording);
        newest = shown_number(gif, gif->ImageCount - 1);
        DGifCloseFile(gif, NULL);
    }
    assert_int_equal(newest, epoch);
    check_animation(&recording, epoch);
    char *second = scratch_read(path, NULL);
    assert_string_not_equal(first, second);
    free(first);
    free(second);
    end_recording(&recording);
}

/* They were removed, or are of a time with another --grid. */
static void an_animation_without_pictures_stays_as_it_was(void **state)
{
    static const char *const pictures[] = {"samples/epoch_0000.png", "samples/epoch_0001.png"};
    struct recording recording;
    struct error error;
    char path[SCRATCH_PATH];
    size_t before, after;
    open_numbers(&recording, state);
    begin(&recording);
    record_epoch(&recording, 1, false);
    char *first = scratch_read(file_of(&recording, "training.gif", path), &before);
    for (size_t i = 0; i < 2; i++) {
        scratch_put(file_of(&recording, pictures[i], path), "none");
    }
    assert_true(recorder_renew(recording.recorder, &error));
    char *second = scratch_read(file_of(&recording, "training.gif", path), &after);
    assert_int_equal(after, before);
    assert_memory_equal(second, first, before);
    free(first);
    free(second);
    end_recording(&recording);
}

/* A row of losses.csv whose epoch or step is none that a run counts, as somebody else may have written it. */
static void a_row_beyond_all_counts_is_refused(void **state)
{
    static const char *const BAD[] = {"1e300,5", "1e16,5", "-1,5",    "0,5",      "1.5,5",
                                      "nan,5",   "inf,5",  "1,1e300", "1,-1e300", "1,0"};
    struct recording recording;
    struct error error;
    char path[SCRATCH_PATH];
    open_numbers(&recording, state);
    begin(&recording);
    record_epoch(&recording, 1, false);
    char *header = scratch_read(file_of(&recording, "losses.csv", path), NULL);
    *(strchr(header, '\n') + 1) = '\0';
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        struct tables tables = {0};
        const struct position position = {.epoch = 1};
        char text[1024];
        snprintf(text, sizeof text, "%s%s,1,1,1,1,1,1,1,1,1\n", header, BAD[i]);
        scratch_put(path, text);
        assert_false(tables_open(&tables, recording.outdir, recording.gan, &position, &error));
        assert_int_equal(error.status, STATUS_USAGE);
        assert_contains(error.message, "line 2 ");
        assert_file_holds(path, text);
        assert_true(tables_close(&tables, &error));
    }
    free(header);
    end_recording(&recording);
}

/* The steps of the checkpoints beside the latest. */
static void check_steps(const struct recording *recording, const size_t *wanted, size_t count)
{
    struct error error;
    size_t *steps, found;
    assert_true(outdir_numbers(recording->outdir, SERIES_CHECKPOINTS, &steps, &found, &error));
    assert_int_equal(found, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(steps[i], wanted[i]);
    }
    free(steps);
}

static void write_checkpoint(struct recording *recording, uint64_t step)
{
    struct error error;
    const struct position position = {0};
    recording->gan->steps = step;
    assert_true(recorder_checkpoint(recording->recorder, &position, NULL, &error));
}

/* Checkpoints of later steps than the one that a training goes back to stay, for it comes there again; but not where it
 * was rescued, and goes another way from there. */
static void later_checkpoints_stay_but_after_a_rescue(void **state)
{
    struct recording recording;
    open_recording(&recording, state, (const char *const[]){"--keep_checkpoints=2", NULL});
    begin(&recording);
    for (uint64_t step = 10; step <= 40; step += 10) {
        write_checkpoint(&recording, step);
    }
    check_steps(&recording, (const size_t[]){20, 30}, 2);
    write_checkpoint(&recording, 10);
    check_steps(&recording, (const size_t[]){20, 30, 40}, 3);
    write_checkpoint(&recording, 20);
    check_steps(&recording, (const size_t[]){10, 30, 40}, 3);
    gan_set_rescues(recording.gan, 1);
    write_checkpoint(&recording, 20);
    check_steps(&recording, (const size_t[]){10}, 1);
    end_recording(&recording);
}

static int prepare(void **state)
{
    (void)state;
    matmul_prepare();
    omp_set_num_threads(1); /* nets this small gain nothing from more */
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_holds_the_means_of_what_was_added),
        scratch_test(a_column_of_the_grid_is_one_class),
        scratch_test(classes_beyond_the_columns_follow_one_another),
        scratch_test(pictures_are_of_every_few_epochs_and_the_last),
        scratch_test(the_animation_takes_ten_seconds_in_even_strides),
        scratch_test(animation_and_curves_grow_while_training),
        scratch_test(an_animation_without_pictures_stays_as_it_was),
        scratch_test(a_row_beyond_all_counts_is_refused),
        scratch_test(later_checkpoints_stay_but_after_a_rescue),
    };
    return cmocka_run_group_tests_name("recorder", tests, prepare, NULL);
}
