/* select.c - fewer rows: by flags, by the largest values. */
#include "table/columnar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Exchange two versions of a column; the name, which callers may hold, stays put. */
static void exchange(kl_column **a, kl_column **b)
{
    kl_column *c = *a;
    char *name = c->name;
    *a = *b;
    *b = c;
    c->name = (*a)->name;
    (*a)->name = name;
}

kl_status kl_table_keep(kl_table *t, const bool *keep, kl_error *err)
{
    size_t n_kept = 0;
    for (size_t i = 0; i < t->n_rows; i++) n_kept += keep[i];
    if (n_kept == t->n_rows) return KL_OK;
    /* all copies first, so that a failure leaves the table as it was */
    kl_column **columns = calloc(t->n_columns + 1, sizeof *columns);
    bool ok = columns;
    for (size_t j = 0; ok && j < t->n_columns; j++)
        ok = (columns[j] = kl_column_select(t->columns[j], keep)) != NULL;
    for (size_t j = 0; ok && j < t->n_columns; j++)
        exchange(&t->columns[j], &columns[j]);
    for (size_t j = 0; columns && j < t->n_columns; j++) kl_column_free(columns[j]);
    free(columns);
    if (!ok) return kl_fail_nomem(err);
    size_t n = 0;
    for (size_t i = 0; i < t->n_rows; i++)
        if (keep[i]) t->lines[n++] = t->lines[i];
    t->n_rows = n;
    return KL_OK;
}

typedef struct ranked {
    double value;
    size_t row;
} ranked;

static int by_value_then_row_descending(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->value != y->value) return x->value > y->value ? -1 : 1;
    return x->row > y->row ? -1 : 1;
}

kl_status kl_table_drop_largest(kl_table *t, const char *column, size_t k,
                                kl_error *err)
{
    const double *values;
    kl_status status = kl_table_require_numbers(&values, t, column, err);
    if (status || !k) return status;
    ranked *order = malloc((t->n_rows + 1) * sizeof *order);
    bool *keep = malloc(t->n_rows + 1);
    size_t n = 0;
    if (!order || !keep) {
        status = kl_fail_nomem(err);
        goto out;
    }
    for (size_t i = 0; i < t->n_rows; i++) {
        keep[i] = true;
        if (!isnan(values[i])) order[n++] = (ranked){values[i], i};
    }
    if (k >= n) {
        status =
            kl_fail(err, KL_E_USAGE,
                    "cannot drop the %zu largest of %zu values of '%s'", k, n, column);
        goto out;
    }
    qsort(order, n, sizeof *order, by_value_then_row_descending);
    for (size_t i = 0; i < k; i++) keep[order[i].row] = false;
    status = kl_table_keep(t, keep, err);
    if (!status) t->counts.dropped += k;
out:
    free(order);
    free(keep);
    return status;
}
