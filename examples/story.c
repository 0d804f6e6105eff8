/*
 * story.c - the whole story in one page: table, fit, predict, plan, report.
 *
 * Fits the small Cerebras-GPT models, predicts the 13B one that the fit has not seen,
 * and asks what compute a lower loss would take.
 *
 * usage: story [RUNS.csv [REPORT.html]]
 */
#include <kleiber/kleiber.h>

#include <stdio.h>

int main(int argc, char **argv)
{
    kl_error err = {0};
    kl_table *runs = NULL;
    kl_law *law = NULL;
    kl_fit *fit = NULL;
    kl_plan *plan = NULL;
    int rc = 1;

    const char *const where[] = {"params < 1e10"};
    kl_table_options read = kl_table_options_default();
    read.map = "x=flops", read.where = where, read.n_where = 1;
    if (kl_table_read(&runs, argc > 1 ? argv[1] : "cerebras-gpt.csv", &read, &err))
        goto out;
    if (kl_law_open(&law, "power-floor", &err)) goto out;
    if (kl_fit_run(&fit, runs, law, NULL, &err)) goto out;

    const double flops = 2.3e22; /* the 13B model */
    kl_prediction loss;
    if (kl_predict(&loss, fit, &flops, NULL, 1, NULL, &err)) goto out;
    printf("%.2g FLOPs: %.3f nats per token, 90%% within [%.3f, %.3f]\n", flops,
           loss.mean, loss.ci_lo, loss.ci_hi);

    const char *const subject[] = {"loss <= 1.5"};
    const kl_plan_variable over = {.name = "x", .lo = 1e18, .hi = 1e30};
    kl_plan_options wish = kl_plan_options_default();
    wish.minimise = "x", wish.subject = subject, wish.n_subject = 1;
    wish.over = &over, wish.n_over = 1;
    if (kl_plan_solve(&plan, fit, &wish, &err)) goto out;
    printf("a loss of 1.5: %.2g FLOPs\n", kl_plan_get_variable(plan, 0).value);

    if (kl_report_write_html(argc > 2 ? argv[2] : "report.html", fit, plan, NULL, &err))
        goto out;
    rc = 0;
out:
    if (rc) fprintf(stderr, "story: %s\n", err.msg);
    kl_plan_free(plan);
    kl_fit_free(fit);
    kl_law_free(law);
    kl_table_free(runs);
    return rc;
}
