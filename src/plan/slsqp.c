/*
 * slsqp.c - NLopt's view of a plan. The least violation t is a problem of its own, in u
 * and t: minimise t subject to h_j <= t (and -h_j <= t for equalities).
 *
 * Reference: kraft1988, johnson2007 (docs/references.bib).
 */
#include "plan/slsqp.h"

#include <math.h>
#include <nlopt.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_EVALUATIONS = 2000 };

/* Relative violation that NLopt takes for none. */
static const double tolerated = 1e-9;

/* What a point without a finite value costs: more than any logarithm. */
static const double nowhere = 1e10;

static double slsqp_objective(unsigned n, const double *u, double *gradient, void *ctx)
{
    kl_work *w = ctx;
    const bool finite = kl_work_objective(w, u, gradient ? 1 : 0);
    if (gradient) {
        if (finite)
            memcpy(gradient, w->objective.gradient, n * sizeof *gradient);
        else
            memset(gradient, 0, n * sizeof *gradient);
    }
    return finite ? w->objective.value : nowhere;
}

/* Limits of one kind, the equalities or the others, in order. */
static void slsqp_limits(kl_work *w, bool equalities, double *h, unsigned n,
                         const double *u, double *gradient)
{
    const kl_problem *p = w->problem;
    for (size_t j = 0, row = 0; j < p->m; j++) {
        if (kl_problem_is_equality(p, j) != equalities) continue;
        const bool finite = kl_work_limit(w, j, u, gradient ? 1 : 0);
        h[row] = finite ? w->limits[j].value : nowhere;
        for (size_t i = 0; gradient && i < n; i++)
            gradient[row * n + i] = finite ? w->limits[j].gradient[i] : 0;
        row++;
    }
}

static void slsqp_inequalities(unsigned m, double *h, unsigned n, const double *u,
                               double *gradient, void *ctx)
{
    (void)m;
    slsqp_limits(ctx, false, h, n, u, gradient);
}

static void slsqp_equalities(unsigned m, double *h, unsigned n, const double *u,
                             double *gradient, void *ctx)
{
    (void)m;
    slsqp_limits(ctx, true, h, n, u, gradient);
}

/* Least violation: the variables are u and then t. */
static double violation_objective(unsigned n, const double *u, double *gradient,
                                  void *ctx)
{
    (void)ctx;
    if (gradient) {
        memset(gradient, 0, n * sizeof *gradient);
        gradient[n - 1] = 1;
    }
    return u[n - 1];
}

/* h_j - t for each constraint, then -h_j - t for the equalities. */
static void violation_limits(unsigned m, double *h, unsigned n, const double *u,
                             double *gradient, void *ctx)
{
    kl_work *w = ctx;
    const kl_problem *p = w->problem;
    size_t mirror = p->m;
    (void)m;
    for (size_t j = 0; j < p->m; j++) {
        const bool finite = kl_work_limit(w, j, u, gradient ? 1 : 0);
        const bool is_equality = kl_problem_is_equality(p, j);
        const double *g = w->limits[j].gradient;
        h[j] = (finite ? w->limits[j].value : nowhere) - u[n - 1];
        if (is_equality)
            h[mirror] = (finite ? -w->limits[j].value : nowhere) - u[n - 1];
        for (size_t i = 0; gradient && i < n; i++) {
            const double slope = i + 1 == n ? 0 : finite ? g[i] : 0;
            gradient[j * n + i] = i + 1 == n ? -1 : slope;
            if (is_equality) gradient[mirror * n + i] = i + 1 == n ? -1 : -slope;
        }
        mirror += is_equality;
    }
}

static size_t count_equalities(const kl_problem *p)
{
    size_t n = 0;
    for (size_t j = 0; j < p->m; j++) n += kl_problem_is_equality(p, j);
    return n;
}

/* Common settings. NULL if memory is short. */
static nlopt_opt new_slsqp(size_t n, nlopt_func objective, kl_work *w)
{
    nlopt_opt opt = nlopt_create(NLOPT_LD_SLSQP, (unsigned)n);
    if (!opt) return NULL;
    if (nlopt_set_min_objective(opt, objective, w) < 0 ||
        nlopt_set_xtol_rel(opt, 1e-10) < 0 || nlopt_set_ftol_rel(opt, 1e-15) < 0 ||
        nlopt_set_maxeval(opt, MAX_EVALUATIONS) < 0) {
        nlopt_destroy(opt);
        return NULL;
    }
    return opt;
}

/* Run from u, which must lie in the bounds. A stop short of the tolerances leaves a
 * point that the caller judges, so only a lack of memory is a failure. */
static bool run_slsqp(nlopt_opt opt, double *u)
{
    double value;
    return nlopt_optimize(opt, u, &value) != NLOPT_OUT_OF_MEMORY;
}

bool kl_slsqp_minimise(kl_work *w, double *u)
{
    const kl_problem *p = w->problem;
    const unsigned n_equal = (unsigned)count_equalities(p), m = (unsigned)p->m;
    double *tolerance = calloc(p->m + 1, sizeof *tolerance);
    nlopt_opt opt = new_slsqp(p->n, slsqp_objective, w);
    bool ok = opt && tolerance;
    for (size_t j = 0; ok && j < p->m; j++) tolerance[j] = tolerated;
    ok = ok && nlopt_set_lower_bounds(opt, p->lo) > 0 &&
         nlopt_set_upper_bounds(opt, p->hi) > 0;
    if (ok && m > n_equal)
        ok = nlopt_add_inequality_mconstraint(opt, m - n_equal, slsqp_inequalities, w,
                                              tolerance) > 0;
    if (ok && n_equal > 0)
        ok = nlopt_add_equality_mconstraint(opt, n_equal, slsqp_equalities, w,
                                            tolerance) > 0;
    ok = ok && run_slsqp(opt, u);
    kl_problem_clamp(p, u);
    nlopt_destroy(opt);
    free(tolerance);
    return ok;
}

bool kl_slsqp_least_violation(kl_work *w, double *u)
{
    const kl_problem *p = w->problem;
    const size_t n = p->n + 1, m = p->m + count_equalities(p);
    double *room = calloc(3 * n + m, sizeof *room);
    nlopt_opt opt = new_slsqp(n, violation_objective, w);
    bool ok = room && opt;
    if (ok) {
        double *lo = room, *hi = room + n, *v = room + 2 * n, *tolerance = room + 3 * n;
        const double start = kl_work_violation(w, u);
        memcpy(lo, p->lo, p->n * sizeof *lo);
        memcpy(hi, p->hi, p->n * sizeof *hi);
        memcpy(v, u, p->n * sizeof *v);
        hi[p->n] = HUGE_VAL;
        v[p->n] = isfinite(start) ? start : nowhere;
        ok = nlopt_set_lower_bounds(opt, lo) > 0 &&
             nlopt_set_upper_bounds(opt, hi) > 0 &&
             nlopt_add_inequality_mconstraint(opt, (unsigned)m, violation_limits, w,
                                              tolerance) > 0 &&
             run_slsqp(opt, v);
        kl_problem_clamp(p, v);
        if (kl_work_violation(w, v) < start) memcpy(u, v, p->n * sizeof *u);
    }
    nlopt_destroy(opt);
    free(room);
    return ok;
}
