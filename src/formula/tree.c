/* tree.c - what a parsed formula is asked: its names, its relation; lhs - rhs. */
#include "formula/tree.h"
#include "base/fail.h"

#include <stdlib.h>
#include <string.h>

bool kl_grow(void **array, size_t n, size_t *room, size_t size)
{
    if (n < *room) return true;
    const size_t more = *room ? 2 * *room : 16;
    void *moved = more > SIZE_MAX / size ? NULL : realloc(*array, more * size);
    if (!moved) return false;
    *array = moved;
    *room = more;
    return true;
}

void kl_formula_free(kl_formula *f)
{
    if (!f) return;
    free(f->nodes);
    free(f->names);
    free(f->lets);
    kl_arena_free(&f->strings);
    free(f);
}

size_t kl_formula_get_n_names(const kl_formula *f)
{
    return f->n_names;
}

const char *kl_formula_get_name(const kl_formula *f, size_t i)
{
    return f->names[i].name;
}

const char *kl_formula_get_index(const kl_formula *f, size_t i)
{
    return f->names[i].index;
}

kl_relation kl_formula_get_relation(const kl_formula *f)
{
    switch (f->nodes[f->root].op) {
    case KL_OP_LT:
    case KL_OP_LE:
        return KL_RELATION_LE;
    case KL_OP_GT:
    case KL_OP_GE:
        return KL_RELATION_GE;
    case KL_OP_EQ:
        return KL_RELATION_EQ;
    default:
        return KL_RELATION_NONE;
    }
}

static const char *copy_string(kl_arena *strings, const char *s, bool *failed)
{
    const char *copy = s ? kl_arena_strdup(strings, s) : NULL;
    if (s && !copy) *failed = true;
    return copy;
}

/* A copy of everything; NULL if memory is short. */
static kl_formula *copy_formula(const kl_formula *f)
{
    kl_formula *copy = calloc(1, sizeof *copy);
    if (!copy) return NULL;
    bool failed = false;
    copy->origin = copy_string(&copy->strings, f->origin, &failed);
    copy->nodes = malloc(f->n_nodes * sizeof *f->nodes);
    copy->names = malloc((f->n_names + 1) * sizeof *f->names); /* never 0 bytes */
    copy->lets = malloc((f->n_lets + 1) * sizeof *f->lets);
    if (failed || !copy->nodes || !copy->names || !copy->lets) goto fail;
    memcpy(copy->nodes, f->nodes, f->n_nodes * sizeof *f->nodes);
    for (size_t i = 0; i < f->n_names; i++) {
        copy->names[i].name = copy_string(&copy->strings, f->names[i].name, &failed);
        copy->names[i].index = copy_string(&copy->strings, f->names[i].index, &failed);
    }
    for (size_t i = 0; i < f->n_lets; i++) {
        copy->lets[i].name = copy_string(&copy->strings, f->lets[i].name, &failed);
        copy->lets[i].root = f->lets[i].root;
    }
    if (failed) goto fail;
    copy->n_nodes = copy->nodes_room = f->n_nodes;
    copy->n_names = copy->names_room = f->n_names;
    copy->n_lets = copy->lets_room = f->n_lets;
    copy->root = f->root;
    return copy;
fail:
    kl_formula_free(copy);
    return NULL;
}

kl_status kl_formula_difference(kl_formula **out, const kl_formula *f, kl_error *err)
{
    *out = NULL;
    if (kl_formula_get_relation(f) == KL_RELATION_NONE)
        return kl_fail(err, KL_E_USAGE,
                       "%.80s: expected a relation, such as '6*N*D <= 1e24'",
                       f->origin);
    kl_formula *copy = copy_formula(f);
    if (!copy) return kl_fail_nomem(err);
    copy->nodes[copy->root].op = KL_OP_SUB; /* arguments stay as they are */
    *out = copy;
    return KL_OK;
}

/* Reduce a formula to the subtree at `root`; what it does not reach becomes a constant.
 * */
static bool cut(kl_formula *f, uint32_t root)
{
    const size_t n = (size_t)root + 1;
    bool *reached = calloc(n, sizeof *reached);
    uint32_t *place = malloc((f->n_names + 1) * sizeof *place); /* new, of each name */
    const bool ok = reached && place;
    if (ok) {
        f->n_nodes = n;
        f->root = root;
        reached[root] = true;
        for (size_t i = n; i-- > 0;) { /* arguments come before their users */
            kl_node *x = &f->nodes[i];
            if (!reached[i]) *x = (kl_node){.op = KL_OP_CONST};
            for (int k = 0; k < kl_ops[x->op].arity; k++) reached[x->arg[k]] = true;
            if (x->op == KL_OP_LOCAL) reached[f->lets[x->index].root] = true;
        }
        for (size_t k = 0; k < f->n_names; k++) place[k] = UINT32_MAX;
        kl_name *names = f->names;
        uint32_t kept = 0;
        for (size_t i = 0; i < n; i++)
            if (f->nodes[i].op == KL_OP_NAME) place[f->nodes[i].index] = 0;
        for (size_t k = 0; k < f->n_names; k++) {
            if (place[k] == UINT32_MAX) continue;
            names[kept] = names[k];
            place[k] = kept++;
        }
        f->n_names = kept;
        for (size_t i = 0; i < n; i++)
            if (f->nodes[i].op == KL_OP_NAME)
                f->nodes[i].index = place[f->nodes[i].index];
    }
    free(reached);
    free(place);
    return ok;
}

kl_status kl_formula_sides(kl_formula **lhs, kl_formula **rhs, const kl_formula *f,
                           kl_error *err)
{
    *rhs = NULL;
    kl_status status = kl_formula_difference(lhs, f, err);
    if (!status) status = kl_formula_difference(rhs, f, err);
    const uint32_t *arg = f->nodes[f->root].arg;
    if (!status && (!cut(*lhs, arg[0]) || !cut(*rhs, arg[1])))
        status = kl_fail_nomem(err);
    if (status) {
        kl_formula_free(*lhs);
        kl_formula_free(*rhs);
        *lhs = *rhs = NULL;
    }
    return status;
}
