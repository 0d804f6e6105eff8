/*
 * graph.h - instructions that a formula and its derivatives are made of.
 *
 * An instruction is known by its number and reads only earlier ones. Equal instructions
 * are the same instruction, and kl_emit() simplifies, so derivatives can be written
 * down naively and a derivative that vanishes identically is the instruction KL_ZERO.
 */
#ifndef KL_FORMULA_GRAPH_H
#define KL_FORMULA_GRAPH_H

#include "formula/ops.h"

#include <kleiber/status.h>

enum { KL_ZERO = 0, KL_ONE = 1 }; /* instructions that every graph begins with */
enum {
    KL_GRAPH_MAX = 1 << 18
}; /* most instructions of a formula and its derivatives */

enum { KL_READS_DATA = 1, KL_READS_LEAVES = 2 };

typedef struct kl_instr {
    uint8_t op;      /* kl_op */
    uint8_t reads;   /* KL_READS_DATA | KL_READS_LEAVES */
    uint32_t index;  /* INPUT: column slot; LEAF: leaf */
    kl_id arg[3];    /* KL_ZERO beyond the arity */
    double value;    /* CONST */
    uint64_t leaves; /* bit (leaf mod 64) is set for each leaf it depends on */
} kl_instr;

typedef struct kl_graph {
    kl_instr *v;
    size_t n, room;
    kl_id *table; /* hash table of instructions; KL_ZERO marks a free place */
    size_t table_room;
    bool gating;      /* kl_chain rules multiply by GATE: see derive.c */
    kl_status status; /* the first failure; KL_ZERO is emitted from then on */
} kl_graph;

/** Begin an empty graph; g->status tells whether that worked. */
void kl_graph_init(kl_graph *g);
void kl_graph_free(kl_graph *g);

/** Message for g->status. */
kl_status kl_graph_fail(const kl_graph *g, const char *origin, kl_error *err);

/** An operation on earlier instructions, simplified. */
kl_id kl_emit(kl_graph *g, kl_op op, kl_id a, kl_id b, kl_id c);

kl_id kl_emit_const(kl_graph *g, double value);
kl_id kl_emit_input(kl_graph *g, uint32_t slot);
kl_id kl_emit_leaf(kl_graph *g, uint32_t leaf, bool indexed);

/** Simpler equivalent of an operation, if one is known. rewrite.c */
bool kl_rewrite(kl_graph *g, kl_id *out, kl_op op, kl_id a, kl_id b, kl_id c);

/** The instruction as it is, without rewriting; found again if it exists. */
kl_id kl_graph_intern(kl_graph *g, kl_instr instr);

/** Evaluate an operation on constants. */
double kl_op_eval(kl_op op, double a, double b, double c);

#endif
