/* gan-sample: options, a generator, its images. The only file of the program that exits. */
#include "base/memory.h"
#include "cli/help.h"
#include "cli/program.h"
#include "cli/real_images.h"
#include "cli/sample_options.h"
#include "cli/saved_generator.h"
#include "eval/nearest.h"
#include "gan/gallery.h"
#include "io/folder.h"
#include "io/image.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ANIMATION_SIDE = 256 /* pixels up to which an animation is enlarged */ };

static size_t divide_up(size_t a, size_t b)
{
    return (a + b - 1) / b;
}

/* Which class the images are of: the one that is asked for, that of a way's first image, or each in turn that training
 * images have. */
static bool choose_classes(struct gallery *gallery, const struct sample_options *options,
                           const struct saved_generator *saved, struct error *error)
{
    const size_t classes = saved->classes;
    if (options->has_label && options->label >= classes) {
        return error_set(error, STATUS_USAGE,
                         classes ? "--class: %zu: the run has classes 0 to %zu"
                                 : "--class: %zu: the run is not conditional",
                         options->label, classes - 1);
    }
    if (options->has_label && saved->data.absent[options->label]) {
        return error_set(error, STATUS_USAGE, "--class: %zu: none of the run's training images was of that class",
                         options->label);
    }
    for (size_t c = 0; c < classes; c++) {
        if (!saved->data.absent[c]) {
            gallery->turn[gallery->classes++] = (unsigned char)c;
        }
    }
    if (options->has_label) {
        gallery->turn[0] = (unsigned char)options->label;
        gallery->classes = 1;
    } else if (gallery->classes && options->interpolate.count) {
        gallery->turn[0] = gallery->turn[options->interpolate.images[0] % gallery->classes];
        gallery->classes = 1;
    }
    return true;
}

/* As asked for; of a way a row for each two of its waypoints, ends included; else about as many rows as columns, and,
 * where classes come in turn, each column of one class. */
static void choose_grid(struct gallery *gallery, const struct sample_options *options)
{
    if (options->interpolate.count) {
        gallery->rows = options->interpolate.count - 1;
        gallery->columns = options->steps + 1;
        gallery->row_stride = options->steps;
        return;
    }
    if (options->grid[0]) {
        gallery->rows = options->grid[0];
        gallery->columns = options->grid[1];
    } else {
        const double side = sqrt((double)gallery->count);
        const size_t classes = gallery->classes > 1 ? gallery->classes : 0;
        const size_t columns = classes ? classes * (size_t)fmax(1, round(side / (double)classes)) : (size_t)ceil(side);
        gallery->columns = columns < gallery->count ? columns : gallery->count;
        gallery->rows = divide_up(gallery->count, gallery->columns);
    }
    gallery->row_stride = gallery->columns;
}

/* As asked for; else animations of small images are enlarged. */
static size_t choose_scale(const struct gallery *gallery, const struct sample_options *options)
{
    const size_t side = gallery->height > gallery->width ? gallery->height : gallery->width;
    return options->scale                                           ? options->scale
           : options->format == FORMAT_GIF && side < ANIMATION_SIDE ? ANIMATION_SIDE / side
                                                                    : 1;
}

/* Refuses a picture that would be too large, before its images are drawn. */
static bool check_size(const struct gallery *gallery, const struct sample_options *options, struct error *error)
{
    const bool grid = options->format == FORMAT_GRID && !options->nearest;
    const size_t rows = grid ? gallery->rows : 1, columns = grid ? gallery->columns : 1, scale = gallery->scale;
    const size_t height = image_grid_side(rows, gallery->height), width = image_grid_side(columns, gallery->width);
    const bool picture = options->format == FORMAT_GRID || options->format == FORMAT_PNG;
    return !picture || image_fits_png(scale * height, scale * width) ||
           error_set(error, STATUS_USAGE,
                     "%zu x %zu pixels are too many for a PNG; wanted fewer images, or a smaller --scale",
                     scale * height, scale * width);
}

/* The run's training images, where they are now. */
static bool load_data(const struct sample_options *options, const struct saved_generator *saved,
                      struct dataset *dataset, struct error *error)
{
    const struct config *config = &saved->options.config;
    struct dataset_source source = {
        .folder = options->data,
        .images = options->images,
        .labels = options->labels,
        .limit = config->limit_images,
    };
    const bool elsewhere = source.folder || source.images;
    recorded_source(&saved->data, &source);
    if (dataset_load(&source, dataset, error) && recorded_check(&saved->data, dataset, error)) {
        return true;
    }
    if (!elsewhere) {
        recorded_advise(&saved->data, "--images", error);
    }
    return false;
}

static void print_neighbours(FILE *out, const struct neighbour *nearest, size_t count)
{
    fprintf(out, "image,nearest,distance\n");
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "%zu,%zu,%.6f\n", i, nearest[i].index, nearest_distance(nearest[i]));
    }
}

static bool draw_nearest(const struct gallery *gallery, const struct sample_options *options,
                         const struct saved_generator *saved, struct error *error)
{
    const size_t count = gallery->count, pixels = gallery->height * gallery->width;
    struct dataset dataset = {0};
    unsigned char *bytes = NULL;
    struct neighbour *nearest = NULL;
    struct image grid = {0};
    bool good = load_data(options, saved, &dataset, error) &&
                (bytes = memory_allocate(count, pixels, "the images", error)) &&
                (nearest = memory_allocate(count, sizeof *nearest, "the neighbours", error));
    if (good) {
        const struct image_set images = {bytes, count, pixels}, training = real_images_of(&dataset);
        const struct watch watch = {.stop = gallery->stop};
        good = gallery_draw(gallery, 0, count, bytes, error) &&
               nearest_find(images, training, nearest, &watch, "", error) &&
               nearest_grid(images, training, nearest, gallery->height, gallery->width, &grid, error) &&
               image_write_enlarged(options->output, &grid, gallery->scale, image_write_png, error);
    }
    if (good) {
        print_neighbours(strcmp(options->output, "-") == 0 ? stderr : stdout, nearest, count);
    }
    image_free(&grid);
    dataset_free(&dataset);
    free(bytes);
    free(nearest);
    return good;
}

static bool write_images(const struct gallery *gallery, const struct sample_options *options, struct error *error)
{
    switch (options->format) {
    case FORMAT_UNSET:
    case FORMAT_GRID:
        return gallery_write_grid(gallery, options->output, error);
    case FORMAT_PNG:
        return gallery_write_folder(gallery, options->output, error);
    case FORMAT_IDX:
        return gallery_write_idx(gallery, options->output, error);
    case FORMAT_NPY:
        return gallery_write_npy(gallery, options->output, error);
    case FORMAT_GIF:
        return gallery_write_gif(gallery, options->output, error);
    }
    return true;
}

static bool draw_with(struct gallery *gallery, const struct sample_options *options,
                      const struct saved_generator *saved, struct error *error)
{
    const struct config *config = &saved->options.config;
    real *latents = NULL;
    if (options->interpolate.count) {
        latents = memory_allocate(gallery->count, config->encoding_dims * sizeof *latents, "the way", error);
        if (!latents) {
            return false;
        }
        interpolation_draw(config, &options->interpolate, options->steps, latents);
        gallery->latents = latents;
    }
    bool good = options->nearest ? draw_nearest(gallery, options, saved, error) : write_images(gallery, options, error);
    if (good && !options->nearest && strcmp(options->output, "-") != 0) {
        printf("%zu image%s in %s\n", gallery->count, gallery->count == 1 ? "" : "s", options->output);
    }
    free(latents);
    return good;
}

static bool draw_of(const struct sample_options *options, struct saved_generator *saved, struct error *error)
{
    struct gallery gallery = {.count = options->count, .height = saved->data.height, .width = saved->data.width};
    if (!choose_classes(&gallery, options, saved, error)) {
        return false;
    }
    choose_grid(&gallery, options);
    gallery.scale = choose_scale(&gallery, options);
    if (!check_size(&gallery, options, error)) {
        return false;
    }
    if (options->has_seed) {
        saved->options.config.seed = options->seed;
    }
    gallery.stop = program_catch_signals();
    gallery.sampler = sampler_create(&saved->options.config, saved->generator, saved->classes, error);
    bool good = gallery.sampler && draw_with(&gallery, options, saved, error);
    sampler_free(gallery.sampler);
    return good;
}

/* Whether there is a folder to write to, seen before anything is drawn; one of images is made. */
static bool check_output(const struct sample_options *options, struct error *error)
{
    if (strcmp(options->output, "-") == 0) {
        return !isatty(STDOUT_FILENO) ||
               error_set(error, STATUS_USAGE,
                         "--output: - is a terminal, which shows no images; wanted a pipe or a file");
    }
    if (options->format == FORMAT_PNG) {
        return true;
    }
    char *folder = path_folder(options->output, error);
    const bool good = folder && (access(folder, W_OK) == 0 ||
                                 error_set(error, error_blame(errno), "--output: %s: cannot create this file in %s: %s",
                                           options->output, folder, strerror(errno)));
    free(folder);
    return good;
}

static bool draw(const struct sample_options *options, struct error *error)
{
    struct saved_generator saved;
    if (!check_output(options, error) || !program_start_threads(options->threads, error) ||
        !saved_generator_load(options->run, options->no_ema, &saved, error)) {
        return false;
    }
    const bool good = (!options->no_ema || saved_generator_check_ema(&saved, error)) && draw_of(options, &saved, error);
    saved_generator_free(&saved);
    return good;
}

int main(int argc, char **argv)
{
    program_begin(argv);
    struct sample_options options = {0};
    struct error error = {0};
    const bool good =
        sample_options_parse(argc, argv, &options, &error) &&
        (options.action == ACTION_RUN ? draw(&options, &error)
                                      : help_answer(&GAN_SAMPLE, options.action, options.shell, stdout, &error));
    const int status = program_finish("gan-sample", good, &error);
    sample_options_free(&options);
    return status;
}
