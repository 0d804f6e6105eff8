/*
 * parse.c - tokens to tree: one function per level of precedence, loosest first.
 *
 *   formula    = { name '=' logical ';' } logical
 *   logical    = infix operators by their precedence in kl_ops, over unary
 *   unary      = '-' unary | '+' unary | power
 *   power      = primary [ '^' unary ]          so -x^2 = -(x^2), 2^-3, a^b^c = a^(b^c)
 *   primary    = number | name [ '[' name ']' ] | function '(' logical, ... ')' | '(' ... ')'
 *
 * 'not' stands between 'and' and the comparisons. Nesting is counted, so the recursion is
 * never deeper than KL_FORMULA_MAX_DEPTH levels of the text.
 */
#include "base/fail.h"
#include "base/text.h"
#include "formula/lex.h"
#include "formula/tree.h"

#include <stdlib.h>
#include <string.h>

typedef struct parser {
    kl_lexer lex;
    kl_formula *f;
    int depth;
    kl_error *err;
} parser;

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

static kl_status next(parser *p)
{
    return kl_lexer_next(&p->lex, p->err);
}

static kl_status add_node(parser *p, uint32_t *out, kl_node node)
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

static kl_status enter(parser *p)
{
    if (++p->depth > KL_FORMULA_MAX_DEPTH)
        return kl_lexer_fail(&p->lex, p->err, "nested more than %d deep",
                             KL_FORMULA_MAX_DEPTH);
    return KL_OK;
}

static kl_status parse_infix(parser *p, uint32_t *out, int precedence);

static kl_status parse_expression(parser *p, uint32_t *out)
{
    kl_status status = enter(p);
    if (!status) status = parse_infix(p, out, kl_ops[KL_OP_OR].precedence);
    p->depth--;
    return status;
}

static bool same(const char *name, const char *text, size_t length)
{
    return strlen(name) == length && !memcmp(name, text, length);
}

static kl_op find_function(const kl_lexer *lex)
{
    if (same("pow", lex->text, lex->length)) return KL_OP_POW;
    for (int op = 0; op < KL_OP_COUNT; op++)
        if (kl_ops[op].class == KL_CLASS_FUNCTION &&
            same(kl_ops[op].text, lex->text, lex->length))
            return (kl_op)op;
    return KL_OP_COUNT;
}

static kl_status fail_unknown_function(parser *p, const kl_lexer *at)
{
    const char *names[KL_OP_COUNT + 1] = {"pow"};
    size_t n = 1;
    for (int op = 0; op < KL_OP_COUNT; op++)
        if (kl_ops[op].class == KL_CLASS_FUNCTION) names[n++] = kl_ops[op].text;
    static const struct {
        const char *name, *instead;
    } aliases[] = {{"ln", "log"},   {"logsumexp", "logaddexp"},
                   {"fabs", "abs"}, {"logistic", "sigmoid"},
                   {"where", "if"}, {"ifelse", "if"}};
    char name[64];
    const int length = (int)(at->length < 60 ? at->length : 60);
    memcpy(name, at->text, (size_t)length);
    name[length] = '\0';
    const char *near = NULL;
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (!strcmp(aliases[i].name, name)) near = aliases[i].instead;
    /* what has one letter is a name before a parenthesis rather than a slip */
    if (!near && length > 1) near = kl_text_nearest(name, names, n);
    if (near)
        return kl_lexer_fail(at, p->err, "unknown function '%s'; did you mean '%s'?",
                             name, near);
    return kl_lexer_fail(at, p->err, "unknown function '%s'; write '*' to multiply",
                         name);
}

/* f(a, b, ...), at the opening parenthesis; `at` is the lexer at the name. */
static kl_status parse_call(parser *p, uint32_t *out, const kl_lexer *at)
{
    const kl_op op = find_function(at);
    if (op == KL_OP_COUNT) return fail_unknown_function(p, at);
    const kl_op_row *row = &kl_ops[op];
    kl_node node = {.op = op};
    int n = 0;
    kl_status status = next(p);
    while (!status && p->lex.token != KL_TOKEN_CLOSE) {
        uint32_t arg = 0;
        status = parse_expression(p, &arg);
        if (status) return status;
        if (n == 2 && row->many) { /* min(a, b, c) is min(min(a, b), c) */
            uint32_t folded;
            status = add_node(p, &folded, node);
            node.arg[0] = folded;
            node.arg[1] = arg;
        } else {
            if (n < row->arity) node.arg[n] = arg;
            n++;
        }
        if (status || p->lex.token == KL_TOKEN_CLOSE) break;
        if (p->lex.token != KL_TOKEN_COMMA)
            return kl_lexer_fail(&p->lex, p->err, "expected ',' or ')' in '%.*s(...)'",
                                 (int)at->length, at->text);
        status = next(p);
        if (!status && p->lex.token == KL_TOKEN_CLOSE)
            return kl_lexer_fail(&p->lex, p->err, "expected an argument after ','");
    }
    if (status) return status;
    if (n != row->arity)
        return kl_lexer_fail(
            at, p->err, "function '%.*s' takes %d argument%s%s, not %d",
            (int)at->length, at->text, row->arity, row->arity == 1 ? "" : "s",
            row->many ? " or more" : "", n);
    status = next(p);
    return status ? status : add_node(p, out, node);
}

/* The name's place among the free names; new if it was not met before. */
static kl_status find_name(parser *p, uint32_t *out, const kl_lexer *at,
                           const kl_lexer *index)
{
    kl_formula *f = p->f;
    for (size_t i = 0; i < f->n_names; i++) {
        const kl_name *name = &f->names[i];
        if (!same(name->name, at->text, at->length)) continue;
        const bool alike =
            index ? name->index && same(name->index, index->text, index->length)
                  : !name->index;
        if (!alike && name->index)
            return kl_lexer_fail(at, p->err, "'%.80s' was indexed by '%.80s' before",
                                 name->name, name->index);
        if (!alike)
            return kl_lexer_fail(at, p->err, "'%.80s' was used without an index before",
                                 name->name);
        *out = (uint32_t)i;
        return KL_OK;
    }
    kl_name name = {kl_arena_strndup(&f->strings, at->text, at->length), NULL};
    if (index) name.index = kl_arena_strndup(&f->strings, index->text, index->length);
    if (!name.name || (index && !name.index) ||
        !kl_grow((void **)&f->names, f->n_names, &f->names_room, sizeof *f->names))
        return kl_fail_nomem(p->err);
    *out = (uint32_t)f->n_names;
    f->names[f->n_names++] = name;
    return KL_OK;
}

/* A name that is no function call, behind which the lexer stands. */
static kl_status parse_name(parser *p, uint32_t *out, const kl_lexer *at)
{
    kl_node node = {.op = KL_OP_NAME};
    if (!at->quoted && find_function(at) != KL_OP_COUNT)
        return kl_lexer_fail(at, p->err,
                             "'%.*s' is a function: write '%.*s(...)', or put the name "
                             "in back-quotes",
                             (int)at->length, at->text, (int)at->length, at->text);
    for (size_t i = 0; i < p->f->n_lets; i++)
        if (same(p->f->lets[i].name, at->text, at->length)) {
            if (p->lex.token == KL_TOKEN_LEFT)
                return kl_lexer_fail(&p->lex, p->err,
                                     "only a parameter can be indexed");
            node.op = KL_OP_LOCAL;
            node.index = (uint32_t)i;
            return add_node(p, out, node);
        }
    kl_status status;
    if (p->lex.token != KL_TOKEN_LEFT) {
        status = find_name(p, &node.index, at, NULL);
    } else {
        if ((status = next(p))) return status;
        const kl_lexer index = p->lex;
        if (index.token != KL_TOKEN_NAME)
            return kl_lexer_fail(&index, p->err,
                                 "expected the name of a column in [...]");
        if ((status = next(p))) return status;
        if (p->lex.token != KL_TOKEN_RIGHT)
            return kl_lexer_fail(&p->lex, p->err,
                                 "expected ']': an index is one categorical column");
        if ((status = next(p))) return status;
        status = find_name(p, &node.index, at, &index);
    }
    return status ? status : add_node(p, out, node);
}

static kl_status fail_no_operand(parser *p)
{
    const kl_lexer *lex = &p->lex;
    if (lex->token == KL_TOKEN_END)
        return kl_lexer_fail(lex, p->err,
                             "expected a number, a name or '(' at the end");
    if (lex->token == KL_TOKEN_OP && lex->op == KL_OP_NOT)
        return kl_lexer_fail(lex, p->err, "put '%.*s ...' in parentheses here",
                             (int)lex->length, lex->text);
    return kl_lexer_fail(lex, p->err, "expected a number, a name or '(' before '%.*s'",
                         (int)lex->length, lex->text);
}

static kl_status parse_primary(parser *p, uint32_t *out)
{
    const kl_lexer at = p->lex;
    kl_status status;
    switch (at.token) {
    case KL_TOKEN_NUMBER:
        if ((status = next(p))) return status;
        return add_node(p, out, (kl_node){.op = KL_OP_CONST, .value = at.value});
    case KL_TOKEN_NAME:
        if ((status = next(p))) return status;
        if (p->lex.token == KL_TOKEN_OPEN && !at.quoted) return parse_call(p, out, &at);
        return parse_name(p, out, &at);
    case KL_TOKEN_OPEN:
        if ((status = next(p))) return status;
        if ((status = parse_expression(p, out))) return status;
        if (p->lex.token != KL_TOKEN_CLOSE)
            return kl_lexer_fail(&p->lex, p->err,
                                 p->lex.token == KL_TOKEN_ASSIGN
                                     ? "expected ')'; write '==' to compare"
                                     : "expected ')' for the '(' in column %ld",
                                 at.token_column);
        return next(p);
    default:
        return fail_no_operand(p);
    }
}

static kl_status parse_unary(parser *p, uint32_t *out)
{
    if (p->lex.token == KL_TOKEN_OP &&
        (p->lex.op == KL_OP_SUB || p->lex.op == KL_OP_ADD)) {
        kl_node node = {.op = KL_OP_NEG};
        const bool negate = p->lex.op == KL_OP_SUB;
        kl_status status = enter(p);
        if (!status) status = next(p);
        if (!status) status = parse_unary(p, &node.arg[0]);
        p->depth--;
        *out = node.arg[0];
        return status || !negate ? status : add_node(p, out, node);
    }
    kl_node node = {.op = KL_OP_POW};
    kl_status status = parse_primary(p, &node.arg[0]);
    *out = node.arg[0];
    if (status || p->lex.token != KL_TOKEN_OP || p->lex.op != KL_OP_POW) return status;
    if (!status) status = enter(p);
    if (!status) status = next(p);
    if (!status) status = parse_unary(p, &node.arg[1]);
    p->depth--;
    return status ? status : add_node(p, out, node);
}

static bool is_comparison(kl_op op)
{
    return op >= KL_OP_LT && op <= KL_OP_NE;
}

static kl_status parse_not(parser *p, uint32_t *out)
{
    kl_node node = {.op = KL_OP_NOT};
    kl_status status = enter(p);
    if (!status) status = next(p);
    if (!status) status = parse_infix(p, &node.arg[0], kl_ops[KL_OP_NOT].precedence);
    p->depth--;
    return status ? status : add_node(p, out, node);
}

/* Operators that bind at least as tightly as `precedence`, from the left. */
static kl_status parse_infix(parser *p, uint32_t *out, int precedence)
{
    const bool negated = p->lex.token == KL_TOKEN_OP && p->lex.op == KL_OP_NOT &&
                         precedence <= kl_ops[KL_OP_NOT].precedence;
    kl_status status = negated ? parse_not(p, out) : parse_unary(p, out);
    while (!status && p->lex.token == KL_TOKEN_OP) {
        kl_node node = {.op = p->lex.op, .arg = {*out}};
        const kl_op_row *row = &kl_ops[node.op];
        if (row->class != KL_CLASS_INFIX || row->precedence < precedence) break;
        if ((status = next(p))) break;
        if ((status = parse_infix(p, &node.arg[1], row->precedence + 1))) break;
        if ((status = add_node(p, out, node))) break;
        if (is_comparison(node.op) && p->lex.token == KL_TOKEN_OP &&
            is_comparison(p->lex.op))
            status = kl_lexer_fail(&p->lex, p->err,
                                   "comparisons do not chain; write 'a < b && b < c'");
    }
    return status;
}

/* name = expression; at the name. */
static kl_status parse_let(parser *p)
{
    kl_formula *f = p->f;
    const kl_lexer at = p->lex;
    kl_let let = {0};
    if (!at.quoted && find_function(&at) != KL_OP_COUNT)
        return kl_lexer_fail(&at, p->err, "'%.*s' is a function and cannot be defined",
                             (int)at.length, at.text);
    for (size_t i = 0; i < f->n_lets; i++)
        if (same(f->lets[i].name, at.text, at.length))
            return kl_lexer_fail(&at, p->err, "'%.80s' is defined twice",
                                 f->lets[i].name);
    kl_status status = next(p);
    if (!status) status = next(p);
    if (!status) status = parse_expression(p, &let.root);
    if (status) return status;
    for (size_t i = 0; i < f->n_names; i++)
        if (same(f->names[i].name, at.text, at.length))
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
    return next(p);
}

static kl_status parse_formula(parser *p)
{
    kl_status status = next(p);
    while (!status && p->lex.token == KL_TOKEN_NAME) {
        kl_lexer ahead = p->lex;
        if (kl_lexer_next(&ahead, NULL) || ahead.token != KL_TOKEN_ASSIGN) break;
        status = parse_let(p);
    }
    if (!status) status = parse_expression(p, &p->f->root);
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
        parser p = {.lex = {.origin = f->origin, .at = text, .line = 1, .column = 1},
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
