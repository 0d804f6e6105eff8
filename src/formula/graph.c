/* graph.c - instructions: each is stored once, found again by hashing. */
#include "formula/graph.h"
#include "base/fail.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void kl_graph_init(kl_graph *g)
{
    *g = (kl_graph){.room = 64, .table_room = 256};
    g->v = malloc(g->room * sizeof *g->v);
    g->table = calloc(g->table_room, sizeof *g->table);
    if (!g->v || !g->table) {
        g->status = KL_E_NOMEM;
        return;
    }
    g->v[KL_ZERO] = (kl_instr){.op = KL_OP_CONST, .value = 0};
    g->n = 1;
    kl_emit_const(g, 1);
}

void kl_graph_free(kl_graph *g)
{
    free(g->v);
    free(g->table);
    *g = (kl_graph){0};
}

kl_status kl_graph_fail(const kl_graph *g, const char *origin, kl_error *err)
{
    if (g->status == KL_E_NOMEM) return kl_fail_nomem(err);
    return kl_fail(err, g->status,
                   "%.80s: formula and its derivatives need more than %d operations",
                   origin, KL_GRAPH_MAX);
}

static uint64_t hash(const kl_instr *in)
{
    uint64_t bits, h = in->op;
    memcpy(&bits, &in->value, sizeof bits);
    const uint64_t parts[] = {in->index, in->arg[0], in->arg[1], in->arg[2], bits};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        h = (h ^ parts[i]) * 0x9e3779b97f4a7c15u; /* 2^64 / golden ratio */
        h ^= h >> 29;
    }
    return h;
}

static bool equal(const kl_instr *x, const kl_instr *y)
{
    return x->op == y->op && x->index == y->index && x->arg[0] == y->arg[0] &&
           x->arg[1] == y->arg[1] && x->arg[2] == y->arg[2] &&
           !memcmp(&x->value, &y->value, sizeof x->value);
}

/* Place of the instruction, or the free place where it belongs. */
static size_t find_place(const kl_graph *g, const kl_instr *in)
{
    size_t i = hash(in) & (g->table_room - 1);
    while (g->table[i] && !equal(&g->v[g->table[i]], in))
        i = (i + 1) & (g->table_room - 1);
    return i;
}

static bool grow(kl_graph *g)
{
    if (g->n == g->room) {
        kl_instr *v = realloc(g->v, 2 * g->room * sizeof *v);
        if (!v) return false;
        g->v = v;
        g->room *= 2;
    }
    if (2 * g->n < g->table_room) return true;
    kl_id *table = calloc(2 * g->table_room, sizeof *table);
    if (!table) return false;
    free(g->table);
    g->table = table;
    g->table_room *= 2;
    for (kl_id i = 1; i < g->n; i++) g->table[find_place(g, &g->v[i])] = i;
    return true;
}

kl_id kl_graph_intern(kl_graph *g, kl_instr in)
{
    if (g->status) return KL_ZERO;
    for (int i = 0; i < kl_ops[in.op].arity; i++) {
        in.reads |= g->v[in.arg[i]].reads;
        in.leaves |= g->v[in.arg[i]].leaves;
    }
    const size_t place = find_place(g, &in);
    if (g->table[place]) return g->table[place];
    if (g->n >= KL_GRAPH_MAX) {
        g->status = KL_E_USAGE;
        return KL_ZERO;
    }
    if (!grow(g)) {
        g->status = KL_E_NOMEM;
        return KL_ZERO;
    }
    g->table[find_place(g, &in)] = (kl_id)g->n; /* grow() may have moved it */
    g->v[g->n] = in;
    return (kl_id)g->n++;
}

kl_id kl_emit_const(kl_graph *g, double value)
{
    if (value == 0) return KL_ZERO; /* -0 too: no derivative can tell */
    return kl_graph_intern(g, (kl_instr){.op = KL_OP_CONST, .value = value});
}

kl_id kl_emit_input(kl_graph *g, uint32_t slot)
{
    return kl_graph_intern(
        g, (kl_instr){.op = KL_OP_INPUT, .reads = KL_READS_DATA, .index = slot});
}

kl_id kl_emit_leaf(kl_graph *g, uint32_t leaf, bool indexed)
{
    const uint8_t reads = KL_READS_LEAVES | (indexed ? KL_READS_DATA : 0);
    return kl_graph_intern(g, (kl_instr){.op = KL_OP_LEAF,
                                         .reads = reads,
                                         .index = leaf,
                                         .leaves = UINT64_C(1) << leaf % 64});
}

double kl_op_eval(kl_op op, double a, double b, double c)
{
    double x[3][KL_LANES], y[KL_LANES];
    for (int i = 0; i < KL_LANES; i++) {
        x[0][i] = a;
        x[1][i] = b;
        x[2][i] = c;
    }
    kl_ops[op].vv(KL_LANES, y, x[0], x[1], x[2]);
    return y[0];
}

kl_id kl_emit(kl_graph *g, kl_op op, kl_id a, kl_id b, kl_id c)
{
    if (g->status) return KL_ZERO;
    const kl_op_row *row = &kl_ops[op];
    const kl_id arg[3] = {a, b, c};
    bool constant = true;
    for (int i = 0; i < row->arity; i++) constant &= g->v[arg[i]].op == KL_OP_CONST;
    if (constant)
        return kl_emit_const(
            g, kl_op_eval(op, g->v[a].value, g->v[b].value, g->v[c].value));
    kl_id simpler;
    if (kl_rewrite(g, &simpler, op, a, b, c)) return simpler;
    kl_instr in = {.op = (uint8_t)op, .arg = {a, b, c}};
    if (row->commutes && b < a) {
        in.arg[0] = b;
        in.arg[1] = a;
    }
    return kl_graph_intern(g, in);
}
