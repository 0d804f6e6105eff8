/* cli_points.h - points, what the law says there, and the truth where it is known. */
#ifndef KL_CLI_POINTS_H
#define KL_CLI_POINTS_H

#include "base/json.h"
#include "cli/cli_args.h"

typedef struct kl_points {
    size_t n;
    double *inputs;  /* n x n_inputs, in the law's order */
    int32_t *levels; /* n x n_indices; NULL if the law has none */
    double *truth;   /* n values of the target, NaN where unknown; NULL: none known */
    kl_prediction *predictions;
} kl_points;

/** Points from a table; its target column, if it has one, is the truth. */
kl_status kl_points_from_table(kl_points *out, const kl_fit *fit, const kl_table *table,
                               kl_error *err);

/** Fill the predictions. */
kl_status kl_points_predict(kl_points *points, const kl_fit *fit,
                            const kl_predict_options *opt, kl_error *err);

void kl_points_free(kl_points *points);

/** A grid for people, of at most `most` points. */
void kl_points_text(kl_text *out, const kl_points *points, const kl_fit *fit,
                    size_t most);

void kl_points_csv(kl_text *out, const kl_points *points, const kl_fit *fit);

/** [{inputs, mean, ci, pi, decades, true?, error?}, ...] */
json_t *kl_points_json(const kl_points *points, const kl_fit *fit);

#endif
