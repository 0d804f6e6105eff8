/* cli_hide.c - split a table by the conditions of --hide. */
#include "cli/cli_hide.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* hidden[i] |= condition at row i; a missing value hides nothing. */
static kl_status mark(bool *hidden, kl_table *runs, const char *condition,
                      size_t number, kl_error *err)
{
    char name[32]; /* of a column for the moment: evaluated where --let is */
    snprintf(name, sizeof name, "hidden_by_%zu", number);
    kl_formula *formula = NULL; /* parsed here only for messages that say --hide */
    kl_status status = kl_formula_parse(&formula, condition, "--hide", err);
    kl_formula_free(formula);
    if (status) return status;
    kl_text assignment = {0};
    kl_text_addf(&assignment, "%s = %s", name, condition);
    status = assignment.failed ? kl_fail_nomem(err)
                               : kl_table_derive(runs, assignment.data, err);
    kl_text_free(&assignment);
    if (status) return status;
    const double *values = kl_table_get_numbers(runs, name);
    size_t n = 0;
    for (size_t i = 0; i < kl_table_get_n_rows(runs); i++) {
        const bool holds = values && !isnan(values[i]) && values[i] != 0;
        hidden[i] = hidden[i] || holds;
        n += holds;
    }
    if (!n)
        return kl_fail(err, KL_E_SHAPE, "--hide '%s': no row of '%s' is like that",
                       condition, kl_table_get_path(runs));
    return KL_OK;
}

static kl_status copy_numbers(kl_table *to, const kl_table *from, const char *name,
                              const char *unit, const bool *hidden, kl_error *err)
{
    const double *values;
    double factor = 1;
    kl_status status = kl_table_require_numbers(&values, from, name, err);
    if (!status && unit && kl_table_get_unit(from, name))
        status = kl_unit_factor(&factor, kl_table_get_unit(from, name), unit, err);
    if (status) return status;
    double *kept = calloc(kl_table_get_n_rows(to) + 1, sizeof *kept);
    if (!kept) return kl_fail_nomem(err);
    size_t n = 0;
    for (size_t i = 0; i < kl_table_get_n_rows(from); i++)
        if (hidden[i]) kept[n++] = factor * values[i];
    status = kl_table_add_numbers(to, name, kept, err);
    free(kept);
    return status;
}

static kl_status copy_categories(kl_table *to, const kl_table *from, const char *name,
                                 const bool *hidden, kl_error *err)
{
    const int32_t *codes;
    kl_status status = kl_table_require_codes(&codes, from, name, err);
    if (status) return status;
    const char **kept = calloc(kl_table_get_n_rows(to) + 1, sizeof *kept);
    if (!kept) return kl_fail_nomem(err);
    size_t n = 0;
    for (size_t i = 0; i < kl_table_get_n_rows(from); i++)
        if (hidden[i])
            kept[n++] =
                codes[i] < 0 ? NULL : kl_table_get_level(from, name, (size_t)codes[i]);
    status = kl_table_add_categories(to, name, kept, err);
    free(kept);
    return status;
}

static kl_status copy_hidden(kl_table **out, const kl_table *runs, const kl_law *law,
                             const bool *hidden, size_t n_hidden, kl_error *err)
{
    kl_status status = kl_table_new(out, n_hidden, "hidden rows", err);
    for (size_t i = 0; i < kl_law_get_n_inputs(law) && !status; i++)
        status = copy_numbers(*out, runs, kl_law_get_input(law, i)->name,
                              kl_law_get_input(law, i)->unit, hidden, err);
    for (size_t i = 0; i < kl_law_get_n_indices(law) && !status; i++)
        if (!kl_table_has_column(*out, kl_law_get_index(law, i)))
            status = copy_categories(*out, runs, kl_law_get_index(law, i), hidden, err);
    if (!status)
        status = copy_numbers(*out, runs, kl_law_get_target(law)->name,
                              kl_law_get_target(law)->unit, hidden, err);
    if (status) {
        kl_table_free(*out);
        *out = NULL;
    }
    return status;
}

kl_status kl_hide_rows(kl_table **out, kl_table *runs, const kl_law *law,
                       const kl_args *args, kl_error *err)
{
    *out = NULL;
    if (!args->hide.n) return KL_OK;
    const size_t n = kl_table_get_n_rows(runs);
    size_t n_hidden = 0;
    bool *hidden = calloc(n + 1, sizeof *hidden);
    kl_status status = hidden ? KL_OK : kl_fail_nomem(err);
    for (size_t k = 0; k < args->hide.n && !status; k++)
        status = mark(hidden, runs, args->hide.items[k], k + 1, err);
    for (size_t i = 0; i < n && !status; i++) n_hidden += hidden[i];
    if (!status && n_hidden == n)
        status = kl_fail(err, KL_E_SHAPE, "--hide leaves no row of '%s' to fit",
                         kl_table_get_path(runs));
    if (!status) status = copy_hidden(out, runs, law, hidden, n_hidden, err);
    if (!status) {
        for (size_t i = 0; i < n; i++) hidden[i] = !hidden[i];
        status = kl_table_keep(runs, hidden, err);
        if (status) {
            kl_table_free(*out);
            *out = NULL;
        }
    }
    free(hidden);
    return status;
}
