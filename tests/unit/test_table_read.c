/* test_table_read.c - each format: corner cases, one table from all, pipes, limits. */
#include "support/check.h"
#include "support/scratch.h"

#include <kleiber/table.h>

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

static kl_error err;

static kl_table *read_path(const char *path, const kl_table_options *opt)
{
    kl_table *t = NULL;
    check_ok(path, kl_table_read(&t, path, opt, &err), err);
    return t;
}

static kl_table *read_text(const char *name, const char *text)
{
    return read_path(test_scratch_text(name, text), NULL);
}

static const char *cell(const kl_table *t, const char *column, size_t row)
{
    const int32_t *codes;
    check_ok(column, kl_table_require_codes(&codes, t, column, &err), err);
    return codes[row] < 0 ? NULL : kl_table_get_level(t, column, (size_t)codes[row]);
}

/* RFC 4180: quotes, doubled quotes, commas and line feeds in cells; beyond it: a byte
 * order mark, CRLF, blank lines, blanks around cells, no line feed at the end. */
static void test_csv(void **state)
{
    (void)state;
    kl_table *t = read_text("rfc.csv", "\xef\xbb\xbfname, \"the size\" ,x\r\n"
                                       "\"say \"\"hi\"\", you\",7B,1\r\n"
                                       "\r\n"
                                       "\"two\nlines\" , 1.4T , -2.5e-3\r\n"
                                       "\" \",\"\",.5");
    assert_int_equal(kl_table_get_n_rows(t), 3);
    check_text("quotes", cell(t, "name", 0), "say \"hi\", you");
    check_text("lines", cell(t, "name", 1), "two\nlines");
    assert_null(cell(t, "name", 2));
    const double *size = kl_table_get_numbers(t, "the size");
    const double *x = kl_table_get_numbers(t, "x");
    assert_true(size && x);
    check_near("suffix", size[0], 7e9, 0);
    check_near("suffix", size[1], 1.4e12, 0);
    assert_true(isnan(size[2]));
    check_near("x", x[1], -2.5e-3, 0);
    check_near("x", x[2], 0.5, 0);
    const long lines[] = {2, 4, 6}; /* the first line of each record */
    for (size_t i = 0; i < 3; i++) assert_int_equal(kl_table_get_line(t, i), lines[i]);
    kl_table_free(t);
}

static void test_csv_not_finite(void **state)
{
    (void)state;
    kl_table *t = read_text("inf.csv", "x\n1\ninf\n-Inf\n1e999\n");
    const double *x = kl_table_get_numbers(t, "x");
    assert_non_null(x); /* kept: whoever uses the column refuses them with their line */
    assert_true(x[1] == HUGE_VAL && x[2] == -HUGE_VAL && x[3] == HUGE_VAL);
    kl_table_free(t);
    /* "nan" is no number unless --na says that it means missing */
    t = read_text("nan.csv", "x\n1\nnan\n");
    check_fails("nan", kl_table_require_numbers(&x, t, "x", &err), KL_E_PARSE);
    check_contains("nan", err.msg, "nan.csv:3: column 'x': 'nan' is not a number");
    kl_table_free(t);
}

static void test_jsonl(void **state)
{
    (void)state;
    kl_table *t = read_text(
        "a.ndjson", "{\"N\": 7000000000, \"cfg\": {\"lr\": 1e-3, \"opt\": {}}}\r\n"
                    "\n"
                    "{\"cfg\": {\"lr\": null, \"name\": \"\xc3\xa9t\\u00e9\"}, "
                    "\"ok\": true, \"N\": \"1.4T\", \"steps\": [1, 2]}\n"
                    "{\"N\": 1e26, \"ok\": false}");
    assert_int_equal(kl_table_get_n_rows(t), 3);
    const char *const names[] = {"N", "cfg.lr", "cfg.name", "ok", "steps"};
    assert_int_equal(kl_table_get_n_columns(t), 5);
    for (size_t i = 0; i < 5; i++)
        check_text("order", kl_table_get_column_name(t, i), names[i]);
    const double *n = kl_table_get_numbers(t, "N"), *ok = kl_table_get_numbers(t, "ok");
    check_near("integer", n[0], 7e9, 0);
    check_near("text", n[1], 1.4e12, 0);
    check_near("large", n[2], 1e26, 0);
    assert_true(isnan(ok[0]) && ok[1] == 1 && ok[2] == 0);
    assert_true(isnan(kl_table_get_numbers(t, "cfg.lr")[1]));
    check_text("text", cell(t, "cfg.name", 1), "\xc3\xa9t\xc3\xa9");
    check_text("list", cell(t, "steps", 1), "[1.0,2.0]");
    assert_int_equal(kl_table_get_line(t, 1), 3);
    kl_table_free(t);
}

/* Blanks around keys do not count, in any record. */
static void test_jsonl_blanks(void **state)
{
    (void)state;
    kl_table *t = read_text("blanks.jsonl", "{\"N \": 1}\n{\"N \": 2}\n{\" N\": 3}\n");
    const double *n = kl_table_get_numbers(t, "N");
    assert_true(n && kl_table_get_n_columns(t) == 1);
    for (size_t i = 0; i < 3; i++) check_near("N", n[i], (double)i + 1, 0);
    kl_table_free(t);
}

static const char *make_database(const char *name, const char *sql)
{
    const char *path = test_scratch_path(name);
    remove(path);
    sqlite3 *db = NULL;
    char *why = NULL;
    if (sqlite3_open(path, &db) || sqlite3_exec(db, sql, NULL, NULL, &why))
        fail_msg("%s: %s", name, why ? why : "cannot open");
    sqlite3_close(db);
    return path;
}

static void test_sqlite(void **state)
{
    (void)state;
    const char *path = make_database(
        "100%?.db",
        "CREATE TABLE runs (N, loss REAL, corpus TEXT);"
        "INSERT INTO runs VALUES ('7B', 2.5, 'web'), (13000000000, NULL, NULL);"
        "CREATE TABLE \"the \"\"other\"\"\" (x); "
        "INSERT INTO \"the \"\"other\"\"\" VALUES (5)");
    kl_table_options opt = kl_table_options_default();
    opt.table = "runs";
    kl_table *t = read_path(path, &opt);
    assert_int_equal(kl_table_get_n_rows(t), 2);
    check_near("suffix", kl_table_get_numbers(t, "N")[0], 7e9, 0);
    check_near("integer", kl_table_get_numbers(t, "N")[1], 13e9, 0);
    assert_true(isnan(kl_table_get_numbers(t, "loss")[1]));
    assert_null(cell(t, "corpus", 1));
    assert_int_equal(strlen(kl_table_get_sha256(t)), 64);
    kl_table_free(t);
    opt.table = "the \"other\"";
    t = read_path(path, &opt);
    check_near("quoted name", kl_table_get_numbers(t, "x")[0], 5, 0);
    kl_table_free(t);
    opt.table = NULL;
    opt.query = "SELECT loss * 2 AS twice FROM runs WHERE loss > 0; -- a remark";
    t = read_path(path, &opt);
    check_near("query", kl_table_get_numbers(t, "twice")[0], 5, 0);
    kl_table_free(t);
}

/* Whatever a query tries, the file stays as it is. */
static void test_sqlite_is_not_written(void **state)
{
    (void)state;
    const char *path =
        make_database("ro.db", "CREATE TABLE r (x); INSERT INTO r VALUES (1)");
    static const char *const queries[] = {
        "DELETE FROM r",
        "DROP TABLE r",
        "UPDATE r SET x = 2 RETURNING x",
        "INSERT INTO r VALUES (2) RETURNING x",
        "PRAGMA user_version = 7",
        "PRAGMA table_info(r)",
        "ATTACH 'x.db' AS y",
        "VACUUM INTO 'copy.db'",
        "SELECT load_extension('x')",
        "SELECT 1; DELETE FROM r",
        "BEGIN",
        "",
        "-- only a remark",
        "SELECT nonsense FROM r",
    };
    kl_table *t = read_path(path, NULL);
    char before[65];
    strcpy(before, kl_table_get_sha256(t));
    kl_table_free(t);
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        kl_table_options opt = kl_table_options_default();
        opt.query = queries[i];
        check_fails(queries[i], kl_table_read(&t, path, &opt, &err), KL_E_USAGE);
        assert_null(t);
    }
    t = read_path(path, NULL);
    check_text("unchanged", kl_table_get_sha256(t), before);
    kl_table_free(t);
}

/* Rows that another program has committed but not yet moved out of its log are seen. */
static void test_sqlite_in_use(void **state)
{
    (void)state;
    const char *path = test_scratch_path("wal.db");
    sqlite3 *db = NULL;
    if (sqlite3_open(path, &db) ||
        sqlite3_exec(db,
                     "PRAGMA journal_mode=WAL; CREATE TABLE t (x); "
                     "INSERT INTO t VALUES (1), (2)",
                     NULL, NULL, NULL))
        fail_msg("%s", sqlite3_errmsg(db));
    kl_table *t = read_path(path, NULL);
    assert_int_equal(kl_table_get_n_rows(t), 2);
    kl_table_free(t);
    sqlite3_close(db);
}

/* A few bytes a line must not make gigabytes of missing cells. */
static void test_sparse(void **state)
{
    (void)state;
    enum { KEYS = 4000, ROWS = 8000 };
    char *text = malloc(KEYS * 16 + ROWS * 3 + 16);
    size_t n = 0;
    for (int i = 0; i < KEYS; i++)
        n += (size_t)sprintf(text + n, "%c\"k%d\":1", i ? ',' : '{', i);
    n += (size_t)sprintf(text + n, "}\n");
    for (int i = 0; i < ROWS; i++) n += (size_t)sprintf(text + n, "{}\n");
    kl_table *t;
    check_fails(
        "sparse",
        kl_table_read(&t, test_scratch_write("sparse.jsonl", text, n), NULL, &err),
        KL_E_PARSE);
    check_contains("sparse", err.msg, "cells so far only 4000 are present");
    free(text);
}

static void test_sqlite_endless(void **state)
{
    (void)state;
    const char *path = make_database("loop.db", "CREATE TABLE r (x)");
    kl_table_options opt = kl_table_options_default();
    opt.max_rows = 1000; /* also bounds the steps of a query */
    opt.query = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
                "SELECT x FROM c WHERE x < 0";
    kl_table *t;
    check_fails("no rows", kl_table_read(&t, path, &opt, &err), KL_E_PARSE);
    check_contains("no rows", err.msg, "takes too long");
    opt.query = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
                "SELECT x FROM c";
    check_fails("rows", kl_table_read(&t, path, &opt, &err), KL_E_PARSE);
    check_contains("rows", err.msg, "more than 1000 rows");
}

static const char *write_gz(const char *name, const char *text, int members)
{
    const char *path = test_scratch_path(name);
    const size_t n = strlen(text);
    for (int i = 0; i < members; i++) {
        gzFile f = gzopen(path, i ? "ab" : "wb");
        const size_t from = n * (size_t)i / (size_t)members;
        const size_t to = n * (size_t)(i + 1) / (size_t)members;
        if (!f || gzwrite(f, text + from, (unsigned)(to - from)) != (int)(to - from))
            fail_msg("cannot write %s", path);
        gzclose(f);
    }
    return path;
}

static void check_same(const char *label, const kl_table *a, const kl_table *b)
{
    if (kl_table_get_n_rows(a) != kl_table_get_n_rows(b))
        fail_msg("%s: %zu rows, not %zu", label, kl_table_get_n_rows(b),
                 kl_table_get_n_rows(a));
    assert_int_equal(kl_table_get_n_columns(a), kl_table_get_n_columns(b));
    for (size_t j = 0; j < kl_table_get_n_columns(a); j++) {
        const char *name = kl_table_get_column_name(a, j);
        check_text(label, kl_table_get_column_name(b, j), name);
        assert_int_equal(kl_table_get_kind(a, name), kl_table_get_kind(b, name));
        const double *x = kl_table_get_numbers(a, name),
                     *y = kl_table_get_numbers(b, name);
        for (size_t i = 0; i < kl_table_get_n_rows(a); i++) {
            if (x && x[i] != y[i] && !(isnan(x[i]) && isnan(y[i])))
                fail_msg("%s: %s[%zu] is %.17g, not %.17g", label, name, i, y[i], x[i]);
            const char *s = x ? NULL : cell(a, name, i),
                       *u = x ? NULL : cell(b, name, i);
            if (s || u) check_text(label, u ? u : "(missing)", s ? s : "(missing)");
        }
    }
}

static const char csv_text[] = "N,loss,corpus,size\n7B,2.5,web,7\n1.4T,,\"a,b\",x\n"
                               "0.1,3.25,,8\n";

/* The same rows in every format give the same table, and the same answer to --na. */
static void test_formats_agree(void **state)
{
    (void)state;
    for (int with_na = 0; with_na < 2; with_na++) {
        kl_table_options opt = kl_table_options_default();
        opt.na = with_na ? "2.50,web" : NULL;
        kl_table *want = read_path(test_scratch_text("same.csv", csv_text), &opt);
        const char *const paths[] = {
            test_scratch_text("same.tsv", "N\tloss\tcorpus\tsize\n7B\t2.5\tweb\t7\n"
                                          "1.4T\t\ta,b\tx\n0.1\t3.25\t\t8\n"),
            test_scratch_text(
                "same.jsonl",
                "{\"N\":\"7B\",\"loss\":2.5,\"corpus\":\"web\",\"size\":7}\n"
                "{\"size\":\"x\",\"N\":\"1.4T\",\"loss\":null,"
                "\"corpus\":\"a,b\"}\n"
                "{\"N\":0.1,\"loss\":3.25,\"size\":8}\n"),
            make_database("same.db", "CREATE TABLE t (N, loss, corpus, size);"
                                     "INSERT INTO t VALUES ('7B',2.5,'web',7),"
                                     "('1.4T',NULL,'a,b','x'),(0.1,3.25,NULL,8)"),
            write_gz("same.csv.gz", csv_text, 3),
        };
        for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
            kl_table *t = read_path(paths[i], &opt);
            check_same(paths[i], want, t);
            kl_table_free(t);
        }
        kl_table_free(want);
    }
}

/* Call with standard input taken from a file descriptor. */
static kl_status read_stdin(kl_table **t, int fd, const kl_table_options *opt)
{
    const int keep = dup(STDIN_FILENO);
    dup2(fd, STDIN_FILENO);
    const kl_status status = kl_table_read(t, "-", opt, &err);
    dup2(keep, STDIN_FILENO);
    close(keep);
    return status;
}

static void test_stdin(void **state)
{
    (void)state;
    kl_table *want = read_path(test_scratch_text("same.csv", csv_text), NULL), *t;
    const char *const paths[] = {test_scratch_path("same.csv"),
                                 write_gz("same.csv.gz", csv_text, 1)};
    for (size_t i = 0; i < 2; i++) {
        FILE *f = fopen(paths[i], "rb");
        check_ok("stdin", read_stdin(&t, fileno(f), NULL), err);
        check_same("stdin", want, t);
        check_text("path", kl_table_get_path(t), "-");
        fclose(f);
        kl_table_free(t);
    }
    kl_table_free(want);
    FILE *db = fopen(make_database("stdin.db", "CREATE TABLE t (x)"), "rb");
    check_fails("sqlite", read_stdin(&t, fileno(db), NULL), KL_E_USAGE);
    check_contains("sqlite", err.msg, "must be a plain file, by its name");
    fclose(db);
    FILE *f = fopen(test_scratch_text("bad", "x\n1,2\n"), "rb");
    check_fails("bad", read_stdin(&t, fileno(f), NULL), KL_E_PARSE);
    check_contains("bad", err.msg, "standard input:2: 2 cells");
    fclose(f);
}

/* Records cut anywhere by the 64 KiB chunks of the reader. */
static void test_chunks(void **state)
{
    (void)state;
    enum { ROWS = 40000 };
    char *text = malloc(ROWS * 48 + 64), *json = malloc(ROWS * 48 + 64);
    size_t n = (size_t)sprintf(text, "i,s\n"), m = 0;
    for (int i = 0; i < ROWS; i++) {
        n += (size_t)sprintf(text + n, "%d,\"q%.*s\nz\"\n", i, i % 23,
                             "abcdefghijklmnopqrstuvw");
        m += (size_t)sprintf(json + m, "{\"i\":%d,\"s\":\"q%.*s\\nz\"}\n", i, i % 23,
                             "abcdefghijklmnopqrstuvw");
    }
    kl_table *a = read_path(test_scratch_write("chunks.csv", text, n), NULL);
    kl_table *b = read_path(test_scratch_write("chunks.jsonl", json, m), NULL);
    assert_int_equal(kl_table_get_n_rows(a), ROWS);
    assert_int_equal(kl_table_get_line(a, ROWS - 1), 2 * ROWS);
    assert_int_equal(kl_table_get_line(b, ROWS - 1), ROWS);
    check_same("chunks", a, b);
    kl_table_free(a);
    kl_table_free(b);
    free(text);
    free(json);
}

/* Texts of earlier numbers are kept up to 1 MiB; beyond, in their shortest form. */
static void test_late_category(void **state)
{
    (void)state;
    enum { ROWS = 300000 };
    char *text = malloc(ROWS * 8 + 64);
    size_t n = (size_t)sprintf(text, "s\n");
    for (int i = 0; i < ROWS; i++)
        n += (size_t)sprintf(text + n, "%s\n", i % 2 ? "7B" : "1.50");
    n += (size_t)sprintf(text + n, "late\n7.0B\n");
    kl_table *t = read_path(test_scratch_write("late.csv", text, n), NULL);
    check_text("early", cell(t, "s", 0), "1.5");
    check_text("early", cell(t, "s", 1), "7000000000");
    check_text("late", cell(t, "s", ROWS), "late");
    check_text("after", cell(t, "s", ROWS + 1), "7000000000");
    check_ok("test", kl_table_filter(t, "s == '7B'", &err), err);
    assert_int_equal(kl_table_get_n_rows(t), ROWS / 2 + 1);
    kl_table_free(t);
    free(text);
}

/* An endless line through a pipe: the writer is stopped soon after the limit. */
static void check_pipe(const char *format, const char *start, const char *want)
{
    enum { LIMIT = 1 << 20, CHUNK = 1 << 16, PIPE = 1 << 16 };
    int data[2], count[2];
    if (pipe(data) || pipe(count)) fail_msg("no pipe");
    const pid_t child = fork();
    if (!child) {
        char block[4096];
        size_t written = strlen(start);
        memset(block, '1', sizeof block);
        signal(SIGPIPE, SIG_IGN);
        close(data[0]);
        if (write(data[1], start, written) > 0)
            while (written < (size_t)64 << 20 &&
                   write(data[1], block, sizeof block) > 0)
                written += sizeof block;
        if (write(count[1], &written, sizeof written) < 0) _exit(1);
        _exit(0);
    }
    close(data[1]);
    kl_table_options opt = kl_table_options_default();
    opt.max_line_bytes = LIMIT;
    opt.format = format;
    kl_table *t;
    check_fails(format, read_stdin(&t, data[0], &opt), KL_E_PARSE);
    check_contains(format, err.msg, want);
    close(data[0]);
    size_t written = 0;
    assert_int_equal(read(count[0], &written, sizeof written), sizeof written);
    waitpid(child, NULL, 0);
    close(count[0]);
    close(count[1]);
    /* beyond the limit: what the reader's chunk and the pipe hold, and one block */
    check_at_most(format, (double)written, LIMIT + CHUNK + PIPE + 8192);
}

static void test_endless_line(void **state)
{
    (void)state;
    check_pipe("csv", "x\n", "standard input:2: a record of more than 1048576 bytes");
    check_pipe("csv", "x\n\"", "standard input:2: a record of more than 1048576 bytes");
    check_pipe("jsonl",
               "{\"x\":", "standard input:1: a line of more than 1048576 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_csv_not_finite),
        cmocka_unit_test(test_jsonl),
        cmocka_unit_test(test_jsonl_blanks),
        cmocka_unit_test(test_sqlite),
        cmocka_unit_test(test_sqlite_is_not_written),
        cmocka_unit_test(test_sqlite_endless),
        cmocka_unit_test(test_sqlite_in_use),
        cmocka_unit_test(test_sparse),
        cmocka_unit_test(test_formats_agree),
        cmocka_unit_test(test_stdin),
        cmocka_unit_test(test_chunks),
        cmocka_unit_test(test_late_category),
        cmocka_unit_test(test_endless_line),
    };
    return cmocka_run_group_tests_name("table readers", tests, NULL, NULL);
}
