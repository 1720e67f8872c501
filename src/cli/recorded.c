#include "cli/recorded.h"

#include "base/memory.h"
#include "cli/config_file.h"
#include "cli/summary.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PLACE_SHOWN = 300, HEX_DIGITS = 8 };

struct reader {
    const json_t *data;
    const char *place;
    struct error *error;
};

static bool refuse(const struct reader *reader, const char *name, const char *wanted)
{
    return error_set(reader->error, STATUS_USAGE, "%.*s: its \"data\" has no \"%s\" that is %s", PLACE_SHOWN,
                     reader->place, name, wanted);
}

/* A size that 32 bits hold, as IDX files have them. */
static bool read_size(const struct reader *reader, const char *name, json_int_t least, size_t *size)
{
    const json_t *value = json_object_get(reader->data, name);
    const json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < least || number > UINT32_MAX) {
        return refuse(reader, name, least ? "a whole number above 0" : "a whole number");
    }
    *size = (size_t)number;
    return true;
}

static bool read_path(const struct reader *reader, const char *name, char **path)
{
    const json_t *value = json_object_get(reader->data, name);
    if (value && !json_is_string(value)) {
        return refuse(reader, name, "a path");
    }
    *path = value ? memory_copy_string(json_string_value(value), reader->error) : NULL;
    return !value || *path;
}

static bool read_classes(const struct reader *reader, struct recorded_data *data)
{
    if (!read_size(reader, "classes", 0, &data->classes)) {
        return false;
    }
    if (data->classes > CLASSES_MAX) {
        return refuse(reader, "classes", "a whole number up to 256");
    }
    static const char NAME[] = "absent_classes", WANTED[] = "a list of some of its classes";
    const json_t *list = json_object_get(reader->data, NAME);
    if (list && !json_is_array(list)) {
        return refuse(reader, NAME, WANTED);
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *value = json_array_get(list, i);
        const json_int_t number = json_integer_value(value);
        if (!json_is_integer(value) || number < 0 || (size_t)number >= data->classes) {
            return refuse(reader, NAME, WANTED);
        }
        data->absent[number] = true;
    }
    return true;
}

static bool read_checksum(const struct reader *reader, uint32_t *checksum)
{
    const char *text = json_string_value(json_object_get(reader->data, "checksum"));
    if (!text || strlen(text) != HEX_DIGITS || strspn(text, "0123456789abcdef") != HEX_DIGITS) {
        return refuse(reader, "checksum", "eight hexadecimal digits");
    }
    *checksum = (uint32_t)strtoul(text, NULL, 16);
    return true;
}

static bool read_data(const struct reader *reader, struct recorded_data *data)
{
    if (!json_is_object(reader->data)) {
        return error_set(reader->error, STATUS_USAGE, "%.*s: has no object \"data\" as gan-train's runs write",
                         PLACE_SHOWN, reader->place);
    }
    if (!read_path(reader, "images", &data->images) || !read_path(reader, "labels", &data->labels) ||
        !read_size(reader, "count", 1, &data->count) || !read_size(reader, "height", 1, &data->height) ||
        !read_size(reader, "width", 1, &data->width) || !read_classes(reader, data) ||
        !read_checksum(reader, &data->checksum)) {
        return false;
    }
    data->built_in = data->images && strcmp(data->images, SUMMARY_BUILT_IN) == 0;
    if (data->built_in) {
        free(data->images);
        data->images = NULL;
    }
    return true;
}

bool recorded_data_read(const char *config_json, const char *place, struct recorded_data *data, struct error *error)
{
    *data = (struct recorded_data){0};
    struct config_file file;
    if (!config_file_parse(config_json, place, &file, error)) {
        return false;
    }
    const struct reader reader = {json_object_get(file.root, "data"), place, error};
    const bool read = read_data(&reader, data);
    config_file_free(&file);
    if (!read) {
        recorded_data_free(data);
    }
    return read;
}

void recorded_data_free(struct recorded_data *data)
{
    free(data->images);
    free(data->labels);
    *data = (struct recorded_data){0};
}

/* Whether the file is still where it was. Where the disk fails it is: who opens it then says so. */
static bool is_there(const char *path)
{
    return access(path, R_OK) == 0 || (errno != ENOENT && errno != ENOTDIR && errno != EACCES);
}

void recorded_source(const struct recorded_data *recorded, struct dataset_source *source)
{
    if (source->folder || source->images) {
        return;
    }
    if (recorded->built_in) {
        source->folder = "digits";
    } else if (recorded->images && is_there(recorded->images)) {
        source->images = recorded->images;
        source->labels = recorded->labels;
    }
}

void recorded_advise(const struct recorded_data *recorded, const char *flag, struct error *error)
{
    if (error->status == STATUS_USAGE && recorded->images && !is_there(recorded->images)) {
        error_append(error, "; the run had %s, which is not there: --data or %s says where it is now", recorded->images,
                     flag);
    }
}

/* Whether it may be labels alone that are missing. */
static bool lacks_labels(const struct recorded_data *recorded, const struct dataset *dataset)
{
    return recorded->classes > 0 && dataset->classes == 0 && recorded->count == dataset->count &&
           recorded->height == dataset->height && recorded->width == dataset->width;
}

bool recorded_check(const struct recorded_data *recorded, const struct dataset *dataset, struct error *error)
{
    if (recorded->count == dataset->count && recorded->height == dataset->height && recorded->width == dataset->width &&
        recorded->classes == dataset->classes && recorded->checksum == dataset->checksum) {
        return true;
    }
    if (lacks_labels(recorded, dataset)) {
        return error_set(error, STATUS_USAGE,
                         "%s: has no labels beside it; wanted those of the %zu classes that the run had",
                         dataset->images_path, recorded->classes);
    }
    return error_set(error, STATUS_USAGE,
                     "the run was begun on other images (%s, %zu of %zu x %zu in %zu classes, checksum %08lx) than "
                     "these (%s, %zu of %zu x %zu in %zu classes, checksum %08lx)",
                     recorded->images ? recorded->images : "of another name", recorded->count, recorded->height,
                     recorded->width, recorded->classes, (unsigned long)recorded->checksum,
                     dataset->built_in ? "the built-in digits" : dataset->images_path, dataset->count, dataset->height,
                     dataset->width, dataset->classes, (unsigned long)dataset->checksum);
}
