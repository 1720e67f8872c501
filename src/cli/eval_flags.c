/* The flags of gan-eval, and what its --help and manual page say beside them. */
#include "cli/eval_options.h"
#include "eval/evaluation.h"
#include "eval/yardstick.h"

#define OPTIONS struct eval_options
#include "cli/flag_rows.h"

static bool has_run(const void *options)
{
    return ((const struct eval_options *)options)->run_count;
}

static bool has_images(const void *options)
{
    return ((const struct eval_options *)options)->images;
}

static bool has_train_images(const void *options)
{
    return ((const struct eval_options *)options)->train_images;
}

static bool has_test_images(const void *options)
{
    return ((const struct eval_options *)options)->test_images;
}

/* clang-format off */
static const struct flag FLAGS[] = {
    {"images", 0, "FILE", PATH(images), .unset = "none", .group = GROUP_IMAGES,
     .help = "instead of a run's images those of an IDX file, whoever made them"},
    {"labels", 0, "FILE", PATH(labels), .unset = "none", NEEDS(has_images, "--images"), .group = GROUP_IMAGES,
     .help = "an IDX file of the classes that were asked for"},
    {"count", 'n', "N", WHOLE(count, IMAGES_MIN, UINT32_MAX), .unset = TEXT_OF(EVAL_COUNT) ", or a whole file that has fewer",
     .group = GROUP_IMAGES,
     .help = "images in a draw; figures of other numbers of images are other figures: compare those of equally many"},
    {"draws", 0, "N", WHOLE(draws, 1, DRAWS_MAX), .unset = TEXT_OF(EVAL_DRAWS) ", or 1 without a judge",
     .group = GROUP_IMAGES,
     .help = "how often to draw, for the spread of the figures; of a file as often as it has new images"},
    {"no_ema", 0, NULL, SWITCH(no_ema), NEEDS(has_run, "a run"), .group = GROUP_IMAGES,
     .help = "measure G's own weights instead of their averages, where the run has an --ema"},
    {"seed", 0, "S", .type = VALUE_SEED, FIELD(seed), .unset = "the run's own, and 0 for files",
     .group = GROUP_IMAGES,
     .help = "of the noise that the images are made of, and of the choice of real ones beside them"},

    {"data", 0, "FOLDER", PATH(data), .unset = "where the run had them; else as for gan-train", .group = GROUP_DATA,
     .help = "where the real images are, training and test: a folder of IDX files, or digits for the built-in ones"},
    {"train_images", 0, "FILE", PATH(train_images), .unset = "none", .group = GROUP_DATA,
     .help = "an IDX file of training images instead of --data"},
    {"train_labels", 0, "FILE", PATH(train_labels), .unset = "none", NEEDS(has_train_images, "--train_images"),
     .group = GROUP_DATA, .help = "an IDX file of their classes"},
    {"test_images", 0, "FILE", PATH(test_images), .unset = "the run's, else beside the training images", .group = GROUP_DATA,
     .help = "an IDX file of test images"},
    {"test_labels", 0, "FILE", PATH(test_labels), .unset = "none", NEEDS(has_test_images, "--test_images"),
     .group = GROUP_DATA, .help = "an IDX file of their classes"},

    {"k", 0, "K", WHOLE(neighbours, 1, 100), .unset = TEXT_OF(YARDSTICK_NEIGHBOURS), .group = GROUP_MEASURES,
     .help = "the neighbour that the balls of precision, recall, density and coverage reach to"},

    {"json", 0, NULL, SWITCH(json), .group = GROUP_OUTPUT,
     .help = "print JSON, with the figures of each draw, rather than a table; of several runs an array"},

    {"quiet", 'q', NULL, SWITCH(quiet), .group = GROUP_PROGRAM, .help = "do not say how far it is"},
    {"threads", 0, "N", WHOLE(threads, 1, 1024), .unset = "the cores this process may use", .group = GROUP_PROGRAM,
     .help = "computing threads; their number never changes a bit"},
    LAST_ROWS,
};
/* clang-format on */
_Static_assert(sizeof FLAGS / sizeof *FLAGS <= FLAGS_MAX, "more flags than FLAGS_MAX");

static const char *const ABOUT[] = {
    "Measures how good generated images are: those of a run of gan-train, from its newest checkpoint or from a "
    "checkpoint file, or any in an IDX file. Beside each figure stands what real images get; the "
    "manual page says what each is. Several runs come into one table.",
    "Images are compared in the features of a judge, a classifier that the program trains once for each set of "
    "labelled training images, in a quarter of a minute, and keeps in the user's cache folder. Without labels the "
    "figures that need no judge are measured.",
    NULL,
};

static const char *const EXAMPLES[] = {
    "gan-eval out",
    "gan-eval out/checkpoints/step_00023400.safetensors --json",
    "gan-eval runs/seed_*",
    "gan-eval --images fakes-images-idx3-ubyte --data data/mnist",
    NULL,
};

static const struct exit_status STATUSES[] = {
    {"0", "done"},
    {"1", "failed while running (disk, memory)"},
    {"2", "wrong usage or input"},
    {"130", "stopped by a signal"},
    {NULL, NULL},
};

static const char MANUAL[] =
    ".SH FIGURES\n"
    "Behind +\\- stands the standard deviation from draw to draw; of the last two the standard "
    "error. Real images are training images, as many as are measured; for the nearest "
    "training image and the class accuracy they are the test images.\n"
    ".TP\n.B Frechet distance (FD)\n"
    "between Gaussians fitted to the features of the images and of the test images: how "
    "different they are in all. The first to look at.\n"
    ".TP\n.B coverage, recall\n"
    "the share of test images that have an image within the distance of their k-th nearest test "
    "image; that lie within the distance of some image's own k-th nearest.\n"
    ".TP\n.B precision, density\n"
    "the share of images within such a distance of a test image; within those of how many, over k. "
    "Good as real images have them: where coverage is low they say little.\n"
    ".TP\n.B classes alive, KL of the classes\n"
    "those with a tenth or more of their share in the training images; the Kullback-Leibler "
    "divergence of the images' classes from theirs, in nats.\n"
    ".TP\n.B class accuracy\n"
    "of a conditional run, the share of images that are of the class asked for.\n"
    ".TP\n.B nearest training image\n"
    "the median distance to it, pixels from 0 to 1. Far less than the test images' own: "
    "remembered.\n"
    ".TP\n.B Parzen log-likelihood\n"
    "of the test images, in nats, under windows on the images (Goodfellow et al. 2014).\n"
    ".SH ENVIRONMENT\n"
    ".TP\n.B XDG_CACHE_HOME\n"
    "Judges are kept in its folder gan\\-train; without it in ~/.cache/gan\\-train.\n"
    ".TP\n.B GAN_DATA\n"
    "Where the real images are, as for gan-train, where neither a run nor a flag says so.\n"
    ".SH SEE ALSO\n"
    ".BR gan\\-train (1),\n"
    ".BR gan\\-sample (1)\n";

const struct command GAN_EVAL = {
    .name = "gan-eval",
    .operand = "[RUN ...]",
    .operands_max = OPERANDS_MAX,
    .texts = &EVAL_TEXTS,
    .flags = FLAGS,
    .flag_count = sizeof FLAGS / sizeof *FLAGS,
    .options_size = sizeof(struct eval_options),
};

const struct texts EVAL_TEXTS = {
    .summary = "measure how good generated images are",
    .about = ABOUT,
    .defaults = "[In brackets] stands what holds without the flag.",
    .examples = EXAMPLES,
    .statuses = STATUSES,
    .manual = MANUAL,
};
