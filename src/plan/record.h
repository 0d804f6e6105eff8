/* record.h - what a plan remembers about where it came from, for its JSON. */
#ifndef KL_PLAN_RECORD_H
#define KL_PLAN_RECORD_H

#include "plan/problem.h"

/** Copy law, parameters, inputs, bounds and given values into the plan. */
kl_status kl_plan_record(kl_plan *plan, const kl_problem *p, const kl_plan_options *opt,
                         kl_error *err);

#endif
