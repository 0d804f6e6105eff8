/* cli_points.c - predictions at points as text, CSV and JSON. */
#include "cli/cli_points.h"

#include "cli/cli_output.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void kl_points_free(kl_points *points)
{
    free(points->inputs);
    free(points->levels);
    free(points->truth);
    free(points->predictions);
    memset(points, 0, sizeof *points);
}

/* The target's values in the law's unit. */
static kl_status read_truth(kl_points *points, const kl_law_input *target,
                            const kl_table *table, kl_error *err)
{
    const double *values;
    double factor = 1;
    const char *unit = kl_table_get_unit(table, target->name);
    kl_status status = kl_table_require_numbers(&values, table, target->name, err);
    if (!status && unit && target->unit)
        status = kl_unit_factor(&factor, unit, target->unit, err);
    if (status) return status;
    points->truth = malloc((points->n + 1) * sizeof *points->truth);
    if (!points->truth) return kl_fail_nomem(err);
    for (size_t i = 0; i < points->n; i++) points->truth[i] = factor * values[i];
    return KL_OK;
}

kl_status kl_points_from_table(kl_points *out, const kl_fit *fit, const kl_table *table,
                               kl_error *err)
{
    memset(out, 0, sizeof *out);
    const kl_law_input *target = kl_law_get_target(kl_fit_get_law(fit));
    kl_status status = kl_predict_points(&out->inputs, &out->levels, fit, table, err);
    if (!status) {
        out->n = kl_table_get_n_rows(table);
        if (kl_table_has_column(table, target->name))
            status = read_truth(out, target, table, err);
    }
    if (status) kl_points_free(out);
    return status;
}

kl_status kl_points_predict(kl_points *points, const kl_fit *fit,
                            const kl_predict_options *opt, kl_error *err)
{
    points->predictions = calloc(points->n + 1, sizeof *points->predictions);
    if (!points->predictions) return kl_fail_nomem(err);
    return kl_predict(points->predictions, fit, points->inputs, points->levels,
                      points->n, opt, err);
}

/* Relative error of prediction i; NaN without truth. */
static double relative_error(const kl_points *points, size_t i)
{
    if (!points->truth) return NAN;
    return (points->predictions[i].mean - points->truth[i]) / points->truth[i];
}

static const char *level_of(const kl_points *points, const kl_fit *fit, size_t i,
                            size_t k)
{
    const kl_law *law = kl_fit_get_law(fit);
    const int32_t code = points->levels[i * kl_law_get_n_indices(law) + k];
    return kl_fit_get_level(fit, kl_law_get_index(law, k), (size_t)code);
}

/* What the columns of a listing are, from which intervals exist. */
typedef struct layout {
    size_t n_inputs, n_indices;
    bool ci, pi, decades, truth;
} layout;

static layout make_layout(const kl_points *points, const kl_fit *fit)
{
    const kl_law *law = kl_fit_get_law(fit);
    layout l = {.n_inputs = kl_law_get_n_inputs(law),
                .n_indices = points->levels ? kl_law_get_n_indices(law) : 0,
                .truth = points->truth};
    for (size_t i = 0; i < points->n; i++) {
        const kl_prediction *p = &points->predictions[i];
        l.ci = l.ci || !isnan(p->ci_lo);
        l.pi = l.pi || !isnan(p->pi_lo);
        l.decades = l.decades || !isnan(p->decades);
    }
    return l;
}

static void text_header(kl_grid *grid, const layout *l, const kl_law *law)
{
    for (size_t k = 0; k < l->n_inputs; k++)
        kl_grid_add(grid, "%s", kl_law_get_input(law, k)->name);
    for (size_t k = 0; k < l->n_indices; k++)
        kl_grid_add(grid, "%s", kl_law_get_index(law, k));
    kl_grid_add(grid, "%s", kl_law_get_target(law)->name);
    if (l->ci) kl_grid_add(grid, "interval");
    if (l->pi) kl_grid_add(grid, "of one run");
    if (l->decades) kl_grid_add(grid, "decades beyond");
    if (l->truth) kl_grid_add(grid, "true");
    if (l->truth) kl_grid_add(grid, "error");
    kl_grid_end_row(grid);
}

static void text_row(kl_grid *grid, const layout *l, const kl_points *points,
                     const kl_fit *fit, size_t i)
{
    const kl_prediction *p = &points->predictions[i];
    const double u = kl_half_width(p->ci_lo, p->ci_hi);
    char buf[112];
    for (size_t k = 0; k < l->n_inputs; k++)
        kl_grid_add(grid, "%s",
                    kl_round_to(buf, points->inputs[i * l->n_inputs + k], NAN));
    for (size_t k = 0; k < l->n_indices; k++)
        kl_grid_add(grid, "%s", level_of(points, fit, i, k));
    kl_grid_add(grid, "%s", kl_round_to(buf, p->mean, u));
    if (l->ci) kl_grid_add(grid, "%s", kl_round_interval(buf, p->ci_lo, p->ci_hi, u));
    if (l->pi) kl_grid_add(grid, "%s", kl_round_interval(buf, p->pi_lo, p->pi_hi, u));
    if (l->decades) kl_grid_add(grid, "%.1f", p->decades);
    if (l->truth) {
        const double error = 100 * relative_error(points, i);
        kl_grid_add(grid, "%s", kl_round_to(buf, points->truth[i], u));
        if (isnan(error))
            kl_grid_add(grid, "-");
        else
            kl_grid_add(grid, "%+.2f%%", error);
    }
    kl_grid_end_row(grid);
}

/* Mean and root mean square of the relative errors. */
static void add_error_summary(kl_text *out, const kl_points *points)
{
    double sum = 0, squares = 0;
    size_t n = 0;
    for (size_t i = 0; i < points->n; i++) {
        const double error = 100 * relative_error(points, i);
        if (!isfinite(error)) continue;
        sum += error;
        squares += error * error;
        n++;
    }
    if (n > 1)
        kl_text_addf(out, "  error: mean %+.2f%%, root mean square %.2f%%\n",
                     sum / (double)n, sqrt(squares / (double)n));
}

void kl_points_text(kl_text *out, const kl_points *points, const kl_fit *fit,
                    size_t most)
{
    kl_grid grid = {0};
    const layout l = make_layout(points, fit);
    text_header(&grid, &l, kl_fit_get_law(fit));
    for (size_t i = 0; i < points->n && i < most; i++)
        text_row(&grid, &l, points, fit, i);
    kl_grid_print(out, &grid, 2);
    if (points->n > most)
        kl_text_addf(out, "  ... and %zu more (--json has all)\n", points->n - most);
    add_error_summary(out, points);
}

void kl_points_csv(kl_text *out, const kl_points *points, const kl_fit *fit)
{
    const kl_law *law = kl_fit_get_law(fit);
    const layout l = make_layout(points, fit);
    for (size_t k = 0; k < l.n_inputs; k++)
        kl_csv_add(out, kl_law_get_input(law, k)->name);
    for (size_t k = 0; k < l.n_indices; k++) kl_csv_add(out, kl_law_get_index(law, k));
    static const char *const names[] = {"mean",  "ci_lo", "ci_hi",
                                        "pi_lo", "pi_hi", "decades"};
    for (size_t k = 0; k < KL_COUNT_OF(names); k++) kl_csv_add(out, names[k]);
    if (l.truth) kl_csv_add(out, "true");
    kl_csv_end(out);
    for (size_t i = 0; i < points->n; i++) {
        const kl_prediction *p = &points->predictions[i];
        for (size_t k = 0; k < l.n_inputs; k++)
            kl_csv_number(out, points->inputs[i * l.n_inputs + k]);
        for (size_t k = 0; k < l.n_indices; k++)
            kl_csv_add(out, level_of(points, fit, i, k));
        const double row[] = {p->mean,  p->ci_lo, p->ci_hi,
                              p->pi_lo, p->pi_hi, p->decades};
        for (size_t k = 0; k < KL_COUNT_OF(row); k++) kl_csv_number(out, row[k]);
        if (l.truth) kl_csv_number(out, points->truth[i]);
        kl_csv_end(out);
    }
}

json_t *kl_points_json(const kl_points *points, const kl_fit *fit)
{
    const kl_law *law = kl_fit_get_law(fit);
    const layout l = make_layout(points, fit);
    json_t *all = json_array();
    for (size_t i = 0; i < points->n; i++) {
        const kl_prediction *p = &points->predictions[i];
        json_t *one = json_object(), *inputs = json_object();
        for (size_t k = 0; k < l.n_inputs; k++)
            kl_json_set(inputs, kl_law_get_input(law, k)->name,
                        kl_json_number(points->inputs[i * l.n_inputs + k]));
        for (size_t k = 0; k < l.n_indices; k++)
            kl_json_set(inputs, kl_law_get_index(law, k),
                        kl_json_string(level_of(points, fit, i, k)));
        kl_json_set(one, "inputs", inputs);
        kl_json_set(one, "mean", kl_json_number(p->mean));
        kl_json_set(one, "ci", kl_json_interval(p->ci_lo, p->ci_hi));
        kl_json_set(one, "pi", kl_json_interval(p->pi_lo, p->pi_hi));
        kl_json_set(one, "decades", kl_json_number(p->decades));
        if (l.truth) {
            kl_json_set(one, "true", kl_json_number(points->truth[i]));
            kl_json_set(one, "error", kl_json_number(relative_error(points, i)));
        }
        kl_json_append(all, one);
    }
    return all;
}
