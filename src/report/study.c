/* study.c - roles and ranges of a fit's inputs, and percentile intervals. */
#include "report/study.h"

#include "base/fail.h"
#include "report/rounding.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int ascending_nan_last(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    if (isnan(x) || isnan(y)) return isnan(x) - isnan(y);
    return (x > y) - (x < y);
}

void kl_sort(double *values, size_t n)
{
    if (n) qsort(values, n, sizeof *values, ascending_nan_last);
}

static double percentile(const double *sorted, size_t n, double p)
{
    const double at = p * (double)(n - 1);
    const size_t k = (size_t)at;
    if (k + 1 >= n) return sorted[n - 1];
    if (sorted[k] == sorted[k + 1]) return sorted[k]; /* also where both are infinite */
    return sorted[k] + (at - (double)k) * (sorted[k + 1] - sorted[k]);
}

void kl_study_interval(double *lo, double *hi, const kl_study *s, double *values,
                       size_t n)
{
    size_t n_known = n;
    kl_sort(values, n);
    while (n_known && isnan(values[n_known - 1])) n_known--;
    *lo = *hi = NAN;
    if (!n || 2 * n_known < n) return;
    *lo = percentile(values, n_known, (1 - s->level) / 2);
    *hi = percentile(values, n_known, (1 + s->level) / 2);
}

void kl_span_fill(double *values, size_t n, double lo, double hi, bool log)
{
    const kl_axis axis = {.lo = lo, .hi = hi, .log = log};
    for (size_t i = 0; i < n; i++)
        values[i] = n > 1 ? kl_axis_value(&axis, (double)i / (double)(n - 1)) : lo;
}

kl_axis kl_span_axis(const kl_span *span, double air, double also)
{
    const double lo = isnan(also) ? span->lo : fmin(span->lo, also);
    const double hi = isnan(also) ? span->hi : fmax(span->hi, also);
    kl_axis axis = kl_axis_around(lo, hi, span->log && lo > 0, air);
    axis.count = span->count;
    axis.title = span->title;
    return axis;
}

const double *kl_study_draw(const kl_study *s, size_t b)
{
    return kl_fit_get_draw(s->fit, b * kl_fit_get_n_draws(s->fit) / s->n_draws);
}

double kl_study_input(const kl_study *s, size_t k, size_t i)
{
    return kl_fit_get_point_inputs(s->fit, k)[i];
}

double kl_study_target(const kl_study *s, size_t k)
{
    return kl_fit_get_point_target(s->fit, k);
}

int32_t kl_study_code(const kl_study *s, size_t k, size_t index)
{
    return kl_fit_get_point_code(s->fit, index, k);
}

bool kl_study_is_log(const kl_study *s)
{
    return kl_fit_get_summary(s->fit).residual == KL_RESIDUAL_LOG;
}

double kl_study_residual(const kl_study *s, size_t k)
{
    const double fitted = kl_fit_get_point_fitted(s->fit, k);
    const double target = kl_study_target(s, k);
    return kl_study_is_log(s) ? log(fitted) - log(target) : fitted - target;
}

/* "N (parameters)", or the bare name. */
static const char *title_of(kl_arena *mem, const kl_law_input *input)
{
    if (!input->unit || !*input->unit) return kl_arena_strdup(mem, input->name);
    const size_t room = strlen(input->name) + strlen(input->unit) + 4;
    char *title = kl_arena_alloc(mem, room);
    if (title) snprintf(title, room, "%s (%s)", input->name, input->unit);
    return title;
}

/* Where laws are drawn that come without data. */
static void usual_range(kl_span *span, const char *unit)
{
    static const struct {
        const char *unit;
        double lo, hi;
    } usual[] = {
        {"parameters", 1e7, 1e12}, {"tokens", 1e9, 1e14}, {"FLOP", 1e18, 1e26}};
    span->lo = 1;
    span->hi = 1e4;
    for (size_t i = 0; unit && i < sizeof usual / sizeof *usual; i++)
        if (!strcmp(unit, usual[i].unit)) {
            span->lo = usual[i].lo;
            span->hi = usual[i].hi;
        }
    span->median = sqrt(span->lo * span->hi);
}

/* Logarithmic where values are positive and spread, unless their middle says otherwise:
 * fractions from 0.02 to 1 belong on a linear axis. */
static bool suits_log(const kl_span *span)
{
    if (!(span->lo > 0) || !(span->hi > 3 * span->lo)) return false;
    if (span->hi > 1e3 * span->lo) return true;
    const double linear = (span->median - span->lo) / (span->hi - span->lo);
    const double log_place = log(span->median / span->lo) / log(span->hi / span->lo);
    return fabs(log_place - 0.5) <= fabs(linear - 0.5);
}

static kl_status init_span(kl_study *s, kl_span *span, const kl_law_input *input,
                           double *values, kl_error *err)
{
    span->count = kl_format_is_count(input->unit);
    span->name = input->name;
    span->title = title_of(&s->mem, input);
    if (!span->title) return kl_fail_nomem(err);
    kl_sort(values, s->n_points);
    if (s->n_points) {
        span->lo = values[0];
        span->hi = values[s->n_points - 1];
        span->median = values[s->n_points / 2];
    } else {
        usual_range(span, input->unit);
    }
    span->log = suits_log(span);
    span->varies = span->hi > span->lo;
    return KL_OK;
}

static kl_status init_spans(kl_study *s, kl_error *err)
{
    double *values = kl_arena_array(&s->mem, s->n_points, sizeof *values);
    s->inputs = kl_arena_array(&s->mem, s->n_inputs, sizeof *s->inputs);
    if (!values || !s->inputs) return kl_fail_nomem(err);
    for (size_t i = 0; i < s->n_inputs; i++) {
        for (size_t k = 0; k < s->n_points; k++) values[k] = kl_study_input(s, k, i);
        const kl_law_input *input = kl_law_get_input(s->law, i);
        const kl_status status = init_span(s, &s->inputs[i], input, values, err);
        if (status) return status;
        double lo, hi; /* of all rows, not only of those kept as points */
        kl_fit_get_input_range(s->fit, i, &lo, &hi);
        if (s->n_points && lo <= s->inputs[i].lo) s->inputs[i].lo = lo;
        if (s->n_points && hi >= s->inputs[i].hi) s->inputs[i].hi = hi;
    }
    for (size_t k = 0; k < s->n_points; k++) values[k] = kl_study_target(s, k);
    const kl_status status =
        init_span(s, &s->target, kl_law_get_target(s->law), values, err);
    s->target.log = kl_study_is_log(s);
    return status;
}

static kl_status init_levels(kl_study *s, kl_error *err)
{
    s->common_level = kl_arena_array(&s->mem, s->n_indices, sizeof *s->common_level);
    if (!s->common_level) return kl_fail_nomem(err);
    for (size_t i = 0; i < s->n_indices; i++) {
        const size_t n_levels =
            kl_fit_get_n_levels(s->fit, kl_law_get_index(s->law, i));
        size_t *count = kl_arena_array(&s->mem, n_levels, sizeof *count);
        if (!count) return kl_fail_nomem(err);
        for (size_t k = 0; k < s->n_points; k++) {
            const int32_t code = kl_study_code(s, k, i);
            if (code >= 0 && (size_t)code < n_levels) count[code]++;
        }
        for (size_t l = 1; l < n_levels; l++)
            if (count[l] > count[s->common_level[i]]) s->common_level[i] = (int32_t)l;
    }
    return KL_OK;
}

static size_t find_input(const kl_study *s, const char *name)
{
    size_t i = 0;
    while (i < s->n_inputs && strcmp(s->inputs[i].name, name)) i++;
    return i;
}

/* The two inputs that the cost formula joins; without one, the first two that vary. */
static kl_status init_pair(kl_study *s, const kl_symbol *symbols, size_t n_symbols,
                           kl_error *err)
{
    const bool named =
        find_input(s, "N") < s->n_inputs && find_input(s, "D") < s->n_inputs;
    s->cost_text = kl_law_get_cost(s->law);
    if (!*s->cost_text && named) s->cost_text = "6*N*D";
    size_t pair[2] = {0, 0}, n = 0, unknown = 0;
    if (*s->cost_text) {
        const kl_status status =
            kl_formula_parse(&s->cost_formula, s->cost_text, "cost", err);
        if (status) return status;
        for (size_t i = 0; i < kl_formula_get_n_names(s->cost_formula); i++) {
            const size_t k = find_input(s, kl_formula_get_name(s->cost_formula, i));
            if (k == s->n_inputs) unknown++;
            if (k < s->n_inputs && s->inputs[k].varies && n < 2) pair[n++] = k;
        }
    }
    const bool has_cost = n == 2 && !unknown;
    for (size_t i = 0; i < s->n_inputs && !has_cost && n < 2; i++)
        if (s->inputs[i].varies && !(n == 1 && pair[0] == i)) pair[n++] = i;
    s->has_pair = n == 2;
    s->x = pair[0] < pair[1] || n < 2 ? pair[0] : pair[1];
    s->y = pair[0] < pair[1] || n < 2 ? pair[1] : pair[0];
    const bool positive = n == 2 && s->inputs[s->x].lo > 0 && s->inputs[s->y].lo > 0;
    if (!has_cost || !positive) return KL_OK;
    return kl_program_new(&s->cost, s->cost_formula, symbols, n_symbols, err);
}

static kl_status init_plan(kl_study *s, kl_error *err)
{
    s->plan_budget = s->plan_x = s->plan_y = NAN;
    if (!s->plan || !s->has_pair) return KL_OK;
    if (kl_plan_get_outcome(s->plan) == KL_PLAN_INFEASIBLE) return KL_OK;
    for (size_t i = 0; i < kl_plan_get_n_variables(s->plan); i++) {
        const kl_plan_number v = kl_plan_get_variable(s->plan, i);
        if (!strcmp(v.name, s->inputs[s->x].name)) s->plan_x = v.value;
        if (!strcmp(v.name, s->inputs[s->y].name)) s->plan_y = v.value;
    }
    if (!(s->plan_x > 0) || !(s->plan_y > 0)) s->plan_x = s->plan_y = NAN;
    if (!s->cost || isnan(s->plan_x)) return KL_OK;
    kl_probe at;
    kl_frame *frame = NULL;
    kl_status status = kl_probe_new(&at, s, 1, &s->mem, err);
    if (status) return status;
    at.inputs[s->x][0] = s->plan_x;
    at.inputs[s->y][0] = s->plan_y;
    status = kl_probe_frame(&frame, s->cost, &at, err);
    if (!status)
        status = kl_frame_values(frame, kl_fit_get_theta(s->fit), &s->plan_budget, err);
    kl_frame_free(frame);
    return status;
}

kl_status kl_study_init(kl_study *s, const kl_fit *fit, const kl_plan *plan,
                        const kl_report_options *opt, kl_error *err)
{
    *s = (kl_study){.fit = fit, .plan = plan, .law = kl_fit_get_law(fit)};
    s->level = opt->level > 0 ? opt->level : kl_fit_get_summary(fit).level;
    if (!(s->level > 0)) s->level = 0.9; /* a fit from values: no draws to use it on */
    if (!(s->level >= 0.5 && s->level <= 0.999))
        return kl_fail(err, KL_E_USAGE, "level %g is not between 0.5 and 0.999",
                       s->level);
    const size_t n_draws = kl_fit_get_n_draws(fit);
    s->n_draws = n_draws < opt->max_draws ? n_draws : opt->max_draws;
    s->n_inputs = kl_law_get_n_inputs(s->law);
    s->n_indices = kl_law_get_n_indices(s->law);
    s->n_points = kl_fit_get_n_points(fit);
    size_t n_symbols;
    const kl_symbol *symbols = kl_fit_get_symbols(fit, &n_symbols);
    kl_status status = init_spans(s, err);
    if (!status) status = init_levels(s, err);
    if (!status)
        status = kl_program_new(&s->program, kl_law_get_formula(s->law), symbols,
                                n_symbols, err);
    if (!status) status = init_pair(s, symbols, n_symbols, err);
    if (!status) status = init_plan(s, err);
    return status;
}

void kl_study_free(kl_study *s)
{
    kl_program_free(s->cost);
    kl_program_free(s->program);
    kl_formula_free(s->cost_formula);
    kl_arena_free(&s->mem);
}
