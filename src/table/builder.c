/* builder.c - cells of records to columns; which cells are missing; limits. */
#include "table/builder.h"

#include "base/number.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *trim(const char *s, size_t *n)
{
    while (*n && (*s == ' ' || *s == '\t')) s++, --*n;
    while (*n && (s[*n - 1] == ' ' || s[*n - 1] == '\t')) --*n;
    return s;
}

kl_status kl_builder_init(kl_builder *b, kl_table *t, const kl_table_options *opt,
                          kl_error *err)
{
    memset(b, 0, sizeof *b);
    b->table = t;
    b->opt = opt;
    b->label = kl_table_label(t);
    size_t n_texts = 1;
    for (const char *c = opt->na; c && *c; c++) n_texts += *c == ',';
    b->na_numbers = malloc(n_texts * sizeof *b->na_numbers);
    if (!b->na_numbers) return kl_fail_nomem(err);
    for (const char *s = opt->na; s; s = *s ? s + 1 : NULL) {
        size_t n = strcspn(s, ",");
        const char *end = s + n, *text = trim(s, &n);
        double value;
        if (n && kl_intern_add(&b->na_texts, text, n) < 0) return kl_fail_nomem(err);
        if (n && kl_number_parse(text, n, &value))
            b->na_numbers[b->n_na_numbers++] = value;
        s = end;
    }
    return KL_OK;
}

void kl_builder_free(kl_builder *b)
{
    kl_intern_free(&b->names);
    kl_intern_free(&b->na_texts);
    free(b->na_numbers);
    memset(b, 0, sizeof *b);
}

int32_t kl_builder_find(const kl_builder *b, const char *name, size_t n)
{
    name = trim(name, &n); /* as kl_builder_add() does */
    return kl_intern_find(&b->names, name, n);
}

kl_status kl_builder_add(kl_builder *b, const char *name, size_t n, long line,
                         kl_error *err)
{
    name = trim(name, &n);
    const size_t number = b->table->n_columns;
    if (!n)
        return kl_fail_at(err, KL_E_PARSE, line, 0, "%s:%ld: column %zu has no name",
                          b->label, line, number + 1);
    if (!kl_text_is_utf8(name, n))
        return kl_fail_at(err, KL_E_PARSE, line, 0,
                          "%s:%ld: the name of column %zu is not UTF-8 (convert the "
                          "file, as with iconv)",
                          b->label, line, number + 1);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)name[i] < ' ')
            return kl_fail_at(
                err, KL_E_PARSE, line, 0,
                "%s:%ld: control character in the name of column %zu (%s)", b->label,
                line, number + 1,
                name[i] == '\t' ? "for tabs between columns: --input-format tsv"
                                : "lines must end in LF or CRLF");
    if (number == KL_MAX_COLUMNS)
        return kl_fail_at(err, KL_E_PARSE, line, 0, "%s:%ld: more than %d columns",
                          b->label, line, KL_MAX_COLUMNS);
    const int32_t known = kl_intern_find(&b->names, name, n);
    if (known >= 0)
        return kl_fail_at(err, KL_E_PARSE, line, 0,
                          "%s:%ld: column '%.80s' occurs twice, as column %d and %zu",
                          b->label, line, b->names.items[known], (int)known + 1,
                          number + 1);
    if (kl_intern_add(&b->names, name, n) < 0) return kl_fail_nomem(err);
    return kl_table_push(b->table, kl_column_new(name, n), err);
}

/* The column, filled up to this record. */
static kl_status open_cell(kl_column **out, kl_builder *b, size_t column, long line,
                           kl_error *err)
{
    kl_column *c = *out = b->table->columns[column];
    b->n_given++;
    if (c->n > b->table->n_rows)
        return kl_fail_at(err, KL_E_PARSE, line, 0, "%s:%ld: '%.80s' occurs twice",
                          b->label, line, c->name);
    return kl_column_fill(c, b->table->n_rows) ? KL_OK : kl_fail_nomem(err);
}

static bool is_na_number(const kl_builder *b, double value)
{
    for (size_t i = 0; i < b->n_na_numbers; i++)
        if (value == b->na_numbers[i]) return true;
    return false;
}

static bool is_na_text(const kl_builder *b, const char *text, size_t n)
{
    double value;
    if (!b->na_texts.n) return false;
    if (kl_intern_find(&b->na_texts, text, n) >= 0) return true;
    return b->n_na_numbers && kl_number_parse(text, n, &value) &&
           is_na_number(b, value);
}

kl_status kl_builder_text(kl_builder *b, size_t column, const char *text, size_t n,
                          long line, kl_error *err)
{
    kl_column *c;
    const kl_status status = open_cell(&c, b, column, line, err);
    if (status) return status;
    text = trim(text, &n);
    const bool missing = !n || is_na_text(b, text, n);
    const bool ok =
        missing ? kl_column_fill(c, c->n + 1) : kl_column_add_text(c, text, n);
    return ok ? KL_OK : kl_fail_nomem(err);
}

kl_status kl_builder_number(kl_builder *b, size_t column, double value, long line,
                            kl_error *err)
{
    kl_column *c;
    const kl_status status = open_cell(&c, b, column, line, err);
    if (status) return status;
    if (is_na_number(b, value)) value = NAN;
    return kl_column_add_number(c, value) ? KL_OK : kl_fail_nomem(err);
}

kl_status kl_builder_end(kl_builder *b, long line, kl_error *err)
{
    kl_table *t = b->table;
    if (t->n_rows >= b->opt->max_rows)
        return kl_fail_at(err, KL_E_PARSE, line, 0,
                          "%s:%ld: more than %zu rows (raise the limit max_rows)",
                          b->label, line, b->opt->max_rows);
    const size_t n_cells = t->n_rows * t->n_columns; /* each factor is below 2^31 */
    if (n_cells >= KL_MAX_CELLS)
        return kl_fail_at(err, KL_E_PARSE, line, 0, "%s:%ld: more than %zu cells",
                          b->label, line, KL_MAX_CELLS);
    if (n_cells > KL_SPARSE_CELLS && b->n_given < n_cells / KL_SPARSEST)
        return kl_fail_at(err, KL_E_PARSE, line, 0,
                          "%s:%ld: of %zu cells so far only %zu are present", b->label,
                          line, n_cells, b->n_given);
    if (t->n_rows == t->room_rows) {
        const size_t room = t->room_rows ? 2 * t->room_rows : 64;
        long *more = realloc(t->lines, room * sizeof *more);
        if (!more) return kl_fail_nomem(err);
        t->lines = more;
        t->room_rows = room;
    }
    t->lines[t->n_rows++] = line;
    return KL_OK;
}

kl_status kl_builder_finish(kl_builder *b, kl_error *err)
{
    kl_table *t = b->table;
    for (size_t j = 0; j < t->n_columns; j++) {
        if (!kl_column_fill(t->columns[j], t->n_rows)) return kl_fail_nomem(err);
        kl_column_finish(t->columns[j]);
    }
    t->counts.read = t->n_rows;
    return KL_OK;
}
