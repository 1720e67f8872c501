/* The flags of gan-sample, and what its --help and manual page say beside them. */
#include "cli/sample_options.h"

#define OPTIONS struct sample_options
#include "cli/flag_rows.h"

static const char *const FORMATS[] = {
    [FORMAT_UNSET] = "",
    [FORMAT_GRID] = "grid",
    [FORMAT_PNG] = "png",
    [FORMAT_IDX] = "idx",
    [FORMAT_NPY] = "npy",
    [FORMAT_GIF] = "gif",
    NULL,
};

static bool is_interpolation(const void *options)
{
    return ((const struct sample_options *)options)->interpolate.count;
}

static bool is_nearest(const void *options)
{
    return ((const struct sample_options *)options)->nearest;
}

static bool has_images(const void *options)
{
    return ((const struct sample_options *)options)->images;
}

/* clang-format off */
static const struct flag FLAGS[] = {
    {"count", 'n', "N", WHOLE(count, 1, UINT32_MAX), .unset = "as many as --grid has room for, else "
     TEXT_OF(SAMPLE_COUNT) ", or " TEXT_OF(SAMPLE_COUNT_NEAREST) " with --nearest", .group = GROUP_IMAGES,
     .help = "how many images; image I is the same whatever their number"},
    {"seed", 0, "S", .type = VALUE_SEED, FIELD(seed), .unset = "the run's own, whose first images are those of its "
     "grids", .group = GROUP_IMAGES,
     .help = "of the noise that the images are made of"},
    {"class", 0, "C", WHOLE(label, 0, 255), .unset = "those that the run's images have, in turn",
     .group = GROUP_IMAGES,
     .help = "the class of all images, where the run is --conditional"},
    {"no_ema", 0, NULL, SWITCH(no_ema), .group = GROUP_IMAGES,
     .help = "draw with G's own weights instead of their averages, where the run has an --ema"},

    {"format", 0, "FORMAT", CHOICE(format, FORMATS), .unset = "what --output ends in, else grid",
     .group = GROUP_OUTPUT,
     .help = "one picture of all; a folder of pictures; an IDX file (of a conditional run's images one of labels beside "
             "it); NumPy's; an animation of --interpolate"},
    {"output", 'o', "PATH", PATH(output), .unset = "samples.png or the like", .group = GROUP_OUTPUT,
     .help = "where they go: a file, which is replaced; a folder that is new or holds such images alone; - for standard "
             "output"},
    {"grid", 0, "ROWSxCOLUMNS", .type = VALUE_GRID, FIELD(grid), RANGE(1, 1000), .unset = "about a square, and with "
     "classes one a column", .group = GROUP_OUTPUT,
     .help = "the shape of the one picture, which --count then need not fill"},
    {"scale", 0, "N", WHOLE(scale, 1, 100), .unset = "1, and an animation as large as fits into 256 pixels a side",
     .group = GROUP_OUTPUT,
     .help = "pixels are squares of so many a side in pictures and animations"},

    {"interpolate", 0, "A,B,...", .type = VALUE_WAYPOINTS, FIELD(interpolate), RANGE(0, UINT32_MAX), .unset = "none",
     .group = GROUP_INTERPOLATION,
     .help = "instead of numbered images a way through z from image A to image B and on, a row for each pair; along a "
             "great circle for normal noise, straight for uniform; of A's class"},
    {"steps", 0, "N", WHOLE(steps, 1, 1000), .initial = "10", NEEDS(is_interpolation, "--interpolate"),
     .group = GROUP_INTERPOLATION,
     .help = "from one image to the next"},

    {"nearest", 0, NULL, SWITCH(nearest), .group = GROUP_NEIGHBOURS,
     .help = "a grid in which the nearest training image stands to the right of each image, and their distances on "
             "standard output"},
    {"data", 0, "FOLDER", PATH(data), .unset = "where the run had them", NEEDS(is_nearest, "--nearest"),
     .group = GROUP_NEIGHBOURS,
     .help = "where the training images are, as for gan-train"},
    {"images", 0, "FILE", PATH(images), .unset = "none", NEEDS(is_nearest, "--nearest"), .group = GROUP_NEIGHBOURS,
     .help = "an IDX file of them instead of --data"},
    {"labels", 0, "FILE", PATH(labels), .unset = "none", NEEDS(has_images, "--images"), .group = GROUP_NEIGHBOURS,
     .help = "an IDX file of their labels, where the run had some"},

    {"threads", 0, "N", WHOLE(threads, 1, 1024), .unset = "the cores this process may use", .group = GROUP_PROGRAM,
     .help = "computing threads; their number never changes a bit"},
    LAST_ROWS,
};
/* clang-format on */
_Static_assert(sizeof FLAGS / sizeof *FLAGS <= FLAGS_MAX, "more flags than FLAGS_MAX");

static const char *const ABOUT[] = {
    "Draws images from the generator of a run of gan-train: from the newest checkpoint in the run's folder, or from a "
    "checkpoint file.",
    "An image depends on the checkpoint, its seed, its number and its class alone: not on how many are drawn, in which "
    "format, or on how many threads.",
    NULL,
};

static const char *const EXAMPLES[] = {
    "gan-sample out",
    "gan-sample out --grid 4x8 --scale 3",
    "gan-sample out --count 10000 --format idx",
    "gan-sample out --interpolate 3,14,15,3 --output way.gif",
    "gan-sample out --nearest",
    NULL,
};

static const struct exit_status STATUSES[] = {
    {"0", "done"},
    {"1", "failed while running (disk, memory)"},
    {"2", "wrong usage or input"},
    {"130", "stopped by a signal, and nothing half written is left"},
    {NULL, NULL},
};

static const char MANUAL[] = ".SH SEE ALSO\n"
                             ".BR gan\\-train (1),\n"
                             ".BR gan\\-eval (1)\n";

const struct command GAN_SAMPLE = {
    .name = "gan-sample",
    .operand = "RUN",
    .operands_max = 1,
    .texts = &SAMPLE_TEXTS,
    .flags = FLAGS,
    .flag_count = sizeof FLAGS / sizeof *FLAGS,
    .options_size = sizeof(struct sample_options),
};

const struct texts SAMPLE_TEXTS = {
    .summary = "draw images from a generator that gan-train trained",
    .about = ABOUT,
    .defaults = "[In brackets] stands what holds without the flag.",
    .examples = EXAMPLES,
    .statuses = STATUSES,
    .manual = MANUAL,
};
