/* profile.c - profile curves by continuation from the optimum to both sides. */
#include "fit/profile.h"
#include "fit/student.h"

#include "base/parallel.h"

#include <math.h>
#include <string.h>

enum { MAX_STEPS = 24, MAX_POINTS = 2 * MAX_STEPS + 1, REFINE_STEPS = 12 };
enum { PER_PROGRESS = 4 };

typedef struct bench {
    kl_search *search;
    kl_coords held; /* the coordinates without the one profiled */
    double *theta;
} bench;

typedef struct crew {
    kl_fit *fit;
    const kl_hunt *h;
    const double *se;
    double rise; /* of the objective at the ends of the interval */
    bench *benches;
    size_t first; /* coordinate of task 0 in this batch */
} crew;

static void hold(kl_coords *held, const kl_coords *all, size_t j, size_t n_theta)
{
    kl_coords_copy(held, all, n_theta);
    held->n--;
    for (size_t i = j; i < held->n; i++) kl_coords_move(held, i, i + 1);
}

/* Value of coordinate j at x; at a bound the bound itself, not exp of its logarithm. */
static double value_at(const kl_hunt *h, size_t j, double x)
{
    const kl_coords *c = h->coords;
    if (x == c->lo[j]) return h->lo[c->slot[j]];
    if (x == c->hi[j]) return h->hi[c->slot[j]];
    return c->is_log[j] ? exp(x) : x;
}

/* Objective with coordinate j at x, the others re-optimised from b->theta, which
 * follows. */
static double profile_at(const crew *c, bench *b, size_t j, double x)
{
    const kl_coords *all = c->h->coords;
    const size_t slot = all->slot[j];
    b->theta[slot] = value_at(c->h, j, x);
    return kl_search_run(b->search, c->h->goal, c->h->problem, &b->held, b->theta,
                         &(kl_path){true, NULL})
        .value;
}

/* Points of one side of a profile, outwards. */
typedef struct side {
    size_t n;
    double x[MAX_STEPS], f[MAX_STEPS];
    double end; /* where the profile crosses the threshold; infinite if it does not */
} side;

/* Where the profile crosses, between an inside and an outside point: regula falsi in
 * the square root of the rise, which is nearly straight. */
static double refine(const crew *c, bench *b, size_t j, double in, double f_in,
                     double out, double f_out)
{
    const double best = c->fit->summary.value, want = sqrt(c->rise);
    for (int i = 0; i < REFINE_STEPS; i++) {
        const double a = sqrt(fmax(f_in - best, 0)), z = sqrt(fmax(f_out - best, 0));
        double part = (want - a) / (z - a);
        if (!(part > 0.05)) part = 0.05;
        if (part > 0.95) part = 0.95;
        const double x = in + part * (out - in);
        const double f = profile_at(c, b, j, x);
        if (fabs(sqrt(fmax(f - best, 0)) - want) <= 1e-4 * want) return x;
        if (f - best < c->rise)
            in = x, f_in = f;
        else
            out = x, f_out = f;
    }
    return 0.5 * (in + out);
}

static void walk(side *s, const crew *c, bench *b, size_t j, int direction)
{
    const kl_coords *all = c->h->coords;
    const double best = c->fit->summary.value, t0 = c->fit->theta[all->slot[j]];
    const double x0 = all->is_log[j] ? log(t0) : t0;
    const double bound = direction < 0 ? all->lo[j] : all->hi[j];
    double step = 0.2 * c->se[all->slot[j]], x = x0, f = best;
    if (!(step > 1e-8 * (1 + fabs(x0)) && step < 1e3)) step = 0.01 * (1 + fabs(x0));
    s->n = 0;
    s->end = direction * HUGE_VAL;
    memcpy(b->theta, c->fit->theta, c->fit->n_theta * sizeof *b->theta);
    while (s->n < MAX_STEPS) {
        double next = x + direction * step;
        const bool at_bound = direction < 0 ? next <= bound : next >= bound;
        if (at_bound) next = bound;
        const double value = profile_at(c, b, j, next);
        if (!(value < HUGE_VAL)) break;
        s->x[s->n] = next;
        s->f[s->n++] = value;
        if (value - best > c->rise) {
            s->end = refine(c, b, j, x, f, next, value);
            return;
        }
        if (at_bound) { /* of a range without end only the search's */
            const kl_slot *slot = &c->fit->slots[all->slot[j]];
            if (!isinf(direction < 0 ? slot->lo : slot->hi)) s->end = bound;
            return;
        }
        const double gain = sqrt(fmax(value - best, 0)) / sqrt(c->rise);
        step *= gain < 0.08 * (double)s->n ? 1.7 : 1.02; /* flat: hurry */
        x = next;
        f = value;
    }
}

/* Both sides and the optimum as one ascending curve; interval ends in natural units. */
static void join(kl_fit *fit, const kl_hunt *h, size_t j, const side *low,
                 const side *high)
{
    const kl_coords *all = h->coords;
    const size_t slot = all->slot[j], n = low->n + high->n + 1;
    kl_profile_curve *curve = &fit->profiles[slot];
    double *x = curve->x, *f = curve->objective;
    for (size_t i = low->n; i-- > 0; x++, f++) {
        *x = value_at(h, j, low->x[i]);
        *f = low->f[i];
    }
    *x++ = fit->theta[slot];
    *f++ = fit->summary.value;
    for (size_t i = 0; i < high->n; i++, x++, f++) {
        *x = value_at(h, j, high->x[i]);
        *f = high->f[i];
    }
    curve->n = n;
    fit->parameters[slot].profile_lo = value_at(h, j, low->end);
    fit->parameters[slot].profile_hi = value_at(h, j, high->end);
}

static void profile_one(void *ctx, size_t task, int thread)
{
    const crew *c = ctx;
    const size_t j = c->first + task;
    bench *b = &c->benches[thread];
    const kl_coords *all = c->h->coords;
    if (!(c->fit->theta[all->slot[j]] > 0) && all->is_log[j])
        return; /* pinned at zero */
    side low, high;
    hold(&b->held, all, j, c->fit->n_theta);
    walk(&low, c, b, j, -1);
    walk(&high, c, b, j, 1);
    join(c->fit, c->h, j, &low, &high);
}

kl_status kl_profile_run(kl_fit *fit, const kl_hunt *h, double factor, const double *se,
                         kl_error *err)
{
    kl_arena arena = {0};
    const int threads = kl_parallel_threads(h->opt->threads);
    const kl_problem *p = h->problem;
    const size_t n = h->coords->n, most = kl_batch_size(h, PER_PROGRESS, threads);
    const double q =
        kl_student_quantile(0.5 + 0.5 * fit->summary.level, (double)(p->n_rows - n));
    crew c = {fit, h, se, 0.5 * q * q * factor, NULL, 0};
    kl_status status = KL_OK;
    c.benches = kl_arena_array(&arena, (size_t)threads, sizeof *c.benches);
    if (!c.benches) status = kl_fail_nomem(err);
    for (int t = 0; !status && t < threads; t++) {
        bench *b = &c.benches[t];
        b->search =
            kl_search_new(&arena, p->program, p->n_theta, h->lo, h->hi, p->n_rows);
        b->theta = kl_arena_doubles(&arena, p->n_theta);
        if (!b->search || !b->theta || !kl_coords_new(&b->held, &arena, p->n_theta))
            status = kl_fail_nomem(err);
    }
    for (size_t j = 0; !status && j < n; j++) {
        kl_profile_curve *curve = &fit->profiles[h->coords->slot[j]];
        curve->x = kl_arena_doubles(&fit->arena, MAX_POINTS);
        curve->objective = kl_arena_doubles(&fit->arena, MAX_POINTS);
        if (!curve->x || !curve->objective) status = kl_fail_nomem(err);
    }
    for (size_t done = 0; !status && done < n;) {
        const size_t batch = n - done < most ? n - done : most;
        c.first = done;
        kl_parallel_for(batch, threads, profile_one, &c);
        done += batch;
        if (!kl_report_progress(h->opt, "profile", done, n))
            status = kl_fail(err, KL_E_CANCELLED, "interrupted");
    }
    kl_arena_free(&arena);
    return status;
}
