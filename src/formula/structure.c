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

/* Leaves that clash with few others first. */
static void search_greedily(const kl_program *p, bool *linear)
{
    for (size_t clashes = 0; clashes < p->n_leaves; clashes++)
        for (size_t k = 0; k < p->n_leaves; k++)
            if (p->n_clashes[k] == clashes && fits(p, linear, k)) linear[k] = true;
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
