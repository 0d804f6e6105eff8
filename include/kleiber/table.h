/*
 * table.h - tables of runs: columns of numbers and categories, from files or memory.
 *
 *   kl_table *runs = NULL;
 *   kl_table_options opt = kl_table_options_default();
 *   opt.map = "N=params,D=tokens";
 *   if (kl_table_read(&runs, "runs.csv", &opt, &err)) ...
 *   const double *n = kl_table_get_numbers(runs, "N");
 *   kl_table_free(runs);
 */
#ifndef KLEIBER_TABLE_H
#define KLEIBER_TABLE_H

#include <kleiber/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kl_table kl_table;

typedef enum kl_column_kind {
    KL_COLUMN_NUMBER,  /* every present cell reads as a number */
    KL_COLUMN_CATEGORY /* at least one present cell does not */
} kl_column_kind;

/* How a file becomes a table. Strings are borrowed for the call. The steps: read and
 * mark missing cells, rename, leave out failed runs, derive, declare units, select. */
typedef struct kl_table_options {
    const char *format; /* "csv", "tsv", "jsonl", "sqlite"; NULL: from the file's name
                           and first bytes (default NULL) */
    const char *table;  /* SQLite: table to read whole (default NULL: the only one) */
    const char *query;  /* SQLite: one SELECT, read-only (default NULL) */
    const char *map;    /* "NEW=old,NEW=old": rename columns, all at once; a name with
                           ',' or '=' goes in back-quotes (default NULL) */
    const char *na;     /* "n/a,-": more texts that mean missing, a number however it is
                           written; the empty cell, JSON null and SQL NULL always do
                           (default NULL) */
    const char *units;  /* "loss=bits per token,D=tokens", also of derived columns
                           (default NULL: undeclared) */
    const char *const *let; /* "NAME = FORMULA" each: derived columns, in any order */
    size_t n_let;
    const char *const *where; /* formulas; a row stays if all are non-zero, so not where
                                 an input is missing */
    size_t n_where;
    size_t max_line_bytes; /* longest line or record (>= 1024, default 16 MiB) */
    size_t max_rows;       /* most rows (>= 1, default 50,000,000) */
} kl_table_options;

/** Defaults, by value. */
kl_table_options kl_table_options_default(void);

/**
 * Read a table of runs from a file, or from standard input for "-".
 *
 * CSV with a header (RFC 4180), TSV, JSON lines (one object a line; nested keys become
 * a.b) or SQLite; all but SQLite may be gzipped. Numbers may carry a suffix: k, M, B
 * (or G), T (1e3 to 1e12), "70B", "1.4T". Rows whose column `status` says diverged,
 * failed, crashed, killed, nan or oom are left out and counted.
 *
 * @param[out] out  new table, owned by the caller (kl_table_free); NULL on failure
 * @param      path file name, or "-"
 * @param      opt  NULL for kl_table_options_default()
 * @param[out] err  filled on failure (file, line, column, value, remedy); may be NULL
 * @return KL_OK; KL_E_USAGE bad option; KL_E_PARSE malformed file or cell; KL_E_SHAPE
 *         no rows; KL_E_UNIT unknown unit; KL_E_IO; KL_E_NOMEM.
 */
kl_status kl_table_read(kl_table **out, const char *path, const kl_table_options *opt,
                        kl_error *err);

/**
 * Make a table of `n_rows` rows and no columns, to be filled by kl_table_add_*.
 * @param name what messages call it, e.g. "simulated"
 */
kl_status kl_table_new(kl_table **out, size_t n_rows, const char *name, kl_error *err);

/** Free a table; NULL is fine. */
void kl_table_free(kl_table *t);

/** Add a column of n_rows numbers (copied; NaN is missing). KL_E_USAGE: name taken. */
kl_status kl_table_add_numbers(kl_table *t, const char *name, const double *values,
                               kl_error *err);

/** Add a column of n_rows categories (copied; NULL: missing). Errors likewise. */
kl_status kl_table_add_categories(kl_table *t, const char *name,
                                  const char *const *values, kl_error *err);

/**
 * Add a column computed from others: "D = C/(6*N)". Missing where an input is missing.
 * Beside the formula language it may test texts: `corpus == "c4"`, `corpus != 'c4'`.
 * @return KL_OK; KL_E_DOMAIN a value is not finite (file, line and inputs are named);
 *         KL_E_USAGE no such column, or the name is taken; KL_E_PARSE; KL_E_NOMEM.
 */
kl_status kl_table_derive(kl_table *t, const char *assignment, kl_error *err);

/** Keep the rows where a formula over the columns is non-zero: "loss < 4". Errors as
 * kl_table_derive; KL_E_SHAPE if no row is left. A failure changes nothing. */
kl_status kl_table_filter(kl_table *t, const char *condition, kl_error *err);

/** Drop the k rows with the largest value of a number column (ties: the later rows;
 * missing ones stay). KL_E_USAGE: k is not below the number of values. */
kl_status kl_table_drop_largest(kl_table *t, const char *column, size_t k,
                                kl_error *err);

/** Keep row i where keep[i]; `keep` has n_rows entries. */
kl_status kl_table_keep(kl_table *t, const bool *keep, kl_error *err);

size_t kl_table_get_n_rows(const kl_table *t);
size_t kl_table_get_n_columns(const kl_table *t);

/** Name of column i (< n_columns); borrowed, valid as long as the table. */
const char *kl_table_get_column_name(const kl_table *t, size_t i);

/** True if a column of this name exists. */
bool kl_table_has_column(const kl_table *t, const char *name);

/** Kind of a column that exists. */
kl_column_kind kl_table_get_kind(const kl_table *t, const char *name);

/** Declared unit of a column, canonical text such as "nats per token"; NULL if none. */
const char *kl_table_get_unit(const kl_table *t, const char *name);

/** Numbers of a column, n_rows of them, NaN where missing; NULL if it is no number
 * column. Borrowed; valid until the table changes. */
const double *kl_table_get_numbers(const kl_table *t, const char *name);

/** As kl_table_get_numbers, but says why not: KL_E_PARSE with the first cell that is
 * not a number (file, line, value, remedy) or KL_E_USAGE with the names that exist. */
kl_status kl_table_require_numbers(const double **out, const kl_table *t,
                                   const char *name, kl_error *err);

/** Category codes of a column, n_rows of them, -1 where missing; a number column gets
 * one level per distinct value. Levels are numbered in order of first appearance; as
 * rows leave, levels without rows go too. Borrowed, valid until the table changes. The
 * first call for a number column makes the codes: not by two threads at once. */
kl_status kl_table_require_codes(const int32_t **out, const kl_table *t,
                                 const char *name, kl_error *err);

/** Number of levels of a column read by codes; 0 if unknown. */
size_t kl_table_get_n_levels(const kl_table *t, const char *name);

/** Text of one level; borrowed. */
const char *kl_table_get_level(const kl_table *t, const char *name, size_t level);

/** Line of the source file that row i came from, 1-based; for SQLite its number in the
 * result; for tables in memory its number when the table was made. */
long kl_table_get_line(const kl_table *t, size_t row);

/** Path as given to kl_table_read, or the name given to kl_table_new. */
const char *kl_table_get_path(const kl_table *t);

/** SHA-256 of the file, not unzipped, 64 hex digits; "" for tables in memory. */
const char *kl_table_get_sha256(const kl_table *t);

/* Where rows went between the file and the table. */
typedef struct kl_table_counts {
    size_t read;     /* records in the source */
    size_t status;   /* left out: status column says the run failed */
    size_t filtered; /* left out by kl_table_filter / where */
    size_t dropped;  /* left out by kl_table_drop_largest */
} kl_table_counts;

kl_table_counts kl_table_get_counts(const kl_table *t);

#ifdef __cplusplus
}
#endif
#endif
