/* points.c - read the points of a prediction from a table. */
#include <kleiber/predict.h>

#include "base/fail.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Copy input k of every point out of the column of its name. */
static kl_status read_input(double *inputs, const kl_law *law, size_t k,
                            const kl_table *points, kl_error *err)
{
    const size_t n_inputs = kl_law_get_n_inputs(law), n = kl_table_get_n_rows(points);
    const char *name = kl_law_get_input(law, k)->name;
    const double *column;
    const char *have = kl_table_get_unit(points, name);
    const char *want = kl_law_get_input(law, k)->unit;
    double factor = 1;
    kl_status status = kl_table_require_numbers(&column, points, name, err);
    if (!status && have && want) status = kl_unit_factor(&factor, have, want, err);
    if (status) return status;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(column[i])) {
            const long line = kl_table_get_line(points, i);
            return kl_fail_at(err, KL_E_DOMAIN, line, 0, "%s:%ld: column '%s' %s",
                              kl_table_get_path(points), line, name,
                              isnan(column[i]) ? "is missing" : "is not finite");
        }
        inputs[i * n_inputs + k] = factor * column[i];
    }
    return KL_OK;
}

static kl_status fail_unknown_level(const kl_fit *fit, const char *index,
                                    const char *text, const kl_table *points,
                                    size_t row, kl_error *err)
{
    const long line = kl_table_get_line(points, row);
    kl_text known = {0};
    for (size_t l = 0; l < kl_fit_get_n_levels(fit, index) && known.length < 200; l++)
        kl_text_addf(&known, "%s%s", l ? ", " : "", kl_fit_get_level(fit, index, l));
    const kl_status status = kl_fail_at(
        err, KL_E_USAGE, line, 0,
        "%s:%ld: column '%s': '%s' was not in the fit (known: %s)",
        kl_table_get_path(points), line, index, text, known.data ? known.data : "none");
    kl_text_free(&known);
    return status;
}

/* Code in the fit of each level that the table has; -1 if the fit never saw it. */
static void match_levels(int32_t *code_of, const kl_fit *fit, const char *index,
                         const kl_table *points)
{
    for (size_t t = 0; t < kl_table_get_n_levels(points, index); t++) {
        code_of[t] = -1;
        for (size_t l = 0; l < kl_fit_get_n_levels(fit, index); l++)
            if (!strcmp(kl_table_get_level(points, index, t),
                        kl_fit_get_level(fit, index, l)))
                code_of[t] = (int32_t)l;
    }
}

/* Translate the table's level codes of index k into the fit's. */
static kl_status read_level(int32_t *levels, const kl_fit *fit, size_t k,
                            const kl_table *points, kl_error *err)
{
    const kl_law *law = kl_fit_get_law(fit);
    const size_t n_indices = kl_law_get_n_indices(law);
    const char *index = kl_law_get_index(law, k);
    const int32_t *codes;
    kl_status status = kl_table_require_codes(&codes, points, index, err);
    if (status) return status;
    int32_t *code_of =
        calloc(kl_table_get_n_levels(points, index) + 1, sizeof *code_of);
    if (!code_of) return kl_fail_nomem(err);
    match_levels(code_of, fit, index, points);
    for (size_t i = 0; i < kl_table_get_n_rows(points) && !status; i++) {
        const int32_t code = codes[i] < 0 ? -1 : code_of[codes[i]];
        if (codes[i] < 0) {
            const long line = kl_table_get_line(points, i);
            status =
                kl_fail_at(err, KL_E_USAGE, line, 0, "%s:%ld: column '%s' is missing",
                           kl_table_get_path(points), line, index);
        } else if (code < 0) {
            const char *text = kl_table_get_level(points, index, (size_t)codes[i]);
            status = fail_unknown_level(fit, index, text, points, i, err);
        }
        levels[i * n_indices + k] = code;
    }
    free(code_of);
    return status;
}

kl_status kl_predict_points(double **inputs, int32_t **levels, const kl_fit *fit,
                            const kl_table *points, kl_error *err)
{
    const kl_law *law = kl_fit_get_law(fit);
    const size_t n = kl_table_get_n_rows(points);
    const size_t n_inputs = kl_law_get_n_inputs(law),
                 n_indices = kl_law_get_n_indices(law);
    kl_status status = KL_OK;
    *levels = NULL;
    *inputs = calloc(n * n_inputs + 1, sizeof **inputs);
    if (n_indices) *levels = calloc(n * n_indices + 1, sizeof **levels);
    if (!*inputs || (n_indices && !*levels)) status = kl_fail_nomem(err);
    for (size_t k = 0; k < n_inputs && !status; k++)
        status = read_input(*inputs, law, k, points, err);
    for (size_t k = 0; k < n_indices && !status; k++)
        status = read_level(*levels, fit, k, points, err);
    if (status) {
        free(*inputs);
        free(*levels);
        *inputs = NULL;
        *levels = NULL;
    }
    return status;
}
