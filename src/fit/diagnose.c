/* diagnose.c - bounds, flat profiles, narrow or collinear data, doubtful optima. */
#include "fit/diagnose.h"

#include "base/number.h"

#include <math.h>

static const double few_decades = 1.0, collinear = 0.98, ill_conditioned = 1e10;
static const double runaway = 1e3; /* standard error against the value */
static const double alike = 0.6;   /* correlation of neighbouring residuals */
static const size_t few_rows = 20; /* under which no correlation is judged */

/* Range of a positive input in decades; NaN if it has values that are not positive. */
static double decades(const kl_fit *fit, size_t i)
{
    return fit->input_lo[i] > 0 ? log10(fit->input_hi[i] / fit->input_lo[i]) : NAN;
}

static double correlation(const double *x, const double *y, size_t n)
{
    double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < n; i++)
        mx += log(x[i]) / (double)n, my += log(y[i]) / (double)n;
    for (size_t i = 0; i < n; i++) {
        const double dx = log(x[i]) - mx, dy = log(y[i]) - my;
        xx += dx * dx, yy += dy * dy, xy += dx * dy;
    }
    return xy / sqrt(xx * yy);
}

static kl_status check_inputs(kl_fit *fit, const kl_sample *s, kl_error *err)
{
    kl_status status = KL_OK;
    for (size_t i = 0; !status && i < fit->n_inputs; i++) {
        const char *name = kl_law_get_input(fit->law, i)->name;
        if (fit->input_lo[i] == fit->input_hi[i])
            status = kl_fit_warn(
                fit, err, "input '%s' has one value: its effect can't be seen", name);
        else if (decades(fit, i) < few_decades)
            status = kl_fit_warn(
                fit, err, "input '%s' spans only %.2g decades: exponents need more",
                name, decades(fit, i));
        for (size_t j = 0; !status && j < i; j++) {
            if (!(fit->input_lo[i] > 0 && fit->input_lo[j] > 0)) continue;
            const double r = correlation(s->inputs[i], s->inputs[j], s->n_rows);
            if (fabs(r) > collinear)
                status = kl_fit_warn(
                    fit, err,
                    "inputs '%s' and '%s' move together (correlation of logs "
                    "%.3f): the law can't tell them apart",
                    kl_law_get_input(fit->law, j)->name, name, r);
        }
    }
    return status;
}

static kl_status check_parameters(kl_fit *fit, kl_error *err)
{
    kl_status status = KL_OK;
    for (size_t i = 0; !status && i < fit->n_theta; i++) {
        const kl_fit_parameter *p = &fit->parameters[i];
        char value[32];
        if (p->fixed) continue;
        if (p->value != 0 && p->bootstrap_se > runaway * fabs(p->value))
            status = kl_fit_warn(fit, err,
                                 "'%s' runs away in some resamples: its standard error "
                                 "says nothing",
                                 p->name);
        if (status) break;
        if (p->at_bound)
            status = kl_fit_warn(fit, err, "'%s' ended at the end of its range, %s",
                                 p->name, kl_number_format_plain(value, p->value, 6));
        else if (fit->profiles[i].n && (isinf(p->profile_lo) || isinf(p->profile_hi) ||
                                        p->profile_lo <= fit->slots[i].lo ||
                                        p->profile_hi >= fit->slots[i].hi))
            status = kl_fit_warn(
                fit, err, "the profile of '%s' is flat: the data do not bound it%s",
                p->name,
                isinf(p->profile_hi) || p->profile_hi >= fit->slots[i].hi
                    ? " from above"
                    : " from below");
    }
    return status;
}

static kl_status check_optimum(kl_fit *fit, kl_error *err)
{
    const kl_fit_summary *s = &fit->summary;
    kl_status status = KL_OK;
    if (fit->outcome == KL_FIT_STALLED)
        status =
            kl_fit_warn(fit, err, "the solver stopped before its tolerance was met");
    if (!status && s->starts >= 8 && s->starts_at_best * 4 < s->starts)
        status =
            kl_fit_warn(fit, err,
                        "only %zu of %zu starts reached the best optimum: use more "
                        "starts",
                        s->starts_at_best, s->starts);
    if (!status && s->condition > ill_conditioned)
        status =
            kl_fit_warn(fit, err,
                        "condition number %.1e: some combination of parameters is not "
                        "determined",
                        s->condition);
    if (!status && s->bootstrap_failed * 50 > s->bootstrap)
        status = kl_fit_warn(fit, err, "%zu of %zu bootstrap refits failed",
                             s->bootstrap_failed, s->bootstrap);
    return status;
}

/* Correlation of each residual with the next, in the order of the table. */
static double neighbours(const kl_fit *fit)
{
    double products = 0, squares = 0;
    for (size_t i = 0; i < fit->n_residuals; i++) {
        const double r = fit->residuals[i];
        squares += r * r;
        if (i + 1 < fit->n_residuals) products += r * fit->residuals[i + 1];
    }
    return products / squares;
}

static kl_status check_rows(kl_fit *fit, const kl_sample *sample, kl_error *err)
{
    const kl_fit_summary *s = &fit->summary;
    kl_status status = KL_OK;
    if (s->n_rows < 3 * s->n_free)
        status =
            kl_fit_warn(fit, err,
                        "%zu rows for %zu parameters: intervals are rough, and too "
                        "narrow if anything",
                        s->n_rows, s->n_free);
    if (!status && sample->group && sample->n_groups < 10)
        status =
            kl_fit_warn(fit, err, "only %zu groups to resample: intervals are rough",
                        sample->n_groups);
    if (!status && !sample->group && s->n_rows >= few_rows && neighbours(fit) > alike)
        status = kl_fit_warn(fit, err,
                             "residuals of neighbouring rows are alike (correlation "
                             "%.2f): if they are of one run, resample by run (--group)",
                             neighbours(fit));
    if (!status && s->replicate_rows - s->replicate_groups >= 5 &&
        s->residual_sd > 2 * s->replicate_sd)
        status = kl_fit_warn(
            fit, err,
            "residuals (sd %.2g) are larger than the noise of repeated runs "
            "(sd %.2g): the law misses something",
            s->residual_sd, s->replicate_sd);
    return status;
}

kl_status kl_diagnose(kl_fit *fit, const kl_sample *s, kl_error *err)
{
    kl_status status = check_optimum(fit, err);
    if (!status) status = check_parameters(fit, err);
    if (!status) status = check_inputs(fit, s, err);
    if (!status) status = check_rows(fit, s, err);
    return status;
}
