/*
 * test_fit_published.c - published fits, reproduced on the data they were made from.
 *
 * Origins: besiroglu2024 (values, NLL of the authors' notebook), gadre2024 (errors of
 * section 4), mcleish2025 (objectives in the authors' files). docs/data.md names the
 * files.
 */
#include "support/check.h"
#include "support/chinchilla.h"

#include <stdio.h>

static kl_fit *fit_table(const char *label, const kl_table *runs, const char *spec,
                         const kl_fit_options *opt)
{
    kl_error err = {0};
    kl_fit *fit = NULL;
    kl_law *law = chinchilla_law(spec);
    check_ok(label, kl_fit_run(&fit, runs, law, opt, &err), err);
    kl_law_free(law);
    assert_int_equal(kl_fit_get_outcome(fit), KL_FIT_CONVERGED);
    return fit;
}

static double value_of(const kl_fit *fit, const char *name)
{
    for (size_t i = 0; i < kl_fit_get_n_parameters(fit); i++)
        if (!strcmp(kl_fit_get_parameter(fit, i)->name, name))
            return kl_fit_get_parameter(fit, i)->value;
    fail_msg("no parameter '%s'", name);
    return NAN;
}

static kl_fit_options without_intervals(void)
{
    kl_fit_options opt = kl_fit_options_default();
    opt.bootstrap = 0;
    opt.profile = false;
    return opt;
}

/* Enough starts at the best optimum: SciPy's L-BFGS-B gets there from 8 to 18 % of
 * them. */
static void check_starts(const kl_fit *fit)
{
    const kl_fit_summary s = kl_fit_get_summary(fit);
    if (s.starts_at_best * 100 < s.starts * 95)
        fail_msg("%zu of %zu starts at the best optimum", s.starts_at_best, s.starts);
}

static void besiroglu_likelihood(void **state)
{
    (void)state;
    kl_table *runs = chinchilla_runs(5);
    assert_int_equal(kl_table_get_n_rows(runs), 240);
    kl_fit_options opt = without_intervals();
    opt.objective = KL_OBJECTIVE_HUBER_MLE;
    kl_fit *fit = fit_table("huber-mle", runs, "chinchilla", &opt);
    /* tolerances: the printed digits; the NLL is given to 1e-10 and asked for to
     * 1e-6 */
    check_near("NLL", kl_fit_get_summary(fit).value, -879.7731390602, 1e-6);
    check_near("ln s", kl_fit_get_summary(fit).ln_s, -12.26662, 5e-6);
    check_near("A", value_of(fit, "A"), 482.01, 5e-3);
    check_near("B", value_of(fit, "B"), 2085.43, 5e-3);
    /* the paper prints 1.8172, its notebook 1.81686: the likelihood's optimum is the
     * latter */
    check_near("E", value_of(fit, "E"), 1.81686, 5e-6);
    check_near("alpha", value_of(fit, "alpha"), 0.3478, 5e-5);
    check_near("beta", value_of(fit, "beta"), 0.3658, 1e-4);
    check_starts(fit);
    kl_fit_free(fit);
    kl_table_free(runs);
}

static void besiroglu_huber(void **state)
{
    (void)state;
    kl_table *runs = chinchilla_runs(5);
    const kl_fit_options opt = without_intervals();
    kl_fit *fit = fit_table("huber", runs, "chinchilla", &opt);
    /* 0.00101827403 is the best that other programs reached; lower is better. The
     * optimum is so flat that 1.2e-11 more of the objective moves B by 0.4: parameters
     * to 3e-4. */
    check_at_most("objective", kl_fit_get_summary(fit).value, 0.00101827403 + 1e-10);
    check_near("objective", kl_fit_get_summary(fit).value, 0.00101827403, 1e-10);
    check_close("A", value_of(fit, "A"), 477.84, 3e-4);
    check_close("B", value_of(fit, "B"), 2143.86, 3e-4);
    check_close("E", value_of(fit, "E"), 1.81724, 3e-5);
    check_starts(fit);
    kl_fit_free(fit);
    kl_table_free(runs);

    runs = chinchilla_runs(0);
    assert_int_equal(kl_table_get_n_rows(runs), 245);
    fit = fit_table("huber, all rows", runs, "chinchilla", &opt);
    check_near("objective", kl_fit_get_summary(fit).value, 0.00182601, 5e-9);
    check_near("alpha", value_of(fit, "alpha"), 0.3493, 5e-5);
    check_near("beta", value_of(fit, "beta"), 0.4530, 1e-4);
    check_starts(fit);
    kl_fit_free(fit);
    kl_table_free(runs);
}

/* Epoch's 4,000 resamples restart from one point and have their own random numbers; two
 * honest runs of theirs differ by 3 to 4 %. B's distribution has a long tail, so its
 * standard error is the least steady: 15 % there, 10 % elsewhere. */
static void besiroglu_bootstrap(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double se, lo, hi, tolerance;
    } published[] = {{"A", 124.58, 285.2, 743.6, .1},
                     {"B", 1293.23, 1042, 5810, .15},
                     {"E", .0257, 1.769, 1.871, .1},
                     {"alpha", .0154, .317, .373, .1},
                     {"beta", .0206, .331, .415, .1}};
    kl_table *runs = chinchilla_runs(5);
    kl_fit_options opt = kl_fit_options_default();
    opt.objective = KL_OBJECTIVE_HUBER_MLE;
    opt.bootstrap = 4000;
    opt.level = 0.95;
    opt.profile = false;
    kl_fit *fit = fit_table("bootstrap", runs, "chinchilla", &opt);
    for (size_t i = 0; i < kl_fit_get_n_parameters(fit); i++) {
        const kl_fit_parameter *p = kl_fit_get_parameter(fit, i);
        for (size_t k = 0; k < 5; k++) {
            if (strcmp(p->name, published[k].name)) continue;
            const double width = published[k].hi - published[k].lo;
            check_close(p->name, p->bootstrap_se, published[k].se,
                        published[k].tolerance);
            /* ends of the interval: a tenth of its width */
            check_near(p->name, p->bootstrap_lo, published[k].lo, 0.1 * width);
            check_near(p->name, p->bootstrap_hi, published[k].hi, 0.1 * width);
        }
    }
    kl_fit_free(fit);
    kl_table_free(runs);
}

static void gadre_predicts_large_runs(void **state)
{
    (void)state;
    static const char *const where[] = {
        "corpus == \"rpj\"", "N < 1e9",
        "multiplier == 1 || (multiplier == 16 && N < 2e7)"};
    kl_error err = {0};
    kl_table *runs = NULL;
    kl_table_options read = kl_table_options_default();
    read.map = "N=params,D=tokens,loss=loss_c4";
    read.where = where;
    read.n_where = 3;
    const char *path = test_data_path("overtraining-testbed/runs.csv");
    /* the five runs of the recipe: four sizes at M = 20, the smallest at M = 320 */
    check_ok("read", kl_table_read(&runs, path, &read, &err), err);
    assert_int_equal(kl_table_get_n_rows(runs), 5);
    kl_fit_options opt = without_intervals();
    opt.objective = KL_OBJECTIVE_SQUARED;
    opt.residual = KL_RESIDUAL_LINEAR;
    kl_fit *fit = fit_table("gadre", runs, "chinchilla-overtraining", &opt);
    /* constants and errors of the recipe run by its authors' code, to the digits
     * known */
    check_near("a", value_of(fit, "a"), 166.211, 5e-3);
    check_near("b", value_of(fit, "b"), 366.687, 5e-2);
    check_near("eta", value_of(fit, "eta"), 0.272851 / 2, 1e-6);
    check_near("E", value_of(fit, "E"), 1.836648, 5e-6);
    const double inputs[] = {1439795200., 921468928000., 6889410560., 137788211200.};
    const double truth[] = {2.502053562117363, 2.424993099368689};
    const double published[] = {0.7103, 0.7320};
    kl_prediction p[2];
    check_ok("predict", kl_predict(p, fit, inputs, NULL, 2, NULL, &err), err);
    for (int i = 0; i < 2; i++)
        check_near("relative error, %", 100 * fabs(p[i].mean - truth[i]) / truth[i],
                   published[i], 5e-5);
    kl_fit_free(fit);
    kl_table_free(runs);
}

/* Objectives of the authors' files, delta 1e-3 and 1e-4; where `beaten`, theirs is
 * known not to be the global optimum and the third number is one that is. */
static const struct {
    const char *table;
    double at_1e3, at_1e4, beaten;
} gemstones[] = {
    {"hot", 0.0019816129, 2.076018e-4, 2.07505e-4},
    {"slim_chinchilla", 0.0001204363, 1.33978e-5, 1.30364e-5},
    {"hot_sampled_like_chinchilla", 0.0002173794, 2.25732e-5, 0},
    {"cool_end", 0.0019640865, 2.059406e-4, 2.04779e-4},
    {"hot_100b+", 0.0065925344, 6.9233e-4, 0},
};

static void gemstones_optima(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof gemstones / sizeof *gemstones; i++) {
        char name[128];
        kl_error err = {0};
        kl_table *runs = NULL;
        kl_table_options read = kl_table_options_default();
        read.map = "N=params_active_precise,D=tokens,loss=final_loss";
        snprintf(name, sizeof name, "gemstones/%s.jsonl", gemstones[i].table);
        check_ok(name, kl_table_read(&runs, test_data_path(name), &read, &err), err);
        kl_fit_options opt = without_intervals();
        kl_fit *fit = fit_table(name, runs, "chinchilla", &opt);
        check_at_most(name, kl_fit_get_summary(fit).value, gemstones[i].at_1e3 + 1e-8);
        kl_fit_free(fit);
        opt.delta = 1e-4;
        fit = fit_table(name, runs, "chinchilla", &opt);
        /* 1e-9: the last digit of the files */
        check_at_most(name, kl_fit_get_summary(fit).value, gemstones[i].at_1e4 + 1e-9);
        if (gemstones[i].beaten > 0) /* to its last digit */
            check_at_most(name, kl_fit_get_summary(fit).value,
                          gemstones[i].beaten * (1 + 3e-6));
        kl_fit_free(fit);
        kl_table_free(runs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(besiroglu_likelihood),
        cmocka_unit_test(besiroglu_huber),
        cmocka_unit_test(besiroglu_bootstrap),
        cmocka_unit_test(gadre_predicts_large_runs),
        cmocka_unit_test(gemstones_optima),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
