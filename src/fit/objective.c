/*
 * objective.c - one pass over blocks of rows gives value, gradient and Hessian.
 *
 * With J = df/dtheta and H = d2f/dtheta2 of a row, every link has dr = a J and
 * d2r = a H - b J J^T, so a row adds
 *
 *   gradient  w rho' a J
 *   Hessian   (w rho'' a^2 - w rho' b) J J^T + w rho' a H
 *
 * with a = 1/f, b = 1/f^2 (log), a = 1, b = 0 (linear), a = exp(-target), b = 0
 * (relative). The step to logarithmic coordinates, x = ln theta, is done once at the
 * end.
 */
#include "fit/objective.h"

#include "fit/rows.h"

#include <math.h>
#include <string.h>

struct kl_work {
    const kl_program *program;
    size_t n_theta, n_leaves;
    bool plain; /* leaf k is slot k in every row: sums go straight to their place */
    double *scratch;
    double *f, *grad, *hess; /* outputs of kl_frame_block */
    double *t, *r, *a, *w;   /* target, residual, a, weight of each row */
    double *c_gradient, *c_outer,
        *c_gram;                       /* what a row adds, see kl_rows_coefficients */
    double *gradient, *hessian, *gram; /* in theta, summed so far */
};

kl_work *kl_work_new(kl_arena *arena, const kl_program *program, size_t n_theta)
{
    const size_t k = kl_program_get_n_leaves(program), pairs = k * (k + 1) / 2;
    kl_work *w = kl_arena_alloc(arena, sizeof *w);
    if (!w) return NULL;
    w->program = program;
    w->n_theta = n_theta;
    w->n_leaves = k;
    w->plain = k == n_theta;
    for (size_t i = 0; i < k; i++)
        if (kl_program_get_leaf_levels(program, i) != 1) w->plain = false;
    double **blocks[] = {&w->f, &w->t,          &w->r,       &w->a,
                         &w->w, &w->c_gradient, &w->c_outer, &w->c_gram};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if (!(*blocks[i] = kl_arena_doubles(arena, KL_BLOCK))) return NULL;
    w->scratch = kl_arena_doubles(arena, kl_program_get_scratch(program, 2));
    w->grad = kl_arena_doubles(arena, k * KL_BLOCK);
    w->hess = kl_arena_doubles(arena, pairs * KL_BLOCK);
    w->gradient = kl_arena_doubles(arena, n_theta);
    w->hessian = kl_arena_doubles(arena, n_theta * n_theta);
    w->gram = kl_arena_doubles(arena, n_theta * n_theta);
    const bool ok =
        w->scratch && w->grad && w->hess && w->gradient && w->hessian && w->gram;
    return ok ? w : NULL;
}

bool kl_coords_new(kl_coords *c, kl_arena *arena, size_t n_theta)
{
    memset(c, 0, sizeof *c);
    c->slot = kl_arena_array(arena, n_theta, sizeof *c->slot);
    c->is_log = kl_arena_array(arena, n_theta, sizeof *c->is_log);
    c->lo = kl_arena_doubles(arena, n_theta);
    c->hi = kl_arena_doubles(arena, n_theta);
    c->theta = kl_arena_doubles(arena, n_theta);
    return c->slot && c->is_log && c->lo && c->hi && c->theta;
}

void kl_coords_copy(kl_coords *to, const kl_coords *from, size_t n_theta)
{
    to->n = from->n;
    memcpy(to->slot, from->slot, n_theta * sizeof *to->slot);
    memcpy(to->is_log, from->is_log, n_theta * sizeof *to->is_log);
    memcpy(to->lo, from->lo, n_theta * sizeof *to->lo);
    memcpy(to->hi, from->hi, n_theta * sizeof *to->hi);
    memcpy(to->theta, from->theta, n_theta * sizeof *to->theta);
}

void kl_coords_move(kl_coords *c, size_t to, size_t from)
{
    c->slot[to] = c->slot[from];
    c->is_log[to] = c->is_log[from];
    c->lo[to] = c->lo[from];
    c->hi[to] = c->hi[from];
}

void kl_coords_theta(const kl_coords *c, const double *x)
{
    for (size_t j = 0; j < c->n; j++)
        c->theta[c->slot[j]] = c->is_log[j] ? exp(x[j]) : x[j];
}

void kl_coords_x(const kl_coords *c, double *x)
{
    for (size_t j = 0; j < c->n; j++) {
        const double v = c->theta[c->slot[j]];
        x[j] = c->is_log[j] ? log(v) : v;
    }
}

/* Make rows n .. padded-1 copies of the last, which is as good a number as any. */
static void pad(double *v, size_t n, size_t padded)
{
    for (size_t i = n; i < padded; i++) v[i] = v[n - 1];
}

/* Residuals, a of the file's comment, and weights of a block, up to whole lanes.
 * @return rows with the padding */
static size_t block_residuals(const kl_problem *p, size_t first, size_t n, kl_work *w)
{
    const size_t padded = kl_rows_round(n);
    memcpy(w->t, p->target + first, n * sizeof *w->t);
    pad(w->t, n, padded);
    pad(w->f, n, padded);
    switch (p->link) {
    case KL_LINK_LOG:
        kl_rows_log_residual(padded, w->f, w->t, w->r, w->a);
        break;
    case KL_LINK_LINEAR:
        kl_rows_linear_residual(padded, w->f, w->t, w->r);
        for (size_t i = 0; i < padded; i++) w->a[i] = 1;
        break;
    case KL_LINK_RELATIVE:
        kl_rows_relative_residual(padded, w->f, w->t, w->r, w->a);
        break;
    }
    for (size_t i = 0; i < n; i++) w->w[i] = p->weight ? p->weight[first + i] : 1;
    for (size_t i = n; i < padded; i++) w->w[i] = 0;
    return padded;
}

/* Add a block's sums when every leaf has one slot. */
static void add_block_plain(kl_work *w, size_t n, size_t padded, const kl_slopes *s)
{
    const size_t k = w->n_leaves;
    for (size_t a = 0; a < k; a++) {
        double *ga = w->grad + a * KL_BLOCK;
        pad(ga, n, padded);
        const size_t slot_a = kl_program_get_leaf_slot(w->program, a);
        w->gradient[slot_a] += kl_rows_dot(padded, w->c_gradient, ga);
        for (size_t b = 0; b <= a; b++) {
            const double *gb = w->grad + b * KL_BLOCK;
            const size_t slot_b = kl_program_get_leaf_slot(w->program, b);
            const size_t at = slot_a > slot_b ? slot_a * w->n_theta + slot_b
                                              : slot_b * w->n_theta + slot_a;
            if (s->gram) w->gram[at] += kl_rows_dot3(padded, w->c_gram, ga, gb);
            if (!s->hessian) continue;
            w->hessian[at] += kl_rows_dot3(padded, w->c_outer, ga, gb);
            if (!kl_program_interacts(w->program, a, b)) continue;
            double *hab = w->hess + (a * (a + 1) / 2 + b) * KL_BLOCK;
            pad(hab, n, padded);
            w->hessian[at] += kl_rows_dot(padded, w->c_gradient, hab);
        }
    }
}

/* Add a block's sums row by row, when some leaf's slot depends on the row. */
static void add_block_indexed(const kl_problem *p, kl_work *w, size_t first, size_t n,
                              const kl_slopes *s)
{
    const size_t k = w->n_leaves;
    for (size_t i = 0; i < n; i++)
        for (size_t a = 0; a < k; a++) {
            const double ga = w->grad[a * KL_BLOCK + i];
            const size_t slot_a = kl_frame_get_slot(p->frame, a, first + i);
            w->gradient[slot_a] += w->c_gradient[i] * ga;
            for (size_t b = 0; b <= a; b++) {
                const double gg = ga * w->grad[b * KL_BLOCK + i];
                const size_t slot_b = kl_frame_get_slot(p->frame, b, first + i);
                const size_t at = slot_a > slot_b ? slot_a * w->n_theta + slot_b
                                                  : slot_b * w->n_theta + slot_a;
                if (s->gram) w->gram[at] += w->c_gram[i] * gg;
                if (s->hessian)
                    w->hessian[at] += w->c_outer[i] * gg +
                                      w->c_gradient[i] *
                                          w->hess[(a * (a + 1) / 2 + b) * KL_BLOCK + i];
            }
        }
}

/* From theta to coordinates: x = ln theta has dtheta/dx = d2theta/dx2 = theta. */
static void to_coordinates(const kl_coords *c, const kl_work *w, const kl_slopes *s)
{
    const size_t n = c->n, m = w->n_theta;
    for (size_t i = 0; i < n; i++) {
        const double di = c->is_log[i] ? c->theta[c->slot[i]] : 1;
        s->gradient[i] = di * w->gradient[c->slot[i]];
        for (size_t j = 0; j <= i; j++) {
            const double dij = di * (c->is_log[j] ? c->theta[c->slot[j]] : 1);
            const size_t a = c->slot[i], b = c->slot[j];
            const size_t at = a > b ? a * m + b : b * m + a;
            if (s->hessian)
                s->hessian[i * n + j] = s->hessian[j * n + i] =
                    dij * w->hessian[at] +
                    (i == j && c->is_log[i] ? s->gradient[i] : 0);
            if (s->gram) s->gram[i * n + j] = s->gram[j * n + i] = dij * w->gram[at];
        }
    }
}

double kl_problem_value(const kl_problem *p, const kl_loss *loss, const kl_coords *c,
                        const double *x, const kl_slopes *slopes, kl_work *w)
{
    const size_t m = w->n_theta;
    kl_coords_theta(c, x);
    if (slopes) {
        memset(w->gradient, 0, m * sizeof *w->gradient);
        if (slopes->hessian) memset(w->hessian, 0, m * m * sizeof *w->hessian);
        if (slopes->gram) memset(w->gram, 0, m * m * sizeof *w->gram);
    }
    double value = 0;
    const kl_block_out out = {w->f, slopes ? w->grad : NULL,
                              slopes && slopes->hessian ? w->hess : NULL};
    for (size_t first = 0; first < p->n_rows; first += KL_BLOCK) {
        const size_t left = p->n_rows - first, n = left < KL_BLOCK ? left : KL_BLOCK;
        kl_frame_block(p->frame, first, n, c->theta, &out, w->scratch);
        const size_t padded = block_residuals(p, first, n, w);
        value += kl_rows_loss(padded, loss, w->r, w->w);
        if (!slopes) continue;
        kl_rows_coefficients(padded, loss, p->link == KL_LINK_LOG, w->r, w->a, w->w,
                             w->c_gradient, w->c_outer, w->c_gram);
        if (w->plain)
            add_block_plain(w, n, padded, slopes);
        else
            add_block_indexed(p, w, first, n, slopes);
    }
    if (slopes) to_coordinates(c, w, slopes);
    return isfinite(value) ? value : HUGE_VAL;
}

void kl_problem_residuals(const kl_problem *p, const kl_coords *c, const double *x,
                          double *r, kl_work *w)
{
    kl_coords_theta(c, x);
    const kl_block_out out = {w->f, NULL, NULL};
    for (size_t first = 0; first < p->n_rows; first += KL_BLOCK) {
        const size_t left = p->n_rows - first, n = left < KL_BLOCK ? left : KL_BLOCK;
        kl_frame_block(p->frame, first, n, c->theta, &out, w->scratch);
        block_residuals(p, first, n, w);
        memcpy(r + first, w->r, n * sizeof *r);
    }
}

const double *kl_work_theta_gradient(const kl_work *work)
{
    return work->gradient;
}
