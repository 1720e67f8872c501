#include "cli/summary.h"

#include "base/count.h"
#include "base/memory.h"
#include "cli/config_file.h"
#include "cli/text.h"
#include "cli/values.h"
#include "gan/describe.h"
#include "io/folder.h"
#include "nn/matmul.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { MARGIN = 15 }; /* no line but that of a long path is wider than TEXT_COLUMNS */

static void print_fallback(FILE *out)
{
    fprintf(out, "No MNIST was found: training on the built-in drawn digits.\n"
                 "(scripts/fetch_mnist.sh fetches it; --data says where it is; --data digits\n"
                 "asks for the drawn ones.)\n\n");
}

static void print_data(FILE *out, const struct dataset *dataset)
{
    char count[COUNT_TEXT];
    fprintf(out, "%-*s%s images of %zu x %zu", MARGIN, "data", count_print(dataset->count, count), dataset->height,
            dataset->width);
    bool found[CLASSES_MAX];
    const size_t classes = dataset_find_classes(dataset, found);
    if (classes && classes < dataset->classes) {
        fprintf(out, ", %zu of %zu classes", classes, dataset->classes);
    } else if (dataset->classes) {
        fprintf(out, ", %zu classes", dataset->classes);
    }
    fprintf(out, "\n");
    if (dataset->built_in) {
        fprintf(out, "%-*sbuilt-in drawn digits\n", MARGIN, "");
        return;
    }
    fprintf(out, "%-*s%s\n", MARGIN, "", dataset->images_path);
    if (dataset->labels_path) {
        fprintf(out, "%-*s%s\n", MARGIN, "", dataset->labels_path);
    }
}

/* A line for each layer: its name, shape, what follows it, and how many parameters it has. */
static void print_nets(FILE *out, const struct description *description)
{
    char count[COUNT_TEXT];
    for (size_t n = 0; n < DESCRIBE_NETS; n++) {
        const struct described_net *net = &description->nets[n];
        fprintf(out, "%-*s%s parameters\n", MARGIN, net->name, count_print(net->parameters, count));
        for (size_t i = 0; i + 1 < description->rows[n].count; i++) { /* what comes out goes without saying */
            const struct diagram_box *box = &net->boxes[i];
            fprintf(out, "  %-12s %-*s", box->title, box->lines[1][0] ? 13 : 0, box->lines[0]);
            if (net->box_parameters[i]) {
                fprintf(out, " %-38s %10s\n", box->lines[1], count_print(net->box_parameters[i], count));
            } else {
                fprintf(out, "%s%s\n", box->lines[1][0] ? " " : "", box->lines[1]);
            }
        }
    }
}

static bool is_recipe(const struct flag *flag)
{
    return flag->in_recipe || flag->group == GROUP_OBJECTIVE || flag->group == GROUP_OPTIMIZER ||
           flag->group == GROUP_STEP;
}

/* The recipe as the flags that make it, filled into lines. */
static bool print_recipe(FILE *out, const struct options *options, struct error *error)
{
    size_t column = (size_t)fprintf(out, "%-*s%s:", MARGIN, "recipe", options->config.preset);
    const char *separator = " ";
    for (size_t i = 0; i < GAN_TRAIN.flag_count; i++) {
        const struct flag *flag = &GAN_TRAIN.flags[i];
        if (!is_recipe(flag) || !value_is_set(flag, options) || !flag_applies(flag, options)) {
            continue;
        }
        char *value = value_text(flag, options);
        if (!value) {
            return error_set(error, STATUS_FAILED, "the recipe: no memory");
        }
        const size_t width = strlen(flag->name) + 1 + strlen(value);
        column += strlen(separator) + width;
        if (column + 1 > TEXT_COLUMNS) { /* 1 for the comma that may follow */
            fprintf(out, "%.1s\n%*s%s %s", separator, MARGIN, "", flag->name, value);
            column = MARGIN + width;
        } else {
            fprintf(out, "%s%s %s", separator, flag->name, value);
        }
        free(value);
        separator = ", ";
    }
    fprintf(out, "\n");
    return true;
}

/* A word where another optimizer has the rate that the preset has for its own. */
static bool print_borrowed_rate(FILE *out, const struct options *options, struct error *error)
{
    struct options preset = {0};
    if (!options_defaults(options->config.preset, &preset, error)) {
        return false;
    }
    const struct config *config = &options->config, *usual = &preset.config;
    bool good = true;
    if (config->optimizer != usual->optimizer && config->learning_rate == usual->learning_rate) {
        char *optimizer = value_text(flag_find(&GAN_TRAIN, "optimizer"), &preset), text[256];
        good = optimizer || error_set(error, STATUS_FAILED, "the recipe: no memory");
        if (good) {
            snprintf(text, sizeof text, "learning_rate %g is the one that %s has for %s; --learning_rate sets another",
                     config->learning_rate, config->preset, optimizer);
            text_print_wrapped(text, 0, MARGIN, out);
        }
        free(optimizer);
    }
    options_free(&preset);
    return good;
}

static void print_measuring(FILE *out, const struct measuring *measuring)
{
    const struct judge_find *judge = &measuring->find;
    char count[COUNT_TEXT];
    if (measuring->metrics) {
        fprintf(out, "%-*s%s images every ", MARGIN, "measured", count_print(METRICS_IMAGES, count));
        if (measuring->every > 1) {
            fprintf(out, "%zu epochs", measuring->every);
        } else {
            fprintf(out, "epoch");
        }
        fprintf(out, ", by a judge that was %s\n",
                judge->trained ? judge->damaged ? "trained anew, the one kept was no good" : "trained now" : "kept");
        if (judge->kept) {
            fprintf(out, "%*s%s\n", MARGIN, "", judge->path);
        } else {
            fprintf(out, "%*snot kept: %s\n", MARGIN, "", judge->why_not.message);
        }
    } else if (measuring->why_not.message[0]) {
        char text[sizeof measuring->why_not.message + 8];
        snprintf(text, sizeof text, "not: %s", measuring->why_not.message);
        fprintf(out, "measured ");
        text_print_wrapped(text, sizeof "measured", MARGIN, out);
    }
}

bool summary_print(FILE *out, const struct options *options, const struct training *training, size_t threads,
                   struct error *error)
{
    const struct dataset *dataset = &training->dataset;
    const struct gan *gan = training->trainer.gan;
    if (dataset->fallback) {
        print_fallback(out);
    }
    if (options->quiet) {
        return true;
    }
    struct description *description = memory_allocate(1, sizeof *description, "the screen", error);
    if (!description) {
        return false;
    }
    describe_gan(gan, dataset->height, dataset->width, description);
    fprintf(out, "gan-train %s\n\n", GAN_VERSION);
    print_data(out, dataset);
    print_nets(out, description);
    free(description);
    if (!print_recipe(out, options, error) || !print_borrowed_rate(out, options, error)) {
        return false;
    }
    const size_t steps = gan_steps_per_epoch(&options->config, dataset->count);
    fprintf(out, "%-*s%zu in an epoch\n", MARGIN, "steps", steps);
    print_measuring(out, &training->measuring);
    char library[MATMUL_LIBRARY_SIZE];
    fprintf(out, "%-*s%zu thread%s, %s\n", MARGIN, "machine", threads, threads == 1 ? "" : "s",
            matmul_library(library));
    fprintf(out, "%-*s%s\n", MARGIN, "output", options->config.outdir);
    char written[96];
    snprintf(written, sizeof written, "samples/, losses.csv, losses.svg, %straining.gif, checkpoints/",
             training->measuring.metrics ? "metrics.csv, metrics.svg, " : "");
    text_print_wrapped(written, 0, MARGIN, out);
    fputc('\n', out);
    return true;
}

/* What a run that is longer than its schedule learns by from there on. */
static void print_schedule_end(FILE *out, const struct options *options, const struct optimizer *optimizer)
{
    const struct config *config = &options->config;
    const size_t end = config->schedule_epochs;
    if (!config_has_schedule_epochs(config) || end == 0 || config->epochs <= end) {
        return;
    }
    if (optimizer->floor > 0 && !options->quiet) {
        fprintf(out, "%-*safter epoch %zu the learning rate of D stays at %g\n\n", MARGIN, "schedule", end,
                optimizer->learning_rate * optimizer->floor);
    } else if (optimizer->floor == 0) {
        fprintf(out,
                "after epoch %zu (schedule_epochs) the learning rate is 0, and nothing more is learned: another run "
                "can begin with these weights (--init_from)\n",
                end);
    }
}

void summary_print_beginning(FILE *out, const struct options *options, const struct trainer *trainer,
                             const struct checkpoint *checkpoint, const struct weights_taken *taken)
{
    if (recorder_lacks_rows(trainer->recorder)) {
        fprintf(out, "losses.csv or steps.csv lacks rows of what was done before; it goes on without them\n");
    }
    if (options->quiet) {
        print_schedule_end(out, options, &trainer->gan->discriminator.optimizer);
        return;
    }
    if (checkpoint && checkpoint_is_beginning(checkpoint)) {
        fprintf(out, "%-*s%s has no checkpoint yet: it begins\n\n", MARGIN, "resume", options->config.outdir);
    } else if (checkpoint) {
        fprintf(out, "%-*s%s\n%-*safter step %llu, %zu epoch%s done\n", MARGIN, "resume", checkpoint_path(checkpoint),
                MARGIN, "", (unsigned long long)trainer->gan->steps, trainer->position.epoch,
                trainer->position.epoch == 1 ? "" : "s");
        if (trainer->gan->rescues) {
            const struct player *discriminator = &trainer->gan->discriminator;
            fprintf(out, "%*srescued %zu time%s so far: the learning rate of D is %g now\n", MARGIN, "",
                    trainer->gan->rescues, trainer->gan->rescues == 1 ? "" : "s",
                    optimizer_rate(&discriminator->optimizer, discriminator->updates));
        }
        fprintf(out, "\n");
    }
    print_schedule_end(out, options, &trainer->gan->discriminator.optimizer);
    if (taken->wanted > 0) {
        fprintf(out, "%-*s%s\n%*s%zu of %zu tensors, %zu of G, %zu of D%s\n", MARGIN, "init_from",
                options->config.init_from, MARGIN, "", taken->generator + taken->discriminator, taken->wanted,
                taken->generator, taken->discriminator, taken->lacking ? "; not in it, and begun as without it:" : "");
        if (taken->lacking) {
            text_print_wrapped(taken->lacking, 0, MARGIN, out);
        }
        fprintf(out, "\n");
    }
}

/* A string as JSON has it. A path that is no UTF-8 cannot be written there: it is left out. */
static void print_json_string(FILE *out, const char *name, const char *text)
{
    json_t *string = text ? json_string(text) : NULL;
    char *quoted = string ? json_dumps(string, JSON_ENCODE_ANY) : NULL;
    if (quoted) {
        fprintf(out, "    \"%s\": %s,\n", name, quoted);
    }
    free(quoted);
    json_decref(string);
}

/* The whole path of a file, so that a run that goes on finds it from wherever it is started. */
static void print_json_path(FILE *out, const char *name, const char *path)
{
    char *whole = path ? path_whole(path) : NULL;
    print_json_string(out, name, whole ? whole : path);
    free(whole);
}

/* Classes that no image has, where there are such, as labels that begin with 1 leave one. */
static void print_json_absent(FILE *out, const struct dataset *dataset)
{
    bool found[CLASSES_MAX];
    const size_t count = dataset_find_classes(dataset, found);
    if (!count || count == dataset->classes) {
        return;
    }
    const char *separator = "    \"absent_classes\": [";
    for (size_t c = 0; c < dataset->classes; c++) {
        if (!found[c]) {
            fprintf(out, "%s%zu", separator, c);
            separator = ", ";
        }
    }
    fprintf(out, "],\n");
}

/* The text of config.json around that of the options. */
static void print_config_json(FILE *out, const char *flags, const struct dataset *dataset)
{
    fprintf(out, "{\n  \"program\": \"gan-train\",\n  \"version\": \"%s\",\n  \"data\": {\n", GAN_VERSION);
    if (dataset->built_in) {
        print_json_string(out, "images", SUMMARY_BUILT_IN);
    }
    print_json_path(out, "images", dataset->images_path);
    print_json_path(out, "labels", dataset->labels_path);
    fprintf(out, "    \"count\": %zu,\n    \"height\": %zu,\n    \"width\": %zu,\n    \"classes\": %zu,\n",
            dataset->count, dataset->height, dataset->width, dataset->classes);
    print_json_absent(out, dataset);
    fprintf(out, "    \"checksum\": \"%08lx\"\n  },\n  \"options\": %s\n}\n", (unsigned long)dataset->checksum, flags);
}

char *summary_config_json(const struct options *options, const struct dataset *dataset, struct error *error)
{
    char *flags = config_file_text(options, 2, error);
    if (!flags) {
        return NULL;
    }
    struct text text;
    if (text_begin(&text)) {
        print_config_json(text.out, flags, dataset);
    }
    free(flags);
    char *json = text_end(&text);
    if (!json) {
        error_set(error, STATUS_FAILED, "config.json: no memory");
    }
    return json;
}
