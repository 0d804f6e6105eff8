/*
 * test_predict.c - predictions by hand, quantiles against R's definition, intervals
 * against the draws they come from, noise, distances, points from tables, every
 * refusal.
 */
#include "support/fit_fixture.h"
#include "support/plan_fixture.h"

#include "base/random.h"
#include "predict/interval.h"

#include <kleiber/predict.h>

static const chinchilla epoch = {1.8172, 482.01, 2085.43, 0.3478, 0.3658};

/* Power law L = c x^-a with a fixed and `n` draws of c. */
static kl_fit *power_law(const double *c, size_t n)
{
    static const char *const inputs[] = {"x"};
    const double values[] = {2, 0.5};
    kl_fit *fit = fit_of_formula("c*x^-a", inputs, 1, values);
    double *draws = malloc((2 * n + 1) * sizeof *draws);
    assert_non_null(draws);
    for (size_t b = 0; b < n; b++) {
        draws[2 * b] = c[b];
        draws[2 * b + 1] = 0.5;
    }
    give_draws(fit, draws, n);
    free(draws);
    return fit;
}

static kl_prediction predict_one(const char *label, const kl_fit *fit, double x,
                                 double level)
{
    kl_error err = {0};
    kl_prediction p;
    kl_predict_options opt = kl_predict_options_default();
    opt.level = level;
    check_ok(label, kl_predict(&p, fit, &x, NULL, 1, &opt, &err), err);
    return p;
}

/* R 4: quantile(c(1, 2, 4, 8, 16), q, type = 7), which is NumPy's default too. */
static void percentiles_of_type_7(void **state)
{
    (void)state;
    static const double level[] = {0.5, 0.9, 0.2}, lo[] = {2, 1.2, 3.2},
                        hi[] = {8, 14.4, 5.6};
    for (size_t i = 0; i < 3; i++) {
        double got_lo, got_hi, x[] = {16, 1, 8, 2, 4};
        kl_interval_percentile(&got_lo, &got_hi, x, 5, level[i]);
        check_close("lo", got_lo, lo[i], 1e-15); /* rounding */
        check_close("hi", got_hi, hi[i], 1e-15);
    }
    double a, b, mixed[] = {3, NAN, 1, 2, NAN}, ends[] = {HUGE_VAL, 1, 2};
    kl_interval_percentile(&a, &b, mixed, 5, 0.5); /* of 1, 2, 3 */
    check_near("lo", a, 1.5, 1e-15);
    check_near("hi", b, 2.5, 1e-15);
    kl_interval_percentile(&a, &b, ends, 3, 0.5);
    assert_true(a == 1.5 && isinf(b)); /* between 2 and infinity */
    kl_interval_percentile(&a, &b, mixed, 0, 0.9);
    assert_true(isnan(a) && isnan(b));
}

static void means_by_hand(void **state)
{
    (void)state;
    enum { N = 300 }; /* more than two blocks of rows */
    static double at[N][2];
    static kl_prediction p[N];
    kl_error err = {0};
    kl_fit *fit = fit_of_chinchilla(&epoch);
    for (size_t i = 0; i < N; i++) {
        at[i][0] = 1e6 * pow(10, (double)i / 50);
        at[i][1] = 1e13 / (double)(i + 1);
    }
    check_ok("predict", kl_predict(p, fit, at[0], NULL, N, NULL, &err), err);
    for (size_t i = 0; i < N; i++) { /* two powers and two sums */
        check_close("mean", p[i].mean, loss_of(&epoch, at[i][0], at[i][1]), 1e-14);
        assert_true(isnan(p[i].ci_lo) && isnan(p[i].ci_hi)); /* no draws */
        assert_true(isnan(p[i].pi_lo) && isnan(p[i].pi_hi));
        assert_true(isnan(p[i].decades) && !p[i].is_far); /* no data */
    }
    kl_fit_free(fit);
}

/* The law is linear in c, so the interval is that of the draws of c. */
static void intervals_come_from_the_draws(void **state)
{
    (void)state;
    enum { N = 101 };
    double c[N];
    for (size_t b = 0; b < N; b++)
        c[b] = 1 + 0.01 * (double)((b * 37) % N); /* shuffled */
    kl_fit *fit = power_law(c, N);
    static const double levels[] = {0, 0.5, 0.98};
    for (size_t k = 0; k < 3; k++) {
        const double level = k == 0 ? 0.9 : levels[k]; /* 0: the fit's */
        const kl_prediction p = predict_one("draws", fit, 16, levels[k]);
        /* order statistics of 1 ... 2 in steps of 0.01: quantile q is 1 + q; 16^-0.5 */
        check_close("lo", p.ci_lo, 0.25 * (1 + 0.5 * (1 - level)), 1e-14);
        check_close("hi", p.ci_hi, 0.25 * (1 + 0.5 * (1 + level)), 1e-14);
        check_close("mean", p.mean, 0.5, 1e-15);
        assert_true(isnan(p.pi_lo)); /* no residuals */
    }
    kl_fit *single = power_law(c, 1);
    assert_true(isnan(predict_one("one draw", single, 16, 0.9).ci_lo)); /* no spread */
    kl_fit_free(single);
    kl_error err = {0};
    double values[N], x = 16;
    check_ok("draws", kl_predict_draws(values, fit, &x, NULL, &err), err);
    for (size_t b = 0; b < N; b++) check_close("draw", values[b], 0.25 * c[b], 1e-15);
    kl_fit_free(fit);
}

/* Without spread between draws the noise is alone: quantiles of the residuals, widened
 * about their mean by sqrt(n/(n-p)), of which the sign counts: a run is the law times
 * exp(-r). */
static void noise_of_one_run(void **state)
{
    (void)state;
    enum { N = 40000, R = 4 };
    static double c[N];
    for (size_t b = 0; b < N; b++) c[b] = 2;
    /* mean 0.02, from which they are -0.02, -0.02, -0.02, 0.06; sqrt(4/(4-1)) */
    static const double r[R] = {0, 0, 0, 0.08};
    const double widen = sqrt(4.0 / 3), mean = 2 / sqrt(16);
    const double low = 0.02 - 0.02 * widen, high = 0.02 + 0.06 * widen;
    kl_fit *fit = power_law(c, N);
    give_residuals(fit, r, R, 1);
    const kl_prediction logs = predict_one("log", fit, 16, 0.9);
    check_close("lo", logs.pi_lo, mean * exp(-high), 1e-13);
    check_close("hi", logs.pi_hi, mean * exp(-low), 1e-13);
    /* level 0.49... would end inside the three equal ones; 0.5 is just there: a quarter
     * of the draws have the large residual, give or take 4 standard errors of 0.2 % */
    const kl_prediction half = predict_one("half", fit, 16, 0.52);
    check_close("half", half.pi_lo, mean * exp(-high), 1e-13);
    const kl_prediction less = predict_one("less", fit, 16, 0.5);
    check_close("less", less.pi_hi, mean * exp(-low), 1e-13);
    check_near("ci", logs.ci_hi - logs.ci_lo, 0, 1e-15);

    fit->summary.residual = KL_RESIDUAL_LINEAR;
    const kl_prediction lines = predict_one("linear", fit, 16, 0.9);
    check_close("lo", lines.pi_lo, mean - high, 1e-13);
    check_close("hi", lines.pi_hi, mean - low, 1e-13);
    kl_fit_free(fit);
}

/* Noise belongs to the seed: not to the order, number or company of points. */
static void noise_is_reproducible(void **state)
{
    (void)state;
    enum { N = 50, R = 30 };
    double c[N], r[R];
    kl_random random = kl_random_new(3, 0);
    for (size_t b = 0; b < N; b++) c[b] = 2 + 0.1 * kl_random_normal(&random);
    for (size_t i = 0; i < R; i++) r[i] = 0.05 * kl_random_normal(&random);
    kl_fit *fit = power_law(c, N);
    give_residuals(fit, r, R, 2);
    const double x[3] = {10, 1000, 1e5};
    kl_prediction all[3];
    kl_error err = {0};
    check_ok("all", kl_predict(all, fit, x, NULL, 3, NULL, &err), err);
    for (size_t i = 0; i < 3; i++) {
        const kl_prediction one = predict_one("one", fit, x[i], 0);
        check_near("lo", one.pi_lo, all[i].pi_lo, 0);
        check_near("hi", one.pi_hi, all[i].pi_hi, 0);
        assert_true(one.pi_lo < one.ci_lo && one.pi_hi > one.ci_hi);
    }
    fit->summary.seed = 2;
    const kl_prediction other = predict_one("seed", fit, x[0], 0);
    assert_true(other.pi_lo != all[0].pi_lo);
    kl_fit_free(fit);
}

/* Noise only widens: whatever the seed, the interval of a run holds the law's own. One
 * residual per draw would leave that to chance where the draws are far apart. */
static void noise_never_narrows(void **state)
{
    (void)state;
    enum { N = 200, R = 6 };
    double c[N];
    static const double r[R] = {0.02, -0.02, 0.01, -0.01, 0.004, -0.004};
    kl_random random = kl_random_new(4, 0);
    for (size_t b = 0; b < N; b++) c[b] = 2 * exp(0.2 * kl_random_normal(&random));
    kl_fit *fit = power_law(c, N);
    give_residuals(fit, r, R, 2);
    for (uint64_t seed = 1; seed <= 50; seed++) {
        fit->summary.seed = seed;
        const kl_prediction p = predict_one("seed", fit, 100, 0.9);
        assert_true(p.pi_lo < p.ci_lo && p.ci_hi < p.pi_hi);
    }
    kl_fit_free(fit);
    /* six draws in a hundred far out: the quantile lies on their edge, and half of the
     * noise is inwards */
    for (size_t b = 0; b < N; b++) c[b] = b % 100 < 6 ? 3 : 2;
    fit = power_law(c, N);
    give_residuals(fit, r, R, 2);
    const kl_prediction edge = predict_one("edge", fit, 100, 0.9);
    check_close("ci", edge.ci_hi, 0.3, 1e-15);
    assert_true(edge.pi_hi >= edge.ci_hi);
    kl_fit_free(fit);
}

static void distances(void **state)
{
    (void)state;
    static const struct {
        double lo, hi, x, want;
    } cases[] = {
        {1e8, 1e10, 1e9, 0}, {1e8, 1e10, 1e8, 0}, {1e8, 1e10, 1e12, 2},
        {1e8, 1e10, 1e7, 1}, {5, 5, 50, 1},       {0, 10, 5, 0},
        {0, 10, 100, 1},     {-1, 1, 19, 1},      {-1, 1, -19, 1},
        {10, 20, -80, 1},    {0, 0, 9, 1},        {-5, -5, 40, 1},
    };
    static const char *const inputs[] = {"x"};
    kl_fit *fit =
        fit_of_formula("c + a*exp(-abs(x))", inputs, 1, (const double[]){1, 1});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        give_range(fit, 0, cases[i].lo, cases[i].hi);
        const kl_prediction p = predict_one("distance", fit, cases[i].x, 0);
        char label[64];
        snprintf(label, sizeof label, "%g beyond %g to %g", cases[i].x, cases[i].lo,
                 cases[i].hi);
        check_near(label, p.decades, cases[i].want, 1e-14); /* rounding of log10 */
    }
    kl_fit_free(fit);

    fit = fit_of_chinchilla(&epoch);
    give_range(fit, 0, 1e8, 1e10);
    give_range(fit, 1, 1e9, 1e12);
    kl_error err = {0};
    kl_prediction p;
    kl_predict_options opt = kl_predict_options_default();
    const double at[2] = {5e10, 1e14};
    check_ok("two", kl_predict(&p, fit, at, NULL, 1, &opt, &err), err);
    check_near("two", p.decades, 2, 1e-14);
    assert_int_equal(p.worst_input, 1);
    assert_true(p.is_far); /* more than 1 */
    opt.far = 3;
    check_ok("far", kl_predict(&p, fit, at, NULL, 1, &opt, &err), err);
    assert_false(p.is_far);
    kl_fit_free(fit);
}

static void what_cannot_be_predicted(void **state)
{
    (void)state;
    kl_error err = {0};
    kl_prediction p[2];
    memset(p, 0, sizeof p);
    p[0].mean = 42; /* untouched by failures */
    kl_fit *fit = fit_of_chinchilla(&epoch);
    static const double at[2][2] = {{1e9, 1e10}, {0, 1e10}};
    check_fails("zero", kl_predict(p, fit, at[0], NULL, 2, NULL, &err), KL_E_DOMAIN);
    assert_int_equal(err.line, 2);
    check_near("untouched", p[0].mean, 42, 0);
    static const double nan_at[2] = {NAN, 1e10};
    check_fails("nan", kl_predict(p, fit, nan_at, NULL, 1, NULL, &err), KL_E_DOMAIN);
    check_contains("nan", err.msg, "point 1: ");
    check_fails("none", kl_predict(p, fit, at[0], NULL, 0, NULL, &err), KL_E_USAGE);
    static const double levels[] = {0.49, 1, -0.9, NAN};
    kl_predict_options opt = kl_predict_options_default();
    for (size_t i = 0; i < 4; i++) {
        opt.level = levels[i];
        check_fails("level", kl_predict(p, fit, at[0], NULL, 1, &opt, &err),
                    KL_E_USAGE);
        check_contains("level", err.msg, "0.5 to 0.999");
    }
    opt = kl_predict_options_default();
    opt.far = NAN;
    check_fails("far", kl_predict(p, fit, at[0], NULL, 1, &opt, &err), KL_E_USAGE);
    kl_fit_free(fit);
}

static void points_from_a_table(void **state)
{
    (void)state;
    kl_error err = {0};
    kl_table *t = NULL;
    double *inputs = NULL;
    int32_t *levels = NULL;
    kl_fit *fit = fit_of_chinchilla(&epoch);
    static const double d[] = {1e10, 1e11, 1e12}, n[] = {1e8, 1e9, 1e10};
    check_ok("table", kl_table_new(&t, 3, "points", &err), err);
    check_ok("D", kl_table_add_numbers(t, "D", d, &err), err);
    check_fails("absent", kl_predict_points(&inputs, &levels, fit, t, &err),
                KL_E_USAGE);
    check_contains("absent", err.msg, "'N'");
    assert_null(inputs);
    check_ok("N", kl_table_add_numbers(t, "N", n, &err), err);
    check_ok("points", kl_predict_points(&inputs, &levels, fit, t, &err), err);
    assert_null(levels);
    for (size_t i = 0; i < 3; i++) { /* in the law's order, not the table's */
        check_near("N", inputs[2 * i], n[i], 0);
        check_near("D", inputs[2 * i + 1], d[i], 0);
    }
    free(inputs);
    kl_table_free(t);

    static const double missing[] = {1e8, NAN, 1e10};
    check_ok("table", kl_table_new(&t, 3, "points", &err), err);
    check_ok("D", kl_table_add_numbers(t, "D", d, &err), err);
    check_ok("N", kl_table_add_numbers(t, "N", missing, &err), err);
    check_fails("missing", kl_predict_points(&inputs, &levels, fit, t, &err),
                KL_E_DOMAIN);
    check_contains("missing", err.msg, "points:2: column 'N' is missing");
    assert_int_equal(err.line, 2);
    kl_table_free(t);
    kl_fit_free(fit);
}

/* Levels are matched by their text, whatever their order in either table. */
static void categories_of_a_real_fit(void **state)
{
    (void)state;
    kl_fit *fit = fit_of_two_corpora();
    kl_error err = {0};
    kl_table *t = NULL;
    double *inputs = NULL;
    int32_t *levels = NULL;
    kl_prediction p[3];
    static const double x[] = {1e8, 1e8, 1e12};
    static const char *const corpus[] = {"web", "code", "web"};
    check_ok("table", kl_table_new(&t, 3, "points", &err), err);
    check_ok("x", kl_table_add_numbers(t, "x", x, &err), err);
    check_ok("corpus", kl_table_add_categories(t, "corpus", corpus, &err), err);
    check_ok("points", kl_predict_points(&inputs, &levels, fit, t, &err), err);
    check_ok("predict", kl_predict(p, fit, inputs, levels, 3, NULL, &err), err);
    for (size_t i = 0; i < 3; i++) {
        const double truth = (i == 1 ? 1 : 2) + 50 * pow(x[i], -0.3);
        /* 1 % noise on 40 and 80 runs */
        check_close(corpus[i], p[i].mean, truth, 0.01);
        assert_true(p[i].ci_lo < p[i].mean && p[i].mean < p[i].ci_hi);
        assert_true(p[i].pi_lo < p[i].ci_lo && p[i].ci_hi < p[i].pi_hi);
        assert_true(p[i].pi_hi - p[i].pi_lo > 0.02 * truth); /* 3.3 sd of the noise */
    }
    check_near("inside", p[0].decades, 0, 0);
    check_near("outside", p[2].decades, 2, 0.1); /* the data reach about 1e10 */
    free(inputs);
    free(levels);
    kl_table_free(t);

    static const char *const unknown[] = {"web", "books", NULL};
    for (size_t i = 1; i < 3; i++) {
        const char *const cells[] = {"web", "web", unknown[i]};
        check_ok("table", kl_table_new(&t, 3, "points", &err), err);
        check_ok("x", kl_table_add_numbers(t, "x", x, &err), err);
        check_ok("corpus", kl_table_add_categories(t, "corpus", cells, &err), err);
        check_fails("unknown", kl_predict_points(&inputs, &levels, fit, t, &err),
                    KL_E_USAGE);
        check_contains("unknown", err.msg, "points:3: column 'corpus'");
        check_contains("unknown", err.msg,
                       i == 1 ? "'books' was not in the fit" : "missing");
        assert_null(inputs);
        assert_null(levels);
        kl_table_free(t);
    }
    static const int32_t bad_codes[] = {2, -1};
    for (size_t i = 0; i < 2; i++)
        check_fails("code", kl_predict(p, fit, x, &bad_codes[i], 1, NULL, &err),
                    KL_E_USAGE);
    check_fails("no codes", kl_predict(p, fit, x, NULL, 1, NULL, &err), KL_E_USAGE);
    kl_fit_free(fit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percentiles_of_type_7),
        cmocka_unit_test(means_by_hand),
        cmocka_unit_test(intervals_come_from_the_draws),
        cmocka_unit_test(noise_of_one_run),
        cmocka_unit_test(noise_is_reproducible),
        cmocka_unit_test(noise_never_narrows),
        cmocka_unit_test(distances),
        cmocka_unit_test(what_cannot_be_predicted),
        cmocka_unit_test(points_from_a_table),
        cmocka_unit_test(categories_of_a_real_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
