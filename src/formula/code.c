/* code.c - derivatives of a compiled formula, and which of its parts a frame stores. */
#include "formula/program.h"
#include "base/fail.h"
#include "formula/derive.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_LEAVES = 1024 }; /* a Hessian of 1024 leaves fills 512 MiB per block */

/* Second derivatives: the gradient differentiated by each leaf. */
static bool derive_hessian(kl_code *code, const kl_id *leaves, size_t n_leaves)
{
    kl_graph *g = &code->graph;
    const size_t n = g->n;
    bool *wanted = calloc(n, sizeof *wanted);
    kl_id *dot = malloc(n * sizeof *dot);
    bool *gated = malloc(n * sizeof *gated);
    const bool ok = wanted && dot && gated;
    for (size_t k = 0; ok && k < n_leaves; k++) wanted[code->gradient[k]] = true;
    for (kl_id i = (kl_id)n; ok && i-- > 0;)
        for (int k = 0; wanted[i] && k < kl_ops[g->v[i].op].arity; k++)
            wanted[g->v[i].arg[k]] = true;
    for (size_t j = 0; ok && j < n_leaves && !g->status; j++) {
        kl_derive_forward(g, dot, gated, n, wanted, leaves[j]);
        for (size_t k = 0; k <= j; k++)
            code->hessian[j * (j + 1) / 2 + k] = dot[code->gradient[k]];
    }
    free(gated);
    free(dot);
    free(wanted);
    return ok;
}

/* What every row computes, whichever branches it takes. */
static void find_exposed(kl_code *code)
{
    const kl_graph *g = &code->graph;
    code->exposed[code->value] = true;
    for (kl_id i = code->n_value; i-- > 0;) {
        if (!code->exposed[i]) continue;
        const kl_instr *x = &g->v[i];
        const int n = x->op == KL_OP_IF      ? 1
                      : x->op == KL_OP_POWER ? 2 /* the logarithm is only for a > 0 */
                                             : kl_ops[x->op].arity;
        for (int k = 0; k < n; k++) code->exposed[x->arg[k]] = true;
    }
}

/* Leaves that decide which side of a bend a row is on. */
static bool find_kinked(kl_program *p, const kl_code *code, const kl_id *leaves)
{
    const kl_graph *g = &code->graph;
    bool *reach = calloc(code->n_value, sizeof *reach);
    bool *live = calloc(code->n_value, sizeof *live);
    const bool ok = reach && live;
    if (ok) kl_graph_mark(g, live, code->value);
    for (kl_id i = code->n_value; ok && i-- > 0;) {
        const kl_instr *x = &g->v[i];
        if (!live[i]) continue;
        const bool bends = reach[i] || kl_ops[x->op].kinked;
        for (int k = 0; k < kl_ops[x->op].arity; k++)
            if (bends || (x->op == KL_OP_IF && k == 0)) reach[x->arg[k]] = true;
    }
    for (size_t k = 0; ok && k < p->n_leaves; k++) p->kinked[k] = reach[leaves[k]];
    free(live);
    free(reach);
    return ok;
}

kl_status kl_code_finish(kl_code *code, kl_program *p, const kl_id *leaves,
                         kl_error *err)
{
    kl_graph *g = &code->graph;
    const size_t n = p->n_leaves;
    if (n > MAX_LEAVES)
        return kl_fail(err, KL_E_USAGE, "%.80s: formula has more than %d parameters",
                       p->origin, MAX_LEAVES);
    code->n_value = (kl_id)g->n;
    code->gradient = kl_arena_array(&p->memory, n, sizeof *code->gradient);
    code->hessian = kl_arena_array(&p->memory, n * (n + 1) / 2, sizeof *code->hessian);
    code->exposed = kl_arena_array(&p->memory, code->n_value, sizeof *code->exposed);
    p->kinked = kl_arena_array(&p->memory, n, sizeof *p->kinked);
    p->n_clashes = kl_arena_array(&p->memory, n, sizeof *p->n_clashes);
    if (!code->gradient || !code->hessian || !code->exposed || !p->kinked ||
        !p->n_clashes)
        return kl_fail_nomem(err);
    if (!find_kinked(p, code, leaves) ||
        !kl_derive_reverse(g, code->gradient, code->value, leaves, n) ||
        !derive_hessian(code, leaves, n))
        return kl_fail_nomem(err);
    if (g->status) return kl_graph_fail(g, p->origin, err);
    find_exposed(code);
    for (size_t j = 0; j < n; j++)
        for (size_t k = 0; k < n; k++) p->n_clashes[j] += kl_program_interacts(p, j, k);
    return kl_plan_all(code, p) ? KL_OK : kl_fail_nomem(err);
}
