/* Elementary functions that a compiler turns into vector code inside a loop. In the float build they are short
 * polynomials, whose errors tests/unit/test_elementary.c measures; in the double build they are libm's.
 *
 * Each writes its bounds as `x < a ? a : x`, not fmax: so a NaN passes through and stays visible. */
#ifndef NN_ELEMENTARY_H
#define NN_ELEMENTARY_H

#include "nn/real.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#ifdef GAN_DOUBLE

static inline real real_exp(real x)
{
    return exp(x);
}

static inline real real_log(real x)
{
    return log(x);
}

static inline real real_sqrt(real x)
{
    return sqrt(x);
}

static inline void real_sincos_turns(real turns, real *sine, real *cosine)
{
    const real two_pi = 6.283185307179586476925;
    *sine = sin(two_pi * turns);
    *cosine = cos(two_pi * turns);
}

#else

static inline float float_from_bits(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline uint32_t bits_from_float(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* 1.5 * 2^23: beside it a float has no fraction left, and its bits count the whole numbers. */
static const float ROUNDER = 12582912.0f;

/* The nearest whole number, for |x| < 2^22. */
static inline float float_round(float x)
{
    return (x + ROUNDER) - ROUNDER;
}

/* exp(x), relative error below 3e-7; x below -87.3 and above 88.3 give what these two give. */
static inline real real_exp(real x)
{
    x = x < -87.3f ? -87.3f : x;
    x = x > 88.3f ? 88.3f : x;
    float beside = x * 1.44269504f + ROUNDER, n = beside - ROUNDER;
    float r = (x - n * 0.693359375f) - n * -2.12194440e-4f; /* log 2 in two parts, the first exact times n */
    float p = 1.0f + r * (1.0f + r * (0.5f + r * (1.0f / 6 + r * (1.0f / 24 + r * (1.0f / 120 + r * (1.0f / 720))))));
    return p * float_from_bits((bits_from_float(beside) - bits_from_float(ROUNDER) + 127) << 23); /* times 2^n */
}

/* log(x) for normal x > 0, absolute error below 3e-7 plus 2e-7 of the result: log m = 2 artanh((m - 1) / (m + 1)). */
static inline real real_log(real x)
{
    uint32_t bits = bits_from_float(x) + (0x3f800000u - 0x3f3504f3u); /* so that m is in sqrt(1/2) .. sqrt(2) */
    float exponent = (float)((int32_t)(bits >> 23) - 127);
    float m = float_from_bits((bits & 0x007fffffu) + 0x3f3504f3u);
    float s = (m - 1) / (m + 1);
    float s2 = s * s;
    float artanh = s * (1.0f + s2 * (1.0f / 3 + s2 * (1.0f / 5 + s2 * (1.0f / 7 + s2 * (1.0f / 9)))));
    return exponent * 0.69314718f + 2.0f * artanh;
}

static inline real real_sqrt(real x)
{
    return sqrtf(x);
}

/* The sine and the cosine of `turns` full turns, 0 <= turns <= 1; absolute error below 3e-7. */
static inline void real_sincos_turns(real turns, real *sine, real *cosine)
{
    float quarter = float_round(4 * turns);
    float a = 6.28318531f * (turns - 0.25f * quarter); /* in -pi/4 .. pi/4 */
    float a2 = a * a;
    float s = a * (1.0f + a2 * (-1.0f / 6 + a2 * (1.0f / 120 + a2 * (-1.0f / 5040 + a2 * (1.0f / 362880)))));
    float c = 1.0f + a2 * (-0.5f + a2 * (1.0f / 24 + a2 * (-1.0f / 720 + a2 * (1.0f / 40320))));
    int q = (int)quarter;
    float sine_of = q & 1 ? c : s;
    float cosine_of = q & 1 ? s : c;
    *sine = q & 2 ? -sine_of : sine_of;
    *cosine = (q + 1) & 2 ? -cosine_of : cosine_of;
}

#endif
#endif
