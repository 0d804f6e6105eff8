/* distance.h - how far a point lies beyond the inputs that a law was fitted to. */
#ifndef KL_PREDICT_DISTANCE_H
#define KL_PREDICT_DISTANCE_H

#include <kleiber/fit.h>

/**
 * Decades by which value x of the law's input i lies beyond the fitted range [lo, hi]:
 * log10(x/hi) or log10(lo/x), 0 inside. Where a logarithm does not exist (x or lo not
 * positive) the range's width is the measure: log10(1 + beyond/width), so that ten
 * widths away is about a decade too. NaN if the fit has no data.
 */
double kl_input_distance(const kl_fit *fit, size_t i, double x);

/** Largest distance over all inputs x[n_inputs] of the law, and which one has it. */
double kl_point_distance(const kl_fit *fit, const double *x, size_t *worst_input);

#endif
