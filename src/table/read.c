/* read.c - from a file to a table: read, rename, derive, declare units, select. */
#include "table/assign.h"
#include "table/builder.h"
#include "table/derive.h"

#include "base/unit.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const failed_statuses[] = {"diverged", "failed", "crashed",
                                              "killed",   "nan",    "oom"};

static kl_status check_options(const kl_table_options *o, kl_error *err)
{
    if (o->max_line_bytes < 1024)
        return kl_fail(err, KL_E_USAGE, "max_line_bytes must be 1024 or more, not %zu",
                       o->max_line_bytes);
    if (o->max_rows < 1) return kl_fail(err, KL_E_USAGE, "max_rows must be 1 or more");
    if (o->table && o->query)
        return kl_fail(err, KL_E_USAGE, "--table and --query exclude each other");
    return KL_OK;
}

static kl_status read_records(kl_table *t, const char *path,
                              const kl_table_options *opt, kl_error *err)
{
    kl_source source;
    kl_builder b = {0};
    const kl_reader *reader = NULL;
    const char *head;
    size_t n_head;
    kl_status status = kl_source_open(&source, path, kl_table_label(t), err);
    if (!status) status = kl_source_peek(&source, &head, &n_head, err);
    if (!status)
        status = kl_reader_choose(&reader, opt->format, path, head, n_head, err);
    if (!status && (opt->table || opt->query) && strcmp(reader->format, "sqlite"))
        status =
            kl_fail(err, KL_E_USAGE, "%s: --table and --query are for SQLite files",
                    kl_table_label(t));
    if (!status) status = kl_builder_init(&b, t, opt, err);
    if (!status) status = reader->read(&b, &source, path, err);
    if (!status) status = kl_builder_finish(&b, err);
    if (!status) status = kl_source_finish(&source, t->sha256, err);
    kl_builder_free(&b);
    kl_source_close(&source);
    if (!status && !(t->n_rows && t->n_columns))
        status = kl_fail(err, KL_E_SHAPE, "%s: no %s", kl_table_label(t),
                         t->n_rows ? "columns" : "rows");
    return status;
}

/* All old names are looked up before the first is changed, so that names can swap. */
static kl_status rename_columns(kl_table *t, const char *map, kl_error *err)
{
    kl_assignment *a;
    size_t n;
    kl_status status = kl_assignments_split(&a, &n, map, "--map", err);
    kl_column **columns = calloc(n + 1, sizeof *columns);
    if (!status && !columns) status = kl_fail_nomem(err);
    for (size_t i = 0; !status && i < n; i++) {
        status = kl_table_require(&columns[i], t, a[i].right, err);
        for (size_t j = 0; !status && j < i; j++)
            if (columns[j] == columns[i])
                status = kl_fail(err, KL_E_USAGE,
                                 "--map: column '%s' gets two names, '%s' "
                                 "and '%s'",
                                 a[i].right, a[j].left, a[i].left);
    }
    for (size_t i = 0; !status && i < n; i++) {
        free(columns[i]->name);
        columns[i]->name = a[i].left;
        a[i].left = NULL;
    }
    for (size_t i = 0; !status && i < n; i++)
        for (size_t j = 0; !status && j < t->n_columns; j++)
            if (t->columns[j] != columns[i] &&
                !strcmp(t->columns[j]->name, columns[i]->name))
                status =
                    kl_fail(err, KL_E_USAGE, "--map: two columns would be named '%s'",
                            columns[i]->name);
    free(columns);
    kl_assignments_free(a, n);
    return status;
}

static kl_status declare_units(kl_table *t, const char *units, kl_error *err)
{
    kl_assignment *a;
    size_t n;
    kl_status status = kl_assignments_split(&a, &n, units, "--units", err);
    for (size_t i = 0; !status && i < n; i++) {
        kl_column *c;
        status = kl_table_require(&c, t, a[i].left, err);
        if (!status) status = kl_unit_require(&c->unit, a[i].right, err);
    }
    kl_assignments_free(a, n);
    return status;
}

static bool is_failed(const char *status)
{
    for (size_t i = 0; i < sizeof failed_statuses / sizeof *failed_statuses; i++)
        if (!strcasecmp(status, failed_statuses[i])) return true;
    return false;
}

static kl_status leave_out_failed(kl_table *t, kl_error *err)
{
    const kl_column *c = kl_table_find(t, "status");
    if (!c || c->kind != KL_COLUMN_CATEGORY) return KL_OK;
    bool *keep = malloc(t->n_rows + 1);
    if (!keep) return kl_fail_nomem(err);
    size_t n_left = 0;
    for (size_t i = 0; i < t->n_rows; i++) {
        keep[i] = c->codes[i] < 0 || !is_failed(c->levels.items[c->codes[i]]);
        n_left += !keep[i];
    }
    kl_status status;
    if (n_left == t->n_rows)
        status = kl_fail(err, KL_E_SHAPE,
                         "%s: no rows: all %zu have a status that says the "
                         "run failed",
                         kl_table_label(t), n_left);
    else
        status = kl_table_keep(t, keep, err);
    free(keep);
    t->counts.status = n_left;
    return status;
}

kl_status kl_table_read(kl_table **out, const char *path, const kl_table_options *opt,
                        kl_error *err)
{
    *out = NULL;
    const kl_table_options defaults = kl_table_options_default();
    if (!opt) opt = &defaults;
    kl_table *t = NULL;
    kl_status status = check_options(opt, err);
    if (!status) status = kl_table_new(&t, 0, path, err);
    if (!status) status = read_records(t, path, opt, err);
    if (!status) status = rename_columns(t, opt->map, err);
    if (!status) status = leave_out_failed(t, err);
    if (!status) status = kl_table_derive_all(t, opt->let, opt->n_let, err);
    if (!status) status = declare_units(t, opt->units, err);
    for (size_t i = 0; !status && i < opt->n_where; i++)
        status = kl_table_filter(t, opt->where[i], err);
    if (status) {
        kl_table_free(t);
        return status;
    }
    *out = t;
    return KL_OK;
}
