/*
 * test_plan_draws.c - intervals of plans: each draw against the closed form, the same
 * bytes for any number of threads, options, warnings, JSON.
 */
#include "support/fit_fixture.h"
#include "support/plan_fixture.h"

#include "base/json.h"
#include "base/random.h"

enum { N_DRAWS = 600 };

static const chinchilla epoch = {1.8172, 482.01, 2085.43, 0.3478, 0.3658};

/* Draws about as wide as the bootstrap of besiroglu2024's fit. */
static void make_draws(chinchilla *draws, size_t n)
{
    kl_random r = kl_random_new(7, 0);
    for (size_t b = 0; b < n; b++)
        draws[b] = (chinchilla){
            epoch.E * exp(0.015 * kl_random_normal(&r)),
            epoch.A * exp(0.25 * kl_random_normal(&r)),
            epoch.B * exp(0.5 * kl_random_normal(&r)),
            epoch.alpha + 0.015 * kl_random_normal(&r),
            epoch.beta + 0.02 * kl_random_normal(&r),
        };
}

static kl_fit *fit_with_draws(chinchilla *draws)
{
    kl_fit *fit = fit_of_chinchilla(&epoch);
    make_draws(draws, N_DRAWS);
    give_draws(fit, &draws[0].E, N_DRAWS); /* five doubles in the law's order */
    return fit;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* R's type 7: order statistic 1 + (n-1) q, interpolated. */
static double quantile(double *values, size_t n, double q)
{
    qsort(values, n, sizeof *values, ascending);
    const double place = (double)(n - 1) * q;
    const size_t k = (size_t)place;
    return k + 1 < n ? values[k] + (place - (double)k) * (values[k + 1] - values[k])
                     : values[k];
}

static void check_interval(const char *label, kl_plan_number got, double *values,
                           size_t n, double level)
{
    /* as in test_plan.c: the optimum of each draw is good to 1e-11 */
    check_close(label, got.ci_lo, quantile(values, n, 0.5 - 0.5 * level), 1e-11);
    check_close(label, got.ci_hi, quantile(values, n, 0.5 + 0.5 * level), 1e-11);
}

static const question budget = {.subject = {"6*N*D <= 1e24"}, .over = {{"N"}, {"D"}}};

static void intervals_are_those_of_the_closed_form(void **state)
{
    (void)state;
    static chinchilla draws[N_DRAWS];
    static double n[N_DRAWS], d[N_DRAWS], loss[N_DRAWS], ratio[N_DRAWS];
    kl_fit *fit = fit_with_draws(draws);
    static const double levels[] = {0, 0.5, 0.99}; /* 0: the fit's, 0.9 */
    static const size_t most[] = {0, 100, 5000};
    for (size_t k = 0; k < 3; k++) {
        kl_error err = {0};
        kl_plan *plan = NULL;
        kl_plan_options opt = options_of(&budget);
        opt.level = levels[k];
        opt.max_draws = most[k];
        check_ok("plan", kl_plan_solve(&plan, fit, &opt, &err), err);
        const size_t used = most[k] == 100 ? 100 : N_DRAWS;
        const double level = k == 0 ? 0.9 : levels[k];
        for (size_t b = 0; b < used; b++) {
            n[b] = best_n_of(&draws[b], 1e24);
            d[b] = 1e24 / 6 / n[b];
            loss[b] = loss_of(&draws[b], n[b], d[b]);
            ratio[b] = d[b] / n[b];
        }
        assert_int_equal(kl_plan_get_n_draws(plan), used);
        assert_int_equal(kl_plan_get_n_draws_failed(plan), 0);
        check_interval("N", kl_plan_get_variable(plan, 0), n, used, level);
        check_interval("D", kl_plan_get_variable(plan, 1), d, used, level);
        check_interval("loss", kl_plan_get_target(plan), loss, used, level);
        check_interval("value", kl_plan_get_value(plan), loss, used, level);
        check_interval("D/N", kl_plan_get_ratio(plan), ratio, used, level);
        kl_plan_free(plan);
    }
    kl_fit_free(fit);
}

/* A cap on N binds for some draws and not for others: the active set must change. */
static void active_sets_differ_between_draws(void **state)
{
    (void)state;
    static chinchilla draws[N_DRAWS];
    static double n[N_DRAWS];
    kl_fit *fit = fit_with_draws(draws);
    static const double caps[] = {3e10, 9.5e10, 3e11}; /* N* is 9.586e10 */
    for (size_t k = 0; k < 3; k++) {
        char cap[32];
        snprintf(cap, sizeof cap, "N <= %g", caps[k]);
        kl_plan *plan = solve(
            cap, fit,
            (question){.subject = {"6*N*D <= 1e24", cap}, .over = {{"N"}, {"D"}}});
        size_t capped = 0;
        for (size_t b = 0; b < N_DRAWS; b++) {
            n[b] = fmin(best_n_of(&draws[b], 1e24), caps[k]);
            capped += n[b] == caps[k];
        }
        assert_true(capped > 20 &&
                    capped < N_DRAWS - 20); /* the case is what it says */
        assert_int_equal(kl_plan_get_n_draws_failed(plan), 0);
        check_interval(cap, kl_plan_get_variable(plan, 0), n, N_DRAWS, 0.9);
        kl_plan_free(plan);
    }
    kl_fit_free(fit);
}

/* A target below some draws' floor: those have no optimum and are counted. */
static void draws_without_optimum_are_counted(void **state)
{
    (void)state;
    static chinchilla draws[N_DRAWS];
    kl_fit *fit = fit_with_draws(draws);
    kl_plan *plan = solve("target", fit,
                          (question){.minimise = "6*N*D",
                                     .subject = {"loss <= 1.86"},
                                     .over = {{"N"}, {"D"}}});
    size_t below = 0;
    for (size_t b = 0; b < N_DRAWS; b++) below += draws[b].E >= 1.86;
    assert_true(below > 10);
    /* a floor just below the target may put the optimum beyond the bounds, too */
    const size_t failed = kl_plan_get_n_draws_failed(plan);
    assert_true(failed >= below && failed <= below + N_DRAWS / 100);
    check_contains("warning", kl_plan_get_warning(plan, 0), "have no optimum");
    assert_true(kl_plan_get_value(plan).ci_hi > kl_plan_get_value(plan).value);
    kl_plan_free(plan);

    plan = solve("infeasible", fit,
                 (question){.minimise = "6*N*D",
                            .subject = {"loss <= 1.5"},
                            .over = {{"N"}, {"D"}}});
    check_outcome("infeasible", plan, KL_PLAN_INFEASIBLE);
    assert_int_equal(kl_plan_get_n_draws(plan), 0);
    assert_true(isnan(kl_plan_get_value(plan).ci_lo));
    kl_plan_free(plan);
    kl_fit_free(fit);
}

static char *json_with_threads(const kl_fit *fit, const question *q, int threads)
{
    kl_error err = {0};
    kl_plan *plan = NULL;
    char *text = NULL;
    kl_plan_options opt = options_of(q);
    opt.threads = threads;
    check_ok("plan", kl_plan_solve(&plan, fit, &opt, &err), err);
    check_ok("json", kl_plan_to_json(&text, plan, &err), err);
    kl_plan_free(plan);
    return text;
}

static void threads_do_not_change_a_byte(void **state)
{
    (void)state;
    static chinchilla draws[N_DRAWS];
    static const question questions[] = {
        {.subject = {"6*N*D <= 1e24"}, .over = {{"N"}, {"D"}}},
        {.subject = {"6*N*D <= 1e24", "N <= 9.5e10"}, .over = {{"N"}, {"D"}}},
        {.minimise = "6*N*D", .subject = {"loss <= 1.86"}, .over = {{"N"}, {"D"}}},
    };
    kl_fit *fit = fit_with_draws(draws);
    for (size_t k = 0; k < 3; k++) {
        char *one = json_with_threads(fit, &questions[k], 1);
        static const int threads[] = {2, 7, 0};
        for (size_t t = 0; t < 3; t++) {
            char *more = json_with_threads(fit, &questions[k], threads[t]);
            assert_string_equal(more, one);
            free(more);
        }
        free(one);
    }
    kl_fit_free(fit);
}

typedef struct listener {
    size_t calls, last, stop_at;
} listener;

static bool listen(void *user, const kl_progress *p)
{
    listener *l = user;
    assert_string_equal(p->stage, "draws");
    assert_int_equal(p->total, N_DRAWS);
    assert_true(p->done > l->last);
    l->last = p->done;
    return ++l->calls != l->stop_at;
}

static void progress_is_told_and_can_cancel(void **state)
{
    (void)state;
    static chinchilla draws[N_DRAWS];
    kl_fit *fit = fit_with_draws(draws);
    kl_error err = {0};
    kl_plan *plan = NULL;
    listener told = {0}, stopper = {.stop_at = 1};
    kl_plan_options opt = options_of(&budget);
    opt.progress = listen;
    opt.user = &told;
    check_ok("told", kl_plan_solve(&plan, fit, &opt, &err), err);
    assert_int_equal(told.last, N_DRAWS);
    kl_plan_free(plan);
    opt.user = &stopper;
    check_fails("cancel", kl_plan_solve(&plan, fit, &opt, &err), KL_E_CANCELLED);
    assert_null(plan);
    kl_fit_free(fit);
}

/* Data from 1e8 to 1e10 parameters and 1e9 to 1e12 tokens; the plan: 9.6e10, 1.7e12. */
static void distance_beyond_the_data(void **state)
{
    (void)state;
    kl_fit *fit = fit_of_chinchilla(&epoch);
    give_range(fit, 0, 1e8, 1e10);
    give_range(fit, 1, 1e9, 1e12);
    kl_plan *plan = solve("near", fit, budget);
    const double n = best_n_of(&epoch, 1e24);
    check_near("decades", kl_plan_get_decades(plan), log10(n / 1e10), 1e-10);
    assert_int_equal(kl_plan_get_n_warnings(plan), 0);
    kl_plan_free(plan);

    give_range(fit, 0, 1e8, 1e9);
    plan = solve("far", fit, budget);
    check_near("decades", kl_plan_get_decades(plan), log10(n / 1e9), 1e-10);
    check_text("warning", kl_plan_get_warning(plan, 0),
               "the plan lies 2.0 decades beyond the data in 'N'");
    kl_plan_free(plan);

    /* a given input counts as well: the data end at 1e12 tokens */
    plan = solve("given", fit,
                 (question){.minimise = "loss*N^0.1",
                            .over = {{"N"}},
                            .given = {{"D", 1e15, NULL}}});
    check_near("decades", kl_plan_get_decades(plan), 3, 1e-12);
    check_contains("warning", kl_plan_get_warning(plan, 0), "in 'D'");
    kl_plan_free(plan);
    kl_fit_free(fit);

    fit = fit_of_chinchilla(&epoch);
    plan = solve("no data", fit, budget);
    assert_true(isnan(kl_plan_get_decades(plan)));
    kl_plan_free(plan);
    kl_fit_free(fit);
}

/* A law indexed by a category needs its level: least x for a loss above that floor. */
static void a_category_is_given_by_its_level(void **state)
{
    (void)state;
    kl_fit *fit = fit_of_two_corpora();
    const question q = {.minimise = "x", .subject = {"loss <= 2.1"}, .over = {{"x"}}};
    static const double floors[] = {2, 1};
    static const char *const levels[] = {"web", "code"};
    for (size_t i = 0; i < 2; i++) {
        question at = q;
        at.given[0] = (kl_plan_given){"corpus", 0, levels[i]};
        kl_plan *plan = solve(levels[i], fit, at);
        check_outcome(levels[i], plan, KL_PLAN_OPTIMAL);
        const kl_plan_number x = kl_plan_get_variable(plan, 0);
        const double truth = pow(50 / (2.1 - floors[i]), 1 / 0.3);
        assert_true(x.ci_lo < x.value && x.value < x.ci_hi);
        /* a floor off by 0.002 moves the first by 2 % / 0.3, and a by 0.005 by 20 % */
        check_close(levels[i], x.value, truth, 0.5);
        kl_plan_free(plan);
    }
    static const struct {
        kl_plan_given given;
        const char *says;
    } bad[] = {{{NULL, 0, NULL}, "indexed by 'corpus': give its level"},
               {{"corpus", 1, NULL}, "give a level, not a number"},
               {{"corpus", 0, "books"}, "was not in the fit (known:"}};
    for (size_t i = 0; i < 3; i++) {
        kl_error err = {0};
        kl_plan *plan = NULL;
        question at = q;
        at.given[0] = bad[i].given;
        const kl_plan_options opt = options_of(&at);
        check_fails(bad[i].says, kl_plan_solve(&plan, fit, &opt, &err), KL_E_USAGE);
        check_contains(bad[i].says, err.msg, bad[i].says);
    }
    kl_fit_free(fit);
}

static double number_at(const json_t *obj, const char *key, const char *inner)
{
    return kl_json_get_number(json_object_get(json_object_get(obj, key), inner),
                              "value", NAN);
}

static void json_holds_the_plan(void **state)
{
    (void)state;
    static chinchilla draws[N_DRAWS];
    kl_fit *fit = fit_with_draws(draws);
    kl_error err = {0};
    json_t *json = NULL;
    const question q = {.minimise = "6*N*D + 2*N*Dinf",
                        .subject = {"loss <= 2"},
                        .over = {{"N", 1e6, 1e14}, {"D"}},
                        .given = {{"Dinf", 5e12, NULL}}};
    kl_plan *plan = solve("plan", fit, q);
    char *text = NULL;
    check_ok("json", kl_plan_to_json(&text, plan, &err), err);
    check_ok("load", kl_json_load(&json, text, strlen(text), "plan", &err), err);
    check_text("schema", kl_json_get_text(json, "schema", ""), "kleiber.plan/1");
    check_text("version", kl_json_get_text(json, "version", ""), kl_version());
    check_text("minimise", kl_json_get_text(json, "minimise", ""), q.minimise);
    check_text("outcome", kl_json_get_text(json, "outcome", ""), "optimal");
    const json_t *law = json_object_get(json, "law");
    check_text("law", kl_json_get_text(law, "name", ""), "chinchilla");
    check_near("beta",
               kl_json_get_number(json_object_get(law, "parameters"), "beta", 0),
               epoch.beta, 0);
    check_near("N", number_at(json, "variables", "N"),
               kl_plan_get_variable(plan, 0).value, 0); /* %.17g reads back exactly */
    const json_t *n = json_object_get(json_object_get(json, "variables"), "N");
    check_text("unit", kl_json_get_text(n, "unit", ""), "parameters");
    const json_t *ci = json_object_get(n, "ci"), *bounds = json_object_get(n, "bounds");
    check_near("ci", json_number_value(json_array_get(ci, 1)),
               kl_plan_get_variable(plan, 0).ci_hi, 0);
    check_near("bounds", json_number_value(json_array_get(bounds, 1)), 1e14, 0);
    check_near("given", kl_json_get_number(json_object_get(json, "given"), "Dinf", 0),
               5e12, 0);
    const json_t *constraint = json_array_get(json_object_get(json, "constraint"), 0);
    check_text("constraint", kl_json_get_text(constraint, "text", ""), "loss <= 2");
    assert_true(json_is_true(json_object_get(constraint, "active")));
    check_near("multiplier", kl_json_get_number(constraint, "multiplier", 0),
               kl_plan_get_constraint(plan, 0).multiplier, 0);
    check_text("ratio", kl_json_get_text(json_object_get(json, "ratio"), "name", ""),
               "D/N");
    check_text("convention",
               kl_json_get_text(json_object_get(json_object_get(json, "inputs"), "D"),
                                "about", ""),
               "training tokens");
    check_near("draws", kl_json_get_number(json_object_get(json, "draws"), "n", 0),
               N_DRAWS, 0);
    assert_true(json_is_array(json_object_get(json, "warnings")));
    json_decref(json);
    free(text);
    kl_plan_free(plan);
    kl_fit_free(fit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_are_those_of_the_closed_form),
        cmocka_unit_test(active_sets_differ_between_draws),
        cmocka_unit_test(draws_without_optimum_are_counted),
        cmocka_unit_test(threads_do_not_change_a_byte),
        cmocka_unit_test(progress_is_told_and_can_cancel),
        cmocka_unit_test(distance_beyond_the_data),
        cmocka_unit_test(a_category_is_given_by_its_level),
        cmocka_unit_test(json_holds_the_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
