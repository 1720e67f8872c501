/* What stands on the screen before the first update, and what config.json holds. */
#ifndef CLI_SUMMARY_H
#define CLI_SUMMARY_H

#include "cli/options.h"
#include "cli/training.h"
#include "data/dataset.h"
#include "gan/checkpoint.h"
#include "gan/gan.h"
#include "gan/trainer.h"

#include <stdio.h>

/* One screen: data, both nets, recipe, machine, output; with --quiet only that the data are not what was looked for,
 * where that is so. false with STATUS_FAILED when memory is short. */
bool summary_print(FILE *out, const struct options *options, const struct training *training, size_t threads,
                   struct error *error);

/* Below it: where a run goes on (checkpoint NULL: it begins), which tensors came from --init_from, and where rows are
 * missing from its tables. */
void summary_print_beginning(FILE *out, const struct options *options, const struct trainer *trainer,
                             const struct checkpoint *checkpoint, const struct weights_taken *taken);

/* What config.json calls the images of the drawn digits. */
#define SUMMARY_BUILT_IN "built-in digits"

/* The text of the run's config.json, which --config reads again: the program, its version, the data and their checksum,
 * the options. To be freed with free(); NULL with STATUS_FAILED when memory is short. */
char *summary_config_json(const struct options *options, const struct dataset *dataset, struct error *error);

#endif
