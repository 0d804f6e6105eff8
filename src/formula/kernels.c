/*
 * kernels.c - the inner loops: one operation over a block of rows.
 *
 * Plain C that the compiler vectorises. A row's result never depends on its neighbours:
 * the loops run over whole groups of KL_LANES rows, so no row is ever handled by a
 * scalar tail.
 */
#include "formula/kernels.h"
#include "base/vmath.h"

#define UNARY(name, expression)                                                        \
    KL_KERNEL void kl_kernel_##name(size_t n, double *restrict y, const double *pa,    \
                                    const double *pb, const double *pc)                \
    {                                                                                  \
        (void)pb, (void)pc;                                                            \
        n = n / KL_LANES * KL_LANES;                                                   \
        for (size_t i = 0; i < n; i++) {                                               \
            const double a = pa[i];                                                    \
            y[i] = (expression);                                                       \
        }                                                                              \
    }

#define BINARY_OF(name, at_a, at_b, expression)                                        \
    KL_KERNEL void kl_kernel_##name(size_t n, double *restrict y, const double *pa,    \
                                    const double *pb, const double *pc)                \
    {                                                                                  \
        (void)pc;                                                                      \
        n = n / KL_LANES * KL_LANES;                                                   \
        for (size_t i = 0; i < n; i++) {                                               \
            const double a = pa[at_a], b = pb[at_b];                                   \
            y[i] = (expression);                                                       \
        }                                                                              \
    }

#define BINARY(name, expression)                                                       \
    BINARY_OF(name, i, i, expression)                                                  \
    BINARY_OF(name##_vs, i, 0, expression)                                             \
    BINARY_OF(name##_sv, 0, i, expression)

KL_UNARY_KERNELS(UNARY)
KL_BINARY_KERNELS(BINARY)

/* a^b = exp(b * log a) where a > 0, else pow(a, b). As good as always all a are
 * positive, and then one exp will do; a row gets the same bytes either way. */
#define POWER(name, at_a, at_b)                                                        \
    KL_KERNEL void kl_kernel_##name(size_t n, double *restrict y, const double *pa,    \
                                    const double *pb, const double *pc)                \
    {                                                                                  \
        n = n / KL_LANES * KL_LANES;                                                   \
        int64_t others = 0;                                                            \
        for (size_t i = 0; i < n; i++) {                                               \
            others += pa[at_a] > 0 ? 0 : 1;                                            \
            y[i] = exp(pb[at_b] * pc[at_a]);                                           \
        }                                                                              \
        for (size_t i = 0; others && i < n; i++) {                                     \
            const double slow = pow(pa[at_a], pb[at_b]);                               \
            y[i] = pa[at_a] > 0 ? y[i] : slow;                                         \
        }                                                                              \
    }

POWER(power, i, i)
POWER(power_vs, i, 0)
POWER(power_sv, 0, i)

/* b^(c - 1) from a = b^c; at b = 0 by its limit */
KL_KERNEL void kl_kernel_power_less(size_t n, double *restrict y, const double *pa,
                                    const double *pb, const double *pc)
{
    n = n / KL_LANES * KL_LANES;
    for (size_t i = 0; i < n; i++) {
        const double limit = pc[i] > 1 ? 0.0 : pc[i] == 1 ? 1.0 : HUGE_VAL;
        const double ratio = pa[i] / pb[i];
        y[i] = pb[i] == 0 ? limit : ratio;
    }
}

KL_KERNEL void kl_kernel_if(size_t n, double *restrict y, const double *pa,
                            const double *pb, const double *pc)
{
    n = n / KL_LANES * KL_LANES;
    for (size_t i = 0; i < n; i++) y[i] = pa[i] != 0 ? pb[i] : pc[i];
}

/* One number to all rows. */
KL_KERNEL void kl_kernel_fill(size_t n, double *restrict y, const double *pa,
                              const double *pb, const double *pc)
{
    (void)pb, (void)pc;
    n = n / KL_LANES * KL_LANES;
    for (size_t i = 0; i < n; i++) y[i] = pa[0];
}

void kl_kernel_lgamma(size_t n, double *restrict y, const double *pa, const double *pb,
                      const double *pc)
{
    (void)pb, (void)pc;
    int sign; /* lgamma() would write it to a global that threads share */
    for (size_t i = 0; i < n; i++) y[i] = lgamma_r(pa[i], &sign);
}

enum { SERIES_FROM = 12 }; /* where eight terms of the series are exact to a double */

/* Reference: abramowitz1964, 6.3.7 (reflection), 6.3.5 (recurrence), 6.3.18. */
static double digamma(double x)
{
    const double pi = 3.14159265358979323846;
    if (x <= 0) return x == floor(x) ? NAN : digamma(1 - x) - pi / tan(pi * x);
    double sum = 0;
    for (; x < SERIES_FROM; x++) sum -= 1 / x;
    static const double c[] = {1.0 / 12,  -1.0 / 120,     1.0 / 252, -1.0 / 240,
                               1.0 / 132, -691.0 / 32760, 1.0 / 12};
    const double z = 1 / (x * x);
    double tail = 0;
    for (int k = 6; k >= 0; k--) tail = (tail + c[k]) * z;
    return sum + log(x) - 0.5 / x - tail;
}

/* Reference: abramowitz1964, 6.4.7, 6.4.6, 6.4.12. */
static double trigamma(double x)
{
    const double pi = 3.14159265358979323846;
    if (x <= 0) {
        const double s = sin(pi * x);
        return x == floor(x) ? HUGE_VAL : pi * pi / (s * s) - trigamma(1 - x);
    }
    double sum = 0;
    for (; x < SERIES_FROM; x++) sum += 1 / (x * x);
    static const double b[] = {1.0 / 6,  -1.0 / 30,     1.0 / 42, -1.0 / 30,
                               5.0 / 66, -691.0 / 2730, 7.0 / 6}; /* Bernoulli */
    const double z = 1 / (x * x);
    double tail = 0;
    for (int k = 6; k >= 0; k--) tail = (tail + b[k]) * z;
    return sum + 1 / x + 0.5 * z + tail / x;
}

void kl_kernel_digamma(size_t n, double *restrict y, const double *pa, const double *pb,
                       const double *pc)
{
    (void)pb, (void)pc;
    for (size_t i = 0; i < n; i++) y[i] = digamma(pa[i]);
}

void kl_kernel_trigamma(size_t n, double *restrict y, const double *pa,
                        const double *pb, const double *pc)
{
    (void)pb, (void)pc;
    for (size_t i = 0; i < n; i++) y[i] = trigamma(pa[i]);
}
