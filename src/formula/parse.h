/* parse.h - what the parser's halves share: parse.c operators, operand.c operands. */
#ifndef KL_FORMULA_PARSE_H
#define KL_FORMULA_PARSE_H

#include "formula/lex.h"
#include "formula/tree.h"

typedef struct kl_parser {
    kl_lexer lex;
    kl_formula *f;
    int depth; /* of nesting, at most KL_FORMULA_MAX_DEPTH */
    kl_error *err;
} kl_parser;

/** Read the next token. */
kl_status kl_parse_next(kl_parser *p);

/** Count one level of nesting; the caller takes it off again, also after a failure. */
kl_status kl_parse_enter(kl_parser *p);

/** Append a node to the tree. */
kl_status kl_parse_node(kl_parser *p, uint32_t *out, kl_node node);

/** An expression of any precedence; stands behind it. */
kl_status kl_parse_expression(kl_parser *p, uint32_t *out);

/** A number, name, call or parenthesis; stands behind it. */
kl_status kl_parse_operand(kl_parser *p, uint32_t *out);

/** Function of the current token's text; KL_OP_COUNT if none. */
kl_op kl_find_function(const kl_lexer *lex);

/** True if text[0..length) is the name. */
bool kl_token_is(const char *name, const char *text, size_t length);

#endif
