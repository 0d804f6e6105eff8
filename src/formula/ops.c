/* ops.c - one row per operation: text, kernel, chain rule. */
#include "formula/graph.h"
#include "formula/kernels.h"

static const kl_instr *at(const kl_graph *g, kl_id y)
{
    return &g->v[y];
}

static kl_id emit1(kl_graph *g, kl_op op, kl_id a)
{
    return kl_emit(g, op, a, KL_ZERO, KL_ZERO);
}

static kl_id emit2(kl_graph *g, kl_op op, kl_id a, kl_id b)
{
    return kl_emit(g, op, a, b, KL_ZERO);
}

/* t * partial, where t = 0 means "this branch was not taken" in a gating graph */
static kl_id times(kl_graph *g, kl_id t, kl_id partial)
{
    return emit2(g, g->gating ? KL_OP_GATE : KL_OP_MUL, t, partial);
}

static kl_id times_const(kl_graph *g, kl_id t, double factor)
{
    return emit2(g, KL_OP_MUL, t, kl_emit_const(g, factor));
}

static kl_id chain_zero(kl_graph *g, kl_id y, int which, kl_id t)
{
    (void)g, (void)y, (void)which, (void)t;
    return KL_ZERO;
}

static kl_id chain_add(kl_graph *g, kl_id y, int which, kl_id t)
{
    (void)g, (void)y, (void)which;
    return t;
}

static kl_id chain_neg(kl_graph *g, kl_id y, int which, kl_id t)
{
    (void)y, (void)which;
    return emit1(g, KL_OP_NEG, t);
}

static kl_id chain_sub(kl_graph *g, kl_id y, int which, kl_id t)
{
    return which ? chain_neg(g, y, which, t) : t;
}

static kl_id chain_mul(kl_graph *g, kl_id y, int which, kl_id t)
{
    return times(g, t, at(g, y)->arg[1 - which]);
}

/* a / b: 1 / b, -y / b */
static kl_id chain_div(kl_graph *g, kl_id y, int which, kl_id t)
{
    const kl_id scaled = times(g, t, emit2(g, KL_OP_DIV, KL_ONE, at(g, y)->arg[1]));
    return which ? emit1(g, KL_OP_NEG, times(g, scaled, y)) : scaled;
}

/* p * b^(p-1): 0 for p = 0, where at b = 0 the power is infinite */
static kl_id slope(kl_graph *g, kl_id p, kl_id less)
{
    return emit2(g, KL_OP_GATE, p, less);
}

/* a^b: b a^(b-1), y log a; the third argument's share is in a's */
static kl_id chain_power(kl_graph *g, kl_id y, int which, kl_id t)
{
    const kl_instr x = *at(g, y);
    if (which == 2) return KL_ZERO;
    if (which == 1) return times(g, t, emit2(g, KL_OP_MUL, y, x.arg[2]));
    const kl_id less = kl_emit(g, KL_OP_POWER_LESS, y, x.arg[0], x.arg[1]);
    return times(g, t, slope(g, x.arg[1], less));
}

/* b^(c-1) as a function of b and c: (c-1) b^(c-2), y log b */
static kl_id chain_power_less(kl_graph *g, kl_id y, int which, kl_id t)
{
    const kl_id b = at(g, y)->arg[1], c = at(g, y)->arg[2];
    if (which == 0) return KL_ZERO;
    if (which == 2)
        return times(g, t, emit2(g, KL_OP_MUL, y, emit1(g, KL_OP_LOG_OR_ZERO, b)));
    const kl_id lower = emit2(g, KL_OP_SUB, c, KL_ONE);
    const kl_id less = kl_emit(g, KL_OP_POWER_LESS, y, b, lower);
    return times(g, t, slope(g, lower, less));
}

/* if(c, a, b): the term goes to the branch taken */
static kl_id chain_if(kl_graph *g, kl_id y, int which, kl_id t)
{
    const kl_id c = at(g, y)->arg[0];
    if (which == 0) return KL_ZERO;
    return which == 1 ? kl_emit(g, KL_OP_IF, c, t, KL_ZERO)
                      : kl_emit(g, KL_OP_IF, c, KL_ZERO, t);
}

/* min, max: as if(a <= b, a, b); on a tie the term goes to a */
static kl_id choose(kl_graph *g, kl_op op, kl_id y, int which, kl_id t)
{
    const kl_id c = emit2(g, op, at(g, y)->arg[0], at(g, y)->arg[1]);
    return which == 0 ? kl_emit(g, KL_OP_IF, c, t, KL_ZERO)
                      : kl_emit(g, KL_OP_IF, c, KL_ZERO, t);
}

static kl_id chain_min(kl_graph *g, kl_id y, int which, kl_id t)
{
    return choose(g, KL_OP_LE, y, which, t);
}

static kl_id chain_max(kl_graph *g, kl_id y, int which, kl_id t)
{
    return choose(g, KL_OP_GE, y, which, t);
}

static kl_id chain_abs(kl_graph *g, kl_id y, int which, kl_id t)
{
    return times(g, t, emit1(g, KL_OP_SIGN, at(g, y)->arg[which]));
}

static kl_id chain_sqrt(kl_graph *g, kl_id y, int which, kl_id t)
{
    (void)which;
    return times(g, t, emit2(g, KL_OP_DIV, kl_emit_const(g, 0.5), y));
}

static kl_id chain_exp(kl_graph *g, kl_id y, int which, kl_id t)
{
    (void)which;
    return times(g, t, y);
}

static kl_id chain_log(kl_graph *g, kl_id y, int which, kl_id t)
{
    return times(g, t, emit2(g, KL_OP_DIV, KL_ONE, at(g, y)->arg[which]));
}

static kl_id chain_log2(kl_graph *g, kl_id y, int which, kl_id t)
{
    return times_const(g, chain_log(g, y, which, t),
                       1.44269504088896340736); /* 1/ln 2 */
}

static kl_id chain_log10(kl_graph *g, kl_id y, int which, kl_id t)
{
    return times_const(g, chain_log(g, y, which, t),
                       0.43429448190325182765); /* 1/ln 10 */
}

static kl_id chain_tanh(kl_graph *g, kl_id y, int which, kl_id t)
{
    (void)which;
    return times(g, t, emit2(g, KL_OP_SUB, KL_ONE, emit2(g, KL_OP_MUL, y, y)));
}

static kl_id chain_sigmoid(kl_graph *g, kl_id y, int which, kl_id t)
{
    (void)which;
    return times(g, t, emit2(g, KL_OP_MUL, y, emit2(g, KL_OP_SUB, KL_ONE, y)));
}

static kl_id chain_softplus(kl_graph *g, kl_id y, int which, kl_id t)
{
    return times(g, t, emit1(g, KL_OP_SIGMOID, at(g, y)->arg[which]));
}

static kl_id chain_logaddexp(kl_graph *g, kl_id y, int which, kl_id t)
{
    const kl_id a = at(g, y)->arg[which], b = at(g, y)->arg[1 - which];
    return times(g, t, emit1(g, KL_OP_SIGMOID, emit2(g, KL_OP_SUB, a, b)));
}

static kl_id chain_erf(kl_graph *g, kl_id y, int which, kl_id t)
{
    const kl_id a = at(g, y)->arg[which];
    const kl_id bell =
        emit1(g, KL_OP_EXP, emit1(g, KL_OP_NEG, emit2(g, KL_OP_MUL, a, a)));
    return times_const(g, times(g, t, bell), 1.12837916709551257390); /* 2 / sqrt(pi) */
}

static kl_id chain_lgamma(kl_graph *g, kl_id y, int which, kl_id t)
{
    return times(g, t, emit1(g, KL_OP_DIGAMMA, at(g, y)->arg[which]));
}

static kl_id chain_digamma(kl_graph *g, kl_id y, int which, kl_id t)
{
    return times(g, t, emit1(g, KL_OP_TRIGAMMA, at(g, y)->arg[which]));
}

/* a * b that is 0 where a is: the gate stays in front */
static kl_id chain_gate(kl_graph *g, kl_id y, int which, kl_id t)
{
    const kl_id a = at(g, y)->arg[0], b = at(g, y)->arg[1];
    return which ? emit2(g, KL_OP_GATE, a, t) : emit2(g, KL_OP_GATE, t, b);
}

/* clang-format off */
#define UNARY(name) .arity = 1, .vv = kl_kernel_##name
#define KERNELS(name) .vv = kl_kernel_##name, .vs = kl_kernel_##name##_vs, \
    .sv = kl_kernel_##name##_sv
#define BINARY(name) .arity = 2, KERNELS(name)
#define LEAF .class = KL_CLASS_LEAF
#define PREFIX(text_, prec) .text = text_, .class = KL_CLASS_PREFIX, .precedence = prec
#define INFIX(text_, prec) .text = text_, .class = KL_CLASS_INFIX, .precedence = prec
#define FUNCTION(text_) .text = text_, .class = KL_CLASS_FUNCTION
#define INTERNAL(text_) .text = text_, .class = KL_CLASS_INTERNAL
#define STEP .kinked = true, .cheap = true, .chain = chain_zero

const kl_op_row kl_ops[KL_OP_COUNT] = {
    [KL_OP_CONST] = {LEAF},
    [KL_OP_NAME] = {LEAF},
    [KL_OP_LOCAL] = {LEAF},
    [KL_OP_INPUT] = {LEAF},
    [KL_OP_LEAF] = {LEAF},

    [KL_OP_OR] = {INFIX("||", 1), BINARY(or), STEP, .commutes = true},
    [KL_OP_AND] = {INFIX("&&", 2), BINARY(and), STEP, .commutes = true},
    [KL_OP_NOT] = {PREFIX("!", 3), UNARY(not), STEP},
    [KL_OP_LT] = {INFIX("<", 4), BINARY(lt), STEP},
    [KL_OP_LE] = {INFIX("<=", 4), BINARY(le), STEP},
    [KL_OP_GT] = {INFIX(">", 4), BINARY(gt), STEP},
    [KL_OP_GE] = {INFIX(">=", 4), BINARY(ge), STEP},
    [KL_OP_EQ] = {INFIX("==", 4), BINARY(eq), STEP, .commutes = true},
    [KL_OP_NE] = {INFIX("!=", 4), BINARY(ne), STEP, .commutes = true},
    [KL_OP_ADD] = {INFIX("+", 5), BINARY(add), .cheap = true, .commutes = true,
                   .chain = chain_add},
    [KL_OP_SUB] = {INFIX("-", 5), BINARY(sub), .cheap = true, .chain = chain_sub},
    [KL_OP_MUL] = {INFIX("*", 6), BINARY(mul), .cheap = true, .commutes = true,
                   .chain = chain_mul},
    [KL_OP_DIV] = {INFIX("/", 6), BINARY(div), .chain = chain_div},
    [KL_OP_NEG] = {PREFIX("-", 7), UNARY(neg), .cheap = true, .chain = chain_neg},
    [KL_OP_POW] = {INFIX("^", 8), BINARY(pow), .chain = chain_zero}, /* of data alone */

    [KL_OP_IF] = {FUNCTION("if"), .arity = 3, .vv = kl_kernel_if, .cheap = true,
                  .chain = chain_if},
    [KL_OP_MIN] = {FUNCTION("min"), BINARY(min), .many = true, .kinked = true,
                   .chain = chain_min},
    [KL_OP_MAX] = {FUNCTION("max"), BINARY(max), .many = true, .kinked = true,
                   .chain = chain_max},
    [KL_OP_ABS] = {FUNCTION("abs"), UNARY(abs), .kinked = true, .cheap = true,
                   .chain = chain_abs},
    [KL_OP_SQRT] = {FUNCTION("sqrt"), UNARY(sqrt), .chain = chain_sqrt},
    [KL_OP_EXP] = {FUNCTION("exp"), UNARY(exp), .chain = chain_exp},
    [KL_OP_LOG] = {FUNCTION("log"), UNARY(log), .chain = chain_log},
    [KL_OP_LOG2] = {FUNCTION("log2"), UNARY(log2), .chain = chain_log2},
    [KL_OP_LOG10] = {FUNCTION("log10"), UNARY(log10), .chain = chain_log10},
    [KL_OP_TANH] = {FUNCTION("tanh"), UNARY(tanh), .chain = chain_tanh},
    [KL_OP_SIGMOID] = {FUNCTION("sigmoid"), UNARY(sigmoid), .chain = chain_sigmoid},
    [KL_OP_SOFTPLUS] = {FUNCTION("softplus"), UNARY(softplus), .chain = chain_softplus},
    [KL_OP_LOGADDEXP] = {FUNCTION("logaddexp"), BINARY(logaddexp), .many = true,
                         .chain = chain_logaddexp},
    [KL_OP_ERF] = {FUNCTION("erf"), UNARY(erf), .chain = chain_erf},
    [KL_OP_LGAMMA] = {FUNCTION("lgamma"), UNARY(lgamma), .chain = chain_lgamma},

    [KL_OP_POWER] = {INTERNAL("power"), .arity = 3, KERNELS(power),
                     .chain = chain_power},
    [KL_OP_POWER_LESS] = {INTERNAL("power"), .arity = 3, .vv = kl_kernel_power_less,
                          .chain = chain_power_less},
    [KL_OP_SIGN] = {INTERNAL("sign"), UNARY(sign), STEP},
    [KL_OP_LOG_OR_ZERO] = {INTERNAL("log"), UNARY(log_or_zero), .chain = chain_log},
    [KL_OP_GATE] = {INTERNAL("*"), BINARY(gate), .cheap = true, .chain = chain_gate},
    [KL_OP_DIGAMMA] = {INTERNAL("digamma"), UNARY(digamma), .chain = chain_digamma},
    [KL_OP_TRIGAMMA] = {INTERNAL("trigamma"), UNARY(trigamma), .chain = chain_zero},
};
/* clang-format on */
