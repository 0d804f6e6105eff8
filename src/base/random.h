/*
 * random.h - explicit random state: xoshiro256** seeded by splitmix64. A stream per
 * task (seed, stream) makes results independent of which thread runs which task.
 *
 * Reference: blackman2021 (docs/references.bib).
 */
#ifndef KL_BASE_RANDOM_H
#define KL_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

typedef struct kl_random {
    uint64_t s[4];
} kl_random;

/** State for one stream of a seed; different streams are independent. */
kl_random kl_random_new(uint64_t seed, uint64_t stream);

uint64_t kl_random_u64(kl_random *r);

/** Uniform in [0, 1), 53 bits. */
double kl_random_uniform(kl_random *r);

/** Uniform integer in [0, n), n >= 1, without bias. */
size_t kl_random_below(kl_random *r, size_t n);

/** Standard normal (Marsaglia's polar method). */
double kl_random_normal(kl_random *r);

#endif
