/* halton.c - Halton's low-discrepancy sequence (halton1960). */
#include "fit/halton.h"

#include <stdbool.h>

/* The k-th prime, 0-based from 2. */
static size_t prime(size_t k)
{
    size_t candidate = 2;
    for (size_t found = 0;; candidate++) {
        bool is_prime = true;
        for (size_t d = 2; d * d <= candidate && is_prime; d++)
            is_prime = candidate % d;
        if (is_prime && found++ == k) return candidate;
    }
}

double kl_halton(size_t k, size_t dimension)
{
    const size_t base = prime(dimension);
    double value = 0, place = 1;
    for (; k; k /= base) {
        place /= (double)base;
        value += place * (double)(k % base);
    }
    return value;
}
