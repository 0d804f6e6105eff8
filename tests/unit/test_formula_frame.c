/* test_formula_frame.c - programs and frames: names, values, rows, bad data. */
#include "base/random.h"
#include "support/formula_case.h"

#include <float.h>
#include <stdio.h>

enum { ROWS = 333 };

static double column_n[ROWS], column_d[ROWS];
static int32_t codes[ROWS];
static const char *const inputs[] = {"N", "D"};
static const double *const numbers[] = {column_n, column_d};
static const case_columns columns = {2, ROWS, inputs, numbers, codes};
static const double theta[] = {1.8, 400, 0.34, 2000, 0.37, 0.6, 1.2, 0.8, 0.4, 0.3};

static int set_up(void **state)
{
    (void)state;
    kl_random r = kl_random_new(4, 0);
    for (size_t i = 0; i < ROWS; i++) {
        column_n[i] = exp(16 + 7 * kl_random_uniform(&r));
        column_d[i] = exp(20 + 6 * kl_random_uniform(&r));
        codes[i] = (int32_t)kl_random_below(&r, CASE_LEVELS);
    }
    return 0;
}

/* libm is the other implementation. The power is exp(p log x): the rounding of p log x,
 * at most 27 * 0.37, is 10 times the result's; libmvec is within 4 units in the last
 * place. */
static void test_values(void **state)
{
    (void)state;
    formula_case c;
    double values[ROWS];
    kl_error err = {0};
    case_open(&c, "E + A / N^alpha + B / D^beta", &columns);
    check_ok("values", kl_frame_values(c.frame, theta, values, &err), err);
    assert_int_equal(kl_frame_get_n_rows(c.frame), ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        const double want = theta[0] + theta[1] / pow(column_n[i], theta[2]) +
                            theta[3] / pow(column_d[i], theta[4]);
        check_close("chinchilla", values[i], want, 20 * DBL_EPSILON);
    }
    case_close(&c);
}

/* All results of one row: value, gradient, Hessian. */
static size_t get_row(double *to, const formula_case *c, size_t i)
{
    const size_t n = c->n_leaves;
    size_t at = 0;
    to[at++] = c->value[i];
    for (size_t k = 0; k < n; k++) to[at++] = c->gradient[k * KL_BLOCK + i];
    for (size_t k = 0; k < n * (n + 1) / 2; k++)
        to[at++] = c->hessian[k * KL_BLOCK + i];
    return at;
}

enum { RESULTS = 128 };

/* The bytes of a row are the same in any place of any block beside any other rows. */
static void test_rows_are_independent(void **state)
{
    (void)state;
    static const char *const text =
        "E + A / N^alpha + B / D^beta + tanh(a * log(N)) + sigmoid(b - log(D) / 20) + "
        "softplus(a - log10(N)) + logaddexp(a, log2(D) * b) + erf(b * N / 1e10) + "
        "lgamma(a + log(N)) + if(N > 1e9, a^b, max(b, N / D)) + E^(N / D)";
    static double want[ROWS][RESULTS], got[RESULTS];
    formula_case c;
    case_open(&c, text, &columns);
    size_t n_results = 0;
    for (size_t i = 0; i < ROWS; i++) {
        case_block(&c, i, 1, theta, 2);
        n_results = get_row(want[i], &c, 0);
        assert_in_range(n_results, 1, RESULTS);
    }
    kl_random r = kl_random_new(5, 0);
    kl_frame *plain = c.frame;
    size_t rows[2 * ROWS];
    for (size_t i = 0; i < 2 * ROWS; i++) rows[i] = kl_random_below(&r, ROWS);
    kl_error err = {0};
    check_ok("gather", kl_frame_gather(&c.frame, plain, rows, 2 * ROWS, &err), err);
    for (int round = 0; round < 20; round++) {
        const size_t n_rows = 1 + kl_random_below(&r, 2 * ROWS);
        for (size_t i = 0; i < n_rows; i++) rows[i] = kl_random_below(&r, ROWS);
        kl_frame_regather(c.frame, plain, rows, n_rows);
        assert_int_equal(kl_frame_get_n_rows(c.frame), n_rows);
        for (size_t first = 0; first < n_rows;) {
            size_t n = 1 + kl_random_below(&r, KL_BLOCK);
            if (n > n_rows - first) n = n_rows - first;
            case_block(&c, first, n, theta, 2);
            for (size_t i = 0; i < n; i++) {
                get_row(got, &c, i);
                assert_memory_equal(got, want[rows[first + i]],
                                    n_results * sizeof *got);
            }
            first += n;
        }
    }
    kl_frame_free(plain);
    case_close(&c);
}

/* Orders agree on what they share. */
static void test_orders(void **state)
{
    (void)state;
    formula_case c;
    case_open(&c, "E + A / N^alpha + exp(-alpha) + A * E", &columns);
    double value[KL_BLOCK], gradient[3 * KL_BLOCK];
    case_block(&c, 0, KL_BLOCK, theta, 2);
    memcpy(value, c.value, sizeof value);
    memcpy(gradient, c.gradient, sizeof gradient);
    case_block(&c, 0, KL_BLOCK, theta, 1);
    assert_memory_equal(value, c.value, sizeof value);
    assert_memory_equal(gradient, c.gradient, sizeof gradient);
    case_block(&c, 0, KL_BLOCK, theta, 0);
    assert_memory_equal(value, c.value, sizeof value);
    case_close(&c);
}

/* One x = 0 in a column changes how its block computes powers, and no other row. */
static void test_powers_of_zero(void **state)
{
    (void)state;
    static const char *const cases[] = {"E + A * N^alpha", "E + A * N^alpha / D^E",
                                        "(E + N^alpha)^A",
                                        "log(1 + N^alpha) * E / N^-A"};
    static const double at[] = {1.8, 0.4, 0.34};
    static double with_zero[ROWS];
    memcpy(with_zero, column_n, sizeof with_zero);
    with_zero[100] = 0;
    const double *const other[] = {with_zero, column_d};
    case_columns zeros = columns;
    zeros.numbers = other;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        formula_case c, z;
        double want[RESULTS], got[RESULTS];
        case_open(&c, cases[k], &columns);
        case_open(&z, cases[k], &zeros);
        for (size_t i = 0; i < ROWS; i++) {
            case_block(&c, i, 1, at, 2);
            case_block(&z, i, 1, at, 2);
            const size_t n = get_row(want, &c, 0);
            get_row(got, &z, 0);
            for (size_t j = 0; j < n; j++) assert_true(isfinite(got[j]));
            if (i != 100) assert_memory_equal(got, want, n * sizeof *got);
        }
        case_close(&c);
        case_close(&z);
    }
    formula_case z;
    case_open(&z, cases[0], &zeros);
    case_block(&z, 100, 1, at, 2);
    check_near("0^p", z.value[0], at[0], 0);
    check_near("d 0^p / dp", z.gradient[2 * KL_BLOCK], 0, 0);
    check_near("d2 0^p / dp2", case_second(&z, 2, 2, 0), 0, 0);
    case_close(&z);
}

/* (-2)^p is a number for whole p; its logarithm is not. */
static void test_powers_of_negative(void **state)
{
    (void)state;
    static const double x[] = {-2, 3};
    static const char *const names[] = {"x"};
    const double *const data[] = {x};
    const case_columns cols = {1, 2, names, data, codes};
    formula_case c;
    const double three[] = {3};
    case_open(&c, "x^p", &cols);
    case_block(&c, 0, 2, three, 0);
    check_near("(-2)^3", c.value[0], -8, 0);
    check_close("3^3", c.value[1], 27, 4 * DBL_EPSILON);
    case_close(&c);
}

static void test_domain(void **state)
{
    (void)state;
    static double d[ROWS];
    static const struct {
        const char *text;
        double value;
        const char *message;
    } cases[] = {
        {"a + log(D)", 0, "'log(D)' is not finite: D = 0"},
        {"a + log(D)", -1, "'log(D)' is not finite: D = -1"},
        {"a * sqrt(D - 2) + N", 1, "'sqrt(D - 2)' is not finite: D = 1"},
        {"a / D", 0, "'1 / D' is not finite: D = 0"},
        {"D * a", NAN, "'D' is not finite: D = nan"},
        {"D^a", NAN, "'D' is not finite: D = nan"},
        {"D^a", HUGE_VAL, "'D' is not finite: D = inf"},
        {"if(D > 1, a, b)", NAN, "'D' is not finite: D = nan"},
        {"exp(-(log(D) * N + 1)) * a", 0, "'log(D)' is not finite: D = 0"},
        {"a * (N / (D - 7))", 7, "'N / (D - 7)' is not finite: N = "},
        {"a + exp(D / 1e9)", 1e13, "'exp(D / 1e+09)' is not finite: D = 1e+13"},
        {"if(D > 0, a * log(D), 0)", 0, NULL},
        {"a * if(D > 0, log(D), 0)", 0, NULL},
        {"E * D^a", 0, NULL},
        {"a + 0 * D", 0, NULL},
        {"D", -3, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        formula_case c;
        const char *label = cases[i].text;
        case_open(&c, label, &columns);
        memcpy(d, column_d, sizeof d);
        d[200] = cases[i].value;
        const double *const bad[] = {column_n, d};
        const kl_columns cols = {ROWS, bad, NULL};
        kl_frame *frame = NULL;
        kl_error err = {0};
        const kl_status status = kl_frame_new(&frame, c.p, &cols, &err);
        if (cases[i].message) {
            check_fails(label, status, KL_E_DOMAIN);
            check_contains(label, err.msg, cases[i].message);
            assert_int_equal(err.line, 201);
            assert_null(frame);
        } else {
            check_ok(label, status, err);
        }
        kl_frame_free(frame);
        case_close(&c);
    }
}

static void test_indexed(void **state)
{
    (void)state;
    formula_case c;
    case_open(&c, "E[corpus] + A * D / 1e9 + E[corpus] * A", &columns);
    assert_int_equal(c.n_leaves, 2);
    assert_int_equal(kl_program_get_leaf_levels(c.p, 0), CASE_LEVELS);
    assert_int_equal(kl_program_get_leaf_slot(c.p, 0), 0);
    assert_int_equal(kl_program_get_leaf_slot(c.p, 1), CASE_LEVELS);
    const double t[] = {10, 20, 30, 2};
    for (size_t first = 0; first < ROWS; first += KL_BLOCK) {
        const size_t n = ROWS - first < KL_BLOCK ? ROWS - first : KL_BLOCK;
        case_block(&c, first, n, t, 2);
        for (size_t i = 0; i < n; i++) {
            const double e = t[codes[first + i]];
            assert_int_equal(kl_frame_get_slot(c.frame, 0, first + i),
                             codes[first + i]);
            assert_int_equal(kl_frame_get_slot(c.frame, 1, first + i), CASE_LEVELS);
            check_close("value", c.value[i], e + 2 * column_d[first + i] / 1e9 + e * 2,
                        4 * DBL_EPSILON);
            check_near("d/dE", c.gradient[i], 3, 0);
            check_near("d2/dEdA", case_second(&c, 0, 1, i), 1, 0);
        }
    }
    int32_t wrong[ROWS];
    for (int32_t code = -1; code <= CASE_LEVELS; code += CASE_LEVELS + 1) {
        memcpy(wrong, codes, sizeof wrong);
        wrong[7] = code;
        const int32_t *const code_columns[] = {wrong};
        const kl_columns cols = {ROWS, numbers, code_columns};
        kl_frame *frame;
        kl_error err = {0};
        check_fails("code", kl_frame_new(&frame, c.p, &cols, &err), KL_E_DOMAIN);
        assert_int_equal(err.line, 8);
    }
    case_close(&c);
}

static kl_formula *parse(const char *text)
{
    kl_formula *f;
    kl_error err = {0};
    check_ok(text, kl_formula_parse(&f, text, "law", &err), err);
    return f;
}

/* Names that stand for formulas, and all that can be wrong with names. */
static void test_symbols(void **state)
{
    (void)state;
    kl_formula *f = parse("E + A * D + D"), *d = parse("C / (6 * N)"),
               *c = parse("D + 1"), *indexed = parse("N[corpus]");
    const kl_symbol symbols[] = {
        {"E", KL_SYMBOL_PARAMETER, .slot = 1, .n_levels = 1},
        {"A", KL_SYMBOL_PARAMETER, .slot = 0, .n_levels = 1},
        {"D", KL_SYMBOL_FORMULA, .formula = d},
        {"N", KL_SYMBOL_INPUT, .slot = 1},
        {"C", KL_SYMBOL_INPUT, .slot = 0},
    };
    kl_program *p;
    kl_error err = {0};
    check_ok("symbols", kl_program_new(&p, f, symbols, 5, &err), err);
    assert_int_equal(kl_program_get_n_leaves(p), 2);
    const double flops[] = {6e6}, size[] = {1e3}, t[] = {2, 7};
    const double *const data[] = {flops, size};
    const kl_columns cols = {1, data, NULL};
    kl_frame *frame;
    double value;
    check_ok("frame", kl_frame_new(&frame, p, &cols, &err), err);
    check_ok("values", kl_frame_values(frame, t, &value, &err), err);
    check_near("E + A * D + D", value, 7 + 2 * 1000 + 1000, 0);
    kl_frame_free(frame);
    kl_program_free(p);

    kl_symbol bad[5];
    memcpy(bad, symbols, sizeof bad);
    bad[4] = (kl_symbol){"C", KL_SYMBOL_FORMULA, .formula = c};
    check_fails("cycle", kl_program_new(&p, f, bad, 5, &err), KL_E_USAGE);
    check_contains("cycle", err.msg, "'D' is defined by itself");
    assert_null(p);
    check_fails("unknown", kl_program_new(&p, f, symbols, 2, &err), KL_E_USAGE);
    check_contains("unknown", err.msg, "law: unknown name 'D'");
    check_fails("column with index", kl_program_new(&p, indexed, symbols, 5, &err),
                KL_E_USAGE);
    check_contains("column with index", err.msg, "only a parameter can be indexed");
    bad[0].n_levels = 3;
    check_fails("no index", kl_program_new(&p, f, bad, 5, &err), KL_E_USAGE);
    check_contains("no index", err.msg, "'E' has 3 levels and needs its index");
    kl_formula_free(f);
    kl_formula_free(d);
    kl_formula_free(c);
    kl_formula_free(indexed);
}

/* Definitions that double each other 60 times stay 60 operations. */
static void test_doubling(void **state)
{
    (void)state;
    char text[4096] = "a0 = x * N; ";
    for (int i = 1; i <= 60; i++) {
        char line[64];
        snprintf(line, sizeof line, "a%d = a%d + a%d; ", i, i - 1, i - 1);
        strcat(text, line);
    }
    strcat(text, "a60");
    formula_case c;
    const double one[] = {1};
    case_open(&c, text, &columns);
    case_block(&c, 0, 1, one, 2);
    check_close("2^60 N", c.value[0], ldexp(column_n[0], 60), DBL_EPSILON);
    check_close("2^60 N", c.gradient[0], ldexp(column_n[0], 60), DBL_EPSILON);
    case_close(&c);
}

/* What would need too much is refused. */
static void test_too_large(void **state)
{
    (void)state;
    char *text = malloc(65536), *at = text;
    assert_non_null(text);
    at += sprintf(at, "exp(p0");
    for (int i = 1; i < 1000; i++) at += sprintf(at, " * p%d", i);
    sprintf(at, ")");
    kl_formula *f = parse(text);
    kl_symbol *symbols = calloc(1000, sizeof *symbols);
    assert_non_null(symbols);
    for (size_t i = 0; i < 1000; i++)
        symbols[i] = (kl_symbol){kl_formula_get_name(f, i), KL_SYMBOL_PARAMETER,
                                 .slot = i, .n_levels = 1};
    kl_program *p;
    kl_error err = {0};
    check_fails("large", kl_program_new(&p, f, symbols, 1000, &err), KL_E_USAGE);
    check_contains("large", err.msg, "derivatives need more than");
    kl_formula_free(f);
    free(symbols);
    free(text);
}

static void test_no_rows(void **state)
{
    (void)state;
    formula_case c;
    case_columns none = columns;
    none.n_rows = 0;
    kl_error err = {0};
    case_open(&c, "E[corpus] + A / N^alpha", &none);
    assert_int_equal(kl_frame_get_n_rows(c.frame), 0);
    check_ok("no rows", kl_frame_values(c.frame, theta, NULL, &err), err);
    case_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_rows_are_independent),
        cmocka_unit_test(test_orders),
        cmocka_unit_test(test_powers_of_zero),
        cmocka_unit_test(test_powers_of_negative),
        cmocka_unit_test(test_domain),
        cmocka_unit_test(test_indexed),
        cmocka_unit_test(test_symbols),
        cmocka_unit_test(test_doubling),
        cmocka_unit_test(test_too_large),
        cmocka_unit_test(test_no_rows),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
