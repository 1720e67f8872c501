#include "cli/presets.h"
#include "cli/flags.h"

#include <string.h>

const char PRESET_DEFAULT[] = "best";

static const struct preset_value BEST[] = {
    {"epochs", "50"},
    {"batch_size", "128"},
    {"encoding_dims", "64"},
    {"g_hidden", "512,512,512"},
    {"d_hidden", "512,512,512"},
    {"g_activation", "leaky_relu:0.2"},
    {"d_activation", "leaky_relu:0.2"},
    {"output", "tanh"},
    {"init", "he_normal"},
    {"loss", "relativistic"},
    {"r1", "1"},
    {"r2", "1"},
    {"optimizer", "adam"},
    {"learning_rate", "0.001"},
    {"beta_1", "0"},
    {"beta_2", "0.99"},
    {"schedule", "cosine"},
    {"final_learning_rate", "5e-5"},
    {"ema", "100000"},
    {"order", "d-then-g"},
    {"fakes", "fresh"},
    {NULL, NULL},
};

static const struct preset_value VANILLA[] = {
    {"epochs", "100"},           {"batch_size", "100"},
    {"encoding_dims", "128"},    {"g_hidden", "256"},
    {"d_hidden", "256"},         {"g_activation", "relu"},
    {"d_activation", "relu"},    {"output", "sigmoid"},
    {"init", "glorot_uniform"},  {"optimizer", "adam"},
    {"learning_rate", "0.0001"}, {"order", "d-then-g"},
    {"fakes", "same_images"},    {NULL, NULL},
};

static const struct preset_value RMSPROP_BN[] = {
    {"epochs", "150"},
    {"batch_size", "128"},
    {"encoding_dims", "100"},
    {"g_hidden", "256,512,1024"},
    {"d_hidden", "512,256"},
    {"g_activation", "relu"},
    {"d_activation", "relu"},
    {"output", "tanh"},
    {"g_batch_norm", "before"},
    {"d_batch_norm", "before"},
    {"d_batch_norm_first", "no"},
    {"init", "he_normal"},
    {"optimizer", "rmsprop"},
    {"learning_rate", "0.001"},
    {"decay", "3e-8"},
    {"order", "d-then-g"},
    {"fakes", "fresh"},
    {NULL, NULL},
};

static const struct preset_value CONDITIONAL[] = {
    {"epochs", "150"},
    {"batch_size", "128"},
    {"encoding_dims", "100"},
    {"conditional", "yes"},
    {"g_hidden", "256,512"},
    {"d_hidden", "512,256"},
    {"g_activation", "relu"},
    {"d_activation", "relu"},
    {"output", "sigmoid"},
    {"g_batch_norm", "before"},
    {"init", "he_normal"},
    {"optimizer", "rmsprop"},
    {"learning_rate", "0.001"},
    {"decay", "3e-8"},
    {"order", "d-then-g"},
    {"fakes", "fresh"},
    {NULL, NULL},
};

static const struct preset_value MINIMAX[] = {
    {"epochs", "100"},        {"batch_size", "100"},    {"encoding_dims", "128"},
    {"g_hidden", "256"},      {"d_hidden", "256"},      {"g_activation", "relu"},
    {"d_activation", "relu"}, {"output", "relu"},       {"init", "normal:0.01"},
    {"loss", "minimax"},      {"optimizer", "adam"},    {"learning_rate", "0.0002"},
    {"order", "d-then-g"},    {"fakes", "same_images"}, {NULL, NULL},
};

static const struct preset_value DEEP[] = {
    {"epochs", "50"},
    {"batch_size", "128"},
    {"encoding_dims", "100"},
    {"g_hidden", "256,512,1024"},
    {"d_hidden", "1024,512,256"},
    {"g_activation", "leaky_relu:0.2"},
    {"d_activation", "leaky_relu:0.2"},
    {"output", "tanh"},
    {"g_batch_norm", "after"},
    {"batch_norm_momentum", "0.8"},
    {"dropout", "0.3,0.3,0"},
    {"init", "glorot_uniform"},
    {"optimizer", "adam"},
    {"learning_rate", "0.0002"},
    {"beta_1", "0.5"},
    {"order", "d-then-g"},
    {"fakes", "fresh"},
    {NULL, NULL},
};

static const struct preset_value TRUNCNORM[] = {
    {"epochs", "100"},        {"batch_size", "100"},   {"encoding_dims", "128"},
    {"g_hidden", "256"},      {"d_hidden", "256"},     {"g_activation", "relu"},
    {"d_activation", "relu"}, {"output", "sigmoid"},   {"init", "truncated_normal:0.1"},
    {"bias_init", "weights"}, {"optimizer", "adam"},   {"learning_rate", "0.0002"},
    {"order", "g-then-d"},    {"fakes", "same_noise"}, {NULL, NULL},
};

static const struct preset_value PYTORCH_GAN[] = {
    {"epochs", "200"},
    {"batch_size", "64"},
    {"encoding_dims", "100"},
    {"g_hidden", "128,256,512,1024"},
    {"d_hidden", "512,256"},
    {"g_activation", "leaky_relu:0.2"},
    {"d_activation", "leaky_relu:0.2"},
    {"output", "tanh"},
    {"g_batch_norm", "before"},
    {"g_batch_norm_first", "no"},
    {"batch_norm_momentum", "0.9"},
    {"batch_norm_epsilon", "0.8"},
    {"batch_norm_variance", "unbiased"},
    {"init", "lecun_uniform"},
    {"bias_init", "weights"},
    {"d_loss_scale", "0.5"},
    {"optimizer", "adam"},
    {"learning_rate", "0.0002"},
    {"beta_1", "0.5"},
    {"order", "g-then-d"},
    {"fakes", "same_images"},
    {NULL, NULL},
};

static const struct preset_value PAPER[] = {
    {"limit_images", "50000"},
    {"epochs", "250"},
    {"batch_size", "100"},
    {"encoding_dims", "100"},
    {"noise", "uniform"},
    {"noise_range", "1.7320508075688772"}, /* the root of 3: a variance of 1 */
    {"g_hidden", "1200,1200"},
    {"d_hidden", "240,240"},
    {"g_activation", "relu"},
    {"d_activation", "maxout:5"},
    {"output", "sigmoid"},
    {"dropout", "0.5"},
    {"input_dropout", "0.2"},
    {"init", "uniform:0.05"},
    {"d_init", "uniform:0.005"},
    {"output_bias", "mean_image"},
    {"d_loss_scale", "0.5"},
    {"optimizer", "sgd"},
    {"learning_rate", "0.1"},
    {"momentum", "0.5"},
    {"final_momentum", "0.7"},
    {"momentum_epochs", "250"},
    {"schedule", "exponential"},
    {"decay", "4e-6"},
    {"final_learning_rate", "1e-6"},
    {"order", "simultaneous"},
    {"fakes", "same_images"},
    {NULL, NULL},
};

const struct preset PRESETS[] = {
    {"best", "the default, near to real images: relativistic, R1, R2", BEST},
    {"vanilla", "one hidden layer in each net, sigmoid output, Adam", VANILLA},
    {"rmsprop-bn", "batch norm in both nets, He normal, RMSprop", RMSPROP_BN},
    {"conditional", "images of a chosen class: labels go into both nets", CONDITIONAL},
    {"minimax", "the first paper's loss, N(0, 0.01), ReLU output", MINIMAX},
    {"deep", "three layers: batch norm in G, dropout in D, LeakyReLU", DEEP},
    {"truncnorm", "truncated normal weights, G before D on the same z", TRUNCNORM},
    {"pytorch-gan", "the most used MLP recipe: four hidden layers in G", PYTORCH_GAN},
    {"paper", "the first GAN (2014): maxout, dropout, momentum", PAPER},
};
const size_t PRESET_COUNT = sizeof PRESETS / sizeof *PRESETS;

const struct preset *preset_find(const char *name)
{
    for (size_t i = 0; i < PRESET_COUNT; i++) {
        if (flag_names(PRESETS[i].name, name, strlen(name))) {
            return &PRESETS[i];
        }
    }
    return NULL;
}
