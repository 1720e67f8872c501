/* What golden numbers do not show of an update: which moments it leaves alone, and whose chunks are whose. */
#include "nn/optimizer.h"
#include "nn/team.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

static struct network *network_of(size_t hidden)
{
    struct error error;
    struct network *network = network_create(&(struct network_spec){.inputs = 784,
                                                                    .outputs = 1,
                                                                    .hidden = &hidden,
                                                                    .hidden_count = 1,
                                                                    .hidden_activation = {.kind = ACTIVATION_RELU}},
                                             &error);
    assert_non_null(network);
    return network;
}

static void adam_without_a_first_moment_keeps_it_at_zero(void **state)
{
    (void)state;
    for (int half = 0; half < 2; half++) {
        struct network *network = network_of(10);
        struct optimizer_squares *squares = calloc(chunk_count(network->parameter_count), sizeof *squares);
        const struct optimizer adam = {
            .kind = OPTIMIZER_ADAM, .learning_rate = 0.25, .beta_1 = 0.5 * half, .beta_2 = 0.75};
        for (size_t i = 0; i < network->parameter_count; i++) {
            network->gradients[i] = 2;
        }
        optimizer_update(&adam, 0, network, 1, squares);
        for (size_t i = 0; i < network->parameter_count; i++) {
            assert_true(network->first_moments[i] == (half ? 1 : 0));
            assert_true(network->second_moments[i] == 1);
            assert_true(fabs((double)network->parameters[i] + 0.25) < 1e-6); /* the first step is a whole one */
        }
        free(squares);
        network_free(network);
    }
}

static void a_chunk_is_where_the_tile_of_its_first_weights_is(void **state)
{
    (void)state;
    struct network *network = network_of(640);
    const struct layer *layer = &network->layers[0];
    const size_t own_end =
        (layer->weight + layer->outputs * layer->inputs) / CHUNK; /* what is beyond has other layers */
    for (size_t number = 0; number < tile_count(layer->outputs); number++) {
        const struct tile tile = tile_at(layer->outputs, number);
        const size_t end = layer->weight + (tile.begin + tile.count) * layer->inputs;
        size_t chunk = (layer->weight + tile.begin * layer->inputs + CHUNK - 1) / CHUNK;
        assert_true(chunk * CHUNK < end);
        for (; chunk * CHUNK < end && chunk < own_end; chunk++) {
            assert_true(network->places[chunk] == tile_place(layer->outputs, number));
        }
    }
    network_free(network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adam_without_a_first_moment_keeps_it_at_zero),
        cmocka_unit_test(a_chunk_is_where_the_tile_of_its_first_weights_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
