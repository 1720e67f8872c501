/* What the CPU can do at most. */
#ifndef BENCH_LIMIT_H
#define BENCH_LIMIT_H

/* Floating point operations a second of all of OpenMP's threads where each does nothing but multiply and add, in
 * registers, by the widest vectors that the own products have: what no product can exceed. Takes a twentieth of a
 * second. 0 where there are no such kernels. */
double limit_flops(void);

#endif
