#include "gan/checkpoint.h"
#include "base/memory.h"
#include "gan/checkpoint_file.h"
#include "gan/checkpoint_metadata.h"
#include "gan/checkpoint_places.h"
#include "gan/checkpoint_tensors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char GENERATOR[] = "generator", AVERAGED[] = "generator_ema", DISCRIMINATOR[] = "discriminator",
                  LAST_GOOD[] = "last_good.";

/* Both nets with G's averages and their moments, the numbers in states: [G's and D's], laid out as network->state. */
static bool add_state(struct stored_tensors *list, const char *prefix, const struct gan *gan,
                      real *const states[SNAPSHOT_NETS], struct error *error)
{
    const struct network *generator = gan->generator.network, *discriminator = gan->discriminator.network;
    const enum optimizer_kind optimizer = gan->config->optimizer;
    const bool averaged = gan->config->ema > 0;
    return stored_tensors_add_network(list, prefix, GENERATOR, generator, states[0], error) &&
           (!averaged || stored_tensors_add_network(list, prefix, AVERAGED, &gan->averaged, states[0], error)) &&
           stored_tensors_add_network(list, prefix, DISCRIMINATOR, discriminator, states[1], error) &&
           stored_tensors_add_moments(list, prefix, GENERATOR, generator, states[0], optimizer, error) &&
           stored_tensors_add_moments(list, prefix, DISCRIMINATOR, discriminator, states[1], optimizer, error);
}

static bool add_live_state(struct stored_tensors *list, const struct gan *gan, struct error *error)
{
    real *const states[] = {gan->generator.network->state, gan->discriminator.network->state};
    return add_state(list, "", gan, states, error);
}

/* --- writing --- */

static bool save_tensors(const char *path, const struct stored_tensors *list, const struct metadata *metadata,
                         struct error *error)
{
    struct safetensors_tensor *tensors = memory_allocate(list->count, sizeof *tensors, "a checkpoint", error);
    for (size_t i = 0; tensors && i < list->count; i++) {
        const struct stored_tensor *t = &list->tensors[i];
        tensors[i] = (struct safetensors_tensor){
            .name = t->name,
            .type = REAL_TYPE,
            .rank = t->rank,
            .shape = {t->rows},
            .data = t->data,
            .bytes = t->rows * t->columns * sizeof(real),
        };
        tensors[i].shape[1] = t->columns;
    }
    bool saved = tensors && safetensors_save(path, metadata->entries, metadata->count, tensors, list->count, error);
    free(tensors);
    return saved;
}

bool checkpoint_save(const char *path, const struct gan *gan, const struct position *position,
                     const struct snapshot *last_good, const char *config_json, struct error *error)
{
    struct stored_tensors list = {0};
    const bool with_last_good = last_good && (position->step > 0 || position->idle > 0);
    const struct counters counters = {
        .steps = gan->steps,
        .updates_g = gan->generator.updates,
        .updates_d = gan->discriminator.updates,
        .rescues = gan->rescues,
        .position = *position,
        .has_last_good = with_last_good,
        .last_good_epoch = with_last_good ? last_good->position.epoch : 0,
        .last_good_steps = with_last_good ? last_good->steps : 0,
        .last_good_window = with_last_good ? last_good->position.window : (struct record_sums){.steps = 0},
    };
    struct metadata *metadata = memory_allocate(1, sizeof *metadata, "a checkpoint", error);
    bool saved = metadata && add_live_state(&list, gan, error) &&
                 (!with_last_good || add_state(&list, LAST_GOOD, gan, last_good->states, error));
    if (saved) {
        metadata_print(&counters, config_json, metadata);
        saved = save_tensors(path, &list, metadata, error);
    }
    stored_tensors_free(&list);
    free(metadata);
    return saved;
}

/* --- reading --- */

static bool refuse_beginning(const struct checkpoint *checkpoint, struct error *error)
{
    return error_set(
        error, STATUS_USAGE,
        "%s: its run has no checkpoint; one that goes on writes its first after --checkpoint_every epochs or "
        "--checkpoint_minutes",
        checkpoint->path);
}

/* Copies the numbers of one of the file's tensors; one of another shape or type is refused. */
static bool read_tensor(const struct checkpoint *checkpoint, const struct safetensors_tensor *tensor,
                        const struct stored_tensor *wanted, struct error *error)
{
    if (strcmp(tensor->type, REAL_TYPE) != 0) {
        return error_set(error, STATUS_USAGE, "%s: %s is of type %s; wanted %s", checkpoint->path, tensor->name,
                         tensor->type, REAL_TYPE);
    }
    const size_t columns = tensor->rank == 2 ? tensor->shape[1] : 1;
    if (tensor->rank != wanted->rank || tensor->shape[0] != wanted->rows || columns != wanted->columns) {
        return error_set(error, STATUS_USAGE, "%s: %s has %zu dimension%s, %zu x %zu; wanted %zu, %zu x %zu",
                         checkpoint->path, tensor->name, tensor->rank, tensor->rank == 1 ? "" : "s",
                         tensor->rank ? tensor->shape[0] : 1, columns, wanted->rank, wanted->rows, wanted->columns);
    }
    memcpy(wanted->data, tensor->data, tensor->bytes);
    return true;
}

/* Copies all tensors of the list, each of which must be there. */
static bool read_all(const struct checkpoint *checkpoint, const struct stored_tensors *list, struct error *error)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct stored_tensor *wanted = &list->tensors[i];
        const struct safetensors_tensor *tensor = safetensors_find(checkpoint->file, wanted->name);
        if (!tensor) {
            return error_set(error, STATUS_USAGE, "%s: has no tensor %s; wanted the nets that its configuration names",
                             checkpoint->path, wanted->name);
        }
        if (!read_tensor(checkpoint, tensor, wanted, error)) {
            return false;
        }
    }
    return true;
}

/* last_good as the file has it: the state at the beginning of the epoch that the checkpoint is within, or of one
 * before. */
static bool read_last_good(const struct checkpoint *checkpoint, const struct gan *gan, const struct counters *counters,
                           struct snapshot *last_good, struct error *error)
{
    struct stored_tensors list = {0};
    const struct config *config = gan->config;
    const uint64_t undone = counters->steps - counters->last_good_steps;
    bool good = add_state(&list, LAST_GOOD, gan, last_good->states, error) && read_all(checkpoint, &list, error);
    last_good->steps = counters->last_good_steps;
    last_good->updates[0] = counters->updates_g - undone * config->g_steps;
    last_good->updates[1] = counters->updates_d - undone * config->d_steps;
    last_good->position = counters->position;
    last_good->position.epoch = counters->last_good_epoch;
    last_good->position.step = last_good->position.idle = 0;
    last_good->position.sums = (struct record_sums){0};
    last_good->position.window = counters->last_good_window;
    if (counters->last_good_epoch < counters->position.epoch) { /* the run did not end there */
        position_find_extras(&last_good->position, config->sample_every);
    }
    stored_tensors_free(&list);
    return good;
}

bool checkpoint_progress(const struct checkpoint *checkpoint, struct run_progress *progress, struct error *error)
{
    struct counters counters = {.steps = 0};
    const bool good =
        checkpoint_is_beginning(checkpoint) || metadata_scan(checkpoint->file, checkpoint->path, &counters, error);
    *progress =
        (struct run_progress){.epochs = counters.position.epoch, .rescues = counters.rescues, .steps = counters.steps};
    return good;
}

bool checkpoint_restore(const struct checkpoint *checkpoint, struct gan *gan, struct position *position,
                        struct snapshot *last_good, struct error *error)
{
    if (checkpoint_is_beginning(checkpoint)) {
        return true;
    }
    struct counters counters;
    struct stored_tensors list = {0};
    bool good = metadata_scan(checkpoint->file, checkpoint->path, &counters, error) &&
                add_live_state(&list, gan, error) && read_all(checkpoint, &list, error);
    stored_tensors_free(&list);
    if (!good) {
        return false;
    }
    gan->steps = counters.steps;
    gan->generator.updates = counters.updates_g;
    gan->discriminator.updates = counters.updates_d;
    gan_set_rescues(gan, counters.rescues);
    *position = counters.position;
    if (last_good && counters.has_last_good) {
        return read_last_good(checkpoint, gan, &counters, last_good, error);
    }
    if (last_good) {
        snapshot_take(last_good, gan, position);
    }
    return true;
}

bool checkpoint_read_generator(const struct checkpoint *checkpoint, bool averaged, struct network *generator,
                               struct error *error)
{
    if (checkpoint_is_beginning(checkpoint)) {
        return refuse_beginning(checkpoint, error);
    }
    struct stored_tensors list = {0};
    const char *net = averaged ? AVERAGED : GENERATOR;
    bool good = stored_tensors_add_network(&list, "", net, generator, generator->state, error) &&
                read_all(checkpoint, &list, error);
    stored_tensors_free(&list);
    return good;
}

/* Appends a name to those that the file lacks. */
static bool note_lacking(struct weights_taken *taken, const char *name, struct error *error)
{
    const size_t length = taken->lacking ? strlen(taken->lacking) : 0, bytes = length + strlen(name) + 2;
    char *names = memory_allocate(bytes, 1, "a list of tensors", error);
    if (!names) {
        return false;
    }
    snprintf(names, bytes, "%s%s%s", taken->lacking ? taken->lacking : "", length ? " " : "", name);
    free(taken->lacking);
    taken->lacking = names;
    return true;
}

static bool read_some(const struct checkpoint *checkpoint, const struct stored_tensors *list,
                      struct weights_taken *taken, struct error *error)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct stored_tensor *wanted = &list->tensors[i];
        const struct safetensors_tensor *tensor = checkpoint_place_find(checkpoint->file, list, wanted->name);
        if (!(tensor ? read_tensor(checkpoint, tensor, wanted, error) : note_lacking(taken, wanted->name, error))) {
            return false;
        }
        const bool is_of_g = strncmp(wanted->name, GENERATOR, strlen(GENERATOR)) == 0;
        *(is_of_g ? &taken->generator : &taken->discriminator) += tensor != NULL;
    }
    return taken->generator + taken->discriminator > 0 ||
           error_set(error, STATUS_USAGE, "%s: has no tensor of these nets", checkpoint->path);
}

bool checkpoint_read_weights(const struct checkpoint *checkpoint, struct gan *gan, struct weights_taken *taken,
                             struct error *error)
{
    *taken = (struct weights_taken){0};
    if (checkpoint_is_beginning(checkpoint)) {
        return refuse_beginning(checkpoint, error);
    }
    struct network *generator = gan->generator.network, *discriminator = gan->discriminator.network;
    struct stored_tensors list = {0};
    bool good = stored_tensors_add_network(&list, "", GENERATOR, generator, generator->state, error) &&
                stored_tensors_add_network(&list, "", DISCRIMINATOR, discriminator, discriminator->state, error);
    taken->wanted = list.count;
    good = good && read_some(checkpoint, &list, taken, error);
    stored_tensors_free(&list);
    if (!good) {
        free(taken->lacking);
        taken->lacking = NULL;
    }
    return good;
}
