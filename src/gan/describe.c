#include "gan/describe.h"

#include "base/count.h"

#include <stdio.h>
#include <string.h>

/* Adds a line to a box that has one left. */
static void add_line(struct diagram_box *box, const char *line)
{
    for (size_t i = 0; i < sizeof box->lines / sizeof *box->lines; i++) {
        if (!box->lines[i][0]) {
            snprintf(box->lines[i], sizeof box->lines[i], "%s", line);
            return;
        }
    }
}

static void add_parameters(struct diagram_box *box, size_t parameters)
{
    char text[64], count[COUNT_TEXT];
    snprintf(text, sizeof text, "%s parameters", count_print(parameters, count));
    add_line(box, text);
}

/* What a layer after a dense one adds to its box's words. */
static void describe_feature_layer(const struct layer *layer, char *text, size_t size)
{
    switch (layer->kind) {
    case LAYER_ACTIVATION:
        if (layer->activation.kind == ACTIVATION_LEAKY_RELU) {
            snprintf(text, size, "%s %g", activation_name(layer->activation.kind), layer->activation.slope);
        } else {
            snprintf(text, size, "%s", activation_name(layer->activation.kind));
        }
        break;
    case LAYER_BATCH_NORM:
        snprintf(text, size, "batch norm");
        break;
    case LAYER_DROPOUT:
        snprintf(text, size, "dropout %g", layer->rate);
        break;
    case LAYER_MAXOUT:
        snprintf(text, size, "maxout of %zu", layer->inputs / layer->outputs);
        break;
    case LAYER_DENSE:
        break;
    }
}

/* The box of the dense layer l with what follows it, and its parameters; returns the number of the next dense layer. */
static size_t describe_layers(const struct network *network, size_t l, struct diagram_box *box, size_t *parameters)
{
    const struct layer *dense = &network->layers[l];
    char text[64];
    *parameters = dense->inputs * dense->outputs + (dense->has_bias ? dense->outputs : 0);
    *box = (struct diagram_box){.size = (double)dense->outputs};
    snprintf(box->title, sizeof box->title, "dense %zu", dense->outputs);
    snprintf(text, sizeof text, "%zu to %zu", dense->inputs, dense->outputs);
    add_line(box, text);
    char features[64] = "";
    size_t length = 0;
    for (l++; l < network->layer_count && network->layers[l].kind != LAYER_DENSE; l++) {
        const struct layer *layer = &network->layers[l];
        describe_feature_layer(layer, text, sizeof text);
        int written = snprintf(features + length, sizeof features - length, "%s%s", length ? ", " : "", text);
        length += written > 0 && (size_t)written < sizeof features - length ? (size_t)written : 0;
        *parameters += layer->kind == LAYER_BATCH_NORM ? 2 * layer->outputs : 0;
    }
    add_line(box, features);
    add_parameters(box, *parameters);
    return l;
}

/* The layers of net, whose first box is there, and its output; all of it in a row. */
static void describe_network(const struct network *network, const char *name, struct diagram_box output,
                             struct described_net *net, struct diagram_row *row)
{
    char count[COUNT_TEXT];
    net->name = name;
    net->parameters = network->trainable_count;
    snprintf(row->title, sizeof row->title, "%s: %s parameters", name, count_print(net->parameters, count));
    row->boxes = net->boxes;
    row->count = 1;
    for (size_t l = first_dense(network); l < network->layer_count; row->count++) {
        l = describe_layers(network, l, &net->boxes[row->count], &net->box_parameters[row->count]);
    }
    net->boxes[row->count++] = output;
}

void describe_gan(const struct gan *gan, size_t height, size_t width, struct description *description)
{
    *description = (struct description){0};
    const struct config *config = gan->config;
    struct described_net *generator = &description->nets[0], *discriminator = &description->nets[1];
    char text[96];

    struct diagram_box latent = {.title = "latent z", .data = true, .size = (double)gan->generator.network->inputs};
    snprintf(text, sizeof text, "%zu", config->encoding_dims);
    add_line(&latent, text);
    if (config->noise == NOISE_UNIFORM) {
        snprintf(text, sizeof text, "uniform, -%g to %g", config->noise_range, config->noise_range);
    } else {
        snprintf(text, sizeof text, "normal");
    }
    if (gan->classes) {
        const size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "; label, %zu one-hot", gan->classes);
    }
    add_line(&latent, text);
    struct diagram_box image = {.title = "image", .data = true, .size = (double)gan->pixels};
    snprintf(text, sizeof text, "%zu x %zu", height, width);
    add_line(&image, text);
    generator->boxes[0] = latent;
    describe_network(gan->generator.network, "generator", image, generator, &description->rows[0]);

    char dropout[32] = "";
    if (config->input_dropout > 0) {
        snprintf(dropout, sizeof dropout, "dropout %g", config->input_dropout);
    }
    const struct diagram_box logit = {.title = "logit", .lines = {"real or generated?"}, .data = true, .size = 1};
    if (gan->classes) {
        snprintf(text, sizeof text, "%s%slabel, dense %zu to %zu", dropout, *dropout ? "; " : "", gan->classes,
                 gan->pixels);
        add_line(&image, text);
        discriminator->box_parameters[0] = gan->pixels * (gan->classes + 1);
        add_parameters(&image, discriminator->box_parameters[0]);
    } else {
        add_line(&image, dropout);
    }
    discriminator->boxes[0] = image;
    describe_network(gan->discriminator.network, "discriminator", logit, discriminator, &description->rows[1]);
}
