/* interval.h - percentile intervals of a sample. */
#ifndef KL_PREDICT_INTERVAL_H
#define KL_PREDICT_INTERVAL_H

#include <stddef.h>

/**
 * Quantile q of n ascending values, interpolated linearly between order statistics
 * (type 7, the default of R and NumPy); NaN if n is 0.
 *
 * Reference: hyndman1996 (docs/references.bib).
 */
double kl_quantile_sorted(const double *sorted, size_t n, double q);

/** Central interval of `level` of n values, which are sorted in place; NaNs among them
 * are left out. Both ends are NaN if nothing remains. */
void kl_interval_percentile(double *lo, double *hi, double *values, size_t n,
                            double level);

#endif
