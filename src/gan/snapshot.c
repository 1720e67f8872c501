#include "gan/snapshot.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

struct snapshot *snapshot_create(const struct gan *gan, struct error *error)
{
    const struct network *const networks[SNAPSHOT_NETS] = {gan->generator.network, gan->discriminator.network};
    struct snapshot *snapshot = memory_allocate(1, sizeof *snapshot, "the last good state", error);
    for (size_t net = 0; snapshot && net < SNAPSHOT_NETS; net++) {
        const size_t count = networks[net]->state_count;
        if (!(snapshot->states[net] = memory_allocate(count, sizeof(real), "the last good state", error))) {
            snapshot_free(snapshot);
            snapshot = NULL;
        }
    }
    return snapshot;
}

void snapshot_free(struct snapshot *snapshot)
{
    for (size_t net = 0; snapshot && net < SNAPSHOT_NETS; net++) {
        free(snapshot->states[net]);
    }
    free(snapshot);
}

static void take(struct snapshot *snapshot, size_t net, const struct player *player)
{
    memcpy(snapshot->states[net], player->network->state, player->network->state_count * sizeof(real));
    snapshot->updates[net] = player->updates;
}

void snapshot_take(struct snapshot *snapshot, const struct gan *gan, const struct position *position)
{
    take(snapshot, 0, &gan->generator);
    take(snapshot, 1, &gan->discriminator);
    snapshot->steps = gan->steps;
    snapshot->position = *position;
}

static void restore(const struct snapshot *snapshot, size_t net, struct player *player)
{
    memcpy(player->network->state, snapshot->states[net], player->network->state_count * sizeof(real));
    player->updates = snapshot->updates[net];
}

void snapshot_restore(const struct snapshot *snapshot, struct gan *gan, struct position *position)
{
    restore(snapshot, 0, &gan->generator);
    restore(snapshot, 1, &gan->discriminator);
    gan->steps = snapshot->steps;
    *position = snapshot->position;
}
