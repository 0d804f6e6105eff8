/* diagnose.h - reasons not to believe a fit, as warnings. */
#ifndef KL_FIT_DIAGNOSE_H
#define KL_FIT_DIAGNOSE_H

#include "fit/sample.h"

/** Add a warning for each reason found; the fit must be complete but for warnings. */
kl_status kl_diagnose(kl_fit *fit, const kl_sample *s, kl_error *err);

#endif
