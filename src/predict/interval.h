/* interval.h - percentile intervals of a sample. */
#ifndef KL_PREDICT_INTERVAL_H
#define KL_PREDICT_INTERVAL_H

#include <stddef.h>

/** Central interval of `level` of n values (quantiles of type 7), which are reordered;
 * NaNs among them are left out. Both ends are NaN if nothing remains. */
void kl_interval_percentile(double *lo, double *hi, double *values, size_t n,
                            double level);

#endif
