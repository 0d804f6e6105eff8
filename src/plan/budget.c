/* budget.c - the short form of a plan: the best loss for a number of FLOPs. */
#include <kleiber/plan.h>

#include "base/fail.h"
#include "base/number.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool has_input(const kl_law *law, const char *name)
{
    for (size_t i = 0; i < kl_law_get_n_inputs(law); i++)
        if (!strcmp(kl_law_get_input(law, i)->name, name)) return true;
    return false;
}

/* The law's cost in FLOPs; 6*N*D for a law of N and D; NULL otherwise. */
static const char *cost_of(const kl_law *law)
{
    const char *cost = kl_law_get_cost(law);
    if (cost && *cost) return cost;
    return has_input(law, "N") && has_input(law, "D") ? "6*N*D" : NULL;
}

kl_status kl_plan_for_budget(kl_plan **out, const kl_fit *fit, double flops,
                             kl_error *err)
{
    const kl_law *law = kl_fit_get_law(fit);
    const size_t n = kl_law_get_n_inputs(law);
    const char *cost = cost_of(law);
    char amount[40];
    *out = NULL;
    if (!(flops > 0 && isfinite(flops)))
        return kl_fail(err, KL_E_USAGE, "budget %g is not positive and finite", flops);
    if (!cost)
        return kl_fail(err, KL_E_USAGE,
                       "law '%s' does not say what a run costs; state the "
                       "budget as a constraint, such as '6*N*D <= %g'",
                       kl_law_get_name(law), flops);
    kl_text subject = {0};
    kl_plan_variable *over = calloc(n + 1, sizeof *over);
    kl_number_format_exact(amount, flops);
    kl_text_addf(&subject, "%s <= %s", cost, amount);
    kl_status status = over && !subject.failed ? KL_OK : kl_fail_nomem(err);
    if (!status) {
        for (size_t i = 0; i < n; i++) over[i].name = kl_law_get_input(law, i)->name;
        const char *const subjects[] = {subject.data};
        kl_plan_options opt = kl_plan_options_default();
        opt.subject = subjects;
        opt.n_subject = 1;
        opt.over = over;
        opt.n_over = n;
        status = kl_plan_solve(out, fit, &opt, err);
    }
    kl_text_free(&subject);
    free(over);
    return status;
}
