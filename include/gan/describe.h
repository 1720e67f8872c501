/* A GAN's two nets in words, as rows of boxes: for networks.svg and for the screen. */
#ifndef GAN_DESCRIBE_H
#define GAN_DESCRIBE_H

#include "gan/gan.h"
#include "io/diagram.h"

enum {
    DESCRIBE_BOXES_MAX = HIDDEN_LAYERS_MAX + 3, /* what comes in, the layers, what goes out */
    DESCRIBE_NETS = 2,
};

struct described_net {
    const char *name; /* "generator", "discriminator" */
    size_t parameters;
    struct diagram_box boxes[DESCRIBE_BOXES_MAX];
    size_t box_parameters[DESCRIBE_BOXES_MAX]; /* of each box; 0: it has none */
};

struct description {
    struct described_net nets[DESCRIBE_NETS]; /* the generator, the discriminator */
    struct diagram_row rows[DESCRIBE_NETS]; /* the same; they point into the nets' boxes */
};

/* Fills description from the nets of gan, for images of height x width. */
void describe_gan(const struct gan *gan, size_t height, size_t width, struct description *description);

#endif
