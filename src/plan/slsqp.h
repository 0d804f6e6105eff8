/* slsqp.h - sequential quadratic programming by NLopt, from one start. */
#ifndef KL_PLAN_SLSQP_H
#define KL_PLAN_SLSQP_H

#include "plan/problem.h"

/**
 * Carry u, which lies in the bounds, to a local optimum. However far it gets, u stays
 * in the bounds; the caller judges it.
 * @return false if memory is short
 */
bool kl_slsqp_minimise(kl_work *w, double *u);

/** Move u to a point of least violation nearby, if that is better. False: no memory. */
bool kl_slsqp_least_violation(kl_work *w, double *u);

#endif
