/* goal.c - losses of the objectives, and the path from a start to an optimum. */
#include "fit/goal.h"

#include "fit/newton.h"
#include "fit/order.h"
#include "fit/project.h"

#include <math.h>
#include <string.h>

enum {
    PROJECT_ITERATIONS = 60,
    STAGE_ITERATIONS = 40,
    SCALE_ROUNDS = 60,
    PIN_ROUNDS = 4
};

/* |r| and the quantile loss are Huber's with a threshold this small against the
 * residuals: the optimum moves by about as much. */
static const double absolute_share = 1e-9;
static const double stage_ratio = 0.25; /* from one threshold to the next */

struct kl_search {
    kl_work *work;
    kl_newton *newton;
    kl_project *project;
    kl_coords coords; /* of this search: without those pinned at zero */
    const double *lo, *hi;
    double *x, *r, *sorted, *theta_before;
    double *gradient, *gram;
    bool *pinned; /* by slot */
};

kl_search *kl_search_new(kl_arena *arena, const kl_program *program, size_t n_theta,
                         const double *lo, const double *hi, size_t max_rows)
{
    kl_search *s = kl_arena_alloc(arena, sizeof *s);
    if (!s || !kl_coords_new(&s->coords, arena, n_theta)) return NULL;
    s->work = kl_work_new(arena, program, n_theta);
    s->newton = kl_newton_new(arena, n_theta);
    s->project = kl_project_new(arena, program, n_theta, lo, hi);
    s->x = kl_arena_doubles(arena, n_theta);
    s->r = kl_arena_doubles(arena, max_rows);
    s->sorted = kl_arena_doubles(arena, max_rows);
    s->theta_before = kl_arena_doubles(arena, n_theta);
    s->gradient = kl_arena_doubles(arena, n_theta);
    s->gram = kl_arena_doubles(arena, n_theta * n_theta);
    s->pinned = kl_arena_array(arena, n_theta, sizeof *s->pinned);
    s->lo = lo;
    s->hi = hi;
    const bool ok = s->work && s->newton && s->project && s->x && s->r && s->sorted &&
                    s->theta_before && s->gradient && s->gram && s->pinned;
    return ok ? s : NULL;
}

double kl_huber_ln_z(double delta)
{
    const double inside = sqrt(2 * acos(-1.0)) * erf(delta / sqrt(2.0));
    return log(inside + 2 / delta * exp(-0.5 * delta * delta));
}

kl_loss kl_goal_loss(const kl_goal *goal, double threshold)
{
    switch (goal->objective) {
    case KL_OBJECTIVE_SQUARED:
        return (kl_loss){HUGE_VAL, 2, 1, 1};
    case KL_OBJECTIVE_ABSOLUTE:
        return (kl_loss){threshold, 1 / threshold, 1, 1};
    case KL_OBJECTIVE_ASYMMETRIC:
        return (kl_loss){threshold, 1, goal->over_weight, 1};
    case KL_OBJECTIVE_QUANTILE:
        return (kl_loss){threshold, 1 / threshold, 1 - goal->quantile, goal->quantile};
    default:
        return (kl_loss){threshold, 1, 1, 1};
    }
}

/* Robust scale of the residuals at x: 1.4826 times their median size, never zero. */
static double residual_scale(kl_search *s, const kl_problem *p)
{
    kl_problem_residuals(p, &s->coords, s->x, s->r, s->work);
    for (size_t i = 0; i < p->n_rows; i++) s->sorted[i] = fabs(s->r[i]);
    const double scale = 1.4826 * kl_order_median(s->sorted, p->n_rows);
    return scale > 1e-15 ? scale : 1e-15;
}

/*
 * The likelihood's scale for given residuals: sum of w (r/s) psi(r/s) = sum of w. The
 * logarithm of the left side falls nearly straight in ln s, so Newton's method is used
 * on it, within a bracket.
 */
static double solve_ln_s(const kl_problem *p, const double *r, double delta,
                         double guess)
{
    double lo = -HUGE_VAL, hi = HUGE_VAL, ln_s = guess;
    for (int i = 0; i < 100; i++) {
        const double inverse = exp(-ln_s);
        double left = 0, slope = 0, total = 0; /* slope: of left in -ln s */
        for (size_t k = 0; k < p->n_rows; k++) {
            const double w = p->weight ? p->weight[k] : 1, z = fabs(r[k]) * inverse;
            left += w * (z <= delta ? z * z : delta * z);
            slope += w * (z <= delta ? 2 * z * z : delta * z);
            total += w;
        }
        const double f = log(left / total);
        if (f > 0)
            lo = ln_s;
        else
            hi = ln_s;
        if (fabs(f) <= 1e-15) break;
        double next = ln_s + f * left / slope;
        if (!(next > lo && next < hi))
            next = isinf(lo) ? hi - 2 : isinf(hi) ? lo + 2 : 0.5 * (lo + hi);
        if (next == ln_s) break;
        ln_s = next;
    }
    return ln_s;
}

/* Negative log likelihood of the Huber density at given residuals and scale. */
static double likelihood(const kl_problem *p, const double *r, double delta,
                         double ln_s)
{
    const kl_loss unit = {delta, 1, 1, 1};
    const double constant = ln_s + kl_huber_ln_z(delta), inverse = exp(-ln_s);
    double sum = 0;
    for (size_t i = 0; i < p->n_rows; i++)
        sum += (p->weight ? p->weight[i] : 1) *
               (kl_loss_value(&unit, r[i] * inverse) + constant);
    return sum;
}

/* Take parameters that are zero out of the coordinates: their logarithm has no
 * value. */
static void drop_pinned(kl_search *s)
{
    kl_coords *c = &s->coords;
    size_t m = 0;
    for (size_t j = 0; j < c->n; j++) {
        if (c->is_log[j] && !(s->x[j] > -HUGE_VAL)) {
            s->pinned[c->slot[j]] = true;
            c->theta[c->slot[j]] = 0;
            continue;
        }
        kl_coords_move(c, m, j);
        s->x[m++] = s->x[j];
    }
    c->n = m;
}

static kl_newton_result descend(kl_search *s, const kl_goal *goal, const kl_problem *p,
                                double threshold, double scale, bool last)
{
    const kl_loss loss = kl_goal_loss(goal, threshold);
    const kl_newton_options opt = {
        .max_iterations = last ? goal->max_iterations : STAGE_ITERATIONS,
        .tolerance = last ? 1e-14 : 1e-5,
        .radius = fmin(0.3 * scale, threshold),
    };
    return kl_newton_run(s->newton, p, &loss, &s->coords, s->x, &opt, s->work);
}

/* Threshold at which the search ends, given the residuals now. */
static double end_threshold(kl_search *s, const kl_goal *goal, const kl_problem *p,
                            double scale, double *ln_s)
{
    switch (goal->objective) {
    case KL_OBJECTIVE_HUBER_MLE:
        *ln_s = solve_ln_s(p, s->r, goal->delta, isnan(*ln_s) ? log(scale) : *ln_s);
        return goal->delta * exp(*ln_s);
    case KL_OBJECTIVE_ABSOLUTE:
    case KL_OBJECTIVE_QUANTILE:
        return absolute_share * scale;
    case KL_OBJECTIVE_SQUARED:
        return HUGE_VAL;
    default:
        return goal->delta;
    }
}

/* Lower the threshold to its end. The likelihood's end moves with its scale. */
static kl_arrival follow(kl_search *s, const kl_goal *goal, const kl_problem *p,
                         bool warm)
{
    kl_arrival a = {HUGE_VAL, NAN, NAN, NAN, false};
    const double scale = residual_scale(s, p);
    if (!isfinite(scale)) return a;
    double end = end_threshold(s, goal, p, scale, &a.ln_s);
    for (double t = (warm ? 0.5 : 2) * scale; t > end; t *= stage_ratio)
        descend(s, goal, p, t, scale, false);
    for (int round = 0; round < SCALE_ROUNDS; round++) {
        if (goal->objective == KL_OBJECTIVE_HUBER_MLE) {
            kl_problem_residuals(p, &s->coords, s->x, s->r, s->work);
            end = end_threshold(s, goal, p, scale, &a.ln_s);
        }
        const kl_newton_result result = descend(s, goal, p, end, scale, true);
        const double before = a.value;
        a.value = result.value;
        a.gradient_norm = result.gradient_norm;
        a.converged = result.converged;
        if (goal->objective != KL_OBJECTIVE_HUBER_MLE) break;
        kl_problem_residuals(p, &s->coords, s->x, s->r, s->work);
        a.value = likelihood(p, s->r, goal->delta, a.ln_s);
        if (fabs(before - a.value) <= 1e-14 * fabs(a.value)) break;
    }
    a.threshold = end;
    return a;
}

/*
 * Parameters on their way to zero leave no trace in the residuals: pin them there.
 * Those pinned whose growth would lower the objective are let go, at a size that shows.
 * @return true if anything changed
 */
static bool revise_pins(kl_search *s, const kl_goal *goal, const kl_problem *p,
                        const kl_coords *all, double threshold)
{
    const double no_trace = 1e-9; /* root mean square effect on a residual */
    const kl_loss loss = kl_goal_loss(goal, threshold);
    const kl_slopes slopes = {s->gradient, NULL, s->gram};
    kl_coords *c = &s->coords;
    bool changed = false;
    kl_problem_value(p, &loss, c, s->x, &slopes, s->work);
    for (size_t j = 0; j < c->n; j++) {
        const double effect = sqrt(s->gram[j * c->n + j] / (double)p->n_rows);
        if (c->is_log[j] && s->lo[c->slot[j]] == 0 && effect < no_trace &&
            s->gradient[j] >= 0) {
            s->x[j] = -HUGE_VAL;
            changed = true;
        }
    }
    const double *by_slot = kl_work_theta_gradient(s->work);
    for (size_t j = 0; j < all->n; j++)
        if (s->pinned[all->slot[j]] && by_slot[all->slot[j]] < 0) changed = true;
    return changed;
}

/* The start for another round: pinned parameters that want to grow get a small
 * value. */
static void release(kl_search *s, const kl_coords *all)
{
    const double *by_slot = kl_work_theta_gradient(s->work);
    for (size_t j = 0; j < all->n; j++) {
        const size_t slot = all->slot[j];
        if (s->pinned[slot] && by_slot[slot] < 0) {
            s->pinned[slot] = false;
            s->coords.theta[slot] = 1e-6;
        }
    }
}

/* Least squares, then the nearest threshold, with other row weights: another way in. */
static void take_detour(kl_search *s, const kl_goal *goal, const kl_problem *p,
                        const double *weight)
{
    kl_problem other = *p;
    other.weight = weight;
    const double scale = residual_scale(s, &other);
    if (isfinite(scale) && goal->objective != KL_OBJECTIVE_SQUARED)
        descend(s, goal, &other, 0.5 * scale, scale, false);
}

kl_arrival kl_search_run(kl_search *s, const kl_goal *goal, const kl_problem *p,
                         const kl_coords *c, double *theta, const kl_path *path)
{
    const bool warm = path->warm || path->detour;
    const size_t bytes = p->n_theta * sizeof *theta;
    kl_coords_copy(&s->coords, c, p->n_theta);
    memcpy(s->coords.theta, theta, bytes);
    memset(s->pinned, 0, p->n_theta * sizeof *s->pinned);
    kl_coords_x(&s->coords, s->x);
    if (!path->warm && goal->solver == KL_SOLVER_PROJECT) {
        kl_problem squares = *p;
        if (path->detour) squares.weight = path->detour;
        if (p->link == KL_LINK_LOG) squares.link = KL_LINK_RELATIVE;
        kl_project_run(s->project, &squares, &s->coords, s->x, PROJECT_ITERATIONS,
                       s->work);
    }
    drop_pinned(s);
    if (path->detour) take_detour(s, goal, p, path->detour);
    kl_arrival best = follow(s, goal, p, warm);
    memcpy(theta, s->coords.theta, bytes);
    for (int round = 0; round < PIN_ROUNDS && best.value < HUGE_VAL; round++) {
        if (!revise_pins(s, goal, p, c, best.threshold)) break;
        kl_coords_theta(&s->coords, s->x);
        release(s, c);
        memcpy(s->theta_before, s->coords.theta, bytes);
        kl_coords_copy(&s->coords, c, p->n_theta);
        memcpy(s->coords.theta, s->theta_before, bytes);
        kl_coords_x(&s->coords, s->x);
        drop_pinned(s);
        const kl_arrival next = follow(s, goal, p, true);
        if (!(next.value <= best.value + 1e-12 * fabs(best.value))) break;
        best = next;
        memcpy(theta, s->coords.theta, bytes);
    }
    return best;
}
