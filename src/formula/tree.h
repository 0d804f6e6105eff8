/*
 * tree.h - a parsed formula: nodes in one array, arguments before the nodes that use
 * them.
 *
 * That order lets every walk be a loop. A `let` is a node that others refer to by
 * number, so a name used a thousand times is still one subtree.
 */
#ifndef KL_FORMULA_TREE_H
#define KL_FORMULA_TREE_H

#include "base/arena.h"
#include "formula/ops.h"

#include <kleiber/formula.h>

typedef struct kl_node {
    kl_op op;        /* CONST, NAME, LOCAL or an operation */
    uint32_t index;  /* NAME: place in names; LOCAL: place in lets */
    uint32_t arg[3]; /* earlier nodes */
    double value;    /* CONST, never negative, always finite */
} kl_node;

typedef struct kl_name {
    const char *name;
    const char *index; /* categorical column, or NULL */
} kl_name;

typedef struct kl_let {
    const char *name;
    uint32_t root; /* node of its expression */
} kl_let;

struct kl_formula {
    kl_arena strings;
    const char *origin;
    kl_node *nodes;
    size_t n_nodes, nodes_room;
    kl_name *names; /* free names, in order of first use */
    size_t n_names, names_room;
    kl_let *lets;
    size_t n_lets, lets_room;
    uint32_t root;
};

/** Make room for one more of an array's elements; moves it. @return false: no memory */
bool kl_grow(void **array, size_t n, size_t *room, size_t size);

#endif
