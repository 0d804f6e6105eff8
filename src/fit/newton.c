/* newton.c - trust-region Newton method in the metric of the residuals (more1983). */
#include "fit/newton.h"

#include "fit/dense.h"

#include <float.h>
#include <math.h>
#include <string.h>

struct kl_newton {
    double *gradient, *hessian, *gram;             /* at x */
    double *new_gradient, *new_hessian, *new_gram; /* at the trial point */
    double *trial, *step;
    /* of the free coordinates only: metric, and model in its terms */
    double *factor, *model, *slope, *y, *scratch;
    double *eigen, *vectors, *in_basis; /* of the model, once a step needs them */
    bool has_eigen;
    size_t *free; /* coordinates not held at a bound */
    size_t n_free;
};

kl_newton *kl_newton_new(kl_arena *arena, size_t n)
{
    kl_newton *s = kl_arena_alloc(arena, sizeof *s);
    if (!s) return NULL;
    double **vectors[] = {&s->gradient, &s->new_gradient, &s->trial, &s->step,
                          &s->eigen,    &s->in_basis,     &s->slope, &s->y};
    double **squares[] = {&s->hessian, &s->gram,  &s->new_hessian, &s->new_gram,
                          &s->factor,  &s->model, &s->vectors,     &s->scratch};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        if (!(*vectors[i] = kl_arena_doubles(arena, n))) return NULL;
    for (size_t i = 0; i < sizeof squares / sizeof *squares; i++)
        if (!(*squares[i] = kl_arena_doubles(arena, n * n))) return NULL;
    s->free = kl_arena_array(arena, n, sizeof *s->free);
    return s->free ? s : NULL;
}

/* Coordinates that a step may move: not those held at a bound, nor those without any
 * effect on the residuals, which would make the model singular. */
static void choose_free(kl_newton *s, const kl_coords *c, const double *x)
{
    s->n_free = 0;
    for (size_t j = 0; j < c->n; j++) {
        const bool held = (x[j] <= c->lo[j] && s->gradient[j] > 0) ||
                          (x[j] >= c->hi[j] && s->gradient[j] < 0);
        const bool idle = s->gram[j * c->n + j] == 0 && s->gradient[j] == 0;
        if (!held && !idle) s->free[s->n_free++] = j;
    }
}

/* Metric factor L, and gradient and Hessian of the free coordinates in its terms. */
static bool build_model(kl_newton *s, const kl_coords *c)
{
    const size_t m = s->n_free, n = c->n;
    const double ridges[] = {1e-14, 1e-10, 1e-6}; /* relative; the first that factors */
    for (size_t k = 0; k < sizeof ridges / sizeof *ridges; k++) {
        for (size_t i = 0; i < m; i++)
            for (size_t j = 0; j < m; j++) {
                const double v = s->gram[s->free[i] * n + s->free[j]];
                s->factor[i * m + j] = i == j ? v * (1 + ridges[k]) + DBL_MIN : v;
            }
        if (kl_dense_cholesky(s->factor, m, 1e-15)) {
            for (size_t i = 0; i < m; i++) {
                s->slope[i] = s->gradient[s->free[i]];
                for (size_t j = 0; j < m; j++)
                    s->model[i * m + j] = s->hessian[s->free[i] * n + s->free[j]];
            }
            kl_dense_forward(s->factor, m, s->slope);
            kl_dense_congruence(s->factor, m, s->model);
            s->has_eigen = false;
            return true;
        }
    }
    return false;
}

/* |y(shift)| with y_k = -b_k / (eigen_k + shift), b the slope in the eigenbasis. */
static double step_length(const kl_newton *s, const double *b, double shift)
{
    double sum = 0;
    for (size_t k = 0; k < s->n_free; k++) {
        const double d = s->eigen[k] + shift;
        const double v = b[k] == 0 ? 0 : b[k] / d;
        sum += v * v;
    }
    return sqrt(sum);
}

/* The shift for which the step has length `radius`: Newton on 1/|y|, kept in a
 * bracket. */
static double solve_shift(const kl_newton *s, const double *b, double low,
                          double radius)
{
    double norm = 0;
    for (size_t k = 0; k < s->n_free; k++) norm += b[k] * b[k];
    double high = low + sqrt(norm) / radius + DBL_MIN, shift = 0.5 * (low + high);
    for (int i = 0; i < 60; i++) {
        const double length = step_length(s, b, shift);
        if (fabs(length - radius) <= 1e-3 * radius) break; /* the radius is a guess */
        if (length > radius)
            low = shift;
        else
            high = shift;
        double slope = 0;
        for (size_t k = 0; k < s->n_free; k++) {
            const double d = s->eigen[k] + shift;
            slope += b[k] * b[k] / (d * d * d);
        }
        const double next = shift + (length / radius - 1) * length * length / slope;
        shift = next > low && next < high ? next : 0.5 * (low + high);
    }
    return shift;
}

/* Newton's own step into s->y. @return false if the model is not convex or the step
 * leaves the ball */
static bool newton_step(kl_newton *s, double radius)
{
    const size_t m = s->n_free;
    double sum = 0;
    memcpy(s->scratch, s->model, m * m * sizeof *s->scratch);
    if (!kl_dense_cholesky(s->scratch, m, 1e-13)) return false;
    for (size_t i = 0; i < m; i++) s->y[i] = -s->slope[i];
    kl_dense_forward(s->scratch, m, s->y);
    kl_dense_backward(s->scratch, m, s->y);
    for (size_t i = 0; i < m; i++) sum += s->y[i] * s->y[i];
    return sqrt(sum) <= radius;
}

/* Step to the model's minimiser on the sphere into s->y, by its eigenvectors. */
static void sphere_step(kl_newton *s, double radius)
{
    const size_t m = s->n_free;
    double *b = s->in_basis;
    if (!s->has_eigen) {
        memcpy(s->scratch, s->model, m * m * sizeof *s->scratch);
        kl_dense_eigen(s->scratch, m, s->eigen, s->vectors);
        s->has_eigen = true;
    }
    for (size_t k = 0; k < m; k++) {
        b[k] = 0;
        for (size_t i = 0; i < m; i++) b[k] += s->vectors[i * m + k] * s->slope[i];
    }
    const double largest = fmax(fabs(s->eigen[0]), fabs(s->eigen[m - 1]));
    const double tiny = 1e-13 * largest + DBL_MIN;
    const double low = s->eigen[0] > tiny ? 0 : -s->eigen[0] + tiny;
    const double reach = step_length(s, b, low);
    double shift = low, along = 0;
    if (reach > radius)
        shift = solve_shift(s, b, low, radius);
    else if (s->eigen[0] < -tiny) /* hard case: go on along the lowest direction */
        along = sqrt(radius * radius - reach * reach) * (b[0] > 0 ? -1 : 1);
    for (size_t k = 0; k < m; k++) b[k] = b[k] == 0 ? 0 : -b[k] / (s->eigen[k] + shift);
    b[0] += along;
    for (size_t i = 0; i < m; i++) {
        s->y[i] = 0;
        for (size_t k = 0; k < m; k++) s->y[i] += s->vectors[i * m + k] * b[k];
    }
}

/*
 * Minimiser of the quadratic model in the ball; into s->step for all coordinates.
 * @return true if it is Newton's own step, inside the ball
 */
static bool solve_ball(kl_newton *s, size_t n, double radius)
{
    const bool inside = newton_step(s, radius);
    if (!inside) sphere_step(s, radius);
    kl_dense_backward(s->factor, s->n_free, s->y);
    memset(s->step, 0, n * sizeof *s->step);
    for (size_t i = 0; i < s->n_free; i++) s->step[s->free[i]] = s->y[i];
    return inside;
}

/* Cut the trial point at the bounds. @return true if it was cut */
static bool make_trial(kl_newton *s, const kl_coords *c, const double *x)
{
    bool cut = false;
    for (size_t j = 0; j < c->n; j++) {
        double v = x[j] + s->step[j];
        if (v < c->lo[j]) v = c->lo[j], cut = true;
        if (v > c->hi[j]) v = c->hi[j], cut = true;
        s->trial[j] = v;
        s->step[j] = v - x[j];
    }
    return cut;
}

/* Decrease that the quadratic model promises for the step. */
static double promised(const kl_newton *s, size_t n)
{
    double linear = 0, quadratic = 0;
    for (size_t i = 0; i < n; i++) {
        double hs = 0;
        for (size_t j = 0; j < n; j++) hs += s->hessian[i * n + j] * s->step[j];
        linear += s->gradient[i] * s->step[i];
        quadratic += s->step[i] * hs;
    }
    return -(linear + 0.5 * quadratic);
}

/* Length of a step in the metric. */
static double metric_length(const kl_newton *s, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            sum += s->step[i] * s->gram[i * n + j] * s->step[j];
    return sqrt(fmax(sum, 0));
}

static void accept_trial(kl_newton *s, double *x, size_t n)
{
    double *swap;
    memcpy(x, s->trial, n * sizeof *x);
    swap = s->gradient, s->gradient = s->new_gradient, s->new_gradient = swap;
    swap = s->hessian, s->hessian = s->new_hessian, s->new_hessian = swap;
    swap = s->gram, s->gram = s->new_gram, s->new_gram = swap;
}

/* Norm of the slope left, in the metric, of the free coordinates. */
static double slope_norm(const kl_newton *s)
{
    double sum = 0;
    for (size_t i = 0; i < s->n_free; i++) sum += s->slope[i] * s->slope[i];
    return sqrt(sum);
}

/* What rounding of the residuals can do to F: each is known to about delta, and by
 * Cauchy and Schwarz the slopes rho' sum to at most sqrt(2 n g F), g their gain. */
static double rounding_of(double value, const kl_problem *p, const kl_loss *loss)
{
    const double delta = 16 * DBL_EPSILON; /* of a few logarithms and powers */
    const double n = (double)p->n_rows,
                 gain = loss->gain * fmax(loss->over, loss->under);
    const double slopes = fmin(sqrt(2 * n * gain * value), n * gain * loss->threshold);
    return delta * (slopes + n * gain * delta);
}

kl_newton_result kl_newton_run(kl_newton *s, const kl_problem *p, const kl_loss *loss,
                               const kl_coords *c, double *x,
                               const kl_newton_options *opt, kl_work *work)
{
    const size_t n = c->n;
    kl_newton_result result = {.converged = n == 0};
    result.value = kl_problem_value(
        p, loss, c, x, &(kl_slopes){s->gradient, s->hessian, s->gram}, work);
    if (n == 0 || !(result.value < HUGE_VAL)) return result;
    const double scale = opt->radius * sqrt((double)p->n_rows);
    double radius = scale;
    bool fresh = true; /* the model at x is still to be built */
    while (result.iterations < opt->max_iterations) {
        result.iterations++;
        if (fresh) choose_free(s, c, x);
        if (s->n_free == 0) {
            result.converged = true;
            break;
        }
        if (fresh && !build_model(s, c)) break;
        const bool newton_step = solve_ball(s, n, radius);
        const bool cut = make_trial(s, c, x);
        const double promise = promised(s, n);
        const double length = metric_length(s, n);
        const kl_slopes next = {s->new_gradient, s->new_hessian, s->new_gram};
        const double value = kl_problem_value(p, loss, c, s->trial, &next, work);
        const double gained = result.value - value;
        const bool last =
            newton_step && !cut && promise <= opt->tolerance * fabs(result.value);
        /* the last step is below the rounding of F: there the gradient is the judge */
        const double rounding = last ? 1e-13 * fabs(result.value) : 0;
        if (value <= result.value + rounding) {
            result.value = value;
            accept_trial(s, x, n);
            fresh = true;
        } else
            fresh = false;
        /* refused only because F can't show so small a decrease */
        const bool drowned = !fresh && newton_step && !cut &&
                             promise <= rounding_of(result.value, p, loss);
        if (last || drowned) {
            result.converged = true;
            break;
        }
        if (!(gained >= 0.25 * promise))
            radius = 0.25 * fmin(length, radius);
        else if (gained >= 0.75 * promise && length >= 0.9 * radius)
            radius *= 3;
        if (!(radius > 1e-12 * scale)) break;
    }
    choose_free(s, c, x);
    if (s->n_free && build_model(s, c))
        result.gradient_norm = slope_norm(s) / (loss->gain * scale);
    kl_coords_theta(c, x);
    return result;
}
