/* test_cli_output.c - rounding to the uncertainty, grids and CSV of the command. */
#include "cli/cli_output.h"

#include "support/check.h"

/* What a person would write by hand for a value and its uncertainty. */
static void test_round(void **state)
{
    static const struct {
        double value, uncertainty;
        const char *text;
    } cases[] = {
        {1.81724, 0.0257, "1.817"},
        {482.01, 124.6, "480"},
        {2085.43, 1293, "2100"},
        {0.3478, 0.0154, "0.348"},
        {-0.0123456, 0.00077, "-0.01235"},
        {7.30164e10, 2.1e9, "73B"}, /* suffixed ones drop their zeros */
        {1.342e12, 1.1e11, "1.34T"},
        {2.5e24, 3e22, "2.5e+24"},
        {1.23456789, NAN, "1.23457"},
        {1.23456789, 0, "1.23457"},
        {2, 1e-12, "2"},      /* held by a constraint */
        {0.001, 5, "0.0010"}, /* less than its uncertainty: two digits all the same */
        {0, 0.1, "0"},
        {NAN, 1, "-"},
        {HUGE_VAL, 1, "inf"},
        {-HUGE_VAL, NAN, "-inf"},
    };
    (void)state;
    for (size_t i = 0; i < KL_COUNT_OF(cases); i++) {
        char buf[48];
        check_text("round", kl_round_to(buf, cases[i].value, cases[i].uncertainty),
                   cases[i].text);
    }
}

static void test_interval(void **state)
{
    char buf[112];
    (void)state;
    check_text("interval", kl_round_interval(buf, 1.7691, 1.8714, 0.026),
               "[1.769, 1.871]");
    check_text("half open", kl_round_interval(buf, 0, HUGE_VAL, NAN), "[0, inf]");
    check_text("none", kl_round_interval(buf, NAN, NAN, 1), "");
    check_near("half width", kl_half_width(1, 4), 1.5, 0);
    assert_true(isnan(kl_half_width(0, HUGE_VAL)));
}

static void test_grid(void **state)
{
    kl_grid grid = {.right = {false, true}};
    kl_text out = {0};
    (void)state;
    kl_grid_add(&grid, "N");
    kl_grid_add(&grid, "70B");
    kl_grid_add(&grid, "%s", "");
    kl_grid_end_row(&grid);
    kl_grid_add(&grid, "alpha");
    kl_grid_add(&grid, "1");
    kl_grid_add(&grid, "last");
    kl_grid_end_row(&grid);
    kl_grid_print(&out, &grid, 2);
    check_text("no blanks at the end", out.data, "  N      70B\n  alpha    1  last\n");
    kl_text_free(&out);
}

static void test_csv(void **state)
{
    kl_text out = {0};
    (void)state;
    kl_csv_add(&out, "plain");
    kl_csv_add(&out, "a,\"b\"");
    kl_csv_number(&out, NAN);
    kl_csv_number(&out, 0.1);
    kl_csv_end(&out);
    kl_csv_add(&out, "next");
    kl_csv_end(&out);
    check_text("quoted where need be", out.data,
               "plain,\"a,\"\"b\"\"\",,0.10000000000000001\nnext\n");
    kl_text_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round),
        cmocka_unit_test(test_interval),
        cmocka_unit_test(test_grid),
        cmocka_unit_test(test_csv),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
