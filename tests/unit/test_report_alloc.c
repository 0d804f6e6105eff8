/* test_report_alloc.c - allocations of the report calls are made to fail. */
#include "support/check.h"
#include "support/chinchilla.h"
#include "support/fault.h"
#include "support/scratch.h"

#include <kleiber/report.h>

#include <stdio.h>
#include <unistd.h>

/* What a call is made with; few draws, since each costs allocations. */
typedef struct subject {
    kl_fit *fit;
    kl_plan *plan;
    kl_report_options opt;
} subject;

static kl_status to_html(void *ctx, kl_error *err)
{
    const subject *s = ctx;
    char *html;
    const kl_status status = kl_report_to_html(&html, s->fit, s->plan, &s->opt, err);
    assert_true((status == KL_OK) == (html != NULL));
    free(html);
    return status;
}

static kl_status write_html(void *ctx, kl_error *err)
{
    const subject *s = ctx;
    return kl_report_write_html(test_scratch_path("page.html"), s->fit, s->plan,
                                &s->opt, err);
}

static kl_status write_figures(void *ctx, kl_error *err)
{
    const subject *s = ctx;
    return kl_report_write_figures(test_scratch_path("figures"), s->fit, s->plan,
                                   &s->opt, err);
}

/*
 * As fault_sweep, but with steps that grow: the pictures of a pair of inputs repeat the
 * same few allocations for each of many slices and draws.
 */
static void sample(const char *label, subject *s)
{
    bool failed = true;
    for (size_t n = 1; failed; n += 1 + n / 64) {
        kl_error err;
        fault_begin(n, false);
        const kl_status status = to_html(s, &err);
        failed = fault_end();
        if (status != KL_OK && !(failed && status == KL_E_NOMEM))
            fail_msg("%s: allocation %zu: %s", label, n, kl_status_text(status));
    }
}

static void test_published(void **state)
{
    (void)state;
    kl_error err;
    subject s = {.opt = kl_report_options_default()};
    kl_law *law = chinchilla_law("chinchilla@besiroglu2024");
    check_ok("fit", kl_fit_from_values(&s.fit, law, NULL, &err), err);
    sample("published", &s);
    kl_fit_free(s.fit);
    kl_law_free(law);
}

static void fit_to(subject *s, const kl_table *runs, const kl_law *law)
{
    kl_error err;
    kl_fit_options opt = kl_fit_options_default();
    opt.starts = 4;
    opt.bootstrap = 12;
    s->opt = kl_report_options_default();
    s->opt.max_draws = 2;
    check_ok("fit", kl_fit_run(&s->fit, runs, law, &opt, &err), err);
}

static void test_planned(void **state)
{
    (void)state;
    kl_error err;
    subject s = {0};
    kl_law *law = chinchilla_law("chinchilla");
    kl_table *runs = chinchilla_simulated(20, 0.01, 5);
    fit_to(&s, runs, law);
    check_ok("plan", kl_plan_for_budget(&s.plan, s.fit, 1e24, &err), err);
    sample("planned", &s);
    kl_plan_free(s.plan);
    kl_fit_free(s.fit);
    kl_table_free(runs);
    kl_law_free(law);
}

/* One input: few allocations, so each of them, and the files too. */
static void test_one_input(void **state)
{
    (void)state;
    static const char *const figures[] = {"fit", "observed", "residuals", "profiles",
                                          "draws"};
    kl_error err;
    subject s = {0};
    double x[8], loss[8];
    for (size_t k = 0; k < 8; k++) {
        x[k] = pow(4, (double)k + 8);
        loss[k] = 2 + 30 * pow(x[k], -0.25) * (1 + 0.01 * cos(3.0 * (double)k));
    }
    kl_law *law = chinchilla_law("power-floor");
    kl_table *runs;
    check_ok("table", kl_table_new(&runs, 8, "made", &err), err);
    check_ok("x", kl_table_add_numbers(runs, "x", x, &err), err);
    check_ok("loss", kl_table_add_numbers(runs, "loss", loss, &err), err);
    fit_to(&s, runs, law);
    fault_sweep("page", to_html, &s);
    fault_sweep("file", write_html, &s);
    fault_sweep("figures", write_figures, &s);
    char path[4400];
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        snprintf(path, sizeof path, "%s/figure-%s.svg", test_scratch_path("figures"),
                 figures[i]);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(test_scratch_path("figures")),
                     0); /* and nothing else there */
    kl_fit_free(s.fit);
    kl_table_free(runs);
    kl_law_free(law);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published),
        cmocka_unit_test(test_planned),
        cmocka_unit_test(test_one_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
