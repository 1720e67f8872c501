/* The judge: what its layers make of an image, its classes, and a training that learns, gives the same bits for any
 * number of threads, says how far it is and can be ended. */
#include "tiny_images.h"

#include "base/memory.h"
#include "nn/cross_entropy.h"
#include "nn/matmul.h"
#include "nn/network.h"
#include "nn/optimizer.h"
#include "nn/pass.h"
#include "nn/rng.h"
#include "nn/team.h"

#include <math.h>
#include <omp.h>
#include <string.h>

static const struct watch NOBODY;

static struct judge *train(struct judge_shape shape, struct tiny_images tiny, const struct watch *watch)
{
    struct error error;
    struct judge *judge = judge_train(shape, tiny_labelled(tiny), watch, &error);
    assert_non_null(judge);
    return judge;
}

static bool are_equal(const struct judge *a, const struct judge *b)
{
    assert_int_equal(a->network->parameter_count, b->network->parameter_count);
    return memcmp(a->network->parameters, b->network->parameters, a->network->parameter_count * sizeof(real)) == 0;
}

static struct matrix make_features(size_t count)
{
    real *data = calloc(count * JUDGE_FEATURES, sizeof *data);
    assert_non_null(data);
    return (struct matrix){data, count, JUDGE_FEATURES, JUDGE_FEATURES};
}

static void look(const struct judge *judge, struct image_set images, struct matrix features, unsigned char *classes)
{
    struct error error;
    assert_true(judge_look(judge, images, features, classes, &error));
}

static double accuracy_of(const struct judge *judge, struct tiny_images tiny)
{
    struct error error;
    const struct labelled_set set = tiny_labelled(tiny);
    unsigned char *classes = calloc(set.images.count, 1);
    assert_true(judge_look(judge, set.images, (struct matrix){0}, classes, &error));
    const double accuracy = judge_accuracy(classes, set.labels, set.images.count);
    free(classes);
    return accuracy;
}

/* --- looking --- */

/* The dense layer of tensors `number` and the next on x, in double. */
static void apply_dense(const struct judge *judge, size_t number, bool rectify, const double *x, double *y)
{
    struct tensor weight, bias;
    assert_true(network_tensor(judge->network, number, &weight) && network_tensor(judge->network, number + 1, &bias));
    for (size_t o = 0; o < weight.rows; o++) {
        double sum = (double)bias.data[o];
        for (size_t i = 0; i < weight.columns; i++) {
            sum += (double)weight.data[o * weight.columns + i] * x[i];
        }
        y[o] = rectify && sum < 0 ? 0 : sum;
    }
}

static void layers_by_hand(void **state)
{
    (void)state;
    enum { COUNT = 600 }; /* over two ends of a block, and a part of one */
    const struct tiny_images training = tiny_make(200, 1), tiny = tiny_make(COUNT, 2);
    struct judge *judge = tiny_judge(training);
    const struct matrix features = make_features(COUNT);
    unsigned char classes[COUNT];
    look(judge, tiny_set(tiny), features, classes);
    bool has_zeros = false, has_others = false;
    for (size_t i = 0; i < COUNT; i++) {
        double x[TINY_PIXELS], first[512], second[JUDGE_FEATURES], logits[TINY_CLASSES];
        for (size_t p = 0; p < TINY_PIXELS; p++) {
            x[p] = tiny.bytes[i * TINY_PIXELS + p] / 255.0;
        }
        apply_dense(judge, 0, true, x, first);
        apply_dense(judge, 2, true, first, second);
        apply_dense(judge, 4, false, second, logits);
        for (size_t f = 0; f < JUDGE_FEATURES; f++) {
            const double found = (double)features.data[i * JUDGE_FEATURES + f];
            assert_true(found >= 0 && fabs(found - second[f]) <= 1e-5);
            has_zeros = has_zeros || found == 0;
            has_others = has_others || found > 0.1;
        }
        size_t best = logits[1] > logits[0] ? 1 : 0;
        best = logits[2] > logits[best] ? 2 : best;
        assert_int_equal(classes[i], best);
    }
    assert_true(has_zeros && has_others);
    judge_free(judge);
    free(features.data);
    tiny_free(training);
    tiny_free(tiny);
}

/* A judge that gives all images these logits. */
static struct judge *stubborn(const double logits[TINY_CLASSES])
{
    struct error error;
    struct judge *judge = judge_create(TINY_SHAPE, &error);
    struct tensor bias;
    assert_non_null(judge);
    assert_true(network_tensor(judge->network, 5, &bias));
    assert_string_equal(bias.name, "6.bias");
    for (size_t c = 0; c < TINY_CLASSES; c++) {
        bias.data[c] = (real)logits[c];
    }
    return judge;
}

static void classes_and_accuracy(void **state)
{
    (void)state;
    static const struct {
        double logits[TINY_CLASSES];
        unsigned char class;
    } CASES[] = {{{0, 0, 0}, 0}, {{-1, 2, 2}, 1}, {{-3, -2, -1}, 2}, {{5, -1, 5}, 0}};
    const struct tiny_images tiny = tiny_make(300, 3);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct judge *judge = stubborn(CASES[i].logits);
        unsigned char classes[300];
        size_t right = 0;
        look(judge, tiny_set(tiny), (struct matrix){0}, classes);
        for (size_t j = 0; j < tiny.count; j++) {
            assert_int_equal(classes[j], CASES[i].class);
            right += tiny.labels[j] == CASES[i].class;
        }
        assert_true(right > 50 && right < 150);
        assert_true(accuracy_of(judge, tiny) == (double)right / 300);
        judge_free(judge);
    }
    tiny_free(tiny);
}

/* Nothing but the image and its place counts, nor what else is wanted; several threads change nothing. */
static void an_image_by_itself(void **state)
{
    (void)state;
    enum { COUNT = 300, PLACE = 256 + 7 };
    const struct tiny_images tiny = tiny_make(COUNT, 4), others = tiny_make(PLACE + 1, 5);
    struct judge *judge = tiny_judge(tiny);
    const struct matrix features = make_features(COUNT), again = make_features(COUNT);
    unsigned char classes[COUNT], alone[COUNT];
    memcpy(others.bytes + PLACE * TINY_PIXELS, tiny.bytes + PLACE * TINY_PIXELS, TINY_PIXELS);
    omp_set_num_threads(1);
    look(judge, tiny_set(tiny), features, classes);
    for (int threads = 1; threads <= 3; threads++) {
        omp_set_num_threads(threads);
        look(judge, tiny_set(tiny), again, NULL);
        assert_memory_equal(again.data, features.data, COUNT * JUDGE_FEATURES * sizeof(real));
        look(judge, tiny_set(tiny), (struct matrix){0}, alone);
        assert_memory_equal(alone, classes, COUNT);
    }
    look(judge, tiny_set(others), again, NULL);
    assert_memory_equal(again.data + PLACE * JUDGE_FEATURES, features.data + PLACE * JUDGE_FEATURES,
                        JUDGE_FEATURES * sizeof(real));
    judge_free(judge);
    free(features.data);
    free(again.data);
    tiny_free(tiny);
    tiny_free(others);
}

/* --- training --- */

static void learns(void **state)
{
    (void)state;
    const struct tiny_images tiny = tiny_make(500, 6), held_out = tiny_make(500, 7);
    struct judge_shape shape = TINY_SHAPE;
    shape.updates = 30;
    struct judge *judge = train(shape, tiny, &NOBODY);
    assert_true(accuracy_of(judge, tiny) > 0.99);
    assert_true(accuracy_of(judge, held_out) > 0.97);
    judge_free(judge);
    tiny_free(tiny);
    tiny_free(held_out);
}

static struct matrix make_batch(size_t columns)
{
    real *data = calloc(128 * columns, sizeof *data);
    assert_non_null(data);
    return (struct matrix){data, 128, columns, columns};
}

/* Update number `number` of `updates`, of two in a pass over 300 images. */
static void update_by_hand(struct network *network, const struct pass *pass, struct tiny_images tiny, uint64_t number,
                           uint64_t updates)
{
    const double rate = 1e-3 * (1 + cos(acos(-1) * (double)number / (double)updates)) / 2;
    const struct optimizer adam = {.kind = OPTIMIZER_ADAM, .learning_rate = rate, .beta_1 = 0.9, .beta_2 = 0.999};
    const struct batch batch = {
        .input = make_batch(TINY_PIXELS), .output = make_batch(TINY_CLASSES), .groups = 1, .seed = 1, .number = number};
    struct error error;
    struct optimizer_squares *squares =
        memory_allocate(chunk_count(network->parameter_count), sizeof *squares, "squares", &error);
    uint32_t order[300];
    unsigned char labels[128];
    assert_non_null(squares);
    rng_permutation((struct rng_stream){.seed = 1, .purpose = RNG_SHUFFLE, .step = number / 2}, 300, order);
    for (size_t i = 0; i < 128; i++) {
        const size_t image = order[128 * (number % 2) + i];
        labels[i] = tiny.labels[image];
        for (size_t p = 0; p < TINY_PIXELS; p++) {
            batch.input.data[i * TINY_PIXELS + p] = (real)tiny.bytes[image * TINY_PIXELS + p] * (real)(1 / 255.0);
        }
    }
    network_forward(network, pass, &batch);
    cross_entropy(batch.output, labels, batch.output);
    network_backward(network, pass, &batch, batch.output, true, (struct matrix){0});
    optimizer_update(&adam, number, network, 1, squares);
    free(squares);
    free(batch.input.data);
    free(batch.output.data);
}

/* How it is trained: who changes that has to change KIND (judge_file.c), or judges that are kept would be other ones.
 */
static void the_recipe(void **state)
{
    (void)state;
    const struct tiny_images tiny = tiny_make(300, 11);
    struct judge_shape shape = TINY_SHAPE;
    struct error error;
    shape.updates = 7;
    omp_set_num_threads(1);
    struct judge *judge = train(shape, tiny, &NOBODY), *by_hand = judge_create(shape, &error);
    assert_non_null(by_hand);
    struct pass *pass = pass_create(by_hand->network, 128, true, &error);
    assert_non_null(pass);
    network_initialize(by_hand->network, (struct initialization){INIT_HE_NORMAL, 0}, false, 1, 0);
    for (uint64_t number = 0; number < 7; number++) {
        update_by_hand(by_hand->network, pass, tiny, number, 7);
    }
    assert_true(are_equal(judge, by_hand));
    pass_free(pass);
    judge_free(judge);
    judge_free(by_hand);
    tiny_free(tiny);
}

/* Of fewer images than are in a batch, too. */
static void threads_change_no_bit(void **state)
{
    (void)state;
    static const size_t COUNTS[] = {1, 129};
    struct judge_shape shape = TINY_SHAPE;
    shape.updates = 2;
    for (size_t i = 0; i < sizeof COUNTS / sizeof *COUNTS; i++) {
        const struct tiny_images tiny = tiny_make(COUNTS[i], 8);
        omp_set_num_threads(1);
        struct judge *one = train(shape, tiny, &NOBODY);
        for (int threads = 1; threads <= 3; threads++) {
            omp_set_num_threads(threads);
            struct judge *judge = train(shape, tiny, &NOBODY);
            assert_true(are_equal(judge, one));
            judge_free(judge);
        }
        judge_free(one);
        tiny_free(tiny);
    }
}

/* The number of updates is the shape's, and each of them, its images and its labels count. */
static void what_it_depends_on(void **state)
{
    (void)state;
    const struct tiny_images tiny = tiny_make(400, 9);
    struct judge_shape shape = TINY_SHAPE;
    assert_int_equal(judge_updates(shape), TINY_UPDATES);
    shape.updates = 0;
    assert_int_equal(judge_updates(shape), 6000);
    shape.updates = 4; /* three batches are all that a pass over them has */
    struct judge *judge = train(shape, tiny, &NOBODY);
    shape.updates = 5;
    struct judge *longer = train(shape, tiny, &NOBODY);
    assert_false(are_equal(judge, longer));
    shape.updates = 4;
    tiny.labels[399] = (unsigned char)((tiny.labels[399] + 1) % TINY_CLASSES);
    struct judge *relabelled = train(shape, tiny, &NOBODY);
    assert_false(are_equal(judge, relabelled));
    judge_free(judge);
    judge_free(longer);
    judge_free(relabelled);
    tiny_free(tiny);
}

/* Who is told, and ends it when told for the `limit`-th time. */
struct listener {
    size_t told, limit;
    double last;
    volatile sig_atomic_t stop;
};

static void listen(void *context, const char *what, double done)
{
    struct listener *listener = context;
    assert_string_equal(what, "training the judge");
    assert_true(listener->told == 0 ? done == 0 : done > listener->last);
    assert_true(done < 1);
    listener->last = done;
    listener->told++;
    listener->stop = listener->told == listener->limit;
}

static void progress_and_stop(void **state)
{
    (void)state;
    const struct tiny_images tiny = tiny_make(200, 10);
    struct listener listener = {.limit = 0};
    struct watch watch = {listen, &listener, &listener.stop};
    struct judge_shape shape = TINY_SHAPE;
    shape.updates = 25;
    judge_free(train(shape, tiny, &watch));
    assert_int_equal(listener.told, 2);
    assert_true(fabs(listener.last - 20.0 / 25) < 1e-12);
    listener = (struct listener){.limit = 0};
    struct judge *judge = train(TINY_SHAPE, tiny, &watch), *unwatched = train(TINY_SHAPE, tiny, &NOBODY);
    assert_true(are_equal(judge, unwatched));
    judge_free(judge);
    judge_free(unwatched);

    for (size_t limit = 1; limit <= 2; limit++) {
        struct error error = {0};
        listener = (struct listener){.limit = limit};
        assert_null(judge_train(shape, tiny_labelled(tiny), &watch, &error));
        assert_int_equal(error.status, STATUS_STOPPED);
        assert_string_equal(error.message, "stopped by a signal");
        assert_int_equal(listener.told, limit);
    }
    tiny_free(tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layers_by_hand),     cmocka_unit_test(classes_and_accuracy),
        cmocka_unit_test(an_image_by_itself), cmocka_unit_test(learns),
        cmocka_unit_test(the_recipe),         cmocka_unit_test(threads_change_no_bit),
        cmocka_unit_test(what_it_depends_on), cmocka_unit_test(progress_and_stop),
    };
    matmul_prepare();
    return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
