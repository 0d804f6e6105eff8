/*
 * fit_fixture.h - fits from values with draws, residuals and ranges put in by hand, so
 * that tests of what follows a fit know exactly what it holds.
 */
#ifndef KL_TESTS_FIT_FIXTURE_H
#define KL_TESTS_FIT_FIXTURE_H

#include "base/random.h"
#include "fit/fit_impl.h"
#include "support/check.h"

#include <math.h>

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

/* Two corpora that share a power: L = E + 50 x^-0.3, E = 2 for "web", 1 for "code",
 * 120 runs of x in 1e6 to 1e10 with 1 % noise, fitted with 40 bootstrap draws. */
static inline kl_fit *fit_of_two_corpora(void)
{
    enum { N = 120 };
    kl_error err = {0};
    kl_random r = kl_random_new(8, 0);
    double x[N], loss[N];
    const char *corpus[N];
    for (size_t i = 0; i < N; i++) {
        x[i] = pow(10, 6 + 4 * kl_random_uniform(&r));
        corpus[i] = i % 3 ? "web" : "code";
        loss[i] =
            ((i % 3 ? 2 : 1) + 50 * pow(x[i], -0.3)) * exp(0.01 * kl_random_normal(&r));
    }
    kl_table *runs = NULL;
    kl_law *law = NULL;
    kl_fit *fit = NULL;
    kl_fit_options opt = kl_fit_options_default();
    opt.starts = 8;
    opt.bootstrap = 40;
    opt.profile = false;
    check_ok("table", kl_table_new(&runs, N, "corpora", &err), err);
    check_ok("x", kl_table_add_numbers(runs, "x", x, &err), err);
    check_ok("loss", kl_table_add_numbers(runs, "loss", loss, &err), err);
    check_ok("corpus", kl_table_add_categories(runs, "corpus", corpus, &err), err);
    check_ok("law", kl_law_open(&law, "E[corpus] + A*x^-a", &err), err);
    check_ok("fit", kl_fit_run(&fit, runs, law, &opt, &err), err);
    kl_law_free(law);
    kl_table_free(runs);
    return fit;
}

#endif
