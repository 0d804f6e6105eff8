/* fit_options.c - defaults and ranges of the options of a fit. */
#include "fit/fit_options.h"

#include <math.h>

kl_fit_options kl_fit_options_default(void)
{
    return (kl_fit_options){
        .objective = KL_OBJECTIVE_HUBER,
        .delta = 1e-3,
        .over_weight = 10,
        .quantile = 0.5,
        .residual = KL_RESIDUAL_AUTO,
        .start_kind = KL_STARTS_SPREAD,
        .starts = 64,
        .solver = KL_SOLVER_PROJECT,
        .bootstrap = 1000,
        .level = 0.9,
        .profile = true,
        .seed = 1,
        .max_iterations = 500,
    };
}

static kl_status check_range(const char *name, double value, bool ok, const char *range,
                             kl_error *err)
{
    if (ok) return KL_OK;
    return kl_fail(err, KL_E_USAGE, "%s is %g; it must be %s", name, value, range);
}

kl_status kl_fit_options_check(const kl_fit_options *o, kl_error *err)
{
    kl_status s = KL_OK;
    if ((unsigned)o->objective >= KL_OBJECTIVE_COUNT)
        return kl_fail(err, KL_E_USAGE, "unknown objective number %d",
                       (int)o->objective);
    if (!s)
        s = check_range("delta", o->delta, o->delta > 0 && isfinite(o->delta),
                        "above 0", err);
    if (!s)
        s = check_range("over-weight", o->over_weight,
                        o->over_weight > 0 && isfinite(o->over_weight), "above 0", err);
    if (!s)
        s = check_range("quantile", o->quantile, o->quantile > 0 && o->quantile < 1,
                        "between 0 and 1", err);
    if (!s)
        s = check_range("starts", (double)o->starts,
                        o->starts >= 1 && o->starts <= 1000000, "1 to 1e6", err);
    if (!s)
        s = check_range("bootstrap", (double)o->bootstrap, o->bootstrap <= 1000000,
                        "at most 1e6", err);
    if (!s)
        s = check_range("bootstrap-starts", (double)o->bootstrap_starts,
                        o->bootstrap_starts <= 10000, "at most 1e4", err);
    if (!s)
        s = check_range("level", o->level, o->level >= 0.5 && o->level <= 0.999,
                        "0.5 to 0.999", err);
    if (!s)
        s = check_range("threads", o->threads, o->threads >= 0 && o->threads <= 1024,
                        "0 to 1024", err);
    if (!s)
        s = check_range("max-iterations", (double)o->max_iterations,
                        o->max_iterations >= 1, "at least 1", err);
    if (!s)
        s = check_range("seed", (double)o->seed, o->seed <= UINT64_C(1) << 53,
                        "at most 2^53, which JSON can hold", err);
    return s;
}
