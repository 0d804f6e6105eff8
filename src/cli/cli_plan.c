/* cli_plan.c - from --budget, --subject, --over, --set to a solved plan. */
#include "cli/cli_plan.h"

#include "base/number.h"
#include "cli/cli_progress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char usual_cost[] = "6*N*D"; /* FLOPs of training a dense transformer */

bool kl_plan_is_wanted(const kl_args *args)
{
    return !isnan(args->budget) || args->minimise || args->subject.n || args->over ||
           args->set;
}

kl_status kl_plan_names(const char ***names, size_t *n, kl_args *args, kl_error *err)
{
    const char **chosen = NULL, **given = NULL, **values;
    size_t n_chosen = 0, n_given = 0;
    kl_status status = KL_OK;
    if (args->over)
        status =
            kl_args_pairs(&chosen, &values, &n_chosen, args->over, "--over", args, err);
    if (!status && args->set)
        status =
            kl_args_pairs(&given, &values, &n_given, args->set, "--set", args, err);
    if (status) return status;
    *n = n_chosen + n_given;
    *names = kl_arena_array(&args->arena, *n + 1, sizeof **names);
    if (!*names) return kl_fail_nomem(err);
    for (size_t i = 0; i < *n; i++)
        (*names)[i] = i < n_chosen ? chosen[i] : given[i - n_chosen];
    return KL_OK;
}

/* --set: numbers, or the level of a categorical index of the law. */
static kl_status read_given(kl_plan_options *opt, const kl_law *law, kl_args *args,
                            kl_error *err)
{
    const char **names, **values;
    if (!args->set) return KL_OK;
    kl_status status =
        kl_args_pairs(&names, &values, &opt->n_given, args->set, "--set", args, err);
    if (status) return status;
    kl_plan_given *given = kl_arena_array(&args->arena, opt->n_given, sizeof *given);
    if (!given) return kl_fail_nomem(err);
    for (size_t i = 0; i < opt->n_given; i++) {
        bool is_index = false;
        for (size_t k = 0; k < kl_law_get_n_indices(law); k++)
            is_index = is_index || !strcmp(names[i], kl_law_get_index(law, k));
        if (!values[i])
            return kl_fail(err, KL_E_USAGE, "--set: '%s' has no value", names[i]);
        given[i] = (kl_plan_given){.name = names[i], .value = NAN};
        if (is_index)
            given[i].level = values[i];
        else if ((status = kl_args_number(&given[i].value, values[i], "--set", err)))
            return status;
    }
    opt->given = given;
    return KL_OK;
}

/* "1e8:1e12" as bounds. */
static kl_status read_bounds(kl_plan_variable *v, const char *text, kl_args *args,
                             kl_error *err)
{
    const char *colon = strchr(text, ':');
    if (!colon)
        return kl_fail(err, KL_E_USAGE, "--over: '%s=%s' is not NAME=LO:HI", v->name,
                       text);
    const char *lo = kl_arena_strndup(&args->arena, text, (size_t)(colon - text));
    if (!lo) return kl_fail_nomem(err);
    const kl_status status = kl_args_number(&v->lo, lo, "--over", err);
    return status ? status : kl_args_number(&v->hi, colon + 1, "--over", err);
}

static const double lowest = 1, highest = 1e30; /* bounds of a variable without any */

static kl_status read_over(kl_plan_options *opt, kl_args *args, kl_error *err)
{
    const char **names, **values;
    kl_status status =
        kl_args_pairs(&names, &values, &opt->n_over, args->over, "--over", args, err);
    if (status) return status;
    kl_plan_variable *over = kl_arena_array(&args->arena, opt->n_over, sizeof *over);
    if (!over) return kl_fail_nomem(err);
    for (size_t i = 0; i < opt->n_over && !status; i++) {
        over[i] = (kl_plan_variable){.name = names[i], .lo = lowest, .hi = highest};
        if (values[i]) status = read_bounds(&over[i], values[i], args, err);
    }
    opt->over = over;
    return status;
}

/* Without --over: all inputs of the law that --set does not give. */
static kl_status over_inputs(kl_plan_options *opt, const kl_law *law, kl_args *args,
                             kl_error *err)
{
    const size_t n = kl_law_get_n_inputs(law);
    kl_plan_variable *over = kl_arena_array(&args->arena, n + 1, sizeof *over);
    if (!over) return kl_fail_nomem(err);
    for (size_t i = 0; i < n; i++) {
        const char *name = kl_law_get_input(law, i)->name;
        bool is_given = false;
        for (size_t g = 0; g < opt->n_given; g++)
            is_given = is_given || !strcmp(opt->given[g].name, name);
        if (!is_given)
            over[opt->n_over++] =
                (kl_plan_variable){.name = name, .lo = lowest, .hi = highest};
    }
    opt->over = over;
    return KL_OK;
}

/* --subject, after the budget as a constraint on the law's cost. */
static kl_status read_subject(kl_plan_options *opt, const kl_law *law, kl_args *args,
                              kl_error *err)
{
    const char **subject =
        kl_arena_array(&args->arena, args->subject.n + 1, sizeof *subject);
    if (!subject) return kl_fail_nomem(err);
    if (!isnan(args->budget)) {
        const char *cost = kl_law_get_cost(law);
        char text[1024], flops[32];
        const int length =
            snprintf(text, sizeof text, "%s <= %s", *cost ? cost : usual_cost,
                     kl_number_format_exact(flops, args->budget));
        if (length < 0 || (size_t)length >= sizeof text)
            return kl_fail(err, KL_E_USAGE,
                           "the law's cost formula is too long for --budget");
        subject[opt->n_subject] = kl_arena_strdup(&args->arena, text);
        if (!subject[opt->n_subject++]) return kl_fail_nomem(err);
    }
    for (size_t i = 0; i < args->subject.n; i++)
        subject[opt->n_subject++] = args->subject.items[i];
    opt->subject = subject;
    return KL_OK;
}

kl_status kl_plan_from_args(kl_plan **out, const kl_fit *fit, kl_args *args,
                            kl_error *err)
{
    const kl_law *law = kl_fit_get_law(fit);
    kl_plan_options opt = kl_plan_options_default();
    *out = NULL;
    opt.minimise = args->minimise;
    opt.max_draws = args->max_draws;
    opt.threads = args->fit.threads;
    opt.progress = kl_progress_step;
    if (!isnan(args->level)) opt.level = args->level;
    kl_status status = read_given(&opt, law, args, err);
    if (!status) status = read_subject(&opt, law, args, err);
    if (!status)
        status =
            args->over ? read_over(&opt, args, err) : over_inputs(&opt, law, args, err);
    if (!status) {
        kl_progress_begin(args);
        status = kl_plan_solve(out, fit, &opt, err);
        kl_progress_end();
    }
    return status;
}
