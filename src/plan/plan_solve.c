/*
 * plan_solve.c - minimise one formula subject to others, and say how sure that is.
 *
 * Solve at the fitted values (solve.c), certify (certify.c), solve again for each
 * bootstrap draw (draws.c), and put the result together. docs/theory/plan.md has the
 * method.
 */
#include <kleiber/plan.h>

#include "base/fail.h"
#include "base/text.h"
#include "plan/draws.h"
#include "plan/plan_data.h"
#include "plan/record.h"
#include "plan/solve.h"
#include "predict/distance.h"
#include "predict/interval.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* First-order conditions count as met up to this; Newton's method leaves 1e-14. */
static const double kkt_tolerance = 1e-8;

/* Constraints this near to equality (relative) are active. */
static const double active_tolerance = 1e-8;

/* Decades beyond the data that call for a warning. */
static const double far_decades = 1;

/* What a solve needs beside the plan itself. */
typedef struct session {
    const kl_plan_options *opt;
    kl_problem problem;
    kl_work work;
    double *u;          /* [n] the optimum */
    bool *active;       /* [m + 2n] there */
    double *multiplier; /* [m + 2n] there */
} session;

kl_plan_options kl_plan_options_default(void)
{
    return (kl_plan_options){0};
}

static void warn(kl_plan *plan, const char *fmt, ...) KL_PRINTF(2, 3);

/* Add a warning; one that does not fit is left out (room is counted in open_plan). */
static void warn(kl_plan *plan, const char *fmt, ...)
{
    char line[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    if (plan->n_warnings == plan->warnings_room) return;
    const char *copy = kl_arena_strdup(&plan->arena, line);
    if (copy)
        plan->warnings[plan->n_warnings++] = copy;
    else
        plan->lost_warning = true;
}

/* ---- before solving ---- */

static kl_status check_options(const kl_plan_options *opt, kl_error *err)
{
    if (opt->level != 0 && !(opt->level >= 0.5 && opt->level <= 0.999))
        return kl_fail(err, KL_E_USAGE, "level %g is not in 0.5 to 0.999", opt->level);
    if (opt->threads < 0)
        return kl_fail(err, KL_E_USAGE, "threads must be 0 or more, not %d",
                       opt->threads);
    return KL_OK;
}

static kl_status open_session(session *s, const kl_fit *fit, const kl_plan_options *opt,
                              kl_error *err)
{
    kl_problem *p = &s->problem;
    s->opt = opt;
    const kl_status status = kl_problem_open(p, fit, opt, err);
    if (status) return status;
    const size_t n_all = p->m + 2 * p->n;
    s->u = kl_arena_doubles(&p->arena, p->n);
    s->active = kl_arena_array(&p->arena, n_all, sizeof *s->active);
    s->multiplier = kl_arena_doubles(&p->arena, n_all);
    if (!s->u || !s->active || !s->multiplier || !kl_work_open(&s->work, &p->arena, p))
        return kl_fail_nomem(err);
    kl_work_set_law(&s->work, kl_fit_get_theta(fit));
    return KL_OK;
}

static kl_plan_number number(const char *name, double value)
{
    return (kl_plan_number){.name = name, .value = value, .ci_lo = NAN, .ci_hi = NAN};
}

static kl_plan *new_plan(const session *s)
{
    const kl_problem *p = &s->problem;
    kl_plan *plan = calloc(1, sizeof *plan);
    if (!plan) return NULL;
    plan->n = p->n;
    plan->m = p->m;
    plan->warnings_room =
        p->n + 8; /* one for each variable, and one of each other kind */
    plan->variables = kl_arena_array(&plan->arena, p->n, sizeof *plan->variables);
    plan->constraints = kl_arena_array(&plan->arena, p->m, sizeof *plan->constraints);
    plan->warnings =
        kl_arena_array(&plan->arena, plan->warnings_room, sizeof *plan->warnings);
    if (!plan->variables || !plan->constraints || !plan->warnings) {
        kl_plan_free(plan);
        return NULL;
    }
    return plan;
}

/* ---- the optimum ---- */

/* d ln value / d ln |right side| of active constraint j: the multiplier in log form. */
static double elasticity(session *s, size_t j, double value, double rhs)
{
    const kl_problem *p = &s->problem;
    const kl_limit *limit = &p->limits[j];
    double slope = -s->multiplier[j]; /* dF/dh, then by the right side */
    if (limit->relation == KL_RELATION_GE) slope = -slope;
    if (slope == 0) return 0;
    if (!limit->form.is_log) slope *= rhs != 0 ? rhs / limit->form.scale : NAN;
    if (!p->form.is_log) slope *= value != 0 ? p->form.scale / value : NAN;
    return slope;
}

static void fill_constraints(kl_plan *plan, session *s)
{
    const kl_problem *p = &s->problem;
    for (size_t j = 0; j < p->m; j++) {
        const kl_limit *limit = &p->limits[j];
        const double lhs = kl_work_value(&s->work, &limit->lhs, s->u);
        const double rhs = kl_work_value(&s->work, &limit->rhs, s->u);
        const double size =
            limit->form.is_log ? fmax(fabs(lhs), fabs(rhs)) : limit->form.scale;
        double slack = size > 0 ? (rhs - lhs) / size : 0;
        if (limit->relation == KL_RELATION_GE) slack = -slack;
        if (limit->relation == KL_RELATION_EQ) slack = -fabs(slack);
        const bool active = fabs(slack) <= active_tolerance || s->active[j];
        plan->constraints[j] = (kl_plan_constraint){
            .text = kl_arena_strdup(&plan->arena, limit->text),
            .slack = slack,
            .active = active,
            .multiplier = active ? elasticity(s, j, plan->value.value, rhs) : 0};
    }
}

static kl_status fill_numbers(kl_plan *plan, session *s, kl_error *err)
{
    const kl_problem *p = &s->problem;
    const char *target = kl_law_get_target(kl_fit_get_law(p->fit))->name;
    const char *what = s->opt->minimise ? s->opt->minimise : target;
    plan->target = number(kl_arena_strdup(&plan->arena, target),
                          kl_work_value(&s->work, &p->target, s->u));
    plan->value = number(kl_arena_strdup(&plan->arena, what),
                         kl_work_value(&s->work, &p->objective, s->u));
    plan->ratio = number("", NAN);
    bool ok = plan->target.name && plan->value.name;
    for (size_t i = 0; i < p->n; i++) {
        plan->variables[i] =
            number(kl_arena_strdup(&plan->arena, p->names[i]), exp(s->u[i]));
        ok &= plan->variables[i].name != NULL;
    }
    if (p->n == 2) {
        kl_text name = {0};
        kl_text_addf(&name, "%s/%s", p->names[1], p->names[0]);
        const char *copy = name.data ? kl_arena_strdup(&plan->arena, name.data) : NULL;
        kl_text_free(&name);
        plan->ratio = number(copy, exp(s->u[1] - s->u[0]));
        ok &= copy != NULL;
    }
    fill_constraints(plan, s);
    for (size_t j = 0; j < p->m; j++) ok &= plan->constraints[j].text != NULL;
    return ok ? KL_OK : kl_fail_nomem(err);
}

/* Name the constraint that is violated the most at the point of least violation. */
static void warn_infeasible(kl_plan *plan)
{
    size_t worst = 0;
    double least = 0;
    for (size_t j = 0; j < plan->m; j++) {
        const double slack = plan->constraints[j].slack;
        if (!(slack < least) && !isnan(slack)) continue;
        least = slack;
        worst = j;
    }
    if (least < 0)
        warn(plan,
             "no point meets the constraints: at the nearest one '%s' is violated by "
             "%.3g %% of its larger side",
             plan->constraints[worst].text, -100 * least);
    else
        warn(plan, "no point was found where all formulas have finite values");
}

static void judge(kl_plan *plan, session *s, kl_solve_outcome found)
{
    const kl_problem *p = &s->problem;
    plan->kkt = kl_certify(&s->work, s->u, active_tolerance);
    memcpy(s->active, s->work.active, (p->m + 2 * p->n) * sizeof *s->active);
    memcpy(s->multiplier, s->work.multiplier,
           (p->m + 2 * p->n) * sizeof *s->multiplier);
    plan->outcome = plan->kkt <= kkt_tolerance ? KL_PLAN_OPTIMAL : KL_PLAN_STALLED;
    if (found == KL_SOLVE_INFEASIBLE) plan->outcome = KL_PLAN_INFEASIBLE;
}

/* Warn of bounds that hold a variable: that optimum is the bound's, not the law's. */
static void judge_bounds(kl_plan *plan, session *s)
{
    const kl_problem *p = &s->problem;
    if (plan->outcome == KL_PLAN_INFEASIBLE) return;
    for (size_t i = 0; i < p->n; i++) {
        const bool at_lo = s->u[i] - p->lo[i] <= active_tolerance;
        const bool at_hi = p->hi[i] - s->u[i] <= active_tolerance;
        if (!at_lo && !at_hi) continue;
        warn(plan, "variable '%s' ended at its %s bound, %g", p->names[i],
             at_lo ? "lower" : "upper", at_lo ? p->x_lo[i] : p->x_hi[i]);
        if (plan->outcome == KL_PLAN_OPTIMAL) plan->outcome = KL_PLAN_AT_BOUND;
    }
}

static kl_status fill_distance(kl_plan *plan, session *s, kl_error *err)
{
    const kl_problem *p = &s->problem;
    const kl_law *law = kl_fit_get_law(p->fit);
    const size_t n = kl_law_get_n_inputs(law);
    double *x = kl_arena_doubles(&plan->arena, n);
    if (!x) return kl_fail_nomem(err);
    for (size_t i = 0; i < n; i++)
        x[i] = p->input_variable[i] < p->n ? exp(s->u[p->input_variable[i]])
                                           : p->inputs[i];
    size_t worst = 0;
    plan->decades = kl_point_distance(p->fit, x, &worst);
    if (plan->decades > far_decades)
        warn(plan, "the plan lies %.1f decades beyond the data in '%s'", plan->decades,
             kl_law_get_input(law, worst)->name);
    return KL_OK;
}

/* ---- its uncertainty ---- */

static void fill_interval(kl_plan_number *out, const kl_draws *d, size_t column,
                          double *sample, double level)
{
    const size_t width = kl_draws_width(d->problem);
    for (size_t b = 0; b < d->n; b++) sample[b] = d->results[b * width + column];
    kl_interval_percentile(&out->ci_lo, &out->ci_hi, sample, d->n, level);
}

static kl_status solve_draws(kl_plan *plan, session *s, kl_error *err)
{
    const kl_problem *p = &s->problem;
    const size_t all = kl_fit_get_n_draws(p->fit), most = s->opt->max_draws;
    const size_t n = most > 0 && most < all ? most : all, width = kl_draws_width(p);
    if (n == 0 || plan->outcome == KL_PLAN_INFEASIBLE) return KL_OK;
    double *results = calloc(n, width * sizeof *results);
    double *sample = calloc(n, sizeof *sample);
    kl_draws d = {p, s->u, s->active, s->multiplier, n, results};
    kl_status status = results && sample ? KL_OK : kl_fail_nomem(err);
    if (status) goto out;
    status = kl_draws_run(&d, s->opt, err);
    if (status) goto out;
    plan->n_draws = n;
    for (size_t b = 0; b < n; b++) plan->n_failed += isnan(results[b * width]);
    for (size_t i = 0; i < p->n; i++)
        fill_interval(&plan->variables[i], &d, i, sample, plan->level);
    fill_interval(&plan->value, &d, p->n, sample, plan->level);
    fill_interval(&plan->target, &d, p->n + 1, sample, plan->level);
    fill_interval(&plan->ratio, &d, p->n + 2, sample, plan->level);
    if (plan->n_failed > 0)
        warn(plan, "%zu of %zu draws have no optimum; the intervals leave them out",
             plan->n_failed, n);
out:
    free(sample);
    free(results);
    return status;
}

kl_status kl_plan_solve(kl_plan **out, const kl_fit *fit, const kl_plan_options *opt,
                        kl_error *err)
{
    const kl_plan_options o = opt ? *opt : kl_plan_options_default();
    session s = {0};
    kl_plan *plan = NULL;
    *out = NULL;
    kl_status status = check_options(&o, err);
    if (status) goto out;
    status = open_session(&s, fit, &o, err);
    if (status) goto out;
    plan = new_plan(&s);
    const kl_solve_outcome found =
        plan ? kl_solve(&s.problem, &s.work, s.u) : KL_SOLVE_NOMEM;
    if (found == KL_SOLVE_NOMEM) {
        status = kl_fail_nomem(err);
        goto out;
    }
    plan->level = o.level == 0 ? kl_fit_get_summary(fit).level : o.level;
    judge(plan, &s, found);
    status = fill_numbers(plan, &s, err);
    if (status) goto out;
    if (plan->outcome == KL_PLAN_INFEASIBLE) warn_infeasible(plan);
    if (plan->outcome == KL_PLAN_STALLED)
        warn(plan, "first-order conditions hold only to %.1e", plan->kkt);
    judge_bounds(plan, &s);
    status = fill_distance(plan, &s, err);
    if (status) goto out;
    status = solve_draws(plan, &s, err);
    if (status) goto out;
    status = kl_plan_record(plan, &s.problem, &o, err);
    if (!status && plan->lost_warning) status = kl_fail_nomem(err);
    if (status) goto out;
    *out = plan;
    plan = NULL;
out:
    kl_plan_free(plan);
    kl_problem_free(&s.problem);
    return status;
}
