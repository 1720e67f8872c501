#include "gan/checkpoint_places.h"

#include <stdio.h>
#include <string.h>

enum { PLACES_MAX = 128 /* in an nn.Sequential */ };

/* "NET.PLACE.TENSOR", taken apart. */
struct place_name {
    char net[16], tensor[64];
    size_t place;
};

enum place_kind { PLACE_EMPTY, PLACE_DENSE, PLACE_BATCH_NORM };

/* What the layers of a net are, place by place. */
struct places {
    enum place_kind kinds[PLACES_MAX];
};

static bool take_apart(const char *text, struct place_name *name)
{
    return sscanf(text, "%15[^.].%zu.%63s", name->net, &name->place, name->tensor) == 3 && name->place < PLACES_MAX;
}

/* What a tensor says of its place in the net. */
static void note(struct places *places, const char *net, const char *text)
{
    struct place_name name;
    if (!take_apart(text, &name) || strcmp(name.net, net) != 0) {
        return;
    }
    enum place_kind *kind = &places->kinds[name.place];
    if (strcmp(name.tensor, "running_mean") == 0) {
        *kind = PLACE_BATCH_NORM;
    } else if (*kind == PLACE_EMPTY) {
        *kind = PLACE_DENSE;
    }
}

/* Whether each layer of the file is where the net has one of its kind. */
static bool agree(const struct places *file, const struct places *net)
{
    size_t place = 0;
    while (place < PLACES_MAX && (file->kinds[place] == PLACE_EMPTY || file->kinds[place] == net->kinds[place])) {
        place++;
    }
    return place == PLACES_MAX;
}

/* The place in the file of the layer that is as many of its kind behind the first; PLACES_MAX: there are fewer. */
static size_t counterpart(const struct places *file, const struct places *net, size_t place)
{
    const enum place_kind kind = net->kinds[place];
    size_t before = 0, found = 0;
    for (size_t p = 0; p < place; p++) {
        before += net->kinds[p] == kind;
    }
    while (found < PLACES_MAX && (file->kinds[found] != kind || before-- > 0)) {
        found++;
    }
    return found;
}

const struct safetensors_tensor *checkpoint_place_find(const struct safetensors *file,
                                                       const struct stored_tensors *list, const char *wanted)
{
    struct place_name name;
    if (!take_apart(wanted, &name)) {
        return safetensors_find(file, wanted);
    }
    struct places in_file = {{PLACE_EMPTY}}, in_net = {{PLACE_EMPTY}};
    for (size_t i = 0; i < safetensors_count(file); i++) {
        note(&in_file, name.net, safetensors_tensor(file, i)->name);
    }
    for (size_t i = 0; i < list->count; i++) {
        note(&in_net, name.net, list->tensors[i].name);
    }
    if (agree(&in_file, &in_net)) {
        return safetensors_find(file, wanted);
    }
    char stored[STORED_NAME];
    snprintf(stored, sizeof stored, "%s.%zu.%s", name.net, counterpart(&in_file, &in_net, name.place), name.tensor);
    return safetensors_find(file, stored);
}
