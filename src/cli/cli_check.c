/* cli_check.c - columns, spans and collinear inputs of a table. */
#include "cli/cli_check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double near_constant = 0.3;   /* decades: a factor of two */
static const double collinear = 0.98;      /* correlation of logarithms */
static const double constant_ratio = 0.05; /* sd of ln(b/a): 5 % */

const kl_check_column *kl_check_find_column(const kl_check *check, const char *name)
{
    for (size_t i = 0; i < check->n_columns; i++)
        if (!strcmp(check->columns[i].name, name)) return &check->columns[i];
    return NULL;
}

double kl_check_scaled(const kl_check *check, double target)
{
    return check->linear ? target : log(target);
}

kl_status kl_check_problem(kl_check *check, kl_args *args, kl_error *err,
                           const char *fmt, ...)
{
    enum { MAX_PROBLEMS = 256 };
    char line[512];
    va_list list;
    if (check->problems.n == MAX_PROBLEMS) return KL_OK;
    if (!check->problems.items)
        check->problems.items =
            kl_arena_array(&args->arena, MAX_PROBLEMS, sizeof *check->problems.items);
    va_start(list, fmt);
    vsnprintf(line, sizeof line, fmt, list);
    va_end(list);
    const char *kept = kl_arena_strdup(&args->arena, line);
    if (!kept || !check->problems.items) return kl_fail_nomem(err);
    check->problems.items[check->problems.n++] = kept;
    return KL_OK;
}

static bool law_has_input(const kl_law *law, const char *name)
{
    for (size_t i = 0; i < kl_law_get_n_inputs(law); i++)
        if (!strcmp(kl_law_get_input(law, i)->name, name)) return true;
    return false;
}

/* Ends and gaps of a column of numbers. */
static void measure(kl_check_column *column, const double *values, size_t n)
{
    column->min = column->max = column->decades = NAN;
    for (size_t i = 0; i < n; i++) {
        if (isnan(values[i])) {
            column->missing++;
            continue;
        }
        column->not_positive += !(values[i] > 0);
        if (!(column->min <= values[i])) column->min = values[i];
        if (!(column->max >= values[i])) column->max = values[i];
    }
    if (!column->not_positive && isfinite(column->max))
        column->decades = log10(column->max / column->min);
}

static kl_status read_column(kl_check_column *column, const kl_table *table,
                             const char *name, kl_error *err)
{
    const size_t n = kl_table_get_n_rows(table);
    const double *numbers = kl_table_get_numbers(table, name);
    const int32_t *codes;
    column->name = name;
    column->unit = kl_table_get_unit(table, name);
    column->is_number = numbers != NULL;
    column->min = column->max = column->decades = NAN;
    const kl_status status = kl_table_require_codes(&codes, table, name, err);
    if (status) return status;
    column->distinct = kl_table_get_n_levels(table, name);
    if (numbers)
        measure(column, numbers, n);
    else
        for (size_t i = 0; i < n; i++) column->missing += codes[i] < 0;
    return KL_OK;
}

static kl_status read_columns(kl_check *check, kl_args *args, kl_error *err)
{
    check->n_columns = kl_table_get_n_columns(check->table);
    check->columns =
        kl_arena_array(&args->arena, check->n_columns + 1, sizeof *check->columns);
    if (!check->columns) return kl_fail_nomem(err);
    for (size_t i = 0; i < check->n_columns; i++) {
        kl_check_column *column = &check->columns[i];
        const char *name = kl_table_get_column_name(check->table, i);
        const kl_status status = read_column(column, check->table, name, err);
        if (status) return status;
        column->is_target = !strcmp(name, check->target);
    }
    return KL_OK;
}

static void mark_inputs(kl_check *check, const kl_law *law)
{
    for (size_t i = 0; i < check->n_columns; i++) {
        kl_check_column *column = &check->columns[i];
        if (!column->is_target && law_has_input(law, column->name))
            column->is_input = true;
    }
}

/* What is wrong with a column that a fit would use. */
static kl_status judge_column(kl_check *check, const kl_check_column *c, kl_args *args,
                              kl_error *err)
{
    kl_status status = KL_OK;
    const size_t n = kl_table_get_n_rows(check->table);
    const char *what = c->is_target ? "target" : "input";
    if (!c->is_number) {
        const double *unused;
        kl_error why = {0};
        kl_table_require_numbers(&unused, check->table, c->name, &why);
        return kl_check_problem(check, args, err, "%s", why.msg);
    }
    if (c->missing)
        status =
            kl_check_problem(check, args, err, "%s '%s': %zu of %zu values are missing",
                             what, c->name, c->missing, n);
    if (!status && c->not_positive && !(c->is_target && check->linear))
        status = kl_check_problem(check, args, err,
                                  "%s '%s': %zu values are not positive (smallest %g)",
                                  what, c->name, c->not_positive, c->min);
    if (!status && n > 1 && c->min == c->max)
        status = kl_check_problem(check, args, err, "%s '%s' is always %g", what,
                                  c->name, c->min);
    else if (!status && c->is_input && c->decades < near_constant)
        status =
            kl_check_problem(check, args, err, "input '%s' spans only a factor of %.2g",
                             c->name, c->max / c->min);
    return status;
}

/* Correlation of the logs of two columns and the spread of their ratio; false if one of
 * them does not vary. */
static bool compare(kl_check_pair *out, const double *a, const double *b, size_t n)
{
    double ma = 0, mb = 0, saa = 0, sbb = 0, sab = 0;
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(a[i] > 0 && b[i] > 0)) continue;
        /* running means, so that nearly equal sums are not subtracted */
        const double da = log(a[i]) - ma, db = log(b[i]) - mb;
        used++;
        ma += da / (double)used;
        mb += db / (double)used;
        saa += da * (log(a[i]) - ma);
        sbb += db * (log(b[i]) - mb);
        sab += da * (log(b[i]) - mb);
    }
    if (used < 3 || !(saa > 0) || !(sbb > 0)) return false;
    out->correlation = sab / sqrt(saa * sbb);
    out->ratio = exp(mb - ma);
    out->ratio_sd = sqrt(fmax(0, saa + sbb - 2 * sab) / (double)(used - 1));
    return true;
}

static kl_status find_pairs(kl_check *check, kl_args *args, kl_error *err)
{
    const size_t n = kl_table_get_n_rows(check->table);
    size_t n_inputs = 0;
    for (size_t i = 0; i < check->n_columns; i++)
        n_inputs += check->columns[i].is_input;
    check->pairs =
        kl_arena_array(&args->arena, n_inputs * n_inputs + 1, sizeof *check->pairs);
    if (!check->pairs) return kl_fail_nomem(err);
    for (size_t i = 0; i < check->n_columns; i++)
        for (size_t k = i + 1; k < check->n_columns; k++) {
            const kl_check_column *a = &check->columns[i], *b = &check->columns[k];
            kl_check_pair pair = {.a = a->name, .b = b->name};
            if (!a->is_input || !b->is_input || !a->is_number || !b->is_number)
                continue;
            if (!compare(&pair, kl_table_get_numbers(check->table, a->name),
                         kl_table_get_numbers(check->table, b->name), n))
                continue;
            if (fabs(pair.correlation) > collinear || pair.ratio_sd < constant_ratio)
                check->pairs[check->n_pairs++] = pair;
        }
    return KL_OK;
}

static kl_status judge_pairs(kl_check *check, kl_args *args, kl_error *err)
{
    kl_status status = KL_OK;
    for (size_t i = 0; i < check->n_pairs && !status; i++) {
        const kl_check_pair *p = &check->pairs[i];
        if (p->ratio_sd < constant_ratio)
            status =
                kl_check_problem(check, args, err,
                                 "%s/%s is %.3g throughout: their effects cannot be "
                                 "told apart",
                                 p->b, p->a, p->ratio);
        else
            status =
                kl_check_problem(check, args, err,
                                 "inputs '%s' and '%s' move together (correlation of "
                                 "logarithms %.3f): their effects cannot be told apart",
                                 p->a, p->b, p->correlation);
    }
    return status;
}

/* The laws to consider, one after the other; `only` or all built-in ones. */
static kl_status open_law(kl_law **out, const kl_law *only, size_t i, kl_error *err)
{
    return only ? kl_law_copy(out, only, err)
                : kl_law_open(out, kl_law_library_get_name(i), err);
}

static kl_status judge_laws(kl_check *check, const kl_law *only, kl_args *args,
                            kl_error *err)
{
    const size_t n = only ? 1 : kl_law_library_get_n();
    kl_status status = KL_OK;
    kl_law *judge = NULL; /* the law that can be fitted and has most inputs */
    check->laws = kl_arena_array(&args->arena, n + 1, sizeof *check->laws);
    if (!check->laws) return kl_fail_nomem(err);
    for (size_t i = 0; i < n && !status; i++) {
        kl_law *law = NULL;
        status = open_law(&law, only, i, err);
        if (!status) status = kl_check_judge_law(check, law, args, err);
        const bool better =
            !status && check->laws[i].verdict != KL_CHECK_NO &&
            (!judge || kl_law_get_n_inputs(law) > kl_law_get_n_inputs(judge));
        if (better) {
            kl_law_free(judge);
            judge = law;
        } else {
            kl_law_free(law);
        }
    }
    if (!status) status = kl_check_find_outliers(check, judge, args, err);
    kl_law_free(judge);
    return status;
}

static kl_status judge_columns(kl_check *check, kl_args *args, kl_error *err)
{
    bool has_target = false, has_input = false;
    kl_status status = KL_OK;
    for (size_t i = 0; i < check->n_columns && !status; i++) {
        const kl_check_column *c = &check->columns[i];
        has_target = has_target || c->is_target;
        has_input = has_input || c->is_input;
        if (c->is_target || c->is_input) status = judge_column(check, c, args, err);
    }
    if (!status && !has_target)
        status = kl_check_problem(check, args, err,
                                  "no column '%s' to explain (--target COLUMN or --map "
                                  "%s=COLUMN)",
                                  check->target, check->target);
    if (!status && !has_input)
        status =
            kl_check_problem(check, args, err, "no column is an input of %s (--map)",
                             args->law ? "the law" : "a built-in law");
    return status;
}

kl_status kl_check_run(kl_check *out, const kl_table *table, const kl_law *law,
                       const char *target, kl_args *args, kl_error *err)
{
    *out = (kl_check){.table = table, .target = target, .replicate_sd = NAN};
    out->linear = law && kl_law_get_residual(law) == KL_RESIDUAL_LINEAR;
    kl_status status = read_columns(out, args, err);
    const size_t n_laws = law ? 1 : kl_law_library_get_n();
    for (size_t i = 0; i < n_laws && !status; i++) {
        kl_law *one = NULL;
        status = open_law(&one, law, i, err);
        if (!status) mark_inputs(out, one);
        kl_law_free(one);
    }
    if (!status) status = judge_columns(out, args, err);
    if (!status) status = find_pairs(out, args, err);
    if (!status) status = judge_pairs(out, args, err);
    if (!status) status = kl_check_find_replicates(out, args, err);
    if (!status) status = judge_laws(out, law, args, err);
    return status;
}
