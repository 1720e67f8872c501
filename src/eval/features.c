#include "eval/features.h"

void features_mean(struct matrix features, double *mean)
{
#pragma omp parallel for
    for (size_t tile = 0; tile < tile_count(features.columns); tile++) {
        const size_t width = tile_width(features.columns, tile), first = tile * TILE_COLUMNS;
        double sum[TILE_COLUMNS] = {0};
        for (size_t r = 0; r < features.rows; r++) {
            for (size_t c = 0; c < width; c++) {
                sum[c] += (double)features.data[r * features.stride + first + c];
            }
        }
        for (size_t c = 0; c < width; c++) {
            mean[first + c] = sum[c] / (double)features.rows;
        }
    }
}
