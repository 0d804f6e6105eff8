/* curvature.c - sandwich covariance with a smoothed curvature. */
#include "fit/curvature.h"

#include "fit/dense.h"
#include "fit/order.h"

#include <math.h>
#include <string.h>

/* Half-width of the band in which rows count towards the curvature. */
static double band(const double *r, size_t n, double threshold, double *scratch)
{
    for (size_t i = 0; i < n; i++) scratch[i] = fabs(r[i]);
    const double sd = 1.4826 * kl_order_median(scratch, n);
    return fmax(threshold, 1.06 * sd * pow((double)n, -0.2));
}

/* Gram matrix with each row weighted by `weight`. */
static void weighted_gram(const kl_optimum *at, const double *weight, double *gradient,
                          double *gram, kl_work *work)
{
    static const kl_loss squares = {HUGE_VAL, 1, 1, 1};
    kl_problem q = *at->problem;
    q.weight = weight;
    kl_problem_value(&q, &squares, at->coords, at->x,
                     &(kl_slopes){gradient, NULL, gram}, work);
}

/* Row numbers by group: those of g are order[first[g]] up to order[first[g + 1]]. */
static void sort_by_group(size_t *order, size_t *first, const int32_t *group,
                          size_t rows, size_t n_groups)
{
    for (size_t i = 0; i < rows; i++) first[group[i] + 1]++;
    for (size_t g = 0; g < n_groups; g++) first[g + 1] += first[g];
    for (size_t i = rows; i-- > 0;) order[--first[group[i] + 1]] = i;
    memmove(first, first + 1, n_groups * sizeof *first); /* now the starts */
    first[n_groups] = rows;
}

/* B by groups: the sum of outer products of the groups' gradients. */
static kl_status grouped_scores(double *b, kl_arena *arena, const kl_optimum *at,
                                kl_work *work, kl_error *err)
{
    const kl_problem *p = at->problem;
    const size_t n = at->coords->n, rows = p->n_rows, n_groups = at->n_groups;
    size_t *order = kl_arena_array(arena, rows, sizeof *order);
    size_t *first = kl_arena_array(arena, n_groups + 1, sizeof *first);
    double *target = kl_arena_doubles(arena, rows);
    double *weight = kl_arena_doubles(arena, rows);
    double *gradient = kl_arena_doubles(arena, n);
    kl_frame *frame = NULL;
    if (!order || !first || !target || !weight || !gradient) return kl_fail_nomem(err);
    sort_by_group(order, first, at->group, rows, n_groups);
    const kl_status status = kl_frame_gather(&frame, p->frame, order, rows, err);
    if (status) return status;
    memset(b, 0, n * n * sizeof *b);
    for (size_t g = 0; g < n_groups; g++) {
        const size_t *mine = order + first[g], m = first[g + 1] - first[g];
        for (size_t i = 0; i < m; i++) {
            target[i] = p->target[mine[i]];
            weight[i] = p->weight ? p->weight[mine[i]] : 1;
        }
        kl_frame_regather(frame, p->frame, mine, m);
        const kl_problem q = {p->program, frame,   m,         target,
                              weight,     p->link, p->n_theta};
        kl_problem_value(&q, at->loss, at->coords, at->x,
                         &(kl_slopes){gradient, NULL, NULL}, work);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++) b[i * n + j] += gradient[i] * gradient[j];
    }
    kl_frame_free(frame);
    return KL_OK;
}

/* Ratio of the extreme eigenvalues of the matrix with its diagonal scaled to 1;
 * infinite where a parameter has no effect. */
static double condition_of(const double *gram, size_t n, double *a, double *w,
                           double *v)
{
    for (size_t i = 0; i < n; i++)
        if (!(gram[i * n + i] > 0)) return HUGE_VAL;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            a[i * n + j] = gram[i * n + j] / sqrt(gram[i * n + i] * gram[j * n + j]);
    kl_dense_eigen(a, n, w, v);
    return w[0] > 0 ? w[n - 1] / w[0] : HUGE_VAL;
}

/* Weights of the rows in the curvature and in the variance of scores.
 * @return total variance over total curvature */
static double row_weights(const kl_optimum *at, double *curvature, double *scores)
{
    const size_t rows = at->problem->n_rows;
    const double *r = at->residuals, *weight = at->problem->weight;
    const double width = band(r, rows, at->loss->threshold, scores);
    const double share = isinf(width) ? 1 : at->loss->threshold / width;
    double total_curvature = 0, total_variance = 0;
    for (size_t i = 0; i < rows; i++) {
        const double w = weight ? weight[i] : 1, slope = kl_loss_slope(at->loss, r[i]);
        const double side = share * kl_loss_side(at->loss, r[i]);
        curvature[i] = fabs(r[i]) <= width ? w * side : 0;
        scores[i] = w * w * slope * slope;
        total_curvature += curvature[i];
        total_variance += scores[i];
    }
    return total_variance / total_curvature;
}

/* out = factor a b a for symmetric a and b; `t` is scratch. */
static void sandwich(double *out, const double *a, const double *b, size_t n,
                     double factor, double *t)
{
    memset(t, 0, n * n * sizeof *t);
    memset(out, 0, n * n * sizeof *out);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            for (size_t k = 0; k < n; k++) t[i * n + j] += a[i * n + k] * b[k * n + j];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            for (size_t k = 0; k < n; k++)
                out[i * n + j] += factor * t[i * n + k] * a[k * n + j];
}

kl_status kl_curvature_find(kl_curvature *out, kl_arena *arena, const kl_optimum *at,
                            kl_work *work, kl_error *err)
{
    const size_t n = at->coords->n, rows = at->problem->n_rows;
    *out = (kl_curvature){NULL, NAN, NAN};
    if (n == 0) return KL_OK;
    double *curvature = kl_arena_doubles(arena, rows);
    double *scores = kl_arena_doubles(arena, rows);
    double *gradient = kl_arena_doubles(arena, n), *w = kl_arena_doubles(arena, n);
    double *h = kl_arena_doubles(arena, n * n), *b = kl_arena_doubles(arena, n * n);
    double *inverse = kl_arena_doubles(arena, n * n);
    double *t = kl_arena_doubles(arena, n * n);
    double *covariance = kl_arena_doubles(arena, n * n);
    const bool ok = curvature && scores && gradient && w && h && b && inverse && t;
    if (!ok || !covariance) return kl_fail_nomem(err);
    weighted_gram(at, at->problem->weight, gradient, h, work);
    out->condition = condition_of(h, n, b, w, t);
    out->factor = row_weights(at, curvature, scores);
    weighted_gram(at, curvature, gradient, h, work);
    if (at->group) {
        const kl_status status = grouped_scores(b, arena, at, work, err);
        if (status) return status;
    } else
        weighted_gram(at, scores, gradient, b, work);
    if (!kl_dense_inverse(h, n, inverse)) return KL_OK;
    const double units = (double)(at->group ? at->n_groups : rows);
    const double spare = units > (double)n ? units / (units - (double)n) : 1;
    sandwich(covariance, inverse, b, n, spare, t);
    out->covariance = covariance;
    return KL_OK;
}
