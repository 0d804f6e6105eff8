/*
 * layout.c - places of a law's values in theta, their names, and fits from given
 * values.
 */
#include "fit/fit_impl.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

kl_status kl_fit_new(kl_fit **out, const kl_law *law, kl_error *err)
{
    *out = NULL;
    kl_fit *fit = calloc(1, sizeof *fit);
    if (!fit) return kl_fail_nomem(err);
    const kl_status status = kl_law_copy(&fit->law, law, err);
    if (status) {
        free(fit);
        return status;
    }
    *out = fit;
    return KL_OK;
}

void kl_fit_free(kl_fit *fit)
{
    if (!fit) return;
    kl_law_free(fit->law);
    kl_arena_free(&fit->arena);
    free(fit);
}

static size_t index_number(const kl_law *law, const char *name)
{
    size_t i = 0;
    while (strcmp(kl_law_get_index(law, i), name)) i++;
    return i;
}

static size_t count_levels(const kl_fit *fit, const kl_law_parameter *p)
{
    return p->index ? fit->levels[index_number(fit->law, p->index)].n : 1;
}

static kl_fit_parameter unknown_parameter(void)
{
    return (kl_fit_parameter){.value = NAN,
                              .se = NAN,
                              .ci_lo = NAN,
                              .ci_hi = NAN,
                              .bootstrap_lo = NAN,
                              .bootstrap_hi = NAN,
                              .bootstrap_se = NAN,
                              .profile_lo = NAN,
                              .profile_hi = NAN,
                              .curvature_lo = NAN,
                              .curvature_hi = NAN,
                              .curvature_se = NAN};
}

static kl_fit_summary unknown_summary(void)
{
    return (kl_fit_summary){.residual = KL_RESIDUAL_LOG,
                            .delta = NAN,
                            .value = NAN,
                            .ln_s = NAN,
                            .gradient_norm = NAN,
                            .runner_up = NAN,
                            .condition = NAN,
                            .residual_sd = NAN,
                            .residual_mad_sd = NAN,
                            .r2 = NAN,
                            .replicate_sd = NAN,
                            .level = 0.9};
}

/* "alpha", or "E[wiki]" */
static char *value_name(kl_fit *fit, const kl_law_parameter *p, size_t level)
{
    if (!p->index) return kl_arena_strdup(&fit->arena, p->name);
    const char *text = fit->levels[index_number(fit->law, p->index)].names[level];
    const size_t room = strlen(p->name) + strlen(text) + 3;
    char *name = kl_arena_alloc(&fit->arena, room);
    if (name) snprintf(name, room, "%s[%s]", p->name, text);
    return name;
}

static kl_status lay_out_parameter(kl_fit *fit, size_t i, size_t first, kl_error *err)
{
    const kl_law_parameter *p = kl_law_get_parameter(fit->law, i);
    for (size_t level = 0; level < count_levels(fit, p); level++) {
        const size_t slot = first + level;
        fit->slots[slot] = (kl_slot){
            i, level, p->lo, p->hi, p->scale == KL_SCALE_LOG, p->start_lo, p->start_hi};
        fit->parameters[slot] = unknown_parameter();
        fit->parameters[slot].unit = p->unit;
        if (!(fit->parameters[slot].name = value_name(fit, p, level)))
            return kl_fail_nomem(err);
    }
    return KL_OK;
}

static void lay_out_symbols(kl_fit *fit)
{
    kl_symbol *s = fit->symbols;
    for (size_t i = 0; i < fit->n_inputs; i++)
        *s++ = (kl_symbol){.name = kl_law_get_input(fit->law, i)->name,
                           .kind = KL_SYMBOL_INPUT,
                           .slot = i,
                           .n_levels = 1};
    size_t slot = 0;
    for (size_t i = 0; i < kl_law_get_n_parameters(fit->law); i++) {
        const kl_law_parameter *p = kl_law_get_parameter(fit->law, i);
        const size_t n = count_levels(fit, p);
        *s++ =
            (kl_symbol){.name = p->name,
                        .kind = KL_SYMBOL_PARAMETER,
                        .slot = slot,
                        .n_levels = n,
                        .code_slot = p->index ? index_number(fit->law, p->index) : 0};
        slot += n;
    }
    fit->n_symbols = (size_t)(s - fit->symbols);
}

kl_status kl_fit_lay_out(kl_fit *fit, kl_error *err)
{
    kl_arena *a = &fit->arena;
    const size_t n_parameters = kl_law_get_n_parameters(fit->law);
    fit->n_inputs = kl_law_get_n_inputs(fit->law);
    fit->n_indices = kl_law_get_n_indices(fit->law);
    fit->n_theta = 0;
    for (size_t i = 0; i < n_parameters; i++)
        fit->n_theta += count_levels(fit, kl_law_get_parameter(fit->law, i));
    fit->slots = kl_arena_array(a, fit->n_theta, sizeof *fit->slots);
    fit->symbols =
        kl_arena_array(a, fit->n_inputs + n_parameters, sizeof *fit->symbols);
    fit->parameters = kl_arena_array(a, fit->n_theta, sizeof *fit->parameters);
    fit->profiles = kl_arena_array(a, fit->n_theta, sizeof *fit->profiles);
    fit->theta = kl_arena_doubles(a, fit->n_theta);
    fit->input_lo = kl_arena_doubles(a, fit->n_inputs);
    fit->input_hi = kl_arena_doubles(a, fit->n_inputs);
    const bool ok = fit->slots && fit->symbols && fit->parameters && fit->profiles &&
                    fit->theta && fit->input_lo && fit->input_hi;
    if (!ok) return kl_fail_nomem(err);
    for (size_t i = 0, slot = 0; i < n_parameters; i++) {
        const kl_status status = lay_out_parameter(fit, i, slot, err);
        if (status) return status;
        slot += count_levels(fit, kl_law_get_parameter(fit->law, i));
    }
    lay_out_symbols(fit);
    for (size_t i = 0; i < fit->n_inputs; i++)
        fit->input_lo[i] = fit->input_hi[i] = NAN;
    fit->summary = unknown_summary();
    fit->source = (kl_fit_source){.path = "", .sha256 = "", .group = "", .weight = ""};
    fit->solver = fit->start_kind = "";
    fit->over_weight = fit->quantile = NAN;
    return KL_OK;
}

kl_status kl_fit_from_values(kl_fit **out, const kl_law *law, const double *values,
                             kl_error *err)
{
    *out = NULL;
    const kl_law_published *chosen = kl_law_get_chosen(law);
    if (!kl_law_is_resolved(law))
        return kl_fail(err, KL_E_USAGE, "law '%s' has no inputs yet: it needs a table",
                       kl_law_get_name(law));
    if (kl_law_get_n_indices(law))
        return kl_fail(err, KL_E_USAGE,
                       "law '%s' has indexed parameters: its values come from a fit",
                       kl_law_get_name(law));
    if (!values && !chosen)
        return kl_fail(
            err, KL_E_USAGE,
            "law '%s' without a fit: name a published one, as in '%s@source' "
            "(kleiber laws %s lists them)",
            kl_law_get_name(law), kl_law_get_name(law), kl_law_get_name(law));
    if (!values) values = chosen->values;
    kl_fit *fit = NULL;
    kl_status status = kl_fit_new(&fit, law, err);
    if (!status) status = kl_fit_lay_out(fit, err);
    for (size_t i = 0; !status && i < fit->n_theta; i++) {
        if (!isfinite(values[i]))
            status = kl_fail(err, KL_E_USAGE, "law '%s': parameter '%s' has no value",
                             kl_law_get_name(law), fit->parameters[i].name);
        fit->theta[i] = fit->parameters[i].value = values[i];
        fit->parameters[i].fixed = true;
    }
    if (status) {
        kl_fit_free(fit);
        return status;
    }
    fit->outcome = KL_FIT_GIVEN;
    fit->summary.residual = kl_law_get_residual(law);
    *out = fit;
    return KL_OK;
}
