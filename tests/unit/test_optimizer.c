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

/* A thread's tiles are the outputs whose weights it updates, but for some at their bounds. */
static void a_chunk_is_whose_the_outputs_of_its_first_weights_are(void **state)
{
    (void)state;
    struct network *network = network_of(640);
    const struct layer *layer = &network->layers[0];
    for (int threads = 1; threads <= (matmul_is_divisible() ? 5 : 2); threads++) {
        size_t mine = 0, others = 0;
#pragma omp parallel num_threads(threads) reduction(+ : mine, others)
        for (struct own_tiles own = own_tiles(layer->outputs); next_tile(&own);) {
            const size_t begin = layer->weight + (own.tile.begin + TILE_BOUND) * layer->inputs;
            const size_t end = layer->weight + (own.tile.begin + own.tile.count - TILE_BOUND) * layer->inputs;
            for (size_t chunk = (begin + CHUNK - 1) / CHUNK; chunk * CHUNK < end; chunk++) {
                *(share_is_mine(network->chunk_shares[chunk]) ? &mine : &others) += 1;
            }
        }
        assert_true(mine > 0);
        assert_int_equal(others, 0);
    }
    network_free(network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adam_without_a_first_moment_keeps_it_at_zero),
        cmocka_unit_test(a_chunk_is_whose_the_outputs_of_its_first_weights_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
