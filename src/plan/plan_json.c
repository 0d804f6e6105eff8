/* plan_json.c - a plan as JSON text, schema kleiber.plan/1 (docs/json.md). */
#include <kleiber/plan.h>

#include "base/json.h"
#include "plan/plan_data.h"

#include <string.h>

/* {"value": 1, "ci": [0.5, 2]} */
static json_t *json_number(const kl_plan_number *v)
{
    json_t *obj = json_object();
    kl_json_set(obj, "value", kl_json_number(v->value));
    kl_json_set(obj, "ci", kl_json_interval(v->ci_lo, v->ci_hi));
    return obj;
}

static json_t *json_named(const kl_plan_number *v)
{
    json_t *obj = json_object();
    kl_json_set(obj, "name", kl_json_string(v->name));
    kl_json_set(obj, "value", kl_json_number(v->value));
    kl_json_set(obj, "ci", kl_json_interval(v->ci_lo, v->ci_hi));
    return obj;
}

static json_t *json_law(const kl_plan *plan)
{
    json_t *obj = json_object(), *parameters = json_object();
    for (size_t i = 0; i < plan->n_parameters; i++)
        kl_json_set(parameters, plan->parameters[i].name,
                    kl_json_number(plan->parameters[i].value));
    kl_json_set(obj, "name", kl_json_string(plan->law_name));
    kl_json_set(obj, "formula", kl_json_string(plan->law_text));
    kl_json_set(obj, "parameters", parameters);
    return obj;
}

/* Null for a fit without data. */
static json_t *json_source(const kl_plan *plan)
{
    if (!plan->path || !*plan->path) return json_null();
    json_t *obj = json_object();
    kl_json_set(obj, "path", kl_json_string(plan->path));
    kl_json_set(obj, "sha256", kl_json_string(plan->sha256));
    return obj;
}

/* The convention: what the law's inputs and its target are, in which units. */
static json_t *json_inputs(const kl_plan *plan)
{
    json_t *obj = json_object();
    for (size_t i = 0; i < plan->n_inputs; i++) {
        json_t *input = json_object();
        kl_json_set(input, "unit", kl_json_string(plan->inputs[i].unit));
        kl_json_set(input, "about", kl_json_string(plan->inputs[i].about));
        kl_json_set(obj, plan->inputs[i].name, input);
    }
    return obj;
}

static json_t *json_given(const kl_plan *plan)
{
    json_t *obj = json_object();
    for (size_t i = 0; i < plan->n_given; i++) {
        const kl_plan_value *g = &plan->given[i];
        kl_json_set(obj, g->name,
                    g->level ? kl_json_string(g->level) : kl_json_number(g->value));
    }
    return obj;
}

static json_t *json_variables(const kl_plan *plan)
{
    json_t *obj = json_object();
    for (size_t i = 0; i < plan->n; i++) {
        json_t *v = json_number(&plan->variables[i]);
        kl_json_set(v, "unit", kl_json_string(plan->units[i]));
        kl_json_set(v, "bounds", kl_json_interval(plan->lo[i], plan->hi[i]));
        kl_json_set(obj, plan->variables[i].name, v);
    }
    return obj;
}

static json_t *json_constraints(const kl_plan *plan)
{
    json_t *array = json_array();
    for (size_t j = 0; j < plan->m; j++) {
        const kl_plan_constraint *c = &plan->constraints[j];
        json_t *obj = json_object();
        kl_json_set(obj, "text", kl_json_string(c->text));
        kl_json_set(obj, "slack", kl_json_number(c->slack));
        kl_json_set(obj, "active", json_boolean(c->active));
        kl_json_set(obj, "multiplier", kl_json_number(c->multiplier));
        kl_json_append(array, obj);
    }
    return array;
}

static json_t *json_subject(const kl_plan *plan)
{
    json_t *array = json_array();
    for (size_t j = 0; j < plan->m; j++)
        kl_json_append(array, kl_json_string(plan->constraints[j].text));
    return array;
}

static json_t *json_warnings(const kl_plan *plan)
{
    json_t *array = json_array();
    for (size_t i = 0; i < plan->n_warnings; i++)
        kl_json_append(array, kl_json_string(plan->warnings[i]));
    return array;
}

static json_t *json_draws(const kl_plan *plan)
{
    json_t *obj = json_object();
    kl_json_set(obj, "n", json_integer((json_int_t)plan->n_draws));
    kl_json_set(obj, "failed", json_integer((json_int_t)plan->n_failed));
    return obj;
}

kl_status kl_plan_to_json(char **out, const kl_plan *plan, kl_error *err)
{
    json_t *obj = json_object();
    kl_json_set(obj, "schema", json_string("kleiber.plan/1"));
    kl_json_set(obj, "version", json_string(kl_version()));
    kl_json_set(obj, "law", json_law(plan));
    kl_json_set(obj, "input", json_source(plan));
    kl_json_set(obj, "inputs", json_inputs(plan));
    kl_json_set(obj, "minimise", kl_json_string(plan->value.name));
    kl_json_set(obj, "subject", json_subject(plan));
    kl_json_set(obj, "given", json_given(plan));
    kl_json_set(obj, "outcome", json_string(kl_plan_outcome_text(plan->outcome)));
    kl_json_set(obj, "variables", json_variables(plan));
    kl_json_set(obj, "value", json_number(&plan->value));
    kl_json_set(obj, "target", json_named(&plan->target));
    kl_json_set(obj, "ratio", plan->n == 2 ? json_named(&plan->ratio) : json_null());
    kl_json_set(obj, "constraint", json_constraints(plan));
    kl_json_set(obj, "kkt", kl_json_number(plan->kkt));
    kl_json_set(obj, "decades", kl_json_number(plan->decades));
    kl_json_set(obj, "draws", json_draws(plan));
    kl_json_set(obj, "level", kl_json_number(plan->level));
    kl_json_set(obj, "seed", json_integer((json_int_t)plan->seed));
    kl_json_set(obj, "warnings", json_warnings(plan));
    const kl_status status = kl_json_dump(out, obj, err);
    json_decref(obj);
    return status;
}
