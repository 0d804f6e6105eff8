/* test_formula_parse.c - the language: errors, text and back, limits. */
#include "support/check.h"

#include <kleiber/formula.h>

static void test_errors(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"E + A / N^alpha+lgo(D)",
         "law:1:17: unknown function 'lgo'; did you mean 'log'?"},
        {"", "law:1:1: expected a number, a name or '(' at the end"},
        {"a +", "law:1:4: expected a number, a name or '(' at the end"},
        {"a + * b", "law:1:5: expected a number, a name or '(' before '*'"},
        {"a ** 2", "law:1:3: '**' is no operator; write '^' for powers"},
        {"2 x", "law:1:3: expected an operator before 'x'"},
        {"2x", "law:1:2: expected an operator before 'x'"},
        {"a b", "law:1:3: expected an operator before 'b'"},
        {"1.5.2", "law:1:4: expected an operator before '.2'"},
        {"(a + b", "law:1:7: expected ')' for the '(' in column 1"},
        {"a + b)", "law:1:6: unexpected ')'"},
        {"exp(a, b)", "law:1:1: function 'exp' takes 1 argument, not 2"},
        {"if(a, b)", "law:1:1: function 'if' takes 3 arguments, not 2"},
        {"min(a)", "law:1:1: function 'min' takes 2 arguments or more, not 1"},
        {"exp()", "law:1:1: function 'exp' takes 1 argument, not 0"},
        {"max(a, b,)", "law:1:10: expected an argument after ','"},
        {"max(a b)", "law:1:7: expected ',' or ')' in 'max(...)'"},
        {"ln(a)", "law:1:1: unknown function 'ln'; did you mean 'log'?"},
        {"N (a)", "law:1:1: unknown function 'N'; write '*' to multiply"},
        {"exp + 1", "law:1:1: 'exp' is a function: write 'exp(...)', or put the name "
                    "in back-quotes"},
        {"a\n+ b\n  @ c", "law:3:3: unexpected '@'"},
        {"a + \xce\xb1",
         "law:1:5: unexpected '\xce\xb1'; names other than letters, digits "
         "and '_' go in back-quotes"},
        {"`\xce\xb1` + !", "law:1:7: put '! ...' in parentheses here"},
        {"a + `b", "law:1:5: back-quote without its partner on this line"},
        {"a + ``", "law:1:5: empty name in back-quotes"},
        {"1e999", "law:1:1: number '1e999' is too large for a double"},
        {"a < b < c", "law:1:7: comparisons do not chain; write 'a < b && b < c'"},
        {"a = 1", "law:1:6: expected an operator or ';' after the definition of 'a'"},
        {"1 + a = 1", "law:1:7: unexpected '='; write '==' to compare"},
        {"a; b",
         "law:1:2: unexpected ';': only definitions 'name = ...;' come before the "
         "formula"},
        {"S = 1; S = 2; S", "law:1:8: 'S' is defined twice"},
        {"S = S + 1; S", "law:1:1: 'S' is used before it is defined"},
        {"T = S; S = 1; S", "law:1:8: 'S' is used before it is defined"},
        {"log = 1; log", "law:1:1: 'log' is a function and cannot be defined"},
        {"S = 1;", "law:1:7: expected a number, a name or '(' at the end"},
        {"E[corpus] + E", "law:1:13: 'E' was indexed by 'corpus' before"},
        {"E + E[corpus]", "law:1:5: 'E' was used without an index before"},
        {"E[a] + E[b]", "law:1:8: 'E' was indexed by 'a' before"},
        {"E[1]", "law:1:3: expected the name of a column in [...]"},
        {"E[a, b]", "law:1:4: expected ']': an index is one categorical column"},
        {"S = 1; S[a]", "law:1:9: only a parameter can be indexed"},
        {"a $ b", "law:1:3: unexpected '$'"},
        {"a & b", "law:1:3: unexpected '&'"},
        {"\x01", "law:1:1: control character"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kl_formula *f = NULL;
        kl_error err = {0};
        check_fails(cases[i].text, kl_formula_parse(&f, cases[i].text, "law", &err),
                    KL_E_PARSE);
        assert_null(f);
        check_text(cases[i].text, err.msg, cases[i].message);
        assert_true(err.line >= 1 && err.column >= 1);
    }
}

/* Text in, canonical text out; and what comes out reads back as itself. */
static void test_format(void **state)
{
    (void)state;
    static const struct {
        const char *text, *canonical;
    } cases[] = {
        {"E+A/N^alpha+B/D^beta", "E + A / N^alpha + B / D^beta"},
        {"-x^2", "-x^2"},
        {"(-x)^2", "(-x)^2"},
        {"2^-3", "2^-3"},
        {"a^b^c", "a^b^c"},
        {"(a^b)^c", "(a^b)^c"},
        {"a-(b-c)", "a - (b - c)"},
        {"a-b-c", "a - b - c"},
        {"a/(b*c)/d", "a / (b * c) / d"},
        {"a*(b/c)", "a * (b / c)"},
        {"-(a+b)*--c", "-(a + b) * --c"},
        {"-(a*b)", "-(a * b)"},
        {"+a", "a"},
        {"((a))", "a"},
        {"pow(a, b + 1)", "a^(b + 1)"},
        {"min(a,b,c,min(d,e))", "min(a, b, c, min(d, e))"},
        {"max(max(a,b),c)", "max(a, b, c)"},
        {"70B + 1.4T + 6e23 + .5", "70000000000 + 1400000000000 + 6e+23 + 0.5"},
        {"0.1 + 1e-300", "0.1 + 1e-300"},
        {"S = x+y; S^2", "S = x + y; S^2"},
        {"a = x; b = a*a; b*b # that is x^4", "a = x; b = a * a; b * b"},
        {"E[corpus] + `Model Size`", "E[corpus] + `Model Size`"},
        {"`x` + `exp`[`and`]", "x + `exp`[`and`]"},
        {"not a < b and c or d", "!a < b && c || d"},
        {"a && (b || !c)", "a && (b || !c)"},
        {"(!a) < b", "(!a) < b"},
        {"(a<b)==(c<d)", "(a < b) == (c < d)"},
        {"if(N > 1e9 && D >= 2, a, b)", "if(N > 1000000000 && D >= 2, a, b)"},
        {"6*N*D <= 1e24", "6 * N * D <= 1e+24"},
        {"a # and a remark\n + b", "a + b"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kl_error err = {0};
        kl_formula *f, *again;
        char *text, *twice;
        const char *label = cases[i].text;
        check_ok(label, kl_formula_parse(&f, label, "law", &err), err);
        check_ok(label, kl_formula_format(&text, f, &err), err);
        check_text(label, text, cases[i].canonical);
        check_ok(label, kl_formula_parse(&again, text, "law", &err), err);
        check_ok(label, kl_formula_format(&twice, again, &err), err);
        check_text(label, twice, text);
        free(text);
        free(twice);
        kl_formula_free(f);
        kl_formula_free(again);
    }
}

static void test_names(void **state)
{
    (void)state;
    kl_error err = {0};
    kl_formula *f;
    check_ok("names",
             kl_formula_parse(&f, "S = B * `Model Size`; E[corpus] + A * S / S + B",
                              "law", &err),
             err);
    static const char *const want[] = {"B", "Model Size", "E", "A"};
    assert_int_equal(kl_formula_get_n_names(f), 4);
    for (size_t i = 0; i < 4; i++)
        check_text("name", kl_formula_get_name(f, i), want[i]);
    assert_null(kl_formula_get_index(f, 0));
    check_text("index", kl_formula_get_index(f, 2), "corpus");
    kl_formula_free(f);
}

static void test_relations(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        kl_relation relation;
        const char *difference;
    } cases[] = {
        {"C = 6*N*D; C <= 1e24", KL_RELATION_LE, "C = 6 * N * D; C - 1e+24"},
        {"a < b", KL_RELATION_LE, "a - b"},
        {"a >= b + c", KL_RELATION_GE, "a - (b + c)"},
        {"a > b", KL_RELATION_GE, "a - b"},
        {"a == b", KL_RELATION_EQ, "a - b"},
        {"a != b", KL_RELATION_NONE, NULL},
        {"a + b", KL_RELATION_NONE, NULL},
        {"a < b && c < d", KL_RELATION_NONE, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kl_error err = {0};
        kl_formula *f, *d;
        const char *label = cases[i].text;
        check_ok(label, kl_formula_parse(&f, label, "law", &err), err);
        assert_int_equal(kl_formula_get_relation(f), cases[i].relation);
        const kl_status status = kl_formula_difference(&d, f, &err);
        assert_int_equal(status, cases[i].difference ? KL_OK : KL_E_USAGE);
        if (cases[i].difference) {
            char *text;
            check_ok(label, kl_formula_format(&text, d, &err), err);
            check_text(label, text, cases[i].difference);
            free(text);
        } else {
            assert_null(d);
        }
        kl_formula_free(d);
        kl_formula_free(f);
    }
}

/* unit repeated n times between head and tail; caller frees */
static char *repeat(const char *head, const char *unit, size_t n, const char *tail)
{
    const size_t length = strlen(unit);
    char *s = malloc(strlen(head) + n * length + strlen(tail) + 1);
    assert_non_null(s);
    strcpy(s, head);
    char *at = s + strlen(head);
    for (size_t i = 0; i < n; i++, at += length) memcpy(at, unit, length);
    strcpy(at, tail);
    return s;
}

static void test_limits(void **state)
{
    (void)state;
    const struct {
        const char *what;
        char *text;
        const char *message;
    } cases[] = {
        {"parentheses", repeat("", "(", 1000, "1"), "nested more than 200 deep"},
        {"signs", repeat("", "-", 60000, "1"), "nested more than 200 deep"},
        {"negations", repeat("", "!", 60000, "1"), "nested more than 200 deep"},
        {"powers", repeat("", "2^", 30000, "1"), "nested more than 200 deep"},
        {"calls", repeat("", "exp(", 10000, "1"), "nested more than 200 deep"},
        {"sum", repeat("1", "+1", 30000, ""), "more than 8192 operations"},
        {"arguments", repeat("min(1,1", ",1", 30000, ")"), "more than 8192 operations"},
        {"bytes", repeat("1", " ", 65536, ""), "longer than 65536 bytes"},
        {"digits", repeat("1", "0", 500, ""), "number with too many digits"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kl_formula *f;
        kl_error err = {0};
        check_fails(cases[i].what, kl_formula_parse(&f, cases[i].text, "law", &err),
                    KL_E_PARSE);
        check_contains(cases[i].what, err.msg, cases[i].message);
        free(cases[i].text);
    }
}

/* What is long without being deep is read and written back without recursion. */
static void test_long(void **state)
{
    (void)state;
    char *const texts[] = {repeat("a", " + a", 4000, ""),
                           repeat("min(a, b", ", b", 4000, ")"),
                           repeat("", "-", 198, "a")};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        kl_formula *f;
        char *text;
        kl_error err = {0};
        check_ok("long", kl_formula_parse(&f, texts[i], "law", &err), err);
        check_ok("long", kl_formula_format(&text, f, &err), err);
        check_text("long", text, texts[i]);
        free(text);
        free(texts[i]);
        kl_formula_free(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_errors), cmocka_unit_test(test_format),
        cmocka_unit_test(test_names),  cmocka_unit_test(test_relations),
        cmocka_unit_test(test_limits), cmocka_unit_test(test_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
