/* One training step. All of it runs in one parallel region: every thread goes through the same functions, shares their
 * tiles, and writes what is not in tiles (labels, losses) in single sections. */
#include "gan/gan.h"
#include "gan/latent.h"
#include "gan/step_work.h"
#include "nn/denormals.h"
#include "nn/label.h"
#include "nn/rng.h"
#include "nn/team.h"

#include <math.h>

/* Rows begin .. begin + rows - 1 of D's batch: the real images, then the generated ones. */
static struct matrix images(const struct gan *gan, size_t begin, size_t rows)
{
    return matrix_rows(gan->work->images, begin, rows);
}

static struct batch generator_batch(const struct gan *gan, size_t rows)
{
    return (struct batch){
        .input = matrix_rows(gan->work->latents, 0, rows),
        .output = images(gan, gan_real_count(gan->config), rows),
        .groups = 1,
    };
}

/* D's batch of rows begin .. begin + rows - 1 of the images, in update `number` of the run. */
static struct batch discriminator_batch(const struct gan *gan, size_t begin, size_t rows, size_t groups,
                                        uint64_t number)
{
    return (struct batch){
        .input = images(gan, begin, rows),
        .output = matrix_rows(gan->work->logits, 0, rows),
        .labels = gan->work->labels + begin,
        .groups = groups,
        .seed = gan->config->seed,
        .number = number,
    };
}

/* The labels of the real images from `first` on, which the generated images beside them carry too. */
static void load_labels(struct gan *gan, const struct dataset *dataset, size_t first)
{
    const size_t reals = gan_real_count(gan->config);
    if (gan->classes) {
#pragma omp single
        for (size_t i = 0; i < reals + gan->config->batch_size; i++) {
            gan->work->labels[i] = (unsigned char)dataset_label(dataset, first + i % reals);
        }
    }
}

/* The real images from `first` on into D's batch. */
static void load_images(struct gan *gan, const struct dataset *dataset, size_t first)
{
    real scale, offset;
    gan_pixel_range(gan->config, &scale, &offset);
    dataset_gather(dataset, first, scale, offset, images(gan, 0, gan_real_count(gan->config)));
#pragma omp barrier
}

/* z of update `number`, a row a sample, and beside it the label. */
static void draw_latents(struct gan *gan, size_t rows, uint64_t number)
{
    const struct config *config = gan->config;
    const struct rng_stream stream = {config->seed, RNG_NOISE, 0, number};
    struct matrix latents = generator_batch(gan, rows).input;
#pragma omp for schedule(static) nowait
    for (size_t r = 0; r < rows; r++) {
        latent_draw(config, stream, (uint32_t)r, latents.data + r * latents.stride);
    }
    if (gan->classes) {
        label_one_hot(gan->work->labels + gan_real_count(config),
                      matrix_columns(latents, config->encoding_dims, gan->classes));
    }
#pragma omp barrier
}

static void generate(struct gan *gan, size_t rows)
{
    const struct batch batch = generator_batch(gan, rows);
    network_forward(gan->generator.network, gan->generator.pass, &batch);
}

/* The norm of the gradient, from its chunks' sums of squares. */
static double gradient_norm(const struct player *player)
{
    double sum = 0;
    for (size_t i = 0; i < chunk_count(player->network->parameter_count); i++) {
        sum += player->squares[i].gradients;
    }
    return sqrt(sum);
}

/* What a gradient is to be multiplied by so that its norm is `limit` at most; not-a-number stays visible. */
static double clipping_scale(const struct player *player, double limit)
{
    optimizer_sum_squares(player->network, player->squares);
#pragma omp barrier
    const double norm = gradient_norm(player);
#pragma omp barrier
    return norm <= limit ? 1 : limit / norm;
}

static void optimize(struct player *player, double clip_norm)
{
    const double scale = clip_norm > 0 ? clipping_scale(player, clip_norm) : 1;
    optimizer_update(&player->optimizer, player->updates, player->network, scale, player->squares);
#pragma omp barrier
}

/* Counts the update just made: the norm of its gradient, before it was clipped, and the root mean square of what it
 * left. */
static void finish_update(struct player *player, double *norm, double *weight)
{
    double sum = 0;
    for (size_t i = 0; i < chunk_count(player->network->parameter_count); i++) {
        sum += player->squares[i].parameters;
    }
    player->updates++;
    *norm = gradient_norm(player);
    *weight = sqrt(sum / (double)player->network->trainable_count);
}

/* D on its real images and as many of the generated ones: what it says of them, and its gradient. */
static void find_discriminator_gradient(struct gan *gan, uint64_t number)
{
    const struct config *config = gan->config;
    const struct step_work *work = gan->work;
    const struct player *discriminator = &gan->discriminator;
    const size_t reals = gan_real_count(config), rows = 2 * reals, groups = work->objective.merged ? 1 : 2;
    const struct batch batch = discriminator_batch(gan, 0, rows, groups, number);
    network_forward(discriminator->network, discriminator->pass, &batch);
#pragma omp single
    {
        struct judgement judgement =
            objective_discriminator(&work->objective, work->logits.data, reals, reals, work->logit_gradients.data);
        const double weight = 1 / (double)config->d_steps;
        gan->report.loss_d += weight * judgement.loss;
        gan->report.d_real += weight * judgement.d_real;
        gan->report.d_fake += weight * judgement.d_fake;
    }
    if (work->penalty) {
        const struct penalty_part parts[PENALTY_PARTS] = {{0, reals, config->r1}, {reals, reals, config->r2}};
        network_backward_penalized(discriminator->network, discriminator->pass, work->penalty, &batch,
                                   work->logit_gradients.data, parts);
    } else {
        network_backward(discriminator->network, discriminator->pass, &batch,
                         matrix_rows(work->logit_gradients, 0, rows), true, (struct matrix){0});
    }
}

static void optimize_discriminator(struct gan *gan)
{
    struct player *discriminator = &gan->discriminator;
    optimize(discriminator, gan->config->clip_norm);
#pragma omp single
    {
        double norm;
        finish_update(discriminator, &norm, &gan->report.weight_d);
        gan->report.grad_norm_d += norm / (double)gan->config->d_steps;
    }
}

/* G's gradient, by the images it has just generated and what D has said of them as the batch `judged`, beside which the
 * logits of real ones are those of all. */
static void find_generator_gradient(struct gan *gan, const struct batch *judged)
{
    const struct player *generator = &gan->generator, *discriminator = &gan->discriminator;
    const struct step_work *work = gan->work;
    const size_t rows = judged->input.rows;
    const struct batch generated = generator_batch(gan, rows);
    const struct matrix image_gradient = matrix_rows(work->image_gradient, 0, rows);
    const real *reals = objective_has_pairs(gan->config->loss) ? work->logits.data : NULL;
#pragma omp single
    gan->report.loss_g +=
        objective_generator(&work->objective, judged->output.data, reals, rows, work->logit_gradients.data) /
        (double)gan->config->g_steps;
    network_backward(discriminator->network, discriminator->pass, judged, matrix_rows(work->logit_gradients, 0, rows),
                     false, image_gradient);
    network_backward(generator->network, generator->pass, &generated, image_gradient, true, (struct matrix){0});
}

static void optimize_generator(struct gan *gan)
{
    struct player *generator = &gan->generator;
    optimize(generator, gan->config->clip_norm);
#pragma omp single
    {
        double norm;
        finish_update(generator, &norm, &gan->report.weight_g);
        gan->report.grad_norm_g += norm / (double)gan->config->g_steps;
    }
    if (gan->config->ema > 0) {
        network_average(generator->network, gan_average_keeps(gan->config, generator->updates));
    }
}

/* One update of D. */
static void update_discriminator(struct gan *gan, uint64_t number)
{
    find_discriminator_gradient(gan, number);
    optimize_discriminator(gan);
}

/* Of D's batch of real and generated images, which went forward in two groups, the generated ones. */
static struct batch generated_half(const struct gan *gan, uint64_t number)
{
    const size_t reals = gan_real_count(gan->config);
    struct batch half = discriminator_batch(gan, reals, gan->config->batch_size, 1, number);
    half.first_row = reals;
    half.first_group = 1;
    half.output.data += reals;
    return half;
}

/* One update of G on the images it has just generated; in pairs with the real ones that lie before them. */
static void update_generator(struct gan *gan, uint64_t number)
{
    const struct player *discriminator = &gan->discriminator;
    const size_t reals = gan_real_count(gan->config), rows = gan->config->batch_size;
    const bool pairs = objective_has_pairs(gan->config->loss);
    const struct batch judged =
        pairs ? discriminator_batch(gan, 0, reals + rows, 2, number) : discriminator_batch(gan, reals, rows, 1, number);
    network_forward(discriminator->network, discriminator->pass, &judged);
    const struct batch generated = pairs ? generated_half(gan, number) : judged;
    find_generator_gradient(gan, &generated);
    optimize_generator(gan);
}

/* One update of each net from the same images, latents and passes, dropout's masks included. */
static void update_both(struct gan *gan, const struct dataset *dataset, size_t first, uint64_t number)
{
    const size_t rows = gan->config->batch_size;
    const struct batch generated = generated_half(gan, number);
    load_labels(gan, dataset, first);
    load_images(gan, dataset, first);
    draw_latents(gan, rows, number);
    generate(gan, rows);
    find_discriminator_gradient(gan, number);
    find_generator_gradient(gan, &generated);
    optimize_discriminator(gan);
    optimize_generator(gan);
}

/* One of a step's updates, where the nets take turns. */
struct update {
    bool of_d; /* of D, else of G */
    size_t real_batch; /* number in the step of the real images that D learns from; G has their labels */
    bool takes_reals; /* whether it looks at those images: D does, and G in pairs */
    size_t rows; /* generated images */
    bool draws, generates; /* whether their z is new, and whether they are; else what the update before left serves */
};

/* Update number i of a step: first all of the net whose turn is first, then all of the other. With --fakes the first of
 * the other takes over the z of the one before it, for a whole batch, of which a merged update of D looks at the first
 * half. It takes over the images as well, but for same_noise after G's update: by then G makes others from that z. */
static struct update update_at(const struct gan *gan, size_t i)
{
    const struct config *config = gan->config;
    const bool d_first = config->order == ORDER_D_THEN_G, shared = config->fakes != FAKES_FRESH;
    const size_t turn = d_first ? config->d_steps : config->g_steps; /* updates until it is the other net's */
    const bool of_d = (i < turn) == d_first, hands_over = shared && i + 1 == turn, takes_over = shared && i == turn;
    const size_t of_its_net = i < turn ? i : i - turn;
    const size_t beside_g = d_first ? config->d_steps - 1 : 0; /* what D has learned from last, or will first */
    return (struct update){
        .of_d = of_d,
        .real_batch = of_d ? of_its_net : beside_g,
        .takes_reals = of_d || objective_has_pairs(gan->config->loss),
        .rows = of_d && !hands_over && !takes_over ? gan_real_count(config) : config->batch_size,
        .draws = !takes_over,
        .generates = !takes_over || (of_d && config->fakes == FAKES_SAME_NOISE),
    };
}

/* The updates of one net, then those of the other. */
static void update_in_turn(struct gan *gan, const struct dataset *dataset, size_t first, uint64_t number)
{
    const size_t updates = gan->config->d_steps + gan->config->g_steps;
    size_t labelled = SIZE_MAX, loaded = SIZE_MAX; /* the real batches whose labels and images are there */
    for (size_t i = 0; i < updates; i++) {
        const struct update update = update_at(gan, i);
        const size_t begin = first + update.real_batch * gan_real_count(gan->config);
        if (update.real_batch != labelled) {
            load_labels(gan, dataset, begin);
            labelled = update.real_batch;
        }
        if (update.takes_reals && update.real_batch != loaded) {
            load_images(gan, dataset, begin);
            loaded = update.real_batch;
        }
        if (update.draws) {
            draw_latents(gan, update.rows, number + i);
        }
        if (update.generates) {
            generate(gan, update.rows);
        }
        (update.of_d ? update_discriminator : update_generator)(gan, number + i);
    }
}

void gan_step(struct gan *gan, const struct dataset *dataset, size_t first)
{
    const struct config *config = gan->config;
    const bool simultaneous = config->order == ORDER_SIMULTANEOUS;
    const uint64_t number = gan_stream_step(gan, gan->steps * (config->d_steps + config->g_steps));
    gan->report = (struct step_report){0};
#pragma omp parallel
    {
        flush_denormals();
        (simultaneous ? update_both : update_in_turn)(gan, dataset, first, number);
    }
    gan->steps++;
}
