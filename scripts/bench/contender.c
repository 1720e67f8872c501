/* gan-train's own part in a race (scripts/bench/race.py): trains by the flags it is given, a block of steps each time
 * it is told to, or makes the floor's products.
 *
 *     build/contender [FLAG ...]        as gan-train's
 *
 * Says "ready" and what multiplies once it is; then to a line of
 *     steps N     N training steps: their seconds, and the mean L_D and L_G
 *     floor N     as many times their products alone: the seconds
 *     flop        floating point operations of a step's products
 *     limit       floating point operations a second that the CPU's threads can do at all; 0 where not known
 *     data PATH   writes the images as PATHimages-idx3-ubyte, and their labels as PATHlabels-idx1-ubyte: their number
 */
#include "base/clock.h"
#include "cli/options.h"
#include "cli/program.h"
#include "floor.h"
#include "gan/gan.h"
#include "gan/trainer.h"
#include "limit.h"
#include "next_step.h"
#include "nn/matmul.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void make_steps(struct gan *gan, struct dataset *dataset, size_t count)
{
    double loss_d = 0, loss_g = 0;
    const double began = clock_seconds();
    for (size_t i = 0; i < count; i++) {
        next_step(gan, dataset);
        loss_d += gan->report.loss_d;
        loss_g += gan->report.loss_g;
    }
    printf("%.9f %.6f %.6f\n", clock_seconds() - began, loss_d / (double)count, loss_g / (double)count);
}

static void make_floors(struct floor *floor, size_t count)
{
    const double began = clock_seconds();
    for (size_t i = 0; i < count; i++) {
        floor_step(floor);
    }
    printf("%.9f\n", clock_seconds() - began);
}

/* An IDX file of bytes; sizes [dimensions]. */
static bool write_idx(const char *path, const unsigned char *bytes, size_t dimensions, const size_t *sizes)
{
    FILE *file = fopen(path, "wb");
    unsigned char header[16] = {0, 0, 8, (unsigned char)dimensions};
    size_t count = 1;
    for (size_t i = 0; i < dimensions; i++) {
        for (size_t k = 0; k < 4; k++) {
            header[4 + 4 * i + k] = (unsigned char)(sizes[i] >> (24 - 8 * k));
        }
        count *= sizes[i];
    }
    const size_t length = 4 + 4 * dimensions;
    const bool good = file && fwrite(header, 1, length, file) == length && fwrite(bytes, 1, count, file) == count;
    return (!file || fclose(file) == 0) && good;
}

static bool write_data(const char *path, const struct dataset *dataset, struct error *error)
{
    char images[1100], labels[1100];
    snprintf(images, sizeof images, "%simages-idx3-ubyte", path);
    snprintf(labels, sizeof labels, "%slabels-idx1-ubyte", path);
    const size_t sizes[] = {dataset->count, dataset->height, dataset->width};
    if (!write_idx(images, dataset->images, 3, sizes) ||
        (dataset->labels && !write_idx(labels, dataset->labels, 1, sizes))) {
        return error_set(error, STATUS_FAILED, "%s: cannot write", path);
    }
    printf("%zu\n", dataset->count);
    return true;
}

static bool answer(const char *line, struct gan *gan, struct dataset *dataset, struct floor *floor, struct error *error)
{
    size_t count;
    char path[1024];
    if (strcmp(line, "flop\n") == 0) {
        printf("%.0f\n", floor_flop(floor));
    } else if (strcmp(line, "limit\n") == 0) {
        printf("%.0f\n", limit_flops());
    } else if (sscanf(line, "steps %zu", &count) == 1 && count > 0) {
        make_steps(gan, dataset, count);
    } else if (sscanf(line, "floor %zu", &count) == 1 && count > 0) {
        make_floors(floor, count);
    } else if (sscanf(line, "data %1023[^\n]", path) == 1) {
        if (!write_data(path, dataset, error)) {
            return false;
        }
    } else {
        return error_set(error, STATUS_USAGE, "wanted steps N, floor N, flop, limit or data PATH, not %s", line);
    }
    fflush(stdout);
    return true;
}

static bool race(const struct options *options, struct error *error)
{
    const struct config *config = &options->config;
    const struct dataset_source source = {.folder = config->data,
                                          .images = config->images,
                                          .labels = config->labels,
                                          .limit = config->limit_images,
                                          .labels_wanted = config->conditional};
    struct dataset dataset;
    struct floor floor = {0};
    struct gan *gan = NULL;
    if (!program_start_threads(config->threads, error) || !dataset_load(&source, &dataset, error)) {
        return false;
    }
    bool good = trainer_check(config, &dataset, error) &&
                (gan = gan_create(config, dataset.height * dataset.width, dataset.classes, error)) &&
                floor_create(&floor, gan, error);
    if (good) {
        char line[1100], library[MATMUL_LIBRARY_SIZE];
        gan_set_horizon(gan, dataset.count);
        printf("ready %s\n", matmul_library(library));
        fflush(stdout);
        while (good && fgets(line, sizeof line, stdin)) {
            good = answer(line, gan, &dataset, &floor, error);
        }
    }
    floor_free(&floor);
    gan_free(gan);
    dataset_free(&dataset);
    return good;
}

int main(int argc, char **argv)
{
    struct options options = {0};
    struct error error;
    program_begin(argv);
    const bool good = options_parse(argc, argv, &options, &error) && race(&options, &error);
    if (!good) {
        fprintf(stderr, "contender: %s\n", error.message);
    }
    options_free(&options);
    return good ? STATUS_DONE : (int)error.status;
}
