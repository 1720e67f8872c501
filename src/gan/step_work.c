#include "gan/step_work.h"
#include "base/memory.h"

#include <stdlib.h>

static bool allocate_batches(struct step_work *work, const struct gan *gan, struct error *error)
{
    const size_t batch = gan->config->batch_size, rows = gan_real_count(gan->config) + batch;
    const size_t width = gan->generator.network->inputs, stride = row_stride(gan->pixels);
    return matrix_allocate(&work->latents, batch, width, width, "the latents", error) &&
           matrix_allocate(&work->images, rows, gan->pixels, stride, "a batch of images", error) &&
           matrix_allocate(&work->image_gradient, batch, gan->pixels, stride, "the images' gradients", error) &&
           matrix_allocate(&work->logits, rows, 1, 1, "the logits", error) &&
           matrix_allocate(&work->logit_gradients, rows, 1, 1, "the logits' gradients", error) &&
           (work->labels = memory_allocate(rows, 1, "a batch's labels", error));
}

struct step_work *step_work_create(const struct gan *gan, struct error *error)
{
    const struct config *config = gan->config;
    struct step_work *work = memory_allocate(1, sizeof *work, "a step's memory", error);
    if (!work) {
        return NULL;
    }
    work->objective = (struct objective){config->loss, config->d_loss_scale, config->label_smoothing,
                                         config->d_batch == D_BATCH_MERGED};
    if (!allocate_batches(work, gan, error) ||
        (config_penalizes(config) &&
         !(work->penalty = penalty_create(gan->discriminator.network, 2 * gan_real_count(config), error)))) {
        step_work_free(work);
        return NULL;
    }
    return work;
}

void step_work_free(struct step_work *work)
{
    if (!work) {
        return;
    }
    penalty_free(work->penalty);
    free(work->latents.data);
    free(work->images.data);
    free(work->image_gradient.data);
    free(work->logits.data);
    free(work->logit_gradients.data);
    free(work->labels);
    free(work);
}
