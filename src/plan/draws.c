/* draws.c - a plan solved again for each bootstrap draw of the fit. */
#include "plan/draws.h"

#include "base/fail.h"
#include "base/parallel.h"
#include "plan/solve.h"

#include <math.h>
#include <string.h>

/* Draws between two calls of the caller's progress function. */
enum { BATCH = 256 };

typedef struct team {
    kl_draws *draws;
    kl_work *works;  /* one per thread */
    double **points; /* [thread][n] */
    bool *nomem;     /* [thread] */
    size_t first;    /* draw of the batch's task 0 */
} team;

size_t kl_draws_width(const kl_problem *p)
{
    return p->n + 3;
}

static void solve_draw(void *ctx, size_t i, int thread)
{
    team *t = ctx;
    kl_draws *d = t->draws;
    const kl_problem *p = d->problem;
    kl_work *w = &t->works[thread];
    double *u = t->points[thread];
    const size_t width = kl_draws_width(p), b = t->first + i;
    double *result = d->results + b * width;
    kl_work_set_law(w, kl_fit_get_draw(p->fit, b));
    const kl_solve_outcome outcome =
        kl_solve_again(w, d->u, d->active, d->multiplier, u);
    t->nomem[thread] |= outcome == KL_SOLVE_NOMEM;
    for (size_t k = 0; k < width; k++) result[k] = NAN;
    if (outcome != KL_SOLVE_FOUND) return;
    for (size_t k = 0; k < p->n; k++) result[k] = exp(u[k]);
    result[p->n] = kl_work_value(w, &p->objective, u);
    result[p->n + 1] = kl_work_value(w, &p->target, u);
    if (p->n == 2) result[p->n + 2] = exp(u[1] - u[0]);
}

static bool open_team(team *t, kl_arena *arena, int threads)
{
    const kl_problem *p = t->draws->problem;
    t->works = kl_arena_array(arena, (size_t)threads, sizeof *t->works);
    t->points = kl_arena_array(arena, (size_t)threads, sizeof *t->points);
    t->nomem = kl_arena_array(arena, (size_t)threads, sizeof *t->nomem);
    if (!t->works || !t->points || !t->nomem) return false;
    for (int k = 0; k < threads; k++) {
        t->points[k] = kl_arena_doubles(arena, p->n);
        if (!t->points[k] || !kl_work_open(&t->works[k], arena, p)) return false;
    }
    return true;
}

kl_status kl_draws_run(kl_draws *d, const kl_plan_options *opt, kl_error *err)
{
    const int threads = kl_parallel_threads(opt->threads);
    kl_arena arena = {0};
    team t = {.draws = d};
    kl_status status = open_team(&t, &arena, threads) ? KL_OK : kl_fail_nomem(err);
    for (size_t done = 0; done < d->n && !status;) {
        const size_t n = d->n - done < BATCH ? d->n - done : BATCH;
        t.first = done;
        kl_parallel_for(n, threads, solve_draw, &t);
        done += n;
        for (int k = 0; k < threads && !status; k++)
            if (t.nomem[k]) status = kl_fail_nomem(err);
        const kl_progress report = {"draws", done, d->n};
        if (!status && opt->progress && !opt->progress(opt->user, &report))
            status = kl_fail(err, KL_E_CANCELLED, "interrupted");
    }
    kl_arena_free(&arena);
    return status;
}
