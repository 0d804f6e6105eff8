/*
 * plan.h - minimise one formula subject to others over chosen variables.
 *
 *   kl_plan_variable over[] = {{.name = "N"}, {.name = "D"}};
 *   const char *subject[] = {"6*N*D <= 1e24", "N <= 7e9"};
 *   kl_plan_options opt = kl_plan_options_default();
 *   opt.over = over, opt.n_over = 2, opt.subject = subject, opt.n_subject = 2;
 *   if (kl_plan_solve(&plan, fit, &opt, &err)) ...
 *
 * In every formula the law's parameters have their fitted values, the law's target name
 * (e.g. `loss`) stands for the law, and the rest are variables or given values.
 */
#ifndef KLEIBER_PLAN_H
#define KLEIBER_PLAN_H

#include <kleiber/fit.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kl_plan kl_plan;

typedef struct kl_plan_variable {
    const char *name;
    double lo, hi; /* positive bounds, searched in logarithms (both 0: 1 to 1e30) */
} kl_plan_variable;

typedef struct kl_plan_given {
    const char *name;
    double value;
    const char *level; /* for a categorical index of the law; else NULL */
} kl_plan_given;

typedef struct kl_plan_options {
    const char *minimise;       /* formula (default NULL: the law's target) */
    const char *const *subject; /* constraints "lhs <= rhs", ">=" or "==" */
    size_t n_subject;
    const kl_plan_variable *over; /* variables */
    size_t n_over;
    const kl_plan_given *given; /* other names' values */
    size_t n_given;
    double level;     /* of the intervals (0.5 to 0.999; default: 0 = the fit's) */
    size_t max_draws; /* bootstrap draws re-planned (default: 0 = all of the fit's) */
    int threads;      /* 0 = all cores; never changes the result */
    bool (*progress)(void *user, const kl_progress *p); /* false cancels; NULL: none */
    void *user;
} kl_plan_options;

kl_plan_options kl_plan_options_default(void);

/**
 * Solve a plan, then again for each bootstrap draw of the fit.
 *
 * @param[out] out new plan, owned by the caller (kl_plan_free); NULL on failure
 * @return KL_OK, also when infeasible or unbounded: see kl_plan_get_outcome().
 *         KL_E_PARSE a formula; KL_E_DOMAIN a part of one has no finite value whatever
 *         the variables are; KL_E_USAGE a name without value, no variables, bad bounds;
 *         KL_E_CANCELLED; KL_E_NOMEM.
 */
kl_status kl_plan_solve(kl_plan **out, const kl_fit *fit, const kl_plan_options *opt,
                        kl_error *err);

/** The short form: the law's target minimised over all its inputs with the law's cost
 * formula (else 6*N*D) at most `flops`. KL_E_USAGE also if the law has neither. */
kl_status kl_plan_for_budget(kl_plan **out, const kl_fit *fit, double flops,
                             kl_error *err);

void kl_plan_free(kl_plan *plan);

typedef enum kl_plan_outcome {
    KL_PLAN_OPTIMAL,    /* first-order conditions hold */
    KL_PLAN_INFEASIBLE, /* no point meets the constraints; the numbers describe the one
                           that violates them least, without intervals */
    KL_PLAN_AT_BOUND,   /* a variable ended at its own bound: unbounded in effect */
    KL_PLAN_STALLED     /* first-order conditions do not hold to tolerance */
} kl_plan_outcome;

kl_plan_outcome kl_plan_get_outcome(const kl_plan *plan);
const char *kl_plan_outcome_text(kl_plan_outcome outcome);

/* A number with its bootstrap interval (NaN ends without draws). */
typedef struct kl_plan_number {
    const char *name;
    double value;
    double ci_lo, ci_hi;
} kl_plan_number;

size_t kl_plan_get_n_variables(const kl_plan *plan);
kl_plan_number kl_plan_get_variable(const kl_plan *plan, size_t i);

/** The minimised formula's value (name: its text). */
kl_plan_number kl_plan_get_value(const kl_plan *plan);

/** The law's target at the optimum (the value itself if that was minimised). */
kl_plan_number kl_plan_get_target(const kl_plan *plan);

/** Ratio of the second variable to the first (tokens per parameter for N, D); name
 * "D/N"; NaN if there are not exactly two variables. */
kl_plan_number kl_plan_get_ratio(const kl_plan *plan);

typedef struct kl_plan_constraint {
    const char *text;  /* as given */
    double slack;      /* (rhs - lhs)/max(|lhs|,|rhs|) for <=; if a side need not be
                             positive, over the slope in the variables' logarithms */
    bool active;       /* holds with equality */
    double multiplier; /* d ln value / d ln of the right side's size, 0 if inactive;
                             NaN if the right side is zero */
} kl_plan_constraint;

size_t kl_plan_get_n_constraints(const kl_plan *plan);
kl_plan_constraint kl_plan_get_constraint(const kl_plan *plan, size_t i);

/** Largest violation of the first-order conditions, relative (docs/theory/plan.md). */
double kl_plan_get_kkt(const kl_plan *plan);

/** Draws re-planned, and of them those without an optimum. */
size_t kl_plan_get_n_draws(const kl_plan *plan);
size_t kl_plan_get_n_draws_failed(const kl_plan *plan);

/** How far the plan lies beyond the fitted inputs, in decades; NaN without data. */
double kl_plan_get_decades(const kl_plan *plan);

size_t kl_plan_get_n_warnings(const kl_plan *plan);
const char *kl_plan_get_warning(const kl_plan *plan, size_t i);

/** The plan as JSON text, schema kleiber.plan/1; malloc'd, owned by the caller. */
kl_status kl_plan_to_json(char **out, const kl_plan *plan, kl_error *err);

#ifdef __cplusplus
}
#endif
#endif
