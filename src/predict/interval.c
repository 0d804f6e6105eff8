/* interval.c - percentile intervals of a sample. */
#include "predict/interval.h"

#include <math.h>
#include <stdlib.h>

double kl_quantile_sorted(const double *sorted, size_t n, double q)
{
    if (n == 0) return NAN;
    const double place = q * (double)(n - 1);
    const size_t below = (size_t)place;
    if (below + 1 >= n) return sorted[n - 1];
    const double a = sorted[below], b = sorted[below + 1];
    return a == b ? a
                  : a + (place - (double)below) * (b - a); /* equal: also infinite */
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void kl_interval_percentile(double *lo, double *hi, double *values, size_t n,
                            double level)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(values[i])) values[kept++] = values[i];
    qsort(values, kept, sizeof *values, ascending);
    *lo = kl_quantile_sorted(values, kept, 0.5 * (1 - level));
    *hi = kl_quantile_sorted(values, kept, 1 - 0.5 * (1 - level));
}
