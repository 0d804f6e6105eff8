/* plan_data.h - what a solved plan holds; everything lives in its arena. */
#ifndef KL_PLAN_DATA_H
#define KL_PLAN_DATA_H

#include "base/arena.h"

#include <kleiber/plan.h>

typedef struct kl_plan_input {
    const char *name, *unit, *about; /* unit and about: NULL if not stated */
} kl_plan_input;

typedef struct kl_plan_value {
    const char *name;
    double value;
    const char *level; /* NULL for a number */
} kl_plan_value;

struct kl_plan {
    kl_arena arena;
    kl_plan_outcome outcome;
    size_t n, m; /* variables, constraints */
    kl_plan_number *variables;
    const char **units; /* [n] of the variables; NULL if not stated */
    double *lo, *hi;    /* [n] bounds as searched */
    kl_plan_number value, target, ratio;
    kl_plan_constraint *constraints;
    double kkt, decades, level;
    size_t n_draws, n_failed;
    const char **warnings;
    size_t n_warnings, warnings_room;
    bool lost_warning; /* no memory for one */

    /* for the record */
    kl_plan_value *given;
    size_t n_given;
    const char *law_name, *law_text, *path, *sha256;
    kl_plan_value *parameters;
    size_t n_parameters;
    kl_plan_input *inputs; /* the law's inputs, then its target */
    size_t n_inputs;
    uint64_t seed;
};

#endif
