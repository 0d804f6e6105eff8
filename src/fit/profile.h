/*
 * profile.h - how the objective rises when one value is held away from its optimum and
 * the others follow: the profile, and the interval where it stays below the
 * likelihood-ratio threshold.
 *
 * Reference: venzon1988 (intervals from profiles); hampel1986 (the ratio test with
 * robust losses: 2(F - F*)/factor is compared with chi^2, here with the square of
 * Student's t, its small-sample form).
 */
#ifndef KL_FIT_PROFILE_H
#define KL_FIT_PROFILE_H

#include "fit/sample.h"
#include "fit/starts.h"

/**
 * Profiles of all free values of a fit, in parallel over values.
 * @param factor  see kl_curvature; 1 for a likelihood
 * @param se      [n_theta] step guesses in coordinates; NaN: none
 * @return KL_OK; KL_E_CANCELLED; KL_E_NOMEM.
 */
kl_status kl_profile_run(kl_fit *fit, const kl_hunt *h, double factor, const double *se,
                         kl_error *err);

#endif
