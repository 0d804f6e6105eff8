/*
 * curvature.h - standard errors from the shape of the objective at the optimum.
 *
 * Sandwich: cov = H^-1 B H^-1 n/(n-p), B = sum of score score^T (by group if grouped),
 * H the expected curvature. Near-absolute losses have next to no rows within their
 * threshold, so H counts the rows within a wider band h instead: h = max(threshold,
 * 1.06 sd n^(-1/5)).
 *
 * Reference: huber1967; powell1991 (the band); silverman1986 (its width).
 */
#ifndef KL_FIT_CURVATURE_H
#define KL_FIT_CURVATURE_H

#include "fit/sample.h"

/* Where a fit ended, and what is needed to look around there. */
typedef struct kl_optimum {
    const kl_problem *problem;
    const kl_loss *loss; /* at its last threshold */
    const kl_coords *coords;
    const double *x;
    const double *residuals; /* one per row, at x */
    const int32_t *group;    /* one per row, 0 to n_groups - 1; NULL: rows alone */
    size_t n_groups;
} kl_optimum;

typedef struct kl_curvature {
    double
        *covariance;  /* n x n, of the coordinates; NULL if the curvature is singular */
    double factor;    /* score variance per curvature: 2(F - F*)/factor is like chi^2 */
    double condition; /* of the residuals' Gram matrix with unit diagonal */
} kl_curvature;

/** @param arena holds the result. @return KL_OK; KL_E_NOMEM. */
kl_status kl_curvature_find(kl_curvature *out, kl_arena *arena, const kl_optimum *at,
                            kl_work *work, kl_error *err);

#endif
