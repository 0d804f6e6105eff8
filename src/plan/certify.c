/*
 * certify.c - is this point an optimum? Multipliers from gradients alone.
 *
 * At an optimum grad F + sum_k lambda_k grad h_k = 0 over the active constraints with
 * lambda_k >= 0 for inequalities. They are found by least squares (Gram-Schmidt, so
 * that dependent constraints do no harm); negative ones of inequalities leave in turn.
 */
#include "plan/polish.h"

#include <math.h>
#include <string.h>

/* Below this a normal is a combination of the others, to rounding. */
static const double dependent = 1e-9;

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

/* Orthogonalise v against q[0..k); coefficients are added to r. */
static void project_out(double *v, const double *q, size_t k, size_t n, double *r)
{
    for (size_t c = 0; c < k; c++) {
        const double s = dot(q + c * n, v, n);
        r[c] += s;
        for (size_t i = 0; i < n; i++) v[i] -= s * q[c * n + i];
    }
}

/* Least-squares multipliers of the active constraints; those that depend on the ones
 * before become inactive. The residual grad F + sum lambda grad h goes to w->vector. */
static void least_squares(kl_work *w)
{
    const kl_problem *p = w->problem;
    const size_t n = p->n, n_all = p->m + 2 * n;
    double *q = w->matrix,
           *r = w->matrix + n * n; /* columns of q; r[k*n + c], c <= k */
    double *residual = w->vector, *y = w->vector + n, *v = w->vector + 2 * n;
    size_t k = 0;
    for (size_t j = 0; j < n_all; j++) {
        w->multiplier[j] = 0;
        if (!w->active[j]) continue;
        memset(v, 0, n * sizeof *v);
        if (k < n) {
            kl_work_add_normal(w, j, 1, v);
            memset(r + k * n, 0, n * sizeof *r);
        }
        const double length = sqrt(dot(v, v, n));
        for (int twice = 0; twice < 2 && k < n; twice++)
            project_out(v, q, k, n, r + k * n);
        const double left = sqrt(dot(v, v, n));
        w->active[j] = k < n && left > dependent * length;
        if (!w->active[j]) continue;
        r[k * n + k] = left;
        for (size_t i = 0; i < n; i++) q[k * n + i] = v[i] / left;
        k++;
    }
    memcpy(residual, w->objective.gradient, n * sizeof *residual);
    memset(y, 0, n * sizeof *y);
    for (int twice = 0; twice < 2; twice++) project_out(residual, q, k, n, y);
    for (size_t c = k, j = n_all; c-- > 0;) {
        double s = -y[c];
        for (size_t d = c + 1; d < k; d++) s -= r[d * n + c] * v[d];
        v[c] = s / r[c * n + c];
        while (!w->active[--j]) continue;
        w->multiplier[j] = v[c];
    }
}

/* Largest slope or curvature of the objective: what a residual is compared with. */
static double scale_of(const kl_work *w)
{
    const size_t n = w->problem->n;
    double scale = 0;
    for (size_t i = 0; i < n; i++) {
        scale = fmax(scale, fabs(w->objective.gradient[i]));
        scale = fmax(scale, fabs(w->objective.hessian[i * n + i]));
    }
    return scale > 0 ? scale : 1;
}

double kl_certify(kl_work *w, const double *u, double near)
{
    const kl_problem *p = w->problem;
    const size_t n = p->n, n_all = p->m + 2 * n;
    if (!kl_work_evaluate(w, u, 2)) return NAN;
    double worst = 0;
    for (size_t k = 0; k < n_all; k++) {
        const double h = kl_work_excess(w, u, k);
        const bool is_equality = kl_problem_is_equality(p, k);
        w->active[k] = is_equality || h >= -near;
        worst = fmax(worst, is_equality ? fabs(h) : h);
    }
    for (size_t dropped = n_all;;) {
        least_squares(w);
        double lowest = 0;
        dropped = n_all;
        for (size_t k = 0; k < n_all; k++)
            if (!kl_problem_is_equality(p, k) && w->multiplier[k] < lowest) {
                lowest = w->multiplier[k];
                dropped = k;
            }
        if (dropped == n_all) break;
        w->active[dropped] = false;
    }
    const double scale = scale_of(w);
    for (size_t i = 0; i < n; i++) worst = fmax(worst, fabs(w->vector[i]) / scale);
    return worst;
}
