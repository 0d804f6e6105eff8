/* starts.c - spread and grid starts; searches from all of them, in parallel. */
#include "fit/starts.h"

#include "base/parallel.h"
#include "base/random.h"
#include "fit/halton.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { MAX_GRID = 10000000, PER_PROGRESS = 16, DETOUR_STREAM = 1 << 20 };

bool kl_report_progress(const kl_fit_options *opt, const char *stage, size_t done,
                        size_t total)
{
    const kl_progress p = {stage, done, total};
    return !opt->progress || opt->progress(opt->user, &p);
}

size_t kl_batch_size(const kl_hunt *h, size_t most, int threads)
{
    const size_t by_rows = ((size_t)1 << 20) / h->problem->n_rows;
    const size_t n = by_rows < most ? by_rows : most;
    return n > (size_t)threads ? n : (size_t)threads;
}

static const kl_law_parameter *law_parameter(const kl_hunt *h, size_t slot)
{
    return kl_law_get_parameter(h->law, h->slots[slot].parameter);
}

kl_status kl_starts_count(size_t *n, const kl_hunt *h, kl_error *err)
{
    *n = h->opt->starts;
    if (h->opt->start_kind == KL_STARTS_SPREAD) return KL_OK;
    *n = 1;
    for (size_t j = 0; j < h->coords->n; j++) {
        const kl_law_parameter *p = law_parameter(h, h->coords->slot[j]);
        if (!p->n_grid)
            return kl_fail(err, KL_E_USAGE,
                           "law '%s' has no grid of starts for '%s' (use --starts N)",
                           kl_law_get_name(h->law), p->name);
        *n *= p->n_grid;
        if (*n > MAX_GRID)
            return kl_fail(err, KL_E_USAGE, "the grid has more than %d starts",
                           MAX_GRID);
    }
    return KL_OK;
}

/* Halton's sequence, turned by a random shift per coordinate (Cranley and
 * Patterson). */
static void spread_start(const kl_hunt *h, size_t k, double *theta)
{
    kl_random shift = kl_random_new(h->opt->seed, 0);
    for (size_t j = 0; j < h->coords->n; j++) {
        const size_t slot = h->coords->slot[j];
        const kl_slot *s = &h->slots[slot];
        double u = kl_halton(k + 1, j) + kl_random_uniform(&shift);
        u -= floor(u);
        const bool geometric = s->is_log && s->start_lo > 0;
        theta[slot] = geometric ? s->start_lo * pow(s->start_hi / s->start_lo, u)
                                : s->start_lo + u * (s->start_hi - s->start_lo);
    }
}

static void grid_start(const kl_hunt *h, size_t k, double *theta)
{
    for (size_t j = h->coords->n; j-- > 0;) { /* the last coordinate changes first */
        const size_t slot = h->coords->slot[j];
        const kl_law_parameter *p = law_parameter(h, slot);
        theta[slot] = p->grid[k % p->n_grid];
        k /= p->n_grid;
    }
}

void kl_starts_get(const kl_hunt *h, size_t k, double *theta)
{
    if (h->opt->start_kind == KL_STARTS_GRID)
        grid_start(h, k, theta);
    else
        spread_start(h, k, theta);
    for (size_t j = 0; j < h->coords->n; j++) {
        const size_t slot = h->coords->slot[j];
        if (h->coords->is_log[j] && !(theta[slot] > 0)) theta[slot] = DBL_MIN;
    }
}

/* One hunt's shared state over its parallel searches. */
typedef struct crew {
    const kl_hunt *h;
    kl_search **searches; /* per thread */
    double **detours;     /* per thread: row weights */
    kl_arrival *arrivals; /* per start */
    double *thetas;       /* per start */
    size_t first;         /* start of task 0 in this batch */
} crew;

/* Exponential weights with mean 1: a smooth resample of the rows (rubin1981). */
static void random_weights(const kl_hunt *h, size_t k, double *w)
{
    kl_random r = kl_random_new(h->opt->seed, DETOUR_STREAM + k);
    const double *own = h->problem->weight;
    for (size_t i = 0; i < h->problem->n_rows; i++)
        w[i] = -log(1 - kl_random_uniform(&r)) * (own ? own[i] : 1);
}

static void search_from(void *ctx, size_t task, int thread)
{
    const crew *c = ctx;
    const size_t k = c->first + task, n = c->h->problem->n_theta;
    double *theta = c->thetas + k * n;
    memcpy(theta, c->h->coords->theta, n * sizeof *theta);
    kl_starts_get(c->h, k, theta);
    kl_path path = {false, NULL};
    /* every other start takes a detour, so that all do not come down one path */
    if (k % 2 && c->h->goal->solver == KL_SOLVER_PROJECT) {
        random_weights(c->h, k, c->detours[thread]);
        path.detour = c->detours[thread];
    }
    c->arrivals[k] = kl_search_run(c->searches[thread], c->h->goal, c->h->problem,
                                   c->h->coords, theta, &path);
}

static kl_status make_crew(crew *c, kl_arena *arena, const kl_hunt *h, size_t n,
                           int threads, kl_error *err)
{
    const kl_problem *p = h->problem;
    c->h = h;
    c->searches = kl_arena_array(arena, (size_t)threads, sizeof *c->searches);
    c->detours = kl_arena_array(arena, (size_t)threads, sizeof *c->detours);
    c->arrivals = kl_arena_array(arena, n, sizeof *c->arrivals);
    c->thetas = kl_arena_array(arena, n, p->n_theta * sizeof *c->thetas);
    if (!c->searches || !c->detours || !c->arrivals || !c->thetas)
        return kl_fail_nomem(err);
    for (int t = 0; t < threads; t++) {
        c->searches[t] =
            kl_search_new(arena, p->program, p->n_theta, h->lo, h->hi, p->n_rows);
        c->detours[t] = kl_arena_doubles(arena, p->n_rows);
        if (!c->searches[t] || !c->detours[t]) return kl_fail_nomem(err);
    }
    return KL_OK;
}

/* Two optima are the same within 1e-6, or if both are nothing but rounding. */
static bool same_optimum(double a, double b, double rounding)
{
    return fabs(a - b) <= 1e-6 * fabs(b) + rounding;
}

/* The objective of runs that the law fits exactly: residuals of 1e-12. */
static double rounding_of(const kl_hunt *h, double threshold)
{
    const kl_loss loss = kl_goal_loss(h->goal, threshold);
    return (double)h->problem->n_rows * kl_loss_value(&loss, 1e-12);
}

static void sum_up(kl_catch *out, double *theta, const crew *c, size_t n,
                   size_t n_theta)
{
    size_t best = 0;
    *out = (kl_catch){.n = n, .runner_up = NAN};
    for (size_t k = 1; k < n; k++)
        if (c->arrivals[k].value < c->arrivals[best].value) best = k;
    out->best = c->arrivals[best];
    const double rounding = rounding_of(c->h, out->best.threshold);
    memcpy(theta, c->thetas + best * n_theta, n_theta * sizeof *theta);
    for (size_t k = 0; k < n; k++) {
        const double v = c->arrivals[k].value;
        if (!(v < HUGE_VAL))
            out->failed++;
        else if (same_optimum(v, out->best.value, rounding))
            out->at_best++;
        else if (!(out->runner_up <= v))
            out->runner_up = v;
    }
    for (size_t k = 0; k < n; k++) {
        const double v = c->arrivals[k].value;
        if (!same_optimum(v, out->best.value, rounding) &&
            same_optimum(v, out->runner_up, rounding))
            out->at_runner_up++;
    }
}

kl_status kl_starts_run(kl_catch *out, double *theta, const kl_hunt *h, kl_error *err)
{
    kl_arena arena = {0};
    crew c = {0};
    size_t n;
    const int threads = kl_parallel_threads(h->opt->threads);
    kl_status status = kl_starts_count(&n, h, err);
    if (h->coords->n == 0) n = 1; /* everything fixed: there is one place to look at */
    if (!status) status = make_crew(&c, &arena, h, n, threads, err);
    const size_t most = kl_batch_size(h, PER_PROGRESS, threads);
    for (size_t done = 0; !status && done < n;) {
        const size_t batch = n - done < most ? n - done : most;
        c.first = done;
        kl_parallel_for(batch, threads, search_from, &c);
        done += batch;
        if (!kl_report_progress(h->opt, "starts", done, n))
            status = kl_fail(err, KL_E_CANCELLED, "interrupted");
    }
    if (!status) sum_up(out, theta, &c, n, h->problem->n_theta);
    kl_arena_free(&arena);
    if (!status && !(out->best.value < HUGE_VAL))
        return kl_fail(
            err, KL_E_DOMAIN,
            "law '%s' has no finite value on these rows from any of %zu starts",
            kl_law_get_name(h->law), n);
    return status;
}
