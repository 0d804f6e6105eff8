/* bounded_ls.c - active-set minimisation of a small bounded quadratic (stark1995). */
#include "fit/bounded_ls.h"

#include "fit/dense.h"

#include <float.h>
#include <math.h>

/* Gradient of the quadratic at displacement d from the start. */
static void gradient_at(const double *a, const double *g, const double *d, size_t n,
                        double *out)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = g[i];
        for (size_t j = 0; j < n; j++) out[i] += a[i * n + j] * d[j];
    }
}

/* Newton step of the inside unknowns, in units that make the diagonal 1. */
static bool inside_step(const double *a, const double *slope, const bool *inside,
                        size_t n, double *factor, double *step)
{
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        if (!inside[i]) continue;
        size_t k = 0;
        for (size_t j = 0; j <= i; j++) {
            if (!inside[j]) continue;
            const double size = sqrt(a[i * n + i] * a[j * n + j]);
            factor[m * n + k++] = a[i * n + j] / size + (i == j ? 1e-13 : 0);
        }
        step[m++] = -slope[i] / sqrt(a[i * n + i]);
    }
    /* close up the rows: the factorisation wants an m x m array */
    for (size_t i = 1; i < m; i++)
        for (size_t j = 0; j <= i; j++) factor[i * m + j] = factor[i * n + j];
    if (!kl_dense_cholesky(factor, m, 1e-14)) return false;
    kl_dense_forward(factor, m, step);
    kl_dense_backward(factor, m, step);
    /* spread from the end, which never overwrites one that is still to be read */
    for (size_t i = n; i-- > 0;) {
        if (inside[i])
            step[i] = step[--m] / sqrt(a[i * n + i]);
        else
            step[i] = 0;
    }
    return true;
}

/* Unknown whose bound the gradient pulls away from the most; n if none. */
static size_t to_release(const double *c, const double *slope, const double *a,
                         const double *lo, const double *hi, const bool *inside,
                         size_t n, double tolerance)
{
    size_t best = n;
    double most = tolerance;
    for (size_t i = 0; i < n; i++) {
        if (inside[i] || !(a[i * n + i] > DBL_MIN)) continue;
        const double size = slope[i] / sqrt(a[i * n + i]);
        const double pull = c[i] <= lo[i] ? -size : c[i] >= hi[i] ? size : fabs(size);
        if (pull > most) most = pull, best = i;
    }
    return best;
}

double kl_bounded_ls(double *c, size_t n, const double *a, const double *g,
                     const double *lo, const double *hi, bool *inside, double *scratch)
{
    double *factor = scratch, *d = factor + n * n, *slope = d + n, *step = slope + n;
    double size = 0;
    for (size_t i = 0; i < n; i++) {
        d[i] = 0;
        inside[i] = c[i] > lo[i] && c[i] < hi[i] && a[i * n + i] > DBL_MIN;
        if (a[i * n + i] > DBL_MIN) size = fmax(size, fabs(g[i]) / sqrt(a[i * n + i]));
    }
    const double tolerance = 1e-12 * size;
    size_t released = n;
    for (size_t round = 0; round < 4 * n + 8; round++) {
        gradient_at(a, g, d, n, slope);
        if (!inside_step(a, slope, inside, n, factor, step)) break;
        double share = 1; /* of the step that fits between the bounds */
        size_t blocking = n;
        for (size_t i = 0; i < n; i++) {
            const double next = c[i] + step[i];
            const double room = next < lo[i]   ? (lo[i] - c[i]) / step[i]
                                : next > hi[i] ? (hi[i] - c[i]) / step[i]
                                               : 1;
            if (inside[i] && room < share) share = room, blocking = i;
        }
        for (size_t i = 0; i < n; i++) {
            c[i] += share * step[i];
            d[i] += share * step[i];
        }
        if (blocking < n) {
            inside[blocking] = false;
            c[blocking] = step[blocking] < 0 ? lo[blocking] : hi[blocking];
            if (blocking == released && share == 0)
                break; /* it only wants to come back */
            continue;
        }
        gradient_at(a, g, d, n, slope);
        released = to_release(c, slope, a, lo, hi, inside, n, tolerance);
        if (released == n) break;
        inside[released] = true;
    }
    gradient_at(a, g, d, n, slope);
    double decrease = 0;
    for (size_t i = 0; i < n; i++) decrease -= 0.5 * d[i] * (g[i] + slope[i]);
    return decrease;
}
