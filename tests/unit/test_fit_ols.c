/*
 * test_fit_ols.c - a straight line by least squares, where every interval has a closed
 * form: the profile is Student's interval, the curvature the sandwich with n/(n-p), the
 * bootstrap near the sandwich without it.
 */
#include "base/random.h"
#include "fit/student.h"
#include "support/fit_runs.h"

enum { N = 120 };

/* y = 2 + 0.5 ln x with noise that grows with x, and the line through it. */
typedef struct line {
    double x[N], y[N], slope, s2, sxx,
        sandwich; /* sandwich: variance of the slope, HC0 */
} line;

static void make_line(line *l)
{
    kl_random r = kl_random_new(12, 0);
    double mx = 0, my = 0, sxy = 0, intercept;
    for (size_t i = 0; i < N; i++) {
        const double u = (double)i / N;
        l->x[i] = exp(1 + 8 * u);
        l->y[i] = 2 + 0.5 * log(l->x[i]) + (0.1 + 0.3 * u) * kl_random_normal(&r);
        mx += log(l->x[i]) / N;
        my += l->y[i] / N;
    }
    l->sxx = l->s2 = l->sandwich = 0;
    for (size_t i = 0; i < N; i++) {
        const double d = log(l->x[i]) - mx;
        l->sxx += d * d;
        sxy += d * (l->y[i] - my);
    }
    l->slope = sxy / l->sxx;
    intercept = my - l->slope * mx;
    for (size_t i = 0; i < N; i++) {
        const double d = log(l->x[i]) - mx;
        const double e = l->y[i] - intercept - l->slope * log(l->x[i]);
        l->s2 += e * e / (N - 2);
        l->sandwich += d * d * e * e / (l->sxx * l->sxx);
    }
}

static void intervals_have_their_closed_forms(void **state)
{
    (void)state;
    line l;
    kl_error err = {0};
    kl_table *runs = NULL;
    make_line(&l);
    check_ok("table", kl_table_new(&runs, N, "line", &err), err);
    check_ok("x", kl_table_add_numbers(runs, "x", l.x, &err), err);
    check_ok("loss", kl_table_add_numbers(runs, "score", l.y, &err), err);
    kl_fit_options opt = kl_fit_options_default();
    opt.objective = KL_OBJECTIVE_SQUARED;
    opt.bootstrap = 4000;
    kl_fit *fit = fit_runs(runs, "log-linear", &opt);
    const kl_fit_parameter *b = parameter(fit, "b");
    const double t = kl_student_quantile(0.95, N - 2), half = t * sqrt(l.s2 / l.sxx);
    check_close("slope", b->value, l.slope, 1e-9);
    check_close("residual sd", kl_fit_get_summary(fit).residual_sd, sqrt(l.s2), 1e-9);
    /* the ends are found to 1e-4 of the root of the rise */
    check_close("profile, above", b->profile_hi - b->value, half, 2e-4);
    check_close("profile, below", b->value - b->profile_lo, half, 2e-4);
    const double se = sqrt(l.sandwich * N / (N - 2));
    check_close("curvature", b->curvature_se, se, 1e-9);
    check_close("curvature, above", b->curvature_hi - b->value, t * se, 1e-9);
    /* 4,000 draws know a standard error to 1.1 %; the sandwich is its limit, to 1/n */
    check_close("bootstrap", b->bootstrap_se, sqrt(l.sandwich), 0.05);
    kl_fit_free(fit);
    kl_table_free(runs);
}

/* Two runs each, a factor exp(0.03) apart: the pooled deviation is 0.03/sqrt(2). */
static void replicates_are_pooled_by_degrees_of_freedom(void **state)
{
    (void)state;
    double x[N], y[N];
    for (size_t i = 0; i < N; i++) {
        x[i] = pow(10, 6 + (double)(i / 2) / 15);
        y[i] = (1.5 + 50 * pow(x[i], -0.3)) * exp(i % 2 ? 0.03 : 0);
    }
    kl_error err = {0};
    kl_table *runs = NULL;
    check_ok("table", kl_table_new(&runs, N, "pairs", &err), err);
    check_ok("x", kl_table_add_numbers(runs, "x", x, &err), err);
    check_ok("loss", kl_table_add_numbers(runs, "loss", y, &err), err);
    const kl_fit_options opt = quick();
    kl_fit *fit = fit_runs(runs, "power-floor", &opt);
    check_close("sd", kl_fit_get_summary(fit).replicate_sd, 0.03 / sqrt(2), 1e-9);
    kl_fit_free(fit);
    kl_table_free(runs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_have_their_closed_forms),
        cmocka_unit_test(replicates_are_pooled_by_degrees_of_freedom),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
