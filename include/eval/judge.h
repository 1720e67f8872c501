/* The judge: a classifier of the data's own images. Generated images are compared with real ones in its features, and
 * counted by its classes.
 *
 * It is a multilayer perceptron with two hidden layers of ReLU, 512 and 128 wide, whose second layer's outputs are the
 * features: what decides about the class, and so about what an image shows rather than about each of its pixels. Images
 * are numbers from 0 to 1. */
#ifndef EVAL_JUDGE_H
#define EVAL_JUDGE_H

#include "base/error.h"
#include "eval/distances.h"
#include "eval/watch.h"
#include "nn/matrix.h"

/* The recipe; a judge is of another kind where one of these is another number. */
enum { JUDGE_HIDDEN = 512, JUDGE_FEATURES = 128, JUDGE_UPDATES = 6000, JUDGE_BATCH = 128, JUDGE_SEED = 1 };
#define JUDGE_DROPOUT 0.3
#define JUDGE_LEARNING_RATE 1e-3

/* What a watch is told that it is about. */
#define JUDGE_TRAINING "training the judge"

/* What it judges, and how long it is trained for that. */
struct judge_shape {
    size_t height, width; /* of an image */
    size_t classes; /* 2 .. 256 */
    size_t updates; /* of its training; 0: JUDGE_UPDATES, as every program has it. Tests take fewer, which makes another
                     * judge: one that is kept is never taken for one of another number. */
};

static inline size_t judge_updates(struct judge_shape shape)
{
    return shape.updates ? shape.updates : JUDGE_UPDATES;
}

struct judge {
    struct judge_shape shape;
    struct network *network; /* [height * width] to logits [classes] */
};

/* Images and their classes [count], each below the judge's number of them. */
struct labelled_set {
    struct image_set images;
    const unsigned char *labels;
};

/* A judge whose weights are still 0. NULL with an error. */
struct judge *judge_create(struct judge_shape shape, struct error *error);
void judge_free(struct judge *judge);

/* An image as the network takes it, into a row of one: bytes as numbers from 0 to 1. */
void judge_take_image(const unsigned char *image, struct matrix row);

/* Trains a new one on labelled images: as many updates as the shape says, by Adam on 128 images each, whatever the
 * images' number. Equal images give equal bits, for any number of OpenMP threads of the caller. NULL with an error;
 * STATUS_STOPPED where the watch ended it. */
struct judge *judge_train(struct judge_shape shape, struct labelled_set training, const struct watch *watch,
                          struct error *error);

/* Multiply-adds of the products in a training. */
double judge_training_products(struct judge_shape shape);

/* The same of a look at one image. */
double judge_look_products(struct judge_shape shape);

/* The features [count][JUDGE_FEATURES] of the images, each 0 or more, and the class [count] that the judge gives each:
 * of equally probable ones the first. Either may be NULL (its data). An image's features depend on it and on its place
 * in a block of 256 images alone. Uses the OpenMP threads of the caller. */
bool judge_look(const struct judge *judge, struct image_set images, struct matrix features, unsigned char *classes,
                struct error *error);

/* The share of classes [count] that a judge gave which are the ones wanted [count], count > 0. */
double judge_accuracy(const unsigned char *classes, const unsigned char *wanted, size_t count);

#endif
