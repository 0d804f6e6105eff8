/* access.c - reading a fit. */
#include "fit/fit_impl.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OBJECTIVE_TEXT(name, text, about) text,
static const char *const objective_texts[] = {KL_OBJECTIVE_LIST(OBJECTIVE_TEXT)};
#undef OBJECTIVE_TEXT

const char *kl_objective_text(kl_objective objective)
{
    const unsigned i = (unsigned)objective;
    return i < KL_OBJECTIVE_COUNT ? objective_texts[i] : "unknown";
}

kl_status kl_objective_from_text(kl_objective *out, const char *text, kl_error *err)
{
#define OBJECTIVE_NAMES(name, spelled, about) " " spelled
    static const char known[] = KL_OBJECTIVE_LIST(OBJECTIVE_NAMES);
#undef OBJECTIVE_NAMES
    for (int i = 0; i < KL_OBJECTIVE_COUNT; i++)
        if (!strcmp(text, objective_texts[i])) {
            *out = (kl_objective)i;
            return KL_OK;
        }
    return kl_fail(err, KL_E_USAGE, "unknown objective '%s'; known:%s", text, known);
}

const char *kl_fit_outcome_text(kl_fit_outcome outcome)
{
    static const char *const texts[] = {"converged", "stalled", "given"};
    return (unsigned)outcome < 3 ? texts[outcome] : "unknown";
}

kl_status kl_fit_warn(kl_fit *fit, kl_error *err, const char *fmt, ...)
{
    char text[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (fit->n_warnings == fit->room_warnings) {
        const size_t room = 2 * fit->room_warnings + 8;
        char **more = kl_arena_array(&fit->arena, room, sizeof *more);
        if (!more) return kl_fail_nomem(err);
        if (fit->n_warnings)
            memcpy(more, fit->warnings, fit->n_warnings * sizeof *more);
        fit->warnings = more;
        fit->room_warnings = room;
    }
    char *copy = kl_arena_strdup(&fit->arena, text);
    if (!copy) return kl_fail_nomem(err);
    fit->warnings[fit->n_warnings++] = copy;
    return KL_OK;
}

kl_fit_outcome kl_fit_get_outcome(const kl_fit *fit)
{
    return fit->outcome;
}

size_t kl_fit_get_n_parameters(const kl_fit *fit)
{
    return fit->n_theta;
}

const kl_fit_parameter *kl_fit_get_parameter(const kl_fit *fit, size_t i)
{
    return i < fit->n_theta ? &fit->parameters[i] : NULL;
}

const double *kl_fit_get_theta(const kl_fit *fit)
{
    return fit->theta;
}

size_t kl_fit_get_n_draws(const kl_fit *fit)
{
    return fit->n_draws;
}

const double *kl_fit_get_draw(const kl_fit *fit, size_t b)
{
    return b < fit->n_draws ? fit->draws + b * fit->n_theta : NULL;
}

const kl_law *kl_fit_get_law(const kl_fit *fit)
{
    return fit->law;
}

static const kl_levels *find_levels(const kl_fit *fit, const char *index)
{
    for (size_t i = 0; i < fit->n_indices; i++)
        if (!strcmp(kl_law_get_index(fit->law, i), index)) return &fit->levels[i];
    return NULL;
}

size_t kl_fit_get_n_levels(const kl_fit *fit, const char *index)
{
    const kl_levels *levels = find_levels(fit, index);
    return levels ? levels->n : 0;
}

const char *kl_fit_get_level(const kl_fit *fit, const char *index, size_t level)
{
    const kl_levels *levels = find_levels(fit, index);
    return levels && level < levels->n ? levels->names[level] : NULL;
}

const kl_symbol *kl_fit_get_symbols(const kl_fit *fit, size_t *n_symbols)
{
    *n_symbols = fit->n_symbols;
    return fit->symbols;
}

kl_fit_summary kl_fit_get_summary(const kl_fit *fit)
{
    return fit->summary;
}

size_t kl_fit_get_n_warnings(const kl_fit *fit)
{
    return fit->n_warnings;
}

const char *kl_fit_get_warning(const kl_fit *fit, size_t i)
{
    return i < fit->n_warnings ? fit->warnings[i] : NULL;
}

size_t kl_fit_get_n_points(const kl_fit *fit)
{
    return fit->n_points;
}

const double *kl_fit_get_point_inputs(const kl_fit *fit, size_t i)
{
    return fit->point_inputs + i * fit->n_inputs;
}

double kl_fit_get_point_target(const kl_fit *fit, size_t i)
{
    return fit->point_target[i];
}

double kl_fit_get_point_fitted(const kl_fit *fit, size_t i)
{
    return fit->point_fitted[i];
}

int32_t kl_fit_get_point_code(const kl_fit *fit, size_t index, size_t i)
{
    return fit->point_codes[i * fit->n_indices + index];
}

void kl_fit_get_input_range(const kl_fit *fit, size_t i, double *lo, double *hi)
{
    *lo = fit->input_lo[i];
    *hi = fit->input_hi[i];
}

size_t kl_fit_get_n_residuals(const kl_fit *fit)
{
    return fit->n_residuals;
}

const double *kl_fit_get_residuals(const kl_fit *fit)
{
    return fit->residuals;
}

size_t kl_fit_get_profile(const kl_fit *fit, size_t i, const double **x,
                          const double **objective)
{
    *x = fit->profiles[i].x;
    *objective = fit->profiles[i].objective;
    return fit->profiles[i].n;
}

kl_fit_source kl_fit_get_source(const kl_fit *fit)
{
    return fit->source;
}
