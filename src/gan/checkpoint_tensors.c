#include "gan/checkpoint_tensors.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

/* The names that PyTorch's optimizers give their moments; NULL: there is none. */
struct moment_names {
    const char *first, *second;
};

static const struct moment_names MOMENT_NAMES[] = {
    [OPTIMIZER_ADAM] = {"exp_avg", "exp_avg_sq"},
    [OPTIMIZER_RMSPROP] = {NULL, "square_avg"},
    [OPTIMIZER_SGD] = {"momentum_buffer", NULL},
};

/* Room for one more; NULL with an error. */
static struct stored_tensor *add(struct stored_tensors *list, struct error *error)
{
    struct stored_tensor *tensors =
        memory_grow(list->tensors, &list->capacity, list->count, sizeof *tensors, "a list of tensors", error);
    if (!tensors) {
        return NULL;
    }
    list->tensors = tensors;
    return &list->tensors[list->count++];
}

/* A tensor whose numbers are at data, named "PREFIX NET . NAME [. MOMENT]". */
static bool add_tensor(struct stored_tensors *list, const struct tensor *tensor, real *data, const char *prefix,
                       const char *net, const char *moment, struct error *error)
{
    struct stored_tensor *stored = add(list, error);
    if (!stored) {
        return false;
    }
    snprintf(stored->name, sizeof stored->name, "%s%s%s.%s%s%s", prefix, moment ? "optimizer." : "", net, tensor->name,
             moment ? "." : "", moment ? moment : "");
    stored->rank = tensor->weight ? 2 : 1;
    stored->rows = tensor->rows;
    stored->columns = tensor->weight ? tensor->columns : 1;
    stored->data = data;
    return true;
}

bool stored_tensors_add_network(struct stored_tensors *list, const char *prefix, const char *net,
                                const struct network *network, real *state, struct error *error)
{
    struct tensor tensor;
    for (size_t i = 0; network_tensor(network, i, &tensor); i++) {
        if (!add_tensor(list, &tensor, state + (tensor.data - network->state), prefix, net, NULL, error)) {
            return false;
        }
    }
    return true;
}

bool stored_tensors_add_moments(struct stored_tensors *list, const char *prefix, const char *net,
                                const struct network *network, real *state, enum optimizer_kind optimizer,
                                struct error *error)
{
    const struct moment_names names = MOMENT_NAMES[optimizer];
    real *first = state + (network->first_moments - network->state);
    real *second = state + (network->second_moments - network->state);
    struct tensor tensor;
    for (size_t i = 0; network_tensor(network, i, &tensor); i++) {
        if (!tensor.gradient) {
            continue; /* a running statistic has no moments */
        }
        const size_t offset = (size_t)(tensor.data - network->parameters);
        if ((names.first && !add_tensor(list, &tensor, first + offset, prefix, net, names.first, error)) ||
            (names.second && !add_tensor(list, &tensor, second + offset, prefix, net, names.second, error))) {
            return false;
        }
    }
    return true;
}

void stored_tensors_free(struct stored_tensors *list)
{
    free(list->tensors);
    *list = (struct stored_tensors){0};
}
