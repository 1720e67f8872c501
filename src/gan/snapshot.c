#include "gan/snapshot.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static const struct player *player_of(const struct gan *gan, size_t net)
{
    return net == 0 ? &gan->generator : &gan->discriminator;
}

struct snapshot *snapshot_create(const struct gan *gan, struct error *error)
{
    struct snapshot *snapshot = memory_allocate(1, sizeof *snapshot, "the last good state", error);
    for (size_t net = 0; snapshot && net < SNAPSHOT_NETS; net++) {
        const size_t count = player_of(gan, net)->network->state_count;
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

void snapshot_take(struct snapshot *snapshot, const struct gan *gan, const struct position *position)
{
    for (size_t net = 0; net < SNAPSHOT_NETS; net++) {
        const struct player *player = player_of(gan, net);
        memcpy(snapshot->states[net], player->network->state, player->network->state_count * sizeof(real));
        snapshot->updates[net] = player->updates;
    }
    snapshot->steps = gan->steps;
    snapshot->position = *position;
}

void snapshot_restore(const struct snapshot *snapshot, struct gan *gan, struct position *position)
{
    struct player *players[SNAPSHOT_NETS] = {&gan->generator, &gan->discriminator};
    for (size_t net = 0; net < SNAPSHOT_NETS; net++) {
        const struct network *network = players[net]->network;
        memcpy(network->state, snapshot->states[net], network->state_count * sizeof(real));
        players[net]->updates = snapshot->updates[net];
    }
    gan->steps = snapshot->steps;
    *position = snapshot->position;
}
