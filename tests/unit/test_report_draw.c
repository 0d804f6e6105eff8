/* test_report_draw.c - what figures are made of: ticks, numbers, contours, slices. */
#include "support/check.h"
#include "support/chinchilla.h"

#include "report/axis.h"
#include "report/contour.h"
#include "report/slice.h"
#include "report/ticks.h"

#include <locale.h>
#include <stdio.h>

/* Labels of the major ticks, joined: "0.0 0.5 1.0". */
static const char *labels(const kl_tick *ticks, size_t n)
{
    static char text[512];
    *text = '\0';
    for (size_t i = 0; i < n; i++) {
        if (!ticks[i].major) continue;
        const kl_label *label = &ticks[i].label;
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s%s%s",
                 *text ? " " : "", label->head, *label->power ? "^" : "", label->power);
    }
    return text;
}

static void test_steps(void **state)
{
    (void)state;
    static const double cases[][2] = {
        {1, 1},    {1.4, 1},     {1.5, 2},     {3, 2},   {3.3, 5},      {7, 5},
        {7.2, 10}, {0.03, 0.02}, {2e-9, 2e-9}, {42, 50}, {9.9e20, 1e21}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        /* products of powers of ten: a few roundings */
        check_close("step", kl_tick_step(cases[i][0]), cases[i][1], 1e-14);
}

static void test_linear_ticks(void **state)
{
    (void)state;
    kl_tick ticks[KL_MAX_TICKS];
    static const struct {
        double lo, hi, target;
        bool count;
        int power;
        const char *labels;
    } cases[] = {
        {0, 1, 5, false, 0, "0.0 0.2 0.4 0.6 0.8 1.0"},
        {1.9, 3.1, 3, false, 0, "2.0 2.5 3.0"},
        {-6, 6, 3, false, 0,
         "\xe2\x88\x92"
         "5 0 5"},
        {0, 4.2e-5, 4, false, -5, "0 1 2 3 4"},
        {0, 3e6, 3, false, 6, "0 1 2 3"},
        {0, 3e9, 3, true, 0, "0 1B 2B 3B"},
        {95, 105, 5, false, 0, "96 98 100 102 104"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int power;
        const size_t n = kl_ticks_linear(ticks, cases[i].lo, cases[i].hi,
                                         cases[i].target, cases[i].count, &power);
        check_text("linear", labels(ticks, n), cases[i].labels);
        assert_int_equal(power, cases[i].power);
        for (size_t k = 1; k < n; k++) assert_true(ticks[k].at > ticks[k - 1].at);
    }
}

static void test_log_ticks(void **state)
{
    (void)state;
    kl_tick ticks[KL_MAX_TICKS];
    static const struct {
        double lo, hi, target;
        bool count;
        const char *labels;
    } cases[] = {
        {1e6, 1e10, 6, true, "1M 10M 100M 1B 10B"},
        {1e18, 1e21, 6, false, "10^18 10^19 10^20 10^21"},
        {1, 1e12, 6, false, "1 100 10^4 10^6 10^8 10^10 10^12"},
        {0.9, 60, 6, false, "1 2 5 10 20 50"},
        {2, 4.1, 4, false, "2.0 2.5 3.0 3.5 4.0"},
        {3e18, 8e18, 3, false,
         "4\xc3\x97"
         "10^18 6\xc3\x97"
         "10^18 8\xc3\x97"
         "10^18"},
        {1e-9, 1e-6, 4, false,
         "10^\xe2\x88\x92"
         "9 10^\xe2\x88\x92"
         "8 10^\xe2\x88\x92"
         "7 10^\xe2\x88\x92"
         "6"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const size_t n = kl_ticks_log(ticks, cases[i].lo, cases[i].hi, cases[i].target,
                                      cases[i].count);
        check_text("log", labels(ticks, n), cases[i].labels);
    }
    /* minors of one decade: 2 to 9 */
    assert_int_equal(kl_ticks_log(ticks, 1e3, 1e4 * 1.001, 3, false), 10);
}

static void test_bad_ranges(void **state)
{
    (void)state;
    kl_tick ticks[KL_MAX_TICKS];
    static const double ends[][2] = {{1, 1},     {0, 0},         {NAN, 1},
                                     {1, NAN},   {2, 1},         {-HUGE_VAL, HUGE_VAL},
                                     {-1, 1},    {1e300, 1e308}, {1, 1 + 1e-15},
                                     {5e-324, 1}};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        for (int log = 0; log < 2; log++) {
            int power;
            const kl_axis a = kl_axis_around(ends[i][0], ends[i][1], log, 0.05);
            assert_true(a.lo < a.hi && isfinite(a.lo) && isfinite(a.hi));
            assert_true(!a.log || a.lo > 0);
            const size_t n = a.log
                                 ? kl_ticks_log(ticks, a.lo, a.hi, 5, false)
                                 : kl_ticks_linear(ticks, a.lo, a.hi, 5, false, &power);
            assert_true(n <= KL_MAX_TICKS);
        }
}

static void test_axis_inverse(void **state)
{
    (void)state;
    for (int log = 0; log < 2; log++) {
        const kl_axis a = kl_axis_around(2, 5000, log, 0.1);
        check_at_most("air", a.lo, 2);
        /* two logarithms and an exponential */
        check_close("inverse", kl_axis_value(&a, kl_axis_place(&a, 37)), 37, 1e-13);
    }
    const kl_axis a = kl_axis_around(1, 10, true, 0);
    assert_true(isnan(kl_axis_place(&a, -1)));
}

static void test_rounding(void **state)
{
    (void)state;
    static const struct {
        double value, uncertainty;
        bool count;
        const char *text;
    } cases[] = {
        {0.347813, 0.0154, false, "0.348"},
        {482.0123, 124.6, false, "482"},
        {1.81686, 0.0257, false, "1.817"},
        {7.3024e10, 4.1e7, true, "73.024B"},
        {7.3024e10, 4.1e9, false, "7.3e+10"},
        {2085.43, NAN, false, "2085.4"},
        {-0.5, 0.25, false,
         "\xe2\x88\x92"
         "0.50"},
        {0, 0.1, false, "0"},
        {NAN, 1, false, "\xe2\x80\x93"},
        {HUGE_VAL, 1, false, "\xe2\x88\x9e"},
        {-HUGE_VAL, 1, true, "\xe2\x88\x92\xe2\x88\x9e"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const double u = cases[i].uncertainty;
        const kl_number_text got =
            kl_format_uncertain(cases[i].value, u, cases[i].count);
        if (strcmp(got.s, cases[i].text))
            print_message("%.6g +- %.3g: %s\n", cases[i].value, u, got.s);
        check_text("uncertain", got.s, cases[i].text);
    }
    check_text("no minus zero", kl_format_fixed(-0.004, 2).s, "0.00");
    check_text("nine nines", kl_format_label(9.9999e21, 2, false).head, "10");
    check_text("its power", kl_format_label(9.9999e21, 2, false).power, "22");
}

/* Numbers are written alike whatever the program around the library has set. */
static void test_locale(void **state)
{
    (void)state;
    static const char *const commas[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8"};
    const char *set = NULL;
    for (size_t i = 0; i < 3 && !set; i++) set = setlocale(LC_NUMERIC, commas[i]);
    if (!set) skip();
    const kl_number_text number = kl_format(3.25, 4),
                         count = kl_format_count(3.125e9, 4);
    kl_svg g = {.id = "t"};
    kl_svg_line(&g, "x", (kl_xy){1.5, 2.25}, (kl_xy){-0.5, 1e9});
    setlocale(LC_NUMERIC, "C");
    check_text("number", number.s, "3.25");
    check_text("count", count.s, "3.125B");
    check_contains("line", g.body.data,
                   "x1=\"1.5\" y1=\"2.25\" x2=\"-0.5\" y2=\"1000000\"");
    kl_svg_free(&g);
}

static void test_escaping(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"a<b>&\"c'", "a&lt;b&gt;&amp;&quot;c&#39;"},
        {"\xce\xb1\xe2\x82\xac\xf0\x9d\x84\x9e",
         "\xce\xb1\xe2\x82\xac\xf0\x9d\x84\x9e"},
        {"\x01\x1b[0m", "\xef\xbf\xbd\xef\xbf\xbd[0m"},
        {"\xff\xc3", "\xef\xbf\xbd\xef\xbf\xbd"},                 /* no UTF-8 */
        {"\xc0\xbc", "\xef\xbf\xbd\xef\xbf\xbd"},                 /* overlong '<' */
        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* a surrogate */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kl_text t = {0};
        kl_xml_add(&t, cases[i][0]);
        check_text("escaped", t.data, cases[i][1]);
        kl_text_free(&t);
    }
}

enum { SIDE = 41 };

/* z on a grid over [-1, 1] twice; x also serves as y. */
static kl_grid grid_of(double (*f)(double x, double y), double x[SIDE], double *z)
{
    kl_span_fill(x, SIDE, -1, 1, false);
    for (size_t j = 0; j < SIDE; j++)
        for (size_t i = 0; i < SIDE; i++) z[j * SIDE + i] = f(x[i], x[j]);
    return (kl_grid){.nx = SIDE, .ny = SIDE, .x = x, .y = x, .z = z};
}

static double paraboloid(double x, double y)
{
    return x * x + y * y;
}

static double saddle(double x, double y)
{
    return x * y;
}

static double holed(double x, double y)
{
    return fabs(x) < 0.3 ? NAN : y;
}

static void test_circle(void **state)
{
    (void)state;
    double x[SIDE], z[SIDE * SIDE];
    kl_arena mem = {0};
    kl_error err;
    kl_contour c;
    const kl_grid grid = grid_of(paraboloid, x, z);
    check_ok("circle", kl_contour_trace(&c, &grid, 0.49, &mem, &err), err);
    assert_int_equal(c.n_lines, 1);
    const kl_polyline *line = &c.lines[0];
    check_near("closed", line->points[0].x, line->points[line->n - 1].x, 0);
    check_near("closed", line->points[0].y, line->points[line->n - 1].y, 0);
    double length = 0;
    for (size_t k = 0; k + 1 < line->n; k++) {
        const kl_xy a = line->points[k], b = line->points[k + 1];
        /* x^2 interpolated over a cell of h errs by h^2/4 at most, dr = d(r^2)/2r */
        check_near("radius", hypot(a.x, a.y), 0.7, 0.05 * 0.05 / 4 / 1.4);
        length += hypot(a.x - b.x, a.y - b.y);
    }
    /* an inscribed polygon of over 100 sides is short of the circle by under 1e-3 */
    check_close("length", length, 2 * 3.14159265358979 * 0.7, 2e-3);
    check_ok("none", kl_contour_trace(&c, &grid, -1, &mem, &err), err);
    assert_int_equal(c.n_lines, 0);
    kl_arena_free(&mem);
}

static void test_open_lines(void **state)
{
    (void)state;
    double x[SIDE], z[SIDE * SIDE];
    kl_arena mem = {0};
    kl_error err;
    kl_contour c;
    kl_grid grid = grid_of(saddle, x, z);
    check_ok("saddle", kl_contour_trace(&c, &grid, 0.1, &mem, &err), err);
    assert_int_equal(c.n_lines, 2); /* one in each of two quadrants */
    for (size_t l = 0; l < 2; l++)
        for (size_t k = 0; k < c.lines[l].n; k++)
            /* bilinear on the edges of cells: exact but for rounding */
            check_near("hyperbola",
                       saddle(c.lines[l].points[k].x, c.lines[l].points[k].y), 0.1,
                       1e-14);
    grid = grid_of(holed, x, z);
    check_ok("hole", kl_contour_trace(&c, &grid, 0.01, &mem, &err), err);
    assert_int_equal(c.n_lines, 2); /* left and right of the hole */
    kl_arena_free(&mem);
}

static void test_levels(void **state)
{
    (void)state;
    double x[SIDE], z[SIDE * SIDE], levels[8];
    grid_of(paraboloid, x, z);
    const size_t n = kl_contour_levels(levels, 8, z, SIDE * SIDE);
    assert_in_range(n, 4, 8);
    for (size_t i = 0; i < n; i++) {
        assert_true(levels[i] > (i ? levels[i - 1] : 0) && levels[i] < 2);
        /* multiples of a hundredth */
        check_near("round", levels[i] * 100, round(levels[i] * 100), 1e-9);
    }
    double nothing[2] = {NAN, NAN}, same[3] = {5, 5, 5};
    assert_int_equal(kl_contour_levels(levels, 8, nothing, 2), 0);
    assert_int_equal(kl_contour_levels(levels, 8, same, 3), 0);
}

/* The optimum at a budget has a closed form: hoffmann2022, equation 4. */
static void test_slice(void **state)
{
    (void)state;
    kl_error err;
    kl_law *law = chinchilla_law("chinchilla@besiroglu2024");
    kl_fit *fit;
    check_ok("fit", kl_fit_from_values(&fit, law, NULL, &err), err);
    const double *t = kl_fit_get_theta(fit); /* E, A, B, alpha, beta */
    const double g = pow(t[3] * t[1] / (t[4] * t[2]), 1 / (t[3] + t[4]));
    const kl_report_options opt = kl_report_options_default();
    kl_study s;
    check_ok("study", kl_study_init(&s, fit, NULL, &opt, &err), err);
    for (double budget = 1e19; budget < 1e26; budget *= 31) {
        kl_slice slice;
        kl_arena mem = {0};
        check_ok("slice", kl_slice_make(&slice, &s, budget, &mem, &err), err);
        for (size_t i = 0; i < slice.n; i++)
            check_close("cost", 6 * slice.x[i] * slice.y[i], budget,
                        1e-8); /* solver's */
        const double n = g * pow(budget / 6, t[4] / (t[3] + t[4]));
        /* a parabola in ln N over steps of 0.09: the cubic term shifts it by h^2/10 */
        check_close("N", slice.best.x, n, 1e-3);
        check_close("D", slice.best.y, budget / (6 * n), 1e-3);
        check_close("loss", slice.best.value,
                    t[0] + t[1] / pow(n, t[3]) + t[2] / pow(budget / (6 * n), t[4]),
                    1e-6);
        kl_arena_free(&mem);
    }
    kl_study_free(&s);
    kl_fit_free(fit);
    kl_law_free(law);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),        cmocka_unit_test(test_linear_ticks),
        cmocka_unit_test(test_log_ticks),    cmocka_unit_test(test_bad_ranges),
        cmocka_unit_test(test_axis_inverse), cmocka_unit_test(test_rounding),
        cmocka_unit_test(test_locale),       cmocka_unit_test(test_escaping),
        cmocka_unit_test(test_circle),       cmocka_unit_test(test_open_lines),
        cmocka_unit_test(test_levels),       cmocka_unit_test(test_slice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
