/* cli_hide.h - rows set aside before a fit, to be predicted after it. */
#ifndef KL_CLI_HIDE_H
#define KL_CLI_HIDE_H

#include "cli/cli_args.h"

/**
 * Move the rows where a --hide condition holds out of `runs` into a table of their own
 * that has the law's inputs, indices and target.
 * @param[out] out owned by the caller; NULL if there is no --hide
 * @return KL_OK; KL_E_SHAPE a condition that holds nowhere or everywhere; as
 *         kl_table_derive.
 */
kl_status kl_hide_rows(kl_table **out, kl_table *runs, const kl_law *law,
                       const kl_args *args, kl_error *err);

#endif
