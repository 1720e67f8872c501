/* Denormal numbers as zero. Adam's moments of dead pixels become denormal, and some CPUs compute with those a hundred
 * times slower. */
#ifndef NN_DENORMALS_H
#define NN_DENORMALS_H

#include <stdint.h>
#ifdef __SSE__
#include <immintrin.h>
#endif

/* For the calling thread, until it ends. */
static inline void flush_denormals(void)
{
#if defined(__SSE__)
    _mm_setcsr(_mm_getcsr() | 0x8040); /* flush to zero, denormals are zero */
#elif defined(__aarch64__)
    uint64_t control;
    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    __asm__ volatile("msr fpcr, %0" : : "r"(control | (UINT64_C(1) << 24)));
#endif
}

#endif
