/*
 * cli_check_rows.c - replicates and outliers of a table.
 *
 * Replicates are rows with equal inputs; their spread is noise that no law explains.
 * Outliers are rows whose residual from a quick robust fit (or, if no law can be
 * fitted, whose target) is far from the median in units of 1.4826 times the median
 * absolute deviation, which is the standard deviation of a normal distribution.
 */
#include "cli/cli_check.h"

#include "cli/cli_points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FITTED = 10000 }; /* rows of the quick fit */

static const double mad_to_sd = 1.4826;
static const double far_in_sd = 8; /* losses have heavy tails */

/* The inputs' columns, for comparing rows. */
typedef struct keys {
    const double **columns;
    size_t n;
} keys;

static int compare_rows(const void *a, const void *b, void *context)
{
    const size_t i = *(const size_t *)a, k = *(const size_t *)b;
    const keys *by = context;
    for (size_t c = 0; c < by->n; c++) {
        const double x = by->columns[c][i], y = by->columns[c][k];
        if (x < y) return -1;
        if (x > y) return 1;
    }
    return 0;
}

/* Rows with all inputs positive and a target that has a place on its scale. */
static size_t usable_rows(size_t *rows, const keys *by, const kl_check *check,
                          const double *target, size_t n)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        bool whole = isfinite(kl_check_scaled(check, target[i]));
        for (size_t c = 0; c < by->n; c++) whole = whole && by->columns[c][i] > 0;
        if (whole) rows[used++] = i;
    }
    return used;
}

static kl_status collect_keys(keys *out, const kl_check *check, kl_args *args,
                              kl_error *err)
{
    out->n = 0;
    out->columns =
        kl_arena_array(&args->arena, check->n_columns + 1, sizeof *out->columns);
    if (!out->columns) return kl_fail_nomem(err);
    for (size_t i = 0; i < check->n_columns; i++)
        if (check->columns[i].is_input && check->columns[i].is_number)
            out->columns[out->n++] =
                kl_table_get_numbers(check->table, check->columns[i].name);
    return KL_OK;
}

kl_status kl_check_find_replicates(kl_check *check, kl_args *args, kl_error *err)
{
    keys by;
    const size_t n = kl_table_get_n_rows(check->table);
    const double *target = kl_table_get_numbers(check->table, check->target);
    const kl_status status = collect_keys(&by, check, args, err);
    if (status || !target || !by.n) return status;
    size_t *rows = kl_arena_array(&args->arena, n + 1, sizeof *rows);
    if (!rows) return kl_fail_nomem(err);
    const size_t used = usable_rows(rows, &by, check, target, n);
    qsort_r(rows, used, sizeof *rows, compare_rows, &by);
    double squares = 0;
    for (size_t i = 0, end; i < used; i = end) {
        double mean = 0;
        for (end = i; end < used && !compare_rows(&rows[i], &rows[end], &by); end++)
            mean += kl_check_scaled(check, target[rows[end]]);
        const size_t count = end - i;
        if (count < 2) continue;
        mean /= (double)count;
        for (size_t k = i; k < end; k++) {
            const double d = kl_check_scaled(check, target[rows[k]]) - mean;
            squares += d * d;
        }
        check->replicate_groups++;
        check->replicate_rows += count;
    }
    const size_t freedom = check->replicate_rows - check->replicate_groups;
    if (freedom) check->replicate_sd = sqrt(squares / (double)freedom);
    return KL_OK;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median; sorts the values. */
static double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare_doubles);
    return n % 2 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

/* z of each value, in place; all zero if more than half are equal. */
static kl_status standardise(double *values, size_t n, kl_args *args, kl_error *err)
{
    double *work = kl_arena_doubles(&args->arena, n + 1);
    if (!work) return kl_fail_nomem(err);
    if (!n) return KL_OK;
    memcpy(work, values, n * sizeof *work);
    const double middle = median(work, n);
    for (size_t i = 0; i < n; i++) work[i] = fabs(values[i] - middle);
    const double sd = mad_to_sd * median(work, n);
    for (size_t i = 0; i < n; i++) values[i] = sd > 0 ? (values[i] - middle) / sd : 0;
    return KL_OK;
}

/* A column of some rows of the table, added to another table under its own name. */
static kl_status copy_column(kl_table *to, const kl_table *from, const char *name,
                             const size_t *rows, size_t n, kl_args *args, kl_error *err)
{
    const double *values = kl_table_get_numbers(from, name);
    double *kept = kl_arena_doubles(&args->arena, n + 1);
    if (!kept) return kl_fail_nomem(err);
    for (size_t i = 0; i < n && values; i++) kept[i] = values[rows[i]];
    return kl_table_add_numbers(to, name, kept, err);
}

/* The given rows as a table with the inputs of a law and the target. */
static kl_status table_of_rows(kl_table **out, const kl_check *check, const kl_law *law,
                               const size_t *rows, size_t n, kl_args *args,
                               kl_error *err)
{
    kl_status status = kl_table_new(out, n, "usable rows", err);
    for (size_t i = 0; i < kl_law_get_n_inputs(law) && !status; i++)
        status = copy_column(*out, check->table, kl_law_get_input(law, i)->name, rows,
                             n, args, err);
    if (!status)
        status = copy_column(*out, check->table, check->target, rows, n, args, err);
    return status;
}

/* A fit of the law to the rows, or to every k-th of many: quick, and robust enough. */
static kl_status quick_fit(kl_fit **out, const kl_check *check, const kl_law *judge,
                           const size_t *rows, size_t n, kl_args *args, kl_error *err)
{
    kl_fit_options opt = kl_fit_options_default();
    kl_table *table = NULL;
    kl_law *law = NULL;
    opt.bootstrap = 0;
    opt.profile = false;
    const size_t step = (n + MOST_FITTED - 1) / MOST_FITTED, kept = step ? n / step : 0;
    size_t *some = kl_arena_array(&args->arena, kept + 1, sizeof *some);
    if (!some) return kl_fail_nomem(err);
    for (size_t i = 0; i < kept; i++) some[i] = rows[i * step];
    kl_status status = kl_law_copy(&law, judge, err);
    if (!status) status = kl_law_set_target(law, check->target, err);
    if (!status) status = table_of_rows(&table, check, law, some, kept, args, err);
    if (!status) status = kl_fit_run(out, table, law, &opt, err);
    kl_law_free(law);
    kl_table_free(table);
    return status;
}

/* values[i] = law - target, both scaled, at the usable rows, if `made`. */
static kl_status residuals_of(double *values, bool *made, const kl_check *check,
                              const kl_law *judge, const size_t *rows, size_t n,
                              kl_args *args, kl_error *err)
{
    kl_table *table = NULL;
    kl_fit *fit = NULL;
    kl_points points = {0};
    *made = false;
    kl_error why = {0}; /* a table that cannot be fitted is what check is for */
    kl_status status = quick_fit(&fit, check, judge, rows, n, args, &why);
    if (!status) status = table_of_rows(&table, check, judge, rows, n, args, &why);
    if (!status) status = kl_points_from_table(&points, fit, table, &why);
    if (!status) status = kl_points_predict(&points, fit, NULL, &why);
    *made = !status && points.truth;
    for (size_t i = 0; i < n && *made; i++) {
        values[i] = kl_check_scaled(check, points.predictions[i].mean) -
                    kl_check_scaled(check, points.truth[i]);
        *made = isfinite(values[i]);
    }
    kl_points_free(&points);
    kl_fit_free(fit);
    kl_table_free(table);
    return status == KL_E_NOMEM ? kl_fail_nomem(err) : KL_OK;
}

static kl_status report_outliers(kl_check *check, kl_args *args, kl_error *err)
{
    kl_text lines = {0};
    enum { MOST_NAMED = 10 };
    if (!check->n_outliers) return KL_OK;
    for (size_t i = 0; i < check->n_outliers && i < MOST_NAMED; i++)
        kl_text_addf(&lines, "%s%ld", i ? ", " : "", check->outliers[i].line);
    if (check->n_outliers > MOST_NAMED) kl_text_add(&lines, ", ...");
    const kl_status status =
        lines.failed
            ? kl_fail_nomem(err)
            : kl_check_problem(check, args, err, "%zu row%s far from %s: line%s %s",
                               check->n_outliers,
                               check->n_outliers == 1 ? " is" : "s are",
                               check->judge ? check->judge : "the others",
                               check->n_outliers == 1 ? "" : "s", lines.data);
    kl_text_free(&lines);
    return status;
}

/* Indexed laws need their categories and are left to the fit itself. */
static bool can_judge(const kl_law *judge)
{
    return judge && !kl_law_get_n_indices(judge);
}

kl_status kl_check_find_outliers(kl_check *check, const kl_law *judge, kl_args *args,
                                 kl_error *err)
{
    const size_t n = kl_table_get_n_rows(check->table);
    const double *target = kl_table_get_numbers(check->table, check->target);
    bool made = false;
    keys by;
    kl_status status = collect_keys(&by, check, args, err);
    if (status || !target) return status;
    double *values = kl_arena_doubles(&args->arena, n + 1);
    size_t *rows = kl_arena_array(&args->arena, n + 1, sizeof *rows);
    check->outliers = kl_arena_array(&args->arena, n + 1, sizeof *check->outliers);
    if (!values || !rows || !check->outliers) return kl_fail_nomem(err);
    const size_t used = usable_rows(rows, &by, check, target, n);
    if (can_judge(judge))
        status = residuals_of(values, &made, check, judge, rows, used, args, err);
    if (made) check->judge = kl_arena_strdup(&args->arena, kl_law_get_name(judge));
    for (size_t i = 0; i < used && !made; i++)
        values[i] = kl_check_scaled(check, target[rows[i]]);
    if (!status) status = standardise(values, used, args, err);
    for (size_t i = 0; i < used && !status; i++)
        if (fabs(values[i]) > far_in_sd)
            check->outliers[check->n_outliers++] =
                (kl_check_outlier){.line = kl_table_get_line(check->table, rows[i]),
                                   .target = target[rows[i]],
                                   .z = values[i]};
    return status ? status : report_outliers(check, args, err);
}
