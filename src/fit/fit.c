/* fit.c - the story of one fit: rows, starts, optimum, intervals, warnings. */
#include "fit/bootstrap.h"
#include "fit/curvature.h"
#include "fit/diagnose.h"
#include "fit/domain.h"
#include "fit/fit_options.h"
#include "fit/order.h"
#include "fit/profile.h"
#include "fit/sample.h"
#include "fit/starts.h"
#include "fit/student.h"

#include <math.h>
#include <string.h>

enum { MAX_POINTS = 20000 }; /* rows kept in the result */

/* Where the search in a logarithm ends if the range does not: squares have a value. */
static const double largest = 1e150;

/* What the steps of one fit share. */
typedef struct session {
    kl_fit *fit;
    const kl_fit_options *opt;
    kl_arena arena;
    kl_sample sample;
    kl_goal goal;
    kl_problem problem;
    kl_coords coords;
    double *lo, *hi; /* [n_theta] natural ranges as searched */
    double *r;       /* residuals at the optimum */
    double *se;      /* [n_theta] of coordinates, from the curvature */
    double factor;   /* see kl_curvature */
    kl_arrival arrival;
    kl_hunt hunt;
} session;

static size_t find_slot(const kl_fit *fit, const char *name)
{
    size_t i = 0;
    while (i < fit->n_theta && strcmp(fit->parameters[i].name, name)) i++;
    return i;
}

static kl_status fix_values(session *s, kl_error *err)
{
    kl_fit *fit = s->fit;
    for (size_t k = 0; k < s->opt->n_fixed; k++) {
        const kl_fit_fixed *f = &s->opt->fixed[k];
        const size_t i = find_slot(fit, f->name);
        if (i == fit->n_theta)
            return kl_fail(err, KL_E_USAGE,
                           "cannot fix '%s': law '%s' has no such parameter", f->name,
                           kl_law_get_name(fit->law));
        if (!(f->value >= fit->slots[i].lo && f->value <= fit->slots[i].hi))
            return kl_fail(err, KL_E_USAGE,
                           "cannot fix '%s' at %g: its range is %g to %g", f->name,
                           f->value, fit->slots[i].lo, fit->slots[i].hi);
        fit->parameters[i].fixed = true;
        fit->theta[i] = f->value;
    }
    return KL_OK;
}

/* Coordinates of all values that are not fixed. */
static kl_status set_coordinates(session *s, kl_error *err)
{
    const kl_fit *fit = s->fit;
    kl_coords *c = &s->coords;
    s->lo = kl_arena_doubles(&s->arena, fit->n_theta);
    s->hi = kl_arena_doubles(&s->arena, fit->n_theta);
    s->se = kl_arena_doubles(&s->arena, fit->n_theta);
    s->r = kl_arena_doubles(&s->arena, s->sample.n_rows);
    if (!s->lo || !s->hi || !s->se || !s->r ||
        !kl_coords_new(c, &s->arena, fit->n_theta))
        return kl_fail_nomem(err);
    for (size_t i = 0; i < fit->n_theta; i++) {
        const kl_slot *slot = &fit->slots[i];
        s->lo[i] = slot->lo;
        s->hi[i] = slot->is_log && isinf(slot->hi) ? largest : slot->hi;
        s->se[i] = NAN;
        c->theta[i] = fit->theta[i];
        if (fit->parameters[i].fixed) continue;
        c->slot[c->n] = i;
        c->is_log[c->n] = slot->is_log;
        c->lo[c->n] = slot->is_log ? log(s->lo[i]) : s->lo[i];
        c->hi[c->n] = slot->is_log ? log(s->hi[i]) : s->hi[i];
        c->n++;
    }
    if (s->sample.n_rows <= c->n)
        return kl_fail(
            err, KL_E_SHAPE,
            "%zu usable rows for %zu free parameters of law '%s': more rows are "
            "needed, or a smaller law, or --fix",
            s->sample.n_rows, c->n, kl_law_get_name(fit->law));
    return KL_OK;
}

static kl_status prepare(session *s, const kl_table *runs, kl_error *err)
{
    const kl_fit_options *opt = s->opt;
    kl_fit *fit = s->fit;
    const kl_residual residual = opt->residual == KL_RESIDUAL_AUTO
                                     ? kl_law_get_residual(fit->law)
                                     : opt->residual;
    const bool log_residual = residual == KL_RESIDUAL_LOG;
    kl_status status = kl_sample_take(&s->sample, fit, runs, opt, log_residual, err);
    if (!status) status = fix_values(s, err);
    if (!status) status = set_coordinates(s, err);
    if (status) return status;
    s->goal = (kl_goal){opt->objective, opt->delta,  opt->over_weight,
                        opt->quantile,  opt->solver, opt->max_iterations};
    s->problem = kl_sample_problem(&s->sample, fit, log_residual);
    s->hunt = (kl_hunt){&s->goal, &s->problem, &s->coords, fit->slots,
                        s->lo,    s->hi,       fit->law,   opt};
    fit->summary.objective = opt->objective;
    fit->summary.residual = residual;
    fit->summary.delta = opt->delta;
    fit->summary.level = opt->level;
    fit->summary.seed = opt->seed;
    fit->summary.n_rows = s->sample.n_rows;
    fit->summary.n_free = s->coords.n;
    status = kl_domain_check(&s->sample, &s->hunt, fit, runs, err);
    return status ? status : kl_sample_replicates(&s->sample, fit, err);
}

/* The objective as documented, where the solver's stands for a limit (absolute
 * losses). */
static double reported_value(const session *s)
{
    const kl_goal *g = &s->goal;
    if (g->objective != KL_OBJECTIVE_ABSOLUTE && g->objective != KL_OBJECTIVE_QUANTILE)
        return s->arrival.value;
    double sum = 0;
    for (size_t i = 0; i < s->sample.n_rows; i++) {
        const double w = s->sample.weight ? s->sample.weight[i] : 1, r = s->r[i];
        const double side = g->objective == KL_OBJECTIVE_ABSOLUTE ? 1
                            : r > 0                               ? 1 - g->quantile
                                                                  : g->quantile;
        sum += w * side * fabs(r);
    }
    return sum;
}

/* Spread of the residuals and share of the target's spread explained. */
static void describe_residuals(session *s, kl_arena *scratch)
{
    kl_fit_summary *sum = &s->fit->summary;
    const size_t n = s->sample.n_rows;
    double squares = 0, mean = 0, total = 0;
    for (size_t i = 0; i < n; i++) mean += s->sample.target[i] / (double)n;
    double *size = kl_arena_doubles(scratch, n);
    for (size_t i = 0; i < n; i++) {
        const double d = s->sample.target[i] - mean;
        squares += s->r[i] * s->r[i];
        total += d * d;
        if (size) size[i] = fabs(s->r[i]);
    }
    sum->residual_sd = sqrt(squares / (double)(n - s->coords.n));
    if (size) sum->residual_mad_sd = 1.4826 * kl_order_median(size, n);
    sum->r2 = total > 0 ? 1 - squares / total : NAN;
}

/* The range's end where that was meant: a bound may come back from its logarithm a
 * rounding off. */
static double onto_bound(double value, const kl_slot *slot)
{
    const double rounding = 1e-12; /* of exp(ln v), v up to 1e300: 700 epsilon */
    if (!slot->is_log) return value;
    if (value <= slot->lo * (1 + rounding)) return slot->lo;
    return value >= slot->hi * (1 - rounding) ? slot->hi : value;
}

static kl_status find_optimum(session *s, kl_error *err)
{
    kl_fit *fit = s->fit;
    kl_catch catch;
    kl_status status = kl_starts_run(&catch, fit->theta, &s->hunt, err);
    if (status) return status;
    s->arrival = catch.best;
    fit->outcome = catch.best.converged ? KL_FIT_CONVERGED : KL_FIT_STALLED;
    fit->summary.value = catch.best.value;
    fit->summary.ln_s = catch.best.ln_s;
    fit->summary.gradient_norm = catch.best.gradient_norm;
    fit->summary.starts = catch.n;
    fit->summary.starts_at_best = catch.at_best;
    fit->summary.starts_failed = catch.failed;
    fit->summary.runner_up = catch.runner_up;
    fit->summary.starts_at_runner_up = catch.at_runner_up;
    for (size_t i = 0; i < fit->n_theta; i++) {
        kl_fit_parameter *p = &fit->parameters[i];
        const kl_slot *slot = &fit->slots[i];
        if (!p->fixed) fit->theta[i] = onto_bound(fit->theta[i], slot);
        p->value = fit->theta[i];
        p->at_bound = !p->fixed && (p->value <= slot->lo || p->value >= slot->hi);
    }
    return KL_OK;
}

/* Coordinates without those at an end of their range: there no curvature is to be
 * had. */
static void interior(kl_coords *c, const kl_coords *all, const kl_fit *fit)
{
    kl_coords_copy(c, all, fit->n_theta);
    memcpy(c->theta, fit->theta, fit->n_theta * sizeof *c->theta);
    size_t m = 0;
    for (size_t j = 0; j < c->n; j++) {
        if (fit->parameters[c->slot[j]].at_bound) continue;
        kl_coords_move(c, m++, j);
    }
    c->n = m;
}

static kl_status find_curvature(session *s, kl_error *err)
{
    kl_fit *fit = s->fit;
    kl_coords c;
    kl_curvature shape;
    kl_work *work = kl_work_new(&s->arena, s->sample.program, fit->n_theta);
    double *x = kl_arena_doubles(&s->arena, fit->n_theta);
    if (!work || !x || !kl_coords_new(&c, &s->arena, fit->n_theta))
        return kl_fail_nomem(err);
    interior(&c, &s->coords, fit);
    kl_coords_x(&c, x);
    kl_problem_residuals(&s->problem, &c, x, s->r, work);
    const kl_loss loss = kl_goal_loss(&s->goal, s->arrival.threshold);
    const kl_optimum at = {&s->problem,       &loss, &c, x, s->r, s->sample.group,
                           s->sample.n_groups};
    const kl_status status = kl_curvature_find(&shape, &s->arena, &at, work, err);
    if (status) return status;
    /* a likelihood needs no estimate of the noise; the others pay for theirs with p
     * rows */
    const double rows = (double)s->sample.n_rows, spare = rows - (double)s->coords.n;
    const bool likelihood = s->opt->objective == KL_OBJECTIVE_HUBER_MLE;
    s->factor = likelihood ? 1 : shape.factor * rows / spare;
    fit->summary.condition = shape.condition;
    const double q = kl_student_quantile(0.5 + 0.5 * s->opt->level, spare);
    for (size_t j = 0; shape.covariance && j < c.n; j++) {
        const size_t i = c.slot[j];
        kl_fit_parameter *p = &fit->parameters[i];
        const double se = sqrt(shape.covariance[j * c.n + j]);
        s->se[i] = se;
        p->curvature_se = c.is_log[j] ? se * p->value : se;
        p->curvature_lo = c.is_log[j] ? exp(x[j] - q * se) : x[j] - q * se;
        p->curvature_hi = c.is_log[j] ? exp(x[j] + q * se) : x[j] + q * se;
    }
    return KL_OK;
}

static void recommend_intervals(kl_fit *fit)
{
    for (size_t i = 0; i < fit->n_theta; i++) {
        kl_fit_parameter *p = &fit->parameters[i];
        const bool resampled = fit->n_draws >= 2 && !p->fixed;
        p->se = resampled ? p->bootstrap_se : p->curvature_se;
        p->ci_lo = resampled ? p->bootstrap_lo : p->curvature_lo;
        p->ci_hi = resampled ? p->bootstrap_hi : p->curvature_hi;
    }
}

/* Rows for reports: all, or every k-th so that at most MAX_POINTS stay. */
static kl_status keep_points(session *s, kl_error *err)
{
    kl_fit *fit = s->fit;
    const kl_sample *sample = &s->sample;
    const size_t every = (sample->n_rows + MAX_POINTS - 1) / MAX_POINTS;
    const size_t n = (sample->n_rows + every - 1) / every;
    kl_arena *a = &fit->arena;
    fit->point_inputs = kl_arena_doubles(a, n * fit->n_inputs);
    fit->point_codes = kl_arena_array(a, n, fit->n_indices * sizeof *fit->point_codes);
    fit->point_target = kl_arena_doubles(a, n);
    fit->point_fitted = kl_arena_doubles(a, n);
    fit->residuals = kl_arena_doubles(a, n);
    if (!fit->point_inputs || !fit->point_codes || !fit->point_target ||
        !fit->point_fitted || !fit->residuals)
        return kl_fail_nomem(err);
    for (size_t k = 0; k < n; k++) {
        const size_t row = k * every;
        for (size_t i = 0; i < fit->n_inputs; i++)
            fit->point_inputs[k * fit->n_inputs + i] = sample->inputs[i][row];
        for (size_t i = 0; i < fit->n_indices; i++)
            fit->point_codes[k * fit->n_indices + i] = sample->codes[i][row];
        const double fitted = sample->target[row] + s->r[row];
        fit->point_target[k] = sample->y[row];
        fit->point_fitted[k] = s->problem.link == KL_LINK_LOG ? exp(fitted) : fitted;
        fit->residuals[k] = s->r[row];
    }
    fit->n_points = fit->n_residuals = n;
    return KL_OK;
}

static kl_status note_source(kl_fit *fit, const kl_table *runs,
                             const kl_fit_options *opt, kl_error *err)
{
    kl_arena *a = &fit->arena;
    kl_fit_source *src = &fit->source;
    src->path = kl_arena_strdup(a, kl_table_get_path(runs));
    src->sha256 = kl_arena_strdup(a, kl_table_get_sha256(runs));
    src->counts = kl_table_get_counts(runs);
    src->group = kl_arena_strdup(a, opt->group ? opt->group : "");
    src->weight = kl_arena_strdup(a, opt->weight ? opt->weight : "");
    fit->solver = opt->solver == KL_SOLVER_PROJECT ? "project" : "plain";
    fit->start_kind = opt->start_kind == KL_STARTS_GRID ? "grid" : "spread";
    fit->over_weight = opt->over_weight;
    fit->quantile = opt->quantile;
    fit->bootstrap_starts = opt->bootstrap_starts;
    const bool ok = src->path && src->sha256 && src->group && src->weight;
    return ok ? KL_OK : kl_fail_nomem(err);
}

kl_status kl_fit_run(kl_fit **out, const kl_table *runs, const kl_law *law,
                     const kl_fit_options *opt, kl_error *err)
{
    const kl_fit_options defaults = kl_fit_options_default();
    session s = {.opt = opt ? opt : &defaults};
    *out = NULL;
    kl_status status = kl_fit_options_check(s.opt, err);
    if (!status) status = kl_fit_new(&s.fit, law, err);
    if (!status) status = prepare(&s, runs, err);
    if (!status) status = find_optimum(&s, err);
    if (!status) status = find_curvature(&s, err);
    if (!status) s.fit->summary.value = reported_value(&s);
    if (!status) describe_residuals(&s, &s.arena);
    if (!status && s.opt->bootstrap)
        status = kl_bootstrap_run(s.fit, &s.sample, &s.hunt, err);
    if (!status) status = kl_bootstrap_intervals(s.fit, err);
    if (!status && s.opt->profile)
        status = kl_profile_run(s.fit, &s.hunt, s.factor, s.se, err);
    if (!status) {
        recommend_intervals(s.fit);
        status = keep_points(&s, err);
    }
    if (!status) status = note_source(s.fit, runs, s.opt, err);
    if (!status) status = kl_diagnose(s.fit, &s.sample, err);
    if (!status) {
        *out = s.fit;
        s.fit = NULL;
    }
    kl_fit_free(s.fit);
    kl_sample_free(&s.sample);
    kl_arena_free(&s.arena);
    return status;
}
