/* What a run's config.json says of its data. summary_config_json writes it. */
#ifndef CLI_RECORDED_H
#define CLI_RECORDED_H

#include "base/error.h"
#include "data/dataset.h"

#include <stddef.h>
#include <stdint.h>

struct recorded_data {
    char *images, *labels; /* paths, owned; NULL: none, as of the built-in digits, or one that JSON cannot hold */
    size_t count, height, width, classes; /* as in struct dataset */
    bool absent[CLASSES_MAX]; /* classes below that number which no image has */
    uint32_t checksum;
    bool built_in; /* the drawn digits */
};

/* Reads it from the text of a config.json; place is where that stands, for messages. STATUS_USAGE with place, member
 * and what was wanted where something is missing or of another type; then *data holds nothing. */
bool recorded_data_read(const char *config_json, const char *place, struct recorded_data *data, struct error *error);
void recorded_data_free(struct recorded_data *data);

/* A source that names neither folder nor images becomes the place where the run had them, if they are there. The
 * record's paths stay its own. */
void recorded_source(const struct recorded_data *recorded, struct dataset_source *source);

/* Adds to a refusal of other data where the run had its own, if they are not there any more; `flag` and --data say
 * where they are now. */
void recorded_advise(const struct recorded_data *recorded, const char *flag, struct error *error);

/* Whether data that were loaded are those of the run, by their sizes and checksum; STATUS_USAGE where they are not. */
bool recorded_check(const struct recorded_data *recorded, const struct dataset *dataset, struct error *error);

#endif
