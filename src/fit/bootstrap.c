/* bootstrap.c - resamples as row weights over the rows drawn, refitted in parallel. */
#include "fit/bootstrap.h"

#include "base/parallel.h"
#include "base/random.h"
#include "fit/order.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PER_PROGRESS = 64, FIRST_STREAM = 1 << 24 };

/* One thread's room for a resample. */
typedef struct bench {
    kl_search *search;
    kl_frame *frame;
    double *target, *weight, *theta;
    size_t *rows, *times, *group_times;
} bench;

typedef struct crew {
    const kl_fit *fit;
    const kl_sample *s;
    const kl_hunt *h;
    bench *benches; /* per thread */
    double *draws;
    bool *failed;
    size_t first;
} crew;

/* How often each row is drawn. */
static void draw_rows(const crew *c, bench *b, size_t draw)
{
    const kl_sample *s = c->s;
    kl_random r = kl_random_new(c->h->opt->seed, FIRST_STREAM + draw);
    memset(b->times, 0, s->n_rows * sizeof *b->times);
    if (!s->group) {
        for (size_t i = 0; i < s->n_rows; i++)
            b->times[kl_random_below(&r, s->n_rows)]++;
        return;
    }
    memset(b->group_times, 0, s->n_groups * sizeof *b->group_times);
    for (size_t g = 0; g < s->n_groups; g++)
        b->group_times[kl_random_below(&r, s->n_groups)]++;
    for (size_t i = 0; i < s->n_rows; i++) b->times[i] = b->group_times[s->group[i]];
}

/* The resample as a problem: each row drawn once, with its count as weight. */
static kl_problem resample(const crew *c, bench *b)
{
    const kl_sample *s = c->s;
    size_t n = 0;
    for (size_t i = 0; i < s->n_rows; i++) {
        if (!b->times[i]) continue;
        b->rows[n] = i;
        b->target[n] = s->target[i];
        b->weight[n++] = (double)b->times[i] * (s->weight ? s->weight[i] : 1);
    }
    kl_frame_regather(b->frame, s->frame, b->rows, n);
    kl_problem p = *c->h->problem;
    p.frame = b->frame;
    p.n_rows = n;
    p.target = b->target;
    p.weight = b->weight;
    return p;
}

static void refit(void *ctx, size_t task, int thread)
{
    const crew *c = ctx;
    bench *b = &c->benches[thread];
    const size_t draw = c->first + task, n = c->fit->n_theta,
                 bytes = n * sizeof(double);
    double *best = c->draws + draw * n;
    draw_rows(c, b, draw);
    const kl_problem p = resample(c, b);
    memcpy(best, c->fit->theta, bytes);
    double value = kl_search_run(b->search, c->h->goal, &p, c->h->coords, best,
                                 &(kl_path){true, NULL})
                       .value;
    for (size_t k = 0; k < c->h->opt->bootstrap_starts; k++) {
        memcpy(b->theta, c->fit->theta, bytes);
        kl_starts_get(c->h, k, b->theta);
        const kl_arrival a = kl_search_run(b->search, c->h->goal, &p, c->h->coords,
                                           b->theta, &(kl_path){false, NULL});
        if (a.value < value) {
            value = a.value;
            memcpy(best, b->theta, bytes);
        }
    }
    c->failed[draw] = !(value < HUGE_VAL);
}

static kl_status make_bench(bench *b, kl_arena *arena, const crew *c, kl_error *err)
{
    const kl_sample *s = c->s;
    const size_t n = c->fit->n_theta;
    b->search = kl_search_new(arena, s->program, n, c->h->lo, c->h->hi, s->n_rows);
    b->target = kl_arena_doubles(arena, s->n_rows);
    b->weight = kl_arena_doubles(arena, s->n_rows);
    b->theta = kl_arena_doubles(arena, n);
    b->rows = kl_arena_array(arena, s->n_rows, sizeof *b->rows);
    b->times = kl_arena_array(arena, s->n_rows, sizeof *b->times);
    b->group_times = kl_arena_array(arena, s->n_groups, sizeof *b->group_times);
    const bool ok = b->search && b->target && b->weight && b->theta && b->rows &&
                    b->times && b->group_times;
    if (!ok) return kl_fail_nomem(err);
    for (size_t i = 0; i < s->n_rows; i++) b->rows[i] = i;
    return kl_frame_gather(&b->frame, s->frame, b->rows, s->n_rows, err);
}

/* Keep the draws that have a value, in order. */
static void keep_draws(kl_fit *fit, const crew *c, size_t n)
{
    const size_t width = fit->n_theta;
    fit->draws = c->draws;
    for (size_t b = 0; b < n; b++) {
        if (c->failed[b]) continue;
        if (fit->n_draws != b)
            memcpy(fit->draws + fit->n_draws * width, fit->draws + b * width,
                   width * sizeof *fit->draws);
        fit->n_draws++;
    }
    fit->summary.bootstrap = n;
    fit->summary.bootstrap_failed = n - fit->n_draws;
}

kl_status kl_bootstrap_run(kl_fit *fit, const kl_sample *s, const kl_hunt *h,
                           kl_error *err)
{
    kl_arena arena = {0};
    const size_t n = h->opt->bootstrap;
    const int threads = kl_parallel_threads(h->opt->threads);
    crew c = {fit, s, h, NULL, NULL, NULL, 0};
    c.draws = kl_arena_array(&fit->arena, n, fit->n_theta * sizeof *c.draws);
    c.failed = kl_arena_array(&arena, n, sizeof *c.failed);
    c.benches = kl_arena_array(&arena, (size_t)threads, sizeof *c.benches);
    kl_status status = c.draws && c.failed && c.benches ? KL_OK : kl_fail_nomem(err);
    for (int t = 0; !status && t < threads; t++)
        status = make_bench(&c.benches[t], &arena, &c, err);
    const size_t most = kl_batch_size(h, PER_PROGRESS, threads);
    for (size_t done = 0; !status && done < n;) {
        const size_t batch = n - done < most ? n - done : most;
        c.first = done;
        kl_parallel_for(batch, threads, refit, &c);
        done += batch;
        if (!kl_report_progress(h->opt, "bootstrap", done, n))
            status = kl_fail(err, KL_E_CANCELLED, "interrupted");
    }
    if (!status) keep_draws(fit, &c, n);
    for (int t = 0; c.benches && t < threads; t++) kl_frame_free(c.benches[t].frame);
    kl_arena_free(&arena);
    return status;
}

kl_status kl_bootstrap_intervals(kl_fit *fit, kl_error *err)
{
    const size_t n = fit->n_draws;
    const double tail = 0.5 * (1 - fit->summary.level);
    if (n < 2) return KL_OK;
    double *column = malloc(n * sizeof *column);
    if (!column) return kl_fail_nomem(err);
    for (size_t j = 0; j < fit->n_theta; j++) {
        kl_fit_parameter *p = &fit->parameters[j];
        if (p->fixed) continue;
        double mean = 0, squares = 0;
        for (size_t b = 0; b < n; b++) {
            column[b] = fit->draws[b * fit->n_theta + j];
            mean += column[b] / (double)n;
        }
        for (size_t b = 0; b < n; b++)
            squares += (column[b] - mean) * (column[b] - mean);
        p->bootstrap_se = sqrt(squares / (double)(n - 1));
        p->bootstrap_lo = kl_order_quantile(column, n, tail);
        p->bootstrap_hi = kl_order_quantile(column, n, 1 - tail);
    }
    free(column);
    return KL_OK;
}
