/*
 * program.h - what a compiled formula consists of.
 *
 * A plan says, for one order of derivatives, which steps turn columns and parameters
 * into results. Operands live in places; a place's address is base[kind] + number *
 * stride[kind].
 */
#ifndef KL_FORMULA_PROGRAM_H
#define KL_FORMULA_PROGRAM_H

#include "base/arena.h"
#include "formula/graph.h"

#include <kleiber/formula.h>

typedef enum kl_place_kind {
    KL_PLACE_CONST,    /* KL_LANES copies, in the code */
    KL_PLACE_SCALAR,   /* KL_LANES copies, in scratch: depends on parameters alone */
    KL_PLACE_REGISTER, /* KL_BLOCK rows, in scratch */
    KL_PLACE_COLUMN,   /* rows of the frame */
    KL_PLACE_VALUE,    /* the caller's results */
    KL_PLACE_GRADIENT,
    KL_PLACE_HESSIAN,
    KL_PLACE_COUNT
} kl_place_kind;

typedef struct kl_place {
    uint32_t kind, number;
} kl_place;

typedef struct kl_step {
    kl_kernel *kernel; /* NULL: gather theta by code */
    kl_place to, from[3];
    uint32_t leaf; /* of a gather */
} kl_step;

typedef struct kl_load {
    uint32_t scalar, slot; /* scalar <- theta[slot] */
} kl_load;

typedef struct kl_plan {
    kl_load *loads;
    kl_step *scalar_steps; /* once per block, KL_LANES wide */
    kl_step *steps;        /* over the rows */
    size_t n_loads, n_scalar_steps, n_steps;
    size_t n_scalars, n_registers;
} kl_plan;

/* What a formula was compiled to. */
typedef struct kl_code {
    kl_graph graph;
    kl_id value, *gradient, *hessian; /* results; hessian as in kl_block_out */
    kl_id n_value;                    /* instructions of the value alone */
    bool *exposed;  /* [n_value] not only used in branches that a row may not take */
    kl_id *columns; /* instructions that a frame stores, by column */
    size_t n_columns;
    double *consts; /* [n_consts][KL_LANES] */
    size_t n_consts;
    kl_plan plan[3]; /* by order */
} kl_code;

typedef struct kl_leaf {
    const char *name;
    size_t slot, n_levels;
    bool indexed;
    uint32_t codes; /* indexed: place among the program's code columns */
} kl_leaf;

typedef struct kl_input {
    const char *name;
    size_t slot;
} kl_input;

struct kl_program {
    kl_arena memory;
    const char *origin;
    kl_leaf *leaves;
    size_t n_leaves, leaves_room;
    kl_input *inputs; /* columns read; INPUT instructions hold their place here */
    size_t n_inputs, inputs_room;
    size_t *code_slots; /* distinct code columns read */
    size_t n_codes, codes_room;
    bool *kinked;      /* [n_leaves] the formula bends where this leaf moves */
    size_t *n_clashes; /* [n_leaves] leaves, itself included, that it interacts with */
    kl_code code;
};

/** Work out results, columns and plans of a graph whose value is known. */
kl_status kl_code_finish(kl_code *code, kl_program *p, const kl_id *leaves,
                         kl_error *err);

/** Lay out the steps of each order. plan.c */
bool kl_plan_all(kl_code *code, kl_program *p);

/** Write an instruction as text, shortened if long, for messages. describe.c */
void kl_describe(char *buf, size_t size, const kl_program *p, const kl_graph *g,
                 kl_id id);

#endif
