/*
 * project.c - variable projection with bounded linear parameters (golub1973), the
 * reduced Jacobian after kaufman1975, damped as Levenberg and Marquardt.
 *
 * With A the Gram matrix of the residuals' slopes, linear (P, inside their bounds) and
 * other (n) parameters apart, the reduced problem has the Gram matrix
 *   S = A_nn - A_nP A_PP^-1 A_Pn
 * and, at the optimal linear parameters, the gradient g_n.
 */
#include "fit/project.h"

#include "fit/bounded_ls.h"
#include "fit/dense.h"

#include <math.h>
#include <string.h>

struct kl_project {
    bool *is_linear;       /* by slot */
    const double *lo, *hi; /* by slot, natural units */
    kl_coords mixed;       /* linear parameters as they are, the others as searched */
    double *x, *trial;
    double *gradient, *gram;         /* at x */
    double *new_gradient, *new_gram; /* at the trial point */
    size_t *linear, *other,
        *between; /* coordinates of each kind; of `linear`, inside */
    size_t n_linear, n_other;
    bool *inside; /* linear parameters between their bounds */
    double *a, *g, *c, *c_lo, *c_hi, *scratch, *reduced, *coupling, *step;
};

kl_project *kl_project_new(kl_arena *arena, const kl_program *program, size_t n,
                           const double *lo, const double *hi)
{
    kl_project *s = kl_arena_alloc(arena, sizeof *s);
    const size_t leaves = kl_program_get_n_leaves(program);
    bool *flags = kl_arena_array(arena, leaves, sizeof *flags);
    if (!s || !flags || !kl_coords_new(&s->mixed, arena, n)) return NULL;
    double **vectors[] = {&s->x, &s->trial, &s->gradient, &s->new_gradient, &s->g,
                          &s->c, &s->c_lo,  &s->c_hi,     &s->step};
    double **squares[] = {&s->gram, &s->new_gram, &s->a, &s->reduced, &s->coupling};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        if (!(*vectors[i] = kl_arena_doubles(arena, n))) return NULL;
    for (size_t i = 0; i < sizeof squares / sizeof *squares; i++)
        if (!(*squares[i] = kl_arena_doubles(arena, n * n))) return NULL;
    s->scratch = kl_arena_doubles(arena, n * (n + 4));
    s->is_linear = kl_arena_array(arena, n, sizeof *s->is_linear);
    s->inside = kl_arena_array(arena, n, sizeof *s->inside);
    s->linear = kl_arena_array(arena, n, sizeof *s->linear);
    s->other = kl_arena_array(arena, n, sizeof *s->other);
    s->between = kl_arena_array(arena, n, sizeof *s->between);
    const bool ok = s->scratch && s->is_linear && s->inside && s->linear && s->other;
    if (!ok || !s->between) return NULL;
    s->lo = lo;
    s->hi = hi;
    kl_program_get_linear(program, flags);
    for (size_t k = 0; k < leaves; k++)
        for (size_t l = 0; l < kl_program_get_leaf_levels(program, k); l++)
            s->is_linear[kl_program_get_leaf_slot(program, k) + l] = flags[k];
    return s;
}

/* Coordinates for this search: where the linear ones start, and which are which. */
static void enter(kl_project *s, const kl_coords *c, const double *x, size_t n_theta)
{
    kl_coords_copy(&s->mixed, c, n_theta);
    s->n_linear = s->n_other = 0;
    for (size_t j = 0; j < c->n; j++) {
        const size_t slot = c->slot[j];
        s->x[j] = x[j];
        if (s->is_linear[slot]) {
            double v = c->is_log[j] ? exp(x[j]) : x[j];
            if (!isfinite(v)) v = 1;
            s->mixed.is_log[j] = false;
            s->mixed.lo[j] = s->lo[slot];
            s->mixed.hi[j] = s->hi[slot];
            s->x[j] = fmin(fmax(v, s->lo[slot]), s->hi[slot]);
            s->linear[s->n_linear++] = j;
        } else
            s->other[s->n_other++] = j;
    }
}

static double evaluate(kl_project *s, const kl_problem *p, const double *x,
                       double *gradient, double *gram, kl_work *work)
{
    static const kl_loss least_squares = {HUGE_VAL, 2, 1, 1};
    const kl_slopes slopes = {gradient, NULL, gram};
    return kl_problem_value(p, &least_squares, &s->mixed, x, &slopes, work);
}

/* Put the best linear parameters into x. @return decrease of F */
static double solve_linear(kl_project *s, double *x, const double *gradient,
                           const double *gram)
{
    const size_t m = s->n_linear, n = s->mixed.n;
    for (size_t i = 0; i < m; i++) {
        const size_t ci = s->linear[i];
        s->c[i] = x[ci];
        s->g[i] = gradient[ci];
        s->c_lo[i] = s->mixed.lo[ci];
        s->c_hi[i] = s->mixed.hi[ci];
        /* F has gain 2: its Hessian in the linear parameters is twice the Gram
         * matrix */
        for (size_t j = 0; j < m; j++)
            s->a[i * m + j] = 2 * gram[ci * n + s->linear[j]];
    }
    const double decrease =
        kl_bounded_ls(s->c, m, s->a, s->g, s->c_lo, s->c_hi, s->inside, s->scratch);
    for (size_t i = 0; i < m; i++) x[s->linear[i]] = s->c[i];
    return decrease;
}

/* F at x with its best linear parameters, put into x, and slopes there. */
static double project(kl_project *s, const kl_problem *p, double *x, double *gradient,
                      double *gram, kl_work *work)
{
    const double before = evaluate(s, p, x, gradient, gram, work);
    if (!(before < HUGE_VAL) || s->n_linear == 0) return before;
    solve_linear(s, x, gradient, gram);
    return evaluate(s, p, x, gradient, gram, work);
}

/* Gram matrix of the projected residuals in the other parameters. */
static void reduce(kl_project *s, const double *gram)
{
    const size_t n = s->mixed.n, q = s->n_other;
    size_t m = 0, *between = s->between; /* linear parameters inside their bounds */
    for (size_t i = 0; i < s->n_linear; i++)
        if (s->inside[i]) between[m++] = s->linear[i];
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++)
            s->a[i * m + j] =
                gram[between[i] * n + between[j]] * (i == j ? 1 + 1e-13 : 1);
    const bool solvable = kl_dense_cholesky(s->a, m, 1e-15);
    for (size_t i = 0; i < q; i++) {
        double *row = s->coupling + i * m;
        for (size_t k = 0; k < m; k++) row[k] = gram[s->other[i] * n + between[k]];
        if (solvable) kl_dense_forward(s->a, m, row);
    }
    for (size_t i = 0; i < q; i++)
        for (size_t j = 0; j < q; j++) {
            double v = gram[s->other[i] * n + s->other[j]];
            for (size_t k = 0; solvable && k < m; k++)
                v -= s->coupling[i * m + k] * s->coupling[j * m + k];
            s->reduced[i * q + j] = v;
        }
}

/* Damped step of the other parameters into s->trial. @return false if it can't be
 * had */
static bool damped_step(kl_project *s, double damping)
{
    const size_t q = s->n_other, n = s->mixed.n;
    for (size_t i = 0; i < q; i++) {
        s->step[i] = -0.5 * s->gradient[s->other[i]];
        for (size_t j = 0; j < q; j++) s->a[i * q + j] = s->reduced[i * q + j];
        s->a[i * q + i] += damping * s->gram[s->other[i] * n + s->other[i]] + 1e-300;
    }
    if (!kl_dense_cholesky(s->a, q, 1e-15)) return false;
    kl_dense_forward(s->a, q, s->step);
    kl_dense_backward(s->a, q, s->step);
    memcpy(s->trial, s->x, n * sizeof *s->x);
    for (size_t i = 0; i < q; i++) {
        const size_t j = s->other[i];
        s->trial[j] = fmin(fmax(s->x[j] + s->step[i], s->mixed.lo[j]), s->mixed.hi[j]);
    }
    return true;
}

static void accept(kl_project *s)
{
    double *swap;
    swap = s->x, s->x = s->trial, s->trial = swap;
    swap = s->gradient, s->gradient = s->new_gradient, s->new_gradient = swap;
    swap = s->gram, s->gram = s->new_gram, s->new_gram = swap;
}

static void leave(const kl_project *s, const kl_coords *c, double *x)
{
    for (size_t j = 0; j < c->n; j++)
        x[j] = c->is_log[j] && !s->mixed.is_log[j] ? log(s->x[j]) : s->x[j];
    kl_coords_theta(c, x);
}

double kl_project_run(kl_project *s, const kl_problem *p, const kl_coords *c, double *x,
                      size_t max_iterations, kl_work *work)
{
    const double enough = 1e-8, least_damping = 1e-10, most_damping = 1e8;
    enter(s, c, x, p->n_theta);
    double value = project(s, p, s->x, s->gradient, s->gram, work), damping = 1e-2;
    if (!(value < HUGE_VAL)) return HUGE_VAL;
    reduce(s, s->gram);
    for (size_t i = 0; i < max_iterations && s->n_other && damping < most_damping;
         i++) {
        double next = HUGE_VAL;
        if (damped_step(s, damping))
            next = project(s, p, s->trial, s->new_gradient, s->new_gram, work);
        if (next < value) {
            const bool done = value - next <= enough * value;
            value = next;
            accept(s);
            reduce(s, s->gram);
            damping = fmax(damping * 0.2, least_damping);
            if (done) break;
        } else
            damping *= 8;
    }
    leave(s, c, x);
    return value;
}
