/* fit_runs.h - short fits of simulated runs, and what their tests ask of them. */
#ifndef KL_TESTS_FIT_RUNS_H
#define KL_TESTS_FIT_RUNS_H

#include "support/check.h"
#include "support/chinchilla.h"

static inline kl_fit_options quick(void)
{
    kl_fit_options opt = kl_fit_options_default();
    opt.starts = 16;
    opt.bootstrap = 50;
    opt.profile = false;
    return opt;
}

static inline kl_fit *fit_runs(const kl_table *runs, const char *spec,
                               const kl_fit_options *opt)
{
    kl_error err = {0};
    kl_fit *fit = NULL;
    kl_law *law = chinchilla_law(spec);
    check_ok(spec, kl_fit_run(&fit, runs, law, opt, &err), err);
    kl_law_free(law);
    return fit;
}

static inline const kl_fit_parameter *parameter(const kl_fit *fit, const char *name)
{
    for (size_t i = 0; i < kl_fit_get_n_parameters(fit); i++)
        if (!strcmp(kl_fit_get_parameter(fit, i)->name, name))
            return kl_fit_get_parameter(fit, i);
    fail_msg("no parameter '%s'", name);
    return NULL;
}

static inline bool has_warning(const kl_fit *fit, const char *part)
{
    for (size_t i = 0; i < kl_fit_get_n_warnings(fit); i++)
        if (strstr(kl_fit_get_warning(fit, i), part)) return true;
    return false;
}

#endif
