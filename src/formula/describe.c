/* describe.c - an instruction as text that a user would recognise, for messages. */
#include "formula/program.h"

#include <stdio.h>
#include <string.h>

enum { MAX_DEPTH = 5 }; /* deeper parts are shown as "..." */

typedef struct sink {
    char *buf;
    size_t size, length;
    const kl_program *p;
    const kl_graph *g;
} sink;

static void put(sink *s, const char *text)
{
    if (s->length + 1 >= s->size) return;
    snprintf(s->buf + s->length, s->size - s->length, "%s", text);
    s->length += strlen(s->buf + s->length);
}

static void describe(sink *s, kl_id id, int wanted, int depth)
{
    const kl_instr *x = &s->g->v[id];
    const kl_op_row *row = &kl_ops[x->op];
    char number[40];
    const bool infix = row->arity == 2 && row->precedence > 0;
    const bool parens = row->precedence > 0 && row->precedence < wanted;
    if (depth > MAX_DEPTH) {
        put(s, "...");
        return;
    }
    switch (x->op) {
    case KL_OP_CONST:
        snprintf(number, sizeof number, "%.6g", x->value);
        put(s, number);
        return;
    case KL_OP_INPUT:
        put(s, s->p->inputs[x->index].name);
        return;
    case KL_OP_LEAF:
        put(s, s->p->leaves[x->index].name);
        return;
    default:
        break;
    }
    if (!infix) put(s, row->text);
    if (parens || !row->precedence) put(s, "(");
    for (int k = 0; k < row->arity; k++) {
        if (k && infix) put(s, row->precedence > 7 ? "" : " ");
        if (k) put(s, infix ? row->text : ", ");
        if (k && infix) put(s, row->precedence > 7 ? "" : " ");
        describe(s, x->arg[k], row->precedence + k, depth + 1);
    }
    if (parens || !row->precedence) put(s, ")");
}

void kl_describe(char *buf, size_t size, const kl_program *p, const kl_graph *g,
                 kl_id id)
{
    sink s = {.buf = buf, .size = size, .p = p, .g = g};
    buf[0] = '\0';
    describe(&s, id, 0, 0);
}
