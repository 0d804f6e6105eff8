/* predict.h - what a fitted law says elsewhere, how sure it is, and how far that is. */
#ifndef KLEIBER_PREDICT_H
#define KLEIBER_PREDICT_H

#include <kleiber/fit.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One prediction. Interval ends are NaN if the fit has fewer than two bootstrap draws;
 * those with noise also if it has no residuals. */
typedef struct kl_prediction {
    double mean;         /* the law at the fitted parameters */
    double ci_lo, ci_hi; /* parameter uncertainty */
    double pi_lo, pi_hi; /* with the noise of a single run besides */
    double decades;      /* how far beyond the fitted inputs, log10; 0 inside; NaN if
                                the fit has no data */
    size_t worst_input;  /* the law's input that is farthest out */
    bool is_far;         /* decades above the option `far` */
} kl_prediction;

typedef struct kl_predict_options {
    double level; /* of the intervals (0.5 to 0.999; default: 0 = the fit's) */
    double far;   /* decades beyond the data from which a point is_far (>= 0,
                         default 1) */
} kl_predict_options;

kl_predict_options kl_predict_options_default(void);

/**
 * Predict at points.
 *
 * @param[out] out      n_points predictions, filled; owned by the caller
 * @param      fit      read
 * @param      inputs   n_points x n_inputs values, row by row, in the law's order
 * @param      levels   n_points x n_indices level codes (kl_fit_get_level), or NULL if
 *                      the law has none
 * @param      n_points 1 or more
 * @param      opt      NULL for defaults
 * @return KL_OK; KL_E_DOMAIN an input for which the law has no finite value (err->line
 *         is the 1-based point); KL_E_USAGE bad option or code; KL_E_NOMEM.
 */
kl_status kl_predict(kl_prediction *out, const kl_fit *fit, const double *inputs,
                     const int32_t *levels, size_t n_points,
                     const kl_predict_options *opt, kl_error *err);

/**
 * Read points for kl_predict from a table whose columns are the law's inputs and
 * indices.
 * @param[out] inputs malloc'd, owned by the caller
 * @param[out] levels malloc'd or NULL, owned by the caller
 * @return KL_OK; KL_E_USAGE a column is absent or a category was not in the fit (line);
 *         KL_E_PARSE a cell is not a number; KL_E_DOMAIN one is missing; KL_E_NOMEM.
 */
kl_status kl_predict_points(double **inputs, int32_t **levels, const kl_fit *fit,
                            const kl_table *points, kl_error *err);

/** One point as each draw sees it, for plots: the law's value at `inputs` into
 * values[n_draws]; not finite where a draw has no value. Errors as kl_predict. */
kl_status kl_predict_draws(double *values, const kl_fit *fit, const double *inputs,
                           const int32_t *levels, kl_error *err);

#ifdef __cplusplus
}
#endif
#endif
