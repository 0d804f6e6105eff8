/* solve.h - from nothing to the optimum of a plan. */
#ifndef KL_PLAN_SOLVE_H
#define KL_PLAN_SOLVE_H

#include "plan/polish.h"

typedef enum kl_solve_outcome {
    KL_SOLVE_FOUND,      /* meets the constraints; kl_certify says how good it is */
    KL_SOLVE_STALLED,    /* kl_resolve only: feasible, but no optimum */
    KL_SOLVE_INFEASIBLE, /* u is the point that violates them least */
    KL_SOLVE_NOMEM
} kl_solve_outcome;

/**
 * Choose the form of every quantity (logarithm or scale) and solve from many starts.
 * @param      p  its forms are set
 * @param      w  one thread's memory for `p`, with the law's values set
 * @param[out] u  [n] best feasible point; see above if there is none
 */
kl_solve_outcome kl_solve(kl_problem *p, kl_work *w, double *u);

/**
 * Solve again for other values of the law, which w holds, from the optimum u0 with its
 * active constraints and multipliers (m + 2n of each).
 * @param[out] u  [n]
 */
kl_solve_outcome kl_solve_again(kl_work *w, const double *u0, const bool *active,
                                const double *multiplier, double *u);

#endif
