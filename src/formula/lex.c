/* lex.c - text to tokens. Columns count characters, not bytes. */
#include "formula/lex.h"
#include "base/fail.h"
#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

kl_status kl_lexer_fail(const kl_lexer *lex, kl_error *err, const char *fmt, ...)
{
    char what[400];
    va_list args;
    va_start(args, fmt);
    vsnprintf(what, sizeof what, fmt, args);
    va_end(args);
    return kl_fail_at(err, KL_E_PARSE, lex->token_line, lex->token_column,
                      "%.80s:%ld:%ld: %s", lex->origin, lex->token_line,
                      lex->token_column, what);
}

/* Step over n bytes. */
static void advance(kl_lexer *lex, size_t n)
{
    for (; n; n--, lex->at++) {
        if (*lex->at == '\n') {
            lex->line++;
            lex->column = 1;
        } else if (((unsigned char)*lex->at & 0xc0) != 0x80) {
            lex->column++; /* bytes 10xxxxxx continue a UTF-8 character */
        }
    }
}

static void skip_blanks(kl_lexer *lex)
{
    for (;;) {
        if (*lex->at && strchr(" \t\r\n", *lex->at))
            advance(lex, 1);
        else if (*lex->at == '#')
            advance(lex, strcspn(lex->at, "\n"));
        else
            return;
    }
}

static const struct {
    const char *text;
    kl_token token;
    kl_op op;
} signs[] = {
    /* longer ones first */
    {"<=", KL_TOKEN_OP, KL_OP_LE},      {">=", KL_TOKEN_OP, KL_OP_GE},
    {"==", KL_TOKEN_OP, KL_OP_EQ},      {"!=", KL_TOKEN_OP, KL_OP_NE},
    {"&&", KL_TOKEN_OP, KL_OP_AND},     {"||", KL_TOKEN_OP, KL_OP_OR},
    {"<", KL_TOKEN_OP, KL_OP_LT},       {">", KL_TOKEN_OP, KL_OP_GT},
    {"!", KL_TOKEN_OP, KL_OP_NOT},      {"+", KL_TOKEN_OP, KL_OP_ADD},
    {"-", KL_TOKEN_OP, KL_OP_SUB},      {"*", KL_TOKEN_OP, KL_OP_MUL},
    {"/", KL_TOKEN_OP, KL_OP_DIV},      {"^", KL_TOKEN_OP, KL_OP_POW},
    {"(", KL_TOKEN_OPEN, KL_OP_COUNT},  {")", KL_TOKEN_CLOSE, KL_OP_COUNT},
    {"[", KL_TOKEN_LEFT, KL_OP_COUNT},  {"]", KL_TOKEN_RIGHT, KL_OP_COUNT},
    {",", KL_TOKEN_COMMA, KL_OP_COUNT}, {"=", KL_TOKEN_ASSIGN, KL_OP_COUNT},
    {";", KL_TOKEN_NEXT, KL_OP_COUNT},
};

static const struct {
    const char *text;
    kl_op op;
} words[] = {{"and", KL_OP_AND}, {"or", KL_OP_OR}, {"not", KL_OP_NOT}};

bool kl_name_is_plain(const char *name)
{
    if (!is_letter(*name)) return false;
    for (const char *s = name; *s; s++)
        if (!is_letter(*s) && !is_digit(*s)) return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(words[i].text, name)) return false;
    for (int op = 0; op < KL_OP_COUNT; op++)
        if (kl_ops[op].class == KL_CLASS_FUNCTION && !strcmp(kl_ops[op].text, name))
            return false;
    return strcmp(name, "pow") != 0;
}

static kl_status read_quoted(kl_lexer *lex, kl_error *err)
{
    const size_t length = strcspn(lex->at + 1, "`\n");
    if (lex->at[length + 1] != '`')
        return kl_lexer_fail(lex, err, "back-quote without its partner on this line");
    if (!length) return kl_lexer_fail(lex, err, "empty name in back-quotes");
    lex->token = KL_TOKEN_NAME;
    lex->quoted = true;
    lex->text = lex->at + 1;
    lex->length = length;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)lex->text[i] < 0x20 || lex->text[i] == 0x7f)
            return kl_lexer_fail(lex, err, "control character in a name");
    advance(lex, length + 2);
    return KL_OK;
}

static void read_word(kl_lexer *lex)
{
    size_t n = 1;
    while (is_letter(lex->at[n]) || is_digit(lex->at[n])) n++;
    lex->token = KL_TOKEN_NAME;
    lex->length = n;
    advance(lex, n);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].text) == n && !memcmp(words[i].text, lex->text, n)) {
            lex->token = KL_TOKEN_OP;
            lex->op = words[i].op;
        }
}

static kl_status read_sign(kl_lexer *lex, kl_error *err)
{
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        const size_t n = strlen(signs[i].text);
        if (strncmp(lex->at, signs[i].text, n)) continue;
        if (lex->at[0] == '*' && lex->at[1] == '*')
            return kl_lexer_fail(lex, err, "'**' is no operator; write '^' for powers");
        lex->token = signs[i].token;
        lex->op = signs[i].op;
        lex->length = n;
        advance(lex, n);
        return KL_OK;
    }
    const unsigned char c = (unsigned char)*lex->at;
    if (c < 0x20 || c == 0x7f) return kl_lexer_fail(lex, err, "control character");
    size_t n = 1; /* the whole UTF-8 character */
    while (n < 4 && ((unsigned char)lex->at[n] & 0xc0) == 0x80) n++;
    if (c >= 0x80)
        return kl_lexer_fail(lex, err,
                             "unexpected '%.*s'; names other than letters, digits and "
                             "'_' go in back-quotes",
                             (int)n, lex->at);
    return kl_lexer_fail(lex, err, "unexpected '%c'", c);
}

kl_status kl_lexer_next(kl_lexer *lex, kl_error *err)
{
    skip_blanks(lex);
    lex->token_line = lex->line;
    lex->token_column = lex->column;
    lex->text = lex->at;
    lex->length = 0;
    lex->quoted = false;
    lex->op = KL_OP_COUNT;
    if (!*lex->at) {
        lex->token = KL_TOKEN_END;
        return KL_OK;
    }
    if (*lex->at == '`') return read_quoted(lex, err);
    if (is_letter(*lex->at)) {
        read_word(lex);
        return KL_OK;
    }
    if (is_digit(*lex->at) || (*lex->at == '.' && is_digit(lex->at[1]))) {
        lex->length = kl_number_scan(lex->at, strnlen(lex->at, 512), &lex->value);
        if (!lex->length) return kl_lexer_fail(lex, err, "number with too many digits");
        if (!isfinite(lex->value))
            return kl_lexer_fail(lex, err, "number '%.40s' is too large for a double",
                                 lex->at);
        lex->token = KL_TOKEN_NUMBER;
        advance(lex, lex->length);
        return KL_OK;
    }
    return read_sign(lex, err);
}
