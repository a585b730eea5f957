/* exp, expm1, log, log1p and tanh without a branch and without a call, so that a compiler makes
   vector code of a loop over lanes. At most 3 ulps off; test_tape.py measures them. */

#ifndef AUTOGRAD_BP_EXPONENTIALS_H
#define AUTOGRAD_BP_EXPONENTIALS_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* A loop with a call in it becomes no vector code, and compilers tire of inlining. */
#if defined(__GNUC__) || defined(__clang__)
#define LANE static inline __attribute__((always_inline)) double
#else
#define LANE static inline double
#endif
#define ROUNDING 6755399441055744.0 /* 3 * 2^51: what is added to it is rounded to an integer */
#define LN2_HIGH 0.693147180369123816490 /* its last 32 bits are 0: its multiples are exact */
#define LN2_LOW 1.90821492927058770002e-10

LANE lane_of_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* The tests of math.h may be macros that compilers make branches of. */
static inline int lane_isnan(double x)
{
    return x != x;
}

static inline int lane_isinf(double x)
{
    return fabs(x) == INFINITY;
}

static inline int lane_isfinite(double x)
{
    return fabs(x) < INFINITY;
}

/* 2^n for a whole n from -1022 to 1023. */
LANE lane_power_of_two(double n)
{
    return lane_of_bits((bits_of(n + ROUNDING) << 52) + ((uint64_t)1023 << 52));
}

/* e^r - 1 by its series, for |r| <= ln(2) / 2. */
LANE lane_series(double r)
{
    double y = 1.0 / 6227020800.0;
    y = y * r + 1.0 / 479001600.0;
    y = y * r + 1.0 / 39916800.0;
    y = y * r + 1.0 / 3628800.0;
    y = y * r + 1.0 / 362880.0;
    y = y * r + 1.0 / 40320.0;
    y = y * r + 1.0 / 5040.0;
    y = y * r + 1.0 / 720.0;
    y = y * r + 1.0 / 120.0;
    y = y * r + 1.0 / 24.0;
    y = y * r + 1.0 / 6.0;
    y = y * r + 0.5;
    return y * (r * r) + r;
}

/* x = n * ln 2 + r. Numbers whose exponential is 0 or infinite are drawn in first. */
LANE lane_reduced(double x, double *n)
{
    x = x > 710.0 ? 710.0 : x;
    x = x < -746.0 ? -746.0 : x;
    *n = (x * 1.44269504088896340736 + ROUNDING) - ROUNDING;
    return (x - *n * LN2_HIGH) - *n * LN2_LOW;
}

/* y * 2^n in two steps: n reaches beyond the exponents of doubles. */
LANE lane_scaled(double y, double n)
{
    const double half = (n * 0.5 + ROUNDING) - ROUNDING;
    return y * lane_power_of_two(half) * lane_power_of_two(n - half);
}

LANE lane_exp(double x)
{
    double n;
    const double r = lane_reduced(x, &n);
    return lane_scaled(1.0 + lane_series(r), n);
}

LANE lane_expm1(double x)
{
    double n;
    const double r = lane_reduced(x, &n), p = lane_series(r);
    const double bounded = n > 60.0 ? 60.0 : n < -60.0 ? -60.0 : n;
    const double scale = lane_power_of_two(bounded);
    const double near = scale * p + (scale - 1.0), far = lane_scaled(1.0 + p, n);
    const double y = n > 60.0 ? far : near;
    return n == 0.0 ? (x == 0.0 ? x : p) : y;
}

LANE lane_tanh(double x)
{
    const double size = fabs(x), e = lane_expm1(2.0 * (size > 30.0 ? 30.0 : size));
    return copysign(e / (e + 2.0), x);
}

/* x = 2^e (1 + f) with 1 + f next to 1; ln(1 + f) = 2 artanh(f / (2 + f)). */
LANE lane_log(double x)
{
    const double tiny = x < 2.2250738585072014e-308 ? 1.0 : 0.0;
    const double scaled = tiny != 0.0 ? x * 18014398509481984.0 : x;
    const uint64_t bits = bits_of(scaled), split = bits - 0x3fe6a09e667f3bcdULL;
    const uint64_t exponent = (split + ((uint64_t)2048 << 52)) >> 52;
    /* As the last bits of 2^52 + exponent it becomes a double. */
    const double shifted = lane_of_bits(exponent | 0x4330000000000000ULL) - 4503599627370496.0;
    const double e = shifted - 2048.0 - 54.0 * tiny;
    const double f = lane_of_bits(bits - ((exponent - 2048) << 52)) - 1.0;
    const double s = f / (2.0 + f), z = s * s;
    double p = 2.0 / 23.0, y;
    p = p * z + 2.0 / 21.0;
    p = p * z + 2.0 / 19.0;
    p = p * z + 2.0 / 17.0;
    p = p * z + 2.0 / 15.0;
    p = p * z + 2.0 / 13.0;
    p = p * z + 2.0 / 11.0;
    p = p * z + 2.0 / 9.0;
    p = p * z + 2.0 / 7.0;
    p = p * z + 2.0 / 5.0;
    p = p * z + 2.0 / 3.0;
    p = p * z;
    y = e * LN2_HIGH + (f - (s * (f - p) - e * LN2_LOW));
    y = x == 0.0 ? -INFINITY : y;
    y = x > 1.7976931348623157e308 || x != x ? x : y;
    return x < 0.0 ? NAN : y;
}

LANE lane_log1p(double x)
{
    const double w = 1.0 + x;
    const double y = lane_log(w) * (x / (w - 1.0));
    return w == 1.0 || x > 1.7976931348623157e308 ? x : y;
}

#endif
