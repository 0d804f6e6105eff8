/*
 * sample.h - the rows of a table that a fit uses: checked, complete, ready to evaluate.
 */
#ifndef KL_FIT_SAMPLE_H
#define KL_FIT_SAMPLE_H

#include "fit/fit_impl.h"

typedef struct kl_sample {
    kl_arena arena;
    size_t n_rows;
    size_t *table_row; /* [n_rows] */
    double **inputs;   /* [n_inputs][n_rows] */
    int32_t **codes;   /* [n_indices][n_rows], levels in use only */
    double *y;         /* [n_rows] target in the law's unit */
    double *target;    /* [n_rows] ln y or y */
    double *weight;    /* [n_rows] or NULL */
    int32_t *group;    /* [n_rows] 0 .. n_groups-1, or NULL */
    size_t n_groups;
    size_t n_missing; /* rows left out because a value is missing; those of weight 0 are
                         left out without a count */
    kl_program *program;
    kl_frame *frame;
} kl_sample;

/**
 * Take what a law needs from a table, and lay out the fit's values (kl_fit_lay_out).
 *
 * @param[in,out] fit law resolved here against the table; levels, slots and input
 *                    ranges filled
 * @param      log_residual the target's logarithm is taken
 * @return errors of kl_fit_run that concern the data
 */
kl_status kl_sample_take(kl_sample *s, kl_fit *fit, const kl_table *runs,
                         const kl_fit_options *opt, bool log_residual, kl_error *err);

/** Free what the sample holds; safe on a zeroed one. */
void kl_sample_free(kl_sample *s);

/** The problem over all rows. */
kl_problem kl_sample_problem(const kl_sample *s, const kl_fit *fit, bool log_residual);

/** Noise within rows of equal inputs, into the summary; NaN if there are none. */
kl_status kl_sample_replicates(const kl_sample *s, kl_fit *fit, kl_error *err);

#endif
