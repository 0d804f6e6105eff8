/* interval.c - percentile intervals of a sample. */
#include "predict/interval.h"

#include "fit/order.h"

#include <math.h>

void kl_interval_percentile(double *lo, double *hi, double *values, size_t n,
                            double level)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(values[i])) values[kept++] = values[i];
    *lo = *hi = NAN;
    if (kept == 0) return;
    *lo = kl_order_quantile(values, kept, 0.5 * (1 - level));
    *hi = kl_order_quantile(values, kept, 1 - 0.5 * (1 - level));
}
