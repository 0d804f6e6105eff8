/* slice.c - y by a secant in logarithms, minima by a grid and a parabola. */
#include "report/slice.h"

#include "base/fail.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    POINTS = 241,    /* along x */
    ITERATIONS = 40, /* of the secant; costs that are monomials need two */
};
static const double DECADES_BEYOND = 2.5; /* x looked at beyond the data, each side */

static kl_status costs_at(double *cost, const kl_study *s, const kl_probe *probe,
                          kl_error *err)
{
    kl_frame *frame = NULL;
    kl_status status = kl_probe_frame(&frame, s->cost, probe, err);
    if (!status) status = kl_frame_values(frame, kl_fit_get_theta(s->fit), cost, err);
    kl_frame_free(frame);
    return status;
}

/* Root finding in one point: ln(cost/budget) = 0 in ln y. */
typedef struct secant {
    double log_y, gap; /* of the step before; NaN at first */
    bool solved;
} secant;

static void step(secant *now, double *y, double cost, double budget)
{
    const double gap = log(cost / budget);
    now->solved = fabs(gap) < 1e-9;
    if (now->solved || !isfinite(gap)) return;
    const double slope = (gap - now->gap) / (log(*y) - now->log_y);
    const double steepness = isfinite(slope) && slope > 0.05 ? slope : 1;
    now->log_y = log(*y);
    now->gap = gap;
    *y *= exp(fmin(fmax(-gap / steepness, -7), 7)); /* three decades at most */
}

/* y such that cost(x, y) = budget at every point of the probe; NaN where there is
 * none. The probe's own y stays finite, as a frame wants it. */
static kl_status solve_y(double *y, const kl_study *s, const kl_probe *probe,
                         double budget, kl_arena *mem, kl_error *err)
{
    const size_t n = probe->n;
    double *cost = kl_arena_doubles(mem, n);
    secant *points = kl_arena_array(mem, n, sizeof *points);
    if (!cost || !points) return kl_fail_nomem(err);
    for (size_t i = 0; i < n; i++) points[i].log_y = points[i].gap = NAN;
    size_t n_solved = 0;
    for (int k = 0; k < ITERATIONS && n_solved < n; k++) {
        const kl_status status = costs_at(cost, s, probe, err);
        if (status) return status;
        for (size_t i = 0; i < n; i++) {
            if (points[i].solved) continue;
            step(&points[i], &probe->inputs[s->y][i], cost[i], budget);
            n_solved += points[i].solved;
        }
    }
    for (size_t i = 0; i < n; i++)
        y[i] = points[i].solved ? probe->inputs[s->y][i] : NAN;
    return KL_OK;
}

/* Least value along the slice, refined by a parabola in ln x; NaN at the ends. */
static double argmin_log(double *least, const double *log_x, const double *value,
                         size_t n)
{
    size_t k = 0;
    bool found = false;
    for (size_t i = 0; i < n; i++)
        if (isfinite(value[i]) && (!found || value[i] < value[k])) {
            k = i;
            found = true;
        }
    *least = NAN;
    if (!found || k == 0 || k + 1 == n) return NAN;
    const double left = value[k - 1], mid = value[k], right = value[k + 1];
    if (!isfinite(left) || !isfinite(right)) return NAN;
    const double h = log_x[k + 1] - log_x[k], curvature = left - 2 * mid + right;
    const double shift = curvature > 0 ? (left - right) / (2 * curvature) : 0;
    *least = mid + shift * (right - left) / 4;
    return log_x[k] + shift * h;
}

/* y on the slice at ln x, between the points of the grid. */
static double y_at(const kl_slice *slice, double log_x)
{
    const double first = log(slice->x[0]), last = log(slice->x[slice->n - 1]);
    const double at = (log_x - first) / (last - first) * (double)(slice->n - 1);
    if (!(at >= 0) || at > (double)(slice->n - 1)) return NAN;
    const size_t k = at < (double)(slice->n - 1) ? (size_t)at : slice->n - 2;
    const double from = log(slice->y[k]), to = log(slice->y[k + 1]);
    return exp(from + (at - (double)k) * (to - from));
}

static kl_status find_best(kl_slice *slice, const kl_study *s, const kl_frame *frame,
                           kl_arena *mem, kl_error *err)
{
    double *log_x = kl_arena_doubles(mem, slice->n);
    double *value = kl_arena_doubles(mem, slice->n);
    double *xs = kl_arena_doubles(mem, s->n_draws),
           *ys = kl_arena_doubles(mem, s->n_draws);
    if (!log_x || !value || !xs || !ys) return kl_fail_nomem(err);
    for (size_t i = 0; i < slice->n; i++) log_x[i] = log(slice->x[i]);
    kl_optimum *best = &slice->best;
    const double at = argmin_log(&best->value, log_x, slice->value, slice->n);
    best->budget = slice->budget;
    best->x = exp(at);
    best->y = y_at(slice, at);
    kl_status status = KL_OK;
    for (size_t b = 0; b < s->n_draws && !status; b++) {
        double least;
        status = kl_frame_values(frame, kl_study_draw(s, b), value, err);
        for (size_t i = 0; i < slice->n; i++)
            if (isnan(slice->y[i])) value[i] = NAN;
        const double log_best = argmin_log(&least, log_x, value, slice->n);
        xs[b] = exp(log_best);
        ys[b] = y_at(slice, log_best);
    }
    kl_study_interval(&best->x_lo, &best->x_hi, s, xs, s->n_draws);
    kl_study_interval(&best->y_lo, &best->y_hi, s, ys, s->n_draws);
    return status;
}

kl_status kl_slice_line(kl_slice *out, kl_probe *probe, const kl_study *s,
                        double budget, kl_arena *mem, kl_error *err)
{
    const kl_span *x = &s->inputs[s->x];
    const double beyond = pow(10, DECADES_BEYOND);
    const kl_status status = kl_probe_new(probe, s, POINTS, mem, err);
    if (status) return status;
    *out = (kl_slice){.budget = budget, .n = POINTS, .x = probe->inputs[s->x]};
    out->y = kl_arena_doubles(mem, POINTS);
    if (!out->y) return kl_fail_nomem(err);
    const double hi = isnan(s->plan_x) ? x->hi : fmax(x->hi, s->plan_x);
    const double lo = isnan(s->plan_x) ? x->lo : fmin(x->lo, s->plan_x);
    kl_span_fill(out->x, POINTS, lo / beyond, hi * beyond, true);
    return solve_y(out->y, s, probe, budget, mem, err);
}

kl_status kl_slice_make(kl_slice *out, const kl_study *s, double budget, kl_arena *mem,
                        kl_error *err)
{
    kl_probe probe;
    kl_frame *frame = NULL;
    kl_status status = kl_slice_line(out, &probe, s, budget, mem, err);
    if (status) return status;
    out->value = kl_arena_doubles(mem, POINTS);
    if (!out->value) return kl_fail_nomem(err);
    status = kl_probe_frame(&frame, s->program, &probe, err);
    if (!status)
        status = kl_frame_values(frame, kl_fit_get_theta(s->fit), out->value, err);
    for (size_t i = 0; i < POINTS && !status; i++)
        if (isnan(out->y[i])) out->value[i] = NAN;
    if (!status) status = find_best(out, s, frame, mem, err);
    kl_frame_free(frame);
    return status;
}

kl_status kl_slice_costs(double *cost, const kl_study *s, kl_error *err)
{
    kl_arena mem = {0};
    kl_probe probe;
    kl_status status = kl_probe_new(&probe, s, s->n_points, &mem, err);
    for (size_t i = 0; i < s->n_inputs && !status; i++)
        for (size_t k = 0; k < s->n_points; k++)
            probe.inputs[i][k] = kl_study_input(s, k, i);
    if (!status && s->n_points) status = costs_at(cost, s, &probe, err);
    kl_arena_free(&mem);
    return status;
}

/* Mean of the logarithms within `near` of that one in [lo, hi] which has most
 * neighbours; the middle if there is none. `log_cost` ascends. */
static double gathering(const double *log_cost, size_t n, double lo, double hi,
                        double near)
{
    size_t from = 0, to = 0, best_from = 0, best_to = 0;
    for (size_t k = 0; k < n; k++) {
        if (log_cost[k] < lo || log_cost[k] > hi) continue;
        while (log_cost[from] < log_cost[k] - near) from++;
        while (to < n && log_cost[to] <= log_cost[k] + near) to++;
        if (to - from <= best_to - best_from) continue;
        best_from = from;
        best_to = to;
    }
    if (best_from == best_to) return (lo + hi) / 2;
    double sum = 0;
    for (size_t j = best_from; j < best_to; j++) sum += log_cost[j];
    return sum / (double)(best_to - best_from);
}

static double two_digits(double x)
{
    const double unit = pow(10, floor(log10(x)) - 1);
    return round(x / unit) * unit;
}

static kl_status budgets_without_data(double *budgets, size_t room, size_t *n,
                                      const kl_study *s, kl_error *err)
{
    kl_arena mem = {0};
    kl_probe probe;
    double cost[2];
    kl_status status = kl_probe_new(&probe, s, 2, &mem, err);
    for (int end = 0; end < 2 && !status; end++) {
        const kl_span *x = &s->inputs[s->x], *y = &s->inputs[s->y];
        probe.inputs[s->x][end] = end ? x->hi : x->lo;
        probe.inputs[s->y][end] = end ? y->hi : y->lo;
    }
    if (!status) status = costs_at(cost, s, &probe, err);
    *n = room;
    for (size_t i = 0; i < room && !status; i++) {
        const double at = ((double)i + 1) / ((double)room + 1);
        budgets[i] = pow(10, round(log10(cost[0]) + at * log10(cost[1] / cost[0])));
    }
    kl_arena_free(&mem);
    return status;
}

kl_status kl_slice_budgets(double *budgets, size_t room, size_t *n, double *near,
                           const kl_study *s, kl_error *err)
{
    *n = 0;
    *near = log(1.15);
    if (!s->n_points) return budgets_without_data(budgets, room, n, s, err);
    double *log_cost = malloc(s->n_points * sizeof *log_cost);
    if (!log_cost) return kl_fail_nomem(err);
    const kl_status status = kl_slice_costs(log_cost, s, err);
    if (status) goto out;
    for (size_t k = 0; k < s->n_points; k++) log_cost[k] = log(log_cost[k]);
    kl_sort(log_cost, s->n_points);
    const double lo = log_cost[0], hi = log_cost[s->n_points - 1];
    const double width = (hi - lo) / (double)room;
    for (size_t i = 0; i < room && isfinite(width); i++) {
        const double from = lo + (double)i * width;
        const double at = gathering(log_cost, s->n_points, from, from + width, *near);
        const double budget = two_digits(exp(at));
        if (!*n || log(budget / budgets[*n - 1]) > 2.2 * *near)
            budgets[(*n)++] = budget;
    }
out:
    free(log_cost);
    return status;
}
