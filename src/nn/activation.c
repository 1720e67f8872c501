#include "nn/activation.h"
#include "nn/elementary.h"

/* Begins a loop over every element of m, a row after another, which the compiler vectorizes. */
#define FOR_EACH(m, row, i)                                                                                            \
    for (size_t row = 0; row < (m).rows; row++)                                                                        \
        for (size_t i = 0; i < (m).columns; i++)

static void tanh_forward(struct matrix x)
{
    FOR_EACH(x, r, i)
    {
        real *v = x.data + r * x.stride + i;
        real magnitude = *v < 0 ? -*v : *v;
        real e = real_exp(-2 * magnitude);
        real t = (1 - e) / (1 + e);
        *v = *v < 0 ? -t : t;
    }
}

static void sigmoid_forward(struct matrix x)
{
    FOR_EACH(x, r, i)
    {
        real *v = x.data + r * x.stride + i;
        *v = 1 / (1 + real_exp(-*v));
    }
}

static void leaky_forward(real slope, struct matrix x)
{
    FOR_EACH(x, r, i)
    {
        real *v = x.data + r * x.stride + i;
        *v = *v < 0 ? slope * *v : *v;
    }
}

void activation_forward(struct activation activation, struct matrix x)
{
    switch (activation.kind) {
    case ACTIVATION_LINEAR:
    case ACTIVATION_MAXOUT:
        break;
    case ACTIVATION_RELU:
        leaky_forward(0, x);
        break;
    case ACTIVATION_LEAKY_RELU:
        leaky_forward((real)activation.slope, x);
        break;
    case ACTIVATION_TANH:
        tanh_forward(x);
        break;
    case ACTIVATION_SIGMOID:
        sigmoid_forward(x);
        break;
    }
}

/* At 0 the derivative is the slope's, 0 for ReLU, as PyTorch and Keras have it. */
static void leaky_backward(real slope, struct matrix y, struct matrix dy)
{
    FOR_EACH(y, r, i)
    {
        real *d = dy.data + r * dy.stride + i;
        *d = y.data[r * y.stride + i] > 0 ? *d : slope * *d;
    }
}

static void tanh_backward(struct matrix y, struct matrix dy)
{
    FOR_EACH(y, r, i)
    {
        real v = y.data[r * y.stride + i];
        dy.data[r * dy.stride + i] *= 1 - v * v;
    }
}

static void sigmoid_backward(struct matrix y, struct matrix dy)
{
    FOR_EACH(y, r, i)
    {
        real v = y.data[r * y.stride + i];
        dy.data[r * dy.stride + i] *= v * (1 - v);
    }
}

void activation_backward(struct activation activation, struct matrix y, struct matrix dy)
{
    switch (activation.kind) {
    case ACTIVATION_LINEAR:
    case ACTIVATION_MAXOUT:
        break;
    case ACTIVATION_RELU:
        leaky_backward(0, y, dy);
        break;
    case ACTIVATION_LEAKY_RELU:
        leaky_backward((real)activation.slope, y, dy);
        break;
    case ACTIVATION_TANH:
        tanh_backward(y, dy);
        break;
    case ACTIVATION_SIGMOID:
        sigmoid_backward(y, dy);
        break;
    }
}

const char *activation_name(enum activation_kind kind)
{
    static const char *const names[] = {"linear", "ReLU", "LeakyReLU", "tanh", "sigmoid", "maxout"};
    return names[kind];
}
