/* structure.c - which parameters interact, and a largest set that enters linearly. */
#include "formula/program.h"

#include <string.h>

bool kl_program_interacts(const kl_program *p, size_t j, size_t k)
{
    const size_t row = j > k ? j : k, column = j > k ? k : j;
    return p->code.hessian[row * (row + 1) / 2 + column] != KL_ZERO;
}

static bool fits(const kl_program *p, const bool *set, size_t k)
{
    if (p->kinked[k] || kl_program_interacts(p, k, k)) return false;
    for (size_t j = 0; j < p->n_leaves; j++)
        if (set[j] && kl_program_interacts(p, j, k)) return false;
    return true;
}

enum { EXACT = 16 }; /* leaves up to which all sets are tried */

/* Parameters in the set, all levels counted, or 0 if it is not affine. */
static size_t weigh(const kl_program *p, unsigned set, const unsigned *clashes)
{
    size_t weight = 0;
    for (size_t k = 0; k < p->n_leaves; k++) {
        if (!(set >> k & 1)) continue;
        if (set & clashes[k]) return 0;
        weight += p->leaves[k].n_levels;
    }
    return weight;
}

static void search_all(const kl_program *p, bool *linear)
{
    const size_t n = p->n_leaves;
    unsigned clashes[EXACT] = {0}, best = 0;
    size_t most = 0;
    for (size_t k = 0; k < n; k++)
        for (size_t j = 0; j < n; j++)
            if (kl_program_interacts(p, j, k) || (j == k && p->kinked[k]))
                clashes[k] |= 1u << j;
    for (unsigned set = 1; set < 1u << n; set++) {
        const size_t weight = weigh(p, set, clashes);
        if (weight > most) {
            most = weight;
            best = set;
        }
    }
    for (size_t k = 0; k < n; k++) linear[k] = best >> k & 1;
}

/* From each leaf in turn, add what fits in order; keep the largest. */
static void search_greedily(const kl_program *p, bool *linear)
{
    const size_t n = p->n_leaves;
    for (size_t taken = 0; taken < n;) {
        /* the leaf that fits and clashes with fewest others that fit */
        size_t best = n, fewest = SIZE_MAX;
        for (size_t k = 0; k < n; k++) {
            if (linear[k] || !fits(p, linear, k)) continue;
            size_t clashes = 0;
            for (size_t j = 0; j < n; j++)
                clashes += j != k && !linear[j] && fits(p, linear, j) &&
                           kl_program_interacts(p, j, k);
            if (clashes < fewest) {
                fewest = clashes;
                best = k;
            }
        }
        if (best == n) return;
        linear[best] = true;
        taken++;
    }
}

size_t kl_program_get_linear(const kl_program *p, bool *linear)
{
    memset(linear, 0, p->n_leaves * sizeof *linear);
    if (p->n_leaves <= EXACT)
        search_all(p, linear);
    else
        search_greedily(p, linear);
    size_t count = 0;
    for (size_t k = 0; k < p->n_leaves; k++) count += linear[k];
    return count;
}
