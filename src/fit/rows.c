/* rows.c - loops over the rows of a block, one copy per kind of CPU. */
#include "fit/rows.h"

#include "base/vmath.h"

KL_KERNEL void kl_rows_log_residual(size_t n, const double *restrict f,
                                    const double *restrict target, double *restrict r,
                                    double *restrict a)
{
    for (size_t i = 0; i < n; i++) {
        r[i] = log(f[i]) - target[i];
        a[i] = 1 / f[i];
    }
}

KL_KERNEL void kl_rows_linear_residual(size_t n, const double *restrict f,
                                       const double *restrict target,
                                       double *restrict r)
{
    for (size_t i = 0; i < n; i++) r[i] = f[i] - target[i];
}

KL_KERNEL void kl_rows_relative_residual(size_t n, const double *restrict f,
                                         const double *restrict target,
                                         double *restrict r, double *restrict a)
{
    for (size_t i = 0; i < n; i++) {
        a[i] = exp(-target[i]);
        r[i] = f[i] * a[i] - 1;
    }
}

static double total(const double *s)
{
    return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
}

KL_KERNEL double kl_rows_loss(size_t n, const kl_loss *loss, const double *restrict r,
                              const double *restrict w)
{
    const kl_loss l = *loss;
    double lanes[KL_ROW_LANES] = {0};
    for (size_t i = 0; i < n; i += KL_ROW_LANES)
        for (size_t k = 0; k < KL_ROW_LANES; k++)
            lanes[k] += w[i + k] * kl_loss_value(&l, r[i + k]);
    return total(lanes);
}

KL_KERNEL void kl_rows_coefficients(size_t n, const kl_loss *loss, double curved,
                                    const double *restrict r, const double *restrict a,
                                    const double *restrict w, double *restrict gradient,
                                    double *restrict outer, double *restrict gram)
{
    const kl_loss l = *loss;
    for (size_t i = 0; i < n; i++) {
        const double slope = w[i] * kl_loss_slope(&l, r[i]);
        gradient[i] = slope * a[i];
        gram[i] = w[i] * (a[i] * a[i]);
        outer[i] =
            (w[i] * kl_loss_curvature(&l, r[i]) - curved * slope) * (a[i] * a[i]);
    }
}

KL_KERNEL double kl_rows_dot(size_t n, const double *restrict c,
                             const double *restrict x)
{
    double lanes[KL_ROW_LANES] = {0};
    for (size_t i = 0; i < n; i += KL_ROW_LANES)
        for (size_t k = 0; k < KL_ROW_LANES; k++) lanes[k] += c[i + k] * x[i + k];
    return total(lanes);
}

KL_KERNEL double kl_rows_dot3(size_t n, const double *restrict c,
                              const double *restrict x, const double *restrict y)
{
    double lanes[KL_ROW_LANES] = {0};
    for (size_t i = 0; i < n; i += KL_ROW_LANES)
        for (size_t k = 0; k < KL_ROW_LANES; k++)
            lanes[k] += c[i + k] * (x[i + k] * y[i + k]);
    return total(lanes);
}
