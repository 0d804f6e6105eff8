/* test_table_bad.c - tables that must be refused, with the status and the message. */
#include "support/check.h"
#include "support/scratch.h"

#include <kleiber/table.h>

#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define BYTES(s) .bytes = (s), .n_bytes = sizeof(s) - 1

/* One input: what is in the file, how it is read, what must come back. */
typedef struct bad {
    const char *name; /* of the file too */
    const char *bytes;
    size_t n_bytes;
    const char *format, *table, *query, *map, *na, *units, *let[3], *where[2];
    size_t max_line_bytes, max_rows; /* 0: the default */
    const char *column;              /* a column that numbers are wanted of */
    kl_status status;
    const char *message; /* a part of it */
    long line;
} bad;

/* clang-format off */
static const bad cases[] = {
    /* CSV */
    {.name = "empty.csv", BYTES(""), .status = KL_E_SHAPE, .message = "no header"},
    {.name = "blank.csv", BYTES("\n  \r\n\n"), .status = KL_E_SHAPE,
     .message = "no header"},
    {.name = "mark.csv", BYTES("\xef\xbb\xbf"), .status = KL_E_SHAPE,
     .message = "no header"},
    {.name = "header.csv", BYTES("a,b\n"), .status = KL_E_SHAPE,
     .message = "header.csv: no rows"},
    {.name = "ragged.csv", BYTES("a,b\n1,2\n3\n"), .status = KL_E_PARSE, .line = 3,
     .message = "ragged.csv:3: 1 cells where the header has 2 columns"},
    {.name = "long.csv", BYTES("a,b\n1,2\n\n3,4,5\n"), .status = KL_E_PARSE, .line = 4,
     .message = "long.csv:4: 3 cells"},
    {.name = "missing.tsv", BYTES("a\tb\n1\t2\n\t\t\n"), .status = KL_E_PARSE,
     .line = 3, .message = "missing.tsv:3: 3 cells where the header has 2 columns"},
    {.name = "after.csv", BYTES("a,b\n\"x\ny\",2\n3\n"), .status = KL_E_PARSE,
     .line = 4, .message = "after.csv:4: 1 cells"},
    {.name = "twice.csv", BYTES("a,b, a\n1,2,3\n"), .status = KL_E_PARSE, .line = 1,
     .message = "twice.csv:1: column 'a' occurs twice, as column 1 and 3"},
    {.name = "unnamed.csv", BYTES("a,,c\n1,2,3\n"), .status = KL_E_PARSE, .line = 1,
     .message = "unnamed.csv:1: column 2 has no name"},
    {.name = "open.csv", BYTES("a,b\n1,\"2\n3,4\n"), .status = KL_E_PARSE, .line = 2,
     .message = "open.csv:2: a quote is never closed"},
    {.name = "quote.csv", BYTES("a\nx\"y\n"), .status = KL_E_PARSE, .line = 2,
     .message = "quote.csv:2: a quote inside an unquoted cell"},
    {.name = "tail.csv", BYTES("a\n\"x\"y\n"), .status = KL_E_PARSE, .line = 2,
     .message = "text after a closing quote"},
    {.name = "nul.csv", BYTES("a\n1\n2\0\n"), .status = KL_E_PARSE, .line = 3,
     .message = "nul.csv:3: a NUL byte"},
    {.name = "utf16.csv", BYTES("\xff\xfe" "a\0\n\0"), .status = KL_E_PARSE, .line = 1,
     .message = "no text file in UTF-8"},
    {.name = "mac.csv", BYTES("a,b\r1,2\r"), .status = KL_E_PARSE, .line = 1,
     .message = "lines must end in LF or CRLF"},
    {.name = "tabs.csv", BYTES("a\tb\n1\t2\n"), .status = KL_E_PARSE, .line = 1,
     .message = "--input-format tsv"},
    {.name = "line.csv", BYTES("a\n1\n\"x\n\n\n"), .max_line_bytes = 1024,
     .status = KL_E_PARSE, .message = "line.csv:3: a quote is never closed", .line = 3},
    {.name = "rows.csv", BYTES("a\n1\n2\n3\n"), .max_rows = 2, .status = KL_E_PARSE,
     .line = 4, .message = "more than 2 rows"},
    {.name = "text.csv", BYTES("loss\n1\n2\nn/a\n"), .column = "loss",
     .status = KL_E_PARSE, .line = 4,
     .message = "text.csv:4: column 'loss': 'n/a' is not a number (name missing values "
                "with --na)"},
    {.name = "comma.csv", BYTES("loss\n1\n\"2,5\"\n"), .column = "loss",
     .status = KL_E_PARSE, .line = 3, .message = "'2,5' is not a number"},
    {.name = "suffix.csv", BYTES("N\n7Q\n"), .column = "N", .status = KL_E_PARSE,
     .line = 2, .message = "'7Q' is not a number"},
    {.name = "hex.csv", BYTES("N\n0x10\n"), .column = "N", .status = KL_E_PARSE,
     .line = 2, .message = "'0x10' is not a number"},
    {.name = "none.csv", BYTES("N\n1\n"), .column = "loss", .status = KL_E_USAGE,
     .message = "none.csv: no column 'loss' (columns: N)"},
    {.name = "status.csv", BYTES("status\nfailed\nOOM\n"), .status = KL_E_SHAPE,
     .message = "all 2 have a status that says the run failed"},
    /* gzip */
    {.name = "cut.csv.gz", BYTES("\x1f\x8b\x08\0\0\0\0\0\0\3"), .status = KL_E_PARSE,
     .message = "gzip data end too early"},
    {.name = "junk.csv.gz", BYTES("\x1f\x8b\x08\xff\xff\xff"), .status = KL_E_PARSE,
     .message = "damaged gzip data"},
    /* JSON lines */
    {.name = "empty.jsonl", BYTES("\n"), .status = KL_E_SHAPE, .message = "no rows"},
    {.name = "none.jsonl", BYTES("{}\n{\"a\":{}}\n"), .status = KL_E_SHAPE,
     .message = "no columns"},
    {.name = "list.jsonl", BYTES("[{\"a\":1}]"), .status = KL_E_PARSE, .line = 1,
     .message = "list.jsonl:1: a line must hold one JSON object"},
    {.name = "half.jsonl", BYTES("{\"a\":1}\n{\"a\":\n2}\n"), .status = KL_E_PARSE,
     .line = 2, .message = "half.jsonl:2:"},
    {.name = "nan.jsonl", BYTES("{\"a\": NaN}"), .status = KL_E_PARSE, .line = 1,
     .message = "write null"},
    {.name = "large.jsonl", BYTES("{\"a\": 1e999}"), .status = KL_E_PARSE, .line = 1,
     .message = "large.jsonl:1:"},
    {.name = "tail.jsonl", BYTES("{\"a\": 1} x"), .status = KL_E_PARSE, .line = 1,
     .message = "tail.jsonl:1:"},
    {.name = "key.jsonl", BYTES("{\"a\":1,\"a\":2}"), .status = KL_E_PARSE, .line = 1,
     .message = "duplicate object key"},
    {.name = "flat.jsonl", BYTES("{\"a\":{\"b\":1},\"a.b\":2}"), .status = KL_E_PARSE,
     .line = 1, .message = "flat.jsonl:1: 'a.b' occurs twice"},
    {.name = "noname.jsonl", BYTES("{\"\":1}"), .status = KL_E_PARSE, .line = 1,
     .message = "has no name"},
    {.name = "nul.jsonl", BYTES("{\"a\":\"\\u0000\"}"), .status = KL_E_PARSE, .line = 1,
     .message = "nul.jsonl:1:"},
    {.name = "utf8.jsonl", BYTES("{\"a\":\"\xff\"}"), .status = KL_E_PARSE, .line = 1,
     .message = "utf8.jsonl:1:"},
    {.name = "deep.jsonl",
     BYTES("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{"
           "\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}}}}}}}}}"),
     .status = KL_E_PARSE, .line = 1, .message = "nested deeper than 15"},
    /* SQLite */
    {.name = "junk.db", BYTES("SQLite format 3\0 and then not"), .status = KL_E_PARSE,
     .message = "junk.db: "},
    {.name = "text.sqlite", BYTES("a,b\n1,2\n"), .status = KL_E_PARSE,
     .message = "not a database"},
    {.name = "x.csv", BYTES("a\n1\n"), .table = "t", .status = KL_E_USAGE,
     .message = "--table and --query are for SQLite files"},
    {.name = "both.db", BYTES(""), .table = "t", .query = "SELECT 1",
     .status = KL_E_USAGE, .message = "exclude each other"},
    {.name = "bare.db", BYTES(""), .status = KL_E_SHAPE, .message = "has no table"},
    /* options */
    {.name = "x.csv", BYTES("a\n1\n"), .format = "xls", .status = KL_E_USAGE,
     .message = "unknown format 'xls' (known: csv, tsv, jsonl, sqlite)"},
    {.name = "x.csv", BYTES("a\n1\n"), .max_line_bytes = 1023, .status = KL_E_USAGE,
     .message = "max_line_bytes must be 1024 or more, not 1023"},
    {.name = "x.csv", BYTES("params\n1\n"), .map = "N=parms", .status = KL_E_USAGE,
     .message = "no column 'parms'; did you mean 'params'?"},
    {.name = "x.csv", BYTES("a,b\n1,2\n"), .map = "b=a", .status = KL_E_USAGE,
     .message = "--map: two columns would be named 'b'"},
    {.name = "x.csv", BYTES("a,b\n1,2\n"), .map = "c=a,c=b", .status = KL_E_USAGE,
     .message = "--map: two columns would be named 'c'"},
    {.name = "x.csv", BYTES("a,b\n1,2\n"), .map = "c=a,d=a", .status = KL_E_USAGE,
     .message = "--map: column 'a' gets two names, 'c' and 'd'"},
    {.name = "x.csv", BYTES("a\n1\n"), .map = "N", .status = KL_E_USAGE,
     .message = "--map: 'N' is not NAME=COLUMN"},
    {.name = "x.csv", BYTES("a\n1\n"), .map = "N=a,", .status = KL_E_USAGE,
     .message = "--map: '' is not NAME=COLUMN"},
    {.name = "x.csv", BYTES("a\n1\n"), .units = "a=furlongs", .status = KL_E_UNIT,
     .message = "unknown unit 'furlongs' (known: nats or bits per token"},
    {.name = "x.csv", BYTES("a\n1\n"), .units = "b=tokens", .status = KL_E_USAGE,
     .message = "no column 'b'"},
    {.name = "x.csv", BYTES("a\n1\n"), .units = "a", .status = KL_E_USAGE,
     .message = "--units: 'a' is not NAME=UNIT"},
    {.name = "x.csv", BYTES("a\n1\n"), .let = {"D"}, .status = KL_E_USAGE,
     .message = "--let: 'D' is not NAME = FORMULA"},
    {.name = "x.csv", BYTES("a\n1\n"), .let = {"D == a"}, .status = KL_E_USAGE,
     .message = "is not NAME = FORMULA"},
    {.name = "x.csv", BYTES("a\n1\n"), .let = {"D <= a"}, .status = KL_E_USAGE,
     .message = "is not NAME = FORMULA"},
    {.name = "x.csv", BYTES("a\n1\n"), .let = {" = a"}, .status = KL_E_USAGE,
     .message = "is not NAME = FORMULA"},
    {.name = "x.csv", BYTES("a\n1\n"), .let = {"a = 2*a"}, .status = KL_E_USAGE,
     .message = "--let: column 'a' exists already"},
    {.name = "x.csv", BYTES("a\n1\n"), .let = {"b = a", "b = 2"}, .status = KL_E_USAGE,
     .message = "--let: column 'b' is derived twice"},
    {.name = "x.csv", BYTES("a\n1\n"), .let = {"b = c", "c = d*a", "d = b"},
     .status = KL_E_USAGE, .message = "columns that need each other: "},
    {.name = "x.csv", BYTES("a\n1\n"), .let = {"b = b + 1"}, .status = KL_E_USAGE,
     .message = "columns that need each other: b -> b"},
    {.name = "x.csv", BYTES("a\n1\n"), .let = {"b = lgo(a)"}, .status = KL_E_PARSE,
     .message = "--let:1:5: unknown function 'lgo'; did you mean 'log'?"},
    {.name = "x.csv", BYTES("a\n1\n"), .let = {"b = a*"}, .status = KL_E_PARSE,
     .message = "--let:1:"},
    {.name = "x.csv", BYTES("a\n1\n"), .let = {"b = E[a]"}, .status = KL_E_USAGE,
     .message = "only parameters of a law can be indexed"},
    {.name = "x.csv", BYTES("N,C\n1,6\n0,6\n"), .let = {"D = C/(6*N)"},
     .status = KL_E_DOMAIN, .line = 3,
     .message = "x.csv:3: D = C/(6*N) is not finite: C = 6, N = 0"},
    {.name = "x.csv", BYTES("N\n1\ninf\n"), .let = {"D = 20*N"}, .status = KL_E_DOMAIN,
     .line = 3, .message = "x.csv:3: D = 20*N is not finite: N = inf"},
    {.name = "x.csv", BYTES("N\n1\n-1\n"), .let = {"D = log(N)"}, .status = KL_E_DOMAIN,
     .line = 3, .message = "x.csv:3: D = log(N) is not finite: N = -1"},
    {.name = "x.csv", BYTES("a\nweb\n"), .let = {"b = 2*a"}, .status = KL_E_PARSE,
     .line = 2, .message = "x.csv:2: column 'a': 'web' is not a number"},
    {.name = "x.csv", BYTES("a\n1\n"), .where = {"loss < 4"}, .status = KL_E_USAGE,
     .message = "no column 'loss' (columns: a)"},
    {.name = "x.csv", BYTES("a\n1\n"), .where = {"a > 4"}, .status = KL_E_SHAPE,
     .message = "x.csv: no rows: 'a > 4' holds for none of 1"},
    {.name = "x.csv", BYTES("a\n1\n"), .where = {"a <"}, .status = KL_E_PARSE,
     .message = "--where:1:"},
    {.name = "x.csv", BYTES("a\n1\n"), .where = {"a == \"web\""}, .status = KL_E_USAGE,
     .message = "column 'a' holds numbers: it cannot be 'web'"},
    {.name = "x.csv", BYTES("a\nweb\n"), .where = {"a == 'web"}, .status = KL_E_PARSE,
     .message = "--where:1:6: a quote is never closed"},
    {.name = "x.csv", BYTES("a\nweb\n"), .where = {"'web' == a"}, .status = KL_E_PARSE,
     .message = "--where:1:1: a text in quotes may only follow NAME == or NAME !="},
    {.name = "x.csv", BYTES("a\nweb\n"), .where = {"b != 'web'"}, .status = KL_E_USAGE,
     .message = "no column 'b'"},
};
/* clang-format on */

static kl_status read_case(const bad *b, kl_error *err)
{
    kl_table_options opt = kl_table_options_default();
    opt.format = b->format;
    opt.table = b->table;
    opt.query = b->query;
    opt.map = b->map;
    opt.na = b->na;
    opt.units = b->units;
    opt.let = b->let;
    while (opt.n_let < 3 && b->let[opt.n_let]) opt.n_let++;
    opt.where = b->where;
    while (opt.n_where < 2 && b->where[opt.n_where]) opt.n_where++;
    if (b->max_line_bytes) opt.max_line_bytes = b->max_line_bytes;
    if (b->max_rows) opt.max_rows = b->max_rows;
    kl_table *t = (kl_table *)&opt; /* must become NULL */
    kl_status status =
        kl_table_read(&t, test_scratch_write(b->name, b->bytes, b->n_bytes), &opt, err);
    if (status) assert_null(t);
    const double *numbers;
    if (!status && b->column)
        status = kl_table_require_numbers(&numbers, t, b->column, err);
    kl_table_free(t);
    return status;
}

static void test_bad(void **state)
{
    (void)state;
    const size_t n = sizeof cases / sizeof *cases;
    print_message("%zu bad tables\n", n);
    for (size_t i = 0; i < n; i++) {
        const bad *b = &cases[i];
        char label[100];
        snprintf(label, sizeof label, "case %zu, %s", i, b->name);
        kl_error err = {0};
        const kl_status status = read_case(b, &err);
        if (status != b->status)
            fail_msg("%s: '%s' (%s), not '%s'", label, kl_status_text(status), err.msg,
                     kl_status_text(b->status));
        check_contains(label, err.msg, b->message);
        if (b->line && err.line != b->line)
            fail_msg("%s: line %ld, not %ld: %s", label, err.line, b->line, err.msg);
        if (err.code != status) fail_msg("%s: err.code is %d", label, (int)err.code);
        check_fails(label, read_case(b, NULL), b->status);
    }
}

/* What only the file system can do wrong. */
static void test_files(void **state)
{
    (void)state;
    kl_error err;
    kl_table *t;
    check_fails("absent", kl_table_read(&t, "no/such/runs.csv", NULL, &err), KL_E_IO);
    check_text("absent", err.msg,
               "cannot open 'no/such/runs.csv': No such file or directory");
    check_fails("folder", kl_table_read(&t, ".", NULL, &err), KL_E_IO);
    check_contains("folder", err.msg, "cannot read '.'");
    check_fails("sqlite", kl_table_read(&t, "no/such/runs.db", NULL, &err), KL_E_IO);
    const char *path = test_scratch_text("secret.csv", "a\n1\n");
    assert_int_equal(chmod(path, 0), 0);
    if (geteuid() != 0) /* root may read everything */
        check_fails("unreadable", kl_table_read(&t, path, NULL, &err), KL_E_IO);
}

static void test_databases(void **state)
{
    (void)state;
    const char *path = test_scratch_path("two.db");
    sqlite3 *db = NULL;
    if (sqlite3_open(path, &db) ||
        sqlite3_exec(db,
                     "CREATE TABLE a (x); CREATE TABLE b (y, z);"
                     "INSERT INTO a VALUES (1); INSERT INTO b VALUES (x'00ff', 2)",
                     NULL, NULL, NULL))
        fail_msg("%s", sqlite3_errmsg(db));
    sqlite3_close(db);
    static const struct {
        const char *table, *query;
        kl_status status;
        const char *message;
    } wrong[] = {
        {NULL, NULL, KL_E_USAGE, "which table? name one with --table: a, b"},
        {"c", NULL, KL_E_USAGE, "no table 'c' (tables: a, b)"},
        {"b", NULL, KL_E_PARSE, "two.db:1: column 'y' holds bytes that are no text"},
        {NULL, "SELECT x, x FROM a", KL_E_PARSE, "'x' occurs twice"},
        {NULL, "SELECT 1 AS ''", KL_E_PARSE, "has no name"},
        {NULL, "SELECT x FROM a WHERE x > 1", KL_E_SHAPE, "no rows"},
        {NULL, "SELECT nonsense", KL_E_USAGE, "no such column: nonsense"},
        {NULL, "DELETE FROM a", KL_E_USAGE, "may only read"},
        {NULL, "SELECT 1; SELECT 2", KL_E_USAGE, "must be one SELECT"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        kl_table_options opt = kl_table_options_default();
        opt.table = wrong[i].table;
        opt.query = wrong[i].query;
        kl_error err = {0};
        kl_table *t;
        check_fails(wrong[i].message, kl_table_read(&t, path, &opt, &err),
                    wrong[i].status);
        check_contains("database", err.msg, wrong[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_databases),
    };
    return cmocka_run_group_tests_name("bad tables", tests, NULL, NULL);
}
