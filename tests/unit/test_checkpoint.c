/* A training that goes on from a checkpoint goes on to the bit, from any step of it; a file that is damaged, or of
 * other nets, is refused. */
#include "training.h"

#include "cli/presets.h"
#include "gan/checkpoint.h"
#include "gan/checkpoint_metadata.h"
#include "io/safetensors.h"

#include <string.h>

/* What decides what comes next, of two gans after the same steps. */
static void check_same_state(const struct training *found, const struct training *wanted)
{
    const struct player *players[][2] = {{&found->gan->generator, &wanted->gan->generator},
                                         {&found->gan->discriminator, &wanted->gan->discriminator}};
    assert_int_equal(found->gan->steps, wanted->gan->steps);
    assert_int_equal(found->gan->rescues, wanted->gan->rescues);
    for (size_t net = 0; net < 2; net++) {
        const struct network *network = players[net][1]->network;
        assert_int_equal(players[net][0]->updates, players[net][1]->updates);
        assert_memory_equal(players[net][0]->network->state, network->state, network->state_count * sizeof(real));
    }
}

/* The columns of a CSV that are no times. */
static void drop_times(char *csv)
{
    char *out = csv;
    int commas = 0;
    for (const char *in = csv; *in; in++) {
        commas = *in == '\n' ? 0 : commas + (*in == ',');
        if (commas < 9) {
            *out++ = *in;
        }
    }
    *out = '\0';
}

static void check_same_file(const struct training *found, const struct training *wanted, const char *name)
{
    char path[SCRATCH_PATH + 64];
    char *bytes[2];
    size_t sizes[2];
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", (i ? wanted : found)->outdir, name);
        bytes[i] = scratch_read(path, &sizes[i]);
    }
    if (strstr(name, ".csv")) {
        drop_times(bytes[0]);
        drop_times(bytes[1]);
        assert_string_equal(bytes[0], bytes[1]);
    } else {
        assert_int_equal(sizes[0], sizes[1]);
        assert_memory_equal(bytes[0], bytes[1], sizes[0]);
    }
    free(bytes[0]);
    free(bytes[1]);
}

static void check_same_run(const struct training *found, const struct training *wanted)
{
    static const char *const NAMES[] = {
        "losses.csv", "steps.csv", "losses.svg", "training.gif", "samples/epoch_0000.png", "samples/epoch_0002.png"};
    check_same_state(found, wanted);
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        check_same_file(found, wanted, NAMES[i]);
    }
}

/* Loads the folder's latest checkpoint and trains to the end, or to stop_at. */
static bool resume(struct training *training, struct error *error)
{
    struct checkpoint *checkpoint = checkpoint_load(training->outdir, error);
    struct snapshot *last_good = snapshot_create(training->gan, error);
    struct position position = {0};
    if (!checkpoint) {
        fail_msg("%s", error->message);
    }
    assert_non_null(last_good);
    if (!checkpoint_restore(checkpoint, training->gan, &position, last_good, error)) {
        fail_msg("%s", error->message);
    }
    const struct resumption resumption = {&position, last_good, true, true};
    const bool done = run_from(training, &position, last_good, &resumption, error);
    snapshot_free(last_good);
    checkpoint_free(checkpoint);
    return done;
}

/* ---- to the bit ---- */

static void every_preset_goes_on_to_the_bit_from_where_it_was_stopped(void **state)
{
    struct error error;
    for (size_t p = 0; p <= PRESET_COUNT; p++) { /* and once more what no preset has */
        const bool more = p == PRESET_COUNT;
        char preset[64], folder[64];
        snprintf(preset, sizeof preset, "--preset=%s", more ? PRESET_DEFAULT : PRESETS[p].name);
        const bool at_once = strcmp(preset, "--preset=paper") == 0; /* one update of D, of as many images */
        const char *const flags[] = {preset,
                                     "--g_hidden=16,8",
                                     "--d_hidden=16,8",
                                     "--epochs=3",
                                     "--log_every=2",
                                     "--sample_every=2",
                                     at_once ? "--d_steps=1" : "--d_steps=2",
                                     at_once ? "--batch_size=8" : "--batch_size=4",
                                     more ? "--ema=30" : NULL,
                                     "--r1=0.5",
                                     "--loss=relativistic",
                                     NULL};
        struct training whole;
        snprintf(folder, sizeof folder, "whole-%zu", p);
        open_in(&whole, state, folder, flags);
        assert_true(run_training(&whole, &error));
        for (uint64_t stop_at = 1; stop_at < ALL; stop_at++) {
            struct training first, second;
            snprintf(folder, sizeof folder, "run-%zu-%d", p, (int)stop_at);
            open_in(&first, state, folder, flags);
            first.stop_at = stop_at;
            assert_false(run_training(&first, &error));
            assert_int_equal(error.status, STATUS_STOPPED);
            close_training(&first);
            open_in(&second, state, folder, flags);
            omp_set_num_threads(1 + (int)(stop_at % 3));
            assert_true(resume(&second, &error));
            omp_set_num_threads(1);
            check_same_run(&second, &whole);
            close_training(&second);
        }
        close_training(&whole);
    }
}

static void a_run_that_is_stopped_at_each_step_is_the_same_run(void **state)
{
    static const char *const flags[] = {"--preset=deep", "--epochs=3", "--log_every=2", NULL};
    struct error error;
    struct training whole, part;
    open_in(&whole, state, "whole", flags);
    assert_true(run_training(&whole, &error));
    open_in(&part, state, "part", flags);
    part.stop_at = 1;
    assert_false(run_training(&part, &error));
    for (uint64_t step = 2; step <= ALL; step++) {
        close_training(&part);
        open_in(&part, state, "part", flags);
        part.stop_at = step;
        assert_int_equal(resume(&part, &error), step == ALL);
    }
    check_same_run(&part, &whole);
    close_training(&part);
    close_training(&whole);
}

static void fewer_epochs_and_then_more_are_the_same_run(void **state)
{
    static const char *const flags[] = {"--preset=conditional", "--epochs=3", "--sample_every=2", NULL};
    struct error error;
    struct training whole, part;
    open_in(&whole, state, "whole", flags);
    assert_true(run_training(&whole, &error));
    open_in(&part, state, "part", flags);
    part.options.config.epochs = 2;
    assert_true(run_training(&part, &error));
    close_training(&part);
    open_in(&part, state, "part", flags);
    assert_true(resume(&part, &error));
    check_same_run(&part, &whole);
    close_training(&part);
    close_training(&whole);
}

static void a_run_that_becomes_longer_is_measured_as_often(void **state)
{
    static const char *const flags[] = {"--epochs=3", NULL};
    struct error error;
    struct training training;
    open_training(&training, state, flags);
    training.options.config.epochs = 2;
    assert_true(run_from(&training, &(struct position){.measured = 5}, NULL, NULL, &error));
    close_training(&training);
    open_training(&training, state, flags);
    assert_true(resume(&training, &error));
    assert_int_equal(training.position.epoch, 3);
    assert_int_equal(training.position.measured, 5);
    close_training(&training);
}

/* A run whose pictures somebody has removed goes on without them. */
static void a_run_without_its_pictures_goes_on(void **state)
{
    static const char *const flags[] = {"--epochs=3", "--sample_every=10", NULL};
    struct error error;
    struct training training;
    char path[SCRATCH_PATH + 64];
    open_training(&training, state, flags);
    training.stop_at = 7;
    assert_false(run_training(&training, &error));
    close_training(&training);
    snprintf(path, sizeof path, "%s/samples/epoch_0000.png", training.outdir);
    assert_int_equal(unlink(path), 0);
    open_training(&training, state, flags);
    assert_true(resume(&training, &error));
    assert_int_equal(training.gan->steps, ALL);
    close_training(&training);
}

/* ---- refused ---- */

/* The path and the bytes of a small run's latest checkpoint. */
static unsigned char *make_checkpoint(struct training *training, void **state, const char *const *flags,
                                      char path[SCRATCH_PATH + 64], size_t *size)
{
    struct error error;
    open_training(training, state, flags);
    training->stop_at = 2;
    assert_false(run_training(training, &error));
    snprintf(path, SCRATCH_PATH + 64, "%s/checkpoints/latest.safetensors", training->outdir);
    return (unsigned char *)scratch_read(path, size);
}

static void put_bytes(const char *path, const unsigned char *bytes, size_t size)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, size, stream), size);
    assert_int_equal(fclose(stream), 0);
}

static void assert_refused(const char *path, const char *what)
{
    struct error error = {0};
    struct checkpoint *checkpoint = checkpoint_load(path, &error);
    if (checkpoint) {
        fail_msg("%s is not refused", what);
    }
    assert_int_equal(error.status, STATUS_USAGE);
    assert_contains(error.message, path);
}

/* A real checkpoint with any byte changed, or cut anywhere. Bytes of the arrays are alike: of those every 7th. */
static void a_damaged_checkpoint_is_refused(void **state)
{
    static const char *const flags[] = {"--g_hidden=3", "--d_hidden=none", "--encoding_dims=2", NULL};
    struct training training;
    char path[SCRATCH_PATH + 64], what[64];
    size_t size, header = 0;
    unsigned char *bytes = make_checkpoint(&training, state, flags, path, &size);
    memcpy(&header, bytes, sizeof header);
    for (size_t i = 0; i < size; i += i < header + 8 ? 1 : 7) {
        const unsigned char kept = bytes[i];
        bytes[i] ^= (unsigned char)(1 << i % 8);
        put_bytes(path, bytes, size);
        bytes[i] = kept;
        snprintf(what, sizeof what, "byte %zu changed", i);
        assert_refused(path, what);
    }
    for (size_t length = 0; length < size; length += length < header + 8 ? 1 : 7) {
        put_bytes(path, bytes, length);
        snprintf(what, sizeof what, "cut to %zu", length);
        assert_refused(path, what);
    }
    free(bytes);
    close_training(&training);
}

/* Whether counters are read back from a file that holds them. */
static bool counters_come_back(const char *path, const struct counters *counters, struct error *error)
{
    static struct metadata metadata;
    metadata_print(counters, "{}", &metadata);
    assert_true(safetensors_save(path, metadata.entries, metadata.count, NULL, 0, error));
    struct safetensors *file = safetensors_load(path, error);
    assert_non_null(file);
    struct counters found;
    const bool good = metadata_scan(file, path, &found, error);
    safetensors_free(file);
    assert_true(!good || (found.rescues == counters->rescues && found.steps == counters->steps &&
                          found.updates_g == counters->updates_g && found.updates_d == counters->updates_d));
    return good;
}

/* Larger ones would run over into each other in the steps of the random streams. */
static void counters_out_of_range_are_refused(void **state)
{
    static const char *const names[] = {"steps", "generator_updates", "discriminator_updates", "rescues", "epoch"};
    const uint64_t most = ((uint64_t)1 << GAN_NUMBER_BITS) - 1;
    const struct counters largest = {
        .steps = most, .updates_g = most, .updates_d = most, .rescues = GAN_RESCUES_MAX, .position.epoch = most};
    struct error error;
    char path[SCRATCH_PATH];
    scratch_path(state, "counters.safetensors", path);
    assert_true(counters_come_back(path, &largest, &error));
    struct counters larger[] = {largest, largest, largest, largest, largest};
    larger[0].steps++;
    larger[1].updates_g++;
    larger[2].updates_d++;
    larger[3].rescues++;
    larger[4].position.epoch++;
    for (size_t i = 0; i < sizeof larger / sizeof *larger; i++) {
        assert_false(counters_come_back(path, &larger[i], &error));
        assert_int_equal(error.status, STATUS_USAGE);
        assert_contains(error.message, names[i]);
    }
}

/* Those of a time when there were no measurements say nothing of them. */
static void a_checkpoint_that_tells_of_no_measurements_has_none(void **state)
{
    static const struct counters counters = {.position = {.measured = 5, .extra_metrics = true}};
    static struct metadata metadata;
    struct error error;
    char path[SCRATCH_PATH];
    scratch_path(state, "counters.safetensors", path);
    for (size_t i = 0; i < 2; i++) {
        struct counters found;
        metadata_print(&counters, "{}", &metadata);
        size_t count = 0;
        for (size_t k = 0; k < metadata.count; k++) {
            const char *key = metadata.entries[k].key;
            if (i == 0 || (strcmp(key, "measured_epochs") != 0 && strcmp(key, "extra_metrics") != 0)) {
                metadata.entries[count++] = metadata.entries[k];
            }
        }
        assert_int_equal(count, metadata.count - 2 * i);
        assert_true(safetensors_save(path, metadata.entries, count, NULL, 0, &error));
        struct safetensors *file = safetensors_load(path, &error);
        assert_non_null(file);
        assert_true(metadata_scan(file, path, &found, &error));
        assert_int_equal(found.position.measured, i ? 0 : 5);
        assert_int_equal(found.position.extra_metrics, i == 0);
        safetensors_free(file);
    }
}

static void the_checkpoint_before_a_damaged_one_is_offered(void **state)
{
    static const char *const flags[] = {"--epochs=2", NULL};
    struct training training;
    struct error error;
    char path[SCRATCH_PATH + 64];
    open_training(&training, state, flags);
    assert_true(run_training(&training, &error));
    snprintf(path, sizeof path, "%s/checkpoints/latest.safetensors", training.outdir);
    scratch_put(path, "not a checkpoint");
    assert_null(checkpoint_load(training.outdir, &error));
    assert_contains(error.message, "the checkpoint before it is whole");
    assert_contains(error.message, "checkpoints/step_00000005.safetensors");
    snprintf(path, sizeof path, "%s/checkpoints/step_00000005.safetensors", training.outdir);
    struct checkpoint *checkpoint = checkpoint_load(path, &error);
    assert_non_null(checkpoint);
    checkpoint_free(checkpoint);
    close_training(&training);
}

static void nets_of_another_shape_are_refused_by_the_tensor_s_name(void **state)
{
    static const struct {
        const char *flag, *tensor;
    } others[] = {{"--g_hidden=17", "generator.0.weight"},
                  {"--g_hidden=16,16", "generator.4.weight"},
                  {"--d_hidden=16,5", "discriminator.2.weight"},
                  {"--d_hidden=none", "discriminator.0.weight"},
                  {"--encoding_dims=17", "generator.0.weight"},
                  {"--optimizer=rmsprop", "optimizer.generator.0.weight.square_avg"},
                  {"--conditional", "generator.0.weight"},
                  {"--g_batch_norm=after", "generator.2.weight"}};
    struct error error;
    struct training training;
    size_t size;
    char path[SCRATCH_PATH + 64];
    free(make_checkpoint(&training, state, (const char *const[]){NULL}, path, &size));
    close_training(&training);
    struct checkpoint *checkpoint = checkpoint_load(path, &error);
    assert_non_null(checkpoint);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct position position;
        open_training(&training, state, (const char *const[]){others[i].flag, NULL});
        assert_false(checkpoint_restore(checkpoint, training.gan, &position, NULL, &error));
        assert_int_equal(error.status, STATUS_USAGE);
        assert_contains(error.message, path);
        assert_contains(error.message, others[i].tensor);
        close_training(&training);
    }
    checkpoint_free(checkpoint);
}

/* ---- weights for another training ---- */

static void weights_are_taken_by_name_and_said(void **state)
{
    struct error error;
    struct training first, second;
    struct weights_taken taken;
    size_t size;
    char path[SCRATCH_PATH + 64];
    free(make_checkpoint(&first, state, (const char *const[]){"--preset=deep", NULL}, path, &size));
    struct checkpoint *checkpoint = checkpoint_load(path, &error);
    assert_non_null(checkpoint);
    open_training(&second, state, (const char *const[]){"--preset=deep", "--seed=5", NULL});
    struct network *generator = second.gan->generator.network, *discriminator = second.gan->discriminator.network;
    assert_true(checkpoint_read_weights(checkpoint, second.gan, &taken, &error));
    assert_int_equal(taken.generator, 8); /* weight and bias twice, batch norm's four */
    assert_int_equal(taken.discriminator, 4);
    assert_int_equal(taken.wanted, 12);
    assert_null(taken.lacking);
    assert_memory_equal(generator->parameters, first.gan->generator.network->parameters,
                        generator->parameter_count * sizeof(real));
    assert_memory_equal(generator->statistics, first.gan->generator.network->statistics,
                        generator->statistic_count * sizeof(real));
    assert_memory_equal(discriminator->parameters, first.gan->discriminator.network->parameters,
                        discriminator->parameter_count * sizeof(real));
    for (size_t i = 0; i < generator->parameter_count; i++) {
        assert_true(generator->first_moments[i] == 0 && generator->second_moments[i] == 0);
    }
    free(taken.lacking);
    close_training(&second);

    /* dropout of the input and none behind the hidden layer: D's layers are at other places */
    open_training(&second, state,
                  (const char *const[]){"--preset=deep", "--dropout=none", "--input_dropout=0.2", NULL});
    discriminator = second.gan->discriminator.network;
    assert_true(checkpoint_read_weights(checkpoint, second.gan, &taken, &error));
    assert_int_equal(taken.discriminator, 4);
    assert_null(taken.lacking);
    assert_memory_equal(discriminator->parameters, first.gan->discriminator.network->parameters,
                        discriminator->parameter_count * sizeof(real));
    free(taken.lacking);
    close_training(&second);

    /* one more layer in D: its first is taken, its second has another shape */
    open_training(&second, state, (const char *const[]){"--preset=deep", "--d_hidden=16,8", NULL});
    assert_false(checkpoint_read_weights(checkpoint, second.gan, &taken, &error));
    assert_contains(error.message, "discriminator.3.weight");
    close_training(&second);
    checkpoint_free(checkpoint);
    close_training(&first);
}

/* As somebody else may write it: D's last layer, at its place, and nothing before it. */
static void a_layer_alone_is_taken_for_the_one_of_its_name(void **state)
{
    struct error error;
    struct training training;
    struct weights_taken taken;
    struct tensor last = {.name = ""};
    char path[SCRATCH_PATH];
    open_training(&training, state, (const char *const[]){"--preset=deep", NULL});
    const struct network *discriminator = training.gan->discriminator.network;
    for (size_t i = 0; network_tensor(discriminator, i, &last) && strcmp(last.name, "3.weight") != 0; i++) {
    }
    assert_string_equal(last.name, "3.weight");
    float *numbers = calloc(last.rows * last.columns, sizeof *numbers);
    numbers[0] = 7;
    const struct safetensors_tensor tensor = {.name = "discriminator.3.weight",
                                              .type = "F32",
                                              .rank = 2,
                                              .shape = {last.rows, last.columns},
                                              .data = numbers,
                                              .bytes = last.rows * last.columns * sizeof *numbers};
    assert_true(safetensors_save(scratch_path(state, "last.safetensors", path), NULL, 0, &tensor, 1, &error));
    struct checkpoint *checkpoint = checkpoint_load_weights(path, &error);
    assert_non_null(checkpoint);
    assert_true(checkpoint_read_weights(checkpoint, training.gan, &taken, &error));
    assert_true(taken.generator == 0 && taken.discriminator == 1);
    assert_contains(taken.lacking, "generator.0.weight generator.0.bias generator.2.weight");
    assert_contains(taken.lacking, "discriminator.0.weight discriminator.0.bias discriminator.3.bias");
    assert_true(last.data[0] == 7);
    free(taken.lacking);
    checkpoint_free(checkpoint);
    free(numbers);
    close_training(&training);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(every_preset_goes_on_to_the_bit_from_where_it_was_stopped),
        scratch_test(a_run_that_is_stopped_at_each_step_is_the_same_run),
        scratch_test(fewer_epochs_and_then_more_are_the_same_run),
        scratch_test(a_run_that_becomes_longer_is_measured_as_often),
        scratch_test(a_run_without_its_pictures_goes_on),
        scratch_test(a_damaged_checkpoint_is_refused),
        scratch_test(counters_out_of_range_are_refused),
        scratch_test(a_checkpoint_that_tells_of_no_measurements_has_none),
        scratch_test(the_checkpoint_before_a_damaged_one_is_offered),
        scratch_test(nets_of_another_shape_are_refused_by_the_tensor_s_name),
        scratch_test(weights_are_taken_by_name_and_said),
        scratch_test(a_layer_alone_is_taken_for_the_one_of_its_name),
    };
    return cmocka_run_group_tests_name("checkpoint", tests, prepare_training, NULL);
}
