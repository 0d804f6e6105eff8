/*
 * derive.c - the chain rule over a graph, in both directions.
 *
 * Derivatives are instructions like any others: they share work with the value and with
 * each other, vanish where they must, and are evaluated by the same loops.
 *
 * In a branch that a row does not take (if, min, max) the result's derivative is 0, but
 * the partial derivatives there may be infinite: if(x > 0, log(x), 0) at x = 0. So
 * below a branch the product is GATE, which is 0 where its first factor is, and not
 * NaN.
 *
 * Reference: griewank2008, chapters 3 and 5 (docs/references.bib).
 */
#include "formula/derive.h"

#include <stdlib.h>

void kl_graph_mark(const kl_graph *g, bool *marks, kl_id root)
{
    marks[root] = true;
    for (kl_id i = root + 1; i-- > 0;) {
        if (!marks[i]) continue;
        const kl_instr *x = &g->v[i];
        for (int k = 0; k < kl_ops[x->op].arity; k++) marks[x->arg[k]] = true;
    }
}

static bool has_branches(kl_op op)
{
    return op == KL_OP_IF || op == KL_OP_MIN || op == KL_OP_MAX;
}

bool kl_derive_reverse(kl_graph *g, kl_id *gradient, kl_id root, const kl_id *leaves,
                       size_t n_leaves)
{
    kl_id *bar = calloc((size_t)root + 1, sizeof *bar); /* d root / d instruction */
    bool *gated = calloc((size_t)root + 1, sizeof *gated);
    const bool ok = bar && gated;
    if (ok) bar[root] = KL_ONE;
    for (kl_id i = root + 1; ok && i-- > 0;) {
        const kl_instr x = g->v[i];
        if (bar[i] == KL_ZERO) continue;
        g->gating = gated[i];
        for (int k = 0; k < kl_ops[x.op].arity; k++) {
            const kl_id a = x.arg[k];
            if (!g->v[a].leaves) continue;
            const kl_id term = kl_ops[x.op].chain(g, i, k, bar[i]);
            bar[a] = kl_emit(g, KL_OP_ADD, bar[a], term, KL_ZERO);
            gated[a] |= gated[i] || has_branches((kl_op)x.op) || x.op == KL_OP_GATE;
        }
    }
    g->gating = false;
    for (size_t k = 0; k < n_leaves; k++)
        gradient[k] = ok && leaves[k] <= root ? bar[leaves[k]] : KL_ZERO;
    free(gated);
    free(bar);
    return ok;
}

void kl_derive_forward(kl_graph *g, kl_id *dot, bool *gated, size_t n,
                       const bool *wanted, kl_id leaf)
{
    const uint64_t mask = g->v[leaf].leaves;
    for (kl_id i = 0; i < n; i++) {
        const kl_instr x = g->v[i];
        dot[i] = i == leaf ? KL_ONE : KL_ZERO;
        gated[i] = has_branches((kl_op)x.op) || x.op == KL_OP_GATE;
        if (!wanted[i] || !(x.leaves & mask)) continue;
        for (int k = 0; k < kl_ops[x.op].arity; k++) {
            const kl_id t = dot[x.arg[k]];
            if (t == KL_ZERO) continue;
            g->gating = gated[x.arg[k]];
            gated[i] |= g->gating;
            const kl_id term = kl_ops[x.op].chain(g, i, k, t);
            dot[i] = kl_emit(g, KL_OP_ADD, dot[i], term, KL_ZERO);
        }
    }
    g->gating = false;
}
