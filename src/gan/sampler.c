#include "gan/sampler.h"
#include "base/memory.h"
#include "gan/gan.h"
#include "gan/latent.h"
#include "nn/denormals.h"
#include "nn/label.h"

#include <stdlib.h>
#include <string.h>

/* Rows of a block. A product's bits depend on its number of rows, and those of a row on its place among them: each
 * image has its own place in a block, whatever is asked for beside it. */
enum { BLOCK = 64 };

struct sampler {
    const struct config *config;
    const struct network *generator;
    size_t classes;
    struct pass *pass;
    struct matrix latents; /* [BLOCK][encoding_dims + classes] */
    struct matrix images; /* [BLOCK][pixels] */
    unsigned char labels[BLOCK];
};

struct sampler *sampler_create(const struct config *config, const struct network *generator, size_t classes,
                               struct error *error)
{
    struct sampler *sampler = memory_allocate(1, sizeof *sampler, "a sampler", error);
    if (!sampler) {
        return NULL;
    }
    const size_t inputs = generator->inputs, pixels = generator->outputs;
    sampler->config = config;
    sampler->generator = generator;
    sampler->classes = classes;
    if (!(sampler->pass = pass_create(generator, BLOCK, false, error)) ||
        !matrix_allocate(&sampler->latents, BLOCK, inputs, inputs, "the samples' latents", error) ||
        !matrix_allocate(&sampler->images, BLOCK, pixels, pixels, "the samples", error)) {
        sampler_free(sampler);
        return NULL;
    }
    return sampler;
}

void sampler_free(struct sampler *sampler)
{
    if (!sampler) {
        return;
    }
    pass_free(sampler->pass);
    free(sampler->latents.data);
    free(sampler->images.data);
    free(sampler);
}

/* The fixed range to 0 .. 255, to the nearest; what a linear output leaves outside is cut, and what is not a number is
 * black. */
static void to_bytes(const struct config *config, const real *image, size_t pixels, unsigned char *bytes)
{
    real scale, offset;
    gan_pixel_range(config, &scale, &offset);
    for (size_t i = 0; i < pixels; i++) {
        real grey = (image[i] - offset) / scale + (real)0.5;
        grey = grey > 0 ? grey : 0;
        bytes[i] = (unsigned char)(grey < 255 ? grey : 255);
    }
}

/* Every thread of a team: the block of image `block`, a multiple of BLOCK, of which rows begin .. end - 1 are wanted,
 * from z [block + end][encoding_dims] or, where that is NULL, from the seed's own z. */
static void draw_block(struct sampler *sampler, const real *z, size_t block, size_t begin, size_t end,
                       unsigned char *bytes)
{
    const struct config *config = sampler->config;
    const struct rng_stream stream = {.seed = config->seed, .purpose = RNG_GRID};
    const struct matrix latents = sampler->latents, images = sampler->images;
    const size_t width = config->encoding_dims;
#pragma omp for schedule(static) nowait
    for (size_t r = begin; r < end; r++) {
        real *latent = latents.data + r * latents.stride;
        if (z) {
            memcpy(latent, z + (block + r) * width, width * sizeof *z);
        } else {
            latent_draw(config, stream, (uint32_t)(block + r), latent);
        }
    }
    if (sampler->classes) {
        label_one_hot(sampler->labels, matrix_columns(latents, width, sampler->classes));
    }
#pragma omp barrier
    const struct batch batch = {.input = latents, .output = images, .groups = 1};
    network_infer(sampler->generator, sampler->pass, &batch);
#pragma omp for schedule(static)
    for (size_t r = begin; r < end; r++) {
        to_bytes(config, images.data + r * images.stride, images.columns, bytes + (r - begin) * images.columns);
    }
}

static void draw(struct sampler *sampler, const real *z, size_t first, size_t count, const unsigned char *labels,
                 unsigned char *bytes)
{
    for (size_t done = 0; done < count;) {
        const size_t begin = (first + done) % BLOCK, block = first + done - begin, left = count - done;
        const size_t end = left < BLOCK - begin ? begin + left : BLOCK;
        for (size_t r = begin; sampler->classes && r < end; r++) {
            sampler->labels[r] = labels[done + r - begin];
        }
#pragma omp parallel
        {
            flush_denormals();
            draw_block(sampler, z, block, begin, end, bytes + done * sampler->images.columns);
        }
        done += end - begin;
    }
}

void sampler_draw(struct sampler *sampler, size_t first, size_t count, const unsigned char *labels,
                  unsigned char *bytes)
{
    draw(sampler, NULL, first, count, labels, bytes);
}

void sampler_draw_latents(struct sampler *sampler, const real *z, size_t first, size_t count,
                          const unsigned char *labels, unsigned char *bytes)
{
    draw(sampler, z, first, count, labels, bytes);
}
