/*
 * ops.h - the table of operations: how each is written, computed and differentiated.
 *
 * To add one: a line in kl_op, a kernel in kernels.c, a row in ops.c. Nothing else
 * knows operations by name except the parser (operators) and rewrite.c (algebra).
 *
 * Every operation here works on one row alone. Scans along a run's curve (cumsum, lag,
 * ...) need the rows in run order: they belong in a class of their own beside
 * KL_CLASS_FUNCTION, evaluated like data when their arguments are data.
 */
#ifndef KL_FORMULA_OPS_H
#define KL_FORMULA_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum kl_op {
    /* leaves */
    KL_OP_CONST,
    KL_OP_NAME,  /* tree only: a free name */
    KL_OP_LOCAL, /* tree only: a let */
    KL_OP_INPUT, /* program only: a column */
    KL_OP_LEAF,  /* program only: a parameter */
    /* operators */
    KL_OP_OR,
    KL_OP_AND,
    KL_OP_NOT,
    KL_OP_LT,
    KL_OP_LE,
    KL_OP_GT,
    KL_OP_GE,
    KL_OP_EQ,
    KL_OP_NE,
    KL_OP_ADD,
    KL_OP_SUB,
    KL_OP_MUL,
    KL_OP_DIV,
    KL_OP_NEG,
    KL_OP_POW,
    /* functions */
    KL_OP_IF,
    KL_OP_MIN,
    KL_OP_MAX,
    KL_OP_ABS,
    KL_OP_SQRT,
    KL_OP_EXP,
    KL_OP_LOG,
    KL_OP_LOG2,
    KL_OP_LOG10,
    KL_OP_TANH,
    KL_OP_SIGMOID,
    KL_OP_SOFTPLUS,
    KL_OP_LOGADDEXP,
    KL_OP_ERF,
    KL_OP_LGAMMA,
    /* not in the language: they arise from powers and derivatives */
    KL_OP_POWER,       /* a^b given c = LOG_OR_ZERO(a), which a's powers share */
    KL_OP_POWER_LESS,  /* b^(c - 1) given a = b^c */
    KL_OP_LOG_OR_ZERO, /* log(a), but 0 at 0: d/dp of 0^p is 0 for p > 0 */
    KL_OP_SIGN,
    KL_OP_GATE, /* a * b, but 0 where a is 0, whatever b: see derive.c */
    KL_OP_DIGAMMA,
    KL_OP_TRIGAMMA,
    KL_OP_COUNT
} kl_op;

typedef enum kl_class {
    KL_CLASS_LEAF,
    KL_CLASS_PREFIX,
    KL_CLASS_INFIX,
    KL_CLASS_FUNCTION,
    KL_CLASS_INTERNAL
} kl_class;

/* y[i] = op(a[i], b[i], c[i]) for i < n, n a multiple of 8; y overlaps nothing.
 * Arguments beyond the arity are not read. In the variants `_vs` and `_sv` the argument
 * called s is one number, a[0] or b[0], for all i. */
typedef void kl_kernel(size_t n, double *restrict y, const double *a, const double *b,
                       const double *c);

enum { KL_LANES = 8 }; /* rows are computed in whole groups of so many */

struct kl_graph;
typedef uint32_t kl_id; /* an instruction of a graph */

/* The term that argument `which` of instruction y adds to the chain rule:
 * t * dy / d arg[which]. The same rule serves both directions: t is the derivative of
 * the result by y (reverse) or of the argument by a leaf (forward). */
typedef kl_id kl_chain(struct kl_graph *g, kl_id y, int which, kl_id t);

typedef struct kl_op_row {
    const char *text; /* as written in a formula */
    kl_class class;
    int arity;      /* functions of 2 with `many`: of 2 or more, folded from the left */
    int precedence; /* of operators, higher binds tighter */
    bool many;
    bool kinked; /* value or slope jumps: not affine, though second derivatives are 0 */
    bool cheap;  /* about as fast as reading a stored result */
    bool commutes;
    kl_kernel *vv, *vs, *sv; /* vs, sv: NULL where there is none */
    kl_chain *chain;
} kl_op_row;

extern const kl_op_row kl_ops[KL_OP_COUNT];

#endif
