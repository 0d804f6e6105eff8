/* order.h - order statistics: median, quantiles. */
#ifndef KL_FIT_ORDER_H
#define KL_FIT_ORDER_H

#include <stddef.h>

/** Median of n >= 1 values; reorders them. NaN if any value is NaN. */
double kl_order_median(double *values, size_t n);

/** Sort ascending (no NaN). */
void kl_order_sort(double *values, size_t n);

/** Quantile q of n >= 1 values (no NaN), linear between order statistics (type 7 of
 * hyndman1996); reorders them. */
double kl_order_quantile(double *values, size_t n, double q);

#endif
