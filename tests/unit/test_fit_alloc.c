/* test_fit_alloc.c - every allocation of a fit and of its JSON forms, failed once. */
#include "support/check.h"
#include "support/chinchilla.h"
#include "support/fault.h"

static kl_table *runs;
static kl_law *law;
static char *json;

static kl_fit_options small(void)
{
    kl_fit_options opt = kl_fit_options_default();
    opt.starts = 2;
    opt.bootstrap = 2;
    opt.threads = 1;
    return opt;
}

static kl_status fit_call(void *ctx, kl_error *err)
{
    (void)ctx;
    kl_fit *fit = NULL;
    const kl_fit_options opt = small();
    const kl_status status = kl_fit_run(&fit, runs, law, &opt, err);
    if (status && fit) fail_msg("a fit in spite of '%s'", kl_status_text(status));
    kl_fit_free(fit);
    return status;
}

static kl_status json_call(void *ctx, kl_error *err)
{
    (void)ctx;
    kl_fit *fit = NULL;
    char *text = NULL;
    kl_status status = kl_fit_from_json(&fit, json, strlen(json), "fit.json", err);
    if (!status) status = kl_fit_to_json(&text, fit, err);
    if (status && text) fail_msg("text in spite of '%s'", kl_status_text(status));
    kl_fit_free(fit);
    free(text);
    return status;
}

static kl_status values_call(void *ctx, kl_error *err)
{
    (void)ctx;
    kl_fit *fit = NULL;
    const kl_status status = kl_fit_from_values(&fit, law, chinchilla_truth, err);
    kl_fit_free(fit);
    return status;
}

static void each_allocation_may_fail(void **state)
{
    (void)state;
    kl_error err = {0};
    kl_fit *fit = NULL;
    const kl_fit_options opt = small();
    runs = chinchilla_simulated(12, 0.01, 1);
    law = chinchilla_law("chinchilla");
    check_ok("fit", kl_fit_run(&fit, runs, law, &opt, &err), err);
    check_ok("json", kl_fit_to_json(&json, fit, &err), err);
    kl_fit_free(fit);
    fault_sweep("fit", fit_call, NULL);
    fault_sweep("json", json_call, NULL);
    fault_sweep("values", values_call, NULL);
    free(json);
    kl_law_free(law);
    kl_table_free(runs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_allocation_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
