/* fit_options.h - checks of kl_fit_options. */
#ifndef KL_FIT_FIT_OPTIONS_H
#define KL_FIT_FIT_OPTIONS_H

#include "base/fail.h"

#include <kleiber/fit.h>

/** KL_E_USAGE with name, value and range for the first option out of its range. */
kl_status kl_fit_options_check(const kl_fit_options *opt, kl_error *err);

#endif
