/* derive.c - derived columns in the order of their needs; rows by a condition. */
#include "table/derive.h"

#include "table/assign.h"
#include "table/expression.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WAITING, MADE };

/* One "NAME = FORMULA". */
typedef struct derived {
    const char *text;
    char *name;
    kl_expression x;
    int state;
} derived;

static kl_status parse_assignment(derived *d, const char *text, kl_error *err)
{
    d->text = text;
    size_t equals = kl_assign_span(text, "=");
    if (!text[equals] || text[equals + 1] == '=')
        return kl_fail(err, KL_E_USAGE, "--let: '%.160s' is not NAME = FORMULA", text);
    d->name = kl_assign_unquote(text, equals);
    if (!d->name) return kl_fail_nomem(err);
    if (!*d->name || strpbrk(d->name, "<>!"))
        return kl_fail(err, KL_E_USAGE, "--let: '%.160s' is not NAME = FORMULA", text);
    return kl_expression_parse(&d->x, text + equals + 1, equals + 1, "--let", err);
}

static kl_status make_column(kl_table *t, derived *d, kl_error *err)
{
    double *values = malloc((t->n_rows + 1) * sizeof *values);
    kl_status status = values ? KL_OK : kl_fail_nomem(err);
    if (!status) status = kl_expression_evaluate(&d->x, t, d->text, values, err);
    if (!status) status = kl_table_add_numbers(t, d->name, values, err);
    d->state = MADE;
    free(values);
    return status;
}

/* The derived column that d waits for; NULL if there is none. */
static derived *find_need(derived *all, size_t n, const derived *d)
{
    const char *name;
    for (size_t i = 0; (name = kl_expression_get_column(&d->x, i)); i++)
        for (size_t j = 0; j < n; j++)
            if (all[j].state == WAITING && !strcmp(all[j].name, name)) return &all[j];
    return NULL;
}

/* Follow needs until one comes again; at most n steps lead into a cycle. */
static kl_status fail_cycle(derived *all, size_t n, derived *d, kl_error *err)
{
    for (size_t i = 0; i < n; i++) d = find_need(all, n, d);
    kl_text path = {0};
    const derived *first = d;
    kl_text_add(&path, d->name);
    do {
        d = find_need(all, n, d);
        kl_text_addf(&path, " -> %.60s", d->name);
    } while (d != first && path.length < 300);
    const kl_status status =
        kl_fail(err, KL_E_USAGE, "--let: columns that need each other: %s",
                path.data ? path.data : first->name);
    kl_text_free(&path);
    return status;
}

static kl_status check_names(const kl_table *t, const derived *all, size_t n,
                             kl_error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (kl_table_find(t, all[i].name))
            return kl_fail(err, KL_E_USAGE, "--let: column '%s' exists already",
                           all[i].name);
        for (size_t j = 0; j < i; j++)
            if (!strcmp(all[i].name, all[j].name))
                return kl_fail(err, KL_E_USAGE, "--let: column '%s' is derived twice",
                               all[i].name);
    }
    return KL_OK;
}

kl_status kl_table_derive_all(kl_table *t, const char *const *assignments, size_t n,
                              kl_error *err)
{
    derived *all = calloc(n + 1, sizeof *all);
    kl_status status = all ? KL_OK : kl_fail_nomem(err);
    for (size_t i = 0; !status && i < n; i++)
        status = parse_assignment(&all[i], assignments[i], err);
    if (!status) status = check_names(t, all, n, err);
    for (size_t made = 0; !status && made < n; made++) {
        derived *ready = NULL, *waiting = NULL;
        for (size_t i = 0; i < n && !ready; i++) {
            if (all[i].state == MADE) continue;
            waiting = &all[i];
            if (!find_need(all, n, waiting)) ready = waiting;
        }
        status = ready ? make_column(t, ready, err) : fail_cycle(all, n, waiting, err);
    }
    for (size_t i = 0; all && i < n; i++) {
        free(all[i].name);
        kl_expression_free(&all[i].x);
    }
    free(all);
    return status;
}

kl_status kl_table_derive(kl_table *t, const char *assignment, kl_error *err)
{
    return kl_table_derive_all(t, &assignment, 1, err);
}

kl_status kl_table_filter(kl_table *t, const char *condition, kl_error *err)
{
    kl_expression x;
    double *values = malloc((t->n_rows + 1) * sizeof *values);
    bool *keep = malloc(t->n_rows + 1);
    size_t n_left = 0;
    kl_status status = kl_expression_parse(&x, condition, 0, "--where", err);
    if (!status && (!values || !keep)) status = kl_fail_nomem(err);
    if (!status) status = kl_expression_evaluate(&x, t, condition, values, err);
    for (size_t i = 0; !status && i < t->n_rows; i++) {
        keep[i] = !isnan(values[i]) && values[i] != 0;
        n_left += !keep[i];
    }
    if (!status && n_left == t->n_rows)
        status = kl_fail(err, KL_E_SHAPE, "%s: no rows: '%.160s' holds for none of %zu",
                         kl_table_label(t), condition, n_left);
    if (!status) status = kl_table_keep(t, keep, err);
    if (!status) t->counts.filtered += n_left;
    free(values);
    free(keep);
    kl_expression_free(&x);
    return status;
}
