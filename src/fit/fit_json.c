/*
 * fit_json.c - a fit as JSON text, schema kleiber.fit/1 (docs/json.md).
 *
 * The law is written with the keys of a law file, so that reading it back is reading a
 * law file: JSON is YAML. An interval that was not made is absent; a null end is
 * unbounded.
 */
#include "fit/fit_json.h"

#include "base/json.h"

#include <math.h>

/* inf is a word: JSON has no such number, law files do. */
static json_t *bound(double v)
{
    if (isinf(v)) return json_string(v > 0 ? "inf" : "-inf");
    return json_real(v);
}

static json_t *pair(json_t *a, json_t *b)
{
    json_t *array = json_array();
    bool ok = array && kl_json_append(array, a);
    if (ok) ok = kl_json_append(array, b);
    if (ok) return array;
    json_decref(array);
    return NULL;
}

static void set_text(json_t *obj, const char *key, const char *text)
{
    if (text && *text) kl_json_set(obj, key, kl_json_string(text));
}

static void set_number(json_t *obj, const char *key, double v)
{
    if (!isnan(v)) kl_json_set(obj, key, kl_json_number(v));
}

static void set_count(json_t *obj, const char *key, size_t n)
{
    kl_json_set(obj, key, json_integer((json_int_t)n));
}

static void set_interval(json_t *obj, const char *key, double lo, double hi)
{
    if (!isnan(lo) && !isnan(hi)) kl_json_set(obj, key, kl_json_interval(lo, hi));
}

static json_t *input_json(const kl_law_input *input, bool with_name)
{
    json_t *obj = json_object();
    if (with_name) set_text(obj, "name", input->name);
    set_text(obj, "unit", input->unit);
    set_text(obj, "about", input->about);
    return obj;
}

static json_t *law_parameter_json(const kl_law_parameter *p)
{
    json_t *obj = json_object();
    set_text(obj, "index", p->index);
    set_text(obj, "like", p->like);
    set_text(obj, "unit", p->unit);
    set_text(obj, "about", p->about);
    kl_json_set(obj, "range", pair(bound(p->lo), bound(p->hi)));
    kl_json_set(obj, "scale", json_string(p->scale == KL_SCALE_LOG ? "log" : "linear"));
    kl_json_set(obj, "start", pair(json_real(p->start_lo), json_real(p->start_hi)));
    return obj;
}

static json_t *law_json(const kl_law *law)
{
    json_t *obj = json_object(), *inputs = json_object(), *parameters = json_object();
    set_text(obj, "name", kl_law_get_name(law));
    set_text(obj, "title", kl_law_get_title(law));
    set_text(obj, "formula", kl_law_get_text(law));
    set_text(obj, "residual",
             kl_law_get_residual(law) == KL_RESIDUAL_LOG ? "log" : "linear");
    set_text(obj, "cost", kl_law_get_cost(law));
    set_text(obj, "reference", kl_law_get_reference(law));
    kl_json_set(obj, "target", input_json(kl_law_get_target(law), true));
    for (size_t i = 0; i < kl_law_get_n_inputs(law); i++) {
        const kl_law_input *input = kl_law_get_input(law, i);
        kl_json_set(inputs, input->name, input_json(input, false));
    }
    for (size_t i = 0; i < kl_law_get_n_parameters(law); i++) {
        const kl_law_parameter *p = kl_law_get_parameter(law, i);
        kl_json_set(parameters, p->name, law_parameter_json(p));
    }
    kl_json_set(obj, "inputs", inputs);
    kl_json_set(obj, "parameters", parameters);
    return obj;
}

static json_t *source_json(const kl_fit *fit)
{
    const kl_fit_source *src = &fit->source;
    json_t *obj = json_object();
    kl_json_set(obj, "path", kl_json_string(src->path));
    kl_json_set(obj, "sha256", kl_json_string(src->sha256));
    set_count(obj, "rows", fit->summary.n_rows);
    set_count(obj, "read", src->counts.read);
    set_count(obj, "status", src->counts.status);
    set_count(obj, "filtered", src->counts.filtered);
    set_count(obj, "dropped", src->counts.dropped);
    set_text(obj, "group", src->group);
    set_text(obj, "weight", src->weight);
    return obj;
}

static json_t *objective_json(const kl_fit *fit)
{
    const kl_fit_summary *s = &fit->summary;
    json_t *obj = json_object();
    set_text(obj, "name", kl_objective_text(s->objective));
    set_number(obj, "value", s->value);
    set_text(obj, "residual", s->residual == KL_RESIDUAL_LOG ? "log" : "linear");
    set_number(obj, "delta", s->delta);
    set_number(obj, "ln_s", s->ln_s);
    set_number(obj, "over_weight", fit->over_weight);
    set_number(obj, "quantile", fit->quantile);
    return obj;
}

static json_t *parameter_json(const kl_fit_parameter *p)
{
    json_t *obj = json_object();
    kl_json_set(obj, "value", kl_json_number(p->value));
    set_number(obj, "se", p->se);
    set_interval(obj, "ci", p->ci_lo, p->ci_hi);
    set_text(obj, "unit", p->unit);
    kl_json_set(obj, "fixed", json_boolean(p->fixed));
    kl_json_set(obj, "at_bound", json_boolean(p->at_bound));
    set_number(obj, "bootstrap_se", p->bootstrap_se);
    set_interval(obj, "bootstrap_ci", p->bootstrap_lo, p->bootstrap_hi);
    set_interval(obj, "profile_ci", p->profile_lo, p->profile_hi);
    set_number(obj, "curvature_se", p->curvature_se);
    set_interval(obj, "curvature_ci", p->curvature_lo, p->curvature_hi);
    return obj;
}

static json_t *parameters_json(const kl_fit *fit)
{
    json_t *obj = json_object();
    for (size_t i = 0; i < fit->n_theta; i++)
        kl_json_set(obj, fit->parameters[i].name, parameter_json(&fit->parameters[i]));
    return obj;
}

static json_t *levels_json(const kl_fit *fit)
{
    json_t *obj = json_object();
    for (size_t i = 0; i < fit->n_indices; i++) {
        json_t *names = json_array();
        for (size_t l = 0; l < fit->levels[i].n; l++)
            kl_json_append(names, kl_json_string(fit->levels[i].names[l]));
        kl_json_set(obj, kl_law_get_index(fit->law, i), names);
    }
    return obj;
}

static json_t *starts_json(const kl_fit *fit)
{
    const kl_fit_summary *s = &fit->summary;
    json_t *obj = json_object();
    set_count(obj, "n", s->starts);
    set_count(obj, "at_best", s->starts_at_best);
    set_count(obj, "failed", s->starts_failed);
    set_number(obj, "runner_up", s->runner_up);
    set_count(obj, "at_runner_up", s->starts_at_runner_up);
    set_text(obj, "kind", fit->start_kind);
    set_text(obj, "solver", fit->solver);
    return obj;
}

static json_t *quality_json(const kl_fit_summary *s)
{
    json_t *obj = json_object();
    set_count(obj, "free", s->n_free);
    set_number(obj, "gradient_norm", s->gradient_norm);
    set_number(obj, "condition", s->condition);
    set_number(obj, "residual_sd", s->residual_sd);
    set_number(obj, "residual_mad_sd", s->residual_mad_sd);
    set_number(obj, "r2", s->r2);
    set_number(obj, "replicate_sd", s->replicate_sd);
    set_count(obj, "replicate_groups", s->replicate_groups);
    set_count(obj, "replicate_rows", s->replicate_rows);
    return obj;
}

static json_t *bootstrap_json(const kl_fit *fit)
{
    json_t *obj = json_object(), *draws = json_array();
    set_count(obj, "n", fit->summary.bootstrap);
    set_count(obj, "failed", fit->summary.bootstrap_failed);
    set_count(obj, "starts", fit->bootstrap_starts);
    for (size_t b = 0; b < fit->n_draws; b++)
        kl_json_append(draws,
                       kl_json_numbers(fit->draws + b * fit->n_theta, fit->n_theta));
    kl_json_set(obj, "draws", draws);
    return obj;
}

static json_t *ranges_json(const kl_fit *fit)
{
    json_t *obj = json_object();
    for (size_t i = 0; i < fit->n_inputs; i++)
        set_interval(obj, kl_law_get_input(fit->law, i)->name, fit->input_lo[i],
                     fit->input_hi[i]);
    return obj;
}

static json_t *points_json(const kl_fit *fit)
{
    json_t *obj = json_object(), *inputs = json_array(), *codes = json_array();
    for (size_t i = 0; i < fit->n_points; i++)
        kl_json_append(inputs, kl_json_numbers(fit->point_inputs + i * fit->n_inputs,
                                               fit->n_inputs));
    for (size_t i = 0; fit->n_indices && i < fit->n_points; i++) {
        json_t *row = json_array();
        for (size_t k = 0; k < fit->n_indices; k++)
            kl_json_append(row, json_integer(fit->point_codes[i * fit->n_indices + k]));
        kl_json_append(codes, row);
    }
    kl_json_set(obj, "inputs", inputs);
    kl_json_set(obj, "codes", codes);
    kl_json_set(obj, "target", kl_json_numbers(fit->point_target, fit->n_points));
    kl_json_set(obj, "fitted", kl_json_numbers(fit->point_fitted, fit->n_points));
    kl_json_set(obj, "residual", kl_json_numbers(fit->residuals, fit->n_residuals));
    return obj;
}

static json_t *profiles_json(const kl_fit *fit)
{
    json_t *obj = json_object();
    for (size_t i = 0; i < fit->n_theta; i++) {
        const kl_profile_curve *curve = &fit->profiles[i];
        if (!curve->n) continue;
        json_t *both = json_object();
        kl_json_set(both, "x", kl_json_numbers(curve->x, curve->n));
        kl_json_set(both, "objective", kl_json_numbers(curve->objective, curve->n));
        kl_json_set(obj, fit->parameters[i].name, both);
    }
    return obj;
}

static json_t *warnings_json(const kl_fit *fit)
{
    json_t *array = json_array();
    for (size_t i = 0; i < fit->n_warnings; i++)
        kl_json_append(array, kl_json_string(fit->warnings[i]));
    return array;
}

kl_status kl_fit_to_json(char **out, const kl_fit *fit, kl_error *err)
{
    json_t *root = json_object();
    const struct {
        const char *key;
        json_t *value;
    } members[] = {
        {"schema", json_string(KL_FIT_SCHEMA)},
        {"version", json_string(kl_version())},
        {"input", source_json(fit)},
        {"law", law_json(fit->law)},
        {"objective", objective_json(fit)},
        {"outcome", json_string(kl_fit_outcome_text(fit->outcome))},
        {"parameters", parameters_json(fit)},
        {"levels", levels_json(fit)},
        {"level", kl_json_number(fit->summary.level)},
        {"starts", starts_json(fit)},
        {"quality", quality_json(&fit->summary)},
        {"warnings", warnings_json(fit)},
        {"seed", json_integer((json_int_t)fit->summary.seed)},
        {"ranges", ranges_json(fit)},
        {"profiles", profiles_json(fit)},
        {"bootstrap", bootstrap_json(fit)},
        {"points", points_json(fit)},
    };
    bool ok = root != NULL;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        ok = kl_json_set(root, members[i].key, members[i].value) && ok;
    *out = NULL;
    const kl_status status = ok ? kl_json_dump(out, root, err) : kl_fail_nomem(err);
    json_decref(root);
    return status;
}
