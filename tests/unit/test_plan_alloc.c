/* test_plan_alloc.c - every allocation of plans and predictions is made to fail. */
#include "support/fault.h"
#include "support/fit_fixture.h"
#include "support/plan_fixture.h"

#include <kleiber/predict.h>

static const chinchilla epoch = {1.8172, 482.01, 2085.43, 0.3478, 0.3658};

static kl_fit *fit_with_draws(void)
{
    static const double draws[3][5] = {{1.80, 480, 2000, 0.345, 0.365},
                                       {1.82, 490, 2100, 0.350, 0.368},
                                       {1.81, 470, 2050, 0.348, 0.362}};
    static const double residuals[3] = {-0.01, 0.02, -0.01};
    kl_fit *fit = fit_of_chinchilla(&epoch);
    give_draws(fit, draws[0], 3);
    give_residuals(fit, residuals, 3, 1);
    give_range(fit, 0, 1e7, 1e9); /* far from the plan: a warning */
    give_range(fit, 1, 1e9, 1e11);
    return fit;
}

static kl_status plan_and_write(void *fit, kl_error *err)
{
    const question q = {.minimise = "6*N*D + 2*N*Dinf",
                        .subject = {"loss <= 2", "N <= 2*D"},
                        .over = {{"N"}, {"D"}},
                        .given = {{"Dinf", 5e12, NULL}}};
    kl_plan_options opt = options_of(&q);
    kl_plan *plan = NULL;
    char *text = NULL;
    opt.threads = 1;
    kl_status status = kl_plan_solve(&plan, fit, &opt, err);
    if (!status) status = kl_plan_to_json(&text, plan, err);
    free(text);
    kl_plan_free(plan);
    return status;
}

static kl_status plan_for_budget(void *fit, kl_error *err)
{
    kl_plan *plan = NULL;
    const kl_status status = kl_plan_for_budget(&plan, fit, 1e24, err);
    if (status) assert_null(plan);
    kl_plan_free(plan);
    return status;
}

static kl_status predict(void *fit, kl_error *err)
{
    static const double at[2][2] = {{1e9, 1e11}, {1e10, 1e12}};
    kl_prediction p[2];
    double draws[3];
    kl_status status = kl_predict(p, fit, at[0], NULL, 2, NULL, err);
    if (!status) status = kl_predict_draws(draws, fit, at[0], NULL, err);
    return status;
}

static kl_status predict_points(void *fit, kl_error *err)
{
    static const double n[] = {1e8, 1e9}, d[] = {1e10, 1e11};
    kl_table *t = NULL;
    double *inputs = NULL;
    int32_t *levels = NULL;
    kl_status status = kl_table_new(&t, 2, "points", err);
    if (!status) status = kl_table_add_numbers(t, "N", n, err);
    if (!status) status = kl_table_add_numbers(t, "D", d, err);
    if (!status) status = kl_predict_points(&inputs, &levels, fit, t, err);
    free(inputs);
    free(levels);
    kl_table_free(t);
    return status;
}

static void memory_runs_out(void **state)
{
    (void)state;
    kl_fit *fit = fit_with_draws();
    fault_sweep("plan", plan_and_write, fit);
    fault_sweep("budget", plan_for_budget, fit);
    fault_sweep("predict", predict, fit);
    fault_sweep("points", predict_points, fit);
    kl_fit_free(fit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(memory_runs_out)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
