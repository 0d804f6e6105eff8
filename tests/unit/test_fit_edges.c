/* test_fit_edges.c - fits at the edges: parameters at bounds, without effect or running
 * away, rows of weight zero, groups of one row. */
#include "support/fit_runs.h"

#include "base/random.h"

/* A floor that is not there: the parameter ends at zero, and the fit says so. */
static void parameter_may_end_at_zero(void **state)
{
    (void)state;
    enum { N = 40 };
    kl_error err = {0};
    double x[N], loss[N];
    for (size_t i = 0; i < N; i++) {
        x[i] = pow(10, 6 + 0.1 * (double)i);
        loss[i] = 40 * pow(x[i], -0.2) - 0.05; /* below any floor */
    }
    kl_table *runs = NULL;
    check_ok("table", kl_table_new(&runs, N, "no floor", &err), err);
    check_ok("x", kl_table_add_numbers(runs, "x", x, &err), err);
    check_ok("loss", kl_table_add_numbers(runs, "loss", loss, &err), err);
    kl_fit_options opt = quick();
    kl_fit *fit = fit_runs(runs, "power-floor", &opt);
    check_near("E", parameter(fit, "E")->value, 0, 0);
    assert_true(parameter(fit, "E")->at_bound);
    assert_true(has_warning(fit, "'E' ended at the end of its range"));
    kl_fit_free(fit);
    kl_table_free(runs);
}

/* Nor does it end a rounding beside a bound that its logarithm does not give back:
 * exp(ln 50) is below 50. */
static void parameter_may_end_at_any_bound(void **state)
{
    (void)state;
    kl_error err = {0};
    kl_law *law = NULL;
    static const char text[] = "name: narrow\ntitle: A below its value\n"
                               "formula: E + A/N^alpha\n"
                               "target: {name: loss}\ninputs: {N: {about: n}}\n"
                               "parameters:\n"
                               "  E: {range: [0, inf], scale: log, start: [0.1, 3]}\n"
                               "  A: {range: [1, 50], scale: log, start: [1, 50]}\n"
                               "  alpha: {range: [0, 2], start: [0.1, 1]}\n";
    check_ok("law", kl_law_parse(&law, text, strlen(text), "narrow", &err), err);
    kl_table *runs = chinchilla_simulated(60, 0.01, 9);
    kl_fit_options opt = quick();
    opt.profile = true;
    kl_fit *fit = NULL;
    check_ok("fit", kl_fit_run(&fit, runs, law, &opt, &err), err);
    check_near("A", parameter(fit, "A")->value, 50, 0);
    assert_true(parameter(fit, "A")->at_bound);
    check_near("profile", parameter(fit, "A")->profile_hi, 50, 0);
    assert_true(has_warning(fit, "'A' ended at the end of its range, 50"));
    kl_fit_free(fit);
    kl_law_free(law);
    kl_table_free(runs);
}

/* What has no effect is no reason to doubt: with A zero nothing depends on alpha. */
static void parameter_without_effect_is_left_alone(void **state)
{
    (void)state;
    kl_error err = {0};
    kl_fit *fit = NULL;
    kl_law *law = chinchilla_law("chinchilla");
    kl_table *runs = chinchilla_simulated(60, 0.01, 9);
    const kl_fit_fixed none = {"A", 0};
    kl_fit_options opt = quick();
    opt.fixed = &none;
    opt.n_fixed = 1;
    check_ok("fit", kl_fit_run(&fit, runs, law, &opt, &err), err);
    assert_int_equal(kl_fit_get_outcome(fit), KL_FIT_CONVERGED);
    assert_true(isinf(kl_fit_get_summary(fit).condition));
    assert_true(has_warning(fit, "condition number"));
    kl_fit_free(fit);
    kl_law_free(law);
    kl_table_free(runs);
}

/* A row of weight zero is no row: not for the numbers, nor for their degrees of freedom
 * and resamples. */
static void rows_of_weight_zero_are_left_out(void **state)
{
    (void)state;
    enum { N = 60, KEPT = 40 };
    kl_error err = {0};
    kl_table *all = chinchilla_simulated(N, 0.01, 9);
    kl_table *part = chinchilla_simulated(N, 0.01, 9);
    double weight[N], none[N] = {0};
    bool keep[N];
    for (size_t i = 0; i < N; i++) weight[i] = keep[i] = i % 3 != 0;
    check_ok("weight", kl_table_add_numbers(all, "w", weight, &err), err);
    check_ok("none", kl_table_add_numbers(all, "none", none, &err), err);
    check_ok("keep", kl_table_keep(part, keep, &err), err);
    kl_fit_options opt = quick();
    opt.bootstrap = 20;
    kl_fit *few = fit_runs(part, "chinchilla", &opt);
    opt.weight = "w";
    kl_fit *fit = fit_runs(all, "chinchilla", &opt);
    assert_int_equal(kl_fit_get_summary(fit).n_rows, KEPT);
    check_near("sd", kl_fit_get_summary(fit).residual_sd,
               kl_fit_get_summary(few).residual_sd, 0);
    for (size_t i = 0; i < kl_fit_get_n_parameters(fit); i++) {
        const kl_fit_parameter *p = kl_fit_get_parameter(fit, i);
        check_near(p->name, p->value, kl_fit_get_parameter(few, i)->value, 0);
        check_near(p->name, p->se, kl_fit_get_parameter(few, i)->se, 0);
    }
    kl_fit_free(fit);
    kl_fit_free(few);
    kl_law *law = chinchilla_law("chinchilla");
    opt.weight = "none";
    check_fails("none", kl_fit_run(&fit, all, law, &opt, &err), KL_E_SHAPE);
    check_contains("none", err.msg, "a weight above 0");
    kl_law_free(law);
    kl_table_free(part);
    kl_table_free(all);
}

/* Groups of one run each are no groups: the sandwich's middle is the same sum. */
static void groups_of_one_row_change_no_curvature(void **state)
{
    (void)state;
    enum { N = 60 };
    kl_error err = {0};
    double run[N], weight[N];
    for (size_t i = 0; i < N; i++) {
        run[i] = (double)((i * 7) % N);
        weight[i] = 1 + (double)(i % 3);
    }
    kl_table *runs = chinchilla_simulated(N, 0.01, 9);
    check_ok("run", kl_table_add_numbers(runs, "run", run, &err), err);
    check_ok("weight", kl_table_add_numbers(runs, "w", weight, &err), err);
    kl_fit_options opt = quick();
    opt.weight = "w";
    kl_fit *alone = fit_runs(runs, "chinchilla", &opt);
    opt.group = "run";
    kl_fit *grouped = fit_runs(runs, "chinchilla", &opt);
    for (size_t i = 0; i < kl_fit_get_n_parameters(alone); i++) /* rounding of sums */
        check_close("se", kl_fit_get_parameter(grouped, i)->curvature_se,
                    kl_fit_get_parameter(alone, i)->curvature_se, 1e-9);
    kl_fit_free(grouped);
    kl_fit_free(alone);
    kl_table_free(runs);
}

/* A scale that the data do not bound may run away, but never to infinity, which is no
 * number in JSON. */
static void runaway_parameters_stay_finite(void **state)
{
    (void)state;
    enum { N = 40 };
    kl_error err = {0};
    kl_random r = kl_random_new(5, 0);
    double n[N], loss[N];
    for (size_t i = 0; i < N; i++) {
        n[i] = pow(10, 6 + 4 * kl_random_uniform(&r));
        loss[i] = 2 * exp(0.01 * kl_random_normal(&r));
    }
    kl_table *runs = NULL;
    check_ok("table", kl_table_new(&runs, N, "flat", &err), err);
    check_ok("N", kl_table_add_numbers(runs, "N", n, &err), err);
    check_ok("loss", kl_table_add_numbers(runs, "loss", loss, &err), err);
    static const char text[] =
        "name: knee\ntitle: a fall at c\n"
        "formula: E + A/(1 + N/c)\n"
        "target: {name: loss}\ninputs: {N: {about: n}}\n"
        "parameters:\n"
        "  E: {range: [0, inf], scale: log, start: [0.1, 3]}\n"
        "  A: {range: [0, inf], scale: log, start: [0.1, 3]}\n"
        "  c: {range: [0, inf], scale: log, start: [1e6, 1e12]}\n";
    kl_law *law = NULL;
    kl_fit *fit = NULL, *again = NULL;
    char *json = NULL;
    check_ok("law", kl_law_parse(&law, text, strlen(text), "knee", &err), err);
    kl_fit_options opt = quick();
    opt.profile = true;
    opt.bootstrap = 400;
    check_ok("fit", kl_fit_run(&fit, runs, law, &opt, &err), err);
    for (size_t b = 0; b < kl_fit_get_n_draws(fit); b++)
        for (size_t i = 0; i < 3; i++)
            assert_true(isfinite(kl_fit_get_draw(fit, b)[i]));
    for (size_t i = 0; i < 3; i++)
        assert_true(isfinite(kl_fit_get_parameter(fit, i)->se));
    check_ok("write", kl_fit_to_json(&json, fit, &err), err);
    check_ok("read", kl_fit_from_json(&again, json, strlen(json), "knee", &err), err);
    free(json);
    kl_fit_free(again);
    kl_fit_free(fit);
    kl_law_free(law);
    kl_table_free(runs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameter_may_end_at_zero),
        cmocka_unit_test(parameter_may_end_at_any_bound),
        cmocka_unit_test(parameter_without_effect_is_left_alone),
        cmocka_unit_test(rows_of_weight_zero_are_left_out),
        cmocka_unit_test(groups_of_one_row_change_no_curvature),
        cmocka_unit_test(runaway_parameters_stay_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
