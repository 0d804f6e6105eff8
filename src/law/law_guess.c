/*
 * law_guess.c - where to search for a parameter about which nothing is said.
 *
 * The formula tells: an exponent is of order one and may have either sign; what
 * multiplies or divides is a positive size of unknown magnitude. Walks the tree from
 * the root down, which is the order of the node array backwards, and marks how each
 * node is used.
 */
#include "law/law_data.h"

#include "formula/tree.h"

#include <math.h>
#include <string.h>

enum use {
    USE_PLAIN = 1,    /* summand or factor */
    USE_SIZE = 2,     /* in the base of a power, a denominator, a logarithm */
    USE_EXPONENT = 4, /* an exponent, up to sign and a constant factor */
    USE_INSIDE = 8    /* part of an exponent, or inside exp, tanh, ... */
};

static bool is_constant(const kl_formula *f, uint32_t node)
{
    return f->nodes[node].op == KL_OP_CONST;
}

/* Use of argument k of a node that is itself used as `use`. */
static unsigned argument_use(const kl_formula *f, const kl_node *node, int k,
                             unsigned use)
{
    const bool deep = use & (USE_EXPONENT | USE_INSIDE);
    switch (node->op) {
    case KL_OP_NEG:
        return use;
    case KL_OP_POW:
        if (k == 1) return deep ? USE_INSIDE : USE_EXPONENT;
        return deep ? USE_INSIDE : USE_SIZE;
    case KL_OP_EXP:
    case KL_OP_TANH:
    case KL_OP_SIGMOID:
    case KL_OP_SOFTPLUS:
    case KL_OP_LOGADDEXP:
    case KL_OP_ERF:
    case KL_OP_LGAMMA:
        return USE_INSIDE;
    case KL_OP_MUL:
    case KL_OP_DIV:
        if (node->op == KL_OP_DIV && k == 1 && !deep) return USE_SIZE;
        if (is_constant(f, node->arg[1 - k])) return use;
        return deep ? USE_INSIDE : use;
    case KL_OP_SQRT:
    case KL_OP_LOG:
    case KL_OP_LOG2:
    case KL_OP_LOG10:
        return deep ? USE_INSIDE : USE_SIZE;
    default:
        return deep ? USE_INSIDE : use;
    }
}

static unsigned find_use(const kl_formula *f, const char *name)
{
    unsigned char use[KL_FORMULA_MAX_NODES] = {0};
    unsigned found = 0;
    if (f->n_nodes > KL_FORMULA_MAX_NODES) return 0;
    use[f->root] = USE_PLAIN;
    for (size_t i = (size_t)f->root + 1; i-- > 0;) {
        const kl_node *node = &f->nodes[i];
        if (!use[i]) continue;
        if (node->op == KL_OP_NAME) {
            if (!strcmp(f->names[node->index].name, name)) found |= use[i];
        } else if (node->op == KL_OP_LOCAL) {
            use[f->lets[node->index].root] |= use[i];
        } else {
            for (int k = 0; k < kl_ops[node->op].arity; k++)
                use[node->arg[k]] |= argument_use(f, node, k, use[i]);
        }
    }
    return found;
}

void kl_law_guess_by_scale(kl_law_parameter *p, kl_scale scale)
{
    p->scale = scale;
    p->lo = scale == KL_SCALE_LOG ? 0 : -HUGE_VAL;
    p->hi = HUGE_VAL;
    p->start_lo = scale == KL_SCALE_LOG ? 1e-3 : 0;
    p->start_hi = scale == KL_SCALE_LOG ? 1e6 : 1;
}

void kl_law_guess_parameter(kl_law_parameter *p, const kl_formula *formula,
                            const char *name)
{
    const unsigned use = find_use(formula, name);
    const bool exponent = use & (USE_EXPONENT | USE_INSIDE);
    kl_law_guess_by_scale(p, exponent ? KL_SCALE_LINEAR : KL_SCALE_LOG);
    if (use & USE_EXPONENT) {
        p->start_lo = 0.05;
        p->start_hi = 1.5;
    } else if (use & USE_SIZE) {
        p->start_lo = 1;
        p->start_hi = 1e12; /* sizes of models and data sets */
    }
}
