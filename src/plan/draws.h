/* draws.h - a plan solved again for each bootstrap draw of the fit. */
#ifndef KL_PLAN_DRAWS_H
#define KL_PLAN_DRAWS_H

#include "plan/problem.h"

/* What is planned again, and what from. */
typedef struct kl_draws {
    const kl_problem *problem;
    const double *u;          /* [n] optimum at the fitted values */
    const bool *active;       /* [m + 2n] there */
    const double *multiplier; /* [m + 2n] there */
    size_t n;                 /* draws */
    double
        *results; /* [n][kl_draws_width] variables, value, target, ratio; NaN: failed */
} kl_draws;

/** Numbers of one draw in `results`: variables + 3. */
size_t kl_draws_width(const kl_problem *p);

/**
 * Fill d->results. Draws are independent tasks, so threads never change them.
 * @return KL_OK; KL_E_CANCELLED; KL_E_NOMEM.
 */
kl_status kl_draws_run(kl_draws *d, const kl_plan_options *opt, kl_error *err);

#endif
