#include "eval/judge.h"
#include "base/memory.h"
#include "nn/denormals.h"
#include "nn/pass.h"

#include <stdlib.h>

enum { HIDDEN = 2, BLOCK = 256 /* images that go through the network at a time */ };

static const size_t WIDTHS[HIDDEN] = {JUDGE_HIDDEN, JUDGE_FEATURES};
static const double DROPOUT[HIDDEN] = {JUDGE_DROPOUT, JUDGE_DROPOUT};

struct judge *judge_create(struct judge_shape shape, struct error *error)
{
    struct judge *judge = memory_allocate(1, sizeof *judge, "the judge", error);
    if (!judge) {
        return NULL;
    }
    judge->shape = shape;
    judge->network = network_create(
        &(struct network_spec){
            .inputs = shape.height * shape.width,
            .outputs = shape.classes,
            .hidden_count = HIDDEN,
            .hidden = WIDTHS,
            .hidden_activation = {.kind = ACTIVATION_RELU},
            .output_activation = {.kind = ACTIVATION_LINEAR},
            .dropout = DROPOUT,
        },
        error);
    if (!judge->network) {
        judge_free(judge);
        return NULL;
    }
    return judge;
}

void judge_free(struct judge *judge)
{
    if (judge) {
        network_free(judge->network);
        free(judge);
    }
}

void judge_take_image(const unsigned char *image, struct matrix row)
{
    for (size_t i = 0; i < row.columns; i++) {
        row.data[i] = (real)image[i] * (real)(1 / 255.0);
    }
}

static unsigned char largest(const real *logits, size_t classes)
{
    size_t best = 0;
    for (size_t c = 1; c < classes; c++) {
        best = logits[c] > logits[best] ? c : best;
    }
    return (unsigned char)best;
}

double judge_look_products(struct judge_shape shape)
{
    return (double)(shape.height * shape.width * WIDTHS[0] + WIDTHS[0] * WIDTHS[1] + WIDTHS[1] * shape.classes);
}

/* What a block of images goes through. */
struct look {
    const struct judge *judge;
    struct pass *pass;
    struct batch batch; /* of BLOCK rows, always */
};

/* Every thread of a team: `count` images, whose features and classes are wanted. */
static void look_at_block(const struct look *look, const unsigned char *images, size_t count, struct matrix features,
                          unsigned char *classes)
{
    const struct network *network = look->judge->network;
    const struct matrix x = look->batch.input, logits = look->batch.output;
#pragma omp for schedule(static)
    for (size_t r = 0; r < count; r++) {
        judge_take_image(images + r * x.columns, matrix_rows(x, r, 1));
    }
    network_infer(network, look->pass, &look->batch);
    const struct matrix hidden = network_hidden(network, look->pass, &look->batch);
#pragma omp for schedule(static)
    for (size_t r = 0; r < count; r++) {
        if (features.data) {
            matrix_copy(matrix_rows(hidden, r, 1), matrix_rows(features, r, 1));
        }
        if (classes) {
            classes[r] = largest(logits.data + r * logits.stride, logits.columns);
        }
    }
}

bool judge_look(const struct judge *judge, struct image_set images, struct matrix features, unsigned char *classes,
                struct error *error)
{
    const size_t inputs = judge->network->inputs, outputs = judge->network->outputs;
    struct look look = {
        .judge = judge,
        .batch = {.input = {NULL, BLOCK, inputs, inputs}, .output = {NULL, BLOCK, outputs, outputs}, .groups = 1},
    };
    const bool good = (look.pass = pass_create(judge->network, BLOCK, false, error)) &&
                      (look.batch.input.data = memory_allocate(BLOCK * inputs, sizeof(real), "images", error)) &&
                      (look.batch.output.data = memory_allocate(BLOCK * outputs, sizeof(real), "logits", error));
    for (size_t first = 0; good && first < images.count; first += BLOCK) {
        const size_t count = images.count - first < BLOCK ? images.count - first : BLOCK;
        const struct matrix wanted = features.data ? matrix_rows(features, first, count) : features;
#pragma omp parallel
        {
            flush_denormals();
            look_at_block(&look, images.bytes + first * inputs, count, wanted, classes ? classes + first : NULL);
        }
    }
    pass_free(look.pass);
    free(look.batch.input.data);
    free(look.batch.output.data);
    return good;
}

double judge_accuracy(const unsigned char *classes, const unsigned char *wanted, size_t count)
{
    size_t right = 0;
    for (size_t i = 0; i < count; i++) {
        right += classes[i] == wanted[i];
    }
    return (double)right / (double)count;
}
