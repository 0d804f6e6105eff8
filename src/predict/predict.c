/*
 * predict.c - a fitted law at new points: value, intervals and distance from the data.
 *
 * The intervals are percentiles over the fit's bootstrap draws. For a single run, each
 * draw also gets noise r from the fit's residuals prediction - target, widened about
 * their mean by sqrt(n/(n-p)) because the law was bent towards them: on the log scale
 * the run is f exp(-r), else f - r. Their mean stays: a law fitted to the median or to
 * another quantile of the runs does not lie amid them. All points share the noise, so a
 * point's interval does not depend on which others are asked for.
 *
 * A draw gets several residuals, one from each of as many equal parts of their order:
 * with one, chance could make a run's interval narrower than the law's own. An end that
 * is narrower all the same, where draws of few rows leave a gap at the quantile, is
 * moved out to the law's.
 *
 * Reference: davison1997, chapter 6 (docs/references.bib).
 */
#include <kleiber/predict.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/random.h"
#include "base/text.h"
#include "fit/order.h"
#include "predict/distance.h"
#include "predict/interval.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* "noise" in ASCII: a stream of the seed that no other draw uses */
static const uint64_t noise_stream = 0x6e6f697365;

/* Simulated runs of a point, at least: what its draws have together. */
enum { MIN_RUNS = 8192 };

/* What turns the draws of a point into single runs, `per_draw` for each. */
typedef struct noise {
    size_t per_draw; /* 0: there are no residuals */
    bool is_factor;  /* on the log scale: a run is value times noise, else their sum */
    double *values;  /* [n_draws][per_draw] */
} noise;

typedef struct points {
    kl_arena arena;
    const kl_fit *fit;
    size_t n, n_inputs;
    const double *inputs; /* [n][n_inputs] */
    kl_program *program;
    kl_frame *frame;
    double *values;  /* [KL_BLOCK] */
    double *scratch; /* of kl_frame_block */
} points;

kl_predict_options kl_predict_options_default(void)
{
    return (kl_predict_options){.level = 0, .far = 1};
}

static void close_points(points *p)
{
    kl_frame_free(p->frame);
    kl_program_free(p->program);
    kl_arena_free(&p->arena);
}

static kl_status check_codes(const kl_fit *fit, const int32_t *levels, size_t n,
                             kl_error *err)
{
    const kl_law *law = kl_fit_get_law(fit);
    const size_t n_indices = kl_law_get_n_indices(law);
    for (size_t k = 0; k < n_indices; k++) {
        const char *index = kl_law_get_index(law, k);
        if (!levels)
            return kl_fail(err, KL_E_USAGE,
                           "the law is indexed by '%s': give its level", index);
        const size_t known = kl_fit_get_n_levels(fit, index);
        for (size_t i = 0; i < n; i++) {
            const int32_t code = levels[i * n_indices + k];
            if (code < 0 || (size_t)code >= known)
                return kl_fail_at(err, KL_E_USAGE, (long)i + 1, 0,
                                  "point %zu: level code %d of '%s' is not in 0 to %zu",
                                  i + 1, (int)code, index, known ? known - 1 : 0);
        }
    }
    return KL_OK;
}

/* Join the fit's law to n points. */
static kl_status open_points(points *p, const kl_fit *fit, const double *inputs,
                             const int32_t *levels, size_t n, kl_error *err)
{
    const kl_law *law = kl_fit_get_law(fit);
    const size_t n_indices = kl_law_get_n_indices(law);
    *p = (points){.fit = fit, .n = n, .inputs = inputs};
    p->n_inputs = kl_law_get_n_inputs(law);
    if (n == 0) return kl_fail(err, KL_E_USAGE, "no points to predict");
    kl_status status = check_codes(fit, levels, n, err);
    if (status) return status;

    size_t n_symbols = 0;
    const kl_symbol *symbols = kl_fit_get_symbols(fit, &n_symbols);
    status =
        kl_program_new(&p->program, kl_law_get_formula(law), symbols, n_symbols, err);
    if (status) return status;
    const double **numbers = kl_arena_array(&p->arena, p->n_inputs, sizeof *numbers);
    const int32_t **codes = kl_arena_array(&p->arena, n_indices, sizeof *codes);
    p->values = kl_arena_doubles(&p->arena, KL_BLOCK);
    p->scratch = kl_arena_doubles(&p->arena, kl_program_get_scratch(p->program, 0));
    if (!numbers || !codes || !p->values || !p->scratch) return kl_fail_nomem(err);
    for (size_t k = 0; k < p->n_inputs; k++) {
        double *column = kl_arena_doubles(&p->arena, n);
        if (!column) return kl_fail_nomem(err);
        for (size_t i = 0; i < n; i++) column[i] = inputs[i * p->n_inputs + k];
        numbers[k] = column;
    }
    for (size_t k = 0; k < n_indices; k++) {
        int32_t *column = kl_arena_array(&p->arena, n, sizeof *column);
        if (!column) return kl_fail_nomem(err);
        for (size_t i = 0; i < n; i++) column[i] = levels[i * n_indices + k];
        codes[k] = column;
    }
    const kl_columns columns = {.n_rows = n, .numbers = numbers, .codes = codes};
    kl_error why = {0};
    status = kl_frame_new(&p->frame, p->program, &columns, &why);
    if (status == KL_E_DOMAIN)
        return kl_fail_at(err, status, why.line, 0, "point %ld: %s", why.line, why.msg);
    return status ? kl_fail(err, status, "%s", why.msg) : KL_OK;
}

/* The law over one block of points into p->values. */
static void evaluate(points *p, size_t first, size_t n, const double *theta)
{
    const kl_block_out out = {.value = p->values};
    kl_frame_block(p->frame, first, n, theta, &out, p->scratch);
}

static size_t block_length(const points *p, size_t first)
{
    return p->n - first < KL_BLOCK ? p->n - first : KL_BLOCK;
}

/* "point 3: the law has no finite value at N = 0, D = 1e9" */
static kl_status fail_not_finite(const points *p, size_t i, double value, kl_error *err)
{
    const kl_law *law = kl_fit_get_law(p->fit);
    kl_text at = {0};
    for (size_t k = 0; k < p->n_inputs; k++)
        kl_text_addf(&at, "%s%s = %.6g", k ? ", " : " at ",
                     kl_law_get_input(law, k)->name, p->inputs[i * p->n_inputs + k]);
    const kl_status status = kl_fail_at(err, KL_E_DOMAIN, (long)i + 1, 0,
                                        "point %zu: the law has no finite value (%g)%s",
                                        i + 1, value, at.data ? at.data : "");
    kl_text_free(&at);
    return status;
}

/* Values at the fitted parameters, and distances. */
static kl_status predict_means(points *p, kl_prediction *out, double far, kl_error *err)
{
    for (size_t first = 0; first < p->n; first += KL_BLOCK) {
        const size_t n = block_length(p, first);
        evaluate(p, first, n, kl_fit_get_theta(p->fit));
        for (size_t j = 0; j < n; j++) {
            const size_t i = first + j;
            if (!isfinite(p->values[j]))
                return fail_not_finite(p, i, p->values[j], err);
            kl_prediction *o = &out[i];
            *o = (kl_prediction){.mean = p->values[j], NAN, NAN, NAN, NAN, 0, 0, false};
            o->decades =
                kl_point_distance(p->fit, p->inputs + i * p->n_inputs, &o->worst_input);
            o->is_far = o->decades > far;
        }
    }
    return KL_OK;
}

/* The fit's residuals in order, widened about their mean. NULL if memory is short. */
static double *widened_residuals(kl_arena *arena, const kl_fit *fit)
{
    const size_t n = kl_fit_get_n_residuals(fit);
    const double *r = kl_fit_get_residuals(fit);
    const kl_fit_summary s = kl_fit_get_summary(fit);
    const double rows = (double)s.n_rows, free_rows = rows - (double)s.n_free;
    const double widen = free_rows > 0 ? sqrt(rows / free_rows) : 1;
    double *sorted = kl_arena_doubles(arena, n), mean = 0;
    if (!sorted) return NULL;
    for (size_t i = 0; i < n; i++) mean += r[i] / (double)n;
    for (size_t i = 0; i < n; i++) sorted[i] = mean + widen * (r[i] - mean);
    kl_order_sort(sorted, n);
    return sorted;
}

static kl_status draw_noise(noise *out, kl_arena *arena, const kl_fit *fit,
                            kl_error *err)
{
    const size_t n = kl_fit_get_n_residuals(fit), n_draws = kl_fit_get_n_draws(fit);
    const kl_fit_summary s = kl_fit_get_summary(fit);
    *out = (noise){.is_factor = s.residual == KL_RESIDUAL_LOG};
    if (n == 0) return KL_OK;
    const size_t m = (MIN_RUNS + n_draws - 1) / n_draws;
    const double *sorted = widened_residuals(arena, fit);
    out->values = kl_arena_array(arena, n_draws, m * sizeof *out->values);
    if (!sorted || !out->values) return kl_fail_nomem(err);
    out->per_draw = m;
    kl_random random = kl_random_new(s.seed, noise_stream);
    for (size_t b = 0; b < n_draws; b++)
        for (size_t k = 0; k < m; k++) {
            const double share = ((double)k + kl_random_uniform(&random)) / (double)m;
            const size_t at = (size_t)(share * (double)n);
            const double r = sorted[at < n ? at : n - 1]; /* share may round to 1 */
            out->values[b * m + k] = out->is_factor ? exp(-r) : -r;
        }
    return KL_OK;
}

/* Single runs of a point whose draws have the values f. */
static void add_noise(double *runs, const noise *z, const double *f, size_t n_draws)
{
    for (size_t b = 0; b < n_draws; b++)
        for (size_t k = 0; k < z->per_draw; k++) {
            const double e = z->values[b * z->per_draw + k];
            *runs++ = z->is_factor ? f[b] * e : f[b] + e;
        }
}

static kl_status predict_intervals(points *p, kl_prediction *out, double level,
                                   kl_error *err)
{
    const size_t n_draws = kl_fit_get_n_draws(p->fit);
    if (n_draws < 2) return KL_OK; /* one has no spread */
    noise z;
    const kl_status status = draw_noise(&z, &p->arena, p->fit, err);
    if (status) return status;
    const size_t n_runs = n_draws * z.per_draw;
    double *runs = kl_arena_doubles(&p->arena, n_runs);
    /* [KL_BLOCK][n_draws] */
    double *by_draw = kl_arena_array(&p->arena, KL_BLOCK, n_draws * sizeof *by_draw);
    if (!runs || !by_draw) return kl_fail_nomem(err);

    for (size_t first = 0; first < p->n; first += KL_BLOCK) {
        const size_t n = block_length(p, first);
        for (size_t b = 0; b < n_draws; b++) {
            evaluate(p, first, n, kl_fit_get_draw(p->fit, b));
            for (size_t j = 0; j < n; j++) by_draw[j * n_draws + b] = p->values[j];
        }
        for (size_t j = 0; j < n; j++) {
            kl_prediction *o = &out[first + j];
            double *f = by_draw + j * n_draws;
            add_noise(runs, &z, f, n_draws); /* first: the rest reorders f */
            kl_interval_percentile(&o->ci_lo, &o->ci_hi, f, n_draws, level);
            if (n_runs == 0) continue;
            kl_interval_percentile(&o->pi_lo, &o->pi_hi, runs, n_runs, level);
            o->pi_lo = fmin(o->pi_lo, o->ci_lo);
            o->pi_hi = fmax(o->pi_hi, o->ci_hi);
        }
    }
    return KL_OK;
}

kl_status kl_predict(kl_prediction *out, const kl_fit *fit, const double *inputs,
                     const int32_t *levels, size_t n_points,
                     const kl_predict_options *opt, kl_error *err)
{
    const kl_predict_options o = opt ? *opt : kl_predict_options_default();
    const double level = o.level == 0 ? kl_fit_get_summary(fit).level : o.level;
    if (o.level != 0 && !(o.level >= 0.5 && o.level <= 0.999))
        return kl_fail(err, KL_E_USAGE, "level %g is not in 0.5 to 0.999", o.level);
    if (!(o.far >= 0))
        return kl_fail(err, KL_E_USAGE, "far must be 0 or more decades, not %g", o.far);

    points p;
    kl_prediction *result = NULL;
    kl_status status = open_points(&p, fit, inputs, levels, n_points, err);
    if (status) goto out;
    result = kl_arena_array(&p.arena, n_points, sizeof *result);
    status = result ? KL_OK : kl_fail_nomem(err);
    if (status) goto out;
    status = predict_means(&p, result, o.far, err);
    if (status) goto out;
    status = predict_intervals(&p, result, level, err);
    if (status) goto out;
    memcpy(out, result, n_points * sizeof *result);
out:
    close_points(&p);
    return status;
}

kl_status kl_predict_draws(double *values, const kl_fit *fit, const double *inputs,
                           const int32_t *levels, kl_error *err)
{
    points p;
    const kl_status status = open_points(&p, fit, inputs, levels, 1, err);
    for (size_t b = 0; !status && b < kl_fit_get_n_draws(fit); b++) {
        evaluate(&p, 0, 1, kl_fit_get_draw(fit, b));
        values[b] = p.values[0];
    }
    close_points(&p);
    return status;
}
