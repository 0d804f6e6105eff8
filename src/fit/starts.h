/*
 * starts.h - where searches begin, and what they find together.
 *
 * Reference: halton1960 (low-discrepancy points); hoffmann2022 (the grid).
 */
#ifndef KL_FIT_STARTS_H
#define KL_FIT_STARTS_H

#include "fit/goal.h"
#include "fit/fit_impl.h"

/* Everything that searches of one fit share; read-only while they run. */
typedef struct kl_hunt {
    const kl_goal *goal;
    const kl_problem *problem;
    const kl_coords *coords;
    const kl_slot *slots;  /* [n_theta] */
    const double *lo, *hi; /* [n_theta] natural ranges */
    const kl_law *law;     /* for the grid */
    const kl_fit_options *opt;
} kl_hunt;

/** Starts of a hunt: spread, or the size of the grid (KL_E_USAGE without one or if it
 * has more than 10 million points). */
kl_status kl_starts_count(size_t *n, const kl_hunt *h, kl_error *err);

/** Start k as theta: coordinates by the hunt's rule, the others as they are. */
void kl_starts_get(const kl_hunt *h, size_t k, double *theta);

/* What the starts found. */
typedef struct kl_catch {
    kl_arrival best;
    size_t n, at_best, failed, at_runner_up;
    double runner_up;
} kl_catch;

/**
 * Search from every start; the best optimum into theta. Ties go to the earlier start.
 * @return KL_OK; KL_E_CANCELLED; KL_E_NOMEM; KL_E_DOMAIN if no start has a finite value
 */
kl_status kl_starts_run(kl_catch *out, double *theta, const kl_hunt *h, kl_error *err);

/** Tasks between two reports of progress: `most`, fewer on large tables, so that a
 * cancelled fit ends soon, but one for each thread. */
size_t kl_batch_size(const kl_hunt *h, size_t most, int threads);

/** Report progress from the calling thread. @return false if the caller cancels */
bool kl_report_progress(const kl_fit_options *opt, const char *stage, size_t done,
                        size_t total);

#endif
