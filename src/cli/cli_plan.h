/* cli_plan.h - a plan as the options describe it; used by plan and report. */
#ifndef KL_CLI_PLAN_H
#define KL_CLI_PLAN_H

#include "cli/cli_args.h"

/** True if any option asks for a plan. */
bool kl_plan_is_wanted(const kl_args *args);

/**
 * Names that a plan's options give or choose, for the inputs of an inline law.
 * @param[out] names in the arena
 */
kl_status kl_plan_names(const char ***names, size_t *n, kl_args *args, kl_error *err);

/** Solve the plan, with progress. */
kl_status kl_plan_from_args(kl_plan **out, const kl_fit *fit, kl_args *args,
                            kl_error *err);

#endif
