/* domain.h - rows where a law has no value, whatever its parameters. */
#ifndef KL_FIT_DOMAIN_H
#define KL_FIT_DOMAIN_H

#include "fit/sample.h"
#include "fit/starts.h"

/**
 * Refuse the first row at which the law is finite for none of several starts, such as
 * N = 0 in A / N^alpha.
 * @return KL_OK; KL_E_DOMAIN with file, line and inputs; KL_E_NOMEM.
 */
kl_status kl_domain_check(const kl_sample *s, const kl_hunt *h, const kl_fit *fit,
                          const kl_table *runs, kl_error *err);

#endif
