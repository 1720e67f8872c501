#include "eval/features.h"

void features_mean(struct matrix features, double *mean)
{
#pragma omp parallel for
    for (size_t number = 0; number < tile_count(features.columns, TILE_SHARES); number++) {
        const struct tile tile = tile_at(features.columns, TILE_SHARES, number);
        double sum[TILE_COLUMNS_MAX] = {0};
        for (size_t r = 0; r < features.rows; r++) {
            for (size_t c = 0; c < tile.count; c++) {
                sum[c] += (double)features.data[r * features.stride + tile.begin + c];
            }
        }
        for (size_t c = 0; c < tile.count; c++) {
            mean[tile.begin + c] = sum[c] / (double)features.rows;
        }
    }
}
