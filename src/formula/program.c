/* program.c - a formula and what its names stand for, made into a program. */
#include "formula/program.h"
#include "base/fail.h"
#include "base/text.h"
#include "formula/tree.h"

#include <stdlib.h>
#include <string.h>

/* One compilation of a formula into a graph. */
typedef struct compiler {
    kl_program *p;
    kl_graph *g;
    const kl_symbol *symbols;
    size_t n_symbols;
    kl_id *done;   /* [n_symbols] a formula symbol's instruction + 1 */
    bool *open;    /* [n_symbols] being compiled: met again, it contains itself */
    kl_id *leaves; /* instruction of each leaf; grows with p->leaves */
    size_t leaves_room;
    int depth;
    kl_error *err;
} compiler;

static kl_status compile_formula(compiler *c, kl_id *out, const kl_formula *f);

static kl_status fail_unknown(const compiler *c, const kl_formula *f, const char *name)
{
    const char **names = malloc((c->n_symbols + 1) * sizeof *names);
    if (!names) return kl_fail_nomem(c->err);
    for (size_t i = 0; i < c->n_symbols; i++) names[i] = c->symbols[i].name;
    const char *near = kl_text_nearest(name, names, c->n_symbols);
    if (near)
        kl_fail(c->err, KL_E_USAGE,
                "%.80s: unknown name '%.80s'; did you mean '%.80s'?", f->origin, name,
                near);
    else
        kl_fail(c->err, KL_E_USAGE, "%.80s: unknown name '%.80s'", f->origin, name);
    free(names);
    return KL_E_USAGE;
}

static kl_status compile_input(compiler *c, kl_id *out, const kl_symbol *s)
{
    kl_program *p = c->p;
    size_t i = 0;
    while (i < p->n_inputs && p->inputs[i].slot != s->slot) i++;
    if (i == p->n_inputs) {
        kl_input input = {kl_arena_strdup(&p->memory, s->name), s->slot};
        if (!input.name ||
            !kl_grow((void **)&p->inputs, i, &p->inputs_room, sizeof *p->inputs))
            return kl_fail_nomem(c->err);
        p->inputs[p->n_inputs++] = input;
    }
    *out = kl_emit_input(c->g, (uint32_t)i);
    return KL_OK;
}

static kl_status find_codes(compiler *c, uint32_t *out, size_t slot)
{
    kl_program *p = c->p;
    size_t i = 0;
    while (i < p->n_codes && p->code_slots[i] != slot) i++;
    if (i == p->n_codes) {
        if (!kl_grow((void **)&p->code_slots, i, &p->codes_room, sizeof *p->code_slots))
            return kl_fail_nomem(c->err);
        p->code_slots[p->n_codes++] = slot;
    }
    *out = (uint32_t)i;
    return KL_OK;
}

static kl_status compile_leaf(compiler *c, kl_id *out, const kl_symbol *s, bool indexed)
{
    kl_program *p = c->p;
    kl_leaf leaf = {.slot = s->slot, .n_levels = 1, .indexed = indexed};
    if (indexed) {
        leaf.n_levels = s->n_levels ? s->n_levels : 1;
        kl_status status = find_codes(c, &leaf.codes, s->code_slot);
        if (status) return status;
    }
    size_t i = 0;
    while (i < p->n_leaves &&
           (p->leaves[i].slot != leaf.slot || p->leaves[i].indexed != indexed ||
            p->leaves[i].codes != leaf.codes))
        i++;
    if (i == p->n_leaves) {
        leaf.name = kl_arena_strdup(&p->memory, s->name);
        if (!leaf.name ||
            !kl_grow((void **)&p->leaves, i, &p->leaves_room, sizeof *p->leaves))
            return kl_fail_nomem(c->err);
        p->leaves[p->n_leaves++] = leaf;
    }
    while (c->leaves_room < p->n_leaves)
        if (!kl_grow((void **)&c->leaves, c->leaves_room, &c->leaves_room,
                     sizeof *c->leaves))
            return kl_fail_nomem(c->err);
    *out = c->leaves[i] = kl_emit_leaf(c->g, (uint32_t)i, indexed);
    return KL_OK;
}

static kl_status compile_symbol_formula(compiler *c, kl_id *out, const kl_formula *f,
                                        size_t i)
{
    const kl_symbol *s = &c->symbols[i];
    if (c->done[i]) {
        *out = c->done[i] - 1;
        return KL_OK;
    }
    if (c->open[i])
        return kl_fail(c->err, KL_E_USAGE, "%.80s: '%.80s' is defined by itself",
                       f->origin, s->name);
    if (c->depth >= KL_FORMULA_MAX_DEPTH)
        return kl_fail(c->err, KL_E_USAGE, "%.80s: formulas stand for formulas %d deep",
                       f->origin, KL_FORMULA_MAX_DEPTH);
    c->open[i] = true;
    c->depth++;
    kl_status status = compile_formula(c, out, s->formula);
    c->depth--;
    c->open[i] = false;
    if (!status) c->done[i] = *out + 1;
    return status;
}

static kl_status compile_name(compiler *c, kl_id *out, const kl_formula *f, size_t i)
{
    const kl_name *name = &f->names[i];
    size_t k = 0;
    while (k < c->n_symbols && strcmp(c->symbols[k].name, name->name)) k++;
    if (k == c->n_symbols) return fail_unknown(c, f, name->name);
    const kl_symbol *s = &c->symbols[k];
    if (name->index && s->kind != KL_SYMBOL_PARAMETER)
        return kl_fail(c->err, KL_E_USAGE,
                       "%.80s: '%.80s[%.80s]': only a parameter can be indexed",
                       f->origin, name->name, name->index);
    if (!name->index && s->kind == KL_SYMBOL_PARAMETER && s->n_levels > 1)
        return kl_fail(c->err, KL_E_USAGE,
                       "%.80s: parameter '%.80s' has %zu levels and needs its index: "
                       "write '%.80s[column]'",
                       f->origin, name->name, s->n_levels, name->name);
    switch (s->kind) {
    case KL_SYMBOL_INPUT:
        return compile_input(c, out, s);
    case KL_SYMBOL_PARAMETER:
        return compile_leaf(c, out, s, name->index != NULL);
    case KL_SYMBOL_FORMULA:
        return compile_symbol_formula(c, out, f, k);
    }
    return kl_fail(c->err, KL_E_INTERNAL, "symbol '%.80s' of no kind", s->name);
}

static kl_status compile_nodes(compiler *c, const kl_formula *f, const kl_id *names,
                               kl_id *ids)
{
    for (size_t i = 0; i < f->n_nodes; i++) {
        const kl_node *x = &f->nodes[i];
        kl_id arg[3] = {KL_ZERO, KL_ZERO, KL_ZERO};
        for (int k = 0; k < kl_ops[x->op].arity; k++) arg[k] = ids[x->arg[k]];
        switch (x->op) {
        case KL_OP_CONST:
            ids[i] = kl_emit_const(c->g, x->value);
            break;
        case KL_OP_NAME:
            ids[i] = names[x->index];
            break;
        case KL_OP_LOCAL:
            ids[i] = ids[f->lets[x->index].root];
            break;
        default:
            ids[i] = kl_emit(c->g, x->op, arg[0], arg[1], arg[2]);
        }
    }
    return c->g->status ? kl_graph_fail(c->g, f->origin, c->err) : KL_OK;
}

static kl_status compile_formula(compiler *c, kl_id *out, const kl_formula *f)
{
    kl_id *names = malloc((f->n_names + 1) * sizeof *names);
    kl_id *ids = malloc((f->n_nodes + 1) * sizeof *ids);
    kl_status status = names && ids ? KL_OK : kl_fail_nomem(c->err);
    for (size_t i = 0; i < f->n_names && !status; i++)
        status = compile_name(c, &names[i], f, i);
    if (!status) status = compile_nodes(c, f, names, ids);
    if (!status) *out = ids[f->root];
    free(ids);
    free(names);
    return status;
}

static kl_status compile(kl_program *p, const kl_formula *f, const kl_symbol *symbols,
                         size_t n_symbols, kl_error *err)
{
    compiler c = {.p = p,
                  .g = &p->code.graph,
                  .symbols = symbols,
                  .n_symbols = n_symbols,
                  .err = err};
    kl_graph_init(c.g);
    c.done = calloc(n_symbols + 1, sizeof *c.done);
    c.open = calloc(n_symbols + 1, sizeof *c.open);
    kl_status status = KL_OK;
    if (c.g->status || !c.done || !c.open) status = kl_fail_nomem(err);
    if (!status) status = compile_formula(&c, &p->code.value, f);
    if (!status) status = kl_code_finish(&p->code, p, c.leaves, err);
    free(c.done);
    free(c.open);
    free(c.leaves);
    return status;
}

kl_status kl_program_new(kl_program **out, const kl_formula *f,
                         const kl_symbol *symbols, size_t n_symbols, kl_error *err)
{
    *out = NULL;
    kl_program *p = calloc(1, sizeof *p);
    if (!p) return kl_fail_nomem(err);
    kl_status status = KL_OK;
    p->origin = kl_arena_strdup(&p->memory, f->origin);
    if (!p->origin) status = kl_fail_nomem(err);
    if (!status) status = compile(p, f, symbols, n_symbols, err);
    if (status)
        kl_program_free(p);
    else
        *out = p;
    return status;
}

void kl_program_free(kl_program *p)
{
    if (!p) return;
    kl_graph_free(&p->code.graph);
    free(p->leaves);
    free(p->inputs);
    free(p->code_slots);
    kl_arena_free(&p->memory);
    free(p);
}

size_t kl_program_get_n_leaves(const kl_program *p)
{
    return p->n_leaves;
}

size_t kl_program_get_leaf_slot(const kl_program *p, size_t k)
{
    return p->leaves[k].slot;
}

size_t kl_program_get_leaf_levels(const kl_program *p, size_t k)
{
    return p->leaves[k].n_levels;
}
