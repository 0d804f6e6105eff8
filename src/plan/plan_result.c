/* plan_result.c - reading a solved plan. */
#include <kleiber/plan.h>

#include "plan/plan_data.h"

#include <stdlib.h>

void kl_plan_free(kl_plan *plan)
{
    if (!plan) return;
    kl_arena_free(&plan->arena);
    free(plan);
}

kl_plan_outcome kl_plan_get_outcome(const kl_plan *plan)
{
    return plan->outcome;
}

const char *kl_plan_outcome_text(kl_plan_outcome outcome)
{
    switch (outcome) {
    case KL_PLAN_OPTIMAL:
        return "optimal";
    case KL_PLAN_INFEASIBLE:
        return "infeasible";
    case KL_PLAN_AT_BOUND:
        return "at bound";
    case KL_PLAN_STALLED:
        return "stalled";
    }
    return "unknown";
}

size_t kl_plan_get_n_variables(const kl_plan *plan)
{
    return plan->n;
}

kl_plan_number kl_plan_get_variable(const kl_plan *plan, size_t i)
{
    return plan->variables[i];
}

kl_plan_number kl_plan_get_value(const kl_plan *plan)
{
    return plan->value;
}

kl_plan_number kl_plan_get_target(const kl_plan *plan)
{
    return plan->target;
}

kl_plan_number kl_plan_get_ratio(const kl_plan *plan)
{
    return plan->ratio;
}

size_t kl_plan_get_n_constraints(const kl_plan *plan)
{
    return plan->m;
}

kl_plan_constraint kl_plan_get_constraint(const kl_plan *plan, size_t i)
{
    return plan->constraints[i];
}

double kl_plan_get_kkt(const kl_plan *plan)
{
    return plan->kkt;
}

size_t kl_plan_get_n_draws(const kl_plan *plan)
{
    return plan->n_draws;
}

size_t kl_plan_get_n_draws_failed(const kl_plan *plan)
{
    return plan->n_failed;
}

double kl_plan_get_decades(const kl_plan *plan)
{
    return plan->decades;
}

size_t kl_plan_get_n_warnings(const kl_plan *plan)
{
    return plan->n_warnings;
}

const char *kl_plan_get_warning(const kl_plan *plan, size_t i)
{
    return plan->warnings[i];
}
