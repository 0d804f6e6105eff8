/* operand.c - what operators stand between: numbers, names, calls, parentheses. */
#include "base/fail.h"
#include "base/text.h"
#include "formula/parse.h"

#include <string.h>

bool kl_token_is(const char *name, const char *text, size_t length)
{
    return strlen(name) == length && !memcmp(name, text, length);
}

kl_op kl_find_function(const kl_lexer *lex)
{
    if (kl_token_is("pow", lex->text, lex->length)) return KL_OP_POW;
    for (int op = 0; op < KL_OP_COUNT; op++)
        if (kl_ops[op].class == KL_CLASS_FUNCTION &&
            kl_token_is(kl_ops[op].text, lex->text, lex->length))
            return (kl_op)op;
    return KL_OP_COUNT;
}

static kl_status fail_unknown_function(kl_parser *p, const kl_lexer *at)
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
static kl_status parse_call(kl_parser *p, uint32_t *out, const kl_lexer *at)
{
    const kl_op op = kl_find_function(at);
    if (op == KL_OP_COUNT) return fail_unknown_function(p, at);
    const kl_op_row *row = &kl_ops[op];
    kl_node node = {.op = op};
    int n = 0;
    kl_status status = kl_parse_next(p);
    while (!status && p->lex.token != KL_TOKEN_CLOSE) {
        uint32_t arg = 0;
        status = kl_parse_expression(p, &arg);
        if (status) return status;
        if (n == 2 && row->many) { /* min(a, b, c) is min(min(a, b), c) */
            uint32_t folded;
            status = kl_parse_node(p, &folded, node);
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
        status = kl_parse_next(p);
        if (!status && p->lex.token == KL_TOKEN_CLOSE)
            return kl_lexer_fail(&p->lex, p->err, "expected an argument after ','");
    }
    if (status) return status;
    if (n != row->arity)
        return kl_lexer_fail(
            at, p->err, "function '%.*s' takes %d argument%s%s, not %d",
            (int)at->length, at->text, row->arity, row->arity == 1 ? "" : "s",
            row->many ? " or more" : "", n);
    status = kl_parse_next(p);
    return status ? status : kl_parse_node(p, out, node);
}

/* The name's place among the free names; new if it was not met before. */
static kl_status find_name(kl_parser *p, uint32_t *out, const kl_lexer *at,
                           const kl_lexer *index)
{
    kl_formula *f = p->f;
    for (size_t i = 0; i < f->n_names; i++) {
        const kl_name *name = &f->names[i];
        if (!kl_token_is(name->name, at->text, at->length)) continue;
        const bool alike =
            index ? name->index && kl_token_is(name->index, index->text, index->length)
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
static kl_status parse_name(kl_parser *p, uint32_t *out, const kl_lexer *at)
{
    kl_node node = {.op = KL_OP_NAME};
    if (!at->quoted && kl_find_function(at) != KL_OP_COUNT)
        return kl_lexer_fail(at, p->err,
                             "'%.*s' is a function: write '%.*s(...)', or put the name "
                             "in back-quotes",
                             (int)at->length, at->text, (int)at->length, at->text);
    for (size_t i = 0; i < p->f->n_lets; i++)
        if (kl_token_is(p->f->lets[i].name, at->text, at->length)) {
            if (p->lex.token == KL_TOKEN_LEFT)
                return kl_lexer_fail(&p->lex, p->err,
                                     "only a parameter can be indexed");
            node.op = KL_OP_LOCAL;
            node.index = (uint32_t)i;
            return kl_parse_node(p, out, node);
        }
    kl_status status;
    if (p->lex.token != KL_TOKEN_LEFT) {
        status = find_name(p, &node.index, at, NULL);
    } else {
        if ((status = kl_parse_next(p))) return status;
        const kl_lexer index = p->lex;
        if (index.token != KL_TOKEN_NAME)
            return kl_lexer_fail(&index, p->err,
                                 "expected the name of a column in [...]");
        if ((status = kl_parse_next(p))) return status;
        if (p->lex.token != KL_TOKEN_RIGHT)
            return kl_lexer_fail(&p->lex, p->err,
                                 "expected ']': an index is one categorical column");
        if ((status = kl_parse_next(p))) return status;
        status = find_name(p, &node.index, at, &index);
    }
    return status ? status : kl_parse_node(p, out, node);
}

static kl_status fail_no_operand(kl_parser *p)
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

kl_status kl_parse_operand(kl_parser *p, uint32_t *out)
{
    const kl_lexer at = p->lex;
    kl_status status;
    switch (at.token) {
    case KL_TOKEN_NUMBER:
        if ((status = kl_parse_next(p))) return status;
        return kl_parse_node(p, out, (kl_node){.op = KL_OP_CONST, .value = at.value});
    case KL_TOKEN_NAME:
        if ((status = kl_parse_next(p))) return status;
        if (p->lex.token == KL_TOKEN_OPEN && !at.quoted) return parse_call(p, out, &at);
        return parse_name(p, out, &at);
    case KL_TOKEN_OPEN:
        if ((status = kl_parse_next(p))) return status;
        if ((status = kl_parse_expression(p, out))) return status;
        if (p->lex.token != KL_TOKEN_CLOSE)
            return kl_lexer_fail(&p->lex, p->err,
                                 p->lex.token == KL_TOKEN_ASSIGN
                                     ? "expected ')'; write '==' to compare"
                                     : "expected ')' for the '(' in column %ld",
                                 at.token_column);
        return kl_parse_next(p);
    default:
        return fail_no_operand(p);
    }
}
