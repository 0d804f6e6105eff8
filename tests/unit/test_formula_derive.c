/*
 * test_formula_derive.c - exact derivatives against differences, and one direction of
 * the chain rule against the other.
 */
#include "base/random.h"
#include "formula/derive.h"
#include "formula/program.h"
#include "support/formula_case.h"

#include <stdio.h>

enum { ROWS = 24 };

static double column_n[ROWS], column_d[ROWS];
static int32_t codes[ROWS];
static const char *const inputs[] = {"N", "D"};
static const double *const numbers[] = {column_n, column_d};
static const case_columns columns = {2, ROWS, inputs, numbers, codes};

static int set_up(void **state)
{
    (void)state;
    kl_random r = kl_random_new(1, 0);
    for (size_t i = 0; i < ROWS; i++) {
        column_n[i] = exp(3 * kl_random_uniform(&r));
        column_d[i] = 0.5 + 4 * kl_random_uniform(&r);
        codes[i] = (int32_t)kl_random_below(&r, CASE_LEVELS);
    }
    return 0;
}

static double largest(double a, double b, double c)
{
    return fmax(fmax(fabs(a), fabs(b)), fmax(fabs(c), 1));
}

/* Central differences: truncation h^2 f''' / 6, rounding eps f / h; at h = eps^(1/3)
 * both are about eps^(2/3) = 4e-11 times the function's scale, whose third derivative
 * is up to 1e4 times its value in these cases. */
static const double STEP = 6e-6, TOLERANCE = 2e-6;

/* theta moved by h in all elements of leaf k, so for indexed ones too */
static void move(const formula_case *c, double *moved, const double *theta, size_t k,
                 double h)
{
    memcpy(moved, theta, c->n_theta * sizeof *moved);
    for (size_t l = 0; l < kl_program_get_leaf_levels(c->p, k); l++)
        moved[kl_program_get_leaf_slot(c->p, k) + l] += h;
}

static void compare_leaf(formula_case *c, const char *text, const double *theta,
                         size_t k)
{
    const size_t n = c->n_leaves, block = KL_BLOCK;
    double *low = malloc((n + 1) * block * sizeof *low);
    double *high = malloc((n + 1) * block * sizeof *high);
    double moved[2 * CASE_SYMBOLS];
    assert_true(low && high);
    for (int side = 0; side < 2; side++) {
        double *to = side ? high : low;
        move(c, moved, theta, k, side ? STEP : -STEP);
        case_block(c, 0, ROWS, moved, 1);
        memcpy(to, c->value, block * sizeof *to);
        memcpy(to + block, c->gradient, n * block * sizeof *to);
    }
    case_block(c, 0, ROWS, theta, 2);
    for (size_t i = 0; i < ROWS; i++) {
        const double slope = (high[i] - low[i]) / (2 * STEP);
        check_near(text, c->gradient[k * block + i], slope,
                   TOLERANCE * largest(slope, c->value[i], c->gradient[k * block + i]));
        for (size_t j = 0; j < n; j++) {
            const size_t at = (j + 1) * block + i;
            const double bend = (high[at] - low[at]) / (2 * STEP);
            check_near(text, case_second(c, j, k, i), bend,
                       TOLERANCE * largest(bend, c->gradient[j * block + i], slope));
        }
    }
    free(low);
    free(high);
}

static void compare(const char *text, const double *theta)
{
    formula_case c;
    case_open(&c, text, &columns);
    for (size_t k = 0; k < c.n_leaves; k++) compare_leaf(&c, text, theta, k);
    case_close(&c);
}

/* Every operation, each argument once a parameter, once data, once both. */
static void test_operations(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "a + b",
        "a - b",
        "a * b",
        "a / b",
        "-a * -b",
        "a / N",
        "N / a",
        "a * N - N * b",
        "a^b",
        "a^2",
        "a^3",
        "a^-1",
        "a^0.5",
        "a^-2.5",
        "N^a",
        "1 / N^a",
        "a / N^b",
        "2^a",
        "a^N",
        "(a * N)^b",
        "(N^a)^b",
        "exp(a)^b",
        "(a + b * D)^(a / b)",
        "exp(a * D)",
        "exp(-b / D)",
        "log(a + N)",
        "log2(a * N + b)",
        "log10(a * N + b)",
        "sqrt(a * N + b)",
        "abs(a - D) * b",
        "abs(sin_a * a - 1e3)",
        "min(a, D) * b",
        "max(a, D, b) * b",
        "min(a * N, b * D)",
        "tanh(a * D - b)",
        "sigmoid(a * D - b)",
        "softplus(a * D - b)",
        "logaddexp(a * D, b)",
        "logaddexp(a, -b, a * b * D)",
        "erf(a * D - b)",
        "lgamma(a * D + b)",
        "lgamma(a - 1.35)",
        "if(D > 2, a * D, b^2 * D)",
        "if(D > 2 && !(N < 3) || D == 1, exp(a), b / a)",
        "if(D > a, a^2, b^3)",
        "E[c] * N^-a + b",
        "E[c]^2 * a[c]",
        "S = a * N^-b; S^2 + S",
        "E + A / N^alpha + B / D^beta",
        "E + (A / N^(alpha / beta) + B / D)^beta",
        "log(E + A / N^alpha)",
        "E * (1 + (N / d)^(1 / f))^(-c * f)",
        "a != b",
        "a * 0 + b",
    };
    static const double theta[] = {1.3, 0.7, 0.9, 1.1, 0.6, 1.7, 0.8, 1.2, 0.5, 1.4};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) compare(cases[i], theta);
}

/* Limits of functions whose kernels take care at the far ends. */
static void test_values(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double want;
    } cases[] = {
        {"softplus(800)", 800},
        {"softplus(-800)", 0},
        {"sigmoid(-800)", 0},
        {"sigmoid(800)", 1},
        {"logaddexp(-1e300, -1e300)", -1e300},
        {"logaddexp(1000, 1000)", 1000 + 0.69314718055994530942},
        {"logaddexp(log(0), log(0))", -HUGE_VAL},
        {"logaddexp(0, log(0))", 0},
        {"0^2", 0},
        {"0^0", 1},
        {"2^-3", 0.125},
        {"-2^2", -4},
        {"2^3^2", 512},
        {"2 - 3 - 4", -5},
        {"24 / 4 / 3", 2},
        {"1.4T / 70B", 20},
        {"1 < 2", 1},
        {"!(1 < 2)", 0},
        {"not 0 and 1 or 0", 1},
        {"if(1, 2, 3)", 2},
        {"min(3, 1, 2)", 1},
        {"max(3, 1, 2)", 3},
        {"min(0 / 0, 1) == min(0 / 0, 1)", 0}, /* NaN stays NaN */
        {"max(1, 0 / 0) == 1", 0},
        {"log2(8)", 3},
        {"log10(1000)", 3},
        {"S = 2; T = S * S; T^T", 256},
    };
    static const double nothing[1] = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        formula_case c;
        case_open(&c, cases[i].text, &columns);
        case_block(&c, 0, 1, nothing, 0);
        if (c.value[0] != cases[i].want) /* infinities are equal, not near */
            check_close(cases[i].text, c.value[0], cases[i].want, 1e-15);
        case_close(&c);
    }
}

/* A random expression of the smooth operations, in a text of bounded size. */
static void write_random(kl_random *r, char *buf, size_t size, int depth)
{
    static const char *const forms[] = {"(%s + %s)",
                                        "(%s - %s)",
                                        "(%s * %s)",
                                        "(%s / (2 + %s^2))",
                                        "exp(-(%s)^2) * %s",
                                        "log(3 + %s^2) + %s",
                                        "tanh(%s) - %s",
                                        "softplus(%s) / 2 + %s",
                                        "logaddexp(%s, %s)",
                                        "sigmoid(%s) * %s",
                                        "sqrt(1 + (%s)^2) - %s",
                                        "N^(-%s / 9) + %s / 9",
                                        "erf(%s) + %s",
                                        "if(D > 2, %s, %s)",
                                        "(1 + exp(%s / 9))^(%s / 9)"};
    static const char *const leaves[] = {"a", "b", "g", "h", "D", "1.5", "E[c]"};
    if (depth == 0) {
        snprintf(buf, size, "%s",
                 leaves[kl_random_below(r, sizeof leaves / sizeof *leaves)]);
        return;
    }
    char left[2048], right[2048];
    write_random(r, left, sizeof left, depth - 1);
    write_random(r, right, sizeof right, (int)kl_random_below(r, (size_t)depth));
    const char *form = forms[kl_random_below(r, sizeof forms / sizeof *forms)];
    char *at = buf;
    const char *parts[] = {left, right};
    for (size_t k = 0; *form && (size_t)(at - buf) + 1 < size;) {
        if (form[0] == '%' && form[1] == 's') {
            at += snprintf(at, size - (size_t)(at - buf), "(%s)", parts[k++]);
            form += 2;
        } else {
            *at++ = *form++;
        }
    }
    *at = '\0';
}

static void test_random(void **state)
{
    (void)state;
    kl_random r = kl_random_new(2, 0);
    for (int i = 0; i < 150; i++) {
        char text[4096];
        double theta[8];
        write_random(&r, text, sizeof text, 2 + i % 3);
        for (size_t k = 0; k < 8; k++) theta[k] = 0.4 + kl_random_uniform(&r);
        compare(text, theta);
    }
}

/* Reverse and forward are two ways through the same graph: their results agree to
 * rounding along any direction. */
static void test_forward_is_reverse(void **state)
{
    (void)state;
    kl_random r = kl_random_new(3, 0);
    for (int i = 0; i < 60; i++) {
        char text[4096];
        write_random(&r, text, sizeof text, 2 + i % 3);
        formula_case c;
        case_open(&c, text, &columns);
        kl_code *code = &c.p->code;
        const size_t n = code->graph.n;
        bool *wanted = calloc(n, sizeof *wanted);
        bool *gated = calloc(n, sizeof *gated);
        kl_id *dot = calloc(n, sizeof *dot);
        assert_true(wanted && gated && dot);
        kl_graph_mark(&code->graph, wanted, code->value);
        for (kl_id leaf = 0; leaf < n; leaf++) {
            const kl_instr x = code->graph.v[leaf];
            if (x.op != KL_OP_LEAF) continue;
            kl_derive_forward(&code->graph, dot, gated, n, wanted, leaf);
            const kl_id back = code->gradient[x.index], forth = dot[code->value];
            /* evaluate the difference as a program of its own */
            code->gradient[x.index] = kl_emit(&code->graph, KL_OP_SUB, back, forth, 0);
        }
        assert_int_equal(code->graph.status, KL_OK);
        code->n_columns = code->n_consts = 0;
        memset(code->plan, 0, sizeof code->plan);
        assert_true(kl_plan_all(code, c.p));
        double *scratch = aligned_alloc(
            64, (kl_program_get_scratch(c.p, 1) * sizeof(double) + 63) / 64 * 64);
        assert_non_null(scratch);
        kl_frame *frame;
        kl_error err = {0};
        const int32_t *code_columns = codes;
        const kl_columns cols = {ROWS, numbers, &code_columns};
        check_ok(text, kl_frame_new(&frame, c.p, &cols, &err), err);
        double theta[16];
        for (size_t k = 0; k < 16; k++) theta[k] = 0.4 + kl_random_uniform(&r);
        const kl_block_out out = {c.value, c.gradient, NULL};
        kl_frame_block(frame, 0, ROWS, theta, &out, scratch);
        for (size_t k = 0; k < c.n_leaves; k++)
            for (size_t row = 0; row < ROWS; row++) /* some hundred roundings each */
                check_near(text, c.gradient[k * KL_BLOCK + row], 0,
                           1e-13 * fmax(1, fabs(c.value[row])));
        kl_frame_free(frame);
        free(scratch);
        free(dot);
        free(gated);
        free(wanted);
        case_close(&c);
    }
}

/* Known values: psi(1) = -gamma, psi'(1) = pi^2/6, psi(1/2) = -gamma - 2 ln 2,
 * psi'(1/2) = pi^2/2, psi'(-1/2) = pi^2/2 + 4 (DLMF 5.4, 5.15). */
static void test_gamma(void **state)
{
    (void)state;
    static const double pi = 3.14159265358979323846, gamma = 0.57721566490153286061;
    const double cases[][3] = {
        {1, -gamma, pi * pi / 6},
        {0.5, -gamma - 2 * log(2), pi * pi / 2},
        {-0.5, 2 - gamma - 2 * log(2), pi * pi / 2 + 4},
        {100, 4.6001618527380874002, 0.010050166663333571395}, /* DLMF 5.11 series */
    };
    formula_case c;
    case_open(&c, "lgamma(a)", &columns);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        case_block(&c, 0, 1, cases[i], 2);
        check_close("digamma", c.gradient[0], cases[i][1], 1e-14);
        check_close("trigamma", c.hessian[0], cases[i][2], 1e-14);
    }
    case_close(&c);
}

/* Derivatives in a branch that is not taken are infinite, and must not be felt. */
static void test_branches(void **state)
{
    (void)state;
    static const double zero[] = {0, 1, 4};
    static const char *const names[] = {"x"};
    const double *const data[] = {zero};
    const case_columns cols = {1, 3, names, data, codes};
    static const char *const cases[] = {"if(x > 0, sqrt(a * x), a)",
                                        "if(x > 0, log(a * x), a * 0 + a)",
                                        "if(x > 0, a / x, a)",
                                        "if(x > 0, x^a, a)",
                                        "if(x == 0, a, a * log(x * a)^2 + a)",
                                        "max(a, 0 * a + log(x * a)) * 1 + 0",
                                        "if(x < 9, a, a / 0)",
                                        "(a + x - 3)^max(1, a - 5)"};
    static const double theta[] = {1};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        formula_case c;
        case_open(&c, cases[i], &cols);
        case_block(&c, 0, 3, theta, 2);
        check_near(cases[i], c.gradient[0], 1, 0);
        check_near(cases[i], c.hessian[0], 0, 0);
        case_close(&c);
    }
}

/* b^0 has slope 0 and b^1 no curvature, at b = 0 too: k * B^flag, B on its bound. */
static void test_power_of_zero(void **state)
{
    (void)state;
    static const double flags[] = {0, 1};
    static const char *const names[] = {"flag"};
    const double *const data[] = {flags};
    const case_columns cols = {1, 2, names, data, codes};
    static const double theta[] = {0};
    formula_case c;
    case_open(&c, "B^flag", &cols);
    case_block(&c, 0, 2, theta, 2);
    for (size_t i = 0; i < 2; i++) {
        check_near("value", c.value[i], i == 0, 0);
        check_near("slope", c.gradient[i], flags[i], 0);
        check_near("curvature", c.hessian[i], 0, 0);
    }
    case_close(&c);
}

static void test_structure(void **state)
{
    (void)state;
    static const struct {
        const char *text, *linear; /* leaves in order: 1 if in the set */
    } cases[] = {
        {"E + A / N^alpha + B / D^beta", "11010"},
        {"exp(a - alpha * log(N))", "00"},
        {"e + exp(a - alpha * log(N)) + k * D", "1001"},
        {"a * b", "10"},
        {"a * (b + c * N)", "011"},
        {"a * b + c * d + e", "10101"},
        {"min(a, b * N) + c", "001"},
        {"abs(a) + b", "01"},
        {"if(a > N, b, c * D)", "011"},
        {"if(D > 2, b, c * D)", "11"},
        {"(a > 1) * b + c", "011"},
        {"E[k] + A * N^-a", "110"},
        {"a * E[k]", "01"},
        {"a - a + b", "11"},
        {"1 / a", "0"},
        {"a1+a2+a3+a4+a5+a6+a7+a8+a9+b1+b2+b3+b4+b5+b6+b7*b8+N^-b9",
         "111111111111111101"
         "0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        formula_case c;
        bool linear[CASE_SYMBOLS];
        char got[CASE_SYMBOLS + 1] = "";
        case_open(&c, cases[i].text, &columns);
        size_t count = 0;
        const size_t n = kl_program_get_linear(c.p, linear);
        for (size_t k = 0; k < c.n_leaves; k++) {
            got[k] = linear[k] ? '1' : '0';
            count += linear[k];
        }
        assert_int_equal(n, count);
        if (c.n_leaves <= 16) check_text(cases[i].text, got, cases[i].linear);
        if (c.n_leaves > 16) assert_int_equal(n, c.n_leaves - 2);
        case_close(&c);
    }
    formula_case c;
    case_open(&c, "E + A / N^alpha + B / D^beta", &columns);
    static const bool want[5][5] = {
        {0}, {0, 0, 1}, {0, 1, 1}, {0, 0, 0, 0, 1}, {0, 0, 0, 1, 1}};
    for (size_t j = 0; j < 5; j++)
        for (size_t k = 0; k < 5; k++)
            assert_int_equal(kl_program_interacts(c.p, j, k), want[j][k]);
    case_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operations),    cmocka_unit_test(test_values),
        cmocka_unit_test(test_random),        cmocka_unit_test(test_forward_is_reverse),
        cmocka_unit_test(test_gamma),         cmocka_unit_test(test_branches),
        cmocka_unit_test(test_power_of_zero), cmocka_unit_test(test_structure),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
