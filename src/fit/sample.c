/* sample.c - from a table to checked columns, program and frame. */
#include "fit/sample.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Columns of the table that the fit reads; borrowed. */
typedef struct columns {
    const double **inputs;
    const int32_t **codes;
    const double *target, *weight;
    const int32_t *group;
    const char **names; /* of the table, to resolve the law */
} columns;

static kl_status resolve(kl_fit *fit, const kl_table *runs, kl_arena *arena,
                         kl_error *err)
{
    const size_t n = kl_table_get_n_columns(runs);
    const char **names = kl_arena_array(arena, n, sizeof *names);
    if (!names) return kl_fail_nomem(err);
    for (size_t i = 0; i < n; i++) names[i] = kl_table_get_column_name(runs, i);
    return kl_law_resolve(fit->law, names, n, err);
}

static kl_status find_columns(columns *c, const kl_fit *fit, const kl_table *runs,
                              const kl_fit_options *opt, kl_arena *arena, kl_error *err)
{
    const size_t n_inputs = kl_law_get_n_inputs(fit->law);
    const size_t n_indices = kl_law_get_n_indices(fit->law);
    kl_status status = KL_OK;
    c->inputs = kl_arena_array(arena, n_inputs, sizeof *c->inputs);
    c->codes = kl_arena_array(arena, n_indices, sizeof *c->codes);
    if (!c->inputs || !c->codes) return kl_fail_nomem(err);
    for (size_t i = 0; !status && i < n_inputs; i++)
        status = kl_table_require_numbers(&c->inputs[i], runs,
                                          kl_law_get_input(fit->law, i)->name, err);
    for (size_t i = 0; !status && i < n_indices; i++)
        status = kl_table_require_codes(&c->codes[i], runs,
                                        kl_law_get_index(fit->law, i), err);
    if (!status)
        status = kl_table_require_numbers(&c->target, runs,
                                          kl_law_get_target(fit->law)->name, err);
    if (!status && opt->weight)
        status = kl_table_require_numbers(&c->weight, runs, opt->weight, err);
    if (!status && opt->group)
        status = kl_table_require_codes(&c->group, runs, opt->group, err);
    return status;
}

static kl_status bad_value(const kl_table *runs, size_t row, const char *column,
                           double v, const char *what, kl_error *err)
{
    const long line = kl_table_get_line(runs, row);
    return kl_fail_at(err, KL_E_DOMAIN, line, 0, "%s:%ld: column '%s': %g %s",
                      kl_table_get_path(runs), line, column, v, what);
}

/* Check one row. @return KL_OK with *use telling whether it is complete and weighs
 * anything */
static kl_status check_row(bool *use, const columns *c, const kl_fit *fit,
                           const kl_table *runs, size_t row, const kl_fit_options *opt,
                           bool log_residual, kl_error *err)
{
    const kl_law *law = fit->law;
    const char *target = kl_law_get_target(law)->name;
    const double y = c->target[row];
    *use = !isnan(y) && !(c->weight && c->weight[row] == 0);
    for (size_t i = 0; i < kl_law_get_n_inputs(law); i++) {
        const double v = c->inputs[i][row];
        if (isnan(v)) *use = false;
        if (isinf(v))
            return bad_value(runs, row, kl_law_get_input(law, i)->name, v,
                             "is not finite (leave such rows out with --where)", err);
    }
    for (size_t i = 0; i < kl_law_get_n_indices(law); i++)
        if (c->codes[i][row] < 0) *use = false;
    if (isinf(y))
        return bad_value(runs, row, target, y,
                         "is not finite (leave such rows out with --where)", err);
    if (*use && log_residual && !(y > 0))
        return bad_value(
            runs, row, target, y,
            "is not positive, but its logarithm is taken (--residual linear, "
            "or leave such rows out with --where)",
            err);
    if (c->weight && !(c->weight[row] >= 0 && isfinite(c->weight[row])))
        return bad_value(runs, row, opt->weight, c->weight[row],
                         "is no weight: it must be finite and at least 0", err);
    if (c->group && c->group[row] < 0) {
        const long line = kl_table_get_line(runs, row);
        return kl_fail_at(err, KL_E_DOMAIN, line, 0,
                          "%s:%ld: column '%s' is missing, but runs are grouped by it",
                          kl_table_get_path(runs), line, opt->group);
    }
    return KL_OK;
}

static kl_status choose_rows(kl_sample *s, const columns *c, const kl_fit *fit,
                             const kl_table *runs, const kl_fit_options *opt,
                             bool log_residual, kl_error *err)
{
    const size_t n = kl_table_get_n_rows(runs);
    s->table_row = kl_arena_array(&s->arena, n, sizeof *s->table_row);
    if (!s->table_row) return kl_fail_nomem(err);
    for (size_t row = 0; row < n; row++) {
        bool use;
        const kl_status status =
            check_row(&use, c, fit, runs, row, opt, log_residual, err);
        if (status) return status;
        if (use)
            s->table_row[s->n_rows++] = row;
        else if (!(c->weight && c->weight[row] == 0))
            s->n_missing++;
    }
    return KL_OK;
}

static double *copy_numbers(kl_sample *s, const double *column, double factor)
{
    double *copy = kl_arena_doubles(&s->arena, s->n_rows);
    for (size_t i = 0; copy && i < s->n_rows; i++)
        copy[i] = factor * column[s->table_row[i]];
    return copy;
}

/* Codes of the levels that the rows use, in order of first appearance. */
static int32_t *copy_codes(kl_sample *s, const int32_t *column, size_t n_levels,
                           int32_t *old_level, size_t *n_used)
{
    int32_t *copy = kl_arena_array(&s->arena, s->n_rows, sizeof *copy);
    int32_t *renumbered = kl_arena_array(&s->arena, n_levels, sizeof *renumbered);
    if (!copy || !renumbered) return NULL;
    for (size_t l = 0; l < n_levels; l++) renumbered[l] = -1;
    *n_used = 0;
    for (size_t i = 0; i < s->n_rows; i++) {
        const int32_t code = column[s->table_row[i]];
        if (renumbered[code] < 0) {
            if (old_level) old_level[*n_used] = code;
            renumbered[code] = (int32_t)(*n_used)++;
        }
        copy[i] = renumbered[code];
    }
    return copy;
}

static kl_status copy_levels(kl_sample *s, kl_fit *fit, const columns *c,
                             const kl_table *runs, kl_error *err)
{
    const size_t n = kl_law_get_n_indices(fit->law);
    fit->levels = kl_arena_array(&fit->arena, n, sizeof *fit->levels);
    s->codes = kl_arena_array(&s->arena, n, sizeof *s->codes);
    if (!fit->levels || !s->codes) return kl_fail_nomem(err);
    for (size_t i = 0; i < n; i++) {
        const char *column = kl_law_get_index(fit->law, i);
        const size_t n_levels = kl_table_get_n_levels(runs, column);
        kl_levels *levels = &fit->levels[i];
        int32_t *old_level = kl_arena_array(&s->arena, n_levels, sizeof *old_level);
        levels->names = kl_arena_array(&fit->arena, n_levels, sizeof *levels->names);
        if (!old_level || !levels->names) return kl_fail_nomem(err);
        s->codes[i] = copy_codes(s, c->codes[i], n_levels, old_level, &levels->n);
        if (!s->codes[i]) return kl_fail_nomem(err);
        for (size_t l = 0; l < levels->n; l++) {
            const char *text = kl_table_get_level(runs, column, (size_t)old_level[l]);
            if (!(levels->names[l] = kl_arena_strdup(&fit->arena, text)))
                return kl_fail_nomem(err);
        }
    }
    return KL_OK;
}

/* Factor from the table's unit to the law's; said in a warning if it is not 1. */
static kl_status unit_factor(double *factor, kl_fit *fit, const kl_table *runs,
                             const kl_law_input *input, kl_error *err)
{
    const char *have = kl_table_get_unit(runs, input->name);
    kl_error why;
    *factor = 1;
    if (!have || !input->unit) return KL_OK;
    const kl_status status = kl_unit_factor(factor, have, input->unit, &why);
    if (status)
        return kl_fail(err, status, "%s: column '%s': %s", kl_table_get_path(runs),
                       input->name, why.msg);
    if (*factor == 1) return KL_OK;
    return kl_fit_warn(fit, err,
                       "column '%s' was converted from %s to %s (times %.10g)",
                       input->name, have, input->unit, *factor);
}

static kl_status copy_columns(kl_sample *s, kl_fit *fit, const columns *c,
                              const kl_table *runs, bool log_residual, kl_error *err)
{
    const size_t n_inputs = kl_law_get_n_inputs(fit->law);
    double factor;
    s->inputs = kl_arena_array(&s->arena, n_inputs, sizeof *s->inputs);
    if (!s->inputs) return kl_fail_nomem(err);
    for (size_t i = 0; i < n_inputs; i++) {
        const kl_status status =
            unit_factor(&factor, fit, runs, kl_law_get_input(fit->law, i), err);
        if (status) return status;
        s->inputs[i] = copy_numbers(s, c->inputs[i], factor);
        if (!s->inputs[i]) return kl_fail_nomem(err);
    }
    const kl_status status =
        unit_factor(&factor, fit, runs, kl_law_get_target(fit->law), err);
    if (status) return status;
    s->y = copy_numbers(s, c->target, factor);
    s->target = kl_arena_doubles(&s->arena, s->n_rows);
    if (!s->y || !s->target) return kl_fail_nomem(err);
    for (size_t i = 0; i < s->n_rows; i++)
        s->target[i] = log_residual ? log(s->y[i]) : s->y[i];
    if (c->weight && !(s->weight = copy_numbers(s, c->weight, 1)))
        return kl_fail_nomem(err);
    return copy_levels(s, fit, c, runs, err);
}

static kl_status copy_groups(kl_sample *s, const columns *c, const kl_table *runs,
                             const char *column, kl_error *err)
{
    if (!c->group) return KL_OK;
    const size_t n_levels = kl_table_get_n_levels(runs, column);
    s->group = copy_codes(s, c->group, n_levels, NULL, &s->n_groups);
    if (!s->group) return kl_fail_nomem(err);
    if (s->n_groups > 1) return KL_OK;
    return kl_fail(err, KL_E_SHAPE,
                   "%s: column '%s' makes one group of all rows: intervals need two or "
                   "more",
                   kl_table_get_path(runs), column);
}

/* The formula over the rows; what depends on data alone must be finite. */
static kl_status build_frame(kl_sample *s, const kl_fit *fit, const kl_table *runs,
                             kl_error *err)
{
    kl_status status = kl_program_new(&s->program, kl_law_get_formula(fit->law),
                                      fit->symbols, fit->n_symbols, err);
    if (status) return status;
    const kl_columns cols = {s->n_rows, (const double *const *)s->inputs,
                             (const int32_t *const *)s->codes};
    kl_error why = {0};
    status = kl_frame_new(&s->frame, s->program, &cols, &why);
    if (!status) return KL_OK;
    if (why.line < 1) return kl_fail(err, status, "%s", why.msg);
    const long line = kl_table_get_line(runs, s->table_row[why.line - 1]);
    return kl_fail_at(err, status, line, 0, "%s:%ld: %s", kl_table_get_path(runs), line,
                      why.msg);
}

static void find_ranges(const kl_sample *s, kl_fit *fit)
{
    for (size_t i = 0; i < fit->n_inputs; i++) {
        double lo = HUGE_VAL, hi = -HUGE_VAL;
        for (size_t r = 0; r < s->n_rows; r++) {
            lo = fmin(lo, s->inputs[i][r]);
            hi = fmax(hi, s->inputs[i][r]);
        }
        fit->input_lo[i] = lo;
        fit->input_hi[i] = hi;
    }
}

/* A place on an input's axis is searched where the runs are. */
static void place_starts(kl_fit *fit)
{
    for (size_t slot = 0; slot < fit->n_theta; slot++) {
        kl_slot *s = &fit->slots[slot];
        const char *like = kl_law_get_parameter(fit->law, s->parameter)->like;
        for (size_t i = 0; like && i < fit->n_inputs; i++) {
            if (strcmp(kl_law_get_input(fit->law, i)->name, like)) continue;
            const double lo = fmax(fit->input_lo[i], s->lo);
            const double hi = fmin(fit->input_hi[i], s->hi);
            if (lo < hi && (lo > 0 || !s->is_log)) s->start_lo = lo, s->start_hi = hi;
        }
    }
}

/* A table without a curve: all inputs have one value, or there are none. */
static kl_status check_curve(const kl_sample *s, const kl_fit *fit,
                             const kl_table *runs, kl_error *err)
{
    if (s->n_rows < 2) return KL_OK; /* too few rows, which is said elsewhere */
    for (size_t i = 0; i < fit->n_inputs; i++)
        if (fit->input_lo[i] < fit->input_hi[i]) return KL_OK;
    if (fit->n_indices) return KL_OK; /* levels may differ */
    return kl_fail(
        err, KL_E_SHAPE,
        "%s: no input of law '%s' has more than one value: there is no curve "
        "to fit",
        kl_table_get_path(runs), kl_law_get_name(fit->law));
}

/* A formula that names no column is a slip of the pen. */
static kl_status check_inputs(const kl_fit *fit, const kl_table *runs, kl_error *err)
{
    const kl_law *law = fit->law;
    if (kl_law_get_n_inputs(law) || kl_law_get_n_indices(law)) return KL_OK;
    for (size_t i = 0; i < kl_law_get_n_parameters(law); i++) {
        const char *name = kl_law_get_parameter(law, i)->name;
        for (size_t c = 0; c < kl_table_get_n_columns(runs); c++) {
            const char *column = kl_table_get_column_name(runs, c);
            if (kl_text_nearest(name, &column, 1))
                return kl_fail(
                    err, KL_E_USAGE,
                    "the formula uses no column of '%s'; is '%s' column '%s'?",
                    kl_table_get_path(runs), name, column);
        }
    }
    return kl_fail(err, KL_E_USAGE,
                   "the formula uses no column of '%s': all its names are parameters",
                   kl_table_get_path(runs));
}

kl_status kl_sample_take(kl_sample *s, kl_fit *fit, const kl_table *runs,
                         const kl_fit_options *opt, bool log_residual, kl_error *err)
{
    columns c = {0};
    memset(s, 0, sizeof *s);
    kl_status status = resolve(fit, runs, &s->arena, err);
    if (!status) status = check_inputs(fit, runs, err);
    if (!status) status = find_columns(&c, fit, runs, opt, &s->arena, err);
    if (!status) status = choose_rows(s, &c, fit, runs, opt, log_residual, err);
    if (!status && s->n_rows == 0)
        status =
            kl_fail(err, KL_E_SHAPE, "%s: no row has all values that law '%s' needs%s",
                    kl_table_get_path(runs), kl_law_get_name(fit->law),
                    opt->weight ? " and a weight above 0" : "");
    if (!status) status = copy_columns(s, fit, &c, runs, log_residual, err);
    if (!status) status = copy_groups(s, &c, runs, opt->group, err);
    if (!status) status = kl_fit_lay_out(fit, err);
    if (!status) status = build_frame(s, fit, runs, err);
    if (!status) {
        find_ranges(s, fit);
        place_starts(fit);
        status = check_curve(s, fit, runs, err);
    }
    if (!status && s->n_missing)
        status = kl_fit_warn(fit, err, "%zu rows lack a value and were left out",
                             s->n_missing);
    return status;
}

void kl_sample_free(kl_sample *s)
{
    kl_frame_free(s->frame);
    kl_program_free(s->program);
    kl_arena_free(&s->arena);
    memset(s, 0, sizeof *s);
}

kl_problem kl_sample_problem(const kl_sample *s, const kl_fit *fit, bool log_residual)
{
    return (kl_problem){s->program,  s->frame,
                        s->n_rows,   s->target,
                        s->weight,   log_residual ? KL_LINK_LOG : KL_LINK_LINEAR,
                        fit->n_theta};
}
