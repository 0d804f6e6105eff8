/*
 * read_sqlite.c - one table or one query of a SQLite file, which is never written to.
 *
 * The file may come from a stranger: it is opened read-only (immutable unless another
 * program has it open with a write-ahead log), an authorizer refuses everything but
 * reading, the schema is not trusted; steps, rows and the length of values are limited.
 * The line of a row is its number in the result.
 */
#include "table/builder.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* Steps of SQLite's machine that a query may take before its first row: 1e9 (half a
 * minute) at the default max_rows. Each row it gives adds a check. */
enum { STEPS_BETWEEN_CHECKS = 1000, FREE_CHECKS = 1000, ROWS_PER_CHECK = 50 };

typedef struct database {
    sqlite3 *db;
    const kl_builder *b;
    size_t checks_left;
    bool out_of_steps;
} database;

static kl_status fail_sqlite(database *d, kl_error *err)
{
    const int code = sqlite3_errcode(d->db);
    const kl_table_options *opt = d->b->opt;
    if (!d->db || code == SQLITE_NOMEM) return kl_fail_nomem(err);
    if (d->out_of_steps)
        return kl_fail(err, KL_E_PARSE,
                       "%s: the query takes too long (an endless loop?)", d->b->label);
    if (code == SQLITE_AUTH)
        return kl_fail(err, KL_E_USAGE, "%s: the query may only read ('%.160s')",
                       d->b->label, opt->query ? opt->query : "");
    if (code == SQLITE_CANTOPEN || code == SQLITE_IOERR || code == SQLITE_BUSY ||
        code == SQLITE_LOCKED)
        return kl_fail(err, KL_E_IO, "cannot read '%s': %s", d->b->label,
                       sqlite3_errmsg(d->db));
    const bool query_wrong =
        opt->query && (code == SQLITE_ERROR || code == SQLITE_SCHEMA);
    return kl_fail(err, query_wrong ? KL_E_USAGE : KL_E_PARSE, "%s: %s", d->b->label,
                   sqlite3_errmsg(d->db));
}

static int allow_reading(void *user, int action, const char *a, const char *function,
                         const char *c, const char *d)
{
    (void)user, (void)a, (void)c, (void)d;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_FUNCTION:
        return function && !strcasecmp(function, "load_extension") ? SQLITE_DENY
                                                                   : SQLITE_OK;
    default:
        return SQLITE_DENY;
    }
}

static int count_steps(void *user)
{
    database *d = user;
    d->out_of_steps = !d->checks_left;
    if (d->checks_left) d->checks_left--;
    return d->out_of_steps;
}

/* The path as a file: URI, in which three characters mean something. */
static char *make_uri(const char *path)
{
    kl_text uri = {0}, log = {0};
    kl_text_add(&uri, "file:");
    for (const char *s = path; *s; s++)
        if (strchr("%?#", *s))
            kl_text_addf(&uri, "%%%02X", (unsigned)(unsigned char)*s);
        else
            kl_text_add_bytes(&uri, s, 1);
    kl_text_addf(&log, "%s-wal", path);
    const bool in_use = log.data && !access(log.data, F_OK);
    kl_text_free(&log);
    kl_text_add(&uri, in_use ? "?mode=ro" : "?mode=ro&immutable=1");
    return kl_text_take(&uri);
}

static kl_status open_database(database *d, const char *path, kl_error *err)
{
    char *uri = make_uri(path);
    if (!uri) return kl_fail_nomem(err);
    const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_PRIVATECACHE;
    const int code = sqlite3_open_v2(uri, &d->db, flags, NULL);
    free(uri);
    if (code != SQLITE_OK) return fail_sqlite(d, err);
    const size_t most = d->b->opt->max_line_bytes;
    sqlite3_limit(d->db, SQLITE_LIMIT_LENGTH, most < 1u << 30 ? (int)most : 1 << 30);
    sqlite3_db_config(d->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(d->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_exec(d->db, "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0", NULL, NULL,
                 NULL);
    sqlite3_set_authorizer(d->db, allow_reading, NULL);
    d->checks_left = FREE_CHECKS + d->b->opt->max_rows / ROWS_PER_CHECK;
    sqlite3_progress_handler(d->db, STEPS_BETWEEN_CHECKS, count_steps, d);
    return KL_OK;
}

/* One statement and nothing after it. */
static kl_status prepare(sqlite3_stmt **out, database *d, const char *sql,
                         kl_error *err)
{
    const char *rest;
    if (sqlite3_prepare_v2(d->db, sql, -1, out, &rest) != SQLITE_OK)
        return fail_sqlite(d, err);
    if (!*out) return kl_fail(err, KL_E_USAGE, "the query is empty");
    sqlite3_stmt *more = NULL;
    const int code = sqlite3_prepare_v2(d->db, rest, -1, &more, NULL);
    sqlite3_finalize(more);
    if (code == SQLITE_NOMEM) return kl_fail_nomem(err);
    if (code != SQLITE_OK || more)
        return kl_fail(err, KL_E_USAGE, "the query must be one SELECT, not '%.80s'",
                       rest);
    if (!sqlite3_stmt_readonly(*out) || !sqlite3_column_count(*out))
        return kl_fail(err, KL_E_USAGE, "the query must be a SELECT, not '%.160s'",
                       sql);
    return KL_OK;
}

/* Name of the table to read: the option, or the only one there is. */
static kl_status choose_table(char **out, database *d, kl_error *err)
{
    const char *wanted = d->b->opt->table;
    *out = NULL;
    sqlite3_stmt *s = NULL;
    kl_text known = {0};
    size_t n = 0;
    bool found = false;
    kl_status status = prepare(&s, d,
                               "SELECT name FROM sqlite_master WHERE type IN ('table', "
                               "'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
                               err);
    int code = SQLITE_DONE;
    while (!status && (code = sqlite3_step(s)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(s, 0);
        if (!name) continue;
        if (known.length < 200) kl_text_addf(&known, "%s%.60s", n ? ", " : "", name);
        n++;
        const bool match = !wanted || !strcasecmp(wanted, name);
        found = found || match;
        if (match && !*out && !(*out = strdup(name))) status = kl_fail_nomem(err);
    }
    if (!status && code != SQLITE_DONE) status = fail_sqlite(d, err);
    if (!status && !n)
        status = kl_fail(err, KL_E_SHAPE, "%s: the database has no table", d->b->label);
    else if (!status && !found)
        status = kl_fail(err, KL_E_USAGE, "%s: no table '%.80s' (tables: %s)",
                         d->b->label, wanted, known.data ? known.data : "");
    else if (!status && !wanted && n > 1)
        status = kl_fail(err, KL_E_USAGE, "%s: which table? name one with --table: %s",
                         d->b->label, known.data ? known.data : "");
    sqlite3_finalize(s);
    kl_text_free(&known);
    if (status) {
        free(*out);
        *out = NULL;
    }
    return status;
}

static char *select_all(const char *table)
{
    kl_text sql = {0};
    kl_text_add(&sql, "SELECT * FROM \"");
    for (const char *s = table; *s; s++)
        kl_text_add_bytes(&sql, *s == '"' ? "\"\"" : s, *s == '"' ? 2 : 1);
    kl_text_add(&sql, "\"");
    return kl_text_take(&sql);
}

static kl_status take_cell(kl_builder *b, sqlite3_stmt *s, int i, long line,
                           kl_error *err)
{
    const size_t column = (size_t)i;
    switch (sqlite3_column_type(s, i)) {
    case SQLITE_NULL:
        return KL_OK;
    case SQLITE_INTEGER:
    case SQLITE_FLOAT:
        return kl_builder_number(b, column, sqlite3_column_double(s, i), line, err);
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_column_text(s, i);
        const size_t n = (size_t)sqlite3_column_bytes(s, i);
        if (!text) return kl_fail_nomem(err);
        if (!memchr(text, '\0', n))
            return kl_builder_text(b, column, text, n, line, err);
    } /* fall through */
    default:
        return kl_fail_at(err, KL_E_PARSE, line, 0,
                          "%s:%ld: column '%.80s' holds bytes that are no text",
                          b->label, line, sqlite3_column_name(s, i));
    }
}

static kl_status take_rows(kl_builder *b, database *d, const char *sql, kl_error *err)
{
    sqlite3_stmt *s = NULL;
    kl_status status = prepare(&s, d, sql, err);
    const int n = status ? 0 : sqlite3_column_count(s);
    for (int i = 0; !status && i < n; i++) {
        const char *name = sqlite3_column_name(s, i);
        status =
            name ? kl_builder_add(b, name, strlen(name), 0, err) : kl_fail_nomem(err);
    }
    int code = SQLITE_DONE;
    for (long line = 1; !status && (code = sqlite3_step(s)) == SQLITE_ROW; line++) {
        for (int i = 0; !status && i < n; i++) status = take_cell(b, s, i, line, err);
        if (!status) status = kl_builder_end(b, line, err);
        d->checks_left++;
    }
    if (!status && code != SQLITE_DONE) status = fail_sqlite(d, err);
    sqlite3_finalize(s);
    return status;
}

static kl_status read_sqlite(kl_builder *b, kl_source *source, const char *path,
                             kl_error *err)
{
    if (!strcmp(path, "-") || source->gzipped)
        return kl_fail(err, KL_E_USAGE,
                       "%s: a SQLite database must be a plain file, by its name",
                       b->label);
    database d = {.b = b};
    char *table = NULL, *sql = NULL;
    kl_status status = open_database(&d, path, err);
    if (!status && !b->opt->query) {
        status = choose_table(&table, &d, err);
        if (!status && !(sql = select_all(table))) status = kl_fail_nomem(err);
    }
    if (!status) status = take_rows(b, &d, sql ? sql : b->opt->query, err);
    free(table);
    free(sql);
    sqlite3_close(d.db);
    return status;
}

const kl_reader kl_reader_sqlite = {"sqlite", ".db|.sqlite|.sqlite3", "SQLite format 3",
                                    read_sqlite};
