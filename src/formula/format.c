/*
 * format.c - tree back to text, with no more parentheses than the grammar needs.
 *
 * Works off a stack of things still to be written, so that a sum of thousands of terms
 * needs no recursion.
 */
#include "base/fail.h"
#include "base/number.h"
#include "base/text.h"
#include "formula/lex.h"
#include "formula/tree.h"

#include <stdlib.h>

/* A piece of text, or (text NULL) a node in a place that wants this precedence. */
typedef struct task {
    const char *text;
    uint32_t node;
    int precedence;
} task;

typedef struct writer {
    const kl_formula *f;
    kl_text text;
    task *tasks; /* the next one last */
    size_t n_tasks, room;
} writer;

static void push(writer *w, task t)
{
    if (!kl_grow((void **)&w->tasks, w->n_tasks, &w->room, sizeof *w->tasks))
        w->text.failed = true;
    else
        w->tasks[w->n_tasks++] = t;
}

static void push_text(writer *w, const char *text)
{
    push(w, (task){.text = text});
}

static void push_node(writer *w, uint32_t node, int precedence)
{
    push(w, (task){.node = node, .precedence = precedence});
}

static void write_name(writer *w, const char *name)
{
    const char *quote = kl_name_is_plain(name) ? "" : "`";
    kl_text_addf(&w->text, "%s%s%s", quote, name, quote);
}

static void write_number(writer *w, double value)
{
    char buf[32];
    kl_text_add(&w->text, kl_number_format_exact(buf, value));
}

/* Tasks are pushed last first. */
static void open_operator(writer *w, const kl_node *node, int wanted)
{
    const kl_op_row *row = &kl_ops[node->op];
    const int own = row->precedence;
    if (own < wanted) push_text(w, ")");
    if (row->class == KL_CLASS_PREFIX) {
        push_node(w, node->arg[0], own);
        push_text(w, row->text);
    } else if (node->op == KL_OP_POW) { /* to the right; its exponent may have a sign */
        push_node(w, node->arg[1], kl_ops[KL_OP_NEG].precedence);
        push_text(w, "^");
        push_node(w, node->arg[0], own + 1);
    } else { /* to the left, but comparisons do not chain */
        const bool chains = own != kl_ops[KL_OP_LT].precedence;
        push_node(w, node->arg[1], own + 1);
        push_text(w, " ");
        push_text(w, row->text);
        push_text(w, " ");
        push_node(w, node->arg[0], chains ? own : own + 1);
    }
    if (own < wanted) push_text(w, "(");
}

/* min(min(a, b), c) is written min(a, b, c). */
static void open_function(writer *w, const kl_node *node)
{
    const kl_op_row *row = &kl_ops[node->op];
    const kl_node *nodes = w->f->nodes;
    push_text(w, ")");
    while (row->many && nodes[node->arg[0]].op == node->op) {
        push_node(w, node->arg[1], 0);
        push_text(w, ", ");
        node = &nodes[node->arg[0]];
    }
    for (int i = row->arity - 1; i >= 0; i--) {
        push_node(w, node->arg[i], 0);
        if (i) push_text(w, ", ");
    }
    push_text(w, "(");
    push_text(w, row->text);
}

static void write_node(writer *w, uint32_t id, int wanted)
{
    const kl_node *node = &w->f->nodes[id];
    switch (node->op) {
    case KL_OP_CONST:
        write_number(w, node->value);
        break;
    case KL_OP_LOCAL:
        write_name(w, w->f->lets[node->index].name);
        break;
    case KL_OP_NAME: {
        const kl_name *name = &w->f->names[node->index];
        write_name(w, name->name);
        if (!name->index) break;
        kl_text_add(&w->text, "[");
        write_name(w, name->index);
        kl_text_add(&w->text, "]");
        break;
    }
    default:
        if (kl_ops[node->op].class == KL_CLASS_FUNCTION)
            open_function(w, node);
        else
            open_operator(w, node, wanted);
    }
}

static void write_tree(writer *w, uint32_t root)
{
    push_node(w, root, 0);
    while (w->n_tasks && !w->text.failed) {
        const task t = w->tasks[--w->n_tasks];
        if (t.text)
            kl_text_add(&w->text, t.text);
        else
            write_node(w, t.node, t.precedence);
    }
}

kl_status kl_formula_format(char **out, const kl_formula *f, kl_error *err)
{
    *out = NULL;
    writer w = {.f = f};
    for (size_t i = 0; i < f->n_lets; i++) {
        write_name(&w, f->lets[i].name);
        kl_text_add(&w.text, " = ");
        write_tree(&w, f->lets[i].root);
        kl_text_add(&w.text, "; ");
    }
    write_tree(&w, f->root);
    free(w.tasks);
    *out = kl_text_take(&w.text);
    return *out ? KL_OK : kl_fail_nomem(err);
}
