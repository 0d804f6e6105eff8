/*
 * fit_impl.h - what a fit holds. Filled by fit.c (from data), layout.c (from values)
 * and fit_json_read.c (from text); everything lives in its arena but the law.
 */
#ifndef KL_FIT_FIT_IMPL_H
#define KL_FIT_FIT_IMPL_H

#include "base/arena.h"
#include "base/fail.h"
#include "fit/objective.h"

#include <kleiber/fit.h>

/* Levels of one index column, in the order of the codes used in theta. */
typedef struct kl_levels {
    size_t n;
    const char **names;
} kl_levels;

/* Range, scale and starts of one value in theta. */
typedef struct kl_slot {
    size_t parameter; /* of the law */
    size_t level;     /* 0 unless indexed */
    double lo, hi;
    bool is_log;
    double start_lo, start_hi;
} kl_slot;

typedef struct kl_profile_curve {
    size_t n;
    double *x, *objective;
} kl_profile_curve;

struct kl_fit {
    kl_arena arena;
    kl_law *law;
    size_t n_inputs, n_indices, n_theta;
    kl_levels *levels; /* [n_indices] */
    kl_slot *slots;    /* [n_theta] */
    kl_symbol *symbols;
    size_t n_symbols;
    kl_fit_parameter *parameters; /* [n_theta] */
    double *theta;                /* [n_theta] */
    double *draws;                /* [n_draws][n_theta] */
    size_t n_draws;
    kl_fit_outcome outcome;
    kl_fit_summary summary;
    char **warnings;
    size_t n_warnings, room_warnings;
    double *point_inputs; /* [n_points][n_inputs] */
    int32_t *point_codes; /* [n_points][n_indices] */
    double *point_target, *point_fitted;
    size_t n_points;
    double *input_lo, *input_hi; /* [n_inputs] */
    double *residuals;
    size_t n_residuals;
    kl_profile_curve *profiles; /* [n_theta] */
    kl_fit_source source;
    /* options as used, for the record */
    const char *solver, *start_kind;
    double over_weight, quantile;
    size_t bootstrap_starts;
};

/**
 * Give every value its slot, name and symbol; numbers are set to "unknown".
 * @param fit    law, n_indices levels filled (levels NULL if the law has no indices)
 */
kl_status kl_fit_lay_out(kl_fit *fit, kl_error *err);

/** A new empty fit that owns a resolved copy of `law`. */
kl_status kl_fit_new(kl_fit **out, const kl_law *law, kl_error *err);

/** Add a warning (printf style). @return KL_OK or KL_E_NOMEM */
kl_status kl_fit_warn(kl_fit *fit, kl_error *err, const char *fmt, ...) KL_PRINTF(3, 4);

#endif
