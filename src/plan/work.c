/*
 * work.c - values and derivatives of a plan's functions in the log variables.
 *
 * With x = exp(u): df/du_i = x_i f_i, d2f/du_i du_j = x_i x_j f_ij + [i = j] x_i f_i.
 */
#include "plan/problem.h"

#include <math.h>
#include <string.h>

static bool jet_open(kl_jet *j, kl_arena *arena, size_t n)
{
    j->gradient = kl_arena_doubles(arena, n);
    j->hessian = kl_arena_doubles(arena, n * n);
    return j->gradient && j->hessian;
}

/* Room that the largest of the problem's programs needs. */
static void measure(const kl_term *t, size_t *n_leaves, size_t *scratch)
{
    if (t->n_leaves > *n_leaves) *n_leaves = t->n_leaves;
    const size_t need = kl_program_get_scratch(t->program, 2);
    if (need > *scratch) *scratch = need;
}

bool kl_work_open(kl_work *w, kl_arena *arena, const kl_problem *p)
{
    const size_t n = p->n, n_all = p->m + 2 * n;
    size_t k = 1, scratch = 1;
    measure(&p->objective, &k, &scratch);
    measure(&p->target, &k, &scratch);
    for (size_t j = 0; j < p->m; j++) {
        measure(&p->limits[j].lhs, &k, &scratch);
        measure(&p->limits[j].rhs, &k, &scratch);
    }
    *w = (kl_work){.problem = p};
    w->theta = kl_arena_doubles(arena, p->n_theta + n);
    w->limits = kl_arena_array(arena, p->m, sizeof *w->limits);
    w->multiplier = kl_arena_doubles(arena, n_all);
    w->active = kl_arena_array(arena, n_all, sizeof *w->active);
    w->crossed = kl_arena_array(arena, p->m + 1, sizeof *w->crossed);
    w->value = kl_arena_doubles(arena, KL_BLOCK);
    w->gradient = kl_arena_doubles(arena, k * KL_BLOCK);
    w->hessian = kl_arena_doubles(arena, k * (k + 1) / 2 * KL_BLOCK);
    w->scratch = kl_arena_doubles(arena, scratch);
    w->matrix = kl_arena_doubles(arena, 4 * n * n);
    w->vector = kl_arena_doubles(arena, 4 * n);
    w->trial = kl_arena_doubles(arena, n + 2 * n_all);
    if (!w->theta || !w->limits || !w->multiplier || !w->active || !w->crossed ||
        !w->value || !w->gradient || !w->hessian || !w->scratch || !w->matrix ||
        !w->vector || !w->trial)
        return false;
    for (size_t j = 0; j < p->m; j++)
        if (!jet_open(&w->limits[j], arena, n)) return false;
    return jet_open(&w->objective, arena, n) && jet_open(&w->lhs, arena, n) &&
           jet_open(&w->rhs, arena, n);
}

void kl_work_set_law(kl_work *w, const double *theta)
{
    memcpy(w->theta, theta, w->problem->n_theta * sizeof *theta);
}

/* Gather the leaves' derivatives in x into derivatives in u. */
static void term_derivatives(const kl_work *w, const kl_term *t, int order, kl_jet *out)
{
    const size_t n = w->problem->n;
    const double *x = w->theta + w->problem->n_theta;
    memset(out->gradient, 0, n * sizeof *out->gradient);
    if (order > 1) memset(out->hessian, 0, n * n * sizeof *out->hessian);
    for (size_t a = 0; a < t->n_leaves; a++) {
        const size_t i = t->variable[a];
        if (i == n) continue;
        out->gradient[i] = x[i] * w->gradient[a * KL_BLOCK];
        for (size_t b = 0; order > 1 && b <= a; b++) {
            const size_t j = t->variable[b];
            if (j == n) continue;
            const double h = x[i] * x[j] * w->hessian[(a * (a + 1) / 2 + b) * KL_BLOCK];
            out->hessian[i * n + j] = h;
            out->hessian[j * n + i] = h;
        }
        if (order > 1) out->hessian[i * n + i] += out->gradient[i];
    }
}

static void term_evaluate(kl_work *w, const kl_term *t, const double *u, int order,
                          kl_jet *out)
{
    for (size_t i = 0; i < w->problem->n; i++)
        w->theta[w->problem->n_theta + i] = exp(u[i]);
    const kl_block_out block = {.value = w->value,
                                .gradient = order > 0 ? w->gradient : NULL,
                                .hessian = order > 1 ? w->hessian : NULL};
    kl_frame_block(t->frame, 0, 1, w->theta, &block, w->scratch);
    out->value = w->value[0];
    if (order > 0) term_derivatives(w, t, order, out);
}

/* Replace f by ln f. */
static void take_log(kl_jet *f, size_t n, int order)
{
    const double value = f->value;
    f->value = value > 0 ? log(value) : NAN;
    for (size_t i = 0; order > 0 && i < n; i++) f->gradient[i] /= value;
    for (size_t i = 0; order > 1 && i < n; i++)
        for (size_t j = 0; j < n; j++)
            f->hessian[i * n + j] =
                f->hessian[i * n + j] / value - f->gradient[i] * f->gradient[j];
}

static bool jet_is_finite(const kl_jet *f, size_t n, int order)
{
    double sum = f->value; /* anything not finite stays so in the sum */
    for (size_t i = 0; order > 0 && i < n; i++) sum += 0 * f->gradient[i];
    for (size_t i = 0; order > 1 && i < n * n; i++) sum += 0 * f->hessian[i];
    return isfinite(sum);
}

bool kl_work_objective(kl_work *w, const double *u, int order)
{
    const kl_problem *p = w->problem;
    kl_jet *f = &w->objective;
    term_evaluate(w, &p->objective, u, order, f);
    if (p->form.is_log) {
        w->crossed[p->m] |= f->value <= 0;
        take_log(f, p->n, order);
    } else {
        f->value /= p->form.scale;
        for (size_t i = 0; order > 0 && i < p->n; i++) f->gradient[i] /= p->form.scale;
        for (size_t i = 0; order > 1 && i < p->n * p->n; i++)
            f->hessian[i] /= p->form.scale;
    }
    return jet_is_finite(f, p->n, order);
}

bool kl_work_limit(kl_work *w, size_t j, const double *u, int order)
{
    const kl_problem *p = w->problem;
    const kl_limit *limit = &p->limits[j];
    kl_jet *h = &w->limits[j];
    term_evaluate(w, &limit->lhs, u, order, &w->lhs);
    term_evaluate(w, &limit->rhs, u, order, &w->rhs);
    double scale = 1;
    if (limit->form.is_log) {
        w->crossed[j] |= w->lhs.value <= 0 || w->rhs.value <= 0;
        take_log(&w->lhs, p->n, order);
        take_log(&w->rhs, p->n, order);
    } else {
        scale = limit->form.scale;
    }
    if (limit->relation == KL_RELATION_GE) scale = -scale;
    h->value = (w->lhs.value - w->rhs.value) / scale;
    for (size_t i = 0; order > 0 && i < p->n; i++)
        h->gradient[i] = (w->lhs.gradient[i] - w->rhs.gradient[i]) / scale;
    for (size_t i = 0; order > 1 && i < p->n * p->n; i++)
        h->hessian[i] = (w->lhs.hessian[i] - w->rhs.hessian[i]) / scale;
    return jet_is_finite(h, p->n, order);
}

bool kl_work_evaluate(kl_work *w, const double *u, int order)
{
    bool finite = kl_work_objective(w, u, order);
    for (size_t j = 0; j < w->problem->m; j++) finite &= kl_work_limit(w, j, u, order);
    return finite;
}

double kl_work_value(kl_work *w, const kl_term *term, const double *u)
{
    kl_jet out = {0};
    term_evaluate(w, term, u, 0, &out);
    return out.value;
}

double kl_work_excess(const kl_work *w, const double *u, size_t k)
{
    const kl_problem *p = w->problem;
    if (k < p->m) return w->limits[k].value;
    const size_t i = (k - p->m) % p->n;
    return k < p->m + p->n ? p->lo[i] - u[i] : u[i] - p->hi[i];
}

void kl_work_add_normal(const kl_work *w, size_t k, double factor, double *g)
{
    const kl_problem *p = w->problem;
    if (k >= p->m) {
        g[(k - p->m) % p->n] += k < p->m + p->n ? -factor : factor;
        return;
    }
    for (size_t i = 0; i < p->n; i++) g[i] += factor * w->limits[k].gradient[i];
}

bool kl_problem_is_equality(const kl_problem *p, size_t k)
{
    return k < p->m && p->limits[k].relation == KL_RELATION_EQ;
}

double kl_work_violation(kl_work *w, const double *u)
{
    double worst = 0;
    for (size_t j = 0; j < w->problem->m; j++) {
        if (!kl_work_limit(w, j, u, 0)) return HUGE_VAL;
        const double h = w->limits[j].value;
        worst = fmax(worst, kl_problem_is_equality(w->problem, j) ? fabs(h) : h);
    }
    return worst;
}

void kl_problem_clamp(const kl_problem *p, double *u)
{
    for (size_t i = 0; i < p->n; i++) u[i] = fmin(fmax(u[i], p->lo[i]), p->hi[i]);
}
