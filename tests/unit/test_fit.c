/* test_fit.c - fits of simulated runs: truth recovered, every option at work, same
 * bytes for any number of threads, JSON that reads back, and data that must be
 * refused. */
#include "support/fit_runs.h"

#include "base/random.h"

#include <stdio.h>

static void exact_data_give_exact_parameters(void **state)
{
    (void)state;
    kl_table *runs = chinchilla_simulated(100, 0, 1);
    static const char *const names[] = {"E", "A", "B", "alpha", "beta"};
    for (int k = 0; k < KL_OBJECTIVE_COUNT; k++) {
        if (k == KL_OBJECTIVE_HUBER_MLE) continue; /* without noise it has no scale */
        kl_fit_options opt = quick();
        opt.bootstrap = 0;
        opt.objective = (kl_objective)k;
        kl_fit *fit = fit_runs(runs, "chinchilla", &opt);
        /* the objective's flatness: residuals of 1e-12 leave A and B known to about
         * 1e-8 */
        for (size_t i = 0; i < 5; i++)
            check_close(kl_objective_text((kl_objective)k),
                        parameter(fit, names[i])->value, chinchilla_truth[i], 1e-6);
        /* what is left at each start is rounding: no optimum is better than another */
        assert_int_equal(kl_fit_get_summary(fit).starts_at_best, opt.starts);
        if (kl_fit_get_outcome(fit) != KL_FIT_CONVERGED)
            fail_msg("%s: stalled where only rounding is left",
                     kl_objective_text((kl_objective)k));
        kl_fit_free(fit);
    }
    kl_table_free(runs);
}

/* Targets typed to six digits: residuals of 1e-7, whose squares' sum can't be compared
 * to more digits than the residuals have. */
static void rounded_data_converge(void **state)
{
    (void)state;
    kl_table *runs;
    kl_error err;
    double x[8], y[8];
    for (int i = 0; i < 8; i++) {
        char typed[32];
        x[i] = pow(10, i);
        snprintf(typed, sizeof typed, "%.6g", 1.5 + 4 * pow(x[i], -0.3));
        y[i] = strtod(typed, NULL);
    }
    check_ok("new", kl_table_new(&runs, 8, "typed", &err), err);
    check_ok("x", kl_table_add_numbers(runs, "x", x, &err), err);
    check_ok("loss", kl_table_add_numbers(runs, "loss", y, &err), err);
    kl_fit_options opt = quick();
    opt.bootstrap = 0;
    kl_fit *fit = fit_runs(runs, "power-floor", &opt);
    assert_string_equal(kl_fit_outcome_text(kl_fit_get_outcome(fit)), "converged");
    kl_fit_free(fit);
    kl_table_free(runs);
}

static void noisy_data_give_intervals_around_the_truth(void **state)
{
    (void)state;
    kl_table *runs = chinchilla_simulated(200, 0.01, 2);
    kl_fit_options opt = kl_fit_options_default();
    opt.level = 0.999; /* so that one table is a fair test */
    kl_fit *fit = fit_runs(runs, "chinchilla", &opt);
    static const char *const names[] = {"E", "A", "B", "alpha", "beta"};
    for (size_t i = 0; i < 5; i++) {
        const kl_fit_parameter *p = parameter(fit, names[i]);
        const double t = chinchilla_truth[i];
        if (!(p->bootstrap_lo < t && t < p->bootstrap_hi))
            fail_msg("%s: bootstrap [%g, %g] without %g", names[i], p->bootstrap_lo,
                     p->bootstrap_hi, t);
        if (!(p->profile_lo < t && t < p->profile_hi))
            fail_msg("%s: profile [%g, %g] without %g", names[i], p->profile_lo,
                     p->profile_hi, t);
        if (!(p->curvature_lo < t && t < p->curvature_hi))
            fail_msg("%s: curvature [%g, %g] without %g", names[i], p->curvature_lo,
                     p->curvature_hi, t);
        /* three roads to one standard error: within a factor 1.6 of each other */
        check_near(names[i], log(p->curvature_se / p->bootstrap_se), 0, log(1.6));
    }
    check_close("residual sd", kl_fit_get_summary(fit).residual_sd, 0.01, 0.15);
    kl_fit_free(fit);
    kl_table_free(runs);
}

static void profile_is_the_constrained_optimum(void **state)
{
    (void)state;
    kl_table *runs = chinchilla_simulated(80, 0.01, 3);
    kl_fit_options opt = quick();
    opt.profile = true;
    kl_fit *fit = fit_runs(runs, "chinchilla", &opt);
    for (size_t i = 0; i < 5; i++) {
        const double *x, *f;
        const size_t n = kl_fit_get_profile(fit, i, &x, &f);
        assert_true(n >= 5);
        for (size_t k = 1; k < n; k++) assert_true(x[k - 1] < x[k]);
        /* the objective with the parameter fixed there, found by a fit of its own */
        const kl_fit_fixed held = {kl_fit_get_parameter(fit, i)->name, x[n / 4]};
        kl_fit_options fixed = quick();
        fixed.bootstrap = 0;
        fixed.fixed = &held;
        fixed.n_fixed = 1;
        kl_fit *other = fit_runs(runs, "chinchilla", &fixed);
        check_close(held.name, f[n / 4], kl_fit_get_summary(other).value, 1e-7);
        assert_true(parameter(other, held.name)->fixed);
        check_near(held.name, parameter(other, held.name)->value, held.value, 0);
        kl_fit_free(other);
    }
    kl_fit_free(fit);
    kl_table_free(runs);
}

static char *json_of(const kl_table *runs, const kl_fit_options *opt)
{
    kl_error err = {0};
    char *text = NULL;
    kl_fit *fit = fit_runs(runs, "chinchilla", opt);
    check_ok("json", kl_fit_to_json(&text, fit, &err), err);
    kl_fit_free(fit);
    return text;
}

static void threads_never_change_a_byte(void **state)
{
    (void)state;
    static const int threads[] = {1, 2, 7};
    kl_table *runs = chinchilla_simulated(60, 0.01, 4);
    char *first = NULL;
    for (size_t i = 0; i < 3; i++) {
        kl_fit_options opt = quick();
        opt.profile = true;
        opt.threads = threads[i];
        char *text = json_of(runs, &opt);
        if (first && strcmp(first, text))
            fail_msg("%d threads: other bytes", threads[i]);
        if (!first)
            first = text;
        else
            free(text);
    }
    free(first);
    kl_table_free(runs);
}

/* Each change of an option must change the result it claims to change. */
static void every_option_changes_the_result(void **state)
{
    (void)state;
    kl_table *runs = chinchilla_simulated(60, 0.02, 5);
    double weight[60];
    const char *group[60];
    for (size_t i = 0; i < 60; i++) {
        weight[i] = i < 30 ? 1 : 0.25;
        group[i] = (const char *const[]){"a", "b", "c", "d", "e", "f",
                                         "g", "h", "i", "j", "k", "l"}[i % 12];
    }
    kl_error err = {0};
    check_ok("weight", kl_table_add_numbers(runs, "w", weight, &err), err);
    check_ok("group", kl_table_add_categories(runs, "run", group, &err), err);
    const kl_fit_options base = quick();
    const kl_fit_fixed fixed = {"alpha", 0.3};
    kl_fit_options changed[18];
    size_t n = 0;
#define CHANGE(field, value) changed[n] = base, changed[n].field = (value), n++
    CHANGE(objective, KL_OBJECTIVE_SQUARED);
    CHANGE(objective, KL_OBJECTIVE_HUBER_MLE);
    CHANGE(objective, KL_OBJECTIVE_ABSOLUTE);
    CHANGE(objective, KL_OBJECTIVE_ASYMMETRIC);
    CHANGE(objective, KL_OBJECTIVE_QUANTILE);
    CHANGE(delta, 1e-2);
    CHANGE(residual, KL_RESIDUAL_LINEAR);
    CHANGE(start_kind, KL_STARTS_GRID);
    CHANGE(starts, 17);
    CHANGE(solver, KL_SOLVER_PLAIN);
    CHANGE(bootstrap, 51);
    CHANGE(bootstrap_starts, 2);
    CHANGE(group, "run");
    CHANGE(weight, "w");
    CHANGE(level, 0.8);
    CHANGE(profile, true);
    CHANGE(seed, 2);
#undef CHANGE
    changed[n] = base;
    changed[n].fixed = &fixed;
    changed[n++].n_fixed = 1;
    char *usual = json_of(runs, &base);
    for (size_t i = 0; i < n; i++) {
        char *text = json_of(runs, &changed[i]);
        if (!strcmp(text, usual)) fail_msg("change %zu changes nothing", i);
        free(text);
    }
    /* weights of the two one-sided objectives */
    kl_fit_options opt = base;
    opt.objective = KL_OBJECTIVE_ASYMMETRIC;
    kl_fit *ten = fit_runs(runs, "chinchilla", &opt);
    opt.over_weight = 1;
    kl_fit *one = fit_runs(runs, "chinchilla", &opt);
    kl_fit *huber = fit_runs(runs, "chinchilla", &base);
    check_close("weight 1 is huber", kl_fit_get_summary(one).value,
                kl_fit_get_summary(huber).value, 1e-12);
    size_t above = 0;
    for (size_t i = 0; i < 60; i++) above += kl_fit_get_residuals(ten)[i] > 0;
    assert_true(above <
                15); /* a tenth of the weight below: about one in eleven above */
    kl_fit_free(ten);
    kl_fit_free(one);
    kl_fit_free(huber);
    opt = base;
    opt.objective = KL_OBJECTIVE_QUANTILE;
    opt.quantile = 0.8;
    kl_fit *upper = fit_runs(runs, "chinchilla", &opt);
    size_t below = 0;
    for (size_t i = 0; i < 60; i++) below += kl_fit_get_residuals(upper)[i] >= -1e-9;
    check_near("share of runs below the 0.8 quantile", (double)below / 60, 0.8,
               5. / 60 + .01);
    kl_fit_free(upper);
    free(usual);
    kl_table_free(runs);
}

static void json_reads_back_to_the_same_bytes(void **state)
{
    (void)state;
    kl_error err = {0};
    kl_table *runs = chinchilla_simulated(60, 0.01, 6);
    kl_fit_options opt = quick();
    opt.profile = true;
    char *text = json_of(runs, &opt), *again = NULL;
    kl_fit *fit = NULL;
    check_ok("read", kl_fit_from_json(&fit, text, strlen(text), "fit.json", &err), err);
    check_ok("write", kl_fit_to_json(&again, fit, &err), err);
    check_text("round trip", again, text);
    kl_fit_free(fit);
    static const char newer[] = "{\"schema\": \"kleiber.fit/9\"}";
    check_fails("newer", kl_fit_from_json(&fit, newer, strlen(newer), "fit.json", &err),
                KL_E_PARSE);
    check_contains("newer", err.msg, "fit.json: schema 'kleiber.fit/9' cannot be read");
    free(text);
    free(again);
    kl_table_free(runs);
}

/* Cutting a fit.json anywhere must give an error or a whole fit, never a crash. */
static void truncated_json_is_refused(void **state)
{
    (void)state;
    kl_error err = {0};
    kl_table *runs = chinchilla_simulated(20, 0.01, 7);
    kl_fit_options opt = quick();
    opt.bootstrap = 2;
    char *text = json_of(runs, &opt);
    kl_fit *fit = NULL;
    const size_t n = strlen(text);
    for (size_t cut = 0; cut + 2 < n; cut += 1 + n / 400) {
        const kl_status s = kl_fit_from_json(&fit, text, cut, "fit.json", &err);
        if (s == KL_OK) fail_msg("read from %zu of %zu bytes", cut, n);
        assert_null(fit);
    }
    free(text);
    kl_table_free(runs);
}

static void indexed_parameters_are_fitted_per_level(void **state)
{
    (void)state;
    enum { N = 120 };
    kl_random r = kl_random_new(8, 0);
    double x[N], loss[N];
    const char *corpus[N];
    for (size_t i = 0; i < N; i++) {
        x[i] = pow(10, 6 + 4 * kl_random_uniform(&r));
        corpus[i] = i % 3 == 0 ? "web" : i % 3 == 1 ? "code" : "books";
        const double floor = i % 3 == 0 ? 2.0 : i % 3 == 1 ? 1.0 : 2.5;
        loss[i] = floor + 50 * pow(x[i], -0.3);
    }
    kl_error err = {0};
    kl_table *runs = NULL;
    check_ok("table", kl_table_new(&runs, N, "indexed", &err), err);
    check_ok("x", kl_table_add_numbers(runs, "x", x, &err), err);
    check_ok("loss", kl_table_add_numbers(runs, "loss", loss, &err), err);
    check_ok("corpus", kl_table_add_categories(runs, "corpus", corpus, &err), err);
    kl_fit_options opt = quick();
    kl_fit *fit = fit_runs(runs, "E[corpus] + A*x^-a", &opt);
    check_close("web", parameter(fit, "E[web]")->value, 2.0, 1e-7);
    check_close("code", parameter(fit, "E[code]")->value, 1.0, 1e-7);
    check_close("books", parameter(fit, "E[books]")->value, 2.5, 1e-7);
    check_close("a", parameter(fit, "a")->value, 0.3, 1e-6);
    assert_int_equal(kl_fit_get_n_levels(fit, "corpus"), 3);
    kl_fit_free(fit);
    kl_table_free(runs);
}

static void replicates_give_the_noise(void **state)
{
    (void)state;
    enum { N = 400 };
    kl_random r = kl_random_new(8, 1);
    double x[N], loss[N];
    for (size_t i = 0; i < N; i++) {
        x[i] = pow(10, 6 + 4 * (double)(i / 4) / (N / 4)); /* four seeds each */
        loss[i] = (1.5 + 50 * pow(x[i], -0.3)) * exp(0.02 * kl_random_normal(&r));
    }
    kl_error err = {0};
    kl_table *runs = NULL;
    check_ok("table", kl_table_new(&runs, N, "seeds", &err), err);
    check_ok("x", kl_table_add_numbers(runs, "x", x, &err), err);
    check_ok("loss", kl_table_add_numbers(runs, "loss", loss, &err), err);
    kl_fit_options opt = quick();
    kl_fit *fit = fit_runs(runs, "power-floor", &opt);
    const kl_fit_summary s = kl_fit_get_summary(fit);
    assert_int_equal(s.replicate_groups, N / 4);
    assert_int_equal(s.replicate_rows, N);
    check_close("sd", s.replicate_sd, 0.02, 0.15); /* 300 degrees of freedom: 4 % */
    kl_fit_free(fit);
    kl_table_free(runs);
}

static void doubtful_fits_say_so(void **state)
{
    (void)state;
    enum { N = 20 };
    kl_error err = {0};
    double size[N], data[N], loss[N];
    for (size_t i = 0; i < N; i++) {
        size[i] = pow(10, 7 + 0.03 * (double)i);
        data[i] = 20 * size[i];
        loss[i] = chinchilla_loss(size[i], data[i]);
    }
    kl_table *runs = NULL;
    check_ok("table", kl_table_new(&runs, N, "narrow", &err), err);
    check_ok("N", kl_table_add_numbers(runs, "N", size, &err), err);
    check_ok("D", kl_table_add_numbers(runs, "D", data, &err), err);
    check_ok("loss", kl_table_add_numbers(runs, "loss", loss, &err), err);
    kl_fit_options opt = quick();
    opt.profile = true;
    kl_fit *fit = fit_runs(runs, "chinchilla", &opt);
    assert_true(has_warning(fit, "move together"));
    assert_true(has_warning(fit, "decades"));
    assert_true(has_warning(fit, "flat") || has_warning(fit, "end of its range") ||
                has_warning(fit, "condition number"));
    kl_fit_free(fit);
    kl_table_free(runs);
}

static bool cancel(void *user, const kl_progress *p)
{
    (void)p;
    return ++*(int *)user < 3;
}

static void progress_can_cancel(void **state)
{
    (void)state;
    int calls = 0;
    kl_error err = {0};
    kl_fit *fit = NULL;
    kl_law *law = chinchilla_law("chinchilla");
    kl_table *runs = chinchilla_simulated(60, 0.01, 9);
    kl_fit_options opt = kl_fit_options_default();
    opt.progress = cancel;
    opt.user = &calls;
    check_fails("cancel", kl_fit_run(&fit, runs, law, &opt, &err), KL_E_CANCELLED);
    assert_null(fit);
    kl_law_free(law);
    kl_table_free(runs);
}

/* Tells how far the profiles are, and stops them once some are done. */
static bool cancel_profiles(void *user, const kl_progress *p)
{
    size_t *done = user;
    if (strcmp(p->stage, "profile")) return true;
    *done = p->done;
    return p->done == 0 || p->done == p->total;
}

static void profiles_can_be_cancelled(void **state)
{
    (void)state;
    size_t done = 0;
    kl_error err = {0};
    kl_fit *fit = NULL;
    kl_law *law = chinchilla_law("chinchilla");
    kl_table *runs = chinchilla_simulated(60, 0.01, 9);
    kl_fit_options opt = quick();
    opt.profile = true;
    opt.threads = 2;
    opt.progress = cancel_profiles;
    opt.user = &done;
    check_fails("cancel", kl_fit_run(&fit, runs, law, &opt, &err), KL_E_CANCELLED);
    assert_null(fit);
    assert_in_range(done, 1, 4); /* of five */
    kl_law_free(law);
    kl_table_free(runs);
}

static void bad_data_and_options_are_refused(void **state)
{
    (void)state;
    kl_error err = {0};
    kl_fit *fit = NULL;
    kl_law *law = chinchilla_law("chinchilla");
    kl_table *runs = chinchilla_simulated(5, 0.01, 10);
    check_fails("few rows", kl_fit_run(&fit, runs, law, NULL, &err), KL_E_SHAPE);
    check_contains("few rows", err.msg, "5 usable rows for 5 free parameters");
    kl_table_free(runs);

    static const struct {
        const char *label;
        double n, loss;
        kl_status status;
        const char *part;
    } cells[] = {
        {"negative loss", 1e8, -1, KL_E_DOMAIN,
         "simulated:4: column 'loss': -1 is not positive"},
        {"zero loss", 1e8, 0, KL_E_DOMAIN, "is not positive"},
        {"infinite loss", 1e8, HUGE_VAL, KL_E_DOMAIN, "is not finite"},
        {"N of zero", 0, 3, KL_E_DOMAIN,
         "simulated:4: law 'chinchilla' has no finite value at N = 0, D = 1e+10"},
        {"negative N", -1e8, 3, KL_E_DOMAIN, "has no finite value at N = -1e+08"},
        {"infinite N", HUGE_VAL, 3, KL_E_DOMAIN, "column 'N': inf is not finite"},
    };
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        double n[8], d[8], loss[8];
        for (size_t k = 0; k < 8; k++) {
            n[k] = k == 3 ? cells[i].n : 1e8 * (double)(k + 1);
            d[k] = 1e10;
            loss[k] = k == 3 ? cells[i].loss : 3;
        }
        runs = NULL;
        check_ok("table", kl_table_new(&runs, 8, "simulated", &err), err);
        check_ok("N", kl_table_add_numbers(runs, "N", n, &err), err);
        check_ok("D", kl_table_add_numbers(runs, "D", d, &err), err);
        check_ok("loss", kl_table_add_numbers(runs, "loss", loss, &err), err);
        check_fails(cells[i].label, kl_fit_run(&fit, runs, law, NULL, &err),
                    cells[i].status);
        check_contains(cells[i].label, err.msg, cells[i].part);
        assert_int_equal(err.line, 4);
        assert_null(fit);
        kl_table_free(runs);
    }
    runs = chinchilla_simulated(20, 0.01, 11);
    kl_fit_options bad = kl_fit_options_default();
    bad.delta = NAN;
    check_fails("delta", kl_fit_run(&fit, runs, law, &bad, &err), KL_E_USAGE);
    bad = kl_fit_options_default();
    bad.level = 1;
    check_fails("level", kl_fit_run(&fit, runs, law, &bad, &err), KL_E_USAGE);
    bad = kl_fit_options_default();
    bad.starts = 0;
    check_fails("starts", kl_fit_run(&fit, runs, law, &bad, &err), KL_E_USAGE);
    bad = kl_fit_options_default();
    bad.weight = "nothing";
    check_fails("weight", kl_fit_run(&fit, runs, law, &bad, &err), KL_E_USAGE);
    double same[20] = {0};
    check_ok("same", kl_table_add_numbers(runs, "same", same, &err), err);
    bad = kl_fit_options_default();
    bad.group = "same";
    check_fails("group", kl_fit_run(&fit, runs, law, &bad, &err), KL_E_SHAPE);
    check_contains("group", err.msg, "column 'same' makes one group");
    bad = kl_fit_options_default();
    bad.seed = (UINT64_C(1) << 53) + 1; /* JSON would not give it back */
    check_fails("seed", kl_fit_run(&fit, runs, law, &bad, &err), KL_E_USAGE);
    const kl_fit_fixed unknown = {"gamma", 1}, outside = {"alpha", -1};
    bad = kl_fit_options_default();
    bad.fixed = &unknown;
    bad.n_fixed = 1;
    check_fails("fixed", kl_fit_run(&fit, runs, law, &bad, &err), KL_E_USAGE);
    bad.fixed = &outside;
    check_fails("fixed", kl_fit_run(&fit, runs, law, &bad, &err), KL_E_USAGE);
    check_contains("fixed", err.msg, "cannot fix 'alpha' at -1");
    kl_law_free(law);
    kl_table_free(runs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_data_give_exact_parameters),
        cmocka_unit_test(rounded_data_converge),
        cmocka_unit_test(noisy_data_give_intervals_around_the_truth),
        cmocka_unit_test(profile_is_the_constrained_optimum),
        cmocka_unit_test(threads_never_change_a_byte),
        cmocka_unit_test(every_option_changes_the_result),
        cmocka_unit_test(json_reads_back_to_the_same_bytes),
        cmocka_unit_test(truncated_json_is_refused),
        cmocka_unit_test(indexed_parameters_are_fitted_per_level),
        cmocka_unit_test(replicates_give_the_noise),
        cmocka_unit_test(doubtful_fits_say_so),
        cmocka_unit_test(progress_can_cancel),
        cmocka_unit_test(profiles_can_be_cancelled),
        cmocka_unit_test(bad_data_and_options_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
