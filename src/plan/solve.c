/*
 * solve.c - sequential quadratic programming from several starts, each polished by
 * Newton's method; the best feasible point wins.
 *
 * A start from which no feasible point is found is tried again from the point with the
 * least violation nearby. If that is positive for every start the plan is infeasible.
 */
#include "plan/solve.h"

#include "fit/halton.h"
#include "plan/slsqp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_STARTS = 12, MAX_RESCALES = 4 };

/* Relative violation that counts as none, before and after polishing. */
static const double feasible_roughly = 1e-6, feasible = 1e-9;

/* How much more (relative) Newton's result may cost than the point it started from,
 * which may gain from violating a constraint by feasible_roughly. */
static const double no_worse = 1e-4;

/* Constraints this near to equality are a first guess of the active ones. */
static const double active_guess = 1e-5;

/* Certificate that a warm start must reach to count as solved. */
static const double solved = 1e-6;

/* ---- one start ---- */

/* Improve a feasible u by Newton's method; false, and u as before, if that fails. */
static bool polish(kl_work *w, double *u, double *v)
{
    memcpy(v, u, w->problem->n * sizeof *v);
    if (!(kl_certify(w, u, active_guess) < HUGE_VAL)) return false;
    const double before = w->objective.value;
    if (!kl_polish(w, v)) return false;
    kl_problem_clamp(w->problem, v); /* an active bound holds to rounding only */
    if (!(kl_work_violation(w, v) <= feasible) || !kl_work_objective(w, v, 0))
        return false;
    if (!(w->objective.value <= before + no_worse * fmax(1, fabs(before))))
        return false;
    memcpy(u, v, w->problem->n * sizeof *u);
    return true;
}

/* From u to a local optimum; `v` is spare room for n numbers. Stalled: only as good as
 * NLopt left it. */
static kl_solve_outcome solve_start(kl_work *w, double *u, double *v)
{
    const kl_problem *p = w->problem;
    memcpy(v, u, p->n * sizeof *v);
    if (!kl_slsqp_minimise(w, u)) return KL_SOLVE_NOMEM;
    if (p->m && !(kl_work_violation(w, u) <= feasible_roughly)) {
        if (kl_work_violation(w, v) < kl_work_violation(w, u))
            memcpy(u, v, p->n * sizeof *u);
        if (!kl_slsqp_least_violation(w, u)) return KL_SOLVE_NOMEM;
        if (!(kl_work_violation(w, u) <= feasible_roughly)) return KL_SOLVE_INFEASIBLE;
        memcpy(v, u, p->n * sizeof *v);
        if (!kl_slsqp_minimise(w, u)) return KL_SOLVE_NOMEM;
        if (!(kl_work_violation(w, u) <= feasible_roughly))
            memcpy(u, v, p->n * sizeof *u);
    }
    return polish(w, u, v) ? KL_SOLVE_FOUND : KL_SOLVE_STALLED;
}

/* ---- many starts ---- */

/* Start 0: the largest runs of the data (where they say nothing, the bounds' middle);
 * start 1: the middle; then a low-discrepancy sample of the bounds. */
static void choose_start(const kl_problem *p, size_t start, double *u)
{
    for (size_t i = 0; i < p->n; i++) {
        const double share = start < 2 ? 0.5 : kl_halton(start - 1, i);
        u[i] = p->lo[i] + share * (p->hi[i] - p->lo[i]);
    }
    const size_t n_inputs = kl_law_get_n_inputs(kl_fit_get_law(p->fit));
    for (size_t k = 0; start == 0 && k < n_inputs; k++) {
        double lo, hi;
        kl_fit_get_input_range(p->fit, k, &lo, &hi);
        if (p->input_variable[k] < p->n && hi > 0) u[p->input_variable[k]] = log(hi);
    }
    kl_problem_clamp(p, u);
}

/* Log form for what is positive at every start where it has a value; else the scale is
 * the smallest size seen, so that differences near the optimum are not lost. */
static void choose_form(kl_form *form, const double *values, size_t n)
{
    bool positive = true;
    double scale = HUGE_VAL;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i])) continue;
        positive &= values[i] > 0;
        if (values[i] != 0) scale = fmin(scale, fabs(values[i]));
    }
    form->is_log = positive;
    form->scale = isfinite(scale) ? scale : 1;
}

static void choose_forms(kl_problem *p, kl_work *w, double *u)
{
    double values[2 * N_STARTS];
    for (size_t s = 0; s < N_STARTS; s++) {
        choose_start(p, s, u);
        values[s] = kl_work_value(w, &p->objective, u);
    }
    choose_form(&p->form, values, N_STARTS);
    for (size_t j = 0; j < p->m; j++) {
        for (size_t s = 0; s < N_STARTS; s++) {
            choose_start(p, s, u);
            values[s] = kl_work_value(w, &p->limits[j].lhs, u);
            values[N_STARTS + s] = kl_work_value(w, &p->limits[j].rhs, u);
        }
        choose_form(&p->limits[j].form, values, 2 * N_STARTS);
    }
}

/* Give up the logarithm of what was not positive somewhere; false if nothing was. */
static bool relax_forms(kl_problem *p, kl_work *w)
{
    bool relaxed = false;
    for (size_t j = 0; j <= p->m; j++) {
        kl_form *form = j < p->m ? &p->limits[j].form : &p->form;
        relaxed |= w->crossed[j] && form->is_log;
        form->is_log &= !w->crossed[j];
        w->crossed[j] = false;
    }
    return relaxed;
}

/* Scale what is not logarithmic by its slope or curvature at u: a constraint then
 * measures the distance to its boundary in log variables. */
static void rescale(kl_problem *p, kl_work *w, const double *u)
{
    if (!kl_work_evaluate(w, u, 2)) return;
    for (size_t j = 0; j <= p->m; j++) {
        kl_form *form = j < p->m ? &p->limits[j].form : &p->form;
        const kl_jet *f = j < p->m ? &w->limits[j] : &w->objective;
        double slope = 0;
        for (size_t i = 0; i < p->n; i++) {
            slope = fmax(slope, fabs(f->gradient[i]));
            slope = fmax(slope, fabs(f->hessian[i * p->n + i]));
        }
        if (!form->is_log && slope > 0) form->scale *= slope;
    }
}

/* What the search has found so far. */
typedef struct incumbent {
    kl_solve_outcome outcome; /* FOUND, STALLED or INFEASIBLE */
    double value;             /* objective; of an infeasible point the violation */
    double *u;
} incumbent;

/* True if a point beats the incumbent: feasible before infeasible, then by value; among
 * nearly equal values a polished point is better than one that may lie just outside. */
static bool beats(const incumbent *old, kl_solve_outcome outcome, double value)
{
    const bool old_feasible = old->outcome != KL_SOLVE_INFEASIBLE;
    const bool feasible_now = outcome != KL_SOLVE_INFEASIBLE;
    if (feasible_now != old_feasible) return feasible_now;
    if (outcome == old->outcome) return value < old->value;
    const double margin = no_worse * fmax(1, fabs(value));
    return value < old->value + (outcome == KL_SOLVE_FOUND ? margin : -margin);
}

static kl_solve_outcome solve_starts(kl_problem *p, kl_work *w, incumbent *best,
                                     double *u, double *v)
{
    choose_start(p, 0, best->u);
    best->outcome = KL_SOLVE_INFEASIBLE;
    best->value = HUGE_VAL;
    for (size_t s = 0; s < N_STARTS; s++) {
        choose_start(p, s, u);
        kl_solve_outcome outcome = solve_start(w, u, v);
        if (outcome == KL_SOLVE_NOMEM) return outcome;
        double value = kl_work_violation(w, u);
        if (outcome != KL_SOLVE_INFEASIBLE) {
            if (!kl_work_objective(w, u, 0)) continue;
            value = w->objective.value;
        }
        if (!beats(best, outcome, value)) continue;
        best->outcome = outcome;
        best->value = value;
        memcpy(best->u, u, p->n * sizeof *u);
    }
    return best->outcome;
}

static bool is_feasible(kl_solve_outcome outcome)
{
    return outcome == KL_SOLVE_FOUND || outcome == KL_SOLVE_STALLED;
}

kl_solve_outcome kl_solve(kl_problem *p, kl_work *w, double *u)
{
    double *room = calloc(2 * p->n, sizeof *room);
    if (!room) return KL_SOLVE_NOMEM;
    incumbent best = {.u = u};
    kl_solve_outcome outcome;
    choose_forms(p, w, u);
    do {
        outcome = solve_starts(p, w, &best, room, room + p->n);
    } while (outcome != KL_SOLVE_NOMEM && relax_forms(p, w));
    for (int k = 0; k < MAX_RESCALES && is_feasible(outcome); k++) {
        rescale(p, w, u);
        polish(w, u, room);
        if (kl_work_violation(w, u) <= feasible_roughly) break;
        /* that was near on the scale of the starts only: search on this one */
        outcome = solve_starts(p, w, &best, room, room + p->n);
    }
    free(room);
    return is_feasible(outcome) ? KL_SOLVE_FOUND : outcome;
}

kl_solve_outcome kl_solve_again(kl_work *w, const double *u0, const bool *active,
                                const double *multiplier, double *u)
{
    const kl_problem *p = w->problem;
    const size_t n = p->n, n_all = p->m + 2 * n;
    memcpy(u, u0, n * sizeof *u);
    memcpy(w->active, active, n_all * sizeof *active);
    memcpy(w->multiplier, multiplier, n_all * sizeof *multiplier);
    if (kl_polish(w, u)) {
        kl_problem_clamp(p, u);
        return KL_SOLVE_FOUND;
    }
    double *v = calloc(n, sizeof *v);
    if (!v) return KL_SOLVE_NOMEM;
    memcpy(u, u0, n * sizeof *u);
    kl_solve_outcome outcome = solve_start(w, u, v);
    if (outcome == KL_SOLVE_STALLED && kl_certify(w, u, active_guess) <= solved)
        outcome = KL_SOLVE_FOUND;
    free(v);
    return outcome;
}
