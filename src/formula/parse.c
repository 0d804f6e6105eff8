/*
 * parse.c - tokens to tree: one function per level of precedence, loosest first.
 *
 *   formula    = { name '=' logical ';' } logical
 *   logical    = infix operators by their precedence in kl_ops, over unary
 *   unary      = '-' unary | '+' unary | power
 *   power      = operand [ '^' unary ]          so -x^2 = -(x^2), 2^-3, a^b^c = a^(b^c)
 *   operand    = number | '(' logical ')' | name ...                     see operand.c
 *
 * 'not' stands between 'and' and the comparisons. Nesting is counted, so the recursion
 * is never deeper than KL_FORMULA_MAX_DEPTH levels of the text.
 */
#include "formula/parse.h"
#include "base/fail.h"

#include <stdlib.h>
#include <string.h>

kl_status kl_parse_next(kl_parser *p)
{
    return kl_lexer_next(&p->lex, p->err);
}

kl_status kl_parse_node(kl_parser *p, uint32_t *out, kl_node node)
{
    kl_formula *f = p->f;
    if (f->n_nodes >= KL_FORMULA_MAX_NODES)
        return kl_lexer_fail(&p->lex, p->err, "formula has more than %d operations",
                             KL_FORMULA_MAX_NODES);
    if (!kl_grow((void **)&f->nodes, f->n_nodes, &f->nodes_room, sizeof *f->nodes))
        return kl_fail_nomem(p->err);
    *out = (uint32_t)f->n_nodes;
    f->nodes[f->n_nodes++] = node;
    return KL_OK;
}

kl_status kl_parse_enter(kl_parser *p)
{
    if (++p->depth > KL_FORMULA_MAX_DEPTH)
        return kl_lexer_fail(&p->lex, p->err, "nested more than %d deep",
                             KL_FORMULA_MAX_DEPTH);
    return KL_OK;
}

static kl_status parse_infix(kl_parser *p, uint32_t *out, int precedence);

kl_status kl_parse_expression(kl_parser *p, uint32_t *out)
{
    kl_status status = kl_parse_enter(p);
    if (!status) status = parse_infix(p, out, kl_ops[KL_OP_OR].precedence);
    p->depth--;
    return status;
}

static kl_status parse_unary(kl_parser *p, uint32_t *out)
{
    if (p->lex.token == KL_TOKEN_OP &&
        (p->lex.op == KL_OP_SUB || p->lex.op == KL_OP_ADD)) {
        kl_node node = {.op = KL_OP_NEG};
        const bool negate = p->lex.op == KL_OP_SUB;
        kl_status status = kl_parse_enter(p);
        if (!status) status = kl_parse_next(p);
        if (!status) status = parse_unary(p, &node.arg[0]);
        p->depth--;
        *out = node.arg[0];
        return status || !negate ? status : kl_parse_node(p, out, node);
    }
    kl_node node = {.op = KL_OP_POW};
    kl_status status = kl_parse_operand(p, &node.arg[0]);
    *out = node.arg[0];
    if (status || p->lex.token != KL_TOKEN_OP || p->lex.op != KL_OP_POW) return status;
    if (!status) status = kl_parse_enter(p);
    if (!status) status = kl_parse_next(p);
    if (!status) status = parse_unary(p, &node.arg[1]);
    p->depth--;
    return status ? status : kl_parse_node(p, out, node);
}

static bool is_comparison(kl_op op)
{
    return op >= KL_OP_LT && op <= KL_OP_NE;
}

static kl_status parse_not(kl_parser *p, uint32_t *out)
{
    kl_node node = {.op = KL_OP_NOT};
    kl_status status = kl_parse_enter(p);
    if (!status) status = kl_parse_next(p);
    if (!status) status = parse_infix(p, &node.arg[0], kl_ops[KL_OP_NOT].precedence);
    p->depth--;
    return status ? status : kl_parse_node(p, out, node);
}

/* Operators that bind at least as tightly as `precedence`, from the left. */
static kl_status parse_infix(kl_parser *p, uint32_t *out, int precedence)
{
    const bool negated = p->lex.token == KL_TOKEN_OP && p->lex.op == KL_OP_NOT &&
                         precedence <= kl_ops[KL_OP_NOT].precedence;
    kl_status status = negated ? parse_not(p, out) : parse_unary(p, out);
    while (!status && p->lex.token == KL_TOKEN_OP) {
        kl_node node = {.op = p->lex.op, .arg = {*out}};
        const kl_op_row *row = &kl_ops[node.op];
        if (row->class != KL_CLASS_INFIX || row->precedence < precedence) break;
        if ((status = kl_parse_next(p))) break;
        if ((status = parse_infix(p, &node.arg[1], row->precedence + 1))) break;
        if ((status = kl_parse_node(p, out, node))) break;
        if (is_comparison(node.op) && p->lex.token == KL_TOKEN_OP &&
            is_comparison(p->lex.op))
            status = kl_lexer_fail(&p->lex, p->err,
                                   "comparisons do not chain; write 'a < b && b < c'");
    }
    return status;
}

/* name = expression; at the name. */
static kl_status parse_let(kl_parser *p)
{
    kl_formula *f = p->f;
    const kl_lexer at = p->lex;
    kl_let let = {0};
    if (!at.quoted && kl_find_function(&at) != KL_OP_COUNT)
        return kl_lexer_fail(&at, p->err, "'%.*s' is a function and cannot be defined",
                             (int)at.length, at.text);
    for (size_t i = 0; i < f->n_lets; i++)
        if (kl_token_is(f->lets[i].name, at.text, at.length))
            return kl_lexer_fail(&at, p->err, "'%.80s' is defined twice",
                                 f->lets[i].name);
    kl_status status = kl_parse_next(p);
    if (!status) status = kl_parse_next(p);
    if (!status) status = kl_parse_expression(p, &let.root);
    if (status) return status;
    for (size_t i = 0; i < f->n_names; i++)
        if (kl_token_is(f->names[i].name, at.text, at.length))
            return kl_lexer_fail(&at, p->err, "'%.80s' is used before it is defined",
                                 f->names[i].name);
    if (p->lex.token == KL_TOKEN_ASSIGN)
        return kl_lexer_fail(&p->lex, p->err, "unexpected '='; write '==' to compare");
    if (p->lex.token != KL_TOKEN_NEXT)
        return kl_lexer_fail(&p->lex, p->err,
                             "expected an operator or ';' after the "
                             "definition of '%.*s'",
                             (int)at.length, at.text);
    let.name = kl_arena_strndup(&f->strings, at.text, at.length);
    if (!let.name ||
        !kl_grow((void **)&f->lets, f->n_lets, &f->lets_room, sizeof *f->lets))
        return kl_fail_nomem(p->err);
    f->lets[f->n_lets++] = let;
    return kl_parse_next(p);
}

static kl_status parse_formula(kl_parser *p)
{
    kl_status status = kl_parse_next(p);
    while (!status && p->lex.token == KL_TOKEN_NAME) {
        kl_lexer ahead = p->lex;
        if (kl_lexer_next(&ahead, NULL) || ahead.token != KL_TOKEN_ASSIGN) break;
        status = parse_let(p);
    }
    if (!status) status = kl_parse_expression(p, &p->f->root);
    if (status) return status;
    const kl_lexer *lex = &p->lex;
    switch (lex->token) {
    case KL_TOKEN_END:
        return KL_OK;
    case KL_TOKEN_ASSIGN:
        return kl_lexer_fail(lex, p->err, "unexpected '='; write '==' to compare");
    case KL_TOKEN_NUMBER:
    case KL_TOKEN_NAME:
    case KL_TOKEN_OPEN:
        return kl_lexer_fail(lex, p->err, "expected an operator before '%.*s'",
                             (int)(lex->length ? lex->length : 1), lex->text);
    case KL_TOKEN_NEXT:
        return kl_lexer_fail(lex, p->err,
                             "unexpected ';': only definitions "
                             "'name = ...;' come before the formula");
    default:
        return kl_lexer_fail(lex, p->err, "unexpected '%.*s'", (int)lex->length,
                             lex->text);
    }
}

kl_status kl_formula_parse(kl_formula **out, const char *text, const char *origin,
                           kl_error *err)
{
    *out = NULL;
    if (!origin) origin = "formula";
    if (strnlen(text, KL_FORMULA_MAX_BYTES + 1) > KL_FORMULA_MAX_BYTES)
        return kl_fail(err, KL_E_PARSE, "%.80s: formula is longer than %d bytes",
                       origin, KL_FORMULA_MAX_BYTES);
    kl_formula *f = calloc(1, sizeof *f);
    if (!f) return kl_fail_nomem(err);
    kl_status status = KL_E_NOMEM;
    f->origin = kl_arena_strdup(&f->strings, origin);
    if (f->origin) {
        kl_parser p = {.lex = {.origin = f->origin, .at = text, .line = 1, .column = 1},
                       .f = f,
                       .err = err};
        status = parse_formula(&p);
    } else {
        kl_fail_nomem(err);
    }
    if (status)
        kl_formula_free(f);
    else
        *out = f;
    return status;
}
