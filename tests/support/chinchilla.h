/*
 * chinchilla.h - the digitised Chinchilla runs, and tables simulated from a known law.
 */
#ifndef KL_TESTS_CHINCHILLA_H
#define KL_TESTS_CHINCHILLA_H

#include <kleiber/kleiber.h>

/* The 245 runs of epoch-chinchilla with D = C/(6N), less the `dropped` worst; skips the
 * test if the data are absent. Free with kl_table_free(). */
kl_table *chinchilla_runs(size_t dropped);

/* Parameters of the simulated tables, in the law's order: E, A, B, alpha, beta. */
extern const double chinchilla_truth[5];

/* Loss of the true law. */
double chinchilla_loss(double n, double d);

/* `n` runs with N in 1e7..1e10 and D in 1e9..1e12 (log-uniform) and normal noise of
 * standard deviation `noise` on ln loss; columns N, D, loss. */
kl_table *chinchilla_simulated(size_t n, double noise, uint64_t seed);

/* A built-in law; fails the test if it can't be opened. */
kl_law *chinchilla_law(const char *spec);

#endif
