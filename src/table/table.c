/* table.c - tables in memory: making, looking up, errors that name what exists. */
#include "table/columnar.h"

#include "base/number.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_NAMES_IN_MESSAGE = 240 };

kl_table_options kl_table_options_default(void)
{
    return (kl_table_options){.max_line_bytes = (size_t)16 << 20, .max_rows = 50000000};
}

kl_status kl_table_new(kl_table **out, size_t n_rows, const char *name, kl_error *err)
{
    *out = NULL;
    kl_table *t = calloc(1, sizeof *t);
    if (!t) return kl_fail_nomem(err);
    t->path = strdup(name);
    if (n_rows <= SIZE_MAX / sizeof *t->lines)
        t->lines = malloc((n_rows ? n_rows : 1) * sizeof *t->lines);
    if (!t->path || !t->lines) {
        kl_table_free(t);
        return kl_fail_nomem(err);
    }
    for (size_t i = 0; i < n_rows; i++) t->lines[i] = (long)i + 1;
    t->n_rows = t->room_rows = t->counts.read = n_rows;
    *out = t;
    return KL_OK;
}

void kl_table_free(kl_table *t)
{
    if (!t) return;
    for (size_t i = 0; i < t->n_columns; i++) kl_column_free(t->columns[i]);
    free(t->columns);
    free(t->lines);
    free(t->path);
    free(t);
}

const char *kl_table_label(const kl_table *t)
{
    return strcmp(t->path, "-") ? t->path : "standard input";
}

kl_column *kl_table_find(const kl_table *t, const char *name)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (!strcmp(t->columns[i]->name, name)) return t->columns[i];
    return NULL;
}

kl_status kl_table_require(kl_column **out, const kl_table *t, const char *name,
                           kl_error *err)
{
    *out = kl_table_find(t, name);
    if (*out) return KL_OK;
    const char **names = malloc((t->n_columns + 1) * sizeof *names);
    if (!names) return kl_fail_nomem(err);
    kl_text list = {0};
    for (size_t i = 0; i < t->n_columns; i++) {
        names[i] = t->columns[i]->name;
        if (list.length < MAX_NAMES_IN_MESSAGE)
            kl_text_addf(&list, "%s%.60s", i ? ", " : "", names[i]);
        else if (i + 1 == t->n_columns)
            kl_text_add(&list, ", ...");
    }
    const char *nearest = kl_text_nearest(name, names, t->n_columns);
    const kl_status status = kl_fail(
        err, KL_E_USAGE, "%s: no column '%.80s'%s%.60s%s (columns: %s)",
        kl_table_label(t), name, nearest ? "; did you mean '" : "",
        nearest ? nearest : "", nearest ? "'?" : "", list.data ? list.data : "none");
    kl_text_free(&list);
    free(names);
    return status;
}

kl_status kl_table_push(kl_table *t, kl_column *c, kl_error *err)
{
    if (!c) return kl_fail_nomem(err);
    if (t->n_columns == t->room_columns) {
        const size_t room = t->room_columns ? 2 * t->room_columns : 16;
        kl_column **more = realloc(t->columns, room * sizeof(kl_column *));
        if (!more) {
            kl_column_free(c);
            return kl_fail_nomem(err);
        }
        t->columns = more;
        t->room_columns = room;
    }
    t->columns[t->n_columns++] = c;
    return KL_OK;
}

static kl_status begin_column(kl_column **out, const kl_table *t, const char *name,
                              kl_error *err)
{
    *out = NULL;
    if (!*name) return kl_fail(err, KL_E_USAGE, "a column needs a name");
    if (kl_table_find(t, name))
        return kl_fail(err, KL_E_USAGE, "%s: column '%s' exists already",
                       kl_table_label(t), name);
    *out = kl_column_new(name, strlen(name));
    if (!*out) return kl_fail_nomem(err);
    (*out)->inferred = false;
    return KL_OK;
}

kl_status kl_table_add_numbers(kl_table *t, const char *name, const double *values,
                               kl_error *err)
{
    kl_column *c;
    const kl_status status = begin_column(&c, t, name, err);
    if (status) return status;
    const size_t n = t->n_rows;
    c->numbers = malloc((n ? n : 1) * sizeof *c->numbers);
    if (!c->numbers) {
        kl_column_free(c);
        return kl_fail_nomem(err);
    }
    if (n) memcpy(c->numbers, values, n * sizeof *values);
    c->n = c->room = n;
    return kl_table_push(t, c, err);
}

kl_status kl_table_add_categories(kl_table *t, const char *name,
                                  const char *const *values, kl_error *err)
{
    kl_column *c;
    const kl_status status = begin_column(&c, t, name, err);
    if (status) return status;
    const size_t n = t->n_rows;
    c->kind = KL_COLUMN_CATEGORY;
    c->codes = malloc((n ? n : 1) * sizeof *c->codes);
    bool ok = c->codes;
    for (size_t i = 0; ok && i < n; i++) {
        c->codes[i] = -1;
        if (!values[i]) continue;
        c->codes[i] = kl_intern_add(&c->levels, values[i], strlen(values[i]));
        ok = c->codes[i] >= 0;
    }
    if (!ok) {
        kl_column_free(c);
        return kl_fail_nomem(err);
    }
    c->n = c->room = n;
    return kl_table_push(t, c, err);
}

size_t kl_table_get_n_rows(const kl_table *t)
{
    return t->n_rows;
}

size_t kl_table_get_n_columns(const kl_table *t)
{
    return t->n_columns;
}

const char *kl_table_get_column_name(const kl_table *t, size_t i)
{
    return i < t->n_columns ? t->columns[i]->name : NULL;
}

bool kl_table_has_column(const kl_table *t, const char *name)
{
    return kl_table_find(t, name) != NULL;
}

kl_column_kind kl_table_get_kind(const kl_table *t, const char *name)
{
    const kl_column *c = kl_table_find(t, name);
    return c ? c->kind : KL_COLUMN_NUMBER;
}

const char *kl_table_get_unit(const kl_table *t, const char *name)
{
    const kl_column *c = kl_table_find(t, name);
    return c ? c->unit : NULL;
}

const double *kl_table_get_numbers(const kl_table *t, const char *name)
{
    const kl_column *c = kl_table_find(t, name);
    return c ? c->numbers : NULL;
}

bool kl_table_find_text(const kl_table *t, const kl_column *c, size_t *row)
{
    double value;
    for (size_t i = 0; i < t->n_rows; i++) {
        const int32_t code = c->codes[i];
        if (code < 0) continue;
        if (kl_number_parse(c->levels.items[code], c->levels.lengths[code], &value))
            continue;
        *row = i;
        return true;
    }
    return false;
}

kl_status kl_table_require_numbers(const double **out, const kl_table *t,
                                   const char *name, kl_error *err)
{
    *out = NULL;
    kl_column *c;
    const kl_status status = kl_table_require(&c, t, name, err);
    if (status) return status;
    *out = c->numbers;
    if (c->kind == KL_COLUMN_NUMBER) return KL_OK;
    size_t row;
    if (!kl_table_find_text(t, c, &row))
        return kl_fail(err, KL_E_PARSE, "%s: column '%s' holds categories",
                       kl_table_label(t), name);
    return kl_fail_at(
        err, KL_E_PARSE, t->lines[row], 0,
        "%s:%ld: column '%.80s': '%.80s' is not a number (name missing values "
        "with --na)",
        kl_table_label(t), t->lines[row], name, c->levels.items[c->codes[row]]);
}

/* Categories become names in results, so they must be text that anyone can read. */
static kl_status check_levels(const kl_table *t, const kl_column *c, kl_error *err)
{
    for (size_t l = 0; l < c->levels.n; l++) {
        const char *text = c->levels.items[l];
        if (kl_text_is_utf8(text, strlen(text))) continue;
        size_t row = 0;
        while (c->codes[row] != (int32_t)l) row++;
        const long line = kl_table_get_line(t, row);
        return kl_fail_at(err, KL_E_PARSE, line, 0,
                          "%s:%ld: column '%s': a category is not UTF-8 (convert the "
                          "file, as with iconv)",
                          kl_table_label(t), line, c->name);
    }
    return KL_OK;
}

kl_status kl_table_require_codes(const int32_t **out, const kl_table *t,
                                 const char *name, kl_error *err)
{
    *out = NULL;
    kl_column *c;
    const kl_status status = kl_table_require(&c, t, name, err);
    if (status) return status;
    if (!kl_column_make_codes(c)) return kl_fail_nomem(err);
    const kl_status readable = check_levels(t, c, err);
    if (!readable) *out = c->codes;
    return readable;
}

size_t kl_table_get_n_levels(const kl_table *t, const char *name)
{
    const kl_column *c = kl_table_find(t, name);
    return c ? c->levels.n : 0;
}

const char *kl_table_get_level(const kl_table *t, const char *name, size_t level)
{
    const kl_column *c = kl_table_find(t, name);
    return c && level < c->levels.n ? c->levels.items[level] : NULL;
}

long kl_table_get_line(const kl_table *t, size_t row)
{
    return row < t->n_rows ? t->lines[row] : 0;
}

const char *kl_table_get_path(const kl_table *t)
{
    return t->path;
}

const char *kl_table_get_sha256(const kl_table *t)
{
    return t->sha256;
}

kl_table_counts kl_table_get_counts(const kl_table *t)
{
    return t->counts;
}
