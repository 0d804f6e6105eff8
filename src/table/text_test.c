/* text_test.c - finding `name == "text"` in an expression and naming it as a column. */
#include "table/assign.h"
#include "table/text_test.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static size_t skip_blanks(const char *s, size_t i)
{
    while (isspace((unsigned char)s[i])) i++;
    return i;
}

static bool is_name_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* End of a name at s[i]: plain or in back-quotes; i if there is none. */
static size_t name_end(const char *s, size_t i)
{
    size_t end = i;
    if (s[i] == '`') {
        end += 1 + strcspn(s + i + 1, "`");
        return s[end] ? end + 1 : i;
    }
    if (isdigit((unsigned char)s[i])) return i;
    while (is_name_byte(s[end])) end++;
    return end;
}

static kl_status fail_text(size_t column, const char *origin, const char *why,
                           kl_error *err)
{
    return kl_fail_at(err, KL_E_PARSE, 1, (long)column + 1, "%s:1:%zu: %s", origin,
                      column + 1, why);
}

static bool is_taken(const kl_expression *x, const char *name)
{
    for (size_t i = 0; i + 1 < x->n_tests; i++)
        if (!strcmp(x->tests[i].name, name)) return true;
    return false;
}

/* A name that may stand in back-quotes, unlike those of the tests before. */
static char *make_name(const kl_expression *x, const char *s, size_t n)
{
    char *name = calloc(n + x->n_tests + 1, 1);
    if (!name) return NULL;
    for (size_t i = 0; i < n; i++)
        name[i] = s[i] == '`' ? '\'' : iscntrl((unsigned char)s[i]) ? ' ' : s[i];
    while (is_taken(x, name)) name[n++] = ' ';
    return name;
}

static const kl_text_test *find_same(const kl_expression *x, const kl_text_test *test)
{
    for (const kl_text_test *old = x->tests; old < test; old++)
        if (old->equal == test->equal && !strcmp(old->column, test->column) &&
            !strcmp(old->text, test->text))
            return old;
    return NULL;
}

/* Name of the test s[begin..end), whose text is s[open+1..end-1); added if new. */
static kl_status add_test(const char **name, kl_expression *x, const char *s,
                          size_t begin, size_t name_ends, size_t op, size_t open,
                          size_t end, kl_error *err)
{
    kl_text_test *more = realloc(x->tests, (x->n_tests + 1) * sizeof *more);
    if (!more) return kl_fail_nomem(err);
    x->tests = more;
    kl_text_test *test = &x->tests[x->n_tests++];
    test->name = NULL;
    test->column = kl_assign_unquote(s + begin, name_ends - begin);
    test->text = strndup(s + open + 1, end - open - 2);
    test->equal = s[op] == '=';
    if (!test->column || !test->text) return kl_fail_nomem(err);
    const kl_text_test *same = find_same(x, test);
    if (same) { /* a column of its own would cost memory and, in thousands, time */
        free(test->column);
        free(test->text);
        x->n_tests--;
    } else if (!(test->name = make_name(x, s + begin, end - begin))) {
        return kl_fail_nomem(err);
    }
    *name = same ? same->name : test->name;
    return KL_OK;
}

kl_status kl_text_tests_rewrite(kl_expression *x, kl_text *out, const char *s,
                                size_t column, const char *origin, kl_error *err)
{
    for (size_t i = 0; s[i];) {
        if (s[i] == '"' || s[i] == '\'')
            return fail_text(
                column + i, origin,
                "a text in quotes may only follow NAME == or NAME !=", err);
        const size_t name_ends = name_end(s, i);
        const size_t op = skip_blanks(s, name_ends);
        const bool compares = !strncmp(s + op, "==", 2) || !strncmp(s + op, "!=", 2);
        const size_t open = compares ? skip_blanks(s, op + 2) : op;
        if (name_ends > i && compares && (s[open] == '"' || s[open] == '\'')) {
            const char *close = strchr(s + open + 1, s[open]);
            if (!close)
                return fail_text(column + open, origin, "a quote is never closed", err);
            const size_t end = (size_t)(close - s) + 1;
            const char *name = NULL;
            const kl_status status =
                add_test(&name, x, s, i, name_ends, op, open, end, err);
            if (status) return status;
            kl_text_addf(out, "`%s`", name);
            i = end;
            continue;
        }
        /* copy a whole word, so that its tail is not taken for a name */
        size_t end = name_ends > i ? name_ends : i;
        while (end == i || (is_name_byte(s[end - 1]) && is_name_byte(s[end]))) end++;
        kl_text_add_bytes(out, s + i, end - i);
        i = end;
    }
    return KL_OK;
}
