#include "base/memory.h"
#include "eval/judge.h"
#include "nn/cross_entropy.h"
#include "nn/denormals.h"
#include "nn/optimizer.h"
#include "nn/pass.h"
#include "nn/rng.h"
#include "nn/team.h"

#include <stdlib.h>

enum { TELL_EVERY = 20 /* updates */ };

static const struct optimizer ADAM = {.kind = OPTIMIZER_ADAM,
                                      .learning_rate = JUDGE_LEARNING_RATE,
                                      .beta_1 = 0.9,
                                      .beta_2 = 0.999,
                                      .schedule = SCHEDULE_COSINE};

/* A training on its way. */
struct judge_training {
    const struct judge *judge;
    struct labelled_set set;
    struct optimizer optimizer;
    struct optimizer_squares *squares;
    struct pass *pass;
    struct matrix images, logits; /* [JUDGE_BATCH] rows */
    unsigned char labels[JUDGE_BATCH];
    uint32_t *order; /* [set's count] of the images in this pass over them */
    size_t first; /* place in order of the next batch */
    uint64_t passes, update, updates;
};

/* Every thread of a team: the next batch of images. */
static void load_batch(struct judge_training *training)
{
    const struct image_set images = training->set.images;
    const struct matrix x = training->images;
#pragma omp for schedule(static)
    for (size_t r = 0; r < JUDGE_BATCH; r++) {
        const size_t i = training->order[(training->first + r) % images.count];
        training->labels[r] = training->set.labels[i];
        judge_take_image(images.bytes + i * x.columns, matrix_rows(x, r, 1));
    }
}

/* Every thread of a team. */
static void update(struct judge_training *training)
{
    struct network *network = training->judge->network;
    const struct batch batch = {.input = training->images,
                                .output = training->logits,
                                .groups = 1,
                                .seed = JUDGE_SEED,
                                .number = training->update};
    load_batch(training);
    network_forward(network, training->pass, &batch);
#pragma omp single
    cross_entropy(training->logits, training->labels, training->logits);
    network_backward(network, training->pass, &batch, training->logits, true, (struct matrix){0});
    optimizer_update(&training->optimizer, training->update, network, 1, training->squares);
}

static void shuffle(struct judge_training *training)
{
    const struct rng_stream stream = {.seed = JUDGE_SEED, .purpose = RNG_SHUFFLE, .step = training->passes++};
    rng_permutation(stream, training->set.images.count, training->order);
    training->first = 0;
}

static bool train(struct judge_training *training, const struct watch *watch, struct error *error)
{
    shuffle(training);
    for (; training->update < training->updates; training->update++) {
        if (training->update % TELL_EVERY == 0) {
            watch_tell(watch, JUDGE_TRAINING, (double)training->update / (double)training->updates);
        }
        if (!watch_goes_on(watch, error)) {
            return false;
        }
#pragma omp parallel
        {
            flush_denormals();
            update(training);
        }
        training->first += JUDGE_BATCH;
        if (training->first + JUDGE_BATCH > training->set.images.count) {
            shuffle(training);
        }
    }
    return true;
}

static bool allocate(struct judge_training *training, struct error *error)
{
    const struct network *network = training->judge->network;
    const size_t inputs = network->inputs, outputs = network->outputs;
    training->images = (struct matrix){NULL, JUDGE_BATCH, inputs, inputs};
    training->logits = (struct matrix){NULL, JUDGE_BATCH, outputs, outputs};
    return (training->pass = pass_create(network, JUDGE_BATCH, true, error)) &&
           (training->images.data = memory_allocate(JUDGE_BATCH * inputs, sizeof(real), "a batch of images", error)) &&
           (training->logits.data = memory_allocate(JUDGE_BATCH * outputs, sizeof(real), "the logits", error)) &&
           (training->squares = memory_allocate(chunk_count(network->parameter_count), sizeof *training->squares,
                                                "the gradient's norm", error)) &&
           (training->order =
                memory_allocate(training->set.images.count, sizeof *training->order, "the order of the images", error));
}

double judge_training_products(struct judge_shape shape)
{
    return (double)judge_updates(shape) * JUDGE_BATCH * 3 *
           judge_look_products(shape); /* forward, and two products back */
}

struct judge *judge_train(struct judge_shape shape, struct labelled_set training_set, const struct watch *watch,
                          struct error *error)
{
    struct judge *judge = judge_create(shape, error);
    if (!judge) {
        return NULL;
    }
    struct judge_training training = {
        .judge = judge, .set = training_set, .optimizer = ADAM, .updates = judge_updates(shape)};
    training.optimizer.horizon = (double)training.updates;
    network_initialize(judge->network, (struct initialization){INIT_HE_NORMAL, 0}, false, JUDGE_SEED, 0);
    const bool good = allocate(&training, error) && train(&training, watch, error);
    pass_free(training.pass);
    free(training.images.data);
    free(training.logits.data);
    free(training.squares);
    free(training.order);
    if (!good) {
        judge_free(judge);
        return NULL;
    }
    return judge;
}
