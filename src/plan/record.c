/* record.c - what a plan remembers about where it came from, for its JSON. */
#include "plan/record.h"

#include "base/fail.h"
#include "plan/plan_data.h"

/* Copies of strings; a missing one is noticed by `ok` at the end. */
typedef struct copier {
    kl_arena *arena;
    bool ok;
} copier;

static const char *copy(copier *c, const char *s)
{
    const char *result = s ? kl_arena_strdup(c->arena, s) : NULL;
    c->ok &= !s || result;
    return result;
}

static kl_plan_input copy_input(copier *c, const kl_law_input *input)
{
    return (kl_plan_input){copy(c, input->name), copy(c, input->unit),
                           copy(c, input->about)};
}

static void record_law(kl_plan *plan, copier *c, const kl_fit *fit)
{
    const kl_law *law = kl_fit_get_law(fit);
    const kl_fit_source source = kl_fit_get_source(fit);
    plan->law_name = copy(c, kl_law_get_name(law));
    plan->law_text = copy(c, kl_law_get_text(law));
    plan->path = copy(c, source.path);
    plan->sha256 = copy(c, source.sha256);
    plan->seed = kl_fit_get_summary(fit).seed;
    for (size_t i = 0; i < plan->n_parameters; i++) {
        const kl_fit_parameter *parameter = kl_fit_get_parameter(fit, i);
        plan->parameters[i].name = copy(c, parameter->name);
        plan->parameters[i].value = parameter->value;
    }
    for (size_t i = 0; i + 1 < plan->n_inputs; i++)
        plan->inputs[i] = copy_input(c, kl_law_get_input(law, i));
    plan->inputs[plan->n_inputs - 1] = copy_input(c, kl_law_get_target(law));
}

kl_status kl_plan_record(kl_plan *plan, const kl_problem *p, const kl_plan_options *opt,
                         kl_error *err)
{
    kl_arena *arena = &plan->arena;
    copier c = {arena, true};
    plan->n_parameters = kl_fit_get_n_parameters(p->fit);
    plan->n_inputs = kl_law_get_n_inputs(kl_fit_get_law(p->fit)) + 1;
    plan->n_given = opt->n_given;
    plan->parameters =
        kl_arena_array(arena, plan->n_parameters, sizeof *plan->parameters);
    plan->inputs = kl_arena_array(arena, plan->n_inputs, sizeof *plan->inputs);
    plan->given = kl_arena_array(arena, plan->n_given, sizeof *plan->given);
    plan->units = kl_arena_array(arena, plan->n, sizeof *plan->units);
    plan->lo = kl_arena_doubles(arena, plan->n);
    plan->hi = kl_arena_doubles(arena, plan->n);
    if (!plan->parameters || !plan->inputs || !plan->given || !plan->units ||
        !plan->lo || !plan->hi)
        return kl_fail_nomem(err);
    record_law(plan, &c, p->fit);
    for (size_t i = 0; i < opt->n_given; i++)
        plan->given[i] =
            (kl_plan_value){copy(&c, opt->given[i].name), opt->given[i].value,
                            copy(&c, opt->given[i].level)};
    for (size_t i = 0; i < plan->n; i++) {
        plan->lo[i] = p->x_lo[i];
        plan->hi[i] = p->x_hi[i];
    }
    for (size_t k = 0; k + 1 < plan->n_inputs; k++)
        if (p->input_variable[k] < p->n)
            plan->units[p->input_variable[k]] = plan->inputs[k].unit;
    return c.ok ? KL_OK : kl_fail_nomem(err);
}
