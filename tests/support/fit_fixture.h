/*
 * fit_fixture.h - fits from values with draws, residuals and ranges put in by hand, so
 * that tests of what follows a fit know exactly what it holds.
 */
#ifndef KL_TESTS_FIT_FIXTURE_H
#define KL_TESTS_FIT_FIXTURE_H

#include "fit/fit_impl.h"
#include "support/check.h"

/** Give a fit n draws: n x n_parameters values, copied. */
static inline void give_draws(kl_fit *fit, const double *draws, size_t n)
{
    const size_t size = n * fit->n_theta;
    fit->draws = kl_arena_doubles(&fit->arena, size);
    assert_non_null(fit->draws);
    memcpy(fit->draws, draws, size * sizeof *draws);
    fit->n_draws = n;
    fit->summary.level = 0.9;
    fit->summary.seed = 1;
}

/** Give a fit n residuals, of as many rows, with p parameters estimated. */
static inline void give_residuals(kl_fit *fit, const double *residuals, size_t n,
                                  size_t p)
{
    fit->residuals = kl_arena_doubles(&fit->arena, n);
    assert_non_null(fit->residuals);
    memcpy(fit->residuals, residuals, n * sizeof *residuals);
    fit->n_residuals = fit->summary.n_rows = n;
    fit->summary.n_free = p;
}

/** Say over which range input i was seen. */
static inline void give_range(kl_fit *fit, size_t i, double lo, double hi)
{
    fit->input_lo[i] = lo;
    fit->input_hi[i] = hi;
}

#endif
