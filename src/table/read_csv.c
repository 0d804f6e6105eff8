/*
 * read_csv.c - CSV with a header (RFC 4180) and TSV, through libcsv in strict mode.
 *
 * libcsv counts no lines, so it is fed one line at a time. A record may span lines (a
 * quoted line feed); it is named by its first. Blank lines are skipped, blanks around
 * unquoted cells too. A carriage return counts as a blank, which makes CRLF work.
 */
#include "table/builder.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

enum { CSV_BLOCK = 65536 };

typedef struct csv {
    kl_builder *b;
    kl_error *err;
    kl_status status; /* of the callbacks, which cannot stop the parser */
    int (*is_blank)(unsigned char);
    bool in_header, in_record;
    long line, record_line; /* now; where the record began */
    size_t n_cells;         /* of the record so far */
    size_t n_bytes;         /* of the record so far */
} csv;

static int is_line_end(unsigned char c)
{
    return c == '\n';
}

static int is_blank(unsigned char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static int is_blank_but_tab(unsigned char c)
{
    return c == ' ' || c == '\r';
}

static void take_cell(void *text, size_t n, void *user)
{
    csv *c = user;
    const size_t column = c->n_cells++;
    if (c->status) return;
    if (c->in_header)
        c->status = kl_builder_add(c->b, text ? text : "", n, c->record_line, c->err);
    else if (column < c->b->table->n_columns && n)
        c->status = kl_builder_text(c->b, column, text, n, c->record_line, c->err);
}

static void end_record(int end, void *user)
{
    csv *c = user;
    (void)end;
    const size_t n_columns = c->b->table->n_columns;
    if (c->status) return;
    if (!c->in_header && c->n_cells != n_columns)
        c->status = kl_fail_at(c->err, KL_E_PARSE, c->record_line, 0,
                               "%s:%ld: %zu cells where the header has %zu columns",
                               c->b->label, c->record_line, c->n_cells, n_columns);
    else if (!c->in_header)
        c->status = kl_builder_end(c->b, c->record_line, c->err);
    c->in_header = c->in_record = false;
    c->n_cells = c->n_bytes = 0;
}

static kl_status fail_quote(csv *c)
{
    return kl_fail_at(
        c->err, KL_E_PARSE, c->line, 0,
        "%s:%ld: a quote inside an unquoted cell, or text after a closing "
        "quote (write quotes inside a cell twice)",
        c->b->label, c->line);
}

/* Feed a line, or a part of one: only the last byte may be a line feed. */
static kl_status feed_line(csv *c, struct csv_parser *p, const char *data, size_t n)
{
    if (!c->in_record) {
        size_t i = 0;
        while (i < n && (c->is_blank((unsigned char)data[i]) || data[i] == '\n')) i++;
        if (i < n) {
            c->in_record = true;
            c->record_line = c->line;
        }
    }
    c->n_bytes += n;
    if (c->n_bytes > c->b->opt->max_line_bytes)
        return kl_fail_at(
            c->err, KL_E_PARSE, c->line, 0,
            "%s:%ld: a record of more than %zu bytes (is a quote not closed?)",
            c->b->label, c->line, c->b->opt->max_line_bytes);
    if (csv_parse(p, data, n, take_cell, end_record, c) != n)
        return csv_error(p) == CSV_EPARSE ? fail_quote(c) : kl_fail_nomem(c->err);
    if (data[n - 1] == '\n') {
        c->line++;
        if (!c->in_record) c->n_bytes = 0;
    }
    return c->status;
}

static kl_status feed_chunk(csv *c, struct csv_parser *p, const char *data, size_t n)
{
    const char *end = data + n;
    if (memchr(data, '\0', n)) {
        for (; *data; data++) c->line += *data == '\n';
        return kl_fail_at(c->err, KL_E_PARSE, c->line, 0,
                          "%s:%ld: a NUL byte: this is no text file in UTF-8",
                          c->b->label, c->line);
    }
    while (data < end) {
        const char *feed = memchr(data, '\n', (size_t)(end - data));
        const size_t length = (size_t)((feed ? feed + 1 : end) - data);
        const kl_status status = feed_line(c, p, data, length);
        if (status) return status;
        data += length;
    }
    return KL_OK;
}

static kl_status finish(csv *c, struct csv_parser *p)
{
    if (csv_fini(p, take_cell, end_record, c))
        return csv_error(p) == CSV_EPARSE
                   ? kl_fail_at(c->err, KL_E_PARSE, c->record_line, 0,
                                "%s:%ld: a quote is never closed", c->b->label,
                                c->record_line)
                   : kl_fail_nomem(c->err);
    if (!c->status && c->in_header)
        return kl_fail(c->err, KL_E_SHAPE, "%s: no header: the file is empty",
                       c->b->label);
    return c->status;
}

static kl_status read_delimited(kl_builder *b, kl_source *s, char delimiter,
                                kl_error *err)
{
    csv c = {.b = b,
             .err = err,
             .is_blank = delimiter == '\t' ? is_blank_but_tab : is_blank,
             .in_header = true,
             .line = 1,
             .record_line = 1};
    struct csv_parser p;
    csv_init(&p, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL);
    csv_set_blk_size(&p, CSV_BLOCK); /* it grows by this much at a time, and copies */
    csv_set_realloc_func(&p, realloc);
    csv_set_free_func(&p, free);
    csv_set_delim(&p, (unsigned char)delimiter);
    csv_set_term_func(&p, is_line_end);
    csv_set_space_func(&p, c.is_blank);
    const char *data;
    size_t n;
    kl_status status = kl_source_next(s, &data, &n, err);
    if (!status && n >= 3 && !memcmp(data, "\xef\xbb\xbf", 3)) data += 3, n -= 3;
    for (; !status && n; status = status ? status : kl_source_next(s, &data, &n, err))
        status = feed_chunk(&c, &p, data, n);
    if (!status) status = finish(&c, &p);
    csv_free(&p);
    return status;
}

static kl_status read_csv(kl_builder *b, kl_source *s, const char *path, kl_error *err)
{
    (void)path;
    return read_delimited(b, s, ',', err);
}

static kl_status read_tsv(kl_builder *b, kl_source *s, const char *path, kl_error *err)
{
    (void)path;
    return read_delimited(b, s, '\t', err);
}

const kl_reader kl_reader_csv = {"csv", ".csv", NULL, read_csv};
const kl_reader kl_reader_tsv = {"tsv", ".tsv|.tab", NULL, read_tsv};
