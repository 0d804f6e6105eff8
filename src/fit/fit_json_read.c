/* fit_json_read.c - a fit from JSON text; every number and size is checked. */
#include "fit/fit_json.h"

#include "base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the steps of one reading share. */
typedef struct reader {
    kl_fit *fit;
    const json_t *root;
    const char *origin;
    kl_error *err;
} reader;

static kl_status malformed(const reader *r, const char *key, const char *what)
{
    return kl_fail(r->err, KL_E_PARSE, "%s: '%s' %s", r->origin, key, what);
}

static const char *keep_text(reader *r, const json_t *obj, const char *key)
{
    return kl_arena_strdup(&r->fit->arena, kl_json_get_text(obj, key, ""));
}

static size_t get_count(const json_t *obj, const char *key)
{
    const double v = kl_json_get_number(obj, key, 0);
    return v >= 0 && v < 9e15 ? (size_t)v : 0;
}

/* obj[key] = [lo, hi]; absent gives NaN, a null end infinity. */
static void get_interval(const json_t *obj, const char *key, double *lo, double *hi)
{
    const json_t *array = json_object_get(obj, key);
    *lo = *hi = NAN;
    if (json_array_size(array) != 2) return;
    const json_t *a = json_array_get(array, 0), *b = json_array_get(array, 1);
    *lo = json_is_number(a) ? json_number_value(a) : -HUGE_VAL;
    *hi = json_is_number(b) ? json_number_value(b) : HUGE_VAL;
}

/* obj[key] as an array of `n` numbers into new memory. */
static kl_status get_numbers(double **out, reader *r, const json_t *obj,
                             const char *key, size_t n)
{
    const json_t *array = json_object_get(obj, key);
    if (!json_is_array(array) || json_array_size(array) != n)
        return malformed(r, key, "is no list of the length that the rest implies");
    double *values = kl_arena_doubles(&r->fit->arena, n);
    if (!values) return kl_fail_nomem(r->err);
    for (size_t i = 0; i < n; i++) {
        const json_t *v = json_array_get(array, i);
        if (!json_is_number(v))
            return malformed(r, key, "holds something that is no number");
        values[i] = json_number_value(v);
    }
    *out = values;
    return KL_OK;
}

/* obj[key] as an array of `rows` arrays of `columns` numbers. */
static kl_status get_matrix(double **out, size_t *rows, reader *r, const json_t *obj,
                            const char *key, size_t columns)
{
    const json_t *array = json_object_get(obj, key);
    if (!json_is_array(array)) return malformed(r, key, "is no list");
    const size_t n = json_array_size(array);
    double *values = kl_arena_array(&r->fit->arena, n, columns * sizeof *values);
    if (!values) return kl_fail_nomem(r->err);
    for (size_t i = 0; i < n; i++) {
        const json_t *row = json_array_get(array, i);
        if (json_array_size(row) != columns)
            return malformed(r, key, "has a row of another length");
        for (size_t j = 0; j < columns; j++) {
            const json_t *v = json_array_get(row, j);
            if (!json_is_number(v))
                return malformed(r, key, "holds something that is no number");
            values[i * columns + j] = json_number_value(v);
        }
    }
    *out = values;
    *rows = n;
    return KL_OK;
}

static kl_status check_schema(const reader *r)
{
    if (!json_is_object(r->root))
        return kl_fail(r->err, KL_E_PARSE, "%s: this is no JSON object", r->origin);
    const char *schema = kl_json_get_text(r->root, "schema", NULL);
    if (!schema) return malformed(r, "schema", "is missing: this is no fit of kleiber");
    if (!strcmp(schema, KL_FIT_SCHEMA)) return KL_OK;
    return kl_fail(
        r->err, KL_E_PARSE,
        "%s: schema '%s' cannot be read by kleiber %s, which reads '%s': make the "
        "fit again with this version",
        r->origin, schema, kl_version(), KL_FIT_SCHEMA);
}

/* The law, through the reader of law files: JSON is YAML. */
static kl_status read_law(kl_law **law, const reader *r)
{
    char *text = NULL;
    const json_t *obj = json_object_get(r->root, "law");
    if (!json_is_object(obj)) return malformed(r, "law", "is missing");
    kl_status status = kl_json_dump(&text, obj, r->err);
    if (!status) status = kl_law_parse(law, text, strlen(text), r->origin, r->err);
    free(text);
    return status;
}

static kl_status read_levels(reader *r)
{
    kl_fit *fit = r->fit;
    const json_t *all = json_object_get(r->root, "levels");
    const size_t n = kl_law_get_n_indices(fit->law);
    fit->levels = kl_arena_array(&fit->arena, n, sizeof *fit->levels);
    if (!fit->levels) return kl_fail_nomem(r->err);
    for (size_t i = 0; i < n; i++) {
        const json_t *names = json_object_get(all, kl_law_get_index(fit->law, i));
        kl_levels *levels = &fit->levels[i];
        levels->n = json_array_size(names);
        if (!levels->n) return malformed(r, "levels", "lacks the levels of an index");
        levels->names = kl_arena_array(&fit->arena, levels->n, sizeof *levels->names);
        if (!levels->names) return kl_fail_nomem(r->err);
        for (size_t l = 0; l < levels->n; l++) {
            const json_t *name = json_array_get(names, l);
            if (!json_is_string(name)) return malformed(r, "levels", "holds no text");
            levels->names[l] = kl_arena_strdup(&fit->arena, json_string_value(name));
            if (!levels->names[l]) return kl_fail_nomem(r->err);
        }
    }
    return KL_OK;
}

static kl_status read_parameters(reader *r)
{
    const json_t *all = json_object_get(r->root, "parameters");
    for (size_t i = 0; i < r->fit->n_theta; i++) {
        kl_fit_parameter *p = &r->fit->parameters[i];
        const json_t *obj = json_object_get(all, p->name);
        p->value = kl_json_get_number(obj, "value", NAN);
        if (isnan(p->value)) return malformed(r, p->name, "has no value");
        r->fit->theta[i] = p->value;
        p->fixed = json_is_true(json_object_get(obj, "fixed"));
        p->at_bound = json_is_true(json_object_get(obj, "at_bound"));
        p->se = kl_json_get_number(obj, "se", NAN);
        p->bootstrap_se = kl_json_get_number(obj, "bootstrap_se", NAN);
        p->curvature_se = kl_json_get_number(obj, "curvature_se", NAN);
        get_interval(obj, "ci", &p->ci_lo, &p->ci_hi);
        get_interval(obj, "bootstrap_ci", &p->bootstrap_lo, &p->bootstrap_hi);
        get_interval(obj, "profile_ci", &p->profile_lo, &p->profile_hi);
        get_interval(obj, "curvature_ci", &p->curvature_lo, &p->curvature_hi);
    }
    return KL_OK;
}

static kl_status read_summary(reader *r)
{
    kl_fit *fit = r->fit;
    kl_fit_summary *s = &fit->summary;
    const json_t *objective = json_object_get(r->root, "objective");
    const json_t *starts = json_object_get(r->root, "starts");
    const json_t *quality = json_object_get(r->root, "quality");
    const json_t *bootstrap = json_object_get(r->root, "bootstrap");
    const char *outcome = kl_json_get_text(r->root, "outcome", "");
    const kl_status status = kl_objective_from_text(
        &s->objective, kl_json_get_text(objective, "name", ""), r->err);
    if (status) return malformed(r, "objective", "has no name that is known");
    for (int k = 0; k <= KL_FIT_GIVEN; k++)
        if (!strcmp(outcome, kl_fit_outcome_text((kl_fit_outcome)k)))
            fit->outcome = (kl_fit_outcome)k;
    s->residual = strcmp(kl_json_get_text(objective, "residual", "log"), "linear")
                      ? KL_RESIDUAL_LOG
                      : KL_RESIDUAL_LINEAR;
    s->delta = kl_json_get_number(objective, "delta", NAN);
    s->value = kl_json_get_number(objective, "value", NAN);
    s->ln_s = kl_json_get_number(objective, "ln_s", NAN);
    fit->over_weight = kl_json_get_number(objective, "over_weight", NAN);
    fit->quantile = kl_json_get_number(objective, "quantile", NAN);
    s->starts = get_count(starts, "n");
    s->starts_at_best = get_count(starts, "at_best");
    s->starts_failed = get_count(starts, "failed");
    s->runner_up = kl_json_get_number(starts, "runner_up", NAN);
    s->starts_at_runner_up = get_count(starts, "at_runner_up");
    s->n_free = get_count(quality, "free");
    s->gradient_norm = kl_json_get_number(quality, "gradient_norm", NAN);
    s->condition = kl_json_get_number(quality, "condition", NAN);
    s->residual_sd = kl_json_get_number(quality, "residual_sd", NAN);
    s->residual_mad_sd = kl_json_get_number(quality, "residual_mad_sd", NAN);
    s->r2 = kl_json_get_number(quality, "r2", NAN);
    s->replicate_sd = kl_json_get_number(quality, "replicate_sd", NAN);
    s->replicate_groups = get_count(quality, "replicate_groups");
    s->replicate_rows = get_count(quality, "replicate_rows");
    s->bootstrap = get_count(bootstrap, "n");
    s->bootstrap_failed = get_count(bootstrap, "failed");
    fit->bootstrap_starts = get_count(bootstrap, "starts");
    s->level = kl_json_get_number(r->root, "level", NAN);
    s->seed = (uint64_t)get_count(r->root, "seed");
    if (!(s->level > 0 && s->level < 1))
        return malformed(r, "level", "is not between 0 and 1");
    fit->start_kind = keep_text(r, starts, "kind");
    fit->solver = keep_text(r, starts, "solver");
    return fit->start_kind && fit->solver ? KL_OK : kl_fail_nomem(r->err);
}

static kl_status read_source(reader *r)
{
    const json_t *obj = json_object_get(r->root, "input");
    kl_fit_source *src = &r->fit->source;
    r->fit->summary.n_rows = get_count(obj, "rows");
    src->counts.read = get_count(obj, "read");
    src->counts.status = get_count(obj, "status");
    src->counts.filtered = get_count(obj, "filtered");
    src->counts.dropped = get_count(obj, "dropped");
    src->path = keep_text(r, obj, "path");
    src->sha256 = keep_text(r, obj, "sha256");
    src->group = keep_text(r, obj, "group");
    src->weight = keep_text(r, obj, "weight");
    const bool ok = src->path && src->sha256 && src->group && src->weight;
    return ok ? KL_OK : kl_fail_nomem(r->err);
}

static kl_status read_codes(reader *r, const json_t *obj)
{
    kl_fit *fit = r->fit;
    const json_t *rows = json_object_get(obj, "codes");
    const size_t width = fit->n_indices;
    fit->point_codes =
        kl_arena_array(&fit->arena, fit->n_points, width * sizeof(int32_t));
    if (!fit->point_codes) return kl_fail_nomem(r->err);
    for (size_t i = 0; width && i < fit->n_points; i++)
        for (size_t k = 0; k < width; k++) {
            const json_t *v = json_array_get(json_array_get(rows, i), k);
            const double code = json_is_number(v) ? json_number_value(v) : -1;
            if (!(code >= 0 && code < (double)fit->levels[k].n))
                return malformed(r, "codes", "has a code without a level");
            fit->point_codes[i * width + k] = (int32_t)code;
        }
    return KL_OK;
}

static kl_status read_points(reader *r)
{
    kl_fit *fit = r->fit;
    const json_t *obj = json_object_get(r->root, "points");
    const json_t *ranges = json_object_get(r->root, "ranges");
    kl_status status =
        get_matrix(&fit->point_inputs, &fit->n_points, r, obj, "inputs", fit->n_inputs);
    const size_t n = fit->n_points;
    if (!status) status = get_numbers(&fit->point_target, r, obj, "target", n);
    if (!status) status = get_numbers(&fit->point_fitted, r, obj, "fitted", n);
    if (!status) status = get_numbers(&fit->residuals, r, obj, "residual", n);
    if (!status) status = read_codes(r, obj);
    fit->n_residuals = n;
    for (size_t i = 0; i < fit->n_inputs; i++)
        get_interval(ranges, kl_law_get_input(fit->law, i)->name, &fit->input_lo[i],
                     &fit->input_hi[i]);
    return status;
}

static kl_status read_profiles(reader *r)
{
    const json_t *all = json_object_get(r->root, "profiles");
    kl_status status = KL_OK;
    for (size_t i = 0; !status && i < r->fit->n_theta; i++) {
        const json_t *obj = json_object_get(all, r->fit->parameters[i].name);
        kl_profile_curve *curve = &r->fit->profiles[i];
        if (!obj) continue;
        curve->n = json_array_size(json_object_get(obj, "x"));
        status = get_numbers(&curve->x, r, obj, "x", curve->n);
        if (!status)
            status = get_numbers(&curve->objective, r, obj, "objective", curve->n);
    }
    return status;
}

static kl_status read_warnings(reader *r)
{
    const json_t *all = json_object_get(r->root, "warnings");
    kl_status status = KL_OK;
    for (size_t i = 0; !status && i < json_array_size(all); i++) {
        const json_t *text = json_array_get(all, i);
        if (json_is_string(text))
            status = kl_fit_warn(r->fit, r->err, "%s", json_string_value(text));
    }
    return status;
}

static kl_status read_fit(kl_fit **out, const json_t *root, const char *origin,
                          kl_error *err)
{
    reader r = {NULL, root, origin, err};
    kl_law *law = NULL;
    kl_status status = check_schema(&r);
    if (!status) status = read_law(&law, &r);
    if (!status) status = kl_fit_new(&r.fit, law, err);
    if (!status) status = read_levels(&r);
    if (!status) status = kl_fit_lay_out(r.fit, err);
    if (!status) status = read_parameters(&r);
    if (!status) status = read_summary(&r);
    if (!status) status = read_source(&r);
    if (!status)
        status =
            get_matrix(&r.fit->draws, &r.fit->n_draws, &r,
                       json_object_get(root, "bootstrap"), "draws", r.fit->n_theta);
    if (!status) status = read_points(&r);
    if (!status) status = read_profiles(&r);
    if (!status) status = read_warnings(&r);
    kl_law_free(law);
    if (status)
        kl_fit_free(r.fit);
    else
        *out = r.fit;
    return status;
}

kl_status kl_fit_from_json(kl_fit **out, const char *text, size_t n_bytes,
                           const char *origin, kl_error *err)
{
    json_t *root = NULL;
    *out = NULL;
    kl_status status = kl_json_load(&root, text, n_bytes, origin, err);
    if (!status) status = read_fit(out, root, origin, err);
    json_decref(root);
    return status;
}
