/* lex.h - text to tokens, with the line and column of each. */
#ifndef KL_FORMULA_LEX_H
#define KL_FORMULA_LEX_H

#include "formula/ops.h"

#include <kleiber/status.h>

typedef enum kl_token {
    KL_TOKEN_END,
    KL_TOKEN_NUMBER,
    KL_TOKEN_NAME,   /* plain or in back-quotes; `text` is without the quotes */
    KL_TOKEN_OP,     /* an operator: `op` */
    KL_TOKEN_OPEN,   /* ( */
    KL_TOKEN_CLOSE,  /* ) */
    KL_TOKEN_LEFT,   /* [ */
    KL_TOKEN_RIGHT,  /* ] */
    KL_TOKEN_COMMA,  /* , */
    KL_TOKEN_ASSIGN, /* = */
    KL_TOKEN_NEXT    /* ; */
} kl_token;

/* Reader of a text; copy it to look ahead. The current token is in it. */
typedef struct kl_lexer {
    const char *origin; /* for messages */
    const char *at;     /* behind the current token */
    long line, column;  /* of `at` */

    kl_token token;
    kl_op op;
    double value;
    bool quoted;      /* a name in back-quotes: never a function or keyword */
    const char *text; /* of the token, not terminated */
    size_t length;
    long token_line, token_column;
} kl_lexer;

/** Read the next token. @return KL_E_PARSE for what is none */
kl_status kl_lexer_next(kl_lexer *lex, kl_error *err);

/** KL_E_PARSE at the current token: "origin:line:column: ..." */
kl_status kl_lexer_fail(const kl_lexer *lex, kl_error *err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/** True if a name needs no back-quotes. */
bool kl_name_is_plain(const char *name);

#endif
