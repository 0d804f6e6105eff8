/*
 * project.h - variable projection: least squares with the linear parameters eliminated.
 *
 * For fixed exponents most laws are linear in the rest, f = f0 + sum c_k g_k. Those c
 * are found exactly, within their ranges, by bounded least squares; the search is left
 * with the few others, in which it is well conditioned. Residuals are relative (f/y -
 * 1, close to ln f - ln y) or linear.
 *
 * Reference: golub1973; kaufman1975 (the Jacobian of the projected residual).
 */
#ifndef KL_FIT_PROJECT_H
#define KL_FIT_PROJECT_H

#include "fit/objective.h"

typedef struct kl_project kl_project;

/**
 * Workspace for a program and its coordinates; lives in `arena`. NULL if memory is
 * short.
 * @param lo, hi ranges of all parameters by slot (not in logarithms)
 */
kl_project *kl_project_new(kl_arena *arena, const kl_program *program, size_t n_theta,
                           const double *lo, const double *hi);

/**
 * Least squares from x, in place. Linear parameters may end at an end of their range: a
 * log-scaled one at zero then has x = -infinity.
 *
 * @param p link KL_LINK_RELATIVE or KL_LINK_LINEAR
 * @return sum of w r^2 at the point reached; +infinity if there was no finite one
 */
double kl_project_run(kl_project *space, const kl_problem *p, const kl_coords *c,
                      double *x, size_t max_iterations, kl_work *work);

#endif
