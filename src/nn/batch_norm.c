#include "nn/batch_norm.h"
#include "nn/elementary.h"

/* Sums over the rows of a group, for each column; [TILE_COLUMNS_MAX], of which the tile's columns count. */
typedef real column_sums[TILE_COLUMNS_MAX];

static void mean_of_columns(struct matrix x, real *mean)
{
    column_sums sum = {0};
    for (size_t r = 0; r < x.rows; r++) {
        for (size_t i = 0; i < x.columns; i++) {
            sum[i] += x.data[r * x.stride + i];
        }
    }
    for (size_t i = 0; i < x.columns; i++) {
        mean[i] = sum[i] / (real)x.rows;
    }
}

/* The biased variance, from the deviations and not from the squares, which would cancel. */
static void variance_of_columns(struct matrix x, const real *mean, real *variance)
{
    column_sums sum = {0};
    for (size_t r = 0; r < x.rows; r++) {
        for (size_t i = 0; i < x.columns; i++) {
            real deviation = x.data[r * x.stride + i] - mean[i];
            sum[i] += deviation * deviation;
        }
    }
    for (size_t i = 0; i < x.columns; i++) {
        variance[i] = sum[i] / (real)x.rows;
    }
}

static void normalize(const struct batch_norm_tile *tile, const real *mean, const real *inverse_deviation,
                      struct matrix x, struct matrix y)
{
    column_sums scale;
    for (size_t i = 0; i < x.columns; i++) {
        scale[i] = tile->gamma[i] * inverse_deviation[i];
    }
    for (size_t r = 0; r < x.rows; r++) {
        for (size_t i = 0; i < x.columns; i++) {
            y.data[r * y.stride + i] = (x.data[r * x.stride + i] - mean[i]) * scale[i] + tile->beta[i];
        }
    }
}

void batch_norm_forward(struct batch_norm norm, struct batch_norm_tile tile, struct matrix x, struct matrix y)
{
    const real momentum = (real)norm.momentum;
    const size_t rows = x.rows / tile.groups;
    const real correction = norm.unbiased && rows > 1 ? (real)rows / (real)(rows - 1) : 1;
    for (size_t group = 0; group < tile.groups; group++) {
        real *mean = tile.mean + group * tile.group_stride;
        real *inverse_deviation = tile.inverse_deviation + group * tile.group_stride;
        struct matrix part = matrix_rows(x, group * rows, rows);
        column_sums variance;
        mean_of_columns(part, mean);
        variance_of_columns(part, mean, variance);
        for (size_t i = 0; i < x.columns; i++) {
            inverse_deviation[i] = 1 / real_sqrt(variance[i] + (real)norm.epsilon);
            tile.running_mean[i] = momentum * tile.running_mean[i] + (1 - momentum) * mean[i];
            tile.running_var[i] = momentum * tile.running_var[i] + (1 - momentum) * correction * variance[i];
        }
        normalize(&tile, mean, inverse_deviation, part, matrix_rows(y, group * rows, rows));
    }
}

void batch_norm_infer(struct batch_norm norm, struct batch_norm_tile tile, struct matrix x, struct matrix y)
{
    column_sums inverse_deviation = {0};
    for (size_t i = 0; i < x.columns; i++) {
        inverse_deviation[i] = 1 / real_sqrt(tile.running_var[i] + (real)norm.epsilon);
    }
    normalize(&tile, tile.running_mean, inverse_deviation, x, y);
}

/* With n rows and xhat = (x - mean) * inverse_deviation:
 * dx = gamma * inverse_deviation * (dy - sum(dy) / n - xhat * sum(dy * xhat) / n). */
void batch_norm_backward(struct batch_norm_tile tile, struct matrix x, struct matrix dy, real *dgamma, real *dbeta)
{
    const size_t rows = x.rows / tile.groups;
    column_sums gamma_sum = {0}, beta_sum = {0};
    for (size_t group = 0; group < tile.groups; group++) {
        const real *mean = tile.mean + group * tile.group_stride;
        const real *inverse_deviation = tile.inverse_deviation + group * tile.group_stride;
        struct matrix part = matrix_rows(x, group * rows, rows), dpart = matrix_rows(dy, group * rows, rows);
        column_sums sum = {0}, product = {0};
        for (size_t r = 0; r < rows; r++) {
            for (size_t i = 0; i < x.columns; i++) {
                real d = dpart.data[r * dpart.stride + i];
                sum[i] += d;
                product[i] += d * (part.data[r * part.stride + i] - mean[i]) * inverse_deviation[i];
            }
        }
        for (size_t i = 0; i < x.columns; i++) {
            beta_sum[i] += sum[i];
            gamma_sum[i] += product[i];
            sum[i] /= (real)rows;
            product[i] /= (real)rows;
        }
        for (size_t r = 0; r < rows; r++) {
            for (size_t i = 0; i < x.columns; i++) {
                real normalized = (part.data[r * part.stride + i] - mean[i]) * inverse_deviation[i];
                real *d = dpart.data + r * dpart.stride + i;
                *d = tile.gamma[i] * inverse_deviation[i] * (*d - sum[i] - normalized * product[i]);
            }
        }
    }
    if (dgamma) {
        for (size_t i = 0; i < x.columns; i++) {
            dgamma[i] = gamma_sum[i];
            dbeta[i] = beta_sum[i];
        }
    }
}
