/*
 * rows.h - the inner loops of an objective: arrays over the rows of one block. `n` is a
 * multiple of KL_ROW_LANES; what lies beyond the real rows has weight zero. Sums go in
 * eight lanes, a fixed order that compilers can vectorise.
 */
#ifndef KL_FIT_ROWS_H
#define KL_FIT_ROWS_H

#include "fit/loss.h"

#include <stddef.h>

enum { KL_ROW_LANES = 8 };

/** n rounded up to whole lanes. */
static inline size_t kl_rows_round(size_t n)
{
    return (n + KL_ROW_LANES - 1) / KL_ROW_LANES * KL_ROW_LANES;
}

/** r = ln f - target, a = 1/f. */
void kl_rows_log_residual(size_t n, const double *f, const double *target, double *r,
                          double *a);

/** r = f - target. */
void kl_rows_linear_residual(size_t n, const double *f, const double *target,
                             double *r);

/** a = exp(-target), r = f a - 1. */
void kl_rows_relative_residual(size_t n, const double *f, const double *target,
                               double *r, double *a);

/** Sum of w rho(r). */
double kl_rows_loss(size_t n, const kl_loss *loss, const double *r, const double *w);

/**
 * Coefficients of a row's contributions (objective.c has the formulas):
 * gradient = w rho' a, outer = (w rho'' - curved * w rho') a^2, gram = w a^2.
 */
void kl_rows_coefficients(size_t n, const kl_loss *loss, double curved, const double *r,
                          const double *a, const double *w, double *gradient,
                          double *outer, double *gram);

/** Sum of c x. */
double kl_rows_dot(size_t n, const double *c, const double *x);

/** Sum of c x y. */
double kl_rows_dot3(size_t n, const double *c, const double *x, const double *y);

#endif
