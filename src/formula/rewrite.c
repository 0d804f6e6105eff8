/*
 * rewrite.c - algebra that makes programs shorter or faster.
 *
 * Rules keep the value up to rounding. What they aim at: derivatives written naively by
 * the chain rule (0 + x, 1 * x), work that can move to data (computed once per table,
 * not once per evaluation), and powers of data, the heart of scaling laws:
 *
 *   x^p -> POWER(x, p, log x)    a / x^p -> a * x^-p    a / exp(u) -> a * exp(-u)
 *   -(p * x) -> p * (-x)
 *
 * so that A / N^alpha is A * exp(-alpha * c) with the stored column c = log N.
 */
#include "formula/graph.h"

#include <math.h>

static kl_op op_of(const kl_graph *g, kl_id x)
{
    return (kl_op)g->v[x].op;
}

/* Constants and data: computed once. */
static bool is_fixed(const kl_graph *g, kl_id x)
{
    return !(g->v[x].reads & KL_READS_LEAVES);
}

static bool is_const(const kl_graph *g, kl_id x, double value)
{
    return op_of(g, x) == KL_OP_CONST && g->v[x].value == value;
}

static kl_id negate(kl_graph *g, kl_id x)
{
    return kl_emit(g, KL_OP_NEG, x, KL_ZERO, KL_ZERO);
}

static bool rewrite_neg(kl_graph *g, kl_id *out, kl_id a)
{
    const kl_instr x = g->v[a];
    if (x.op == KL_OP_NEG) return *out = x.arg[0], true;
    if (x.op == KL_OP_SUB)
        return *out = kl_emit(g, KL_OP_SUB, x.arg[1], x.arg[0], 0), true;
    if (x.op != KL_OP_MUL || is_fixed(g, a)) return false;
    for (int i = 0; i < 2; i++)
        if (is_fixed(g, x.arg[i])) {
            *out = kl_emit(g, KL_OP_MUL, negate(g, x.arg[i]), x.arg[1 - i], 0);
            return true;
        }
    return false;
}

/* if(c, x, 0) + if(c, 0, y) = if(c, x, y) */
static bool join_branches(kl_graph *g, kl_id *out, kl_id a, kl_id b)
{
    const kl_instr x = g->v[a], y = g->v[b];
    if (x.op != KL_OP_IF || y.op != KL_OP_IF || x.arg[0] != y.arg[0]) return false;
    kl_id branch[2];
    for (int i = 0; i < 2; i++) {
        const kl_id s = x.arg[i + 1], t = y.arg[i + 1];
        if (s != KL_ZERO && t != KL_ZERO) return false;
        branch[i] = s == KL_ZERO ? t : s;
    }
    *out = kl_emit(g, KL_OP_IF, x.arg[0], branch[0], branch[1]);
    return true;
}

static bool rewrite_add(kl_graph *g, kl_id *out, kl_id a, kl_id b)
{
    if (a == KL_ZERO) return *out = b, true;
    if (b == KL_ZERO) return *out = a, true;
    if (op_of(g, b) == KL_OP_NEG)
        return *out = kl_emit(g, KL_OP_SUB, a, g->v[b].arg[0], 0), true;
    if (op_of(g, a) == KL_OP_NEG)
        return *out = kl_emit(g, KL_OP_SUB, b, g->v[a].arg[0], 0), true;
    return join_branches(g, out, a, b);
}

static bool rewrite_sub(kl_graph *g, kl_id *out, kl_id a, kl_id b)
{
    if (b == KL_ZERO) return *out = a, true;
    if (a == KL_ZERO) return *out = negate(g, b), true;
    if (op_of(g, b) == KL_OP_NEG)
        return *out = kl_emit(g, KL_OP_ADD, a, g->v[b].arg[0], 0), true;
    return false;
}

static bool rewrite_mul(kl_graph *g, kl_id *out, kl_id a, kl_id b)
{
    for (int i = 0; i < 2; i++) {
        const kl_id x = i ? b : a, y = i ? a : b;
        if (x == KL_ZERO) return *out = KL_ZERO, true;
        if (x == KL_ONE) return *out = y, true;
        if (is_const(g, x, -1)) return *out = negate(g, y), true;
        if (op_of(g, x) == KL_OP_NEG && !is_fixed(g, x))
            return *out = negate(g, kl_emit(g, KL_OP_MUL, g->v[x].arg[0], y, 0)), true;
    }
    return false;
}

static bool rewrite_gate(kl_graph *g, kl_id *out, kl_id a, kl_id b)
{
    if (a == KL_ZERO) return *out = KL_ZERO, true;
    if (a == KL_ONE) return *out = b, true;
    const bool never_zero = op_of(g, a) == KL_OP_CONST; /* KL_ZERO is gone already */
    const bool finite = op_of(g, b) == KL_OP_CONST && isfinite(g->v[b].value);
    if (never_zero || finite) return *out = kl_emit(g, KL_OP_MUL, a, b, 0), true;
    return false;
}

static bool rewrite_div(kl_graph *g, kl_id *out, kl_id a, kl_id b)
{
    if (b == KL_ONE) return *out = a, true;
    if (a == KL_ZERO) return *out = KL_ZERO, true;
    if (op_of(g, b) == KL_OP_EXP) {
        const kl_id u = negate(g, g->v[b].arg[0]);
        *out = kl_emit(g, KL_OP_MUL, a, kl_emit(g, KL_OP_EXP, u, 0, 0), 0);
        return true;
    }
    if (op_of(g, b) == KL_OP_POWER) {
        const kl_instr x = g->v[b];
        const kl_id power =
            kl_emit(g, KL_OP_POWER, x.arg[0], negate(g, x.arg[1]), x.arg[2]);
        return *out = kl_emit(g, KL_OP_MUL, a, power, 0), true;
    }
    if (is_fixed(g, b) && !is_fixed(g, a)) {
        *out = kl_emit(g, KL_OP_MUL, a, kl_emit(g, KL_OP_DIV, KL_ONE, b, 0), 0);
        return true;
    }
    if (op_of(g, a) == KL_OP_NEG && !is_fixed(g, a))
        return *out = negate(g, kl_emit(g, KL_OP_DIV, g->v[a].arg[0], b, 0)), true;
    return false;
}

static bool rewrite_constant_power(kl_graph *g, kl_id *out, kl_id x, double p)
{
    if (p == 0)
        *out = KL_ONE;
    else if (p == 1)
        *out = x;
    else if (p == 2)
        *out = kl_emit(g, KL_OP_MUL, x, x, 0);
    else if (p == 3)
        *out = kl_emit(g, KL_OP_MUL, kl_emit(g, KL_OP_MUL, x, x, 0), x, 0);
    else if (p == -1)
        *out = kl_emit(g, KL_OP_DIV, KL_ONE, x, 0);
    else if (p == 0.5)
        *out = kl_emit(g, KL_OP_SQRT, x, 0, 0);
    else
        return false;
    return true;
}

static bool rewrite_pow(kl_graph *g, kl_id *out, kl_id x, kl_id p)
{
    if (op_of(g, p) == KL_OP_CONST && rewrite_constant_power(g, out, x, g->v[p].value))
        return true;
    if (op_of(g, x) == KL_OP_EXP) { /* (e^u)^p */
        const kl_id u = kl_emit(g, KL_OP_MUL, g->v[x].arg[0], p, 0);
        return *out = kl_emit(g, KL_OP_EXP, u, 0, 0), true;
    }
    if (is_fixed(g, x) && is_fixed(g, p)) return false;
    const kl_id log_x = kl_emit(g, KL_OP_LOG_OR_ZERO, x, 0, 0);
    return *out = kl_emit(g, KL_OP_POWER, x, p, log_x), true;
}

bool kl_rewrite(kl_graph *g, kl_id *out, kl_op op, kl_id a, kl_id b, kl_id c)
{
    switch (op) {
    case KL_OP_NEG:
        return rewrite_neg(g, out, a);
    case KL_OP_ADD:
        return rewrite_add(g, out, a, b);
    case KL_OP_SUB:
        return rewrite_sub(g, out, a, b);
    case KL_OP_MUL:
        return rewrite_mul(g, out, a, b);
    case KL_OP_GATE:
        return rewrite_gate(g, out, a, b);
    case KL_OP_DIV:
        return rewrite_div(g, out, a, b);
    case KL_OP_POW:
        return rewrite_pow(g, out, a, b);
    case KL_OP_IF:
        if (b == c) return *out = b, true;
        if (op_of(g, a) == KL_OP_CONST) return *out = is_const(g, a, 0) ? c : b, true;
        return false;
    default:
        return false;
    }
}
