/* kernels.h - names of the kernels in kernels.c; see kl_kernel for what they do. */
#ifndef KL_FORMULA_KERNELS_H
#define KL_FORMULA_KERNELS_H

#include "formula/ops.h"

/* clang-format off */
/* X(name, expression in a) */
#define KL_UNARY_KERNELS(X)                                                            \
    X(neg, -a)                                                                         \
    X(not, a == 0 ? 1.0 : 0.0)                                                         \
    X(abs, fabs(a))                                                                    \
    X(sign, a > 0 ? 1.0 : a < 0 ? -1.0 : 0.0)                                          \
    X(sqrt, sqrt(a))                                                                   \
    X(exp, exp(a))                                                                     \
    X(log, log(a))                                                                     \
    X(log2, log2(a))                                                                   \
    X(log10, log10(a))                                                                 \
    X(log_or_zero, log(a == 0 ? 1.0 : a))                                              \
    X(tanh, tanh(a))                                                                   \
    X(sigmoid, 1 / (1 + exp(-a)))                                                      \
    X(softplus, (a > 0 ? a : 0.0) + log1p(exp(-fabs(a))))                              \
    X(erf, erf(a))                                                                     \
    X(copy, a)

/* X(name, expression in a and b) */
#define KL_BINARY_KERNELS(X)                                                           \
    X(add, a + b)                                                                      \
    X(sub, a - b)                                                                      \
    X(mul, a * b)                                                                      \
    X(div, a / b)                                                                      \
    X(pow, pow(a, b))                                                                  \
    X(gate, a == 0 ? 0.0 : a * b)                                                      \
    X(lt, a < b ? 1.0 : 0.0)                                                           \
    X(le, a <= b ? 1.0 : 0.0)                                                          \
    X(gt, a > b ? 1.0 : 0.0)                                                           \
    X(ge, a >= b ? 1.0 : 0.0)                                                          \
    X(eq, a == b ? 1.0 : 0.0)                                                          \
    X(ne, a != b ? 1.0 : 0.0)                                                          \
    X(and, ((a != 0) & (b != 0)) ? 1.0 : 0.0)                                          \
    X(or, ((a != 0) | (b != 0)) ? 1.0 : 0.0)                                           \
    X(min, ((a <= b) | (a != a)) ? a : b) /* NaN if either is */                       \
    X(max, ((a >= b) | (a != a)) ? a : b)                                              \
    X(logaddexp, (a > b ? a : b) + log1p(exp(a == b ? -0.0 : -fabs(a - b))))
/* clang-format on */

#define KL_DECLARE_UNARY(name, expression) kl_kernel kl_kernel_##name;
#define KL_DECLARE_BINARY(name, expression)                                            \
    kl_kernel kl_kernel_##name, kl_kernel_##name##_vs, kl_kernel_##name##_sv;
KL_UNARY_KERNELS(KL_DECLARE_UNARY)
KL_BINARY_KERNELS(KL_DECLARE_BINARY)
#undef KL_DECLARE_UNARY
#undef KL_DECLARE_BINARY

kl_kernel kl_kernel_power, kl_kernel_power_vs, kl_kernel_power_sv, kl_kernel_power_less;
kl_kernel kl_kernel_if, kl_kernel_fill, kl_kernel_lgamma, kl_kernel_digamma,
    kl_kernel_trigamma;

#endif
