/*
 * builder.h - what a reader of one format fills.
 *
 * Columns are announced, cells of a record are given in any order, the record is ended.
 * Cells not given are missing.
 */
#ifndef KL_TABLE_BUILDER_H
#define KL_TABLE_BUILDER_H

#include "table/columnar.h"
#include "table/source.h"

/* Limits that keep a hostile file from taking all memory. A missing cell takes as much
 * as any, but nothing in JSON: of very many cells 1 in KL_SPARSEST must be present. */
enum { KL_MAX_COLUMNS = 4096, KL_SPARSEST = 64 };
#define KL_MAX_CELLS ((size_t)1 << 30)
#define KL_SPARSE_CELLS ((size_t)1 << 24)

typedef struct kl_builder {
    kl_table *table; /* borrowed */
    const kl_table_options *opt;
    const char *label;
    kl_intern names;    /* of the columns, by number */
    kl_intern na_texts; /* texts that mean missing ... */
    double *na_numbers; /* ... and those of them that are numbers */
    size_t n_na_numbers;
    size_t n_given; /* cells given so far */
} kl_builder;

/* A reader of one format. Readers are listed in readers.c. */
typedef struct kl_reader {
    const char *format;     /* as in kl_table_options */
    const char *extensions; /* ".csv|.txt" */
    const char *magic;      /* first bytes by which it is known; NULL: none */
    kl_status (*read)(kl_builder *b, kl_source *s, const char *path, kl_error *err);
} kl_reader;

extern const kl_reader kl_reader_csv, kl_reader_tsv, kl_reader_jsonl, kl_reader_sqlite;

/** Reader for a format option (may be NULL), a path and the first bytes. */
kl_status kl_reader_choose(const kl_reader **out, const char *format, const char *path,
                           const char *head, size_t n_head, kl_error *err);

/** Begin a table without rows; free the builder also after a failure. */
kl_status kl_builder_init(kl_builder *b, kl_table *t, const kl_table_options *opt,
                          kl_error *err);
void kl_builder_free(kl_builder *b);

/** Number of the column of this name; -1 if there is none. */
int32_t kl_builder_find(const kl_builder *b, const char *name, size_t n);

/** Add a column. KL_E_PARSE: a name that is empty or taken, or too many columns. */
kl_status kl_builder_add(kl_builder *b, const char *name, size_t n, long line,
                         kl_error *err);

/* Give a cell of the record that begins at `line`. */
kl_status kl_builder_text(kl_builder *b, size_t column, const char *text, size_t n,
                          long line, kl_error *err);
kl_status kl_builder_number(kl_builder *b, size_t column, double value, long line,
                            kl_error *err);

/** End the record. */
kl_status kl_builder_end(kl_builder *b, long line, kl_error *err);

/** End the table: columns get their full length. */
kl_status kl_builder_finish(kl_builder *b, kl_error *err);

#endif
