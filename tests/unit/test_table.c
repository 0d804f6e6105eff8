/* test_table.c - tables in memory, and what every option of reading changes. */
#include "support/check.h"
#include "support/scratch.h"

#include <kleiber/table.h>

static kl_error err;

static kl_table *read_text(const char *name, const char *text,
                           const kl_table_options *opt)
{
    kl_table *t = NULL;
    check_ok(name, kl_table_read(&t, test_scratch_text(name, text), opt, &err), err);
    return t;
}

static void check_number(const kl_table *t, const char *column, size_t row, double want)
{
    const double *got = kl_table_get_numbers(t, column);
    if (!got) fail_msg("%s: '%s' is no number column", kl_table_get_path(t), column);
    if (isnan(want) ? !isnan(got[row]) : got[row] != want)
        fail_msg("%s: %s[%zu] is %.17g, not %.17g", kl_table_get_path(t), column, row,
                 got[row], want);
}

/* Text of a cell of a category column; NULL if it is missing. */
static const char *cell(const kl_table *t, const char *column, size_t row)
{
    const int32_t *codes;
    check_ok(column, kl_table_require_codes(&codes, t, column, &err), err);
    return codes[row] < 0 ? NULL : kl_table_get_level(t, column, (size_t)codes[row]);
}

static void test_memory(void **state)
{
    (void)state;
    kl_table *t = NULL;
    check_ok("new", kl_table_new(&t, 3, "simulated", &err), err);
    const double n[] = {1e9, 2e9, NAN};
    const char *const corpus[] = {"web", NULL, "books"};
    check_ok("numbers", kl_table_add_numbers(t, "N", n, &err), err);
    check_ok("categories", kl_table_add_categories(t, "corpus", corpus, &err), err);
    check_fails("taken", kl_table_add_numbers(t, "N", n, &err), KL_E_USAGE);
    check_text("taken", err.msg, "simulated: column 'N' exists already");
    assert_int_equal(kl_table_get_n_rows(t), 3);
    assert_int_equal(kl_table_get_n_columns(t), 2);
    check_text("name", kl_table_get_column_name(t, 1), "corpus");
    assert_null(kl_table_get_column_name(t, 2));
    assert_true(kl_table_has_column(t, "N"));
    assert_false(kl_table_has_column(t, "M"));
    assert_int_equal(kl_table_get_kind(t, "corpus"), KL_COLUMN_CATEGORY);
    check_number(t, "N", 2, NAN);
    assert_null(kl_table_get_numbers(t, "corpus"));
    assert_int_equal(kl_table_get_n_levels(t, "corpus"), 2);
    assert_null(cell(t, "corpus", 1));
    check_text("level", cell(t, "corpus", 2), "books");
    assert_null(kl_table_get_level(t, "corpus", 2));
    check_text("path", kl_table_get_path(t), "simulated");
    check_text("sha256", kl_table_get_sha256(t), "");
    assert_int_equal(kl_table_get_line(t, 2), 3);
    assert_null(kl_table_get_unit(t, "N"));
    const double *out;
    check_fails("no column", kl_table_require_numbers(&out, t, "n", &err), KL_E_USAGE);
    assert_null(out);
    check_text("no column", err.msg,
               "simulated: no column 'n'; did you mean 'N'? (columns: N, corpus)");
    check_fails("text", kl_table_require_numbers(&out, t, "corpus", &err), KL_E_PARSE);
    check_text(
        "text", err.msg,
        "simulated:1: column 'corpus': 'web' is not a number (name missing values "
        "with --na)");
    assert_int_equal(err.line, 1);
    kl_table_free(t);
    kl_table_free(NULL);
}

/* A number column read by codes: a level per distinct value, however written. */
static void test_codes_of_numbers(void **state)
{
    (void)state;
    kl_table *t = read_text("codes.csv",
                            "seed,x\n2,1\n1,1\n2.0,1\n,1\n-0,1\n0,1\n1e-7,1\n", NULL);
    const int32_t *codes;
    check_ok("codes", kl_table_require_codes(&codes, t, "seed", &err), err);
    const int32_t want[] = {0, 1, 0, -1, 2, 2, 3};
    for (size_t i = 0; i < 7; i++) assert_int_equal(codes[i], want[i]);
    assert_int_equal(kl_table_get_n_levels(t, "seed"), 4);
    check_text("level", kl_table_get_level(t, "seed", 3), "1e-07");
    kl_table_free(t);
}

static void test_select(void **state)
{
    (void)state;
    kl_table *t = read_text("select.csv", "run,loss\na,3\nb,5\na,5\nc,\nb,4\n", NULL);
    check_fails("too many", kl_table_drop_largest(t, "loss", 4, &err), KL_E_USAGE);
    check_text("too many", err.msg, "cannot drop the 4 largest of 4 values of 'loss'");
    check_fails("no numbers", kl_table_drop_largest(t, "run", 1, &err), KL_E_PARSE);
    check_ok("none", kl_table_drop_largest(t, "loss", 0, &err), err);
    assert_int_equal(kl_table_get_n_rows(t), 5);
    check_ok("one", kl_table_drop_largest(t, "loss", 1, &err),
             err); /* a tie: the later */
    assert_int_equal(kl_table_get_n_rows(t), 4);
    check_number(t, "loss", 1, 5);
    assert_int_equal(kl_table_get_line(t, 1), 3);
    assert_int_equal(kl_table_get_line(t, 2), 5);
    check_number(t, "loss", 2, NAN);
    const char *name = kl_table_get_column_name(t, 1);
    const bool keep[] = {false, true, false, true};
    check_ok("keep", kl_table_keep(t, keep, &err), err);
    assert_int_equal(kl_table_get_n_rows(t), 2);
    check_text("a name outlives rows", name, "loss");
    assert_int_equal(kl_table_get_n_levels(t, "run"), 1); /* a and c are gone */
    check_text("level", cell(t, "run", 1), "b");
    assert_int_equal(kl_table_get_line(t, 1), 6);
    assert_int_equal(kl_table_get_counts(t).dropped, 1);
    assert_int_equal(kl_table_get_counts(t).read, 5);
    kl_table_free(t);
}

/* A column whose texts all leave becomes numbers; one made of categories stays so. */
static void test_kind_after_select(void **state)
{
    (void)state;
    kl_table *t = read_text("kind.csv", "size,loss\n7B,3\nsmall,4\n13B,2\n", NULL);
    const char *const seed[] = {"1", "2", "1"};
    check_ok("seed", kl_table_add_categories(t, "seed", seed, &err), err);
    assert_int_equal(kl_table_get_kind(t, "size"), KL_COLUMN_CATEGORY);
    check_text("as written", cell(t, "size", 0), "7B");
    check_ok("filter", kl_table_filter(t, "size != 'small'", &err), err);
    check_number(t, "size", 1, 13e9);
    assert_int_equal(kl_table_get_kind(t, "seed"), KL_COLUMN_CATEGORY);
    assert_int_equal(kl_table_get_counts(t).filtered, 1);
    kl_table_free(t);
}

static void test_derive(void **state)
{
    (void)state;
    kl_table *t =
        read_text("derive.csv", "N,C,corpus\n1,12,web\n2,,web\n4,48,books\n", NULL);
    check_ok("D", kl_table_derive(t, "D = C/(6*N)", &err), err);
    check_number(t, "D", 0, 2);
    check_number(t, "D", 1, NAN); /* a missing input */
    check_ok("quoted", kl_table_derive(t, "`D again`=2*`D`", &err), err);
    check_number(t, "D again", 2, 4);
    check_ok("text", kl_table_derive(t, "web = 10*(corpus == \"web\") + 1", &err), err);
    check_number(t, "web", 1, 11);
    check_number(t, "web", 2, 1);
    check_ok("two texts",
             kl_table_derive(t, "two = (corpus=='a\tb')+2*(corpus=='a b')", &err),
             err); /* not the same test, though a tab cannot be in a name */
    check_number(t, "two", 1, 0);
    check_ok(
        "the same text",
        kl_table_derive(
            t, "same = (corpus=='web') + (corpus == \"web\") - (corpus!='web')", &err),
        err);
    check_number(t, "same", 1, 2);
    check_number(t, "same", 2, -1);
    check_ok("constant", kl_table_derive(t, "one = 1", &err), err);
    check_number(t, "one", 2, 1);
    check_fails("pole", kl_table_derive(t, "x = 1/(N - 4)", &err), KL_E_DOMAIN);
    check_contains("pole", err.msg, "derive.csv:4: x = 1/(N - 4) is not finite: N = 4");
    assert_int_equal(err.line, 4);
    assert_false(kl_table_has_column(t, "x"));
    check_ok("filter", kl_table_filter(t, "D > 0 && corpus == 'web' || N == 4", &err),
             err);
    assert_int_equal(kl_table_get_n_rows(t), 2); /* the missing D is not above 0 */
    check_fails("none", kl_table_filter(t, "N > 99", &err), KL_E_SHAPE);
    assert_int_equal(kl_table_get_n_rows(t), 2);
    kl_table_free(t);
}

static void test_map(void **state)
{
    (void)state;
    const char *text = "Model Size,b,\"a,b\"\n1,2,3\n";
    kl_table_options opt = kl_table_options_default();
    opt.map = "N=Model Size, b = `a,b`, c=b"; /* b is taken and given away at once */
    kl_table *t = read_text("map.csv", text, &opt);
    check_number(t, "N", 0, 1);
    check_number(t, "c", 0, 2);
    check_number(t, "b", 0, 3);
    kl_table_free(t);
    opt.map = "N=`Model Size`";
    t = read_text("map.csv", text, &opt);
    check_number(t, "N", 0, 1);
    kl_table_free(t);
}

static void test_na(void **state)
{
    (void)state;
    const char *text = "x,s\n1,a\nn/a,-\n-1.0,b\n , c\n";
    kl_table *t = read_text("na.csv", text, NULL);
    assert_int_equal(kl_table_get_kind(t, "x"), KL_COLUMN_CATEGORY);
    assert_null(cell(t, "x", 3)); /* blanks are an empty cell */
    kl_table_free(t);
    kl_table_options opt = kl_table_options_default();
    opt.na = "n/a, -,-1"; /* a number means every way to write it */
    t = read_text("na.csv", text, &opt);
    check_number(t, "x", 0, 1);
    check_number(t, "x", 1, NAN);
    check_number(t, "x", 2, NAN);
    assert_null(cell(t, "s", 1));
    check_text("trimmed", cell(t, "s", 3), "c");
    kl_table_free(t);
}

static void test_units(void **state)
{
    (void)state;
    kl_table_options opt = kl_table_options_default();
    const char *const let[] = {"D = 20*N"};
    opt.units = "loss=bits/byte, N = billion parameters,D=tokens";
    opt.let = let;
    opt.n_let = 1;
    kl_table *t = read_text("units.csv", "N,loss,x\n1,2,3\n", &opt);
    check_text("loss", kl_table_get_unit(t, "loss"), "bits per byte");
    check_text("N", kl_table_get_unit(t, "N"), "billion parameters");
    check_text("D", kl_table_get_unit(t, "D"), "tokens");
    assert_null(kl_table_get_unit(t, "x"));
    kl_table_free(t);
}

/* Derived columns in any order; two conditions; failed runs are out before both. */
static void test_let_where_status(void **state)
{
    (void)state;
    kl_table_options opt = kl_table_options_default();
    const char *const let[] = {"c = b + a", "b = 2*a", "a = 1/N"};
    const char *const where[] = {"loss < 4", "c < 3"};
    opt.let = let;
    opt.n_let = 3;
    opt.where = where;
    opt.n_where = 2;
    kl_table *t =
        read_text("let.csv",
                  "N,loss,status\n2,3,finished\n0,NaN,Diverged\n4,5,finished\n"
                  "1,2,\n8,1,finished\n0,oops,crashed\n",
                  &opt);
    assert_int_equal(kl_table_get_n_rows(t), 2);
    check_number(t, "c", 0, 1.5);
    check_number(t, "loss", 1, 1); /* 'oops' went with its row */
    assert_int_equal(kl_table_get_line(t, 0), 2);
    assert_int_equal(kl_table_get_line(t, 1), 6);
    const kl_table_counts counts = kl_table_get_counts(t);
    assert_int_equal(counts.read, 6);
    assert_int_equal(counts.status, 2);
    assert_int_equal(counts.filtered, 2);
    assert_int_equal(counts.dropped, 0);
    kl_table_free(t);
}

static void test_format(void **state)
{
    (void)state;
    kl_table_options opt = kl_table_options_default();
    kl_table *t = read_text("plain", "a,b\n1,2\n", NULL);
    check_number(t, "b", 0, 2);
    kl_table_free(t);
    opt.format = "tsv";
    t = read_text("plain", "a,b\tc\n1\t3\n", &opt);
    check_number(t, "a,b", 0, 1);
    kl_table_free(t);
    t = read_text("guess", "\xef\xbb\xbf{\"x\": 4}", NULL); /* by its first byte */
    check_number(t, "x", 0, 4);
    kl_table_free(t);
}

static void test_limits(void **state)
{
    (void)state;
    kl_table_options opt = kl_table_options_default();
    opt.max_rows = 2;
    kl_table *t = read_text("limit.csv", "x\n1\n2\n", &opt);
    kl_table_free(t);
    check_fails(
        "rows",
        kl_table_read(&t, test_scratch_text("limit.csv", "x\n1\n2\n3\n"), &opt, &err),
        KL_E_PARSE);
    assert_null(t);
    check_contains("rows", err.msg, "limit.csv:4: more than 2 rows");
    char line[2000];
    memset(line, 'x', sizeof line);
    memcpy(line, "x\n", 2);
    line[sizeof line - 1] = '\0';
    opt.max_line_bytes = 1024;
    check_fails("line", kl_table_read(&t, test_scratch_text("l.csv", line), &opt, &err),
                KL_E_PARSE);
    check_contains("line", err.msg, "l.csv:2: a record of more than 1024 bytes");
    opt.max_line_bytes = 2000;
    t = read_text("l.csv", line, &opt);
    kl_table_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_codes_of_numbers),
        cmocka_unit_test(test_select),
        cmocka_unit_test(test_kind_after_select),
        cmocka_unit_test(test_derive),
        cmocka_unit_test(test_map),
        cmocka_unit_test(test_na),
        cmocka_unit_test(test_units),
        cmocka_unit_test(test_let_where_status),
        cmocka_unit_test(test_format),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
