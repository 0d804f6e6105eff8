/* test_table_alloc.c - every allocation of every public call made to fail once. */
#include "support/check.h"
#include "support/fault.h"
#include "support/scratch.h"

#include <kleiber/table.h>

#include <jansson.h>
#include <sqlite3.h>
#include <stdio.h>
#include <zlib.h>

typedef struct reading {
    const char *path;
    kl_table_options opt;
} reading;

static kl_status read_once(void *ctx, kl_error *err)
{
    const reading *r = ctx;
    kl_table *t = NULL;
    const kl_status status = kl_table_read(&t, r->path, &r->opt, err);
    if (status && t) fail_msg("%s: a table beside a failure", r->path);
    kl_table_free(t);
    return status;
}

/* SQLite asks us for memory, so that its allocations fail too. */
static void *sql_malloc(int n)
{
    size_t *p = malloc((size_t)n + 16);
    if (p) *p = (size_t)n;
    return p ? (char *)p + 16 : NULL;
}

static void sql_free(void *p)
{
    if (p) free((char *)p - 16);
}

static void *sql_realloc(void *p, int n)
{
    size_t *q = realloc((char *)p - 16, (size_t)n + 16);
    if (q) *q = (size_t)n;
    return q ? (char *)q + 16 : NULL;
}

static int sql_size(void *p)
{
    return p ? (int)*(size_t *)((char *)p - 16) : 0;
}

static int sql_roundup(int n)
{
    return (n + 7) & ~7;
}

static int sql_init(void *user)
{
    (void)user;
    return SQLITE_OK;
}

static void sql_shutdown(void *user)
{
    (void)user;
}

static void test_csv(void **state)
{
    (void)state;
    char text[6000];
    size_t n = (size_t)sprintf(text, "N,C,corpus,status,late\n");
    for (int i = 0; i < 80; i++) /* more than a column's first room */
        n += (size_t)sprintf(text + n, "%d,%d,c%d,%s,%s\n", i + 1, 6 * i, i,
                             i % 9 ? "done" : "failed", i < 70 ? "7B" : "x");
    const char *const let[] = {"E = 2*D", "D = C/(6*N)"};
    const char *const where[] = {"corpus != 'c3' && D >= 0"};
    reading r = {test_scratch_write("a.csv", text, n), kl_table_options_default()};
    r.opt.map = "tokens=late";
    r.opt.na = "5,none";
    r.opt.units = "N=parameters,D=tokens";
    r.opt.let = let;
    r.opt.n_let = 2;
    r.opt.where = where;
    r.opt.n_where = 1;
    fault_sweep("csv", read_once, &r);
    const char *path = test_scratch_path("a.csv.gz");
    gzFile f = gzopen(path, "wb");
    assert_int_equal(gzwrite(f, text, (unsigned)n), (int)n);
    gzclose(f);
    reading z = {path, kl_table_options_default()};
    fault_sweep("gz", read_once, &z);
}

static void test_jsonl(void **state)
{
    (void)state;
    reading r = {test_scratch_text("a.jsonl", "{\"a\":1,\"b\":{\"c\":\"x\"}}\n"
                                              "{\"l\":[1,{\"y\":null}],\"a\":\"7B\"}\n"
                                              "{\"b\":{\"c\":\"z\"}}"),
                 kl_table_options_default()};
    fault_sweep("jsonl", read_once, &r);
    /* jansson takes a failed allocation for bad syntax: a failure is all we can ask */
    json_set_alloc_funcs(malloc, free);
    for (size_t n = 1;; n++) {
        kl_error err = {0};
        fault_begin(n, false);
        const kl_status status = read_once(&r, &err);
        if (!fault_end()) break;
        if (status != KL_OK && status != KL_E_NOMEM && status != KL_E_PARSE)
            fail_msg("jansson, allocation %zu: %s", n, err.msg);
    }
}

static void test_sqlite(void **state)
{
    (void)state;
    static const sqlite3_mem_methods methods = {sql_malloc,   sql_free,    sql_realloc,
                                                sql_size,     sql_roundup, sql_init,
                                                sql_shutdown, NULL};
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &methods), SQLITE_OK);
    const char *path = test_scratch_path("a.db");
    sqlite3 *db = NULL;
    if (sqlite3_open(path, &db) ||
        sqlite3_exec(db,
                     "CREATE TABLE r (N, s); INSERT INTO r VALUES ('7B', 'x'), (1, 2)",
                     NULL, NULL, NULL))
        fail_msg("%s", sqlite3_errmsg(db));
    sqlite3_close(db);
    reading whole = {path, kl_table_options_default()}, query = whole;
    query.opt.query = "SELECT N FROM r ORDER BY N";
    fault_sweep("sqlite table", read_once, &whole);
    fault_sweep("sqlite query", read_once, &query);
}

/* Changes of a table: a failure must leave it as it was. */
static kl_status change(void *ctx, kl_error *err)
{
    (void)ctx;
    static const double n[] = {1, 2, 3, 4};
    static const char *const s[] = {"a", "b", NULL, "a"};
    static const bool keep[] = {true, true, true, false};
    const double *numbers;
    const int32_t *codes;
    kl_table *t = NULL;
    kl_status status = kl_table_new(&t, 4, "memory", err);
    if (!status) status = kl_table_add_numbers(t, "N", n, err);
    if (!status) status = kl_table_add_categories(t, "s", s, err);
    if (!status) status = kl_table_keep(t, keep, err);
    if (t) assert_int_equal(kl_table_get_n_rows(t), status ? 4 : 3);
    if (!status) status = kl_table_derive(t, "x = N*(s == 'a')", err);
    if (t) assert_int_equal(kl_table_has_column(t, "x"), !status);
    if (!status) status = kl_table_drop_largest(t, "N", 1, err);
    if (!status) status = kl_table_filter(t, "N > 1", err);
    if (!status) status = kl_table_require_codes(&codes, t, "N", err);
    if (!status) {
        kl_error why;
        const kl_status no = kl_table_require_numbers(&numbers, t, "M", &why);
        status = no == KL_E_NOMEM ? no : KL_OK;
    }
    kl_table_free(t);
    return status;
}

static void test_change(void **state)
{
    (void)state;
    fault_sweep("change", change, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_sqlite), /* first: its memory is set before its first use */
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_jsonl),
        cmocka_unit_test(test_change),
    };
    return cmocka_run_group_tests_name("table allocations", tests, NULL, NULL);
}
