/* distance.c - how far a point lies beyond the inputs that a law was fitted to. */
#include "predict/distance.h"

#include <math.h>

double kl_input_distance(const kl_fit *fit, size_t i, double x)
{
    double lo, hi;
    kl_fit_get_input_range(fit, i, &lo, &hi);
    if (isnan(lo) || isnan(hi) || isnan(x)) return NAN;
    if (x >= lo && x <= hi) return 0;
    if (lo > 0 && x > 0) return x > hi ? log10(x / hi) : log10(lo / x);
    const double beyond = x > hi ? x - hi : lo - x;
    double width = hi - lo;
    if (!(width > 0)) width = fmax(fabs(lo), fabs(hi)); /* an input that never varied */
    if (!(width > 0)) width = 1;                        /* ... and was always zero */
    return log10(1 + beyond / width);
}

double kl_point_distance(const kl_fit *fit, const double *x, size_t *worst_input)
{
    const size_t n = kl_law_get_n_inputs(kl_fit_get_law(fit));
    double farthest = n ? kl_input_distance(fit, 0, x[0]) : NAN;
    *worst_input = 0;
    for (size_t i = 1; i < n; i++) {
        const double d = kl_input_distance(fit, i, x[i]);
        if (d > farthest || isnan(farthest)) {
            farthest = d;
            *worst_input = i;
        }
    }
    return farthest;
}
