/* polish.h - Newton's method on the first-order conditions, and their certificate. */
#ifndef KL_PLAN_POLISH_H
#define KL_PLAN_POLISH_H

#include "plan/problem.h"

/**
 * Least-squares multipliers at u from gradients alone: which of the constraints within
 * `near` of equality are active, with multipliers >= 0 that cancel the objective's
 * gradient best, into w->active and w->multiplier. Evaluates the problem at u to second
 * order.
 *
 * @return the certificate: the largest violation of stationarity (relative to the
 *         largest of the objective's slopes and curvatures) or of a constraint; NaN if
 *         something is not finite at u
 */
double kl_certify(kl_work *w, const double *u, double near);

/**
 * Newton's method from u with w->active and w->multiplier as first guess; constraints
 * join when violated and leave when their multiplier is negative.
 *
 * @param[in,out] u start, then the optimum
 * @return true at a point that meets the first- and second-order conditions to
 *         rounding; false: u is unspecified
 */
bool kl_polish(kl_work *w, double *u);

#endif
