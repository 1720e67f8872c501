/* Whether the watch sees: one thread writes a matrix that another one multiplies, with a barrier between them (given
 * any argument) or without. */
#include "nn/matmul.h"

#include <omp.h>
#include <stdbool.h>

int main(int argc, char **argv)
{
    (void)argv;
    const bool careful = argc > 1;
    real a[4] = {0}, b[4] = {1, 2, 3, 4}, c[4];
    matmul_prepare();
#pragma omp parallel num_threads(2)
    {
        if (omp_get_thread_num() == 0) {
            a[3] = 1;
        }
        if (careful) {
#pragma omp barrier
        }
        if (omp_get_thread_num() == 1) {
            matmul_plain((struct matrix){a, 2, 2, 2}, (struct matrix){b, 2, 2, 2}, (struct matrix){c, 2, 2, 2});
        }
    }
    return 0;
}
