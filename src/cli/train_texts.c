/* What --help and the manual page of gan-train say beside its flags. */
#include "cli/options.h"

static const char *const ABOUT[] = {
    "Trains a generative adversarial network, whose generator G and discriminator D are multilayer perceptrons, on "
    "images in IDX files such as MNIST, or on digits that it draws itself. After each epoch it writes a grid of "
    "generated images and a row of losses.",
    "The same seed gives the same bytes, with any number of threads.",
    NULL,
};

static const char *const EXAMPLES[] = {
    "gan-train --epochs 100 --outdir out",
    "gan-train --preset conditional --data data/mnist",
    "gan-train --config out/config.json --outdir again --seed 1",
    "gan-train --resume out --epochs 200",
    NULL,
};

static const struct exit_status STATUSES[] = {
    {"0", "done"},
    {"1", "failed while running (disk, memory)"},
    {"2", "wrong usage or input, and nothing was written"},
    {"3", "the training diverged beyond rescue"},
    {"130", "stopped by a signal after saving"},
    {NULL, NULL},
};

static const char MANUAL[] =
    ".SH CONFIGURATION FILES\n"
    "A JSON object of flags, as \\fB\\-\\-print_config\\fR prints it.\n"
    "Numbers are numbers (a seed above 2\\(ha63 \\- 1 is a string), flags without a value and those of yes and no are "
    "true or false, all others are strings.\n"
    "The \\fIconfig.json\\fR of an earlier run will do as well.\n"
    "Paths in it are relative to the folder that gan\\-train is called in.\n"
    ".PP\n"
    "The command line overrules the file, the file its preset.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n"
    ".B GAN_DATA\n"
    "The value of \\fB\\-\\-data\\fR where neither it nor \\fB\\-\\-images\\fR is given.\n"
    ".TP\n"
    ".B XDG_CACHE_HOME\n"
    "Judges, which \\fB\\-\\-eval_every\\fR needs, are kept in its folder gan\\-train; without it in "
    "~/.cache/gan\\-train.\n"
    ".SH FILES\n"
    "In the folder of \\fB\\-\\-outdir\\fR:\n"
    ".TP\n"
    ".I config.json\n"
    "all flags as they were resolved, the version and the checksum of the data\n"
    ".TP\n"
    ".I losses.csv\n"
    "a row for each epoch\n"
    ".TP\n"
    ".I steps.csv\n"
    "a row for each \\fB\\-\\-log_every\\fR steps\n"
    ".TP\n"
    ".IR metrics.csv \", \" metrics.svg\n"
    "how good the generated images are, for each \\fB\\-\\-eval_every\\fR epochs and where the run ends, and its "
    "curves\n"
    ".TP\n"
    ".I samples/epoch_0000.png ...\n"
    "images from fixed noise, before training and after epochs\n"
    ".TP\n"
    ".IR training.gif \", \" losses.svg \", \" networks.svg\n"
    "those images over the epochs, the losses as curves, and the two nets\n"
    ".TP\n"
    ".I checkpoints/latest.safetensors\n"
    "all that \\fB\\-\\-resume\\fR needs; \\fIstep_00000000.safetensors\\fR and the like are older ones, and "
    "\\fIbest_00000000.safetensors\\fR the one with the lowest Frechet distance, where images are measured and it is "
    "not the latest\n"
    ".TP\n"
    ".I events.csv\n"
    "a row for each time that the training diverged and was taken back, if there was one\n"
    ".SH SEE ALSO\n"
    ".BR gan\\-sample (1),\n"
    ".BR gan\\-eval (1)\n";

const struct texts TRAIN_TEXTS = {
    .summary = "train a generative adversarial network of multilayer perceptrons",
    .about = ABOUT,
    .defaults = "[In brackets] stands what holds without the flag under the default preset; "
                "`gan-train --preset NAME --print_config' shows another's.",
    .examples = EXAMPLES,
    .statuses = STATUSES,
    .manual = MANUAL,
};
