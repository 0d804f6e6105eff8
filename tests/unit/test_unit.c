/* test_unit.c - units: every spelling, factors, and what cannot be turned into what. */
#include "base/unit.h"
#include "support/check.h"

static kl_error err;

static void test_canonical(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"nats per token", "nats per token"},
        {" Nats /  Token ", "nats per token"},
        {"nats", "nats per token"},
        {"bits", "bits per token"},
        {"bpb", "bits per byte"},
        {"bits/byte", "bits per byte"},
        {"nat per byte", "nats per byte"},
        {"Billion\tTokens", "billion tokens"},
        {"params", "parameters"},
        {"FLOPs", "FLOP"},
        {"pflop", "PFLOP"},
        {"PF-days", "PFLOP/s-days"},
        {"1", "1"},
        {"dimensionless", "1"},
        {"%", "percent"},
        {"s", "seconds"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_text(rows[i][0], kl_unit_canonical(rows[i][0]), rows[i][1]);
    static const char *const unknown[] = {
        "",
        " ",
        "/",
        "furlongs",
        "nats per",
        "per token",
        "billion nats per token",
        "tokens per second",
        "a text that is much longer than any unit that anybody could have meant by it"};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        if (kl_unit_canonical(unknown[i])) fail_msg("'%s' is a unit", unknown[i]);
    assert_null(kl_unit_canonical(NULL));
    const char *canonical = "";
    check_fails("furlongs", kl_unit_require(&canonical, "furlongs", &err), KL_E_UNIT);
    assert_null(canonical);
    check_contains("furlongs", err.msg, "unknown unit 'furlongs' (known: nats or bits");
}

static void test_factors(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        double factor;
    } rows[] = {
        {"bits", "nats", 0.693147180559945309}, /* ln 2 */
        {"nats", "bits", 1.44269504088896341},  /* 1 / ln 2 */
        {"bpb", "nats per byte", 0.693147180559945309},
        {"billion tokens", "million tokens", 1e3},
        {"EFLOP", "FLOP", 1e18},
        {"PF-days", "FLOP", 8.64e19}, /* 1e15 FLOP/s for 86,400 s */
        {"days", "hours", 24},
        {"percent", "1", 0.01},
        {"steps", "steps", 1},
    };
    double factor;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_ok(rows[i].from,
                 kl_unit_convert_factor(&factor, rows[i].from, rows[i].to, &err), err);
        /* a quotient of two rounded constants: 1.5 units in the last place */
        check_close(rows[i].from, factor, rows[i].factor, 4e-16);
    }
}

static void test_no_factor(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        {"tokens", "bytes",
         "cannot turn tokens into bytes: that needs the tokeniser's"},
        {"bpb", "nats", "that needs the tokeniser's bytes per token"},
        {"tokens", "parameters", "cannot turn tokens into parameters"},
        {"parsecs", "tokens", "unknown unit 'parsecs'"},
        {"tokens", "parsecs", "unknown unit 'parsecs'"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double factor = 1;
        check_fails(rows[i][0],
                    kl_unit_convert_factor(&factor, rows[i][0], rows[i][1], &err),
                    KL_E_UNIT);
        check_contains(rows[i][0], err.msg, rows[i][2]);
        check_near("factor", factor, 0, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_canonical),
        cmocka_unit_test(test_factors),
        cmocka_unit_test(test_no_factor),
    };
    return cmocka_run_group_tests_name("units", tests, NULL, NULL);
}
