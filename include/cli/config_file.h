/* Configuration files: a flat JSON object of flags,
 *     {"preset": "deep", "epochs": 50, "g_hidden": "256,512", "conditional": true}
 * or a run's own config.json, which holds such an object under "options". Numbers are JSON's (or strings, which a seed
 * above 2^63 - 1 has to be), switches and yes/no are true and false, the rest strings as on the command line. */
#ifndef CLI_CONFIG_FILE_H
#define CLI_CONFIG_FILE_H

#include "base/error.h"
#include "cli/options.h"

#include <jansson.h>

enum { PLACE_TEXT = 512 }; /* bytes of a place in a message */

struct config_file {
    const char *flag; /* that asked for it, in messages: "--config: ", or "" */
    const char *path; /* the caller's */
    char *text;
    json_t *root;
    const json_t *options; /* in root */
};

/* Reads and checks the JSON. STATUS_USAGE with file, line and reason when it cannot be read, is larger than 1 MB, or is
 * not one object whose keys differ; then nothing is held. path must outlive file. */
bool config_file_load(const char *path, struct config_file *file, struct error *error);

/* The same of a text in memory; path is where messages say that it stands. */
bool config_file_parse(const char *text, const char *path, struct config_file *file, struct error *error);
void config_file_free(struct config_file *file);

/* The preset it asks for; NULL: none (or no string, which config_file_apply refuses). */
const char *config_file_preset(const struct config_file *file);

/* Sets the file's values in options and marks their flags in given. STATUS_USAGE with file, line and key for unknown
 * keys, wrong types and values out of range. */
bool config_file_apply(const struct config_file *file, struct options *options, bool given[static FLAGS_MAX],
                       struct error *error);

/* "run.json:4: batch_size": where the file gives a flag. */
void config_file_place(const struct config_file *file, const char *key, char place[static PLACE_TEXT]);

/* The options as a configuration file that gives them again: all flags that have a value and an effect. The first line
 * is "{", the others are indented by `indent` blanks more, and the last one ends without a newline, so that the text
 * can stand inside a larger JSON text. To be freed with free(); NULL with STATUS_FAILED when memory is short. */
char *config_file_text(const struct options *options, int indent, struct error *error);

#endif
