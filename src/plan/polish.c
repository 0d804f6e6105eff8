/*
 * polish.c - Newton's method on the KKT conditions with an active set.
 *
 * With W = second derivatives of F + sum lambda_k h_k and A = gradients of the active
 * h_k, a step solves
 *     [ W  A^T ] [ du     ]     [ grad F ]
 *     [ A   0  ] [ lambda ] = - [ h      ]
 * and is halved until the norm of both residuals falls. From a neighbouring optimum
 * (the next bootstrap draw) it takes a handful of steps. Second-order conditions are
 * checked at the end: W must be positive definite on the plane A du = 0.
 *
 * Reference: nocedal2006, chapter 18 (docs/references.bib).
 */
#include "plan/polish.h"

#include "fit/dense.h"

#include <math.h>
#include <string.h>

enum { MAX_STEPS = 60, MAX_HALVINGS = 12 };

/* The merit must halve in this many steps; where there is no optimum it does not. */
enum { PATIENCE = 6 };

/* In log variables: a step may change a variable by at most e^3 = 20 times. */
static const double longest_step = 3;

/* Relative residuals: what rounding leaves at best, and what is good enough when
 * Newton's method gets no further. */
static const double finest = 1e-14, fine = 1e-10;

static size_t count_active(const kl_work *w)
{
    size_t k = 0;
    for (size_t j = 0; j < w->problem->m + 2 * w->problem->n; j++) k += w->active[j];
    return k;
}

/* Gradient of the Lagrangian at the last evaluation into g. */
static void lagrangian_gradient(const kl_work *w, double *g)
{
    const kl_problem *p = w->problem;
    memcpy(g, w->objective.gradient, p->n * sizeof *g);
    for (size_t k = 0; k < p->m + 2 * p->n; k++)
        if (w->active[k]) kl_work_add_normal(w, k, w->multiplier[k], g);
}

/* Second derivatives of the Lagrangian, entry by entry. */
static double curvature(const kl_work *w, size_t entry)
{
    double sum = w->objective.hessian[entry];
    for (size_t j = 0; j < w->problem->m; j++)
        if (w->active[j]) sum += w->multiplier[j] * w->limits[j].hessian[entry];
    return sum;
}

/* Sum of squares of what should be zero; `relative` gets the largest, measured against
 * the largest slope or curvature of the Lagrangian. */
static double merit(kl_work *w, const double *u, double *relative)
{
    const kl_problem *p = w->problem;
    const size_t n = p->n;
    double *g = w->vector, sum = 0, scale = 0, worst = 0;
    lagrangian_gradient(w, g);
    for (size_t i = 0; i < n; i++) {
        sum += g[i] * g[i];
        worst = fmax(worst, fabs(g[i]));
        scale = fmax(scale, fabs(w->objective.gradient[i]));
        scale = fmax(scale, fabs(curvature(w, i * n + i)));
    }
    worst = scale > 0 ? worst / scale : worst;
    for (size_t k = 0; k < p->m + 2 * n; k++) {
        if (!w->active[k]) continue;
        const double h = kl_work_excess(w, u, k);
        sum += h * h;
        worst = fmax(worst, fabs(h));
    }
    *relative = worst;
    return sum;
}

/* Solve the size x size system a x = b in place (a is destroyed), by elimination with
 * row pivoting; false if it is singular to rounding. */
static bool solve(double *a, double *b, size_t size)
{
    double largest = 0;
    for (size_t i = 0; i < size * size; i++) largest = fmax(largest, fabs(a[i]));
    for (size_t c = 0; c < size; c++) {
        size_t pivot = c;
        for (size_t r = c + 1; r < size; r++)
            if (fabs(a[r * size + c]) > fabs(a[pivot * size + c])) pivot = r;
        if (!(fabs(a[pivot * size + c]) > 1e-15 * largest)) return false;
        for (size_t k = 0; k < size && pivot != c; k++) {
            const double swap = a[c * size + k];
            a[c * size + k] = a[pivot * size + k];
            a[pivot * size + k] = swap;
        }
        const double swap = b[c];
        b[c] = b[pivot];
        b[pivot] = swap;
        for (size_t r = c + 1; r < size; r++) {
            const double factor = a[r * size + c] / a[c * size + c];
            for (size_t k = c; k < size; k++)
                a[r * size + k] -= factor * a[c * size + k];
            b[r] -= factor * b[c];
        }
    }
    for (size_t r = size; r-- > 0;) {
        for (size_t k = r + 1; k < size; k++) b[r] -= a[r * size + k] * b[k];
        b[r] /= a[r * size + r];
    }
    return true;
}

/* Newton step from the last evaluation: du, then the new multipliers of the active
 * constraints in order, in w->vector. */
static bool newton_step(kl_work *w, const double *u)
{
    const kl_problem *p = w->problem;
    const size_t n = p->n, size = n + count_active(w);
    double *a = w->matrix, *b = w->vector;
    if (size > 2 * n) return false; /* more equations than variables */
    memset(a, 0, size * size * sizeof *a);
    for (size_t i = 0; i < n; i++) {
        b[i] = -w->objective.gradient[i];
        for (size_t j = 0; j < n; j++) a[i * size + j] = curvature(w, i * n + j);
    }
    size_t row = n;
    for (size_t k = 0; k < p->m + 2 * n; k++) {
        if (!w->active[k]) continue;
        kl_work_add_normal(w, k, 1, a + row * size);
        for (size_t i = 0; i < n; i++) a[i * size + row] = a[row * size + i];
        b[row++] = -kl_work_excess(w, u, k);
    }
    return solve(a, b, size);
}

/* Move along the step, halving it until the merit falls. Halted: no step is small
 * enough, and u and the multipliers are as before. */
typedef enum progress { MOVED, HALTED } progress;

static progress move(kl_work *w, double *u, double *value, double *relative)
{
    const kl_problem *p = w->problem;
    const size_t n = p->n, n_all = p->m + 2 * n;
    double *u0 = w->trial, *m0 = w->trial + n, *dm = m0 + n_all,
           *du = w->vector + 2 * n;
    double longest = 0;
    memcpy(u0, u, n * sizeof *u);
    memcpy(m0, w->multiplier, n_all * sizeof *m0);
    for (size_t k = 0, row = n; k < n_all; k++)
        dm[k] = w->active[k] ? w->vector[row++] - m0[k] : 0;
    memcpy(du, w->vector, n * sizeof *du); /* merit() overwrites the first n */
    for (size_t i = 0; i < n; i++) longest = fmax(longest, fabs(du[i]));
    double t = longest > longest_step ? longest_step / longest : 1;
    const int halvings =
        *relative <= fine ? 1 : MAX_HALVINGS; /* only rounding is left */
    for (int halving = 0; halving < halvings; halving++, t *= 0.5) {
        for (size_t i = 0; i < n; i++) u[i] = u0[i] + t * du[i];
        for (size_t k = 0; k < n_all; k++) w->multiplier[k] = m0[k] + t * dm[k];
        if (!kl_work_evaluate(w, u, 2)) continue;
        const double trial = merit(w, u, relative);
        if (!(trial < (1 - 1e-4 * t) * *value)) continue;
        *value = trial;
        return MOVED;
    }
    memcpy(u, u0, n * sizeof *u);
    memcpy(w->multiplier, m0, n_all * sizeof *m0);
    kl_work_evaluate(w, u, 2);
    *value = merit(w, u, relative);
    return HALTED;
}

/* Activate the inequality that is violated the most; false if none is. */
static bool add_violated(kl_work *w, const double *u)
{
    const size_t n_all = w->problem->m + 2 * w->problem->n;
    double worst = fine;
    size_t found = n_all;
    for (size_t k = 0; k < n_all; k++) {
        const double h = kl_work_excess(w, u, k);
        if (w->active[k] || !(h > worst)) continue;
        worst = h;
        found = k;
    }
    if (found == n_all) return false;
    w->active[found] = true;
    w->multiplier[found] = 0;
    return true;
}

/* Release the inequality with the most negative multiplier; false if there is none. */
static bool drop_negative(kl_work *w)
{
    const size_t n_all = w->problem->m + 2 * w->problem->n;
    double lowest = -1e-12;
    size_t found = n_all;
    for (size_t k = 0; k < n_all; k++) {
        if (!w->active[k] || kl_problem_is_equality(w->problem, k)) continue;
        if (!(w->multiplier[k] < lowest)) continue;
        lowest = w->multiplier[k];
        found = k;
    }
    if (found == n_all) return false;
    w->active[found] = false;
    w->multiplier[found] = 0;
    return true;
}

/* W is positive definite on A du = 0 just when W + sigma A^T A is for a large sigma. */
static bool is_minimum(kl_work *w)
{
    const kl_problem *p = w->problem;
    const size_t n = p->n;
    double *a = w->matrix, *normal = w->vector, largest = 0;
    for (size_t i = 0; i < n * n; i++) {
        a[i] = curvature(w, i);
        largest = fmax(largest, fabs(a[i]));
    }
    for (size_t k = 0; k < p->m + 2 * n; k++) {
        if (!w->active[k]) continue;
        memset(normal, 0, n * sizeof *normal);
        kl_work_add_normal(w, k, 1, normal);
        double square = 0;
        for (size_t i = 0; i < n; i++) square += normal[i] * normal[i];
        const double sigma = 1e4 * (largest > 0 ? largest : 1) / square;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                a[i * n + j] += sigma * normal[i] * normal[j];
    }
    return kl_dense_cholesky(a, n, 1e-12);
}

bool kl_polish(kl_work *w, double *u)
{
    double relative;
    if (!kl_work_evaluate(w, u, 2)) return false;
    double value = merit(w, u, &relative), before = value;
    int patience = PATIENCE;
    for (int step = 0; step < MAX_STEPS; step++) {
        bool halted = relative <= finest;
        if (!halted) {
            if (!newton_step(w, u)) return false;
            halted = move(w, u, &value, &relative) == HALTED;
        }
        bool changed = add_violated(w, u);
        if (!changed && halted) {
            if (!(relative <= fine)) return false;
            changed = drop_negative(w);
            if (!changed) return is_minimum(w);
        }
        if (changed) value = merit(w, u, &relative);
        if (changed || value < 0.5 * before) {
            before = value;
            patience = PATIENCE;
        } else if (--patience == 0 && !(relative <= fine)) {
            return false;
        }
    }
    return false;
}
