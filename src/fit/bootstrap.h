/*
 * bootstrap.h - refits to resampled runs.
 *
 * Reference: efron1993, chapters 6 and 13.
 */
#ifndef KL_FIT_BOOTSTRAP_H
#define KL_FIT_BOOTSTRAP_H

#include "fit/sample.h"
#include "fit/starts.h"

/**
 * Refit opt->bootstrap resamples, by row or by group, each from the fit's optimum (and
 * from opt->bootstrap_starts other starts besides); draws into the fit, failed ones
 * left out. Resample b depends on the seed and b alone.
 * @return KL_OK; KL_E_CANCELLED; KL_E_NOMEM.
 */
kl_status kl_bootstrap_run(kl_fit *fit, const kl_sample *s, const kl_hunt *h,
                           kl_error *err);

/** Standard errors and percentile intervals of the fit's draws, at the fit's level. */
kl_status kl_bootstrap_intervals(kl_fit *fit, kl_error *err);

#endif
